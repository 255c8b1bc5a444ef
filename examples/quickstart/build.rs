//! Compiles the models in `yang/` to Rust.

fn main() -> Result<(), yang_codegen::Error> {
    yang_codegen::Config::new()
        .search_path("yang")
        .module("ietf-interfaces")
        .module("ietf-ip")
        .module("iana-if-type")
        .module("example-toaster")
        .module("ietf-netconf-acm")
        .build()
}

//! Compiles the model in `yang/` to Rust.

fn main() -> Result<(), yang_codegen::Error> {
    yang_codegen::Config::new()
        .search_path("yang")
        .module("example-farm")
        // Which servers come, go and change: hooks of their own.
        .hook("/example-farm:farm/server")
        .hook("/example-farm:farm/server/slot/card")
        .hook("/example-farm:farm/manager")
        // State of many entries, one by one.
        .stream("/example-farm:farm/server")
        .stream("/example-farm:farm/server/slot")
        // A device in memory, for the tests of those who use the client's side.
        .mock(true)
        .build()
}

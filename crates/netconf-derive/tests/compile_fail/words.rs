use netconf_derive::Yang;

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Unknown {
    #[yang(leaf, lenght = "1..9")]
    a: Option<String>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Kindless {
    #[yang(mandatory)]
    a: Option<String>,
}

#[derive(Default, Yang)]
#[yang(list, key = "name", crate = ::yang_data)]
struct Keyless {
    #[yang(leaf)]
    a: String,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Both {
    #[yang(leaf, mandatory, default = "1")]
    a: Option<u8>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Default_ {
    #[yang(leaf, range = "1..5", default = "9")]
    a: Option<u8>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Name {
    #[yang(leaf = "no name")]
    a: Option<u8>,
}

#[derive(Yang)]
#[yang(rpc = "x", crate = ::yang_data)]
struct NoModule;

fn main() {}

use netconf_derive::Yang;

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Beyond {
    #[yang(leaf, range = "1..300")]
    a: Option<u8>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Backwards {
    #[yang(leaf, range("9..1", error_message = "no"))]
    a: Option<i64>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct OfText {
    #[yang(leaf, range = "1..9")]
    a: Option<String>,
}

type Port = u16;

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct BehindAlias {
    #[yang(leaf, range = "1..70000")]
    a: Option<Port>,
}

fn main() {}

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

fn main() {}

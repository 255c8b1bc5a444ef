use netconf_derive::Yang;

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Pattern {
    #[yang(leaf, pattern = "[a-z")]
    a: Option<String>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Must {
    #[yang(leaf, must("../a = ", error_app_tag = "x"))]
    a: Option<String>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Leafref {
    #[yang(leaf, leafref = "count(../b)")]
    a: Option<String>,
}

fn main() {}

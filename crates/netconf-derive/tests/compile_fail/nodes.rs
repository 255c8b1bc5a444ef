use netconf_derive::Yang;

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Twice {
    #[yang(leaf)]
    a: Option<String>,
    #[yang(leaf = "a")]
    b: Option<String>,
}

#[derive(Default, Yang)]
#[yang(list, key = "name", crate = ::yang_data)]
struct Optional {
    #[yang(leaf)]
    name: Option<String>,
}

#[derive(Default, Yang)]
#[yang(list, key = "name", unique("nme"), crate = ::yang_data)]
struct NoLeaf {
    #[yang(leaf)]
    name: String,
}

#[derive(Default, Yang)]
#[yang(list, key = "name", unique("name/x"), crate = ::yang_data)]
struct NoContainer {
    #[yang(leaf)]
    name: String,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Counts {
    #[yang(leaf_list, min_elements = 3, max_elements = 2)]
    a: Vec<String>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Misplaced {
    #[yang(leaf, max_elements = 2)]
    a: Option<String>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct MandatoryList {
    #[yang(leaf_list, mandatory)]
    a: Vec<String>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct LongDefault {
    #[yang(leaf, length = "1..3", default = "abcd")]
    a: Option<String>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct OddDefault {
    #[yang(leaf, pattern = "[a-z]*", default = "A1")]
    a: Option<String>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Defaults {
    #[yang(leaf, default = "a", default = "b")]
    a: Option<String>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Code {
    #[yang(leaf, range("1..9", code = 0))]
    a: Option<u8>,
}

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct Skipped {
    #[yang(skip, leaf)]
    a: Option<u8>,
}

fn main() {}

use netconf_derive::Yang;

#[derive(Default, Yang)]
#[yang(container, crate = ::yang_data)]
struct NoLeaf {
    #[yang(leaf)]
    a: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Yang)]
#[yang(enumeration, crate = ::yang_data)]
enum Twice {
    #[default]
    #[yang(name = "a")]
    One,
    #[yang(name = "a")]
    Two,
}

#[derive(Yang)]
#[yang(choice, crate = ::yang_data)]
enum Bare {
    Case,
}

fn main() {}

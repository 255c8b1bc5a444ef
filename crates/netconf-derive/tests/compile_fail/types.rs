use netconf_derive::Yang;

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

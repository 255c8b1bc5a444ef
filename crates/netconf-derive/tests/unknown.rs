//! What the model does not know: which types keep it, and what is said of it.

use netconf_derive::Yang;
use yang_data::binding::{Identity, Module, Options, Unknown, Violation, Yang};

const M: Module = Module::new("m", "urn:m");

#[derive(Default, Yang)]
#[yang(container, module = M, crate = ::yang_data)]
struct Top {
    #[yang(leaf)]
    speed: Option<Speed>,
    #[yang(leaf)]
    flags: Option<Flags>,
    #[yang(leaf)]
    colour: Option<Colour>,
    #[yang(leaf)]
    nobody: Option<Nobody>,
    #[yang(leaf)]
    any: Option<Any>,
    #[yang(leaf)]
    port: Option<Port>,
    #[yang(leaf)]
    mode: Option<Mode>,
    #[yang(leaf_list)]
    modes: Vec<Mode>,
    #[yang(leaf, range = "1..9")]
    number: Option<u8>,
    #[yang(unknown)]
    unknown: Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Yang)]
#[yang(enumeration, crate = ::yang_data)]
enum Speed {
    #[default]
    Slow,
    Fast,
    #[yang(unknown)]
    Unknown(Box<str>),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Yang)]
#[yang(bits, crate = ::yang_data)]
struct Flags {
    a: bool,
    b: bool,
    #[yang(unknown)]
    unknown: Vec<Box<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Yang)]
#[yang(identityref, base = "m:colour", identities(RED), crate = ::yang_data)]
struct Colour(Identity);

impl Colour {
    const RED: Self = Self(Identity::new(M, "red"));
}

/// Of a base that nothing is derived from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Yang)]
#[yang(identityref, base = "m:nothing", identities(), crate = ::yang_data)]
struct Nobody(Identity);

/// Whose identities nobody listed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Yang)]
#[yang(identityref, base = "m:any", crate = ::yang_data)]
struct Any(Identity);

/// An enumeration, an identity and bits stand in front of what takes any text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Yang)]
#[yang(union, crate = ::yang_data)]
enum Port {
    Speed(Speed),
    Colour(Colour),
    Flags(Flags),
    #[yang(length = "1..5")]
    Text(String),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Yang)]
#[yang(union, crate = ::yang_data)]
enum Mode {
    #[yang(range = "1..9")]
    Number(u8),
    Speed(Speed),
}

fn kept(content: &str) -> Top {
    let xml = format!("<top xmlns='urn:m'>{content}</top>");
    let top = Top::from_xml(&xml, &Options::KEEP).unwrap_or_else(|e| panic!("{content}: {e}"));
    let again = Top::from_xml(&top.to_xml().unwrap(), &Options::KEEP).unwrap();
    assert_eq!(again, top, "{content}");
    top
}

fn violations(top: &Top) -> Vec<Violation> {
    top.validate().err().map(|v| v.0).unwrap_or_default()
}

#[test]
fn what_was_kept_is_told() {
    for (content, tag, path, seen) in [
        ("<speed>warp</speed>", "invalid-value", "/m:top/speed", "\"warp\" is none of slow, fast"),
        ("<flags>b x a y</flags>", "invalid-value", "/m:top/flags", "\"x\" is none of the bits a, b"),
        (
            "<colour>blue</colour>",
            "invalid-value",
            "/m:top/colour",
            "\"m:blue\" is no identity that the type knows",
        ),
        (
            "<nobody>blue</nobody>",
            "invalid-value",
            "/m:top/nobody",
            "\"m:blue\" is no identity that the type knows",
        ),
        ("<mode>warp</mode>", "invalid-value", "/m:top/mode", "\"warp\" is none of slow, fast"),
        (
            "<modes>1</modes><modes>x</modes>",
            "invalid-value",
            "/m:top/modes[.='x']",
            "\"x\" is none of slow, fast",
        ),
        ("<new>1</new>", "unknown-element", "/m:top/m:new", "\"m:new\" is no node that the model knows"),
        (
            "<new xmlns='urn:n'><a/></new>",
            "unknown-element",
            "/m:top/new",
            "\"new\" is no node that the model knows",
        ),
    ] {
        let found = violations(&kept(content));
        assert_eq!(found.len(), 1, "{content}: {found:?}");
        let violation = &found[0];
        assert_eq!((violation.tag, violation.path.as_str()), (tag, path), "{content}");
        assert_eq!(violation.seen, seen, "{content}");
        assert!(violation.unknown, "{content}");
        // Without the policy it does not come so far.
        let xml = format!("<top xmlns='urn:m'>{content}</top>");
        assert!(Top::from_xml(&xml, &Options::default()).is_err(), "{content}");
    }
}

#[test]
fn what_is_known_is_told_apart() {
    let top = kept("<speed>warp</speed><number>10</number><new/>");
    let all = top.validate().unwrap_err();
    assert_eq!(all.0.len(), 3);
    let known = all.of_what_is_known().unwrap();
    assert_eq!(known.0.iter().map(|v| v.path.as_str()).collect::<Vec<_>>(), ["/m:top/number"]);
    assert_eq!(kept("<new/>").validate().unwrap_err().of_what_is_known(), None);
    // What the type lists, and what it leaves open.
    for content in ["<colour>red</colour>", "<any>whatever</any>", "<speed>fast</speed><flags>a</flags>"] {
        assert_eq!(violations(&kept(content)), [], "{content}");
    }
    let own = Identity::from_parts("m", "urn:m", "red");
    assert_eq!(violations(&Top { colour: Some(Colour(own)), ..Default::default() }), []);
}

/// RFC 7950 section 9.12: the first member that takes the value; a member that would keep anything comes after all that take it.
#[test]
fn a_member_that_knows_the_value_comes_before_one_that_keeps_it() {
    let port = |text: &str| kept(&format!("<port>{text}</port>")).port.unwrap();
    assert_eq!(port("fast"), Port::Speed(Speed::Fast));
    assert_eq!(port("eth0"), Port::Text("eth0".into()));
    assert_eq!(port("red"), Port::Colour(Colour::RED));
    assert_eq!(port("a b"), Port::Flags(Flags { a: true, b: true, unknown: Vec::new() }));
    // Nobody takes it: the first that can keep it.
    assert_eq!(port("ethernet"), Port::Speed(Speed::Unknown("ethernet".into())));
    let mode = |text: &str| kept(&format!("<mode>{text}</mode>")).mode.unwrap();
    assert_eq!(mode("7"), Mode::Number(7));
    assert_eq!(mode("10"), Mode::Speed(Speed::Unknown("10".into())));
}

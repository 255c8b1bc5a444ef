//! Each row of `docs/binding-tags.md`: the tags of tp-micro, as attributes.

use netconf_derive::Yang;
use yang_data::binding::{Binary, Module, Options, Violation, Violations, Yang};

const M: Module = Module::new("tags", "urn:tags");

#[derive(Default, Yang)]
#[yang(container, module = M, crate = ::yang_data)]
struct Tagged {
    #[yang(leaf, length = "1..3")]
    len: Option<String>,
    #[yang(leaf, length = "1..3")]
    bytes: Option<Binary>,
    #[yang(leaf_list, min_elements = 1, max_elements = 3)]
    slice: Vec<u8>,
    #[yang(leaf, range = "68..9000")]
    range: Option<u16>,
    #[yang(leaf, range = "1..4 | 10")]
    parts: Option<u8>,
    #[yang(leaf, pattern = "[a-z]+")]
    regexp: Option<String>,
    #[yang(leaf, pattern("x.*", inverted))]
    not: Option<String>,
    #[yang(leaf, mandatory, nonzero)]
    nonzero: Option<u32>,
    #[yang(leaf, range = "1..3", code = 100002, error_message = "out of range")]
    stat: Option<u8>,
    #[yang(leaf, length("1..2", code = 7), pattern("[a-z]*", code = 8, error_message = "small letters"))]
    each: Option<String>,
    #[yang(leaf = "other_name")]
    name: Option<String>,
    #[yang(leaf)]
    two_words: Option<String>,
    #[yang(skip)]
    ignored: Vec<f64>,
    /// The description.
    #[yang(leaf, description = "the description")]
    desc: Option<bool>,
}

fn valid() -> Tagged {
    Tagged { slice: vec![1], nonzero: Some(1), ..Default::default() }
}

fn violations(change: impl FnOnce(&mut Tagged)) -> Vec<Violation> {
    let mut tagged = valid();
    change(&mut tagged);
    match tagged.validate() {
        Ok(()) => Vec::new(),
        Err(Violations(violations)) => violations,
    }
}

fn seen(change: impl FnOnce(&mut Tagged)) -> Vec<String> {
    violations(change).into_iter().map(|v| v.seen).collect()
}

#[test]
fn nothing_is_wrong() {
    assert_eq!(valid().validate(), Ok(()));
}

#[test]
fn len() {
    assert_eq!(seen(|t| t.len = Some("abcd".into())), ["\"abcd\" has 4 characters, at most 3 are allowed"]);
    assert_eq!(seen(|t| t.len = Some(String::new())), ["\"\" has 0 characters, at least 1 is demanded"]);
    assert_eq!(seen(|t| t.len = Some("äöü".into())), Vec::<String>::new());
    assert_eq!(
        seen(|t| t.bytes = Some(Binary(vec![0; 4]))),
        ["\"AAAAAA==\" has 4 octets, at most 3 are allowed"]
    );
    assert_eq!(
        seen(|t| t.slice = vec![1, 2, 3, 4]),
        ["leaf-list `slice` has 4 entries, at most 3 are allowed"]
    );
}

#[test]
fn range() {
    assert_eq!(seen(|t| t.range = Some(9001)), ["9001 is above 9000"]);
    assert_eq!(seen(|t| t.range = Some(67)), ["67 is below 68"]);
    assert_eq!(seen(|t| t.parts = Some(7)), ["7 is in no part of 1..4 | 10"]);
}

#[test]
fn regexp() {
    assert_eq!(seen(|t| t.regexp = Some("A".into())), ["\"A\" does not match the pattern [a-z]+"]);
    assert_eq!(seen(|t| t.not = Some("xy".into())), ["\"xy\" matches the forbidden pattern x.*"]);
}

#[test]
fn nonzero() {
    assert_eq!(seen(|t| t.nonzero = Some(0)), ["0 is not allowed here, any other value is"]);
    assert_eq!(seen(|t| t.nonzero = None), ["mandatory leaf `nonzero` is missing"]);
}

#[test]
fn stat() {
    let found = violations(|t| t.stat = Some(4));
    assert_eq!(
        (found[0].code, &*found[0].message, &*found[0].seen),
        (Some(100_002), "out of range", "4 is above 3")
    );
    let found = violations(|t| t.each = Some("ABC".into()));
    let told: Vec<_> = found.iter().map(|v| (v.code, &*v.message)).collect();
    assert_eq!(
        told,
        [(Some(7), "\"ABC\" has 3 characters, at most 2 are allowed"), (Some(8), "small letters")]
    );
}

#[test]
fn names_and_what_is_left_out() {
    let mut tagged = Tagged { name: Some("n".into()), two_words: Some("t".into()), ..valid() };
    tagged.ignored = vec![1.5];
    let xml = "<tagged xmlns=\"urn:tags\"><slice>1</slice><nonzero>1</nonzero>\
               <other_name>n</other_name><two-words>t</two-words></tagged>";
    assert_eq!(tagged.to_xml().as_deref(), Ok(xml));
    assert_eq!(tagged.clone().ignored, [1.5]);
    let read = Tagged::from_xml(xml, &Options::default()).expect("it is read");
    assert_eq!(read, tagged, "what is no node is not compared");
    assert_eq!(read.ignored, Vec::<f64>::new());
    assert!(!format!("{tagged:?}").contains("1.5"));
}

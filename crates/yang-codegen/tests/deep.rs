//! Models of unusual shapes: deep, wide, and with one grouping in many places.

use std::fmt::Write as _;
use yang_codegen::{Config, Outcome};

fn generate(text: &str) -> Outcome {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("shape.yang");
    std::fs::write(&path, format!("module shape {{ yang-version 1.1; namespace urn:s; prefix s; {text} }}"))
        .unwrap();
    Config::new().file(path).embed(false).generate()
}

fn root(outcome: &Outcome) -> String {
    let files = outcome.result.as_ref().unwrap();
    String::from_utf8(files.iter().find(|f| f.path == "yang.gen.rs").unwrap().content.clone()).unwrap()
}

fn nested(depth: usize) -> String {
    let open: String = (0..depth).map(|i| format!("container c{i} {{ leaf l {{ type string; }} ")).collect();
    open + &"}".repeat(depth)
}

#[test]
fn what_is_nested_too_deep_for_rustc_is_an_error_with_its_place() {
    let deep = generate(&nested(60));
    // Inner Rust modules stand first: see `Scope::is_deep`.
    let text = root(&deep);
    assert!(text.find("pub struct C59").unwrap() < text.find("pub struct C0").unwrap());
    let error = generate(&nested(61)).result.unwrap_err().to_string();
    assert!(error.contains("container c60 is nested more than 60 deep"), "{error}");
    assert!(error.contains("shape.yang:1:"), "{error}");
}

#[test]
fn a_grouping_in_a_hundred_places_is_a_struct_for_each_refinement() {
    let mut text = String::from(
        "grouping g { container box { leaf a { type uint8; default 0; } container in { leaf b { type string; } } } }",
    );
    for i in 0..100 {
        let _ = write!(text, "container u{i} {{ uses g {{ refine box/a {{ default {}; }} }} }}", i % 7);
    }
    let outcome = generate(&format!("container many {{ {text} }}"));
    let report = outcome.report.as_ref().unwrap();
    // `many`, 100 `u`, 7 `box`, and one `in`: 93 `box` are others', and 6 `in` of those that are left.
    assert_eq!((report.structs, report.shared), (1 + 100 + 7 + 1, 93 + 6));
    assert_eq!(report.total().schema, report.total().mapped);
    let text = root(&outcome);
    assert_eq!(text.matches("pub type Box_ =").count(), 93);
    assert_eq!(text.matches("pub struct Box_ ").count(), 7);
}

#[test]
fn what_is_equal_in_text_and_not_in_meaning_is_not_shared() {
    let grouping =
        "grouping g { container c { leaf t { type string; } leaf r { type leafref { path \"../t\"; } } } }
        grouping o { container c { leaf r { type leafref { path \"../../t\"; } } } }";
    let places = |uses: &str| {
        format!(
            "container top {{ container a {{ leaf t {{ type string; }} {uses} }} container b {{ leaf t {{ type uint8; }} {uses} }} }}"
        )
    };
    let shared = |text: &str| generate(&format!("{grouping} {text}")).report.unwrap().shared;
    assert_eq!(shared(&places("uses g { refine c/t { description x; } }")), 1, "equal refinements");
    // The target stands in both, at the same place.
    assert_eq!(shared("container top { container a { uses g; } container b { uses g; } }"), 1);
    // The target is another leaf, of another type.
    assert_eq!(shared(&places("uses o;").replace("container top", "container top2")), 0);
    // State is not configuration.
    assert_eq!(shared("container top { container a { uses g; } container b { config false; uses g; } }"), 0);
    // What is refined or augmented in one place alone is another struct.
    for change in
        ["augment c { leaf x { type string; } }", "refine c/t { mandatory true; }", "refine c { must t; }"]
    {
        let text =
            format!("container top {{ container a {{ uses g; }} container b {{ uses g {{ {change} }} }} }}");
        assert_eq!(shared(&text), 0, "{change}");
    }
}

#[test]
fn an_enumeration_of_thousands() {
    let enums: String = (0..5000).map(|i| format!("enum e{i};")).collect();
    let text = root(&generate(&format!("leaf big {{ type enumeration {{ {enums} }} }}")));
    assert!(text.contains("#[yang(name = \"e4999\", value = 4999)]"));
}

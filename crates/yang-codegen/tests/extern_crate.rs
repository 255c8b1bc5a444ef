//! `Config::extern_crate` and `Config::visibility`: what is not generated, and what is refused. That the code compiles is tested
//! in `models.rs`.

use std::path::Path;
use yang_codegen::Config;

fn models() -> Config {
    Config::new().search_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models")).embed(false)
}

fn top() -> Config {
    models().module("ext-top").extern_crate("base_crate::yang", ["ext-base", "ext-types"])
}

fn text(config: Config) -> String {
    let files = config.generate().result.unwrap_or_else(|e| panic!("{e}"));
    let root = files.iter().find(|f| f.path == "yang.gen.rs").expect("a root");
    String::from_utf8(root.content.clone()).expect("generated text is UTF-8")
}

fn refused(config: Config, parts: &[&str]) {
    let told = config.generate().result.expect_err("this is refused").to_string();
    for part in parts {
        assert!(told.contains(part), "{part:?} in {told}");
    }
}

#[test]
fn types_of_the_other_crate_are_not_made_again() {
    let all = text(top());
    assert!(all.contains("pub use base_crate::yang::ext_base;"), "{all}");
    assert!(all.contains("pub use base_crate::yang::ext_types;"), "{all}");
    assert!(!all.contains("enum Size"), "{all}");
    assert!(all.contains("pub struct Shelf"), "{all}");
    assert!(all.contains("super::ext_base::types::Size"), "the type at its usual path: {all}");
    let here = text(models().module("ext-top"));
    assert!(here.contains("enum Size") && !here.contains("pub use base_crate"), "{here}");
}

#[test]
fn what_is_not_made_here_is_not_counted_and_has_no_feature() {
    let outcome = top().feature_per_module(true).generate();
    let report = outcome.report.unwrap();
    let names: Vec<&str> = report.modules.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["ext-top"]);
    assert_eq!(report.total().schema, report.total().mapped);
    let modules: Vec<_> = outcome.modules.iter().map(|m| (m.name.as_str(), m.needs.len())).collect();
    assert_eq!(modules, [("ext-top", 0)]);
}

#[test]
fn one_module_more_changes_no_fingerprint() {
    let print = |all: &str| {
        let from = all.find("pub mod ext_base").unwrap();
        let at = from + all[from..].find("content: ").unwrap();
        all[at..at + 27].to_owned()
    };
    let base = text(models().module("ext-base").module("ext-types"));
    let more = text(models().module("ext-base").module("ext-more"));
    assert_eq!(print(&base), print(&more));
    assert_ne!(print(&base), print(&text(models().module("ext-base").features("ext-base", []))));
    // What code on top of this compares with is the same number.
    assert!(text(top()).contains(&print(&base)));
}

/// An augment of a struct that stands in another crate, and an identity that a type there does not know.
#[test]
fn what_has_no_place_in_the_other_crate_is_refused_at_its_place() {
    let more = || models().module("ext-more");
    refused(
        more().extern_crate("base_crate", ["ext-base", "ext-types"]),
        &[
            "container label of ext-more is added to `/ext-base:boxes/box`",
            "action glue of ext-more",
            "leaf hard of ext-more is added to `/ext-base:open`",
            "the identity green of ext-more is derived from ext-base:colour",
            "ext-more.yang:8:",
            "augment \"/b:boxes/b:box\"",
            "take ext-base out of `extern_crate`",
            "4 errors",
        ],
    );
    // Both in that crate.
    text(more().module("ext-top").extern_crate("base_crate", ["ext-base", "ext-types", "ext-more"]));
    // An action whose handler would be there, and whose node here.
    refused(
        more().extern_crate("more_crate", ["ext-more"]),
        &["the action glue of ext-more stands in ext-base", "add ext-base to that `extern_crate`"],
    );
}

#[test]
fn what_names_nothing_is_refused() {
    refused(models().module("ext-top").extern_crate("a b", ["ext-base"]), &["names no module of Rust"]);
    refused(models().module("ext-top").extern_crate("", ["ext-base"]), &["names no module of Rust"]);
    refused(models().module("ext-top").extern_crate("a", ["nothing"]), &["nothing"]);
    refused(
        models().module("ext-top").extern_crate("a", ["ext-base"]).extern_crate("b", ["ext-base"]),
        &["the module ext-base is of a and of b"],
    );
}

#[test]
fn visibility_is_that_of_the_root() {
    let made =
        |visibility: &str| text(models().module("ext-top").embed(true).mock(true).visibility(visibility));
    for (visibility, item) in [("pub", "pub "), ("pub(crate)", "pub(crate) "), ("", "")] {
        let all = made(visibility);
        for name in ["mod ext_top {", "static MODULES:", "static MODULE_TEXTS:", "fn schema()", "fn mock()"] {
            let line = format!("{item}{name}");
            assert!(all.lines().any(|l| l.starts_with(&line)), "{visibility:?}: {line:?}");
        }
    }
    refused(models().module("ext-top").visibility("public"), &["no visibility of Rust"]);
    refused(models().module("ext-top").visibility("pub fn"), &["no visibility of Rust"]);
}

//! The standard modules of the quickstart, and those that the compiler carries, against the official texts: ours must
//! compile to the same schema, their descriptions excepted.

use std::path::{Path, PathBuf};
use toolchain_tests::corpus::{corpus, quickstart_modules};
use toolchain_tests::facts::{differences, facts};
use yang_parser::Compiler;
use yang_schema::Schema;

/// Module, revision, and how many facts there are of it at least: a module of nothing would be like another of nothing.
const STANDARD: &[(&str, &str, usize)] = &[
    ("ietf-yang-types", "2025-12-22", 60),
    ("ietf-inet-types", "2025-12-22", 60),
    ("ietf-interfaces", "2018-02-20", 60),
    ("ietf-ip", "2018-02-22", 60),
    ("iana-if-type", "2014-05-08", 250),
    ("ietf-netconf-acm", "2018-02-14", 60),
    ("ietf-datastores", "2018-02-14", 14),
    ("ietf-yang-library", "2019-01-04", 100),
    ("ietf-netconf-monitoring", "2010-10-04", 100),
    ("ietf-netconf", "2011-06-01", 150),
    ("ietf-netconf-with-defaults", "2011-06-01", 30),
    ("ietf-yang-metadata", "2016-08-05", 5),
    ("ietf-origin", "2018-02-14", 18),
    ("ietf-netconf-nmda", "2019-01-07", 60),
    ("ietf-netconf-notifications", "2012-02-06", 100),
];

fn official(corpus: &Path) -> PathBuf {
    corpus.join("yang/ietf")
}

/// Compiles all of them, looking in one directory only.
fn compile(dir: &Path) -> Schema {
    let mut compiler = Compiler::new().search_path(dir).groupings(true);
    for (name, revision, _) in STANDARD {
        compiler = compiler.module(&format!("{name}@{revision}"));
    }
    let compiled = compiler.compile();
    match compiled.schema {
        Some(schema) => schema,
        None => panic!("{}: {:#?}", dir.display(), compiled.diagnostics),
    }
}

#[test]
fn each_compiles_to_what_the_official_text_compiles_to() {
    let ours = compile(&quickstart_modules());
    let Some(corpus) = corpus() else { return };
    let theirs = compile(&official(&corpus));
    let mut report = Vec::new();
    for (name, _, at_least) in STANDARD {
        let (ours, theirs) = (facts(&ours, name).expect(name), facts(&theirs, name).expect(name));
        assert!(ours.len() >= *at_least, "{name} has only {} facts", ours.len());
        report.extend(differences(&theirs, &ours).into_iter().map(|d| format!("{name}: {d}")));
    }
    assert!(report.is_empty(), "- official, + ours:\n{}", report.join("\n"));
}

/// IANA adds interface types and never takes one away, so the registry's present module has all of ours as they are.
#[test]
fn the_first_interface_types_are_still_registered() {
    let Some(corpus) = corpus() else { return };
    let newest = newest(&corpus.join("yang/iana"), "iana-if-type@");
    let mut compiler = Compiler::new().search_path(official(&corpus));
    compiler = compiler.file(&newest);
    let compiled = compiler.compile();
    let schema = compiled.schema.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
    let now = facts(&schema, "iana-if-type").expect("iana-if-type");
    let then = facts(&compile(&quickstart_modules()), "iana-if-type").expect("iana-if-type");
    // Status may change from current to deprecated to obsolete (RFC 7950 section 11); nothing else may.
    let stem = |fact: &String| fact.rsplit_once("] ").map(|(stem, _)| stem.to_owned());
    let now: Vec<_> = now.iter().filter_map(stem).collect();
    let gone: Vec<_> = then.iter().filter_map(stem).filter(|identity| !now.contains(identity)).collect();
    assert!(gone.is_empty(), "{} no longer has: {gone:#?}", newest.display());
    assert!(now.len() > 270, "only {} identities were compared", now.len());
}

/// The newest file of a name, whose revision follows.
fn newest(dir: &Path, start: &str) -> PathBuf {
    let files = std::fs::read_dir(dir).expect("the corpus").filter_map(|entry| Some(entry.ok()?.path()));
    files
        .filter(|path| path.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.starts_with(start)))
        .max()
        .unwrap_or_else(|| panic!("no {start} in {}", dir.display()))
}

/// A comparison that finds nothing would also pass: so each of these changes to a module must be found, and named.
#[test]
fn the_comparison_finds_each_kind_of_change() {
    let read = |name: &str| std::fs::read_to_string(quickstart_modules().join(name)).expect(name);
    let schema_of = |name: &str, text: &str| {
        let compiled = Compiler::new().search_path(quickstart_modules()).source(name, text).compile();
        compiled.schema.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics))
    };
    let cases = [
        ("leaf display-name", "leaf label", "display-name"),
        ("length \"1..32\"", "length \"1..33\"", "length 1..33"),
        ("'[^\\s](.*[^\\s])?'", "'[^\\s].*'", "pattern"),
        ("error-app-tag \"name-padded\"", "error-app-tag \"padded\"", "name-padded"),
        ("A name neither", "No name", "error-message"),
        ("range \"1..10\"", "range \"1..9\"", "range 1..9"),
        ("default \"5\"", "default \"6\"", "default 6"),
        (". <= ../highest-doneness", ". < ../highest-doneness", "must"),
        ("fraction-digits 2", "fraction-digits 3", "fraction-digits"),
        ("config false;", "config true;", "config"),
        ("mandatory true;", "mandatory false;", "mandatory"),
        ("type yang:counter32", "type yang:counter64", "counter64"),
        ("units \"milliseconds\"", "units \"hours\"", "units hours"),
        (
            "identity frozen-waffle { base frozen; }",
            "identity frozen-waffle { base toast-type; }",
            "frozen-waffle",
        ),
        ("rpc cancel-toast {", "rpc cancel-toast { status deprecated;", "Deprecated"),
        ("enum idle {", "enum idle { value 7;", "idle = 7"),
        ("enum cancelled {", "enum stopped {", "stopped"),
        ("notification toast-done", "notification toast-ready", "toast-ready"),
        ("namespace \"urn:example:toaster\"", "namespace \"urn:example:toast\"", "namespace"),
    ];
    let name = "example-toaster@2026-01-15.yang";
    let text = read(name);
    let before = facts(&schema_of(name, &text), "example-toaster").expect("facts");
    for (old, new, word) in cases {
        assert!(text.contains(old), "the toaster has no {old}");
        let after = facts(&schema_of(name, &text.replacen(old, new, 1)), "example-toaster").expect("facts");
        let found = differences(&before, &after);
        assert!(found.iter().any(|d| d.contains(word)), "{old} -> {new}: {found:#?}");
    }
    // Descriptions alone make no difference.
    let quiet =
        text.replace("description \"How dark the toast is.\"", "description \"Colour of the toast.\"");
    assert_ne!(quiet, text);
    let after = facts(&schema_of(name, &quiet), "example-toaster").expect("facts");
    assert_eq!(differences(&before, &after), Vec::<String>::new());
}

/// What other modules may use is compared, though no data comes of it here.
#[test]
fn the_comparison_finds_changes_of_what_others_use() {
    let text = "module m { yang-version 1.1; namespace urn:m; prefix m;
      import ietf-yang-metadata { prefix md; }
      extension marked { argument text { yin-element true; } description 'A mark.'; }
      grouping pair { description 'Two.'; leaf a { type string; } leaf b { type int8; } }
      md:annotation since { type string; units days; description 'Since when.'; } }";
    let facts_of = |text: &str| {
        let compiled = Compiler::new().groupings(true).source("m", text).compile();
        let schema = compiled.schema.unwrap_or_else(|| panic!("{:#?}", compiled.diagnostics));
        facts(&schema, "m").expect("facts")
    };
    let before = facts_of(text);
    for (old, new, word) in [
        ("extension marked", "extension noted", "extension noted"),
        ("argument text", "argument value", "marked of value"),
        ("yin-element true", "yin-element false", "in an element"),
        ("grouping pair", "grouping two", "two"),
        ("leaf b { type int8;", "leaf b { type int16;", "int16"),
        ("annotation since", "annotation until", "annotation until"),
        ("since { type string", "since { type binary", "binary"),
        ("units days", "units hours", "units hours"),
    ] {
        assert!(text.contains(old), "no {old}");
        let found = differences(&before, &facts_of(&text.replacen(old, new, 1)));
        assert!(found.iter().any(|d| d.contains(word)), "{old} -> {new}: {found:#?}");
    }
    for prose in ["A mark.", "Two.", "Since when."] {
        let found = differences(&before, &facts_of(&text.replacen(prose, "Else.", 1)));
        assert_eq!(found, Vec::<String>::new(), "{prose}");
    }
}

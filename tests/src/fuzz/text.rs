//! Any text through the compiler, and what comes of it through all that prints.

use std::fmt::Write as _;
use yang_parser::{Compiler, print, render_json};

/// Between the modules of an input that holds several.
const NEXT: &str = "\n====\n";

/// Compiles modules in one context; what is in error is told, what is not is printed.
pub fn text(data: &[u8]) {
    modules("yang", data);
}

/// The same for YIN.
pub fn yin(data: &[u8]) {
    modules("yin", data);
}

fn modules(extension: &str, data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut compiler = Compiler::new().lint(true);
    for (i, module) in text.split(NEXT).enumerate() {
        let name = format!("{i}.{extension}");
        let options = print::YangOptions::default();
        if let Ok(printed) = print::yang(&name, module, &options) {
            let again = print::yang("printed.yang", &printed, &options);
            assert!(again.is_ok_and(|again| again == printed), "printing YANG again changes it");
        }
        compiler = compiler.source(name, module);
    }
    let compilation = compiler.compile();
    assert_eq!(
        compilation.schema.is_none(),
        compilation.has_errors(),
        "there is a schema, or it is said why not"
    );
    for diagnostic in &compilation.diagnostics {
        for label in &diagnostic.labels {
            let source = &compilation.sources.get(label.span.file).text;
            let (start, end) = (label.span.start as usize, label.span.end as usize);
            assert!(source.get(start..end).is_some(), "{diagnostic:?} marks no part of the text");
        }
    }
    render_json(&compilation.diagnostics, &compilation.sources);
    if let Some(schema) = &compilation.schema {
        print::tree(schema, &print::TreeOptions::default());
    }
}

pub(super) fn large_yin() -> Vec<(&'static str, Vec<u8>)> {
    let root = "<module name='m' xmlns='urn:ietf:params:xml:ns:yang:yin:1'>";
    let below = |body: String| (root.to_owned() + &body).into_bytes();
    vec![
        ("elements nested 50,000 deep", below("<container name='c'>".repeat(50_000))),
        ("50,000 elements that nothing closes", "<a>".repeat(50_000).into_bytes()),
        ("100,000 attributes", below(format!("<leaf{}/>", " a=''".repeat(100_000)))),
        (
            "100,000 bindings",
            below(format!("<leaf{}/>", (0..100_000).map(|i| format!(" xmlns:a{i}='u'")).collect::<String>())),
        ),
        ("a value of 200,000 references", below(format!("<description><text>{}", "&lt;".repeat(200_000)))),
        (
            "100,000 sections of characters",
            below(format!("<description><text>{}", "<![CDATA[a]]>b".repeat(100_000))),
        ),
        ("100,000 comments", below("<!-- a -->".repeat(100_000))),
        ("100,000 siblings in wrong places", below("<type name='t'/>".repeat(100_000))),
    ]
}

fn module(body: &str) -> Vec<u8> {
    format!("module m {{ yang-version 1.1; namespace urn:m; prefix m; {body} }}").into_bytes()
}

pub(super) fn large() -> Vec<(&'static str, Vec<u8>)> {
    let chain = |first: &str, count: usize, link: fn(usize, &mut String)| {
        let mut body = first.to_owned();
        (1..=count).for_each(|i| link(i, &mut body));
        module(&body)
    };
    let typedef = |i: usize, out: &mut String| {
        let _ = write!(out, "typedef t{i} {{ type t{}; }} ", i - 1);
    };
    let leafref = |i: usize, out: &mut String| {
        let _ = write!(out, "leaf l{i} {{ type leafref {{ path ../l{}; }} }} ", i - 1);
    };
    let grouping = |i: usize, out: &mut String| {
        let _ = write!(out, "grouping g{i} {{ container c {{ uses g{}; }} }} ", i - 1);
    };
    let wide = |i: usize, out: &mut String| {
        let _ =
            write!(out, "leaf w{i} {{ type uint8 {{ range 1..{}; }} must \"../w{i} > 1\"; }} ", i % 250 + 2);
    };
    vec![
        ("blocks nested 50,000 deep", module(&("container c { ".repeat(50_000) + &"}".repeat(50_000)))),
        ("50,000 opening braces", "{".repeat(50_000).into_bytes()),
        ("50,000 closing braces", "}".repeat(50_000).into_bytes()),
        ("50,000 blocks that nothing closes", "a{".repeat(50_000).into_bytes()),
        ("extensions nested 50,000 deep", "x:y { ".repeat(50_000).into_bytes()),
        (
            "10,000 typedefs in a chain",
            chain("typedef t0 { type string; } leaf a { type t9999; } ", 10_000, typedef),
        ),
        ("10,000 leafrefs in a chain", chain("leaf l0 { type string; } ", 10_000, leafref)),
        ("10,000 groupings in a chain", chain("grouping g0 { leaf a { type string; } } ", 10_000, grouping)),
        ("10,000 siblings", chain("", 10_000, wide)),
        (
            "a string that never ends",
            format!("module m {{ description \"{}", "\\\"x\n".repeat(200_000)).into_bytes(),
        ),
        ("a comment that never ends", ("a /* b; ".repeat(100_000) + "/*").into_bytes()),
        (
            "a string of 100,000 parts",
            module(&("description 'a'".to_owned() + &" + 'b'".repeat(100_000) + ";")),
        ),
        (
            "an if-feature of 100,000 parentheses",
            module(&format!("leaf a {{ if-feature '{}'; type empty; }}", "(".repeat(100_000))),
        ),
        (
            "a must of 100,000 parentheses",
            module(&format!("leaf a {{ must '{}'; type empty; }}", "(".repeat(100_000))),
        ),
        (
            "a pattern of 100,000 parentheses",
            module(&format!("leaf a {{ type string {{ pattern '{}'; }} }}", "(".repeat(100_000))),
        ),
        (
            "a range of 100,000 parts",
            module(&format!("leaf a {{ type uint32 {{ range '1{}'; }} }}", "|2".repeat(100_000))),
        ),
        (
            "a key of 100,000 names",
            module(&format!("list a {{ key '{}'; leaf b {{ type string; }} }}", "b ".repeat(100_000))),
        ),
    ]
}

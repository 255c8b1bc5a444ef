//! No input makes the compiler panic, overflow the stack or take more than linear time.

use proptest::prelude::*;
use std::fmt::Write as _;
use yang_parser::{Code, Compilation, Compiler};

fn compile(text: String) -> Compilation {
    Compiler::new().source("test", text).compile()
}

fn module(body: &str) -> String {
    format!("module m {{ yang-version 1.1; namespace urn:m; prefix m; {body} }}")
}

fn codes(compilation: &Compilation) -> Vec<Code> {
    compilation.diagnostics.iter().map(|d| d.code).collect()
}

#[test]
fn fifty_thousand_braces() {
    let nested = "container c { ".repeat(50_000) + &"}".repeat(50_000);
    assert!(codes(&compile(module(&nested))).contains(&Code::NestingTooDeep));
    assert!(compile("{".repeat(50_000)).has_errors());
    assert!(compile("}".repeat(50_000)).has_errors());
    assert!(compile("x:y ".to_owned() + &"{ x:y ".repeat(50_000)).has_errors());
}

#[test]
fn ten_thousand_typedefs_in_a_chain() {
    let mut body = "typedef t0 { type int32; default 7; } leaf a { type t10000; }".to_owned();
    for i in 1..=10_000 {
        write!(body, "typedef t{i} {{ type t{}; }}", i - 1).unwrap();
    }
    let schema = compile(module(&body)).schema.unwrap();
    let leaf = schema.find("/m:a").unwrap();
    assert_eq!(leaf.type_().unwrap().name(), "t10000");
    assert_eq!(schema.str(leaf.defaults()[0].text), "7");
}

#[test]
fn long_chains_of_everything_else() {
    let chain = |first: &str, link: &dyn Fn(usize) -> String, count: usize| {
        let mut body = first.to_owned();
        for i in 1..count {
            body.push_str(&link(i));
        }
        compile(module(&body))
    };
    let identities = chain("identity i0;", &|i| format!("identity i{i} {{ base i{}; }}", i - 1), 2_000);
    assert!(identities.schema.is_some());
    let features = chain("feature f0;", &|i| format!("feature f{i} {{ if-feature f{}; }}", i - 1), 10_000);
    assert!(features.schema.is_some());
    let leafrefs = chain(
        "leaf l0 { type string; }",
        &|i| format!("leaf l{i} {{ type leafref {{ path ../l{}; }} }}", i - 1),
        10_000,
    );
    assert!(leafrefs.schema.is_some());
    // Deeper than is followed: refused, not overflowed.
    let groupings = chain(
        "grouping g0 { leaf a { type string; } }",
        &|i| format!("grouping g{i} {{ container c {{ uses g{}; }} }}", i - 1),
        10_000,
    );
    assert!(codes(&groupings).contains(&Code::NestingTooDeep));
    let unions = chain(
        "typedef u0 { type string; }",
        &|i| format!("typedef u{i} {{ type union {{ type u{}; }} }}", i - 1),
        10_000,
    );
    assert!(codes(&unions).contains(&Code::NestingTooDeep));
}

/// Each grouping uses the one before it twice: the nodes of the last are more than any memory holds.
#[test]
fn groupings_that_double_each_other() {
    let double = |link: &str, last: &str| {
        let mut body = "grouping g0 { leaf l { type string; } } grouping h0;".to_owned();
        for i in 1..=40 {
            body.push_str(&link.replace("NEW", &i.to_string()).replace("OLD", &(i - 1).to_string()));
        }
        let compilation = compile(module(&(body + last)));
        assert!(codes(&compilation).contains(&Code::ExpansionTooLarge), "{link}");
        assert!(compilation.diagnostics.len() < 100);
    };
    let containers = "grouping gNEW { container a { uses gOLD; } container b { uses gOLD; } }";
    double(containers, "container c { uses g40; }");
    double(containers, "");
    double("grouping gNEW { uses gOLD; uses gOLD; }", "container c { uses g40; }");
    // Nothing is added, often.
    double("grouping hNEW { uses hOLD; uses hOLD; }", "container c { uses h40; }");
}

/// Each union holds the one before it twice, or leafrefs that lead to it; a value would be tried against them all.
#[test]
fn unions_that_double_each_other() {
    let double = |first: &str, link: &str| {
        let mut body = first.to_owned();
        for i in 1..=40 {
            body.push_str(&link.replace("NEW", &i.to_string()).replace("OLD", &(i - 1).to_string()));
        }
        let compilation = compile(module(&body));
        let told = codes(&compilation);
        assert!(!told.is_empty() && told.iter().all(|&code| code == Code::ExpansionTooLarge), "{told:?}");
        assert!(told.len() < 10, "{}", told.len());
    };
    let typedefs = "typedef tNEW { type union { type tOLD; type tOLD; } }";
    double("typedef t0 { type string; }", typedefs);
    double("leaf z { type int8; } typedef t0 { type leafref { path /m:z; } }", typedefs);
    double(
        "leaf l0 { type string; }",
        "leaf lNEW { type union { type leafref { path ../lOLD; } type leafref { path /m:lOLD; } } default x; }",
    );
    // What real models come near to is no matter.
    let wide = format!("leaf l {{ type union {{ {} }} }}", "type int8;".repeat(2_000));
    assert!(compile(module(&wide)).schema.is_some());
}

#[test]
fn thousands_of_defaults_and_of_duplicates() {
    let mut defaults = "leaf-list l { type string;".to_owned();
    for i in 0..20_000 {
        write!(defaults, "default d{i};").unwrap();
    }
    assert!(compile(module(&(defaults + "}"))).schema.is_some());
    let compilation = compile(module(&"leaf a { type string; }".repeat(5_000)));
    assert_eq!(codes(&compilation), vec![Code::DuplicateNode; 4_999]);
}

#[test]
fn circles_of_every_kind_are_reported() {
    for (body, code) in [
        ("typedef a { type b; } typedef b { type a; }", Code::CircularTypedef),
        ("typedef a { type union { type b; } } typedef b { type a; }", Code::CircularTypedef),
        ("grouping a { uses b; } grouping b { uses a; }", Code::CircularGrouping),
        ("grouping a { container c { uses a; } } uses a;", Code::CircularGrouping),
        ("identity a { base b; } identity b { base a; }", Code::CircularIdentity),
        ("feature a { if-feature b; } feature b { if-feature \"not a\"; }", Code::CircularFeature),
        (
            "leaf a { type leafref { path ../b; } } leaf b { type leafref { path ../a; } }",
            Code::CircularLeafref,
        ),
        (
            "leaf a { type union { type leafref { path ../b; } type string; } } leaf b { type leafref { path ../a; } }",
            Code::CircularLeafref,
        ),
    ] {
        let compilation = compile(module(body));
        assert!(codes(&compilation).contains(&code), "{body}: {:?}", compilation.diagnostics);
    }
}

/// Thousands of definitions that use each other: none is looked for among all the others (`benches/` measures the growth).
#[test]
fn wide_modules_compile() {
    const COUNT: usize = 4_000;
    let mut body = String::new();
    for i in 0..COUNT {
        write!(
            body,
            "grouping g{i} {{ leaf a{i} {{ type t{i}; must \"../b{i}\"; }} leaf b{i} {{ type leafref {{ path ../a{i}; }} }} }}
             typedef t{i} {{ type uint8 {{ range 1..9; }} default 3; }}
             container c{i} {{ uses g{i} {{ refine a{i} {{ default 4; }} }} }}
             augment /m:c{i} {{ leaf c {{ type string; }} }}"
        )
        .unwrap();
    }
    let compilation = compile(module(&body));
    let schema = compilation.schema.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics.first()));
    assert_eq!(schema.node_count(), 1 + 4 * COUNT);
}

proptest! {
    /// Bits of YANG in any order.
    #[test]
    fn nothing_panics(words in prop::collection::vec(prop::sample::select(vec![
        "module", "m", "{", "}", ";", "\"", "'", "+", "/*", "*/", "//", "\n", " ", "\\", "leaf", "a", "type", "string",
        "uses", "g", "grouping", "list", "key", "augment", "/m:a", "deviation", "deviate", "add", "default", "1",
        "leafref", "path", "../a", "must", "a[b=1]", "union", "typedef", "t", "identity", "base", "if-feature", "choice",
        "case", "refine", "import", "include", "prefix", "namespace", "urn:m", "m:x", "range", "1..2|3", "pattern",
        "[a-z", "\u{feff}", "ä", "\u{0}", "enum", "bit", "config", "false", "rpc", "input", "action", "notification",
    ]), 0..60)) {
        let spaced = words.join(" ");
        compile(spaced.clone());
        compile(words.concat());
        compile(module(&spaced));
    }

    /// A good module with some bytes changed.
    #[test]
    fn damaged_modules_do_not_panic(cuts in prop::collection::vec((any::<prop::sample::Index>(), 0u8..128), 1..6)) {
        let mut bytes = module(
            "typedef t { type union { type int8 { range 1..5; } type leafref { path /m:c/m:l/m:k; } } default 3; }
             grouping g { leaf x { type t; must \". > 1 or ../y = 'a'\"; } choice h { leaf y { type string; } } }
             container c { uses g { refine x { default 4; } augment h { leaf z { type empty; } } }
               list l { key k; unique u; leaf k { type string; } leaf u { type enumeration { enum a; } } } }
             augment /m:c/m:l { when \"m:k\"; action go { input { leaf i { type bits { bit b; } } } } }
             deviation /m:c/m:x { deviate add { units s; } }",
        )
        .into_bytes();
        for (index, byte) in cuts {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        compile(String::from_utf8(bytes).unwrap());
    }
}

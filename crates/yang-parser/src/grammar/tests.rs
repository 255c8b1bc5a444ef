use super::*;
use crate::syntax;
use yang_schema::FileId;

fn errors(text: &str) -> Vec<String> {
    let (tree, mut diagnostics) = syntax::parse(FileId::from_index(0), text.into());
    check(&tree, &mut diagnostics);
    diagnostics.list().iter().map(|d| format!("{}: {}", d.code, d.message)).collect()
}

fn in_module(body: &str) -> Vec<String> {
    errors(&format!("module m {{ yang-version 1.1; namespace urn:m; prefix m; {body} }}"))
}

fn in_yang_1(body: &str) -> Vec<String> {
    errors(&format!("module m {{ namespace urn:m; prefix m; {body} }}"))
}

#[test]
fn a_file_is_one_module() {
    assert_eq!(errors("leaf x { type string; }").len(), 1);
    assert_eq!(errors(""), ["not-a-module: there is no `module` or `submodule` in this file"]);
    assert_eq!(
        errors("module a { namespace a; prefix a; } module b { namespace b; prefix b; }"),
        ["not-a-module: a file holds one module only"]
    );
}

#[test]
fn required_statements() {
    assert_eq!(
        errors("module m { }"),
        [
            "missing-statement: `module m` needs a `namespace` statement",
            "missing-statement: `module m` needs a `prefix` statement"
        ]
    );
    assert_eq!(in_module("leaf a { }"), ["missing-statement: `leaf a` needs a `type` statement"]);
    assert_eq!(
        in_module("deviation /m:x;"),
        ["missing-statement: `deviation /m:x` needs a `deviate` statement"]
    );
}

#[test]
fn cardinality_and_place() {
    assert_eq!(
        in_module("leaf a { type string; type string; }"),
        ["duplicate-statement: `type` may stand only once below `leaf`"]
    );
    assert_eq!(
        in_module("leaf a { type string; leaf b { type string; } }"),
        ["misplaced-statement: `leaf` may not stand below `leaf`"]
    );
    assert_eq!(
        in_module("deviation /m:a { deviate delete { config true; } }"),
        ["misplaced-statement: `config` may not stand below `deviate delete`"]
    );
    assert_eq!(in_module("contianer a;"), ["unknown-statement: `contianer` is no statement of YANG"]);
}

#[test]
fn order_of_a_module() {
    assert_eq!(
        in_module("leaf a { type string; } import b { prefix b; }"),
        ["statement-order: `import` stands too late"]
    );
    assert_eq!(in_module("revision 2020-01-01; organization x;").len(), 1);
}

#[test]
fn what_is_new_in_yang_1_1() {
    for body in [
        "anydata a;",
        "container c { action a; }",
        "container c { notification n; }",
        "leaf-list l { type string; default a; }",
        "identity i { if-feature f; }",
        "import x { prefix x; description d; }",
        "leaf a { type string { pattern a { modifier invert-match; } } }",
    ] {
        assert_eq!(in_module(body), Vec::<String>::new(), "{body}");
        let found = in_yang_1(body);
        assert!(found.len() == 1 && found[0].starts_with("version-mismatch"), "{body}: {found:?}");
    }
    let bases = "identity i { base a; base b; }";
    assert_eq!(in_module(bases).len(), 0);
    assert_eq!(in_yang_1(bases), ["version-mismatch: several `base` below `identity` are new in YANG 1.1"]);
}

#[test]
fn some_statements_hold_at_least_one_of_a_group() {
    for (body, message) in [
        ("rpc r { input; }", "`input` needs a data definition"),
        ("rpc r { output { must a; } }", "`output` needs a data definition"),
        ("list l { key k; }", "`list l` has no data definition"),
        ("augment /a { when b; }", "`augment /a` adds nothing"),
    ] {
        assert_eq!(in_module(body), [format!("missing-statement: {message}")]);
    }
    assert_eq!(in_module("augment /a { action b; } rpc r { input { uses g; } }"), Vec::<String>::new());
}

#[test]
fn any_statement_of_yang_stands_below_an_extension() {
    assert_eq!(
        in_module("m:ext foo { leaf a { type b; } revision 2020-01-01; m:bar; }"),
        Vec::<String>::new()
    );
    assert_eq!(
        in_module("m:ext foo { leaf { type b; } m:bar { baz; } }"),
        ["missing-argument: `leaf` needs an argument", "unknown-statement: `baz` is no statement of YANG"]
    );
}

use super::*;
use crate::Compiler;

fn schema(texts: &[&str]) -> Schema {
    let mut compiler = Compiler::new();
    for (i, text) in texts.iter().enumerate() {
        compiler = compiler.source(format!("t{i}"), *text);
    }
    let compilation = compiler.compile();
    compilation.schema.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics))
}

const MODULE: &str = "module m { yang-version 1.1; namespace urn:m; prefix m; feature f;
    container c { presence p;
        list l { key \"a b\"; leaf a { type string; } leaf b { type uint8; }
            leaf-list long-name { if-feature f; type int8; } action go { input { leaf x { type string; } } } }
        choice h { case one { leaf y { mandatory true; type leafref { path /m:c/m:l/m:a; } } } leaf two { type empty; } }
        container s { config false; status deprecated; list e { anydata d; } } }
    rpc r { output { leaf z { type boolean; } } }
    notification n; }";

#[test]
fn diagrams() {
    let expected = "\
module: m
  +--rw c!
     +--rw l* [a b]
     |  +--rw a            string
     |  +--rw b            uint8
     |  +--rw long-name*   int8 {f}?
     |  +---x go
     |     +---w input
     |        +---w x?   string
     +--rw (h)?
     |  +--:(one)
     |  |  +--rw y      -> /c/l/a
     |  +--:(two)
     |     +--rw two?   empty
     x--ro s
        x--ro e* []
           x--ro d?   <anydata>

  rpcs:
    +---x r
       +--ro output
          +--ro z?   boolean

  notifications:
    +---n n
";
    assert_eq!(tree(&schema(&[MODULE]), &TreeOptions::default()), expected);
}

#[test]
fn options() {
    let schema = schema(&[MODULE]);
    let depth = TreeOptions { depth: Some(1), ..TreeOptions::default() };
    assert_eq!(
        tree(&schema, &depth),
        "module: m\n  +--rw c!\n     ...\n\n  rpcs:\n    +---x r\n       ...\n\n  notifications:\n    +---n n\n"
    );
    let path = TreeOptions { path: Some("/m:c/s".to_owned()), ..TreeOptions::default() };
    assert_eq!(
        tree(&schema, &path),
        "module: m\n  +--rw c!\n     x--ro s\n        x--ro e* []\n           x--ro d?   <anydata>\n"
    );
    let narrow = TreeOptions {
        path: Some("/m:c/l/long-name".to_owned()),
        line_length: Some(26),
        ..TreeOptions::default()
    };
    assert!(
        tree(&schema, &narrow).ends_with("        +--rw long-name*\n                int8 {f}?\n"),
        "{}",
        tree(&schema, &narrow)
    );
}

#[test]
fn augments_of_modules_that_are_not_drawn() {
    let other = "module o { namespace urn:o; prefix o; import m { prefix m; } augment /m:c { leaf q { type string; } } }";
    let schema = schema(&[MODULE, other]);
    let only = TreeOptions { modules: vec!["o".to_owned()], ..TreeOptions::default() };
    assert_eq!(tree(&schema, &only), "module: o\n\n  augment /m:c:\n    +--rw q?   string\n");
    assert!(tree(&schema, &TreeOptions::default()).contains("     +--rw o:q?"));
}

fn draw(texts: &[&str], change: impl FnOnce(&mut TreeOptions)) -> String {
    let mut compiler = Compiler::new().groupings(true);
    for (i, text) in texts.iter().enumerate() {
        compiler = compiler.source(format!("t{i}"), *text);
    }
    let compilation = compiler.compile();
    let schema = compilation.schema.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics));
    let mut options = TreeOptions::default();
    change(&mut options);
    tree(&schema, &options)
}

const GROUPINGS: &str = "module g { yang-version 1.1; namespace urn:g; prefix g;
    grouping inner { leaf i { type string; } leaf s { config false; type string; } }
    grouping outer { list l { key k; leaf k { type string; } uses inner; } grouping hidden { leaf h { type string; } } }
    container c { uses outer; leaf own { type string; } } }";

#[test]
fn groupings_by_themselves() {
    let drawn = draw(&[GROUPINGS], |o| o.groupings = true);
    let expected = "
  grouping inner:
    +--    i?   string
    +--ro s?   string

  grouping outer:
    +--    l* [k]
       +--    k    string
       +--    i?   string
       +--ro s?   string
"
    .replace("+--    ", "+-- ");
    assert!(drawn.ends_with(&expected), "{drawn}");
    assert!(drawn.starts_with("module: g\n  +--rw c\n     +--rw l* [k]\n"), "{drawn}");
    assert!(!draw(&[GROUPINGS], |_| ()).contains("grouping"));
}

#[test]
fn uses_that_are_not_expanded() {
    let user = "module u { namespace urn:u; prefix u; import g { prefix x; } uses x:inner; container d { uses x:outer; } }";
    let drawn = draw(&[GROUPINGS, user], |o| {
        o.uses = true;
        o.groupings = true;
    });
    // Of a grouping that uses another, only the outer one is named where it is used.
    for part in [
        "  +--rw c\n     +---u outer\n     +--rw own?   string\n",
        "  grouping outer:\n    +-- l* [k]\n       +-- k    string\n       +---u inner\n",
        "module: u\n  +---u g:inner\n  +--rw d\n     +---u g:outer\n",
    ] {
        assert!(drawn.contains(part), "{part}in:\n{drawn}");
    }
}

#[test]
fn augments_stand_in_the_order_of_the_text() {
    let target = "module t { namespace urn:t; prefix t; container a; container b; }";
    let by = "module by { namespace urn:by; prefix by; import t { prefix other; } feature f;
        augment /other:b { leaf one { type string; } }
        augment /other:a { if-feature f; leaf two { if-feature f; type string; } }
        augment /other:b { leaf three { type string; } } }";
    assert_eq!(
        draw(&[target, by], |o| o.modules = vec!["by".to_owned()]),
        "module: by

  augment /t:b:
    +--rw one?   string

  augment /t:a:
    +--rw two?   string {f}?

  augment /t:b:
    +--rw three?   string
"
    );
}

#[test]
fn names_of_modules_for_prefixes() {
    let target = "module target { namespace urn:t; prefix t; typedef name { type string; } container a { leaf l { type string; } } }";
    let by = "module by { namespace urn:by; prefix by; import target { prefix other; }
        augment /other:a { leaf n { type other:name; } leaf r { type leafref { path \"/other:a/other:l\"; } } } }";
    let only = |o: &mut TreeOptions| o.modules = vec!["by".to_owned()];
    let drawn = draw(&[target, by], |o| {
        only(o);
        o.module_names = true;
    });
    assert_eq!(
        drawn,
        "module: by\n\n  augment /target:a:\n    +--rw n?   target:name\n    +--rw r?   -> /target:a/l\n"
    );
    // The prefix of a module is its own, whatever an import calls it; in types it is as it is written.
    assert_eq!(
        draw(&[target, by], only),
        "module: by\n\n  augment /t:a:\n    +--rw n?   other:name\n    +--rw r?   -> /t:a/l\n"
    );
}

#[test]
fn structures_and_mount_points() {
    let restconf =
        "module ietf-restconf { namespace urn:rc; prefix rc; extension yang-data { argument name; } }";
    let structure = "module ietf-yang-structure-ext { namespace urn:sx; prefix sx;
        extension structure { argument name; } extension augment-structure { argument path; } }";
    let mount = "module ietf-yang-schema-mount { namespace urn:mnt; prefix mnt; extension mount-point { argument label; } }";
    let m = "module m { yang-version 1.1; namespace urn:m; prefix m;
        import ietf-restconf { prefix rc; } import ietf-yang-structure-ext { prefix sx; }
        import ietf-yang-schema-mount { prefix mnt; }
        rc:yang-data err { container e { leaf x { config false; type string; } } }
        sx:structure book { leaf y { type string; } }
        container c { container root { mnt:mount-point label; } } }";
    let n = "module n { yang-version 1.1; namespace urn:n; prefix n; import m { prefix m; }
        import ietf-yang-structure-ext { prefix sx; } sx:augment-structure /m:book { leaf z { type string; } } }";
    let sources = [restconf, structure, mount, m, n];
    assert_eq!(
        draw(&sources, |o| o.modules = vec!["m".to_owned()]),
        "module: m
  +--rw c
     +--mp root

  yang-data err:
    +-- e
       +-- x?   string

  structure book:
    +-- y?     string
    +-- n:z?   string
"
    );
    assert_eq!(
        draw(&sources, |o| o.modules = vec!["n".to_owned()]),
        "module: n\n\n  augment-structure /m:book:\n    +-- z?   string\n"
    );
}

#[test]
fn long_lines_are_broken() {
    let m = "module m { namespace urn:m; prefix m; feature a-long-feature;
        container box { list entry { key \"first-key second-key\"; leaf first-key { type string; } leaf second-key { type string; }
            leaf points { if-feature a-long-feature; type leafref { path \"/m:box/m:entry/m:first-key\"; } } }
          list state { config false; leaf v { type int8; } } } }";
    let by = "module by { namespace urn:by; prefix by; import m { prefix m; } augment /m:box/m:entry { leaf l { type string; } } }";
    let drawn = |by_too: bool| {
        draw(&[m, by], |o| {
            o.line_length = Some(35);
            o.modules = vec![if by_too { "by" } else { "m" }.to_owned()];
        })
    };
    assert_eq!(
        drawn(false),
        "module: m
  +--rw box
     +--rw entry*
     |       [first-key second-key]
     |  +--rw first-key     string
     |  +--rw second-key    string
     |  +--rw points?       leafref
     |  |       {a-long-feature}?
     |  +--rw by:l?         string
     +--ro state* []
        +--ro v?   int8
"
    );
    assert_eq!(drawn(true), "module: by\n\n  augment /m:box/m:entry:\n    +--rw l?   string\n");
    let narrow = draw(&[m, by], |o| {
        o.line_length = Some(20);
        o.modules = vec!["by".to_owned()];
    });
    assert!(narrow.contains("  augment /m:box\n            /m:entry:\n"), "{narrow}");
}

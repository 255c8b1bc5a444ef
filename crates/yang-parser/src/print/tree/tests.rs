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
        tree(&schema, &narrow).ends_with("        +--rw long-name*\n               int8 {f}?\n"),
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

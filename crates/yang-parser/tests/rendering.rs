//! Diagnostics as people and programs see them.
#![cfg(feature = "render")]

use yang_parser::{Compiler, render_human, render_json};

const FAULTY: &str = r#"module bad {
  yang-version 1.1;
  namespace "urn:bad";
  prefix b;

  typedef percent {
    type uint8 { range "0..100"; }
    default 101;
  }
  container system {
    leaf name { type strng }
    leaf load { type percent; units "%" }
    contianer oops;
    list user {
      key "id";
      leaf name { type string; }
      leaf name { type string; }
    }
    leaf best { type leafref { path "../user/nam"; } must "count(../user) > "; }
  }
  augment "/b:systm" { leaf x { type b:percent; } }
}
"#;

#[test]
fn for_people() {
    let compilation = Compiler::new().source("bad.yang", FAULTY).compile();
    let text = render_human(&compilation.diagnostics, &compilation.sources, false);
    insta::assert_snapshot!(text);
}

#[test]
fn for_programs() {
    let compilation = Compiler::new().source("bad.yang", FAULTY).compile();
    let text = render_json(&compilation.diagnostics, &compilation.sources);
    assert_eq!(text.lines().count(), compilation.diagnostics.len());
    insta::assert_snapshot!(text);
}

/// A generated module in one line: the place is told, the line is not shown.
#[test]
fn a_line_without_end() {
    let body = "leaf a { type string; }".repeat(2_000);
    let text = format!("module m {{ namespace urn:m; prefix m; {body} }}");
    let compilation = Compiler::new().source("long", text).compile();
    let rendered = render_human(&compilation.diagnostics, &compilation.sources, false);
    assert_eq!(rendered.matches("--> long:1:").count(), 1_999);
    assert!(rendered.len() < 400_000, "{}", rendered.len());
}

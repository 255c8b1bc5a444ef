//! Evaluation of XPath: the rules of XPath 1.0, and of RFC 7950 sections 6.4, 9.10.3 and 10.

#[path = "../common/mod.rs"]
mod common;

mod look_up;
mod standard;
mod yang;

use common::*;
use std::sync::Arc;
use yang_data::tree::Tree;
use yang_data::view::{Cursor, DefaultMode, View};
use yang_data::xpath::{self, EvaluationError, ModuleNames, XPathValue};
use yang_schema::{NodeId, Schema, TypeDetail};

const BASE: &str = r#"
module base {
  yang-version 1.1;
  namespace "urn:base";
  prefix ba;
  identity crypto { description "The base of all."; }
  identity des { base crypto; }
  identity des3 { base des; }
  identity other;
  grouping typed {
    leaf alg { type identityref { base crypto; } }
    leaf strong { type boolean; must "../alg = 'ba:des3'"; }
  }
}"#;

const MODEL: &str = r#"
module model {
  yang-version 1.1;
  namespace "urn:model";
  prefix m;
  import base { prefix crypt; }
  container top {
    list item {
      key "name";
      leaf name { type string; }
      leaf size { type uint32; default 5; }
      leaf note { type string; }
      leaf-list tag { type string; ordered-by user; }
      list sub { key "a b"; leaf a { type uint8; } leaf b { type string; } leaf v { type string; } }
    }
    list mixed {
      key "id";
      leaf id { type union { type uint8; type string; } }
      leaf v { type string; }
    }
    list keyless { config false; leaf x { type uint8; } }
    leaf price { type decimal64 { fraction-digits 2; } }
    leaf flag { type boolean; }
    leaf nothing { type empty; }
    leaf blob { type binary; }
    leaf colour { type enumeration { enum red { value 3; } enum blue { value 7; } } }
    leaf flags { type bits { bit UP; bit DOWN { position 5; } } }
    leaf kind { type identityref { base crypt:crypto; } }
    list by-kind { key kind; leaf kind { type identityref { base crypt:crypto; } } leaf v { type string; } }
    leaf ref { type leafref { path "../item/name"; } }
    leaf sub-item { type leafref { path "/m:top/m:item/m:name"; } }
    leaf sub-b { type leafref { path "../item[name = current()/../sub-item]/sub/b"; } }
    leaf-list tag-ref { type leafref { path "../item/tag"; } }
    leaf by-note { type leafref { path "../item/note"; require-instance false; } }
    leaf either { type union { type leafref { path "../item/name"; } type leafref { path "../item/note"; } } }
    leaf inst { type instance-identifier { require-instance false; } }
    container empty-np { leaf d { type string; default "dflt"; } }
    container presence { presence "there"; }
    uses crypt:typed;
  }
  rpc run {
    input { leaf what { type leafref { path "/top/item/name"; } } leaf n { type uint8; } }
  }
}"#;

const DATA: &str = r#"
<top xmlns="urn:model">
  <item><name>one</name><size>10</size><tag>x</tag><tag>a</tag>
    <sub><a>1</a><b>p</b><v>1p</v></sub><sub><a>1</a><b>q</b><v>1q</v></sub><sub><a>2</a><b>p</b><v>2p</v></sub></item>
  <item><name>two</name><note>second one</note><tag>x</tag></item>
  <item><name>ten</name><size>100</size><note>10</note></item>
  <mixed><id>7</id><v>number</v></mixed><mixed><id>x</id><v>string</v></mixed>
  <price>3.10</price><flag>true</flag><nothing/><blob>Zm9v</blob><colour>blue</colour><flags>DOWN UP</flags>
  <kind xmlns:x="urn:base">x:des3</kind>
  <by-kind xmlns:x="urn:base"><kind>x:des</kind><v>single</v></by-kind>
  <ref>two</ref><sub-item>one</sub-item><sub-b>q</sub-b><tag-ref>x</tag-ref><by-note>10</by-note><either>10</either>
  <inst xmlns:q="urn:model">/q:top/q:item[q:name='ten']/q:size</inst>
  <alg xmlns:x="urn:base">x:des3</alg>
</top>"#;

struct World {
    tree: Tree,
}

impl World {
    fn new() -> Self {
        Self { tree: tree(&schema(&[BASE, MODEL]), DATA) }
    }

    fn schema(&self) -> &Arc<Schema> {
        self.tree.schema()
    }

    fn view(&self) -> View {
        View::of(&self.tree).defaults(DefaultMode::ReportAll)
    }
}

/// Evaluates with the node `/model:top` as context; prefixes are those of the module.
fn eval<'v>(view: &'v View, text: &str) -> Result<XPathValue<'v>, EvaluationError> {
    eval_at(&top(view), text, None)
}

fn eval_at<'v>(at: &Cursor<'v>, text: &str, limit: Option<u64>) -> Result<XPathValue<'v>, EvaluationError> {
    let schema = at.schema();
    let expr = yang_schema::xpath::parse(text, &mut |prefix| match prefix {
        "m" => schema.find_module("model"),
        "crypt" => schema.find_module("base"),
        _ => None,
    });
    let expr = expr.unwrap_or_else(|e| panic!("{text}: {e} at {}", e.offset));
    xpath::evaluate_expr(&expr, &ModuleNames(schema), at, limit)
}

fn top<'v>(view: &'v View) -> Cursor<'v> {
    view.root().children().next().expect("there is a top")
}

/// The value in one line: nodes as their paths.
fn shown(value: &XPathValue<'_>) -> String {
    match value {
        XPathValue::Nodes(nodes) => {
            let paths: Vec<String> = nodes
                .iter()
                .map(|n| {
                    let path = n.cursor.path();
                    let path = path.strip_prefix("/model:top/").unwrap_or(&path);
                    if n.text { format!("{path}/text()") } else { path.to_owned() }
                })
                .collect();
            paths.join(" ")
        }
        XPathValue::Boolean(b) => b.to_string(),
        XPathValue::Number(n) => format!("{n}"),
        XPathValue::String(s) => format!("{s:?}"),
    }
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let world = World::new();
    let view = world.view();
    for (text, expected) in cases {
        let value = eval(&view, text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(shown(&value), *expected, "{text}");
    }
}

//! Evaluation of XPath: the rules of XPath 1.0, and of RFC 7950 sections 6.4, 9.10.3 and 10.

mod common;
use common::*;
use proptest::prelude::*;
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

#[test]
fn paths_select_nodes_in_the_order_of_the_document() {
    check(&[
        (".", "/model:top"),
        ("..", "/"),
        ("/", "/"),
        ("/top", "/model:top"),
        ("/m:top/m:price", "price"),
        ("/crypt:top", ""),
        ("item/size", "item[name='one']/size item[name='ten']/size item[name='two']/size"),
        ("item/tag", "item[name='one']/tag[.='x'] item[name='one']/tag[.='a'] item[name='two']/tag[.='x']"),
        ("price | flag | price", "price flag"),
        ("flag | price", "price flag"),
        ("price/..", "/model:top"),
        ("item/name/..", "item[name='one'] item[name='ten'] item[name='two']"),
        (
            "//v",
            "item[name='one']/sub[a='1'][b='p']/v item[name='one']/sub[a='1'][b='q']/v item[name='one']/sub[a='2'][b='p']/v mixed[id='7']/v mixed[id='x']/v by-kind[kind='base:des']/v",
        ),
        (
            ".//a",
            "item[name='one']/sub[a='1'][b='p']/a item[name='one']/sub[a='1'][b='q']/a item[name='one']/sub[a='2'][b='p']/a",
        ),
        ("nowhere", ""),
        ("price/x", ""),
        ("count(*)", "22"),
        ("count(m:*) = count(*)", "true"),
        ("crypt:*", ""),
        ("@price", ""),
        ("namespace::*", ""),
        ("comment() | processing-instruction()", ""),
    ]);
}

#[test]
fn axes_go_where_they_say() {
    check(&[
        ("price/following-sibling::*[1]", "flag"),
        ("price/preceding-sibling::*[1]", "mixed[id='x']"),
        ("price/preceding-sibling::mixed[2]", "mixed[id='7']"),
        ("price/preceding-sibling::mixed", "mixed[id='7'] mixed[id='x']"),
        (
            "item[name='one']/sub[1]/v/ancestor::*",
            "/model:top item[name='one'] item[name='one']/sub[a='1'][b='p']",
        ),
        ("item[name='one']/sub[1]/v/ancestor::*[1]", "item[name='one']/sub[a='1'][b='p']"),
        ("item[name='one']/sub[1]/v/ancestor::node()[last()]", "/"),
        ("price/ancestor-or-self::*", "/model:top price"),
        ("item[name='two']/name/following::tag", "item[name='two']/tag[.='x']"),
        ("item[name='two']/name/preceding::tag", "item[name='one']/tag[.='x'] item[name='one']/tag[.='a']"),
        ("item[name='two']/name/preceding::tag[1]", "item[name='one']/tag[.='a']"),
        ("item[name='two']/preceding::name[1]", "item[name='ten']/name"),
        (
            "mixed[1]/descendant-or-self::node()",
            "mixed[id='7'] mixed[id='7']/id mixed[id='7']/id/text() mixed[id='7']/v mixed[id='7']/v/text()",
        ),
        ("mixed[1]/descendant::text()", "mixed[id='7']/id/text() mixed[id='7']/v/text()"),
        ("price/self::price", "price"),
        ("price/self::flag", ""),
        ("count(//node()) = count(/descendant::node())", "true"),
        ("/following::* | /preceding::* | /..", ""),
    ]);
}

#[test]
fn predicates_count_positions_along_the_axis() {
    check(&[
        ("item[2]", "item[name='ten']"),
        ("item[last()]", "item[name='two']"),
        ("item[position() > 1]", "item[name='ten'] item[name='two']"),
        ("item[position() = 1 or position() = 3]", "item[name='one'] item[name='two']"),
        ("item[0] | item[4] | item[1.5]", ""),
        ("item/tag[1]", "item[name='one']/tag[.='x'] item[name='two']/tag[.='x']"),
        ("(item/tag)[1]", "item[name='one']/tag[.='x']"),
        ("item[tag][2]", "item[name='two']"),
        ("item[2][tag]", ""),
        ("item[note]/name", "item[name='ten']/name item[name='two']/name"),
        ("item[size > 5]/name", "item[name='one']/name item[name='ten']/name"),
        ("item['']", ""),
        ("item['x'][1]", "item[name='one']"),
        ("(item | mixed)[last()]", "mixed[id='x']"),
        ("item[count(tag) = 2]", "item[name='one']"),
    ]);
}

#[test]
fn predicates_on_keys_find_what_a_scan_finds() {
    check(&[
        ("item[name = 'two']/note", "item[name='two']/note"),
        ("item['two' = name]", "item[name='two']"),
        ("item[m:name = 'two'][note]", "item[name='two']"),
        ("item[name = 'two'][size = 6]", ""),
        ("item[name = current()/ref]", "item[name='two']"),
        ("item[name = ../ref]", "item[name='two']"),
        ("item[name = 'nobody']", ""),
        ("item[name = /top/item/name]", "item[name='one'] item[name='ten'] item[name='two']"),
        ("item[name = concat('t', 'en')]", "item[name='ten']"),
        ("item[name = note]", ""),
        ("item[name = 'one'][name = 'one']", "item[name='one']"),
        ("item[name = 'one'][name = 'two']", ""),
        ("item[1]/sub[a = 1][b = 'q']/v", "item[name='one']/sub[a='1'][b='q']/v"),
        ("item[1]/sub[b = 'q' and a = '1']/v", "item[name='one']/sub[a='1'][b='q']/v"),
        (
            "item[1]/sub[a = '1']/v",
            "item[name='one']/sub[a='1'][b='p']/v item[name='one']/sub[a='1'][b='q']/v",
        ),
        ("item[1]/sub[a = '01'][b = 'p']", ""),
        ("item[1]/sub[a = 01][b = 'p']", "item[name='one']/sub[a='1'][b='p']"),
        ("item[1]/sub[a = 1.5][b = 'p']", ""),
        ("item[1]/sub[a = '1'][b = 'p'][last()]", "item[name='one']/sub[a='1'][b='p']"),
        (
            "item[1]/sub[a = current()/item[1]/sub/a][b = 'p']",
            "item[name='one']/sub[a='1'][b='p'] item[name='one']/sub[a='2'][b='p']",
        ),
        ("item[1]/tag[. = 'a']", "item[name='one']/tag[.='a']"),
        ("item[1]/tag[. = 'a'][2]", ""),
        ("mixed[id = '7']/v", "mixed[id='7']/v"),
        ("mixed[id = 7]/v", "mixed[id='7']/v"),
        ("mixed[id = 'x']/v", "mixed[id='x']/v"),
        ("by-kind[kind = 'base:des']/v", "by-kind[kind='base:des']/v"),
        ("by-kind[kind = 'des']/v", ""),
        ("item[name = true()]", "item[name='one'] item[name='ten'] item[name='two']"),
    ]);
}

#[test]
fn comparisons_are_existential() {
    check(&[
        ("item/name = 'two'", "true"),
        ("item/name != 'two'", "true"),
        ("not(item/name = 'two')", "false"),
        ("item/name = 'x'", "false"),
        ("nowhere = 'x'", "false"),
        ("nowhere != 'x'", "false"),
        ("nowhere = nowhere", "false"),
        ("nowhere = false()", "true"),
        ("item = true()", "true"),
        ("item/size > 99", "true"),
        ("item/size < 5", "false"),
        ("5 >= item/size", "true"),
        ("100 < item/size", "false"),
        ("item/name = ref", "true"),
        ("item/note = item/name", "false"),
        ("item/note != item/name", "true"),
        ("price != price", "false"),
        ("item/name != item/name", "true"),
        ("item/size > item[1]/size", "true"),
        ("item/size < item/name", "false"),
        ("price = 3.1", "true"),
        ("price = '3.1'", "true"),
        ("price = '3.10'", "false"),
        ("price > 3", "true"),
        ("1 = '1.0'", "true"),
        ("'1' = '1.0'", "false"),
        ("'a' < 'b'", "false"),
        ("'1' < '2'", "true"),
        ("true() = 'x'", "true"),
        ("true() > false()", "true"),
        ("1 < 2 < 1", "false"),
        ("flag = 'true'", "true"),
        ("nothing = ''", "true"),
    ]);
}

#[test]
fn numbers_follow_the_rules_of_xpath() {
    check(&[
        ("1 + 2 * 3 - -4", "11"),
        ("5 mod 2", "1"),
        ("5 mod -2", "1"),
        ("-5 mod 2", "-1"),
        ("1.5 mod 0.5", "0"),
        ("1 div 4", "0.25"),
        ("string(1 div 0)", "\"Infinity\""),
        ("string(-1 div 0)", "\"-Infinity\""),
        ("string(0 div 0)", "\"NaN\""),
        ("string(-0)", "\"0\""),
        ("string(1000000000000000000000)", "\"1000000000000000000000\""),
        ("string(0.000001)", "\"0.000001\""),
        ("string(2.50)", "\"2.5\""),
        ("number('+1')", "NaN"),
        ("number('1e3')", "NaN"),
        ("number(' -12.50 ')", "-12.5"),
        ("number('')", "NaN"),
        ("number('.')", "NaN"),
        ("number('.5')", "0.5"),
        ("number('5.')", "5"),
        ("number('- 1')", "NaN"),
        ("number(true())", "1"),
        ("number(item)", "NaN"),
        ("number(item/size)", "10"),
        ("sum(item/size)", "115"),
        ("sum(nowhere)", "0"),
        ("floor(-1.5)", "-2"),
        ("ceiling(-1.5)", "-1"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-2"),
        ("round(0.49999999999999994)", "0"),
        ("1 div round(-0.2)", "-inf"),
        ("string(round(0 div 0))", "\"NaN\""),
    ]);
}

#[test]
fn strings_follow_the_rules_of_xpath() {
    check(&[
        ("concat('a', 1, true())", "\"a1true\""),
        ("starts-with('abc', 'ab')", "true"),
        ("starts-with('abc', '')", "true"),
        ("contains('abc', 'bc')", "true"),
        ("substring-before('1999/04/01', '/')", "\"1999\""),
        ("substring-after('1999/04/01', '/')", "\"04/01\""),
        ("substring-after('abc', 'x')", "\"\""),
        ("substring('12345', 2, 3)", "\"234\""),
        ("substring('12345', 2)", "\"2345\""),
        ("substring('12345', 1.5, 2.6)", "\"234\""),
        ("substring('12345', 0, 3)", "\"12\""),
        ("substring('12345', 0 div 0, 3)", "\"\""),
        ("substring('12345', 1, 0 div 0)", "\"\""),
        ("substring('12345', -42, 1 div 0)", "\"12345\""),
        ("substring('12345', -1 div 0, 1 div 0)", "\"\""),
        ("substring('äöü', 2, 1)", "\"ö\""),
        ("string-length('äöü')", "3"),
        ("normalize-space('  a \t b\n ')", "\"a b\""),
        ("translate('bar', 'abc', 'AB')", "\"BAr\""),
        ("translate('--aaa--', 'abc-', 'ABC')", "\"AAA\""),
        ("string(item[1]/sub[1])", "\"1p1p\""),
        ("string(nowhere)", "\"\""),
        ("string(item[2]/size)", "\"100\""),
        ("string(mixed[1])", "\"7number\""),
        ("boolean('false')", "true"),
        ("boolean('')", "false"),
        ("boolean(0)", "false"),
        ("boolean(0 div 0)", "false"),
        ("not(nowhere)", "true"),
        ("lang('en')", "false"),
        ("id('x')", ""),
    ]);
}

#[test]
fn functions_without_argument_ask_the_context() {
    check(&[
        ("item[string-length() > 8]/name", "item[name='one']/name item[name='two']/name"),
        ("item/name[string() = 'two']", "item[name='two']/name"),
        ("item/size[number() = 10]", "item[name='one']/size"),
        ("item/name[normalize-space() = 'two']", "item[name='two']/name"),
        ("*[local-name() = 'price']", "price"),
        ("name(price)", "\"model:price\""),
        ("local-name()", "\"top\""),
        ("local-name(/)", "\"\""),
        ("namespace-uri(price)", "\"urn:model\""),
        ("local-name(nowhere)", "\"\""),
    ]);
}

#[test]
fn text_nodes_stand_inside_leaves() {
    check(&[
        ("price/text()", "price/text()"),
        ("price/text() = '3.1'", "true"),
        ("price/text()/..", "price"),
        ("price/node()", "price/text()"),
        ("nothing/text()", ""),
        ("item/text()", ""),
        ("text()", ""),
        ("price/text()/text()", ""),
        ("price/text()/following-sibling::*", ""),
        ("count(item[1]//text())", "13"),
        ("local-name(price/text())", "\"\""),
    ]);
}

#[test]
fn values_are_compared_in_canonical_form() {
    check(&[
        ("string(flags)", "\"UP DOWN\""),
        ("string(blob)", "\"Zm9v\""),
        ("string(kind)", "\"base:des3\""),
        ("kind = 'base:des3'", "true"),
        ("kind = alg", "true"),
        ("string(inst)", "\"/model:top/item[name='ten']/size\""),
        ("colour = 'blue'", "true"),
    ]);
}

#[test]
fn defaults_are_there() {
    check(&[
        ("item[name='two']/size", "item[name='two']/size"),
        ("item[name='two']/size = 5", "true"),
        ("empty-np/d", "empty-np/d"),
        ("string(empty-np/d)", "\"dflt\""),
        ("presence", ""),
        ("count(empty-np)", "1"),
    ]);
    let world = World::new();
    let explicit = View::of(&world.tree);
    assert_eq!(
        shown(&eval(&explicit, "item/size | empty-np").expect("a path")),
        "item[name='one']/size item[name='ten']/size"
    );
}

#[test]
fn yang_functions() {
    check(&[
        ("current()/price", "price"),
        ("item[name = current()/ref]/name", "item[name='two']/name"),
        ("re-match('1.22.333', '\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}')", "true"),
        ("re-match('aax', 'a+')", "false"),
        ("count(item[re-match(name, 't.*')])", "2"),
        ("deref(ref)", "item[name='two']/name"),
        ("deref(ref)/../note", "item[name='two']/note"),
        ("deref(sub-b)/../v", "item[name='one']/sub[a='1'][b='q']/v"),
        ("deref(tag-ref)", "item[name='one']/tag[.='x'] item[name='two']/tag[.='x']"),
        ("deref(by-note)", "item[name='ten']/note"),
        ("deref(either)", "item[name='ten']/note"),
        ("deref(inst)", "item[name='ten']/size"),
        ("deref(price)", ""),
        ("deref(nowhere)", ""),
        ("derived-from(kind, 'base:crypto')", "true"),
        ("derived-from(kind, 'base:des')", "true"),
        ("derived-from(kind, 'base:des3')", "false"),
        ("derived-from-or-self(kind, 'base:des3')", "true"),
        ("derived-from-or-self(kind, 'base:other')", "false"),
        ("derived-from-or-self(kind, 'base:unknown')", "false"),
        ("derived-from(price, 'base:crypto')", "false"),
        ("derived-from(nowhere, 'base:crypto')", "false"),
        ("enum-value(colour)", "7"),
        ("enum-value(price)", "NaN"),
        ("enum-value(nowhere)", "NaN"),
        ("bit-is-set(flags, 'UP')", "true"),
        ("bit-is-set(flags, 'SIDEWAYS')", "false"),
        ("bit-is-set(price, 'UP')", "false"),
        ("bit-is-set(nowhere, 'UP')", "false"),
    ]);
}

#[test]
fn what_needs_nodes_says_so() {
    let world = World::new();
    let view = world.view();
    for (text, words) in [
        ("count('x')", "`count` needs nodes, but was given a string"),
        ("sum(1)", "`sum` needs nodes, but was given a number"),
        ("price | 1", "`|` needs nodes, but was given a number"),
        ("true()/x", "`/` needs nodes, but was given a boolean"),
        ("re-match('a', '[')", "no pattern"),
    ] {
        let error = eval(&view, text).expect_err(text);
        assert!(error.to_string().contains(words), "{text}: {error}");
    }
}

#[test]
fn what_is_not_needed_is_not_evaluated() {
    check(&[("true() or count('x')", "true"), ("false() and count('x')", "false")]);
}

#[test]
fn visited_nodes_are_limited() {
    let world = World::new();
    let view = world.view();
    assert_eq!(eval_at(&top(&view), "//node()", Some(10)), Err(EvaluationError::TooManyNodes(10)));
    assert!(eval_at(&top(&view), "item[name = 'two']/note", Some(10)).is_ok(), "a look-up visits few");
}

#[test]
fn expressions_of_the_schema_know_their_prefixes() {
    // `alg` and `strong` come from a grouping of another module: names without prefix belong to the module of the `uses`, while
    // `ba` in the string is the prefix that the grouping's module gives itself.
    let world = World::new();
    let view = world.view();
    let strong = world.schema().find("/model:top/strong").expect("it is there");
    let must = strong.musts()[0].xpath;
    let top = top(&view);
    // The leaf is not set; its place is what the expression starts from, so any child of the same parent will do.
    let sibling = top.child_named(strong.module(), "flag").expect("it is set");
    assert_eq!(xpath::holds(must, &sibling), Ok(true));
    assert!(matches!(xpath::evaluate(must, &sibling), Ok(XPathValue::Boolean(true))));
}

fn leafref_of(schema: &Schema, path: &str) -> yang_schema::XPathId {
    match schema.find(path).and_then(|n| n.type_()).expect("a leaf").detail() {
        TypeDetail::Leafref { path, .. } => *path,
        other => panic!("{path} is no leafref but {other:?}"),
    }
}

#[test]
fn leafrefs_find_their_targets() {
    let world = World::new();
    let view = world.view();
    let top = top(&view);
    let model = world.schema().find_module("model").expect("it is there");
    for (leaf, found) in [
        ("ref", "item[name='two']/name"),
        ("sub-item", "item[name='one']/name"),
        ("sub-b", "item[name='one']/sub[a='1'][b='q']/b"),
        ("by-note", "item[name='ten']/note"),
    ] {
        let path = leafref_of(world.schema(), &format!("/model:top/{leaf}"));
        let leaf = top.child_named(model, leaf).expect("it is set");
        let targets =
            xpath::leafref_targets(&leaf, path, leaf.value().expect("it has a value")).expect("a path");
        let paths: Vec<String> = targets.iter().map(|t| t.path().replace("/model:top/", "")).collect();
        assert_eq!(paths, [found]);
    }
    let path = leafref_of(world.schema(), "/model:top/ref");
    let leaf = top.child_named(model, "ref").expect("it is set");
    let nobody = yang_schema::Value::String("nobody".into());
    assert_eq!(xpath::leafref_targets(&leaf, path, &nobody), Ok(Vec::new()));
}

#[test]
fn an_rpc_sees_itself_and_the_datastore() {
    let world = World::new();
    let rpc = world.schema().find("/model:run").expect("it is there");
    let input = rpc.children().next().expect("every rpc has an input").id();
    let tree =
        decode_at(world.schema(), input, r#"<what xmlns="urn:model">two</what><n xmlns="urn:model">3</n>"#)
            .expect("it is valid");
    let view = world.view().operation(&tree, None);
    let run = view.operation_node().expect("it was given");
    let value = |text| shown(&eval_at(&run, text, None).expect(text));
    assert_eq!(value("n + 1"), "4");
    assert_eq!(value("/run/n"), "/model:run/n");
    assert_eq!(value("/top/item[name = current()/what]/note"), "item[name='two']/note");
    assert_eq!(value("deref(what)"), "item[name='two']/name");
    assert_eq!(value("what/../n"), "/model:run/n");
    assert_eq!(value("count(/*)"), "2");
    assert_eq!(value("//n"), "/model:run/n");
}

#[test]
fn deep_expressions_fit_the_stack_of_any_thread() {
    let world = World::new();
    let view = world.view();
    let depth = yang_schema::xpath::MAX_DEPTH / 2 - 2;
    let nested = format!("{}1{}", "self::node()[".repeat(depth), "]".repeat(depth));
    let calls = format!("{}1{}", "not(".repeat(depth), ")".repeat(depth));
    std::thread::scope(|scope| {
        let run = || {
            assert_eq!(shown(&eval(&view, &nested).expect("it is deep")), "/model:top");
            eval(&view, &calls).expect("it is deep");
        };
        // Two mebibytes: what threads of the standard library and of tokio have.
        let thread = std::thread::Builder::new().stack_size(2 << 20).spawn_scoped(scope, run);
        thread.expect("a thread starts").join().expect("no overflow");
    });
}

#[test]
fn the_root_alone_is_no_trouble() {
    let schema = schema(&[BASE, MODEL]);
    let tree = Tree::new(schema);
    let view = View::of(&tree);
    assert_eq!(tree.at(), NodeId::ROOT);
    let value = |text| shown(&eval_at(&view.root(), text, None).expect(text));
    assert_eq!(value("count(//node())"), "0");
    assert_eq!(value("string(/)"), "\"\"");
    assert_eq!(value("top/item[name = 'x']"), "");
}

/// Paths with predicates on keys in forms that can and that cannot be looked up.
fn key_paths() -> impl Strategy<Value = (String, String)> {
    let key = prop::sample::select(vec![
        "'one'",
        "'two'",
        "'nobody'",
        "current()/ref",
        "'10'",
        "10",
        "/top/item/name",
    ]);
    let number = prop::sample::select(vec!["1", "'1'", "2", "'02'", "/top/item/sub/a", "1.5", "'p'"]);
    let name = prop::sample::select(vec!["'p'", "'q'", "/top/sub-b", "'x'"]);
    (key, number, name).prop_map(|(key, a, b)| {
        let fast = format!(
            "item[name = {key}]/name | item/sub[a = {a}][b = {b}]/v | item/sub[b = {b} and {a} = a]/v"
        );
        // `position() > 0` before and an `or` inside keep the look-up away.
        let slow = format!(
            "item[position() > 0][name = {key}]/name | item/sub[position() > 0][a = {a}][b = {b}]/v | \
             item/sub[(b = {b} and {a} = a) or false()]/v"
        );
        (fast, slow)
    })
}

proptest! {
    #[test]
    fn look_ups_and_scans_agree((fast, slow) in key_paths()) {
        let world = World::new();
        let view = world.view();
        let (fast, slow) = (eval(&view, &fast).expect("a path"), eval(&view, &slow).expect("a path"));
        prop_assert_eq!(shown(&fast), shown(&slow));
    }

    #[test]
    fn numbers_come_back_from_their_strings(n: f64) {
        prop_assume!(n.is_finite());
        let world = World::new();
        let view = world.view();
        let text = format!("number(string({n}))");
        let value = eval(&view, &text.replace("(-", "(0 - ")).expect("a number");
        prop_assert_eq!(value, XPathValue::Number(n));
    }
}

/// What a user's filter sees: prefixes of its own for the modules.
struct OwnPrefixes<'s>(&'s Schema);

impl xpath::Names for OwnPrefixes<'_> {
    fn default_module(&self) -> Option<yang_schema::ModuleId> {
        None
    }

    fn module(&self, prefix: &str) -> Option<yang_schema::ModuleId> {
        (prefix == "mine").then(|| self.0.find_module("base")).flatten()
    }

    fn prefix(&self, module: yang_schema::ModuleId) -> Option<std::borrow::Cow<'_, str>> {
        Some(self.0.module_name(module).into())
    }
}

#[test]
fn an_identity_equals_its_name_by_any_prefix_of_its_module() {
    let world = World::new();
    let view = world.view();
    for (text, expected) in [
        ("kind = 'mine:des3'", true),
        ("kind != 'mine:des3'", false),
        ("kind = 'mine:des'", false),
        ("kind = 'des3'", false),
        ("kind = 'yours:des3'", false),
        ("by-kind[kind = 'mine:des']/v = 'single'", true),
        ("derived-from(kind, 'mine:des')", true),
        ("kind/text() = 'mine:des3'", true),
    ] {
        let expr = yang_schema::xpath::parse(text, &mut |_| None).expect(text);
        let value = xpath::evaluate_expr(&expr, &OwnPrefixes(world.schema()), &top(&view), None).expect(text);
        assert_eq!(value.boolean(), expected, "{text}");
    }
}

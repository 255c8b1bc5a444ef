//! edit-config (RFC 6241 section 7.2; RFC 7950 sections 7.5.8, 7.6.7, 7.7.9, 7.8.6, 8.3.2).

mod common;
use common::*;
use yang_data::edit::DefaultOperation::{Merge, None as NoOperation, Replace};
use yang_data::edit::{ApplyOptions, Edit, ErrorOption, Operation, Payload};
use yang_data::tree::Tree;
use yang_schema::Value;

const ZOO: &str = r#"
module zoo {
  yang-version 1.1;
  namespace "urn:zoo";
  prefix z;
  container zoo {
    leaf open { type boolean; default true; }
    list animal {
      key name;
      leaf name { type string; }
      leaf legs { type uint8; default 4; }
      leaf-list food { type string; ordered-by user; }
      choice home {
        container cage { leaf bars { type uint8; } }
        case water {
          leaf pond { type string; }
          choice depth { leaf deep { type empty; } leaf flat { type empty; } }
        }
      }
    }
    list queue { key "first last"; ordered-by user; leaf first { type string; } leaf last { type string; } leaf age { type uint8; } }
    container shop { presence "There is a shop."; leaf owner { type string; } }
    leaf visitors { type uint32; config false; }
    leaf kind { type string; }
    leaf sharks { when "../kind = 'aquarium'"; type uint8; }
  }
}"#;

const NC: &str =
    r#"xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns:y="urn:ietf:params:xml:ns:yang:1""#;

fn zoo(body: &str) -> String {
    format!("<zoo xmlns='urn:zoo' {NC}>{body}</zoo>")
}

fn start(body: &str) -> Tree {
    tree(&schema(&[ZOO]), &format!("<zoo xmlns='urn:zoo'>{body}</zoo>"))
}

fn inner(tree: &Tree) -> String {
    let text = text(tree);
    text.trim_start_matches("<zoo>").trim_end_matches("</zoo>").to_owned()
}

/// What merging an edit makes of a zoo.
fn merged(before: &str, change: &str) -> String {
    match apply(&start(before), Merge, &zoo(change)) {
        Ok(tree) => inner(&tree),
        Err(errors) => brief(&errors),
    }
}

const LION: &str = "<animal><name>lion</name><legs>4</legs></animal>";

#[test]
fn merge_adds_and_overwrites() {
    assert_eq!(
        merged(LION, "<animal><name>lion</name><legs>3</legs></animal><animal><name>ant</name></animal>"),
        "<animal><name>ant</name></animal><animal><name>lion</name><legs>3</legs></animal>"
    );
}

#[test]
fn replace_leaves_nothing_of_what_was_there() {
    assert_eq!(
        merged(LION, "<animal nc:operation='replace'><name>lion</name><food>gnu</food></animal>"),
        "<animal><name>lion</name><food>gnu</food></animal>"
    );
    let tree = start(&format!("{LION}<shop/>"));
    let replaced = apply(&tree, Replace, &zoo("<kind>farm</kind>")).expect("it can be replaced");
    assert_eq!(inner(&replaced), "<kind>farm</kind>");
}

#[test]
fn create_and_delete_look_whether_it_is_there() {
    let lion = "/zoo:zoo/animal[name='lion']";
    assert_eq!(
        merged(LION, "<animal nc:operation='create'><name>lion</name></animal>"),
        format!("data-exists - {lion}")
    );
    assert_eq!(
        merged("", "<animal nc:operation='create'><name>ant</name><legs>6</legs></animal>"),
        "<animal><name>ant</name><legs>6</legs></animal>"
    );
    assert_eq!(merged(LION, "<animal nc:operation='delete'><name>lion</name></animal>"), "");
    assert_eq!(
        merged("", "<animal nc:operation='delete'><name>lion</name></animal>"),
        format!("data-missing - {lion}")
    );
    assert_eq!(merged("", "<animal nc:operation='remove'><name>lion</name></animal>"), "");
    assert_eq!(merged("", "<shop nc:operation='delete'/>"), "data-missing - /zoo:zoo/shop");
    assert_eq!(merged("<kind>x</kind>", "<kind nc:operation='delete'/>"), "");
    assert_eq!(
        merged("", "<open nc:operation='delete'/>"),
        "data-missing - /zoo:zoo/open",
        "a default is not there"
    );
    assert_eq!(
        merged("<open>true</open>", "<open nc:operation='create'>true</open>"),
        "data-exists - /zoo:zoo/open"
    );
}

#[test]
fn an_operation_is_inherited_by_the_nodes_below() {
    assert_eq!(
        merged(
            "<shop><owner>ann</owner></shop>",
            "<shop nc:operation='merge'><owner nc:operation='create'>bob</owner></shop>"
        ),
        "data-exists - /zoo:zoo/shop/owner"
    );
    let tree = start("<shop><owner>ann</owner></shop>");
    // `create` at the top container, which has children, says that it must not be there.
    let edit = format!("<zoo xmlns='urn:zoo' {NC} nc:operation='create'><kind>x</kind></zoo>");
    assert_eq!(brief(&apply(&tree, Merge, &edit).expect_err("it is there")), "data-exists - /zoo:zoo");
}

#[test]
fn without_a_default_operation_parents_must_be_there() {
    let tree = start("");
    let attempt = |edit: &str| match apply(&tree, NoOperation, &zoo(edit)) {
        Ok(tree) => inner(&tree),
        Err(errors) => brief(&errors),
    };
    assert_eq!(attempt("<kind nc:operation='merge'>x</kind>"), "<kind>x</kind>");
    assert_eq!(attempt("<shop><owner nc:operation='merge'>x</owner></shop>"), "data-missing - /zoo:zoo/shop");
    assert_eq!(attempt("<kind>x</kind>"), "data-missing - /zoo:zoo/kind");
    assert_eq!(attempt("<animal><name>ant</name></animal>"), "data-missing - /zoo:zoo/animal[name='ant']");
}

#[test]
fn a_node_of_one_case_makes_those_of_the_others_go() {
    let before = "<animal><name>eel</name><pond>big</pond><deep/></animal>";
    assert_eq!(
        merged(before, "<animal><name>eel</name><cage><bars>9</bars></cage></animal>"),
        "<animal><name>eel</name><cage><bars>9</bars></cage></animal>"
    );
    assert_eq!(
        merged(before, "<animal><name>eel</name><flat/></animal>"),
        "<animal><name>eel</name><pond>big</pond><flat/></animal>"
    );
    assert_eq!(
        merged(before, "<animal><name>eel</name><flat/><cage/></animal>"),
        "bad-element - /zoo:zoo/animal[name='eel']/cage"
    );
}

const QUEUE: &str = "<queue><first>a</first><last>1</last></queue><queue><first>b</first><last>2</last></queue><queue><first>c</first><last>3</last></queue>";

fn queue(order: &[(&str, &str)]) -> String {
    order.iter().map(|(f, l)| format!("<queue><first>{f}</first><last>{l}</last></queue>")).collect()
}

#[test]
fn insert_puts_entries_where_users_want_them() {
    let insert = |attributes: &str| {
        merged(QUEUE, &format!("<queue {attributes}><first>x</first><last>9</last></queue>"))
    };
    let (a, b, c, x) = (("a", "1"), ("b", "2"), ("c", "3"), ("x", "9"));
    assert_eq!(insert(""), queue(&[a, b, c, x]));
    assert_eq!(insert("y:insert='first'"), queue(&[x, a, b, c]));
    assert_eq!(insert("y:insert='last'"), queue(&[a, b, c, x]));
    assert_eq!(
        insert(r#"y:insert='after' y:key="[z:first='a'][z:last='1']" xmlns:z='urn:zoo'"#),
        queue(&[a, x, b, c])
    );
    assert_eq!(insert(r#"y:insert='before' y:key="[first='c'] [last = '3']""#), queue(&[a, b, x, c]));
}

#[test]
fn insert_moves_entries_that_are_there_and_nothing_else_does() {
    let change = |attributes: &str| {
        merged(QUEUE, &format!("<queue {attributes}><first>c</first><last>3</last></queue>"))
    };
    let (a, b, c) = (("a", "1"), ("b", "2"), ("c", "3"));
    assert_eq!(change("y:insert='first'"), queue(&[c, a, b]));
    assert_eq!(change("nc:operation='merge'"), queue(&[a, b, c]));
    assert_eq!(change("nc:operation='replace'"), queue(&[a, b, c]));
    let foods = "<animal><name>x</name><food>1</food><food>2</food></animal>";
    assert_eq!(
        merged(
            foods,
            "<animal><name>x</name><food y:insert='before' y:value='1'>2</food><food y:insert='after' y:value='2'>3</food></animal>"
        ),
        "<animal><name>x</name><food>2</food><food>3</food><food>1</food></animal>"
    );
}

#[test]
fn insert_that_makes_no_sense() {
    let entry = "/zoo:zoo/queue[first='x'][last='9']";
    let insert = |attributes: &str| {
        merged(QUEUE, &format!("<queue {attributes}><first>x</first><last>9</last></queue>"))
    };
    assert_eq!(
        insert(r#"y:insert='after' y:key="[first='q'][last='1']""#),
        format!("bad-attribute missing-instance {entry}")
    );
    assert_eq!(insert("y:insert='after'"), "missing-attribute - /zoo:zoo/queue");
    assert_eq!(insert(r#"y:insert='after' y:key="[first='q']""#), "bad-attribute - /zoo:zoo/queue");
    assert_eq!(insert("y:insert='middle'"), "bad-attribute - /zoo:zoo/queue");
    assert_eq!(
        merged("", "<animal y:insert='first'><name>x</name></animal>"),
        "unknown-attribute - /zoo:zoo/animal",
        "its order is the system's"
    );
}

#[test]
fn the_operation_attribute_has_a_namespace() {
    assert_eq!(merged("", "<kind operation='delete'>x</kind>"), "unknown-attribute - /zoo:zoo/kind");
    assert_eq!(merged("", "<kind nc:operation='none'>x</kind>"), "bad-attribute - /zoo:zoo/kind");
}

#[test]
fn payloads_are_checked_before_anything_is_done() {
    assert_eq!(merged("", "<visitors>3</visitors>"), "unknown-element - /zoo:zoo/visitors");
    assert_eq!(
        merged("", "<animal><name>x</name><legs>many</legs></animal><huh/><animal/>"),
        "invalid-value - /zoo:zoo/animal[name='x']/legs\nunknown-element - /zoo:zoo\nmissing-element - /zoo:zoo/animal"
    );
    assert_eq!(
        merged("", &format!("{LION}<animal nc:operation='delete'><name>lion</name></animal>")),
        "bad-element - /zoo:zoo/animal[name='lion']",
        "two operations on one node"
    );
}

#[test]
fn a_condition_that_turns_false_takes_its_nodes_along() {
    let before = "<kind>aquarium</kind><sharks>3</sharks>";
    assert_eq!(merged(before, "<kind>farm</kind>"), "<kind>farm</kind>");
    assert_eq!(merged("", "<sharks>3</sharks>"), "unknown-element - /zoo:zoo/sharks");
    assert_eq!(merged("", before), before);
}

#[test]
fn the_server_is_asked_for_its_default() {
    let with_default = "xmlns:wd='urn:ietf:params:xml:ns:netconf:default:1.0' wd:default='true'";
    assert_eq!(merged("<open>false</open>", &format!("<open {with_default}>true</open>")), "");
    assert_eq!(
        merged("<open>false</open>", &format!("<open {with_default}>false</open>")),
        "invalid-value - /zoo:zoo/open"
    );
}

#[test]
fn error_options() {
    let tree = start(LION);
    let edit = edit(
        tree.schema(),
        &zoo("<kind>a</kind><shop nc:operation='delete'/><open>false</open><queue nc:operation='delete'><first>a</first><last>b</last></queue>"),
    )
    .expect("the payload is right");
    let run = |option| {
        let (tree, errors) = edit.apply_with(&tree, &ApplyOptions::default(), option);
        (inner(&tree), errors.len())
    };
    assert_eq!(run(ErrorOption::StopOnError), (format!("{LION}<kind>a</kind>"), 1));
    assert_eq!(run(ErrorOption::ContinueOnError), (format!("<open>false</open>{LION}<kind>a</kind>"), 2));
    assert_eq!(run(ErrorOption::RollbackOnError), (LION.to_owned(), 2));
}

#[test]
fn an_edit_that_changes_nothing_makes_no_new_tree() {
    let tree = start(&format!("{LION}{QUEUE}"));
    let same = apply(&tree, Merge, &zoo(&format!("{LION}{QUEUE}"))).expect("it fits");
    assert!(same.same(&tree));
}

#[test]
fn records_bear_the_commit_that_changed_them() {
    let tree = start(&format!("{LION}{QUEUE}"));
    let options = ApplyOptions { commit: 7, ..ApplyOptions::default() };
    let edit =
        edit(tree.schema(), &zoo("<animal><name>lion</name><legs>5</legs></animal>")).expect("it fits");
    let new = edit.apply(&tree, &options).expect("it fits");
    let view = yang_data::view::View::of(&new);
    let module = new.schema().find_module("zoo").expect("it is there");
    let zoo = view.root().child_named(module, "zoo").expect("it is there");
    let commit = |name: &str| zoo.child_named(module, name).map(|c| c.commit());
    assert_eq!((new.commit(), zoo.commit(), commit("animal"), commit("queue")), (7, 7, Some(7), Some(0)));
}

#[test]
fn edits_made_by_hand() {
    let tree = start(LION);
    let schema = tree.schema();
    let view = yang_data::view::View::of(&tree);
    let module = schema.find_module("zoo").expect("it is there");
    let zoo = view.root().child_named(module, "zoo").expect("it is there");
    let lion = zoo.child_named(module, "animal").expect("it is there");
    let legs = lion.child_named(module, "legs").expect("it is there").instance_identifier();
    let mut edit = Edit::new(schema.clone());
    edit.push(&legs, Operation::Merge, Payload::Value(Value::Uint(3)), None).expect("it fits");
    edit.push(
        &lion.child_named(module, "name").expect("it is there").instance_identifier(),
        Operation::Delete,
        Payload::None,
        None,
    )
    .expect_err("keys stay");
    edit.push(&legs, Operation::Merge, Payload::Value(Value::Uint(300)), None).expect_err("300 is no uint8");
    let changed = edit.apply(&tree, &ApplyOptions::default()).expect("it fits");
    assert_eq!(inner(&changed), "<animal><name>lion</name><legs>3</legs></animal>");
    let mut edit = Edit::new(schema.clone());
    edit.push(&lion.instance_identifier(), Operation::Replace, Payload::Tree(tree.clone()), None)
        .expect("it fits");
    assert_eq!(edit.apply(&changed, &ApplyOptions::default()).expect("it fits"), tree);
}

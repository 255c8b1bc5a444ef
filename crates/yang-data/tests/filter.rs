//! Subtree filters, along the examples of RFC 6241 section 6.4, and XPath filters.

mod common;
use common::*;
use std::sync::Arc;
use yang_data::filter::{self, Selection, SubtreeFilter};
use yang_data::view::{Cursor, DefaultMode, EncodeOptions, ReadMask, View};
use yang_data::xml;

const TOP: &str = r#"
module top {
  yang-version 1.1;
  namespace "http://example.com/schema/1.2/config";
  prefix t;
  container top {
    container users {
      list user {
        key name;
        leaf name { type string; }
        leaf type { type string; default user; }
        leaf full-name { type string; }
        container company-info { leaf dept { type uint8; } leaf id { type uint8; } }
      }
    }
    container groups { list group { key name; leaf name { type string; } leaf-list member { type string; } } }
    container hosts { leaf host { type string; } }
  }
}"#;

const OTHER: &str = r#"
module other { namespace "urn:other"; prefix o; container top { leaf other { type string; } } }"#;

const DATA: &str = r#"
<top xmlns="http://example.com/schema/1.2/config">
  <users>
    <user><name>root</name><type>superuser</type><full-name>Charlie Root</full-name><company-info><dept>1</dept><id>1</id></company-info></user>
    <user><name>fred</name><type>admin</type><full-name>Fred Flintstone</full-name><company-info><dept>2</dept><id>2</id></company-info></user>
    <user><name>barney</name><type>admin</type><full-name>Barney Rubble</full-name><company-info><dept>2</dept><id>3</id></company-info></user>
    <user><name>dino</name></user>
  </users>
  <groups><group><name>admin</name><member>barney</member><member>fred</member></group></groups>
</top>
<top xmlns="urn:other"><other>thing</other></top>"#;

fn view() -> View {
    View::of(&tree(&schema(&[TOP, OTHER]), DATA))
}

fn written(selection: &Selection<'_>) -> String {
    plain(&xml::to_string(|s| selection.encode(s, &EncodeOptions::default())).expect("a string takes all"))
}

fn through(view: &View, filter: &str) -> String {
    let filter = inside(filter, |s| SubtreeFilter::decode(view.schema(), s)).expect("it is a filter");
    written(&filter.select(view))
}

/// A filter inside `<top>`, of our namespace; what comes back inside it.
fn top(filter: &str) -> String {
    let all = through(&view(), &format!("<top xmlns='http://example.com/schema/1.2/config'>{filter}</top>"));
    all.trim_start_matches("<top>").trim_end_matches("</top>").to_owned()
}

const BARNEY: &str = "<user><name>barney</name><type>admin</type><full-name>Barney Rubble</full-name><company-info><dept>2</dept><id>3</id></company-info></user>";
const FRED: &str = "<user><name>fred</name><type>admin</type><full-name>Fred Flintstone</full-name><company-info><dept>2</dept><id>2</id></company-info></user>";
const ROOT: &str = "<user><name>root</name><type>superuser</type><full-name>Charlie Root</full-name><company-info><dept>1</dept><id>1</id></company-info></user>";
const DINO: &str = "<user><name>dino</name></user>";

#[test]
fn an_empty_filter_selects_nothing() {
    assert_eq!(through(&view(), ""), "");
    assert_eq!(through(&view(), "  \n "), "");
}

#[test]
fn a_selection_node_selects_its_whole_subtree() {
    let users = format!("<users>{BARNEY}{DINO}{FRED}{ROOT}</users>");
    assert_eq!(top("<users/>"), users);
    assert_eq!(top("<users><user/></users>"), users, "entries in the order of their keys");
}

#[test]
fn all_names() {
    let names = "<users><user><name>barney</name></user><user><name>dino</name></user><user><name>fred</name></user><user><name>root</name></user></users>";
    assert_eq!(top("<users><user><name/></user></users>"), names);
}

#[test]
fn one_entry_by_a_content_match() {
    assert_eq!(top("<users><user><name>fred</name></user></users>"), format!("<users>{FRED}</users>"));
    assert_eq!(top("<users><user><name>  fred\n </name></user></users>"), format!("<users>{FRED}</users>"));
    assert_eq!(
        top("<users><user><type>admin</type></user></users>"),
        format!("<users>{BARNEY}{FRED}</users>")
    );
    assert_eq!(top("<users><user><name>nobody</name></user></users>"), "", "no empty ancestors");
}

#[test]
fn some_nodes_of_one_entry() {
    assert_eq!(
        top("<users><user><name>fred</name><type/><full-name/></user></users>"),
        "<users><user><name>fred</name><type>admin</type><full-name>Fred Flintstone</full-name></user></users>"
    );
    assert_eq!(
        top("<users><user><full-name/></user></users>"),
        "<users><user><name>barney</name><full-name>Barney Rubble</full-name></user>\
         <user><name>fred</name><full-name>Fred Flintstone</full-name></user>\
         <user><name>root</name><full-name>Charlie Root</full-name></user></users>",
        "keys come along; entries without any selected node do not"
    );
}

#[test]
fn several_subtrees_are_united() {
    assert_eq!(
        top("<users>
               <user><name>root</name><company-info/></user>
               <user><name>fred</name><company-info><id/></company-info></user>
               <user><name>barney</name><type>superuser</type><company-info><dept/></company-info></user>
               <user><name>root</name><type/></user>
             </users>"),
        "<users><user><name>fred</name><company-info><id>2</id></company-info></user>\
         <user><name>root</name><type>superuser</type><company-info><dept>1</dept><id>1</id></company-info></user></users>"
    );
}

#[test]
fn content_matches_of_one_set_must_all_hold() {
    assert_eq!(
        top("<users><user><type>admin</type><full-name>Fred Flintstone</full-name></user></users>"),
        format!("<users>{FRED}</users>")
    );
    assert_eq!(top("<users><user><name>fred</name><type>superuser</type></user></users>"), "");
    assert_eq!(
        top(
            "<users><user><type>admin</type><company-info><dept>2</dept><id>3</id></company-info></user></users>"
        ),
        "<users><user><name>barney</name><type>admin</type><company-info><dept>2</dept><id>3</id></company-info></user>\
         <user><name>fred</name><type>admin</type></user></users>",
        "the containment node says which of its own nodes come, not which entries"
    );
}

#[test]
fn leaf_lists_match_by_their_entries() {
    assert_eq!(
        top("<groups><group><member>fred</member></group></groups>"),
        "<groups><group><name>admin</name><member>barney</member><member>fred</member></group></groups>"
    );
    assert_eq!(
        top("<groups><group><member>fred</member><name/></group></groups>"),
        "<groups><group><name>admin</name><member>fred</member></group></groups>"
    );
}

#[test]
fn namespaces() {
    let view = view();
    assert_eq!(through(&view, "<top xmlns='urn:other'/>"), "<top><other>thing</other></top>");
    assert_eq!(through(&view, "<top xmlns='urn:unknown'/>"), "");
    assert_eq!(through(&view, "<other xmlns='http://example.com/schema/1.2/config'/>"), "");
    assert_eq!(
        through(&view, "<top xmlns=''><other/><groups><group><name/></group></groups></top>"),
        "<top><groups><group><name>admin</name></group></groups></top><top><other>thing</other></top>",
        "without a namespace it matches in all"
    );
}

#[test]
fn attributes_match_attributes_and_there_are_none() {
    assert_eq!(top("<users><user foo='bar'/></users>"), "");
    assert_eq!(top("<users><user><name foo='bar'>fred</name></user></users>"), "");
}

#[test]
fn filters_see_defaults_as_the_view_does() {
    let all = view().defaults(DefaultMode::ReportAll);
    let filter = "<top xmlns='http://example.com/schema/1.2/config'><users><user><type>user</type></user></users></top>";
    assert_eq!(through(&view(), filter), "");
    assert_eq!(
        through(&all, filter),
        "<top><users><user><name>dino</name><type>user</type></user></users></top>"
    );
}

struct NoRoot;

impl ReadMask for NoRoot {
    fn readable(&self, node: &Cursor<'_>) -> bool {
        node.keys().first().is_none_or(|k| k.canonical(node.schema()) != "root")
    }
}

#[test]
fn a_filter_runs_behind_the_mask() {
    let masked = view().mask(Arc::new(NoRoot));
    let filter =
        |f: &str| through(&masked, &format!("<top xmlns='http://example.com/schema/1.2/config'>{f}</top>"));
    assert_eq!(filter("<users><user><name>root</name></user></users>"), "");
    assert_eq!(filter("<users><user><type>superuser</type></user></users>"), "");
    assert!(!filter("<users/>").contains("root"));
    let found = filter::xpath::select(&masked, "/top:top[users/user/type = 'superuser']", None, None);
    assert!(found.expect("it can be evaluated").is_empty(), "a predicate does not leak either");
}

fn by_xpath(expression: &str) -> String {
    let view = view();
    match filter::xpath::select(&view, expression, None, Some(1000)) {
        Ok(selection) => written(&selection),
        Err(error) => error.to_string(),
    }
}

#[test]
fn xpath_selects_subtrees_with_their_ancestors_and_keys() {
    assert_eq!(
        by_xpath("/top:top/top:users/top:user[top:name='fred']/top:company-info/top:id"),
        "<top><users><user><name>fred</name><company-info><id>2</id></company-info></user></users></top>"
    );
    assert_eq!(
        by_xpath("//user[type='superuser'] | //user[name='dino']"),
        format!("<top><users>{DINO}{ROOT}</users></top>")
    );
    assert_eq!(by_xpath("/top:top/nothing"), "");
    assert!(by_xpath("/").starts_with("<top><users><user><name>barney"));
}

#[test]
fn xpath_that_is_no_filter() {
    assert!(by_xpath("1 + 1").contains("does not select nodes"));
    assert!(by_xpath("/top:top[").contains("is no XPath expression"));
    assert!(by_xpath("/nowhere:top").contains("is no XPath expression"));
}

#[test]
fn a_selection_is_a_tree_if_need_be() {
    let view = view();
    let selection = filter::xpath::select(&view, "//user[name='fred']/type", None, None).expect("it selects");
    let tree = selection.to_tree().expect("it is a tree");
    assert_eq!(text(&tree), "<top><users><user><name>fred</name><type>admin</type></user></users></top>");
}

const BELL: &str = r#"
module bell { yang-version 1.1; namespace "urn:bell"; prefix b;
  notification rung { leaf who { type string; } leaf times { type uint8; } } }"#;

#[test]
fn a_notification_is_filtered_as_a_child_of_the_root() {
    let schema = schema(&[BELL]);
    let module = schema.find_module("bell").expect("it is there");
    let rung = schema.find_notification(module, "rung").expect("it is there").id();
    let tree = decode_at(&schema, rung, "<who xmlns='urn:bell'>ann</who><times xmlns='urn:bell'>2</times>")
        .expect("it fits");
    let view = View::of(&tree);
    assert_eq!(
        through(&view, "<rung xmlns='urn:bell'><times>2</times></rung>"),
        "<rung><who>ann</who><times>2</times></rung>"
    );
    assert_eq!(through(&view, "<rung xmlns='urn:bell'><times/></rung>"), "<rung><times>2</times></rung>");
    assert_eq!(through(&view, "<rung xmlns='urn:bell'><times>3</times></rung>"), "");
    assert_eq!(through(&view, "<rung/>"), "<rung><who>ann</who><times>2</times></rung>");
    let by_xpath = |e: &str| written(&filter::xpath::select(&view, e, None, None).expect("it selects"));
    assert_eq!(by_xpath("/bell:rung[times > 1]"), "<rung><who>ann</who><times>2</times></rung>");
    assert_eq!(by_xpath("/bell:rung[times > 2]"), "");
}

//! Diffs and merges: applied, turned round, written as edits.

mod common;
use common::*;
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};
use yang_data::diff::{ChangedKind, diff};
use yang_data::edit::{ApplyOptions, DefaultOperation};
use yang_data::merge::{Side, merge3, merge3_preferring};
use yang_data::tree::Tree;
use yang_data::xml;
use yang_schema::Schema;

const LAB: &str = r#"
module lab {
  yang-version 1.1;
  namespace "urn:lab";
  prefix l;
  container lab {
    leaf name { type string; }
    list host {
      key id;
      leaf id { type uint16; }
      leaf os { type string; }
      leaf-list tag { type uint8; }
      container net { leaf ip { type string; } container dns { presence x; leaf-list server { type string; ordered-by user; } } }
      list disk { key n; ordered-by user; leaf n { type uint8; } leaf size { type uint8; } }
      choice power { leaf on { type empty; } leaf off { type uint8; } }
    }
    leaf-list rule { type uint8; ordered-by user; }
    list event { config false; leaf what { type string; } }
  }
}"#;

static SCHEMA: LazyLock<Arc<Schema>> = LazyLock::new(|| schema(&[LAB]));

fn lab(body: &str) -> Tree {
    tree(&SCHEMA, &format!("<lab xmlns='urn:lab'>{body}</lab>"))
}

#[test]
fn a_diff_for_people() {
    let old = lab(
        "<name>a</name><host><id>1</id><os>bsd</os></host><host><id>2</id><tag>1</tag></host><rule>1</rule><rule>2</rule><rule>3</rule>",
    );
    let new = lab(
        "<name>b</name><host><id>2</id><tag>2</tag></host><host><id>3</id><net><ip>x</ip></net><disk><n>1</n></disk></host><rule>3</rule><rule>1</rule><rule>2</rule>",
    );
    assert_eq!(
        diff(&old, &new).to_string(),
        "~ /lab:lab/name: \"a\" -> \"b\"\n\
         - /lab:lab/host[id='1']\n\
         - /lab:lab/host[id='1']/os: \"bsd\"\n\
         - /lab:lab/host[id='2']/tag[.='1']\n\
         + /lab:lab/host[id='2']/tag[.='2']\n\
         + /lab:lab/host[id='3']\n\
         + /lab:lab/host[id='3']/net/ip: \"x\"\n\
         + /lab:lab/host[id='3']/disk[n='1']\n\
         > /lab:lab/rule[.='3'] (first)\n"
    );
}

#[test]
fn changes_are_listed() {
    let old = lab("<host><id>1</id><os>x</os></host><rule>1</rule><rule>2</rule>");
    let new = lab("<host><id>1</id><os>y</os></host><rule>2</rule><rule>1</rule>");
    let kinds: Vec<ChangedKind> = diff(&old, &new).changes().iter().map(|c| c.kind).collect();
    assert_eq!(kinds, [ChangedKind::Replaced, ChangedKind::Moved]);
    let changes = diff(&old, &new).changes();
    assert_eq!(changes[0].path.print(&**SCHEMA, false), "/lab:lab/host[id='1']/os");
    assert!(changes[0].old.is_some() && changes[0].new.is_some());
}

#[test]
fn a_diff_does_not_apply_to_another_tree() {
    let (a, b, c) = (lab("<name>a</name>"), lab("<name>b</name>"), lab("<name>c</name>"));
    assert!(diff(&a, &b).apply(&c, 0).is_err());
    assert!(diff(&a, &b).apply(&lab(""), 0).is_err());
    assert_eq!(diff(&a, &b).apply(&a, 0), Ok(b));
}

#[test]
fn merges_of_three() {
    let base = lab("<name>a</name><host><id>1</id><os>x</os></host><host><id>2</id></host><rule>1</rule>");
    let mine = lab(
        "<name>b</name><host><id>1</id><os>x</os><tag>1</tag></host><host><id>3</id></host><rule>1</rule><rule>2</rule>",
    );
    let theirs = lab(
        "<name>a</name><host><id>1</id><os>y</os><tag>2</tag></host><host><id>2</id></host><host><id>4</id></host><rule>0</rule><rule>1</rule>",
    );
    let merged = merge3(&base, &mine, &theirs, 1).expect("they do not clash");
    assert_eq!(
        merged,
        lab(
            "<name>b</name><host><id>1</id><os>y</os><tag>1</tag><tag>2</tag></host><host><id>3</id></host><host><id>4</id></host><rule>0</rule><rule>1</rule><rule>2</rule>"
        )
    );
    // Where they clash, one of them may be preferred; all else is merged as ever.
    let (mine, theirs) = (
        lab("<name>b</name><host><id>1</id><os>y</os></host><rule>1</rule>"),
        lab("<name>c</name><host><id>1</id><os>x</os></host><host><id>2</id><os>z</os></host><rule>1</rule>"),
    );
    for (side, name, two) in [(Side::Mine, "b", ""), (Side::Theirs, "c", "<host><id>2</id><os>z</os></host>")]
    {
        let (merged, conflicts) = merge3_preferring(side, &base, &mine, &theirs, 1);
        let expected = format!("<name>{name}</name><host><id>1</id><os>y</os></host>{two}<rule>1</rule>");
        assert_eq!(merged, lab(&expected), "{side:?}");
        assert_eq!(
            brief(&conflicts),
            "data-exists - /lab:lab/name\ndata-missing - /lab:lab/host[id='2']",
            "{side:?}"
        );
    }
    let clash = |mine: &str, theirs: &str| {
        brief(&merge3(&base, &lab(mine), &lab(theirs), 1).expect_err("they clash"))
    };
    let rest = "<host><id>2</id></host><rule>1</rule>";
    assert_eq!(
        clash(
            &format!("<name>b</name><host><id>1</id><os>x</os></host>{rest}"),
            &format!("<name>c</name><host><id>1</id><os>x</os></host>{rest}")
        ),
        "data-exists - /lab:lab/name"
    );
    assert_eq!(
        clash(
            &format!("<name>a</name>{rest}"),
            &format!("<name>a</name><host><id>1</id><os>z</os></host>{rest}")
        ),
        "data-missing - /lab:lab/host[id='1']"
    );
}

#[test]
fn one_tree_laid_over_another() {
    let under = lab("<name>a</name><host><id>1</id><os>x</os></host><event><what>1</what></event>");
    let over = lab("<host><id>1</id><tag>1</tag></host><host><id>2</id></host><event><what>2</what></event>");
    assert_eq!(
        under.overlay(&over),
        lab(
            "<name>a</name><host><id>1</id><os>x</os><tag>1</tag></host><host><id>2</id></host><event><what>1</what></event><event><what>2</what></event>"
        )
    );
}

fn sometimes<S: Strategy<Value = String>>(some: S) -> impl Strategy<Value = String> {
    prop_oneof![1 => Just(String::new()), 2 => some]
}

fn numbers(most: usize) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(0u8..12, 0..most).prop_map(|mut v| {
        let mut seen = Vec::new();
        v.retain(|x| {
            !seen.contains(x) && {
                seen.push(*x);
                true
            }
        });
        v
    })
}

fn host() -> impl Strategy<Value = String> {
    let disks = proptest::collection::vec(
        (0u8..6, sometimes((0u8..3).prop_map(|s| format!("<size>{s}</size>")))),
        0..5,
    );
    (
        sometimes("[a-c]".prop_map(|s| format!("<os>{s}</os>"))),
        numbers(4),
        sometimes(numbers(4).prop_map(|v| {
            let servers: String = v.iter().map(|s| format!("<server>{s}</server>")).collect();
            format!("<net><dns>{servers}</dns></net>")
        })),
        disks,
        prop_oneof![Just(""), Just("<on/>"), Just("<off>1</off>"), Just("<off>2</off>")],
    )
        .prop_map(|(os, tags, net, disks, power)| {
            let tags: String = tags.iter().map(|t| format!("<tag>{t}</tag>")).collect();
            let mut seen = Vec::new();
            let disks: String = disks
                .iter()
                .filter(|(n, _)| {
                    !seen.contains(n) && {
                        seen.push(*n);
                        true
                    }
                })
                .map(|(n, size)| format!("<disk><n>{n}</n>{size}</disk>"))
                .collect();
            format!("{os}{tags}{net}{disks}{power}")
        })
}

fn any_lab() -> impl Strategy<Value = Tree> {
    (
        sometimes("[a-c]".prop_map(|s| format!("<name>{s}</name>"))),
        proptest::collection::btree_map(0u16..80, host(), 0..50),
        numbers(12),
        proptest::collection::vec("[a-b]", 0..4),
    )
        .prop_map(|(name, hosts, rules, events)| {
            let hosts: String =
                hosts.iter().map(|(id, h)| format!("<host><id>{id}</id>{h}</host>")).collect();
            let rules: String = rules.iter().map(|r| format!("<rule>{r}</rule>")).collect();
            let events: String = events.iter().map(|e| format!("<event><what>{e}</what></event>")).collect();
            lab(&format!("{name}{hosts}{rules}{events}"))
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_diff_makes_one_tree_of_the_other_and_back(a in any_lab(), b in any_lab()) {
        let changes = diff(&a, &b);
        prop_assert_eq!(changes.apply(&a, 1), Ok(b.clone()));
        prop_assert_eq!(changes.reverse().apply(&b, 1), Ok(a.clone()));
        prop_assert_eq!(changes.is_empty(), a == b);
        prop_assert_eq!(changes.reverse().reverse(), changes);
    }

    #[test]
    fn a_diff_is_an_edit(a in any_lab(), b in any_lab()) {
        // State has no place in an edit.
        let (a, b) = (without_events(&a), without_events(&b));
        let text = xml::to_string(|s| diff(&a, &b).encode_edit(s)).expect("a string takes all");
        let options = ApplyOptions { default_operation: DefaultOperation::None, commit: 1 };
        let edited = edit(&SCHEMA, &text).and_then(|e| e.apply(&a, &options));
        prop_assert_eq!(edited.map_err(|e| format!("{}\n{text}", lines(&e))), Ok(b));
    }

    #[test]
    fn trees_are_read_as_they_are_written(a in any_lab()) {
        let written = xml::to_string(|s| a.encode(s, &Default::default())).expect("a string takes all");
        prop_assert_eq!(&tree(&SCHEMA, &written), &a);
    }

    #[test]
    fn a_merge_with_what_did_not_change_is_what_did(a in any_lab(), b in any_lab()) {
        prop_assert_eq!(&merge3(&a, &b, &a, 1).map_err(|e| lines(&e)), &Ok(b.clone()));
        prop_assert_eq!(&merge3(&a, &a, &b, 1).map_err(|e| lines(&e)), &Ok(b.clone()));
        prop_assert_eq!(&merge3(&a, &b, &b, 1).map_err(|e| lines(&e)), &Ok(b));
    }
}

fn without_events(tree: &Tree) -> Tree {
    let options = yang_data::view::EncodeOptions { config_only: true };
    let text = xml::to_string(|s| tree.encode(s, &options)).expect("a string takes all");
    common::tree(&SCHEMA, &text)
}

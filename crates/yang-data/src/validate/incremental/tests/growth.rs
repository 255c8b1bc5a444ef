//! What a change costs does not follow the size of the datastore: the records that are visited are counted.

use super::{apply, compile};
use crate::codec::Limits;
use crate::event::{Event, Inside, Source as _};
use crate::tree::{DecodeOptions, Tree, visited};
use crate::validate::{Effort, Validated};
use crate::xml;
use std::fmt::Write as _;
use std::sync::Arc;
use yang_schema::NodeId;

/// A model, an entry of its data by number, a change that leaves it valid, and one that does not.
struct Case {
    module: &'static str,
    entry: fn(usize) -> String,
    good: fn(usize) -> String,
    bad: Option<fn(usize) -> String>,
}

const LIST: &str = "key k; leaf k { type uint32; }";

fn cases() -> Vec<Case> {
    vec![
        Case {
            module: "list c { KEY leaf x { type string; } }",
            entry: |i| format!("<c xmlns='urn:m'><k>{i}</k><x>v{i}</x></c>"),
            good: |i| format!("<c xmlns='urn:m'><k>{i}</k><x>new</x></c>"),
            bad: None,
        },
        Case {
            module: "list c { KEY leaf x { type string; } leaf y { type leafref { path ../../c/x; } } }",
            entry: |i| format!("<c xmlns='urn:m'><k>{i}</k><x>v{i}</x><y>v{}</y></c>", i / 2),
            good: |i| {
                format!(
                    "<c xmlns='urn:m'><k>{i}</k><y>v7</y></c><c xmlns='urn:m'><k>{}</k><x>n</x></c>",
                    i * 2 - 1
                )
            },
            bad: Some(|_| "<c xmlns='urn:m'><k>3</k><x>gone</x></c>".to_owned()),
        },
        Case {
            module: "list c { KEY unique 'x y'; leaf x { type string; } leaf y { type uint32; default 5; } }",
            entry: |i| format!("<c xmlns='urn:m'><k>{i}</k><x>v{}</x><y>{}</y></c>", i / 4, i % 4),
            good: |i| format!("<c xmlns='urn:m'><k>{i}</k><y>77</y></c>"),
            bad: Some(|_| "<c xmlns='urn:m'><k>6</k><y>3</y></c>".to_owned()),
        },
        Case {
            module: "list c { KEY leaf x { type string; must 'count(../../c[x = current()]) = 1'; } }",
            entry: |i| format!("<c xmlns='urn:m'><k>{i}</k><x>v{i}</x></c>"),
            good: |i| format!("<c xmlns='urn:m'><k>{i}</k><x>new</x></c>"),
            bad: Some(|_| "<c xmlns='urn:m'><k>6</k><x>v9</x></c>".to_owned()),
        },
        Case {
            module: "container t { must 'sum(../c/x) < 200000 and count(../c/x) > 3 '; }
                list c { KEY leaf x { type uint32; } }",
            entry: |i| format!("<c xmlns='urn:m'><k>{i}</k><x>1</x></c>"),
            good: |i| format!("<c xmlns='urn:m'><k>{i}</k><x>2</x></c>"),
            bad: Some(|_| "<c xmlns='urn:m'><k>3</k><x>4000000000</x></c>".to_owned()),
        },
        Case {
            module: "list c { KEY leaf y { type string; }
                leaf x { type string; must \"not(../../c[y = current()][re-match(x, 'bad.*')])\"; } }",
            entry: |i| format!("<c xmlns='urn:m'><k>{i}</k><y>v{}</y><x>v{i}</x></c>", i / 2),
            good: |i| format!("<c xmlns='urn:m'><k>{i}</k><x>new</x></c>"),
            bad: Some(|_| "<c xmlns='urn:m'><k>8</k><x>bad</x></c>".to_owned()),
        },
    ]
}

fn load(module: &str, count: usize, entry: fn(usize) -> String) -> Tree {
    let body = module.replace("KEY", LIST);
    let text = format!("module m {{ yang-version 1.1; namespace urn:m; prefix m; {body} }}");
    let schema = compile(&text).expect("the module compiles");
    let mut document = String::from("<data>");
    for i in 0..count {
        write!(document, "{}", entry(i)).expect("a string takes all");
    }
    document.push_str("</data>");
    let mut source = xml::SliceSource::new(document.as_bytes(), Limits::default());
    assert!(matches!(source.next(), Ok(Event::Open { .. })));
    let mut inside = Inside::new(&mut source);
    Tree::decode(&Arc::clone(&schema), NodeId::ROOT, &mut inside, &DecodeOptions::default())
        .expect("the data fits")
}

#[test]
fn records_visited_grow_as_a_logarithm() {
    for case in cases() {
        // The largest takes its time to make, so it is for runs that are asked to be thorough.
        let largest = if std::env::var_os("PROPTEST_CASES").is_some() { 100_000 } else { 10_000 };
        for count in [100, 1_000, 10_000, 100_000].into_iter().filter(|count| *count <= largest) {
            let valid = Validated::new(&load(case.module, count, case.entry), true).expect("it is valid");
            let cost = |edit: &str, holds: bool| {
                let new = apply(valid.tree(), edit).expect("the edit applies");
                let before = visited();
                assert_eq!(valid.change(&new).is_ok(), holds, "{}", case.module);
                let cost = visited() - before;
                // For each level of a B-tree the entries of a node, some times over.
                let most = 120 * u64::from(usize::BITS - count.leading_zeros());
                assert!((1..most).contains(&cost), "{} visits {cost} of {count}", case.module);
            };
            cost(&(case.good)(count / 2), true);
            if let Some(bad) = case.bad {
                cost(&bad(count), false);
            }
        }
    }
}

/// A candidate need not be valid, and what it costs to settle its conditions follows the edit all the same.
#[test]
fn an_edit_of_a_candidate_costs_its_path() {
    let module =
        "list c { KEY leaf x { type string; must '. != \"wrong\"'; } leaf z { when '../x'; type string; } }";
    for count in [100, 10_000] {
        let tree = load(module, count, |i| format!("<c xmlns='urn:m'><k>{i}</k><x>v{i}</x><z>1</z></c>"));
        let valid = Validated::new(&tree, true).expect("it is valid");
        let wrong = apply(&tree, "<c xmlns='urn:m'><k>5</k><x>wrong</x></c>").expect("the edit applies");
        assert!(valid.change(&wrong).is_err());
        let draft = valid.draft(&wrong);
        let edit = "<c xmlns='urn:m'><k>7</k><x xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' nc:operation='remove'/></c>";
        let new = apply(draft.tree(), edit).expect("the edit applies");
        let before = visited();
        let settled = draft.settle(&new, 9).expect("what went was there before");
        let next = draft.change(&settled.tree);
        let cost = visited() - before;
        assert_eq!(settled.removed, ["/m:c[k='7']/z"]);
        assert!(next.tree() == &settled.tree && cost < 300 * 14, "visits {cost} of {count}");
    }
}

/// Where most is new, or most is gone, the whole is looked at, and what comes of it is the same.
#[test]
fn a_change_of_most_is_validated_whole() {
    let module = "list c { KEY unique x; leaf x { type string; } leaf z { when '../x'; type string; } }";
    let count = 3000;
    let full = load(module, count, |i| format!("<c xmlns='urn:m'><k>{i}</k><x>v{i}</x><z>1</z></c>"));
    let empty = Validated::new(&Tree::new(Arc::clone(full.schema())), true).expect("nothing is demanded");
    let (filled, effort) = empty.change_with_effort(&full);
    assert_eq!(effort, Effort::default(), "it is not followed");
    assert!(filled.is_ok());
    let filled = super::change(&empty, &full).expect("it is valid");
    assert!(super::revise(&empty.0, &full).is_some());
    let twice = apply(&full, "<c xmlns='urn:m'><k>1</k><x>v2</x></c>").expect("the edit applies");
    assert!(super::change(&empty, &twice).is_none());
    let (_, effort) = filled.change_with_effort(&twice);
    assert_ne!(effort, Effort::default(), "a small change of it is");
    let untimely = apply(&Tree::new(Arc::clone(full.schema())), "<c xmlns='urn:m'><k>0</k><z>1</z></c>");
    assert!(super::settle(&filled.0, &untimely.expect("the edit applies")).is_some());
    assert!(super::change(&filled, empty.tree()).is_some());
}

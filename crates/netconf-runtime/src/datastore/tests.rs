//! What is stored is what was committed: whatever is edited, the entries that the commits wrote, read back, are the tree.

use super::persist::{Changes, Names, StoredSource, write_all};
use crate::store::{Entry, Write};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use yang_data::codec::Limits;
use yang_data::diff::diff;
use yang_data::edit::{ApplyOptions, DefaultOperation, Edit};
use yang_data::event::{Event, Inside, Source};
use yang_data::json::SliceSource as JsonSource;
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::view::View;
use yang_data::xml::SliceSource;
use yang_schema::{NodeId, Schema};

const METADATA: &str = "module ietf-yang-metadata {
  yang-version 1.1; namespace 'urn:ietf:params:xml:ns:yang:ietf-yang-metadata'; prefix md; extension annotation { argument name; }
}";

const MODULE: &str = "module m {
  yang-version 1.1; namespace 'urn:m'; prefix m;
  import ietf-yang-metadata { prefix md; }
  md:annotation note { type string; }
  md:annotation weight { type int16; }
  md:annotation kin { type identityref { base base; } }
  identity base; identity one { base base; } identity two { base base; }
  container top {
    container strict { presence 'it matters'; leaf a { type string; } }
    container loose { container deep { leaf b { type string; } list inner { key k; leaf k { type string; } leaf v { type binary; } } } }
    leaf-list words { type string; ordered-by user; }
    anydata any;
    anyxml markup;
  }
  list system {
    key 'number kind';
    leaf number { type int8; }
    leaf kind { type identityref { base base; } }
    leaf flags { type bits { bit x; bit y; } }
    leaf choice { type enumeration { enum left; enum right; } }
    container box { list leaf { key price; leaf price { type decimal64 { fraction-digits 2; } } leaf nothing { type empty; } } }
  }
  list user {
    key id; ordered-by user;
    leaf id { type union { type uint8; type string; } }
    leaf at { type instance-identifier { require-instance false; } }
    list nested { key id; ordered-by user; leaf id { type boolean; } leaf text { type string; } }
  }
}";

fn schema() -> Arc<Schema> {
    static SCHEMA: OnceLock<Arc<Schema>> = OnceLock::new();
    let compile = || {
        let compiled = yang_parser::Compiler::new()
            .source("ietf-yang-metadata.yang", METADATA)
            .source("m.yang", MODULE)
            .compile();
        Arc::new(compiled.schema.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics)))
    };
    Arc::clone(SCHEMA.get_or_init(compile))
}

/// The entries of a store, as the writes leave them.
#[derive(Default)]
struct Stored {
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
    names: Names,
}

impl Stored {
    fn write(&mut self, writes: Vec<Write>) {
        for Write { key, value } in writes {
            match value {
                Some(value) => drop(self.entries.insert(key, value)),
                None => drop(self.entries.remove(&key)),
            }
        }
        self.names.settle();
    }

    fn tree(&self) -> Tree {
        let entries: Vec<Entry> = self
            .entries
            .iter()
            .map(|(k, v)| Entry { key: k.as_slice().into(), value: v.as_slice().into() })
            .collect();
        let mut source = StoredSource::new(&entries, &self.names).unwrap();
        let options = DecodeOptions { config_only: true, ..DecodeOptions::default() };
        Tree::decode(&schema(), NodeId::ROOT, &mut source, &options).unwrap()
    }
}

fn edit(xml: &str) -> Edit {
    let text = format!(
        "<config xmlns='urn:m' xmlns:m='urn:m' xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' \
         xmlns:yang='urn:ietf:params:xml:ns:yang:1'>{xml}</config>"
    );
    let mut source = SliceSource::new(text.as_bytes(), Limits::default());
    while !matches!(source.next().unwrap(), Event::Open { .. }) {}
    Edit::decode(&schema(), &mut Inside::new(&mut source)).unwrap_or_else(|e| panic!("{e:?} in {xml}"))
}

/// Edits that fit the module; whether what they delete is there does not matter.
fn an_edit() -> impl Strategy<Value = String> {
    let op = prop_oneof![
        4 => Just(""),
        1 => Just("m:note='a &lt; b'"),
        1 => Just("m:note='c' m:weight='-3' m:kin='m:two'"),
        1 => Just("nc:operation='remove'"),
        1 => Just("nc:operation='replace'"),
        1 => Just("nc:operation='replace' m:note='d'"),
    ];
    let insert =
        prop_oneof![3 => Just(""), 1 => Just("yang:insert='first'"), 1 => Just("yang:insert='last'")];
    let text = prop_oneof![Just("x"), Just("a &lt;b&gt; é"), Just("")];
    prop_oneof![
        (op.clone(), text.clone()).prop_map(|(o, t)| format!("<top><strict {o}><a>{t}</a></strict></top>")),
        Just("<top><strict/></top>".to_owned()),
        op.clone().prop_map(|o| format!("<top {o}/>")),
        op.clone().prop_map(|o| format!("<top><loose {o}/></top>")),
        (op.clone(), text.clone())
            .prop_map(|(o, t)| format!("<top><loose><deep><b {o}>{t}</b></deep></loose></top>")),
        (op.clone(), 0..3).prop_map(|(o, k)| {
            format!("<top><loose><deep><inner {o}><k>{k}</k><v>AAEC</v></inner></deep></loose></top>")
        }),
        (op.clone(), insert.clone(), 0..4)
            .prop_map(|(o, i, w)| format!("<top><words {o} {i}>w{w}</words></top>")
                .replace("nc:operation='replace'", "")),
        op.clone().prop_map(|o| format!("<system><number {o}>1</number><kind>m:one</kind></system>")
            .replace("nc:operation='remove'", "")),
        op.clone().prop_map(|o| {
            format!("<top><any {o}><e xmlns='urn:else'>text<f/></e><g>1</g></any></top>")
                .replace("<e xmlns='urn:else'>text<f/></e>", "<e xmlns='urn:else'><f>text</f></e>")
        }),
        (op.clone(), -2..2i8, prop_oneof![Just("one"), Just("two")], 0..4).prop_map(|(o, n, k, what)| {
            let content = match what {
                0 => "<flags>y x</flags><choice>right</choice>",
                1 => "<box><leaf><price>-1.50</price><nothing/></leaf><leaf><price>2.0</price></leaf></box>",
                2 => "<box nc:operation='remove'/>",
                _ => "",
            };
            format!("<system {o}><number>{n}</number><kind>m:{k}</kind>{content}</system>")
        }),
        (op.clone(), insert, prop_oneof![Just("1"), Just("200"), Just("z")], 0..3).prop_map(
            |(o, i, id, what)| {
                let content = match what {
                    0 => "<at>/m:user[m:id='z']/m:at</at>",
                    1 => {
                        "<nested yang:insert='first'><id>true</id></nested><nested><id>false</id>\
                         <text>t</text></nested>"
                    }
                    _ => "",
                };
                let content = if o.contains("remove") { "" } else { content };
                format!("<user {o} {i}><id>{id}</id>{content}</user>")
            }
        ),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn commits_leave_in_the_store_what_they_leave_in_the_tree(edits in proptest::collection::vec(an_edit(), 1..12)) {
        let mut stored = Stored::default();
        let mut tree = Tree::new(schema());
        for (n, text) in (1..).zip(&edits) {
            let options = ApplyOptions { default_operation: DefaultOperation::Merge, commit: n };
            let Ok(next) = edit(text).apply(&tree, &options) else { continue };
            let changed = diff(&tree, &next);
            let (before, after) = (View::of(&tree), View::of(&next));
            let mut changes = Changes::new(&before, &after, &mut stored.names);
            for change in changed.changes() {
                changes.touch(&change).unwrap();
            }
            let writes = changes.finish();
            stored.write(writes);
            prop_assert_eq!(&stored.tree(), &next, "after {}", text);
            // Nothing is left over: the store is what it would be, had all been written at once.
            let mut fresh = Stored { names: stored.names.clone(), ..Stored::default() };
            let all = write_all(&View::of(&next), &mut fresh.names).unwrap();
            fresh.write(all);
            let root_only = |s: &Stored| s.entries.iter().filter(|(k, _)| !k.is_empty()).map(|(k, v)| (k.clone(), v.clone())).collect::<Vec<_>>();
            prop_assert_eq!(root_only(&stored), root_only(&fresh), "after {}", text);
            tree = next;
        }
    }

    #[test]
    fn no_entries_make_the_reader_panic(
        entries in proptest::collection::btree_map(any::<Vec<u8>>(), any::<Vec<u8>>(), 0..6),
        bytes in proptest::collection::vec(0u8..13, 0..40),
    ) {
        let names = Names::new(vec!["m:top".into(), "m:user".into()]);
        let mut entries = entries;
        entries.insert(Vec::new(), bytes);
        let entries: Vec<Entry> =
            entries.iter().map(|(k, v)| Entry { key: k.as_slice().into(), value: v.as_slice().into() }).collect();
        if let Ok(mut source) = StoredSource::new(&entries, &names) {
            let _ = Tree::decode(&schema(), NodeId::ROOT, &mut source, &DecodeOptions::default());
        }
    }
}

#[test]
fn a_commit_writes_what_it_changes() {
    let mut names = Names::default();
    let list: String =
        (0..100).map(|n| format!("<user><id>u{n}</id><nested><id>true</id></nested></user>")).collect();
    let options = ApplyOptions { default_operation: DefaultOperation::Merge, commit: 1 };
    let tree = edit(&list).apply(&Tree::new(schema()), &options).unwrap();
    write_all(&View::of(&tree), &mut names).unwrap();
    let next = edit("<user><id>u7</id><nested><id>true</id><text>new</text></nested></user>")
        .apply(&tree, &options)
        .unwrap();
    let (before, after) = (View::of(&tree), View::of(&next));
    let mut changes = Changes::new(&before, &after, &mut names);
    for change in diff(&tree, &next).changes() {
        changes.touch(&change).unwrap();
    }
    assert_eq!(changes.finish().len(), 1, "one leaf of one entry");
}

#[test]
fn nothing_of_anydata_is_lost_in_the_store() {
    let text = r#"{"m:top": {
        "any": {"x:one": [1], "x:none": [], "x:object": {}, "x:objects": [{}, {"a": null}], "x:empty": [null], "x:text": "",
            "@x:text": {"y:z": 5}, "x:flag": true},
        "@any": {"m:note": "of the whole"},
        "markup": [1, "two", {"@": {"y:z": false}, "x:in": []}], "@markup": {"m:weight": -7}}}"#;
    let mut source = JsonSource::new(text.as_bytes(), Limits::default());
    let tree = Tree::decode(&schema(), NodeId::ROOT, &mut source, &DecodeOptions::default()).unwrap();
    let mut stored = Stored::default();
    let writes = write_all(&View::of(&tree), &mut stored.names).unwrap();
    stored.write(writes);
    assert_eq!(stored.tree(), tree);
    let empty = text.replace(r#"[1, "two", {"@": {"y:z": false}, "x:in": []}]"#, "[]");
    let mut source = JsonSource::new(empty.as_bytes(), Limits::default());
    let next = Tree::decode(&schema(), NodeId::ROOT, &mut source, &DecodeOptions::default()).unwrap();
    assert_ne!(tree, next);
    let (before, after) = (View::of(&tree), View::of(&next));
    let mut changes = Changes::new(&before, &after, &mut stored.names);
    for change in diff(&tree, &next).changes() {
        changes.touch(&change).unwrap();
    }
    let writes = changes.finish();
    stored.write(writes);
    assert_eq!(stored.tree(), next);
}

#[test]
fn an_annotation_is_one_write() {
    let mut names = Names::default();
    let options = ApplyOptions { default_operation: DefaultOperation::Merge, commit: 1 };
    let list: String = (0..100).map(|n| format!("<user><id>u{n}</id></user>")).collect();
    let tree = edit(&list).apply(&Tree::new(schema()), &options).unwrap();
    write_all(&View::of(&tree), &mut names).unwrap();
    let next = edit("<top m:note='x'/><user m:note='y'><id>u7</id></user>").apply(&tree, &options).unwrap();
    let (before, after) = (View::of(&tree), View::of(&next));
    let mut changes = Changes::new(&before, &after, &mut names);
    for change in diff(&tree, &next).changes() {
        changes.touch(&change).unwrap();
    }
    assert_eq!(changes.finish().len(), 2, "the root and one entry");
}

/// Datastores without a server around them, and requests of sessions by number.
async fn alone() -> (Arc<super::Datastores>, impl Fn(u32) -> crate::handler::Cx) {
    use super::{Beginning, Datastores};
    use crate::handler::{Cx, Publisher};
    use crate::server::Limits;
    use crate::server::notification::Hub;
    use crate::server::service::{SessionInfo, TransportKind};
    use crate::store::MemoryStore;

    let (limits, store) = (Limits::default(), Arc::new(MemoryStore::new()));
    let beginning = Beginning { initial: None, has_startup: false, migration: None };
    let datastores = Datastores::open(schema(), store, Vec::new(), beginning, limits.clone()).await.unwrap();
    let publisher = Publisher::new(Arc::new(Hub::new(schema(), datastores.published(), limits)));
    datastores.start(publisher.clone(), None).await;
    let cx = move |id| {
        let session = SessionInfo {
            id,
            user: "ann".to_owned(),
            groups: Vec::new(),
            peer: String::new(),
            transport: TransportKind::Memory,
            capabilities: Arc::default(),
        };
        Cx::new(session, String::new(), Vec::new(), publisher.clone())
    };
    (datastores, cx)
}

fn confirmed() -> super::CommitRequest {
    let timeout = std::time::Duration::from_secs(600);
    super::CommitRequest { confirm_timeout: Some(timeout), ..super::CommitRequest::default() }
}

/// Two sessions that end at one moment: who takes back what one held may be the end of the other.
#[tokio::test]
async fn a_confirmed_commit_is_taken_back_whoever_finds_that_its_session_is_over() {
    let (datastores, cx) = alone().await;
    datastores.commit(cx(1), confirmed()).await.unwrap();
    // The first end finds that somebody writes, and leaves it to a task, which has not had its turn when the second one comes.
    let writing = datastores.writer.lock().await;
    datastores.session_ended(1);
    drop(writing);
    datastores.session_ended(2);
    datastores.idle().await;
    assert!(datastores.writer.lock().await.pending.is_none());
}

#[tokio::test]
async fn what_waits_for_its_turn_ends_with_its_session() {
    let (datastores, cx) = alone().await;
    let writing = datastores.writer.lock().await;
    let ask = |session| {
        let (locks, commits) = (Arc::clone(&datastores), Arc::clone(&datastores));
        let (lock, commit) = (cx(session), cx(session));
        [
            tokio::spawn(async move { locks.lock(super::Name::Running, lock).await }),
            tokio::spawn(async move { commits.commit(commit, confirmed()).await }),
        ]
    };
    let of_the_dead = ask(1);
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    datastores.session_ended(1);
    drop(writing);
    for asked in of_the_dead {
        assert!(asked.await.unwrap().is_err());
    }
    datastores.idle().await;
    assert!(datastores.writer.lock().await.pending.is_none());
    assert!(datastores.lock_on(super::Name::Running, &cx(2)).is_none());
    // Who comes next finds all free.
    for asked in ask(2) {
        asked.await.unwrap().unwrap();
    }
}

//! What holds for the documents of the corpus that are valid: they come back, in either encoding and across; a diff makes one of
//! another of the same modules, turned round the other of the one, and as an edit-config, too.

#![allow(clippy::print_stderr, reason = "the counts are part of the answer")]

use std::collections::BTreeMap;
use std::sync::Arc;
use toolchain_tests::instances::{Instance, instances};
use yang_data::codec::{CodecError, Limits};
use yang_data::diff::diff;
use yang_data::edit::{ApplyOptions, DefaultOperation, Edit};
use yang_data::event::{Event, FullName, Inside, Shape, Source};
use yang_data::tree::{DecodeOptions, Tree, UnknownAnnotations};
use yang_data::view::{Cursor, EncodeOptions, View};
use yang_data::{json, xml};
use yang_schema::{NodeId, Schema, Value};

fn schema(row: &Instance) -> Arc<Schema> {
    let mut compiler = yang_parser::Compiler::new();
    for directory in &row.search {
        compiler = compiler.search_path(directory);
    }
    for module in &row.modules {
        compiler = compiler.file(module);
    }
    for (module, features) in &row.features {
        compiler = compiler.features(module, features.clone());
    }
    let compilation = compiler.compile();
    Arc::new(compilation.schema.unwrap_or_else(|| panic!("{}: {:#?}", row.name(), compilation.diagnostics)))
}

fn decode(schema: &Arc<Schema>, source: &mut dyn Source) -> Tree {
    let options = DecodeOptions { unknown_annotations: UnknownAnnotations::Keep, ..DecodeOptions::default() };
    Tree::decode(schema, NodeId::ROOT, source, &options).unwrap_or_else(|e| panic!("{e:#?}"))
}

fn of_xml(schema: &Arc<Schema>, text: &[u8]) -> Tree {
    let reader = xml::Reader::of_content(Limits::default());
    decode(schema, &mut xml::SliceSource::over(reader, text))
}

fn of_json(schema: &Arc<Schema>, text: &[u8]) -> Tree {
    decode(schema, &mut json::SliceSource::new(text, Limits::default()))
}

fn to_xml(tree: &Tree) -> Result<String, CodecError> {
    xml::to_string(|sink| tree.encode(sink, &EncodeOptions::default()))
}

fn to_json(tree: &Tree) -> Result<String, CodecError> {
    json::to_string(|sink| tree.encode(sink, &EncodeOptions::default()))
}

fn any(at: &Cursor<'_>, found: &dyn Fn(&Cursor<'_>) -> bool) -> bool {
    found(at) || at.children().any(|child| any(&child, found))
}

/// What the schema does not know keeps what its codec said, and the other codec may have no word for it.
fn is_all_known(tree: &Tree) -> bool {
    let unknown = |at: &Cursor<'_>| {
        at.any().is_some() || at.annotations().iter().any(|annotation| annotation.value().is_none())
    };
    !any(&View::of(tree).root(), &unknown)
}

/// A union may take a value for another member's in the other codec, which tells kinds apart: it is the same as text.
fn has_unions(tree: &Tree) -> bool {
    let is_union = |at: &Cursor<'_>| {
        at.value().is_some()
            && at.node().type_().is_some_and(|t| matches!(t.detail(), yang_schema::TypeDetail::Union { .. }))
    };
    any(&View::of(tree).root(), &is_union)
}

fn comes_back(schema: &Arc<Schema>, tree: &Tree, name: &str) {
    let (as_xml, as_json) = (to_xml(tree), to_json(tree));
    if is_all_known(tree) {
        assert!(as_xml.is_ok() && as_json.is_ok(), "{name}: {as_xml:?} {as_json:?}");
    }
    if let Ok(text) = &as_xml {
        assert_eq!(to_xml(&of_xml(schema, text.as_bytes())).as_ref(), Ok(text), "{name}");
    }
    if let Ok(text) = &as_json {
        let again = of_json(schema, text.as_bytes());
        assert_eq!(to_json(&again).as_ref(), Ok(text), "{name}");
        // Across: what came by JSON and goes out as XML is what it was.
        if let (Ok(wanted), true) = (&as_xml, is_all_known(tree)) {
            assert_eq!(to_xml(&again).as_ref(), Ok(wanted), "{name}");
            if !has_unions(tree) {
                assert_eq!(&again, tree, "{name}");
            }
        }
    }
}

fn differ(a: &Tree, b: &Tree, name: &str) {
    let changes = diff(a, b);
    assert_eq!(changes.is_empty(), a == b, "{name}");
    assert_eq!(changes.apply(a, 1).as_ref(), Ok(b), "{name}");
    assert_eq!(changes.reverse().apply(b, 2).as_ref(), Ok(a), "{name}");
    let is_state = |at: &Cursor<'_>| !at.is_root() && !at.node().is_config();
    if [a, b].iter().any(|tree| any(&View::of(tree).root(), &is_state) || !is_all_known(tree)) {
        return;
    }
    let all = FullName { module: "all", namespace: "urn:all", local: "all" };
    let text = xml::to_string(|sink| {
        sink.open(all, Shape::Container, &[])?;
        changes.encode_edit(sink)?;
        sink.close()
    })
    .expect("XML can say it");
    let mut source = xml::SliceSource::new(text.as_bytes(), Limits::default());
    assert!(matches!(source.next(), Ok(Event::Open { .. })));
    let edit = Edit::decode(a.schema(), &mut Inside::new(&mut source));
    let edit = edit.unwrap_or_else(|e| panic!("{name}: {e:#?}: {text}"));
    let options = ApplyOptions { default_operation: DefaultOperation::None, commit: 1 };
    assert_eq!(edit.apply(a, &options).as_ref(), Ok(b), "{name}: {text}");
}

#[test]
fn documents_come_back_and_their_differences_hold() {
    let Some(rows) = instances() else { return };
    let mut groups: BTreeMap<String, Vec<&Instance>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.accept) {
        groups.entry(format!("{:?} {:?}", row.modules, row.features)).or_default().push(row);
    }
    let (mut documents, mut pairs) = (0, 0);
    for group in groups.values() {
        let schema = schema(group[0]);
        let mut trees = vec![Tree::new(Arc::clone(&schema))];
        for row in group {
            let text = std::fs::read(&row.file).expect("the document is there");
            let tree = if row.json { of_json(&schema, &text) } else { of_xml(&schema, &text) };
            comes_back(&schema, &tree, &row.name());
            trees.push(tree);
            documents += 1;
        }
        for a in &trees {
            for b in &trees {
                differ(a, b, &group[0].name());
                pairs += 1;
            }
        }
    }
    eprintln!("{documents} documents, {pairs} pairs");
    assert!(documents > 50 && pairs > 100);
}

/// A comparison that cannot find a difference would be none.
#[test]
fn what_is_lost_is_found() {
    let module = "module m { namespace urn:m; prefix m; leaf a { type uint8; } }";
    let schema = yang_parser::Compiler::new().source("m", module).compile().schema.map(Arc::new);
    let schema = schema.expect("it is valid");
    let one = of_xml(&schema, b"<a xmlns='urn:m'>1</a>");
    let leaf = schema.find("/m:a").expect("it is there").id();
    assert_eq!(View::of(&one).root().leaf(leaf), Some(&Value::Uint(1)));
    let two = of_json(&schema, br#"{"m:a": 2}"#);
    assert!(one != two && !diff(&one, &two).is_empty() && to_xml(&one) != to_xml(&two));
}

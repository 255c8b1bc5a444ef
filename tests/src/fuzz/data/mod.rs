//! Instance data from outside, over one model that has a node of every kind.

mod document;
mod edit;
mod filter;

pub use document::{json, xml};
pub use edit::edit;
pub use filter::filter;

pub(super) use document::{large_json, large_xml};
pub(super) use edit::large_edit;
pub(super) use filter::large_filter;

use std::sync::{Arc, OnceLock};
use yang_data::codec::{CodecError, Limits};
use yang_data::diff::{Diff, diff};
use yang_data::event::{FullName, Shape, Source};
use yang_data::tree::{DecodeOptions, Tree, UnknownAnnotations};
use yang_data::view::{Cursor, EncodeOptions, View};
use yang_data::{json as json_codec, xml as xml_codec};
use yang_schema::{NodeId, Schema};

const METADATA: &str = "module ietf-yang-metadata {
  yang-version 1.1; namespace urn:ietf:params:xml:ns:yang:ietf-yang-metadata; prefix md; extension annotation { argument name; }
}";

const MODEL: &str = include_str!("model.yang");

/// What edits change and filters look into.
const BASE: &str = "<top xmlns='urn:m' xmlns:m='urn:m' m:note='here'><s m:note='x'>abc</s><n>7</n><b>true</b>
<set m:weight='3'>1</set><set>2</set><order>x</order><order m:note='z'>y</order>
<list><k>one</k><v>1</v><in><a>1</a><b>p</b><c>!</c></in><in m:note='q'><a>2</a><b>q</b></in></list>
<list><k>two</k><v>2</v></list><typed><i>m:one</i><d>1.5</d></typed><pres><m>1</m></pres><c1>3</c1>
<data><a xmlns='urn:a'>1</a></data><xml><x xmlns=''>a<b/>c</x></xml></top>";

fn schema() -> &'static Arc<Schema> {
    static SCHEMA: OnceLock<Arc<Schema>> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let compilation =
            yang_parser::Compiler::new().source("metadata", METADATA).source("m", MODEL).compile();
        assert!(!compilation.has_errors(), "{:#?}", compilation.diagnostics);
        Arc::new(compilation.schema.expect("the model is valid"))
    })
}

fn base() -> &'static Tree {
    static TREE: OnceLock<Tree> = OnceLock::new();
    TREE.get_or_init(|| read_xml(BASE).unwrap_or_else(|e| panic!("{e}")))
}

/// Everything that a document says is kept, also what the schema does not know.
fn options() -> DecodeOptions {
    DecodeOptions { unknown_annotations: UnknownAnnotations::Keep, ..DecodeOptions::default() }
}

fn decode(source: &mut dyn Source) -> Result<Tree, String> {
    Tree::decode(schema(), NodeId::ROOT, source, &options()).map_err(|e| format!("{e:?}"))
}

fn content(data: &[u8]) -> xml_codec::SliceSource<'_> {
    xml_codec::SliceSource::over(xml_codec::Reader::of_content(Limits::default()), data)
}

fn read_xml(text: &str) -> Result<Tree, String> {
    decode(&mut content(text.as_bytes()))
}

fn read_json(text: &str) -> Result<Tree, String> {
    decode(&mut json_codec::SliceSource::new(text.as_bytes(), Limits::default()))
}

fn write_xml(tree: &Tree) -> Result<String, CodecError> {
    xml_codec::to_string(|sink| tree.encode(sink, &EncodeOptions::default()))
}

fn write_json(tree: &Tree) -> Result<String, CodecError> {
    json_codec::to_string(|sink| tree.encode(sink, &EncodeOptions::default()))
}

/// Does the schema know all of it? What it does not know keeps what its codec said, and other codecs may have no word for it.
fn is_all_known(tree: &Tree) -> bool {
    fn known(at: &Cursor<'_>) -> bool {
        at.any().is_none()
            && at.annotations().iter().all(|a| a.value().is_some())
            && at.children().all(|c| known(&c))
    }
    known(&View::of(tree).root())
}

/// A tree that was read is written and read again: nothing is lost, also across the codecs.
fn comes_back(tree: &Tree) {
    let known = is_all_known(tree);
    let (xml, json) = (write_xml(tree), write_json(tree));
    if known {
        let (xml, json) = (xml.as_ref().expect("XML can say it"), json.as_ref().expect("JSON can say it"));
        assert_eq!(read_xml(xml).as_ref(), Ok(tree), "{xml}");
        assert_eq!(read_json(json).as_ref(), Ok(tree), "{json}");
    }
    // What came by one codec and goes out by the other is as it was for that one.
    if let Ok(xml) = xml {
        let again = read_xml(&xml).unwrap_or_else(|e| panic!("{e}: {xml}"));
        assert_eq!(write_xml(&again).as_ref(), Ok(&xml));
    }
    if let Ok(json) = json {
        let again = read_json(&json).unwrap_or_else(|e| panic!("{e}: {json}"));
        assert_eq!(write_json(&again).as_ref(), Ok(&json));
    }
}

/// The way there and the way back.
fn differences_hold(from: &Tree, to: &Tree) -> Diff {
    let changes = diff(from, to);
    assert_eq!(changes.is_empty(), from == to);
    assert_eq!(changes.apply(from, 1).as_ref(), Ok(to));
    assert_eq!(changes.reverse().apply(to, 2).as_ref(), Ok(from));
    assert_eq!(changes.to_string().is_empty(), changes.is_empty());
    changes
}

/// An element around what is written: the content of an edit.
fn wrapped(
    write: impl FnOnce(&mut dyn yang_data::event::Sink) -> Result<(), CodecError>,
) -> Result<String, CodecError> {
    let all = FullName { module: "all", namespace: "urn:all", local: "all" };
    xml_codec::to_string(|sink| {
        sink.open(all, Shape::Container, &[])?;
        write(sink)?;
        sink.close()
    })
}

//! anydata and anyxml (RFC 7950 sections 7.10 and 7.11; RFC 7951 sections 5.5 and 5.6; RFC 7952 section 5.2): what came is what
//! goes out.

mod common;
use common::*;
use std::sync::Arc;
use yang_data::codec::Limits;
use yang_data::json;
use yang_data::tree::{DecodeOptions, Tree, UnknownAnnotations};
use yang_data::view::{CursorSource, EncodeOptions, View};
use yang_schema::{NodeId, Schema};

const BOX: &str = r#"
module box {
  yang-version 1.1;
  namespace "urn:box";
  prefix b;
  container box { anydata data; anyxml xml; leaf n { type uint8; } }
}"#;

fn read(schema: &Arc<Schema>, text: &str) -> Tree {
    let options = DecodeOptions { unknown_annotations: UnknownAnnotations::Keep, ..DecodeOptions::default() };
    let mut source = json::SliceSource::new(text.as_bytes(), Limits::default());
    match Tree::decode(schema, NodeId::ROOT, &mut source, &options) {
        Ok(tree) => tree,
        Err(errors) => panic!("{}", lines(&errors)),
    }
}

fn written(tree: &Tree) -> String {
    json::to_string(|sink| tree.encode(sink, &EncodeOptions::default())).expect("JSON can say it")
}

#[test]
fn json_comes_back_as_it_was() {
    let schema = schema(&[BOX]);
    for inside in [
        r#""data":{"x:a":[1,true,"s",null,[null]],"y:b":{"c":[{"d":1}]}}"#,
        r#""data":{"@":{"o:n":1},"x:a":"v","@x:a":{"o:n":"w","p:q":[null]},"x:l":[1,2],"@x:l":[null,{"o:n":true}]}"#,
        r#""data":{"x:c":{"@":{"o:n":1},"d":{"@":{"o:n":2}}}}"#,
        r#""xml":[true,null,{"x:a":1},[null]]"#,
        r#""xml":["only"]"#,
        r#""xml":null"#,
        r#""xml":"text","@xml":{"o:n":1}"#,
        r#""xml":{"x:a":{"b":"c"}},"@xml":{"o:n":1}"#,
        r#""n":1,"@n":{"o:n":"\u0001"}"#,
    ] {
        let text = format!("{{\"box:box\":{{{inside}}}}}");
        let tree = read(&schema, &text);
        assert_eq!(written(&tree), text);
        // By events from tree to tree, too.
        let view = View::of(&tree);
        let options =
            DecodeOptions { unknown_annotations: UnknownAnnotations::Keep, ..DecodeOptions::default() };
        let mut source = CursorSource::below(&view.root());
        let copy =
            Tree::decode(&schema, NodeId::ROOT, &mut source, &options).expect("a tree's events make a tree");
        assert_eq!(written(&copy), text);
    }
}

#[test]
fn annotations_may_stand_behind_what_they_annotate_or_in_front() {
    let schema = schema(&[BOX]);
    let behind = read(&schema, r#"{"box:box":{"n":1,"@n":{"o:a":1},"data":{"x:y":1,"@x:y":{"o:a":2}}}}"#);
    let front = read(&schema, r#"{"box:box":{"@n":{"o:a":1},"data":{"@x:y":{"o:a":2},"x:y":1},"n":1}}"#);
    assert_eq!(behind, front);
}

#[test]
fn xml_cannot_say_all_that_json_can() {
    let schema = schema(&[BOX]);
    for inside in [r#""xml":[1]"#, r#""xml":null"#] {
        let tree = read(&schema, &format!("{{\"box:box\":{{{inside}}}}}"));
        let xml = yang_data::xml::to_string(|sink| tree.encode(sink, &EncodeOptions::default()));
        assert!(xml.is_err(), "{inside}");
    }
}

#[test]
fn xml_in_anydata_keeps_the_prefixes_of_its_text() {
    let schema = schema(&[BOX]);
    let text = r#"<box xmlns="urn:box"><data><a xmlns="urn:a" xmlns:p="urn:p" p:x="p:y">p:z q</a><b xmlns="">c</b></data></box>"#;
    let options = DecodeOptions { unknown_annotations: UnknownAnnotations::Keep, ..DecodeOptions::default() };
    let decoded = inside(text, |source| Tree::decode(&schema, NodeId::ROOT, source, &options));
    let tree = decoded.expect("anydata takes all");
    let xml = yang_data::xml::to_string(|sink| tree.encode(sink, &EncodeOptions::default()))
        .expect("it came by XML");
    let again =
        inside(&xml, |source| Tree::decode(&schema, NodeId::ROOT, source, &options)).expect("it is XML");
    assert_eq!(tree, again, "{xml}");
    assert!(xml.contains("p:z q") && xml.contains("=\"p:y\""), "{xml}");
}

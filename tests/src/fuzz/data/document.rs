//! Documents in XML and JSON.

use super::{base, comes_back, differences_hold, options, schema, write_json, write_xml};
use std::sync::Arc;
use yang_data::codec::Limits;
use yang_data::event::{Event, Inside, Source};
use yang_data::instance_data::InstanceData;
use yang_data::locate::locate;
use yang_data::operation::{Operation, OperationKind};
use yang_data::tree::Tree;
use yang_data::validate::{ValidateOptions, validate};
use yang_data::view::{DefaultMode, EncodeOptions, View};
use yang_data::{json as json_codec, xml as xml_codec};
use yang_schema::NodeId;

/// Everything that reads a document reads this one.
fn all_that_read(source: &dyn Fn() -> Box<dyn Source + 'static>) -> Option<Tree> {
    for kind in [OperationKind::Request, OperationKind::Reply, OperationKind::Notification] {
        if let Ok(operation) = Operation::decode(schema(), kind, &mut *source(), &options()) {
            validate(&operation.view(Some(base())), &ValidateOptions::default());
            let _ = xml_codec::to_string(|sink| operation.encode(sink, &EncodeOptions::default()));
        }
    }
    let mut set = source();
    if matches!(set.next(), Ok(Event::Open { .. })) {
        let read = InstanceData::decode(schema(), &mut Inside::new(&mut *set), &options());
        if let Ok(data) = read {
            let _ = json_codec::to_string(|sink| data.encode(sink));
        }
    }
    let tree = match Tree::decode(schema(), NodeId::ROOT, &mut *source(), &options()) {
        Ok(tree) => tree,
        Err(errors) => {
            assert!(!errors.is_empty());
            return None;
        }
    };
    let errors = validate(&View::of(&tree), &ValidateOptions::default());
    let paths: Vec<&str> = errors.iter().map(|e| e.path.as_str()).collect();
    locate(schema(), &mut *source(), &paths);
    for mode in [DefaultMode::ReportAll, DefaultMode::ReportAllTagged, DefaultMode::Trim] {
        let _ = json_codec::to_string(|sink| {
            View::of(&tree).defaults(mode).encode(sink, &EncodeOptions::default())
        });
    }
    comes_back(&tree);
    differences_hold(base(), &tree);
    Some(tree)
}

/// A document in XML.
pub fn xml(data: &[u8]) {
    let copy: Arc<[u8]> = data.into();
    let tree = all_that_read(&|| {
        let reader = xml_codec::Reader::of_content(Limits::default());
        Box::new(xml_codec::ReadSource::over(reader, std::io::Cursor::new(Arc::clone(&copy))))
    });
    let Some(tree) = tree else { return };
    // A prefix that a text uses may be taken already where it is written.
    let Ok(text) = write_xml(&tree) else { return };
    assert_eq!(super::read_xml(&text).as_ref(), Ok(&tree), "{text}");
}

/// A document in JSON.
pub fn json(data: &[u8]) {
    let copy: Arc<[u8]> = data.into();
    let tree = all_that_read(&|| {
        Box::new(json_codec::ReadSource::new(std::io::Cursor::new(Arc::clone(&copy)), Limits::default()))
    });
    let Some(tree) = tree else { return };
    let text = write_json(&tree).expect("what came by JSON goes out by it");
    assert_eq!(super::read_json(&text).as_ref(), Ok(&tree), "{text}");
}

pub(in crate::fuzz) fn large_xml() -> Vec<(&'static str, Vec<u8>)> {
    let top = |content: &str| format!("<top xmlns='urn:m'>{content}</top>").into_bytes();
    let entries: String = (0..50_000).map(|i| format!("<list><k>{i}</k></list>")).collect();
    vec![
        ("50,000 elements inside one another", "<a>".repeat(50_000).into_bytes()),
        ("50,000 containers", ("<top xmlns='urn:m'>".to_owned() + &"<top>".repeat(50_000)).into_bytes()),
        (
            "anydata, 50,000 deep",
            ("<top xmlns='urn:m'><data>".to_owned() + &"<x>".repeat(50_000)).into_bytes(),
        ),
        ("an attribute of 4 MB", format!("<top xmlns='urn:m' a='{}'/>", "x".repeat(4 << 20)).into_bytes()),
        ("50,000 attributes", format!("<top xmlns='urn:m' {}/>", "a='b' ".repeat(50_000)).into_bytes()),
        ("a reference of 1 MB", top(&format!("&{};", "x".repeat(1 << 20)))),
        (
            "entities in entities",
            b"<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;'>]><top xmlns='urn:m'>&d;</top>".to_vec(),
        ),
        ("50,000 entries", top(&entries)),
        ("3,000 annotated entries of a leaf-list", {
            let entry = |i: u32| format!("<order m:note='{i}'>{i}</order>");
            let entries: String = (0..3_000).map(entry).collect();
            format!("<top xmlns='urn:m' xmlns:m='urn:m'>{entries}</top>").into_bytes()
        }),
    ]
}

pub(in crate::fuzz) fn large_json() -> Vec<(&'static str, Vec<u8>)> {
    let top = |content: &str| format!("{{\"m:top\":{{{content}}}}}").into_bytes();
    let noted: String = (0..20_000).map(|i| format!("\"@x:a{i}\":{{\"o:n\":1}},\"x:a{i}\":1,")).collect();
    vec![
        ("50,000 objects inside one another", "{\"a\":".repeat(50_000).into_bytes()),
        ("50,000 arrays", ("{\"m:top\":".to_owned() + &"[".repeat(50_000)).into_bytes()),
        ("a string of 4 MB", top(&format!("\"s\":\"{}\"", "x".repeat(4 << 20)))),
        ("a number of 1 MB", top(&format!("\"n\":{}", "1".repeat(1 << 20)))),
        ("20,000 annotations", top(&format!("\"data\":{{{noted}\"x:z\":1}}"))),
        ("20,000 annotations of one member", {
            let notes: String = (0..20_000).map(|i| format!("\"o:n{i}\":1,")).collect();
            top(&format!("\"n\":1,\"@n\":{{{notes}\"o:n\":1}}"))
        }),
        ("a name of 1 MB", format!("{{\"{}\":1}}", "x".repeat(1 << 20)).into_bytes()),
    ]
}

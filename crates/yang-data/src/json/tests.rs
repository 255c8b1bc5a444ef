//! What is JSON and what is not (RFC 8259, RFC 7493), how RFC 7951 uses it, and that cuts do not matter.

use super::{Reader, SliceSource, to_string};
use crate::codec::{CodecError, CodecErrorKind, Limits};
use crate::event::{Datum, Event, Form, FullName, Namespace, OutAttribute, Place, Shape, Source};
use proptest::prelude::*;

fn show(event: &Event<'_>) -> Option<String> {
    Some(match event {
        Event::Open { name, place, .. } => {
            let module = match name.namespace {
                Namespace::Module(module) => format!("{module}:"),
                Namespace::Inherited => String::new(),
                Namespace::Uri(uri) => format!("{{{uri}}}"),
            };
            format!("<{module}{}{}>", name.local, if *place == Place::Item { "*" } else { "" })
        }
        Event::Text(scalar) => match scalar.form {
            Form::JsonString => format!("{:?}", scalar.text),
            Form::JsonNumber | Form::JsonBoolean => scalar.text.to_string(),
            Form::JsonEmpty => "[null]".to_owned(),
            Form::JsonNull => "null".to_owned(),
            Form::Xml(_) | Form::Canonical => "?".to_owned(),
        },
        Event::EmptyArray(name) => format!("[]{}", name.local),
        Event::Annotations { of, attributes } => {
            let mut out = format!("@{of:?}");
            for a in attributes.iter() {
                out += &format!(" {}={:?}", a.name.local, a.value);
            }
            out
        }
        Event::Close => "</>".to_owned(),
        Event::End => return None,
    })
}

fn read(document: &[u8]) -> Result<String, CodecError> {
    let mut source = SliceSource::new(document, Limits::default());
    let mut out = String::new();
    while let Some(event) = show(&source.next()?) {
        out += &event;
    }
    Ok(out)
}

fn read_in_pieces(document: &[u8], lengths: &[usize]) -> Result<String, CodecError> {
    let mut reader = Reader::new(Limits::default());
    let mut out = String::new();
    let (mut rest, mut turn) = (document, 0);
    loop {
        while let Some(event) = reader.poll()? {
            match show(&event) {
                Some(event) => out += &event,
                None => return Ok(out),
            }
        }
        if rest.is_empty() {
            reader.finish();
        } else {
            let (now, later) = rest.split_at(lengths[turn % lengths.len()].clamp(1, rest.len()));
            reader.push(now);
            (rest, turn) = (later, turn + 1);
        }
    }
}

#[test]
fn what_is_well_formed_is_read() {
    for (document, events) in [
        ("{}", ""),
        (r#" { "m:a" : { "b" : 1 , "c":"x"} } "#, r#"<m:a><b>1</><c>"x"</></>"#),
        (r#"{"a":[1,2]}"#, "<a*>1</><a*>2</>"),
        (r#"{"a":[]}"#, "[]a"),
        (r#"{"a":[],"b":[{"c":[]}]}"#, "[]a<b*>[]c</>"),
        (r#"{"a":[{"b":1},{}],"c":true}"#, "<a*><b>1</></><a*></><c>true</>"),
        (r#"{"e":[null]}"#, "<e>[null]</>"),
        (r#"{"e":[ null ] }"#, "<e>[null]</>"),
        (r#"{"e":[null,null]}"#, "<e*>null</><e*>null</>"),
        (r#"{"e":[[null],[null]]}"#, "<e*>[null]</><e*>[null]</>"),
        (r#"{"n":null}"#, "<n>null</>"),
        (r#"{"a":-0.5e+10,"b":0,"c":1E5}"#, "<a>-0.5e+10</><b>0</><c>1E5</>"),
        (r#"{"a":"\"\\\/\b\f\n\r\tA\u00e9\ud83d\ude00"}"#, "<a>\"\\\"\\\\/\\u{8}\\u{c}\\n\\r\\tAé😀\"</>"),
        (r#"{"\u0061":{"b":{"c":[{"d":{}}]}}}"#, "<a><b><c*><d></></></></>"),
    ] {
        assert_eq!(read(document.as_bytes()).as_deref(), Ok(events), "{document}");
        assert_eq!(read_in_pieces(document.as_bytes(), &[1]).as_deref(), Ok(events), "{document} in pieces");
    }
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for (document, column) in [
        ("", 1),
        ("[]", 1),
        ("1", 1),
        ("{", 2),
        ("{\"a\"}", 5),
        ("{\"a\":}", 6),
        ("{\"a\":1", 7),
        ("{\"a\":1,}", 8),
        ("{,\"a\":1}", 2),
        ("{\"a\":1 \"b\":2}", 8),
        ("{\"a\":1}x", 8),
        ("{\"a\":1}{}", 8),
        ("{a:1}", 2),
        ("{'a':1}", 2),
        ("{\"a\":01}", 6),
        ("{\"a\":1.}", 6),
        ("{\"a\":.5}", 6),
        ("{\"a\":+1}", 6),
        ("{\"a\":1e}", 6),
        ("{\"a\":NaN}", 6),
        ("{\"a\":tru}", 6),
        ("{\"a\":[1,]}", 9),
        ("{\"a\":[1}", 8),
        ("{\"a\":[[1]]}", 7),
        ("{\"a\":\"\t\"}", 7),
        ("{\"a\":\"\\x\"}", 7),
        ("{\"a\":\"\\u12\"}", 7),
        ("{\"a\":\"\\ud800\"}", 7),
        ("{\"a\":\"\\ud800\\u0041\"}", 7),
        ("{\"a\":\"\\udc00\"}", 7),
        ("{\"a\":1,\"a\":2}", 8),
        ("{\"a\":1,\"\\u0061\":2}", 8),
        ("{\"\":1}", 2),
        ("{\"m:\":1}", 2),
        ("{\"@a\":1}", 7),
        ("{\"@a\":{\"m:b\":{}}}", 14),
        ("{\"@a\":[1]}", 8),
        ("\u{feff}{}", 1),
        ("{\"a\":1}//", 8),
    ] {
        let error = read(document.as_bytes()).expect_err(document);
        assert_eq!((error.position.line, error.position.column), (1, column), "{document}: {error}");
        assert!(read_in_pieces(document.as_bytes(), &[1]).is_err(), "{document} in pieces");
    }
    assert!(read(b"{\"a\":\"\xff\"}").is_err());
}

#[test]
fn many_names_must_differ_too() {
    let members: Vec<String> = (0..100).map(|i| format!("\"n{i}\":1")).collect();
    assert!(read(format!("{{{}}}", members.join(",")).as_bytes()).is_ok());
    let error = read(format!("{{{},\"n50\":1}}", members.join(",")).as_bytes()).map_err(|e| e.kind);
    assert_eq!(error, Err(CodecErrorKind::Duplicate));
}

#[test]
fn each_limit_is_named_by_what_passes_it() {
    let small = Limits { depth: 3, name: 10, attributes: 0, text: 20, nodes: 3 };
    for (document, words) in [
        (r#"{"a":{"a":{"a":{}}}}"#.to_owned(), "deeper than 3"),
        (format!("{{\"{}\":1}}", "x".repeat(11)), "a name is longer"),
        (format!("{{\"a\":\"{}\"}}", "x".repeat(20)), "a value is longer than 20"),
        (r#"{"a":[1,2,3,4]}"#.to_owned(), "more than 3 nodes"),
    ] {
        let mut source = SliceSource::new(document.as_bytes(), small);
        let error = loop {
            match source.next() {
                Ok(Event::End) => panic!("{document} was read"),
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind, CodecErrorKind::Limit, "{document}: {error}");
        assert!(error.message.contains(words), "{document}: {error}");
    }
    let deep = "{\"a\":".repeat(50_000);
    assert_eq!(read(deep.as_bytes()).map_err(|e| e.kind), Err(CodecErrorKind::Limit));
}

fn name(local: &str) -> FullName<'_> {
    FullName { module: "m", namespace: "urn:m", local }
}

#[test]
fn the_writer_groups_and_qualifies() {
    let other = |local| FullName { module: "o", namespace: "urn:o", local };
    let json = to_string(|sink| {
        let note = [OutAttribute { name: other("note"), value: Datum::Text("n") }];
        sink.open(name("a"), Shape::Container, &note)?;
        for (value, notes) in [("1", &note[..]), ("2", &[])] {
            sink.open(name("l"), Shape::LeafListEntry, notes)?;
            sink.value(Datum::Number(value))?;
            sink.close()?;
        }
        for key in ["x", "y"] {
            sink.open(name("e"), Shape::ListEntry, &[])?;
            sink.open(name("k"), Shape::Leaf, &note)?;
            sink.value(Datum::Text(key))?;
            sink.close()?;
            sink.close()?;
        }
        sink.open(other("i"), Shape::Leaf, &[])?;
        sink.value(Datum::Identity { module: "m", namespace: "urn:m", name: "id" })?;
        sink.close()?;
        sink.open(name("none"), Shape::Leaf, &[])?;
        sink.value(Datum::Empty)?;
        sink.close()?;
        sink.open(name("c"), Shape::Container, &[])?;
        sink.close()?;
        sink.close()
    });
    assert_eq!(
        json.as_deref(),
        Ok(concat!(
            r#"{"m:a":{"@":{"o:note":"n"},"l":[1,2],"@l":[{"o:note":"n"},null],"#,
            r#""e":[{"k":"x","@k":{"o:note":"n"}},{"k":"y","@k":{"o:note":"n"}}],"#,
            r#""o:i":"m:id","none":[null],"c":{}}}"#
        ))
    );
}

#[test]
fn entries_that_do_not_stand_together_are_refused() {
    let json = to_string(|sink| {
        for local in ["a", "b", "a"] {
            sink.open(name(local), Shape::ListEntry, &[])?;
            sink.close()?;
        }
        Ok(())
    });
    assert_eq!(json.map_err(|e| e.kind), Err(CodecErrorKind::Malformed));
    let unknown = FullName { module: "", namespace: "urn:x", local: "a" };
    assert!(to_string(|sink| sink.open(unknown, Shape::Leaf, &[])).is_err());
}

/// Values of serde_json that RFC 7951 can have made: no array in an array.
fn value() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        let object = prop::collection::btree_map("[a-z]{1,4}", inner, 0..5)
            .prop_map(|m| Value::Object(m.into_iter().collect()));
        prop_oneof![object.clone(), prop::collection::vec(object, 0..3).prop_map(Value::Array)]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn another_writers_text_is_read_whatever_the_cuts(
        value in prop::collection::btree_map("[a-z]{1,4}", value(), 0..5),
        pretty in any::<bool>(),
        lengths in prop::collection::vec(1usize..9, 1..6),
    ) {
        let value = serde_json::Value::Object(value.into_iter().filter(|(_, v)| !v.is_array() || v[0].is_object() || v[0].is_null()).collect());
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.expect("it is JSON");
        let whole = read(text.as_bytes());
        prop_assert!(whole.is_ok(), "{whole:?}");
        prop_assert_eq!(read_in_pieces(text.as_bytes(), &lengths), whole);
    }

    #[test]
    fn it_accepts_no_more_than_another_reader(text in "[{}\\[\\],:\"a01.eE+\\-tn \\\\u]{0,16}") {
        let text = format!("{{\"x\":{text}}}");
        if read(text.as_bytes()).is_ok() {
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn text_comes_back(text in "\\PC{0,20}|[\\x00-\\x20\"\\\\]{0,12}") {
        let json = to_string(|sink| {
            sink.open(name("a"), Shape::Leaf, &[])?;
            sink.value(Datum::Text(&text))?;
            sink.close()
        }).expect("JSON can say all text");
        let back: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
        prop_assert_eq!(back["m:a"].as_str(), Some(text.as_str()));
        let mut source = SliceSource::new(json.as_bytes(), Limits::default());
        prop_assert!(source.next().is_ok());
        match source.next() {
            Ok(Event::Text(found)) => prop_assert_eq!(&found.text, &text),
            other => return Err(TestCaseError::fail(format!("{other:?}"))),
        }
    }
}

#[test]
fn annotations_are_told_where_they_stand() {
    let document = r#"{"m:a":{"@":{"m:n":true},"@b":{"m:n":"x"},"b":1,"c":[1,2],"@c":[null,{"m:n":[null],"m:o":7}],"@d":{}}}"#;
    let told = read(document.as_bytes()).unwrap();
    assert_eq!(
        told,
        concat!(
            "<m:a>@Open n=\"true\"",
            "@Member(Name { namespace: Inherited, local: \"b\" }) n=\"x\"<b>1</>",
            "<c*>1</><c*>2</>",
            "@Item(Name { namespace: Inherited, local: \"c\" }, 1) n=\"\" o=\"7\"</>"
        )
    );
    assert_eq!(read_in_pieces(document.as_bytes(), &[1]).unwrap(), told);
}

#[test]
fn reading_goes_on_behind_a_name_that_stands_twice() {
    let mut source = SliceSource::new(br#"{"m:a":1,"m:a":2}"#, Limits::default());
    let mut told = String::new();
    let mut duplicates = 0;
    loop {
        match source.next() {
            Ok(event) => match show(&event) {
                Some(event) => told += &event,
                None => break,
            },
            Err(error) => {
                assert_eq!(error.kind, CodecErrorKind::Duplicate);
                duplicates += 1;
            }
        }
    }
    assert_eq!((told.as_str(), duplicates), ("<m:a>1</><m:a>2</>", 1));
}

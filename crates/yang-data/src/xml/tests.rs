//! What is XML and what is not (XML 1.0, Namespaces in XML 1.0, RFC 6241 section 3.2), and that cuts do not matter.

use super::{Reader, SliceSource, Writer, to_string};
use crate::codec::{CodecError, CodecErrorKind, Limits};
use crate::event::{Datum, Event, Form, FullName, Namespace, OutAttribute, Shape, Sink, Source};
use proptest::prelude::*;

/// Events as a line of text: `<{ns}name @{ns}attr=value>`, `"text"`, `</>`.
fn show(event: &Event<'_>) -> Option<String> {
    let qualified = |namespace: Namespace<'_>, local: &str| match namespace {
        Namespace::Uri("") => local.to_owned(),
        Namespace::Uri(uri) => format!("{{{uri}}}{local}"),
        other => format!("{other:?}"),
    };
    Some(match event {
        Event::Open { name, attributes, .. } => {
            let mut out = format!("<{}", qualified(name.namespace, name.local));
            for a in attributes.iter() {
                out += &format!(" {}={:?}", qualified(a.name.namespace, a.name.local), a.value);
            }
            out + ">"
        }
        Event::Text(text) => format!("{:?}", text.text),
        Event::Annotations { .. } | Event::EmptyArray(_) => "what XML has not".to_owned(),
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

/// Reads in pieces of these lengths, over and over.
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
        ("<a/>", "<a></>"),
        ("\u{feff}<a/>", "<a></>"),
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a></a>\n", "<a></>"),
        ("<?xml version='1.1' standalone='yes' ?><a/>", "<a></>"),
        ("<!-- c --><?pi x?><a/><!-- d -->", "<a></>"),
        ("<a>1<b/>2</a>", r#"<a>"1"<b></>"2"</>"#),
        ("<a>x<!-- c -->y<![CDATA[<&]]>z<?p?>&#65;&#x42;</a>", r#"<a>"xy<&zAB"</>"#),
        ("<a>&lt;&gt;&amp;&apos;&quot;</a>", r#"<a>"<>&'\""</>"#),
        ("<a>1\r\n2\r3</a>", r#"<a>"1\n2\n3"</>"#),
        ("<a>&#13;</a>", r#"<a>"\r"</>"#),
        ("<a x='1&#10;2\t3' y=\">\"/>", r#"<a x="1\n2 3" y=">"></>"#),
        (
            "<a xmlns='u'><b/><p:c xmlns:p='v' p:x='1' x='2'/></a>",
            r#"<{u}a><{u}b></><{v}c {v}x="1" x="2"></></>"#,
        ),
        ("<a xmlns='u'><b xmlns=''/></a>", "<{u}a><b></></>"),
        ("<p:a xmlns:p='u'><b xmlns:p='v'><p:c/></b><p:d/></p:a>", "<{u}a><b><{v}c></></><{u}d></></>"),
        (
            "<r><a xmlns:p='u'><p:b/><p:b/></a><a xmlns:p='v'><p:b/></a><a xmlns:p='u'/></r>",
            "<r><a><{u}b></><{u}b></></><a><{v}b></></><a></></>",
        ),
        ("<a xml:lang='en'/>", r#"<a {http://www.w3.org/XML/1998/namespace}lang="en"></>"#),
        ("<a\n b = '1'\t></a >", r#"<a b="1"></>"#),
        ("<é·1>ü</é·1>", "<é·1>\"ü\"</>"),
    ] {
        assert_eq!(read(document.as_bytes()).as_deref(), Ok(events), "{document}");
    }
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for (document, line, column) in [
        ("", 1, 1),
        ("  ", 1, 3),
        ("x<a/>", 1, 1),
        ("<a>", 1, 4),
        ("<a", 1, 1),
        ("<a></b>", 1, 4),
        ("<a/><b/>", 1, 5),
        ("<a/>x", 1, 5),
        ("</a>", 1, 1),
        ("<a>\n  <1/></a>", 2, 4),
        ("<a:b/>", 1, 2),
        ("<a:b:c xmlns:a='u'/>", 1, 2),
        ("<:a/>", 1, 2),
        ("<a b/>", 1, 4),
        ("<a b=1/>", 1, 6),
        ("<a b='1'c='2'/>", 1, 9),
        ("<a b='1' b='2'/>", 1, 10),
        ("<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", 1, 36),
        ("<a p:b='1'/>", 1, 4),
        ("<r><a xmlns:p='u'><p:b/></a><p:b/></r>", 1, 30),
        ("<a b='<'/>", 1, 4),
        ("<a b='&nbsp;'/>", 1, 4),
        ("<a xmlns:p=''/>", 1, 4),
        ("<a xmlns:xml='u'/>", 1, 4),
        ("<a xmlns:xmlns='u'/>", 1, 4),
        ("<a xmlns='http://www.w3.org/2000/xmlns/'/>", 1, 4),
        ("<a xmlns:p='u' xmlns:p='v'/>", 1, 16),
        ("<a>&nbsp;</a>", 1, 4),
        ("<a>& </a>", 1, 4),
        ("<a>&#0;</a>", 1, 4),
        ("<a>&#xd800;</a>", 1, 4),
        ("<a>&#x110000;</a>", 1, 4),
        ("<a>&#99999999999;</a>", 1, 4),
        ("<a>\u{1}</a>", 1, 4),
        ("<a>\u{ffff}</a>", 1, 4),
        ("<a>]]></a>", 1, 4),
        ("<a><!-- -- --></a>", 1, 4),
        ("<a><!-- ---></a>", 1, 4),
        ("<a><?xml version='1.0'?></a>", 1, 4),
        (" <?xml version='1.0'?><a/>", 1, 2),
        ("<?xml version='2.0'?><a/>", 1, 7),
        ("<?xml encoding='UTF-8' version='1.0'?><a/>", 1, 7),
        ("<?xml version='1.0' encoding='latin1'?><a/>", 1, 21),
        ("<!DOCTYPE a><a/>", 1, 1),
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", 1, 1),
        ("<a><!ELEMENT b ANY></a>", 1, 4),
        ("<![CDATA[x]]><a/>", 1, 1),
        ("<a/><![CDATA[]]>", 1, 5),
        ("< a/>", 1, 2),
        ("<a>< b/></a>", 1, 5),
    ] {
        let error = read(document.as_bytes()).expect_err(document);
        assert_eq!((error.position.line, error.position.column), (line, column), "{document}: {error}");
        assert!(matches!(error.kind, CodecErrorKind::Malformed | CodecErrorKind::Truncated), "{document}");
        let again = read_in_pieces(document.as_bytes(), &[1]).expect_err(document);
        assert_eq!(again.kind, error.kind, "{document}: {again}");
    }
    for bytes in [
        b"<a>\xff</a>".as_slice(),
        b"<a b='\xc0\x80'/>",
        b"<\xff/>",
        b"\xff\xfe<\0a\0",
        b"<a><!--\xff--></a>",
    ] {
        assert!(read(bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn an_error_comes_again() {
    let mut source = SliceSource::new(b"<a><b></a>", Limits::default());
    assert!(source.next().is_ok() && source.next().is_ok());
    let first = source.next().err();
    assert!(first.is_some());
    assert_eq!(source.next().err(), first);
}

#[test]
fn each_limit_is_named_by_what_passes_it() {
    let small = Limits { depth: 3, name: 10, attributes: 20, text: 30, nodes: 5 };
    let long = "x".repeat(31);
    for (document, words) in [
        ("<a><a><a><a/></a></a></a>".to_owned(), "deeper than 3"),
        (format!("<{}/>", "x".repeat(15)), "a name is longer than 10"),
        (format!("<a b='{}'/>", "x".repeat(20)), "attributes of an element are longer than 20"),
        (format!("<a>{long}</a>"), "a text is longer than 30"),
        (format!("<a><!--{long}--></a>"), "a comment is longer than 30"),
        ("<a>".to_owned() + &"<b/>".repeat(5) + "</a>", "more than 5 elements"),
        (format!("<a xmlns='{}'/>", "u".repeat(12)), "a name with its namespace is longer than 10"),
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
}

#[test]
fn a_token_without_end_is_refused_before_it_is_held() {
    for begin in ["<a b='", "<a>", "<a><!--", "<a><![CDATA[", "<", "<?xml version='", "<a></"] {
        let mut reader = Reader::new(Limits { text: 1 << 16, ..Limits::default() });
        reader.push(begin.as_bytes());
        let piece = [b'x'; 4096];
        let refused = (0..200).any(|_| {
            while let Ok(Some(_)) = reader.poll() {}
            reader.push(&piece);
            reader.poll().is_err()
        });
        assert!(refused, "{begin}");
    }
}

#[test]
fn prefixes_in_text_are_those_in_scope() {
    let mut source = SliceSource::new(b"<a xmlns='u' xmlns:p='v'>p:x</a>", Limits::default());
    assert!(matches!(source.next(), Ok(Event::Open { .. })));
    let Ok(Event::Text(text)) = source.next() else { panic!("text comes next") };
    let Form::Xml(prefixes) = text.form else { panic!("it came by XML") };
    assert_eq!(prefixes.namespace("p"), Some("v"));
    assert_eq!(prefixes.namespace(""), Some("u"));
    assert_eq!(prefixes.namespace("q"), None);
}

#[test]
fn a_fragment_has_the_scope_around_it() {
    let reader =
        Reader::with_scope(Limits::default(), [("", "u"), ("p", "v")]).expect("they can be declared");
    let mut source = SliceSource::over(reader, b"<p:a><b/></p:a>");
    let mut out = String::new();
    while let Some(event) = source.next().ok().as_ref().and_then(show) {
        out += &event;
    }
    assert_eq!(out, "<{v}a><{u}b></></>");
}

#[test]
fn tokens_tell_their_bytes() {
    let document = "<a>\n <b x='1'>ü</b>\n</a>";
    let mut source = SliceSource::new(document.as_bytes(), Limits::default());
    let mut slices = Vec::new();
    while !matches!(source.next(), Ok(Event::End) | Err(_)) {
        let token = source.reader().token();
        slices.push(&document[token.start as usize..token.end as usize]);
    }
    assert_eq!(slices, ["<a>", "\n ", "<b x='1'>", "ü", "</b>", "\n", "</a>"]);
}

fn name(local: &str) -> FullName<'_> {
    FullName { module: "m", namespace: "urn:m", local }
}

#[test]
fn the_writer_declares_what_is_needed() {
    let other = |local| FullName { module: "o", namespace: "urn:o", local };
    let xml = to_string(|sink| {
        sink.open(
            name("a"),
            Shape::Container,
            &[OutAttribute { name: other("x"), value: Datum::Text("<\"\n") }],
        )?;
        sink.open(name("id"), Shape::Leaf, &[])?;
        sink.value(Datum::Identity { module: "o", namespace: "urn:o", name: "i" })?;
        sink.close()?;
        sink.open(other("b"), Shape::Leaf, &[])?;
        sink.value(Datum::Qualified {
            text: "/m:a[k='p:q']/o:b",
            modules: &[("m", "urn:m"), ("o", "urn:o")],
        })?;
        sink.close()?;
        sink.open(name("c"), Shape::Leaf, &[])?;
        sink.value(Datum::Text("1 < 2 & 3\r"))?;
        sink.close()?;
        sink.close()
    });
    assert_eq!(
        xml.as_deref(),
        Ok(concat!(
            "<a xmlns=\"urn:m\" xmlns:o=\"urn:o\" o:x=\"&lt;&quot;&#10;\"><id>o:i</id>",
            "<b xmlns=\"urn:o\" xmlns:m=\"urn:m\">/m:a[m:k='p:q']/o:b</b><c>1 &lt; 2 &amp; 3&#13;</c></a>"
        ))
    );
}

#[test]
fn what_is_announced_is_declared_once() {
    let identity = |name| Datum::Identity { module: "o", namespace: "urn:o", name };
    let other = |local| FullName { module: "o", namespace: "urn:o", local };
    let xml = to_string(|sink| {
        sink.announce("o", "urn:o");
        sink.open(name("a"), Shape::Container, &[])?;
        sink.leaf(name("b"), Shape::Leaf, &[], identity("i"))?;
        sink.leaf(name("b"), Shape::Leaf, &[], identity("j"))?;
        // The prefix stands for something else in here.
        let takes = OutAttribute {
            name: FullName { module: "o", namespace: "urn:else", local: "x" },
            value: Datum::Boolean(true),
        };
        sink.open(name("c"), Shape::Container, &[takes])?;
        sink.leaf(name("b"), Shape::Leaf, &[], identity("k"))?;
        sink.leaf(other("d"), Shape::Leaf, &[], identity("l"))?;
        sink.close()?;
        sink.close()
    });
    assert_eq!(
        xml.as_deref(),
        Ok(concat!(
            "<a xmlns=\"urn:m\" xmlns:o=\"urn:o\"><b>o:i</b><b>o:j</b>",
            "<c xmlns:o=\"urn:else\" o:x=\"true\"><b xmlns:o=\"urn:o\">o:k</b>",
            "<d xmlns=\"urn:o\" xmlns:o=\"urn:o\">o:l</d></c></a>"
        ))
    );
}

#[test]
fn the_writer_refuses_what_xml_cannot_say() {
    let write = |value| {
        to_string(|sink| {
            sink.open(name("a"), Shape::Leaf, &[])?;
            sink.value(value)?;
            sink.close()
        })
    };
    assert!(write(Datum::Text("\u{0}")).is_err());
    assert!(write(Datum::Null).is_err());
    let unknown = FullName { module: "m", namespace: "", local: "a" };
    assert!(to_string(|sink| sink.open(unknown, Shape::Leaf, &[])).is_err());
    assert!(to_string(|sink| sink.open(name("a b"), Shape::Leaf, &[])).is_err());
    assert!(to_string(|sink| sink.open(name("a"), Shape::Leaf, &[])).is_err(), "it is not closed");
    assert!(to_string(|sink| sink.close()).is_err());
}

#[test]
fn indented_text_reads_the_same() {
    let mut writer = Writer::indented(Vec::new(), 2);
    let mut write = || {
        writer.open(name("a"), Shape::Container, &[])?;
        writer.open(name("b"), Shape::Leaf, &[])?;
        writer.value(Datum::Text(" x "))?;
        writer.close()?;
        writer.close()
    };
    assert_eq!(write(), Ok(()));
    let bytes = writer.finish().expect("all is closed");
    assert_eq!(String::from_utf8_lossy(&bytes), "<a xmlns=\"urn:m\">\n  <b> x </b>\n</a>");
}

/// The same events by quick-xml, which is lenient and does not see names' namespaces.
fn by_quick_xml(document: &str) -> Vec<String> {
    use quick_xml::events::Event as E;
    let mut reader = quick_xml::Reader::from_str(document);
    reader.config_mut().expand_empty_elements = true;
    let mut out = Vec::new();
    loop {
        match reader.read_event().expect("it was read before") {
            E::Start(start) => out.push(format!("<{}>", start.local_name().as_ref())),
            E::End(_) => out.push("</>".to_owned()),
            E::Eof => return out,
            _ => {}
        }
    }
}

/// Documents: mostly well-formed, of tricky pieces.
fn document() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        "[a-z ü\n]{0,6}",
        Just("&lt;&#x41;".to_owned()),
        Just("<![CDATA[]>]]>".to_owned()),
        Just("<!-- - -->".to_owned()),
        Just("<?p q?>".to_owned()),
        Just("\r\n".to_owned()),
    ];
    let leaf = (text.clone(), prop_oneof![Just(""), Just(" x='>'"), Just(" xmlns='u'"), Just(" p:y=\"'\"")])
        .prop_map(|(text, attribute)| format!("<b{attribute}>{text}</b>"));
    let tree = leaf.prop_recursive(4, 24, 4, move |inner| {
        prop::collection::vec(prop_oneof![inner, text.clone()], 0..4)
            .prop_map(|parts| format!("<c>{}</c>", parts.concat()))
    });
    tree.prop_map(|inner| format!("<?xml version='1.0'?><r xmlns:p='v'>{inner}<e/></r>\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn cuts_do_not_matter(document in document(), lengths in prop::collection::vec(1usize..9, 1..6)) {
        let whole = read(document.as_bytes());
        prop_assert!(whole.is_ok(), "{whole:?}");
        prop_assert_eq!(read_in_pieces(document.as_bytes(), &lengths), whole);
    }

    #[test]
    fn the_elements_are_those_that_another_reader_sees(document in document()) {
        let mut source = SliceSource::new(document.as_bytes(), Limits::default());
        let mut ours = Vec::new();
        loop {
            match source.next() {
                Ok(Event::Open { name, .. }) => ours.push(format!("<{}>", name.local)),
                Ok(Event::Close) => ours.push("</>".to_owned()),
                Ok(Event::Text(_) | Event::Annotations { .. } | Event::EmptyArray(_)) => {}
                Ok(Event::End) => break,
                Err(e) => return Err(TestCaseError::fail(e.to_string())),
            }
        }
        prop_assert_eq!(ours, by_quick_xml(&document));
    }

    #[test]
    fn nothing_makes_it_panic(bytes in prop::collection::vec(prop_oneof![
        Just(b'<'), Just(b'>'), Just(b'/'), Just(b'!'), Just(b'-'), Just(b'?'), Just(b'&'), Just(b';'), Just(b'a'),
        Just(b'"'), Just(b'\''), Just(b'='), Just(b' '), Just(b':'), Just(b'['), Just(b']'), any::<u8>()
    ], 0..60), lengths in prop::collection::vec(1usize..5, 1..4)) {
        let whole = read(&bytes);
        let pieces = read_in_pieces(&bytes, &lengths);
        prop_assert_eq!(whole.map_err(|e| e.kind), pieces.map_err(|e| e.kind));
    }

    #[test]
    fn text_comes_back(text in "\\PC{0,20}|[\\t\\n\\r<>&'\"\\]]{0,12}") {
        let xml = to_string(|sink| {
            sink.open(name("a"), Shape::Leaf, &[OutAttribute {
                name: FullName { module: "", namespace: "", local: "x" },
                value: Datum::Text(&text),
            }])?;
            sink.value(Datum::Text(&text))?;
            sink.close()
        }).expect("all these characters are XML's");
        let around = |write: &dyn Fn(&mut dyn Sink) -> Result<(), CodecError>| to_string(|sink| {
            sink.open(name("a"), Shape::Container, &[])?;
            write(sink)?;
            sink.close()
        });
        let in_steps = around(&|sink| {
            sink.open(name("b"), Shape::Leaf, &[])?;
            sink.value(Datum::Text(&text))?;
            sink.close()
        });
        prop_assert_eq!(around(&|sink| sink.leaf(name("b"), Shape::Leaf, &[], Datum::Text(&text))), in_steps);
        let mut source = SliceSource::new(xml.as_bytes(), Limits::default());
        match source.next() {
            Ok(Event::Open { attributes, .. }) => prop_assert_eq!(&attributes[0].value, &text),
            other => return Err(TestCaseError::fail(format!("{other:?}"))),
        }
        if !text.is_empty() {
            match source.next() {
                Ok(Event::Text(found)) => prop_assert_eq!(&found.text, &text),
                other => return Err(TestCaseError::fail(format!("{other:?}"))),
            }
        }
    }
}

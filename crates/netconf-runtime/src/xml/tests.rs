use super::*;
use proptest::prelude::*;

fn scan(text: &[u8]) -> Result<String, XmlError> {
    let mut scanner = Scanner::new(text)?;
    let mut out = String::new();
    loop {
        match scanner.next()? {
            Token::Open { raw, .. } => {
                let (namespace, local) = scanner.scope().element(raw);
                out.push_str(&format!("({namespace}|{local}"));
                for a in scanner.attributes() {
                    out.push_str(&format!(" {}={:?}", a.raw, a.value));
                }
            }
            Token::Text(t) => out.push_str(&format!("{t:?}")),
            Token::Close { .. } => out.push(')'),
            Token::End => return Ok(out),
        }
    }
}

#[test]
fn well_formed() {
    for (text, expected) in [
        ("<a/>", "(|a)"),
        (
            "\u{FEFF}<?xml version='1.0' encoding=\"utf-8\" standalone='no'?>\n<a/>\n<!-- x --><?pi y?>",
            "(|a)",
        ),
        ("<a xmlns='u' xmlns:p='v'><p:b/><c xmlns=''/></a>", "(u|a(v|b)(|c))"),
        (
            "<a b = 'x\n\ty&#10;&quot;' c='&#x1F600;'>&lt;\r\n\r<![CDATA[<&]]></a>",
            "(|a b=\"x  y\\n\\\"\" c=\"😀\"\"<\\n\\n\"\"<&\")",
        ),
        ("<a><b></b ></a >", "(|a(|b))"),
        ("<a xml:lang='en'/>", "(|a xml:lang=\"en\")"),
    ] {
        assert_eq!(scan(text.as_bytes()).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn refused() {
    for (text, message) in [
        (&b""[..], "no element"),
        (b" \n", "no element"),
        (b"<a>", "inside of the element `a`"),
        (b"<a></b>", "`</b>` stands where `</a>` should"),
        (b"<a/><b/>", "second root"),
        (b"<a/></a>", "closes nothing"),
        (b"x<a/>", "outside of the root"),
        (b"<a/>x", "outside of the root"),
        (b"<a/><![CDATA[x]]>", "outside of the root"),
        (b"<!DOCTYPE a><a/>", "document type"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "document type"),
        (b"<a>&b;</a>", "entity `b`"),
        (b"<a>&amp</a>", "`&` begins no reference"),
        (b"<a>&#0;</a>", "no character"),
        (b"<a>&#xD800;</a>", "no character"),
        (b"<a>&#+65;</a>", "entity"),
        (b"<a>]]></a>", "`]]>`"),
        (b"<a>\x01</a>", "U+0001"),
        ("<a>\u{FFFF}</a>".as_bytes(), "U+FFFF"),
        (b"<a>\xff</a>", "UTF-8"),
        (b"<a b='1' b='2'/>", "twice"),
        (b"<a xmlns='u' xmlns='v'/>", "twice"),
        (b"<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>", "twice, by two prefixes"),
        (b"<a b='1'c='2'/>", "white space"),
        (b"<a b=1/>", "not quoted"),
        (b"<a b/>", "no value"),
        (b"<a b='<'/>", "`<` is not allowed"),
        (b"<a b='1", "does not end"),
        (b"<p:a/>", "`p` is not declared"),
        (b"<a p:b=''/>", "`p` is not declared"),
        (b"<a><b xmlns:p='u'/><p:c/></a>", "`p` is not declared"),
        (b"<a xmlns:p=''/>", "no namespace"),
        (b"<a xmlns:xml='u'/>", "`xml`"),
        (b"<a xmlns:xmlns='u'/>", "`xmlns`"),
        (b"<a:b:c/>", "white space"),
        (b"<1a/>", "name"),
        (b"< a/>", "name"),
        (b"<a", "does not end"),
        (b"<!-- x", "does not end"),
        (b"<!-- -- --><a/>", "`--`"),
        (b" <?xml version='1.0'?><a/>", "beginning"),
        (b"<?xml version='1.1'?><a/>", "declaration"),
        (b"<?xml?><a/>", "declaration"),
        (b"<?xml encoding='utf-8'?><a/>", "declaration"),
        (b"<?xml version='1.0' encoding='latin1'?><a/>", "UTF-8"),
        (b"<? x?><a/>", "name"),
        (b"<![CDATA[", "outside"),
        (b"<a><![CDATA[", "does not end"),
    ] {
        let shown = String::from_utf8_lossy(text);
        let error = scan(text).expect_err(&shown);
        assert!(error.message.contains(message), "{shown}: {error}");
    }
    let deep = "<a>".repeat(5000);
    assert!(scan(deep.as_bytes()).is_err_and(|e| e.message.contains("deeper")));
    let wide: String = (0..500).map(|i| format!(" a{i}=''")).collect();
    assert!(scan(format!("<a{wide}/>").as_bytes()).is_err_and(|e| e.message.contains("attributes")));
}

#[test]
fn standalone_declares_what_is_missing() {
    let scope = [("", "u"), ("p", "v&w")];
    assert_eq!(standalone("<a/>", scope), "<a xmlns=\"u\" xmlns:p=\"v&amp;w\"/>");
    assert_eq!(
        standalone("<a xmlns='x' b='xmlns:p=\">'>t</a>", scope),
        "<a xmlns:p=\"v&amp;w\" xmlns='x' b='xmlns:p=\">'>t</a>"
    );
    assert_eq!(
        standalone("<p:a\n xmlns:p = \"x\" >t</p:a>", scope),
        "<p:a xmlns=\"u\"\n xmlns:p = \"x\" >t</p:a>"
    );
}

proptest! {
    #[test]
    fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        _ = scan(&bytes);
    }

    #[test]
    fn never_panics_near_xml(text in "(<[!/?a]?|[ab:]{1,3}|[ =\"'&;#x0-9>]|/>|xmlns|-->|\\]\\]>|CDATA\\[|--){0,60}") {
        _ = scan(text.as_bytes());
    }

    #[test]
    fn escapes_come_back(text in "\\PC{0,40}[\t\n<>&\"']{0,5}\r?\\PC{0,9}") {
        prop_assume!(text.chars().all(is_char));
        let mut xml = String::from("<a b=\"");
        escape_attribute(&mut xml, &text);
        xml.push_str("\">x");
        escape_text(&mut xml, &text);
        xml.push_str("</a>");
        let mut scanner = Scanner::new(xml.as_bytes()).unwrap();
        prop_assert!(matches!(scanner.next().unwrap(), Token::Open { .. }), "an element");
        prop_assert_eq!(&scanner.attributes()[0].value, &text);
        let Token::Text(back) = scanner.next().unwrap() else { panic!("no text") };
        prop_assert_eq!(&back[1..], &text);
    }
}

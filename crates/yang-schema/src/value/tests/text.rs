//! Strings, booleans, enumerations, bits, binary, empty, identities (RFC 7950 sections 9.4 to 9.8, 9.10, 9.11).

use super::*;

#[test]
fn lengths_count_characters() {
    let f = Fixture::new();
    let lengths = vec![f.plain(&[(2, 3)])];
    let ty = f.ty(TypeDetail::String { lengths, patterns: Vec::new() });
    assert!(f.xml(ty, "äöü").is_ok(), "three characters in six bytes");
    assert_eq!(f.xml(ty, "a"), Err("\"a\" has 1 character, at least 2 are demanded".to_owned()));
    assert_eq!(f.xml(ty, "abcd"), Err("\"abcd\" has 4 characters, at most 3 are allowed".to_owned()));
    let error = f.parse_as(ty, "", XML).expect_err("too short");
    assert_eq!(error.kind, ValueErrorKind::Length);
}

#[test]
fn strings_have_no_control_characters_and_no_noncharacters() {
    let f = Fixture::new();
    let ty = f.string();
    for text in ["\t\r\n", "~\u{7f}\u{85}", "\u{d7ff}\u{e000}", "\u{10fffd}", "\u{fffd}"] {
        assert!(f.xml(ty, text).is_ok(), "{text:?}");
    }
    for text in ["\0", "\u{1b}", "\u{fdd0}", "\u{fffe}", "\u{1ffff}", "\u{10fffe}"] {
        assert!(f.xml(ty, text).is_err(), "{text:?}");
    }
}

#[test]
fn all_patterns_must_match_and_inverted_ones_must_not() {
    let f = Fixture::new();
    // Section 9.4.7: identifiers that do not start with "xml" in any case.
    let patterns = vec![
        f.pattern("[a-zA-Z_][a-zA-Z0-9\\-_.]*", false, ConstraintInfo::default()),
        f.pattern("[xX][mM][lL].*", true, f.info("", "no-xml")),
    ];
    let ty = f.ty(TypeDetail::String { lengths: Vec::new(), patterns });
    assert!(f.xml(ty, "enabled").is_ok());
    assert_eq!(
        f.xml(ty, "10-mbit"),
        Err("\"10-mbit\" does not match the pattern [a-zA-Z_][a-zA-Z0-9\\-_.]*".to_owned())
    );
    let error = f.parse_as(ty, "xml-element", XML).expect_err("forbidden");
    assert_eq!((error.kind, error.app_tag.as_deref()), (ValueErrorKind::Pattern, Some("no-xml")));
    assert!(error.message().contains("matches the forbidden pattern"));
}

#[test]
fn booleans_are_words() {
    let f = Fixture::new();
    let ty = f.ty(TypeDetail::Boolean);
    assert_eq!(f.parse_as(ty, "true", XML), Ok(Value::Boolean(true)));
    assert_eq!(f.parse_as(ty, "false", XML), Ok(Value::Boolean(false)));
    for text in ["True", "1", "0", "", " true"] {
        assert!(f.xml(ty, text).is_err(), "{text}");
    }
}

#[test]
fn enums_are_matched_whole_and_must_be_supported() {
    let f = Fixture::new();
    let ty = f.enumeration(&["zero", "one", "off", "seven"]);
    assert_eq!(f.parse_as(ty, "one", XML), Ok(Value::Enumeration(ty, 1)));
    assert_eq!(f.xml(ty, "seven").as_deref(), Ok("seven"));
    assert_eq!(f.xml(ty, " one"), Err("\" one\" is none of zero, one, seven".to_owned()));
    let error = f.xml(ty, "off").expect_err("needs a feature");
    assert!(error.contains("feature"), "{error}");
}

#[test]
fn bits_are_ordered_by_position() {
    let f = Fixture::new();
    // Section 9.7.5.
    let ty = f.bits(&["UP", "PROMISCUOUS", "DISABLED"]);
    assert_eq!(f.xml(ty, "DISABLED UP").as_deref(), Ok("UP DISABLED"));
    assert_eq!(f.xml(ty, "").as_deref(), Ok(""));
    assert_eq!(f.xml(ty, "\n  UP\t DISABLED \n").as_deref(), Ok("UP DISABLED"));
    assert!(f.xml(ty, "UP UP").expect_err("twice").contains("twice"));
    assert!(f.xml(ty, "up").is_err());
}

#[test]
fn binary_is_base64() {
    let f = Fixture::new();
    let ty = f.ty(TypeDetail::Binary { lengths: vec![f.plain(&[(0, 6)])] });
    // RFC 4648 section 10.
    for (octets, text) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(base64::encode(octets.as_bytes()), text);
        assert_eq!(f.parse_as(ty, text, XML), Ok(Value::Binary(octets.as_bytes().into())));
    }
    assert_eq!(f.xml(ty, " Zm9v\n YmFy ").as_deref(), Ok("Zm9vYmFy"));
    for text in ["Zg", "Zg=", "Zg===", "Zm9v=", "Z", "Zh==", "Zm9=", "Zm9-", "Zg==Zg==", "====", "="] {
        assert!(f.xml(ty, text).is_err(), "{text}");
    }
    assert_eq!(
        f.xml(ty, "Zm9vYmFyZg=="),
        Err("\"Zm9vYmFyZg==\" has 7 octets, at most 6 are allowed".to_owned())
    );
}

#[test]
fn empty_is_empty() {
    let f = Fixture::new();
    let ty = f.ty(TypeDetail::Empty);
    assert_eq!(f.parse_as(ty, "", XML), Ok(Value::Empty));
    assert!(f.xml(ty, "x").is_err());
    assert!(f.xml(ty, " ").is_err());
}

#[test]
fn identities_are_derived_from_all_bases_and_never_the_base_itself() {
    let f = Fixture::new();
    let (a, b) = (f.a, f.b);
    let crypto = f.identity(a, "crypto-alg", &[]);
    let fast = f.identity(a, "fast", &[]);
    let des = f.identity(b, "des", &[crypto]);
    let des3 = f.identity(b, "des3", &[des, fast]);
    f.identity(a, "plain", &[fast]);
    let one = f.ty(TypeDetail::Identityref { bases: vec![crypto] });
    let both = f.ty(TypeDetail::Identityref { bases: vec![crypto, fast] });
    assert_eq!(f.parse_as(one, "b:des", XML), Ok(Value::Identity(des)));
    assert_eq!(f.xml(one, "b:des3").as_deref(), Ok("mod-b:des3"));
    assert_eq!(f.parse_as(both, "b:des3", XML), Ok(Value::Identity(des3)));
    assert_eq!(f.xml(both, "b:des"), Err("mod-b:des is not derived from mod-a:fast".to_owned()));
    assert_eq!(
        f.xml(one, "a:crypto-alg"),
        Err("mod-a:crypto-alg is not derived from mod-a:crypto-alg".to_owned())
    );
    assert!(f.xml(one, "x:des").expect_err("no such prefix").contains("prefix"));
    // Without a prefix: the default namespace, here that of mod-a.
    assert!(f.xml(one, "des").expect_err("not there").contains("module mod-a has no identity"));
    assert!(f.parse_as(one, "des", Names(Notation::Xml, Some(b))).is_ok());
    assert!(f.parse_as(one, "des", Names(Notation::Xml, None)).is_err());
}

#[test]
fn identities_of_modules_that_are_not_implemented_are_for_defaults_only() {
    let f = Fixture::new();
    let base = f.identity(f.a, "base", &[]);
    f.identity(f.b, "other", &[base]);
    let b = f.b;
    f.builder.borrow_mut().module_mut(b).implemented = false;
    let ty = f.ty(TypeDetail::Identityref { bases: vec![base] });
    assert!(f.parse_as(ty, "b:other", YANG).is_ok());
    assert!(f.xml(ty, "b:other").expect_err("imported only").contains("imported only"));
}

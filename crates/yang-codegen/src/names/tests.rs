//! What the functions promise: readable for the usual names, one name each for all others, valid Rust for every text.

use super::*;
use proptest::prelude::*;

#[test]
fn the_table_of_the_module_holds() {
    let row = |name| {
        let q = QName::plain(name);
        [q.snake_text(), q.camel_text(), q.constant_text()]
    };
    assert_eq!(row("foo-bar"), ["foo_bar", "FooBar", "foo_bar"]);
    assert_eq!(row("fooBar"), ["_fooBar", "_fooBar", "fooBar"]);
    assert_eq!(row("foo_bar"), ["_foo_bar", "_foo_bar", "_foo_bar"]);
    assert_eq!(row("FOO_BAR"), ["_FOO_BAR", "FOO_BAR", "FOO_BAR"]);
    assert_eq!(row("foo--bar"), ["_foo__h__hbar"; 3]);
    assert_eq!(row("10-Gb/s"), ["_10__hGb__ss"; 3]);
    assert_eq!(row("é"), ["___xe9_"; 3]);
}

#[test]
fn digits_keep_their_hyphens() {
    assert_eq!(QName::plain("level-1").camel_text(), "Level_1");
    assert_eq!(QName::plain("level1").camel_text(), "Level1");
    assert_eq!(QName::plain("ipv4-2nd").snake_text(), "ipv4_2nd");
}

#[test]
fn keywords_and_reserved_names_step_aside() {
    assert_eq!(QName::plain("type").snake_text(), "r#type");
    assert_eq!(QName::plain("self").snake_text(), "self_");
    assert_eq!(QName::plain("crate").constant_text(), "crate_");
    assert_eq!(QName::plain("self").camel_text(), "Self_");
    assert_eq!(QName::plain("option").camel_text(), "Option_");
    assert_eq!(QName::plain("paths").snake_text(), "paths");
    assert_eq!(QName::plain("paths").module_text(), "paths_");
    // A Rust module of the name of a primitive type would be found instead of it.
    assert_eq!(
        (QName::plain("u8").module_text(), QName::plain("u8").snake_text()),
        ("u8_".into(), "u8".into())
    );
}

#[test]
fn the_rust_module_of_a_node_is_never_its_type() {
    for name in ["fooBar", "foo_bar", "FOO_BAR", "foo", "a", "A", "_", "-x", "_fooBar__m"] {
        for q in [QName::plain(name), QName::of("acme", name), QName::of("Acme.x", name)] {
            assert_ne!(q.module_text(), q.camel_text(), "{q:?}");
        }
    }
    assert_eq!(QName::plain("fooBar").module_text(), "_fooBar__m");
    assert_ne!(QName::plain("fooBar").module_text(), QName::plain("fooBar__m").module_text());
}

#[test]
fn every_keyword_of_rust_is_in_the_table() {
    // syn knows the keywords: whatever it refuses as an identifier must come out as something else.
    let all =
        KEYWORDS.iter().chain(&NOT_RAW).copied().chain(["union", "auto", "default", "macro-rules", "raw"]);
    for word in all {
        for text in [QName::plain(word).snake_text(), QName::plain(word).constant_text()] {
            assert!(syn::parse_str::<Ident>(&text).is_ok(), "{word} becomes {text}");
        }
    }
}

#[test]
fn a_module_is_carried_in_front() {
    let q = QName::of("ietf-ip", "ipv4");
    assert_eq!(q.snake_text(), "ietf_ip__ipv4");
    assert_eq!(q.camel_text(), "IetfIp__Ipv4");
    assert_eq!(QName::of("ietf-ip", "type").snake_text(), "ietf_ip__type");
    assert_eq!(QName::of("acme", "fooBar").snake_text(), "_acme__cfooBar");
}

/// What the name was, read back: that it can be is the proof that no two names meet.
fn read_back(text: &str, plain: impl Fn(&str) -> String) -> String {
    let text = text.strip_prefix("r#").unwrap_or(text);
    if let Some(rest) = text.strip_prefix('_') {
        return read_literal(rest);
    }
    let text = text.strip_suffix('_').unwrap_or(text);
    match text.split_once("__") {
        Some((m, n)) => format!("{}:{}", plain(m), plain(n)),
        None => plain(text),
    }
}

fn read_literal(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[1..];
        if c != '_' || !rest.starts_with('_') {
            out.push(c);
            continue;
        }
        let code = rest[1..].chars().next().expect("a code follows");
        rest = &rest[2..];
        out.push(match code {
            'u' => '_',
            'h' => '-',
            'd' => '.',
            'c' => ':',
            's' => '/',
            'w' => ' ',
            'x' => {
                let (hex, after) = rest.split_once('_').expect("the code ends");
                rest = after;
                char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap()
            }
            other => panic!("no code {other} in {text}"),
        });
    }
    out
}

/// A literal name of a Rust module without what keeps it apart from its type.
fn without_mark(text: String) -> String {
    match text.strip_suffix("__m") {
        Some(rest) if text.starts_with('_') => rest.to_owned(),
        _ => text,
    }
}

fn unsnake(s: &str) -> String {
    s.replace('_', "-")
}

fn uncamel(s: &str) -> String {
    let letters = s.bytes().filter(u8::is_ascii_alphabetic).count();
    if !s.contains(|c: char| c.is_ascii_lowercase()) && (letters > 1 || s.contains('_')) {
        return s.to_owned();
    }
    let mut out = String::new();
    for c in s.chars() {
        match c {
            '_' => out.push('-'),
            c if c.is_ascii_uppercase() => {
                if !out.is_empty() {
                    out.push('-');
                }
                out.push(c.to_ascii_lowercase());
            }
            c => out.push(c),
        }
    }
    out
}

fn unconstant(s: &str) -> String {
    if s.contains(|c: char| c.is_ascii_uppercase()) { s.to_owned() } else { s.replace('_', "-") }
}

/// Names as YANG has them, with those that are near to each other more often than chance would have it.
fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9]{0,3}(-[a-z0-9]{1,3}){0,3}",
        "[abAB1_.-]{0,6}".prop_map(|s| format!("a{s}")),
        "[A-Z]([A-Z0-9_-]){0,5}",
        "[A-Za-z_][A-Za-z0-9_.-]{0,8}",
        proptest::sample::select(KEYWORDS.as_slice()).prop_map(str::to_owned),
        proptest::sample::select(RESERVED_MODULES.as_slice()).prop_map(str::to_owned),
        proptest::sample::select(RESERVED_CAMEL.as_slice()).prop_map(str::to_lowercase),
    ]
}

proptest! {
    #[test]
    fn every_name_reads_back(name in names(), module in proptest::option::of(names())) {
        let q = QName { module: module.as_deref(), name: &name };
        let whole = module.as_ref().map_or(name.clone(), |m| format!("{m}:{name}"));
        for (text, plain) in [
            (q.snake_text(), unsnake as fn(&str) -> String),
            // Literal names of Rust modules say so at their end.
            (without_mark(q.module_text()), unsnake),
            (q.camel_text(), uncamel),
            (q.constant_text(), unconstant),
        ] {
            prop_assert!(syn::parse_str::<Ident>(&text).is_ok(), "{} is no identifier", text);
            prop_assert_eq!(read_back(&text, plain), whole.clone(), "through {}", text);
        }
    }

    #[test]
    fn any_text_has_a_name(name in ".{1,12}") {
        let q = QName::plain(&name);
        for (text, plain) in [
            (q.camel_text(), uncamel as fn(&str) -> String),
            (q.constant_text(), unconstant),
        ] {
            prop_assert!(syn::parse_str::<Ident>(&text).is_ok(), "{} is no identifier", text);
            prop_assert_eq!(read_back(&text, plain), name.clone(), "through {}", text);
        }
    }
}

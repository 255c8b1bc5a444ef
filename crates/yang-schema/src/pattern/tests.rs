//! The rules of XML Schema part 2, appendix F.

use super::CompiledPattern;
use proptest::prelude::*;

fn matches(pattern: &str, text: &str) -> bool {
    let compiled = CompiledPattern::new(pattern).unwrap_or_else(|e| panic!("{pattern}: {e} at {}", e.offset));
    compiled.try_match(text).unwrap_or_else(|e| panic!("{pattern}: {e}"))
}

#[track_caller]
fn check(pattern: &str, yes: &[&str], no: &[&str]) {
    for text in yes {
        assert!(matches(pattern, text), "{pattern} should match {text:?}");
    }
    for text in no {
        assert!(!matches(pattern, text), "{pattern} should not match {text:?}");
    }
}

#[track_caller]
fn refused(pattern: &str, offset: usize, words: &str) {
    let error = CompiledPattern::new(pattern).expect_err(pattern);
    assert_eq!(error.offset, offset, "{pattern}: {error}");
    assert!(error.message.contains(words), "{pattern}: {error}");
}

#[test]
fn the_whole_text_must_match() {
    check("a", &["a"], &["", "aa", "ba", "a\n", "\na"]);
    check("a|bc", &["a", "bc"], &["abc", "ac", "b"]);
    check("", &[""], &["a"]);
    check("|a", &["", "a"], &["b"]);
    check("(a|)b", &["ab", "b"], &["a"]);
}

#[test]
fn anchors_are_ordinary_characters() {
    check("^a$", &["^a$"], &["a"]);
    check("a^|$b", &["a^", "$b"], &["a", "b"]);
    check("[$^]", &["$", "^"], &["a"]);
}

#[test]
fn openconfig_has_anchors() {
    let anchored = |pattern: &str, text: &str| {
        CompiledPattern::with_anchors(pattern).expect("a pattern").try_match(text).expect("it is small")
    };
    assert!(anchored("^a$", "a"));
    assert!(!anchored("^a$", "^a$"));
    assert!(anchored("^a$|^(b|^c$)$", "c"));
    assert!(anchored("a", "a"));
    assert!(!anchored("^a$", "ba"));
    // In the middle they stay what they are, and so does what is escaped or in a class.
    assert!(anchored("^a^b$", "a^b"));
    assert!(anchored(r"\^a[$]", "^a$"));
    assert_ne!(CompiledPattern::new("^a$"), CompiledPattern::with_anchors("^a$"));
}

#[test]
fn a_dot_is_anything_but_a_line_end() {
    check(".", &["a", "ä", "\u{85}", "\u{10000}", " ", "\u{2028}"], &["", "\n", "\r", "ab"]);
}

#[test]
fn quantifiers_count() {
    check("a?b*c+", &["c", "abbc", "bcc"], &["", "ab", "aac"]);
    check("a{2}", &["aa"], &["a", "aaa"]);
    check("a{2,}", &["aa", "aaaa"], &["a"]);
    check("a{0,2}", &["", "aa"], &["aaa"]);
    check("(ab){1,2}", &["ab", "abab"], &["", "aba"]);
    check("[0-9]{0}x", &["x"], &["0x"]);
    refused("a{2,1}", 1, "wrong way round");
    refused("a{,2}", 2, "quantity");
    refused("a{}", 2, "quantity");
    refused("a{1", 3, "quantity");
    refused("a{1,2,3}", 5, "quantity");
    refused("a{99999999999}", 2, "too large");
    refused("*a", 0, "repeat");
    refused("a**", 2, "repeat");
    refused("a*?", 2, "repeat");
    refused("(+)", 1, "repeat");
    refused("{1}", 0, "repeat");
}

#[test]
fn groups_close() {
    check("((a)(b|c))+", &["ab", "acab"], &["a"]);
    check("()", &[""], &["a"]);
    refused("(a", 0, "no `)`");
    refused("a)", 1, "closes no group");
    refused("(?:a)", 1, "plain groups");
    refused("(a|(b)", 0, "no `)`");
}

#[test]
fn only_the_escapes_of_xsd_exist() {
    check(r"\n\r\t", &["\n\r\t"], &["nrt"]);
    check(r"\\\|\.\?\*\+\(\)\{\}\-\[\]\^", &["\\|.?*+(){}-[]^"], &[]);
    for escape in ["\\a", "\\b", "\\/", "\\x41", "\\1", "\\$", "\\\"", "\\u0041", "\\A", "\\z"] {
        refused(escape, 0, "no escape");
    }
    refused("a\\", 1, "backslash");
    refused("a]", 1, r"\]");
    refused("a}", 1, r"\}");
}

#[test]
fn characters_that_other_dialects_treat_specially_are_themselves() {
    check("a#b &&~~--", &["a#b &&~~--"], &["a"]);
    check("[a&&b~~c#]", &["a", "b", "&", "~", "#"], &["[", "x"]);
    check("[a--[b]]", &["a", "-"], &["b"]);
    check("\u{ff}", &["\u{ff}"], &["a"]);
    check("/\"'<>@!%,;:=_`", &["/\"'<>@!%,;:=_`"], &[]);
}

#[test]
fn classes_hold_characters_and_ranges() {
    check("[abc]", &["a", "b", "c"], &["d", "", "ab"]);
    check("[a-c0-9]", &["b", "5"], &["d", "-"]);
    check("[^a-c]", &["d", "^", "\n"], &["b", ""]);
    check("[a^]", &["a", "^"], &["b"]);
    check("[-a]", &["-", "a"], &["b"]);
    check("[a-]", &["-", "a"], &["b"]);
    check("[^-]", &["a"], &["-"]);
    check("[+\\-]", &["+", "-"], &[","]);
    check("[a-z-9]", &["q", "-", "9"], &["5"]);
    check("[\\d-x]", &["5", "-", "x"], &["w"]);
    check("[.*+?(){}|]", &[".", "*", "|", "}"], &["a"]);
    check("[\\[-\\]]", &["[", "\\", "]"], &["a"]);
    check("[äöü-ÿ]", &["ä", "ý"], &["a"]);
    check("[\\s\\d]", &[" ", "5"], &["a"]);
    refused("[]", 0, "at least one");
    refused("[^]", 0, "at least one");
    refused("[a", 0, "no `]`");
    refused("[a[b]]", 2, r"\[");
    refused("[z-a]", 1, "wrong way round");
    refused("[a-\\d]", 3, "range");
    refused("[\\q]", 1, "no escape");
}

#[test]
fn classes_are_subtracted() {
    // The example of appendix F.
    check("[a-z-[aeiou]]+", &["xyz"], &["xaz", "-", ""]);
    check("[^a-z-[0-9]]", &["A", "-"], &["a", "5"]);
    check("[a-z-[^aeiou]]", &["a", "e"], &["b"]);
    check("[a-z-[b-y-[m]]]", &["a", "z", "m"], &["b", "n"]);
    check("[\\w-[\\d_]]", &["a", "ä"], &["5", " "]);
    check("[a-[a]]", &[], &["a", "b", ""]);
    check("x[0-9-[5]]{2}y", &["x12y"], &["x15y"]);
    refused("[a-z-[b]c]", 8, "last thing");
    refused("[a-z-[]]", 5, "at least one");
    refused("[a-z-[b]", 8, "last thing");
}

#[test]
fn multi_character_escapes_are_those_of_xml() {
    check(r"\d", &["0", "٣"], &["a", "½"]);
    check(r"\D", &["a"], &["0"]);
    check(r"\s", &[" ", "\t", "\n", "\r"], &["\u{a0}", "\u{b}", "a"]);
    check(r"\S", &["\u{a0}"], &[" "]);
    // Punctuation, separators and the rest are no word characters: the underscore is punctuation.
    check(r"\w", &["a", "5", "ß", "+", "€"], &["_", "-", " ", ".", "\u{0}"]);
    check(r"\W", &["_", " "], &["a"]);
    check(r"\i\c*", &["a", "_x", ":a-b.c5", "é"], &["5a", "-a", "", "a b"]);
    check(r"\I", &["5", "-", " "], &["a", "_"]);
    check(r"\C", &[" ", "/"], &["-", "a", "5"]);
}

#[test]
fn properties_are_categories_and_blocks() {
    check(r"\p{L}", &["a", "Ω"], &["5"]);
    check(r"\P{L}", &["5"], &["a"]);
    check(r"\p{Lu}\p{Nd}[\p{Ll}\p{P}]", &["A5b", "A5."], &["a5b"]);
    check(r"\p{IsBasicLatin}*", &["abc~"], &["ä"]);
    check(r"\p{IsLatin-1Supplement}", &["ä"], &["a"]);
    check(r"\P{IsBasicLatin}", &["ä"], &["a"]);
    check(r"[\p{IsGreek}\p{IsCyrillic}]", &["Ω", "Ж"], &["a"]);
    check(r"[^\p{IsBasicLatin}-[ä]]", &["ö"], &["ä", "a"]);
    check(r"\p{IsPrivateUse}", &["\u{e000}", "\u{100000}"], &["a"]);
    refused(r"\p{Xx}", 0, "no character property");
    refused(r"\p{Cs}", 0, "no character property");
    refused(r"\p{IsNowhere}", 0, "no block");
    refused(r"\pL", 0, "braces");
    refused(r"a\p{L", 1, "braces");
}

#[test]
fn every_block_can_be_used() {
    for (name, first, _) in super::block::BLOCKS {
        let c = char::from_u32(*first).expect("no block of surrogates");
        assert!(matches(&format!("\\p{{Is{name}}}"), &c.to_string()), "{name}");
    }
}

#[test]
fn patterns_of_known_models_work() {
    // ietf-inet-types: dotted quad.
    let quad = r"(([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])\.){3}([0-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5])(%[\p{N}\p{L}]+)?";
    check(quad, &["192.0.2.1", "192.0.2.1%eth0"], &["256.0.0.1", "1.2.3", "1.2.3.4.5", "192.0.2.1%"]);
    // ietf-yang-types: yang-identifier, and that it may not start with xml.
    check(".|..|[^xX].*|.[^mM].*|..[^lL].*", &["ab", "xm", "enabled", "xmk"], &["xml", "XMLa", ""]);
}

#[test]
fn building_is_lazy_and_never_panics() {
    let huge = CompiledPattern::new("((.{1000}){1000}){1000}").expect("its syntax is fine");
    assert!(!huge.is_match("a"));
    let error = huge.try_match("a").expect_err("it is too big to build");
    assert!(error.message.contains("memory"), "{error}");
    let large = CompiledPattern::new(".{0,4096}").expect("its syntax is fine");
    assert!(large.is_match("a"));
}

#[test]
fn depth_is_limited() {
    for open in ["(", "[a-"] {
        let error = CompiledPattern::new(&open.repeat(100_000)).expect_err("too deep");
        assert!(error.message.contains("deeper"), "{error}");
    }
    let deep = format!("{}a{}", "(".repeat(100), ")".repeat(100));
    assert!(matches(&deep, "a"));
}

#[test]
fn clones_share_one_automaton() {
    let pattern = CompiledPattern::with_anchors("^[a-z]+$").expect("a pattern");
    let clone = pattern.clone();
    assert!(pattern.is_match("abc") && !pattern.is_match("^abc$"));
    assert!(clone.0.automaton.get().is_some());
    assert_eq!(clone, pattern);
    assert_ne!(CompiledPattern::new("^[a-z]+$").expect("a pattern"), pattern);
}

proptest! {
    #[test]
    fn no_text_panics(pattern in r"[a-c^$.?*+(){}\[\]|\\\-,0-9pdswicLIs]{0,24}", text in "[a-c]{0,4}") {
        if let Ok(compiled) = CompiledPattern::new(&pattern) {
            // What our parser lets pass, the engine takes too (or says that it is too big).
            if let Err(e) = compiled.try_match(&text) {
                prop_assert!(e.message.contains("memory"), "{}: {}", pattern, e);
            }
        }
    }

    #[test]
    fn an_escaped_text_matches_itself_alone(text in "\\PC{0,12}", other in "\\PC{0,12}") {
        let mut pattern = String::new();
        for c in text.chars() {
            if "\\|.?*+(){}-[]^".contains(c) {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        prop_assert!(matches(&pattern, &text));
        prop_assert_eq!(matches(&pattern, &other), other == text);
    }

    #[test]
    fn offsets_are_on_character_boundaries(pattern in "\\PC{0,20}") {
        if let Err(e) = CompiledPattern::new(&pattern) {
            prop_assert!(pattern.is_char_boundary(e.offset));
        }
    }
}

#[test]
fn anchors_taken_out_change_nothing() {
    for (xsd, plain) in [
        ("^a+$", "a+"),
        ("^a|b$", "a|b"),
        ("(^a$|^b$)c", "(a|b)c"),
        (r"^\^[\^$a-z-[^x]][$]$", r"\^[\^$a-z-[^x]][$]"),
        ("a^b$c", "a^b$c"),
    ] {
        let anchored = CompiledPattern::with_anchors(xsd).expect("a pattern");
        assert_eq!(anchored.without_anchors(), plain, "{xsd}");
        let without = CompiledPattern::new(plain).expect("a pattern");
        for text in ["a", "aa", "b", "ac", "bc", "^a$", "^b$", "^x$", "a^b$c", ""] {
            assert_eq!(anchored.is_match(text), without.is_match(text), "{xsd} on {text}");
        }
    }
    assert_eq!(CompiledPattern::new("^a$").expect("a pattern").without_anchors(), "^a$");
}

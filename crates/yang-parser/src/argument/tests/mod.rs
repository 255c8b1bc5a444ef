//! The parsers of arguments, held against a grammar of the same forms (`arguments.pest`).

use super::*;
use crate::syntax;
use pest::Parser as _;
use proptest::prelude::*;
use yang_schema::value::range::{self, Numbers};
use yang_schema::xpath::parse_leafref_path;
use yang_schema::{FileId, ModuleId};

#[allow(missing_docs, unreachable_pub, reason = "made by pest")]
mod generated {
    #[derive(pest_derive::Parser)]
    #[grammar = "argument/tests/arguments.pest"]
    pub struct Arguments;
}
use generated::{Arguments, Rule};

fn by_grammar(rule: Rule, text: &str) -> bool {
    Arguments::parse(rule, text).is_ok()
}

/// Does a statement of YANG 1.1 take the argument?
fn taken(keyword: Keyword, text: &str) -> bool {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
    let source = format!("module m {{ {} \"{escaped}\"; }}", keyword.text());
    let (tree, diagnostics) = syntax::parse(FileId::from_index(0), source.into());
    assert!(!diagnostics.has_errors());
    let stmt = tree.top().next().unwrap().children().next().unwrap();
    assert_eq!(stmt.argument(), Some(text));
    let mut diagnostics = Diagnostics::default();
    check(stmt, YangVersion::V1_1, &mut diagnostics);
    !diagnostics.has_errors()
}

const WORDS: &[(Keyword, Rule)] = &[
    (Keyword::Leaf, Rule::identifier),
    (Keyword::Type, Rule::identifier_ref),
    (Keyword::Value, Rule::integer_value),
    (Keyword::Position, Rule::non_negative),
    (Keyword::MaxElements, Rule::max_elements),
    (Keyword::FractionDigits, Rule::fraction_digits),
    (Keyword::Config, Rule::boolean),
    (Keyword::Status, Rule::status),
    (Keyword::OrderedBy, Rule::ordered_by),
    (Keyword::Deviate, Rule::deviate),
    (Keyword::Augment, Rule::absolute_id),
    (Keyword::Refine, Rule::descendant_id),
];

fn words_agree(text: &str) {
    for &(keyword, rule) in WORDS {
        assert_eq!(taken(keyword, text), by_grammar(rule, text), "{} {text:?}", keyword.text());
    }
    // Of the dates that have the form, those of the calendar are taken.
    assert!(!taken(Keyword::Revision, text) || by_grammar(Rule::date, text), "{text:?}");
    // Blanks around a key are let pass.
    let key = text.trim_matches([' ', '\t', '\n']);
    assert_eq!(taken(Keyword::Key, text), by_grammar(Rule::key, key), "key {text:?}");
}

#[test]
fn short_words_are_the_same_to_both() {
    let signs = ["a", "_", "-", ".", ":", "/", "0", "1", "9", " "];
    let mut texts = vec![String::new()];
    for _ in 0..4 {
        texts = texts.iter().flat_map(|t| signs.iter().map(move |s| format!("{t}{s}"))).collect();
        texts.iter().for_each(|t| words_agree(t));
    }
    for text in [
        "true",
        "false",
        "unbounded",
        "current",
        "user",
        "system",
        "add",
        "not-supported",
        "18",
        "19",
        "2024-02-29",
    ] {
        words_agree(text);
    }
    assert!(taken(Keyword::Revision, "2024-02-29"));
}

#[test]
fn a_difference_is_seen() {
    assert!(by_grammar(Rule::identifier, "a") && !by_grammar(Rule::identifier, "1"));
    assert!(by_grammar(Rule::if_feature, "a or b") && !by_grammar(Rule::if_feature, "a b"));
    assert!(by_grammar(Rule::path, "../a/b[c=current()/../d]/e") && !by_grammar(Rule::path, "a/b"));
    assert!(by_grammar(Rule::range, "min..-1 | 5") && !by_grammar(Rule::range, "1..2..3"));
}

fn concat(tokens: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(tokens), 0..most).prop_map(|t| t.concat())
}

proptest! {
    #[test]
    fn words(text in concat(&["a", "Z", "_", "xml", "-", ".", ":", "/", "0", "7", "12", " ", "\n", "ä", "+"], 8)) {
        words_agree(&text);
    }

    #[test]
    fn if_feature_expressions(text in concat(&["a", "p:b", "not ", " and ", " or ", "not", "and", "or", "(", ")", " ", "\n", "notx", "or-b", ":"], 14)) {
        prop_assert_eq!(parse_if_feature(&text, YangVersion::V1_1).is_ok(), by_grammar(Rule::if_feature, &text), "{:?}", text);
    }

    #[test]
    fn ranges_that_are_taken_have_the_form(text in concat(&["1", "20", "-3", "0", "007", "..", "|", " ", "min", "max", ".", "5.5", "+", "x"], 10)) {
        let wide = [yang_schema::Interval { min: -1_000_000_000_000, max: 1_000_000_000_000 }];
        for numbers in [Numbers::Integer, Numbers::Length, Numbers::Decimal64(2)] {
            if range::parse(&text, numbers, &wide).is_ok() {
                prop_assert!(by_grammar(Rule::range, &text), "{:?}", text);
            }
        }
    }

    #[test]
    fn ascending_ranges_are_taken(bounds in prop::collection::btree_set(-1000i64..1000, 1..9), single in any::<bool>(), gap in "[ \\n\\t]{0,2}") {
        let bounds: Vec<String> = bounds.into_iter().map(|b| b.to_string()).collect();
        let parts: Vec<String> = bounds
            .chunks(if single { 1 } else { 2 })
            .map(|c| c.join(&format!("{gap}..{gap}")))
            .collect();
        let text = parts.join(&format!("{gap}|{gap}"));
        let wide = [yang_schema::Interval { min: -1000, max: 1000 }];
        prop_assert!(by_grammar(Rule::range, &text) && range::parse(&text, Numbers::Integer, &wide).is_ok(), "{:?}", text);
    }

    #[test]
    fn paths_of_the_form_are_taken(
        absolute in any::<bool>(),
        ups in 1usize..4,
        steps in prop::collection::vec(("(p:)?[a-c]", prop::option::of("(p:)?[a-c] ?= ?current\\( ?\\) ?/ ?\\.\\./(\\.\\. ?/ ?)?[a-c](/[a-c])?")), 1..5),
    ) {
        let mut text = if absolute { String::new() } else { "../".repeat(ups) };
        let last = steps.len() - 1;
        for (i, (name, predicate)) in steps.iter().enumerate() {
            if absolute || i > 0 {
                text.push('/');
            }
            text.push_str(name);
            // The last step of a relative path has none.
            if let Some(predicate) = predicate.as_ref().filter(|_| absolute || i < last) {
                text.push_str(&format!("[{predicate}]"));
            }
        }
        if by_grammar(Rule::path, &text) {
            prop_assert!(parse_leafref_path(&text, &mut |_| Some(ModuleId::from_index(0))).is_ok(), "{:?}", text);
        }
    }

    #[test]
    fn paths_that_are_taken_have_the_form(text in concat(&["../", "/", "a", "p:b", "[", "]", "=", "current()", "current()/../", ".", "//", "*", "a=current()/../b", "1", "::"], 9)) {
        if parse_leafref_path(&text, &mut |_| Some(ModuleId::from_index(0))).is_ok() {
            prop_assert!(by_grammar(Rule::path, &text), "{:?}", text);
        }
    }
}

//! The lexer, held against a grammar of the same language (`yang.pest`): a text is one sequence of items to both.

use super::super::lexer::{Item, Kind, Lexer, Place};
use pest::Parser as _;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

#[allow(missing_docs, unreachable_pub, reason = "made by pest")]
mod generated {
    #[derive(pest_derive::Parser)]
    #[grammar = "syntax/tests/yang.pest"]
    pub struct Yang;
}
use generated::{Rule, Yang};

type Seen = (Item, Vec<Place>);

fn by_grammar(text: &str) -> Vec<Seen> {
    let file = Yang::parse(Rule::file, text).unwrap().next().unwrap();
    let place = |span: pest::Span<'_>| (span.start() as u32, span.end() as u32);
    let mut seen = Vec::new();
    for pair in file.into_inner() {
        let (start, end) = place(pair.as_span());
        let kind = match pair.as_rule() {
            Rule::statement if text.as_bytes()[end as usize - 1] == b'{' => Kind::Block,
            Rule::statement => Kind::Statement,
            Rule::unfinished => Kind::Unfinished,
            Rule::close => Kind::Close,
            Rule::stray_string => Kind::StrayString,
            Rule::unclosed_string => Kind::UnclosedString,
            Rule::unclosed_comment => Kind::UnclosedComment,
            Rule::stray => Kind::Stray,
            _ => continue,
        };
        let mut keyword_end = start;
        let mut parts = Vec::new();
        for token in pair.into_inner() {
            match token.as_rule() {
                Rule::keyword => keyword_end = token.as_span().end() as u32,
                Rule::double | Rule::single | Rule::unquoted => parts.push(place(token.as_span())),
                _ => {}
            }
        }
        seen.push((Item { kind, start, keyword_end, end }, parts));
    }
    seen
}

fn comments_by_grammar(text: &str) -> Vec<Place> {
    let file = Yang::parse(Rule::file, text).unwrap();
    let comments = file.flatten().filter(|p| p.as_rule() == Rule::comment);
    comments.map(|p| (p.as_span().start() as u32, p.as_span().end() as u32)).collect()
}

fn by_lexer(text: &str) -> (Vec<Seen>, Vec<Place>) {
    let mut lexer = Lexer::new(text, 0, true);
    let mut seen = Vec::new();
    while let Some(item) = lexer.next() {
        let is_statement = matches!(item.kind, Kind::Statement | Kind::Block | Kind::Unfinished);
        seen.push((item, if is_statement { lexer.parts().to_vec() } else { Vec::new() }));
    }
    (seen, lexer.into_comments())
}

fn holds(text: &str) {
    let (items, comments) = by_lexer(text);
    let expected = by_grammar(text);
    if let Some(i) = (0..expected.len().max(items.len())).find(|&i| items.get(i) != expected.get(i)) {
        panic!("item {i}: lexer {:?}, grammar {:?} in\n{text}", items.get(i), expected.get(i));
    }
    assert_eq!(comments, comments_by_grammar(text), "comments of\n{text}");
}

fn yang_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            yang_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "yang") {
            found.push(path);
        }
    }
}

/// The texts of all real modules, valid and not.
#[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
fn corpus() -> Vec<String> {
    let Some(corpus) = std::env::var_os("YANG_CORPUS").map(PathBuf::from) else {
        eprintln!("skipped: YANG_CORPUS is not set");
        return Vec::new();
    };
    let mut files = Vec::new();
    for part in ["yang", "conformance"] {
        yang_files(&corpus.join(part), &mut files);
    }
    files.sort();
    assert!(files.len() > 400);
    files.iter().map(|f| String::from_utf8_lossy(&std::fs::read(f).unwrap()).into_owned()).collect()
}

#[test]
fn real_modules_are_the_same_to_both() {
    for text in corpus() {
        holds(&text);
    }
}

#[test]
fn damaged_modules_are_the_same_to_both() {
    // Each text is hurt in a few places: a sign that matters is taken out, put in or changed.
    let signs: Vec<char> = "\"';{}+\\/*\n a\u{e4}".chars().collect();
    let mut state: u64 = 0x2545_f491_4f6c_dd1d;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for text in corpus().iter().filter(|t| t.len() < 40_000) {
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..4 {
            let at = next(chars.len());
            // Most damage is done where a sign stands.
            let at = chars[at..].iter().position(|c| signs.contains(c)).map_or(at, |n| at + n);
            match next(3) {
                0 => drop(chars.remove(at)),
                1 => chars.insert(at, signs[next(signs.len())]),
                _ => chars[at] = signs[next(signs.len())],
            }
        }
        holds(&chars.iter().collect::<String>());
    }
}

#[test]
fn short_texts_are_the_same_to_both() {
    // Every text of up to five of these.
    let tokens = ["a", " ", "\"", "'", ";", "{", "}", "+", "/", "*", "\\", "\n"];
    let mut texts = vec![String::new()];
    for _ in 0..5 {
        texts = texts.iter().flat_map(|t| tokens.iter().map(move |token| format!("{t}{token}"))).collect();
        texts.iter().for_each(|t| holds(t));
    }
}

#[test]
fn a_difference_is_seen() {
    let (items, comments) = by_lexer("a /* b */ c;");
    let other = by_grammar("a /* b */ d ;");
    assert_ne!(items, other);
    assert_eq!(comments, [(2, 9)]);
    assert_eq!(by_grammar("a /* b */ c;"), items);
}

proptest! {
    #[test]
    fn generated_texts_are_the_same_to_both(words in prop::collection::vec(prop::sample::select(vec![
        "module", "m", "{", "}", ";", "\"", "'", "+", "/*", "*/", "//", "/", "*", "\n", "\r\n", "\t", " ", "\\", "\\\"",
        "\\\\", "\"x\"", "'y'", "\"a\\n\"", "leaf", "x:y", "ä", "\u{0}", "\u{feff}", "// c\n", "/* c */", "+ \"z\"", "a//b",
    ]), 0..80)) {
        holds(&words.concat());
        holds(&words.join(" "));
    }

    #[test]
    fn any_text_is_the_same_to_both(text in "[ -~\\n\\t]{0,200}") {
        holds(&text);
    }
}

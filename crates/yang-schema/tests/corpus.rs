//! Every pattern, XPath expression and leafref path of the real models under `$YANG_CORPUS/yang`, found by a crude scan that
//! knows strings and comments and nothing else of YANG.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test says what it counted, or that it was skipped"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use yang_schema::ModuleId;
use yang_schema::pattern::CompiledPattern;
use yang_schema::xpath::{self, Expr};

/// A keyword and its argument.
type Statement = (String, String);

fn modules() -> Option<Vec<PathBuf>> {
    let Ok(corpus) = std::env::var("YANG_CORPUS") else {
        eprintln!("skipped: YANG_CORPUS is not set");
        return None;
    };
    let mut found = Vec::new();
    let mut stack = vec![Path::new(&corpus).join("yang")];
    while let Some(dir) = stack.pop() {
        for entry in std::fs::read_dir(&dir).expect("the corpus can be read") {
            let path = entry.expect("the corpus can be read").path();
            if path.is_dir() {
                stack.push(path);
            } else if path.extension().is_some_and(|e| e == "yang") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 100, "the corpus holds modules");
    Some(found)
}

/// The statements whose argument is a quoted string, quotes and `+` resolved as RFC 7950 section 6.1.3 says.
fn statements(text: &str) -> Vec<Statement> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment.split_once('\n').map_or("", |(_, r)| r);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, r)| r);
        } else if c == '"' || c == '\'' {
            let column = text[..text.len() - rest.len()].rsplit('\n').next().unwrap_or("").len();
            let (value, after) = string(rest, column);
            rest = after;
            if !word.is_empty() {
                out.push((std::mem::take(&mut word), value));
            } else if let Some(last) = out.last_mut() {
                // Behind a `+`.
                last.1.push_str(&value);
            }
        } else {
            rest = &rest[c.len_utf8()..];
            match c {
                _ if c.is_whitespace() => {}
                '+' => word.clear(),
                ';' | '{' | '}' => word.clear(),
                _ => {
                    let before = &text[..text.len() - rest.len() - c.len_utf8()];
                    if before.ends_with(|b: char| b.is_whitespace() || matches!(b, ';' | '{' | '}' | '/')) {
                        word.clear();
                    }
                    word.push(c);
                }
            }
        }
    }
    out
}

fn string(text: &str, column: usize) -> (String, &str) {
    let single = text.starts_with('\'');
    let body = &text[1..];
    if single {
        let (value, after) = body.split_once('\'').expect("a string ends");
        return (value.to_owned(), after);
    }
    let mut value = String::new();
    let mut chars = body.char_indices();
    let mut trim = None;
    while let Some((i, c)) = chars.next() {
        if let Some(left) = trim {
            if left > 0 && (c == ' ' || c == '\t') {
                trim = Some(left - 1);
                continue;
            }
            trim = None;
        }
        match c {
            '"' => return (value, &body[i + 1..]),
            '\n' => {
                while value.ends_with([' ', '\t']) {
                    value.pop();
                }
                value.push('\n');
                trim = Some(column + 1);
            }
            '\\' => match chars.next().expect("a string ends").1 {
                'n' => value.push('\n'),
                't' => value.push('\t'),
                c @ ('"' | '\\') => value.push(c),
                // YANG 1 leaves an unknown escape as it stands.
                c => value.extend(['\\', c]),
            },
            c => value.push(c),
        }
    }
    panic!("a string ends");
}

#[test]
fn every_pattern_of_the_corpus_is_understood_and_builds() {
    let Some(modules) = modules() else { return };
    let mut seen: BTreeSet<(bool, String)> = BTreeSet::new();
    let mut wrong = Vec::new();
    for path in modules {
        let text = std::fs::read_to_string(&path).expect("a module can be read");
        let anchors = text.contains("openconfig-extensions");
        for (keyword, pattern) in statements(&text) {
            if !matches!(keyword.as_str(), "pattern" | "oc-ext:posix-pattern") {
                continue;
            }
            let anchors = anchors || keyword != "pattern";
            if !seen.insert((anchors, pattern.clone())) {
                continue;
            }
            let compiled = if anchors {
                CompiledPattern::with_anchors(&pattern)
            } else {
                CompiledPattern::new(&pattern)
            };
            match compiled.and_then(|c| c.try_match("")) {
                Ok(_) => {}
                Err(e) => wrong.push(format!("{}: {pattern:?}: {e} at {}", path.display(), e.offset)),
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} patterns:\n{}", wrong.len(), seen.len(), wrong.join("\n"));
    assert!(seen.len() > 150, "only {} patterns were found", seen.len());
    println!("{} patterns", seen.len());
}

#[test]
fn every_expression_of_the_corpus_parses_and_prints_as_itself() {
    let Some(modules) = modules() else { return };
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in modules {
        let text = std::fs::read_to_string(&path).expect("a module can be read");
        for (keyword, argument) in statements(&text) {
            type Parse =
                fn(&str, &mut dyn FnMut(&str) -> Option<ModuleId>) -> Result<Expr, xpath::XPathError>;
            let parse: Parse = match keyword.as_str() {
                "must" | "when" => xpath::parse,
                "path" => xpath::parse_leafref_path,
                _ => continue,
            };
            count += 1;
            let mut prefixes: Vec<String> = Vec::new();
            let mut resolve = |prefix: &str| {
                let i = prefixes.iter().position(|p| p == prefix).unwrap_or_else(|| {
                    prefixes.push(prefix.to_owned());
                    prefixes.len() - 1
                });
                Some(ModuleId::from_index(i))
            };
            match parse(&argument, &mut resolve) {
                Ok(expr) => {
                    let printed = xpath::print(&expr, &mut |m| prefixes[m.index()].clone());
                    let mut again = |p: &str| prefixes.iter().position(|x| x == p).map(ModuleId::from_index);
                    match xpath::parse(&printed, &mut again) {
                        Ok(same) if same == expr => {}
                        other => wrong.push(format!("{argument:?} printed as {printed:?}: {other:?}")),
                    }
                }
                Err(e) => {
                    wrong.push(format!("{}: {keyword} {argument:?}: {e} at {}", path.display(), e.offset))
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} expressions:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 1000, "only {count} expressions were found");
    println!("{count} expressions");
}

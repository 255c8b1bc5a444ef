//! XSD patterns and XPath expressions.

use yang_schema::ModuleId;
use yang_schema::pattern::CompiledPattern;
use yang_schema::xpath;

/// The first line is a pattern, the rest is what it is held against. Errors point into the pattern.
pub fn pattern(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (source, subject) = text.split_once('\n').unwrap_or((&text, ""));
    for compiled in [CompiledPattern::new(source), CompiledPattern::with_anchors(source)] {
        match compiled {
            // A counted repetition is short to write and large to build: only what can be built quickly is.
            Ok(compiled) if source.len() < 256 && !has_large_count(source) => {
                let _ = compiled.try_match(subject);
            }
            Ok(_) => {}
            Err(e) => assert!(source.is_char_boundary(e.offset), "{source:?}: {}", e.offset),
        }
    }
}

fn has_large_count(source: &str) -> bool {
    source.matches('{').count() > 2 || source.split(|c: char| !c.is_ascii_digit()).any(|n| n.len() > 2)
}

pub(super) fn large_patterns() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("50,000 groups", [b"(".repeat(50_000), b"a".to_vec(), b")".repeat(50_000)].concat()),
        ("50,000 subtractions", b"[a-".repeat(50_000)),
        ("50,000 alternatives", b"a|".repeat(50_000)),
    ]
}

/// An expression and a leafref's path. What can be parsed is printed, and means the same again.
pub fn xpath(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let module = ModuleId::from_index(0);
    let mut known = |prefix: &str| matches!(prefix, "a" | "m").then_some(module);
    match xpath::parse(&text, &mut known) {
        Ok(expr) => {
            let printed = xpath::print(&expr, &mut |_| "m".to_owned());
            let again = xpath::parse(&printed, &mut known);
            assert_eq!(again.as_ref(), Ok(&expr), "{printed}");
        }
        Err(e) => assert!(text.is_char_boundary(e.offset.min(text.len())), "{text:?}: {}", e.offset),
    }
    let _ = xpath::parse_leafref_path(&text, &mut known);
}

pub(super) fn large_expressions() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("50,000 parentheses", b"(".repeat(50_000)),
        ("50,000 predicates", b"a[".repeat(50_000)),
        ("50,000 minus signs", [b"-".repeat(50_000), b"1".to_vec()].concat()),
        ("50,000 steps", [b"../".repeat(50_000), b"a".to_vec()].concat()),
        ("50,000 alternatives", [b"a or ".repeat(50_000), b"a".to_vec()].concat()),
    ]
}

//! Typed arguments (RFC 7950 section 14): their form is checked once, here; what needs other definitions to be judged
//! (ranges, patterns, XPath) is left to the stages that have them.

mod date;
mod identifier;
mod if_feature;
mod integer;
mod path;

pub(crate) use identifier::{is_identifier, split_reference};
pub(crate) use if_feature::parse_if_feature;
pub(crate) use integer::{decimal_u64, enum_value, max_elements, non_negative};
pub(crate) use path::parse_schema_path;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::grammar::{ArgumentKind, Keyword};
use crate::syntax::Stmt;
use yang_schema::YangVersion;

/// Is there an argument where there has to be one, and has it the right form?
pub(crate) fn check(stmt: Stmt<'_>, version: YangVersion, diagnostics: &mut Diagnostics) {
    let kind = stmt.keyword().argument();
    let Some(text) = stmt.argument() else {
        if kind != ArgumentKind::None {
            diagnostics.push(
                Diagnostic::error(
                    Code::MissingArgument,
                    stmt.keyword_span(),
                    format!("`{}` needs an argument", stmt.keyword_text()),
                )
                .here("its argument is missing"),
            );
        }
        return;
    };
    let mut fail = |code: Code, message: String| diagnostics.error(code, stmt.argument_span(), message);
    let invalid = |expected: &str| format!("`{}` is not {expected}", shortened(text));
    match kind {
        ArgumentKind::None => {
            fail(Code::UnexpectedArgument, format!("`{}` takes no argument", stmt.keyword_text()));
        }
        ArgumentKind::Text | ArgumentKind::Pattern | ArgumentKind::XPath | ArgumentKind::Path => {}
        ArgumentKind::Identifier => {
            if let Some(problem) = identifier::problem(text, version) {
                fail(Code::InvalidIdentifier, problem);
            }
        }
        ArgumentKind::IdentifierRef => {
            let (prefix, name) = split_reference(text);
            if let Some(problem) =
                prefix.and_then(|p| identifier::problem(p, version)).or(identifier::problem(name, version))
            {
                fail(Code::InvalidIdentifier, problem);
            }
        }
        ArgumentKind::Uri => {
            if !is_uri(text) {
                fail(Code::InvalidArgument, invalid("a URI"));
            }
        }
        ArgumentKind::Date => {
            if let Some(problem) = date::problem(text) {
                fail(Code::InvalidDate, problem);
            }
        }
        ArgumentKind::Version => {
            if !matches!(text, "1" | "1.1") {
                fail(
                    Code::InvalidVersion,
                    format!("`{}` is no version of YANG: `1` and `1.1` are", shortened(text)),
                );
            }
        }
        ArgumentKind::Boolean => one_of(text, &["true", "false"], &mut fail),
        ArgumentKind::Status => one_of(text, &["current", "deprecated", "obsolete"], &mut fail),
        ArgumentKind::OrderedBy => one_of(text, &["user", "system"], &mut fail),
        ArgumentKind::Modifier => one_of(text, &["invert-match"], &mut fail),
        ArgumentKind::Deviate => one_of(text, &["not-supported", "add", "replace", "delete"], &mut fail),
        ArgumentKind::NonNegative => {
            if non_negative(text).is_none() {
                fail(Code::InvalidArgument, invalid("a number from 0 to 4294967295"));
            }
        }
        ArgumentKind::MaxElements => {
            if max_elements(text).is_none() {
                fail(Code::InvalidArgument, invalid("a number from 1 to 4294967295, nor `unbounded`"));
            }
        }
        ArgumentKind::Integer => {
            if enum_value(text).is_none() {
                fail(Code::InvalidEnum, invalid("a number from -2147483648 to 2147483647"));
            }
        }
        ArgumentKind::FractionDigits => {
            if integer::fraction_digits(text).is_none() {
                fail(Code::InvalidArgument, invalid("a number from 1 to 18"));
            }
        }
        ArgumentKind::Range | ArgumentKind::Length => {
            if text.trim().is_empty() {
                fail(Code::InvalidRange, format!("an empty {}", stmt.keyword_text()));
            }
        }
        ArgumentKind::Key => {
            // A key may be named like anything: only its form counts here.
            if words(text).next().is_none() {
                fail(Code::InvalidKey, "an empty key".to_owned());
            }
            for (at, name) in words(text) {
                let (prefix, name_of_leaf) = split_reference(name);
                let problem = prefix
                    .and_then(|p| identifier::problem(p, version))
                    .or(identifier::problem(name_of_leaf, version));
                if let Some(problem) = problem {
                    let span = stmt.argument_part(at, at + name.len());
                    diagnostics.error(Code::InvalidIdentifier, span, problem);
                }
            }
        }
        ArgumentKind::Unique => {
            if text.split_ascii_whitespace().next().is_none() {
                fail(Code::InvalidUnique, "an empty unique".to_owned());
            }
        }
        ArgumentKind::SchemaNodeId => {
            let absolute = match stmt.parent().map(Stmt::keyword) {
                Some(Keyword::Uses) => Some(false),
                Some(Keyword::Module | Keyword::Submodule) => Some(true),
                // An augment that may not stand there has been reported; an extension has its own rules.
                _ => None,
            };
            if let Some(absolute) = absolute {
                check_schema_path(stmt, absolute, diagnostics);
            }
        }
        ArgumentKind::Descendant => check_schema_path(stmt, false, diagnostics),
        ArgumentKind::IfFeature => {
            if let Err((at, message)) = parse_if_feature(text, version) {
                diagnostics.push(
                    Diagnostic::error(
                        Code::IfFeatureSyntax,
                        stmt.argument_part(at, (at + 1).min(text.len())),
                        message,
                    )
                    .help(
                        "an expression of features, `not`, `and`, `or` and parentheses, with spaces between",
                    ),
                );
            }
        }
    }
}

/// The words of a text with blanks between, and where each begins.
pub(crate) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split([' ', '\t', '\n', '\r', '\u{c}']).filter_map(move |word| {
        let start = at;
        at += word.len() + 1;
        (!word.is_empty()).then_some((start, word))
    })
}

/// Has it the characters of a URI (RFC 3986)? A scheme is not asked for: too many modules have none.
fn is_uri(text: &str) -> bool {
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let fine = match byte {
            b'%' => (0..2).all(|_| rest.next().is_some_and(|b| b.is_ascii_hexdigit())),
            _ => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&byte),
        };
        if !fine {
            return false;
        }
    }
    !text.is_empty()
}

fn check_schema_path(stmt: Stmt<'_>, absolute: bool, diagnostics: &mut Diagnostics) {
    if let Err(message) = parse_schema_path(stmt.arg(), absolute) {
        diagnostics.push(Diagnostic::error(Code::InvalidPath, stmt.argument_span(), message).help(
            if absolute {
                "an absolute schema node identifier: `/prefix:name/prefix:name`"
            } else {
                "a descendant schema node identifier: `name/name`, without a leading `/`"
            },
        ));
    }
}

fn one_of(text: &str, allowed: &[&str], fail: &mut impl FnMut(Code, String)) {
    if !allowed.contains(&text) {
        let list: Vec<_> = allowed.iter().map(|a| format!("`{a}`")).collect();
        let (last, first) = list.split_last().map_or(("", &[][..]), |(l, f)| (l.as_str(), f));
        let expected =
            if first.is_empty() { last.to_owned() } else { format!("{} or {last}", first.join(", ")) };
        fail(Code::InvalidArgument, format!("`{}`: expected {expected}", shortened(text)));
    }
}

/// An argument that goes into a message.
pub(crate) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// An extension's keyword is two identifiers.
pub(crate) fn check_extension_keyword(stmt: Stmt<'_>, version: YangVersion, diagnostics: &mut Diagnostics) {
    let (prefix, name) = stmt.extension_name().unwrap_or(("", ""));
    if let Some(problem) = identifier::problem(prefix, version).or(identifier::problem(name, version)) {
        diagnostics.error(Code::InvalidIdentifier, stmt.keyword_span(), problem);
    }
}

#[cfg(test)]
mod tests;

//! `if-feature` expressions (RFC 7950 section 7.20.2).

use super::{is_identifier, shortened, split_reference};
use yang_schema::YangVersion;

/// An expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum IfFeature<'a> {
    /// A feature, with its prefix.
    Feature(Option<&'a str>, &'a str),
    Not(Box<IfFeature<'a>>),
    All(Vec<IfFeature<'a>>),
    Any(Vec<IfFeature<'a>>),
}

impl<'a> IfFeature<'a> {
    /// The value, given that of each feature.
    pub(crate) fn evaluate(&self, feature: &mut impl FnMut(Option<&'a str>, &'a str) -> bool) -> bool {
        match self {
            IfFeature::Feature(prefix, name) => feature(*prefix, name),
            IfFeature::Not(of) => !of.evaluate(feature),
            // Every feature is looked at, so that each unknown one is reported.
            IfFeature::All(of) => of.iter().filter(|f| !f.evaluate(feature)).count() == 0,
            IfFeature::Any(of) => of.iter().filter(|f| f.evaluate(feature)).count() > 0,
        }
    }
}

/// Parentheses may be nested this deep.
const MAX_DEPTH: usize = 64;

/// The expression, or the offset and nature of the fault.
pub(crate) fn parse_if_feature(text: &str, version: YangVersion) -> Result<IfFeature<'_>, (usize, String)> {
    if version == YangVersion::V1 {
        let (prefix, name) = split_reference(text);
        return if prefix.is_none_or(is_identifier) && is_identifier(name) {
            Ok(IfFeature::Feature(prefix, name))
        } else {
            Err((
                0,
                format!("`{}` is no name of a feature; expressions are new in YANG 1.1", shortened(text)),
            ))
        };
    }
    let mut parser = Parser { text, at: 0 };
    parser.space();
    let expression = parser.any(0)?;
    parser.space();
    match parser.rest().chars().next() {
        None => Ok(expression),
        Some(c) => Err((parser.at, format!("unexpected `{c}` in an if-feature expression"))),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Skips whitespace; was there any?
    fn space(&mut self) -> bool {
        let rest = self.rest();
        let skipped = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        self.at += skipped;
        skipped > 0
    }

    /// Takes an operator that stands next, with the space that must surround it.
    fn operator(&mut self, word: &str) -> bool {
        let start = self.at;
        if self.space() && self.rest().starts_with(word) {
            self.at += word.len();
            if self.space() {
                return true;
            }
        }
        self.at = start;
        false
    }

    fn any(&mut self, depth: usize) -> Result<IfFeature<'a>, (usize, String)> {
        let mut terms = vec![self.all(depth)?];
        while self.operator("or") {
            terms.push(self.all(depth)?);
        }
        Ok(if terms.len() == 1 { terms.remove(0) } else { IfFeature::Any(terms) })
    }

    fn all(&mut self, depth: usize) -> Result<IfFeature<'a>, (usize, String)> {
        let mut factors = vec![self.factor(depth)?];
        while self.operator("and") {
            factors.push(self.factor(depth)?);
        }
        Ok(if factors.len() == 1 { factors.remove(0) } else { IfFeature::All(factors) })
    }

    fn factor(&mut self, depth: usize) -> Result<IfFeature<'a>, (usize, String)> {
        if depth > MAX_DEPTH {
            return Err((self.at, format!("an if-feature expression nested more than {MAX_DEPTH} deep")));
        }
        let mut negated = false;
        let start = self.at;
        loop {
            let before = self.at;
            let word = self.word();
            if word == "not" && self.space() {
                negated = !negated;
                continue;
            }
            self.at = before;
            break;
        }
        let inner = if self.rest().starts_with('(') {
            self.at += 1;
            self.space();
            let inner = self.any(depth + 1)?;
            self.space();
            if !self.rest().starts_with(')') {
                return Err((self.at, "expected `)` in an if-feature expression".to_owned()));
            }
            self.at += 1;
            inner
        } else {
            let at = self.at;
            let word = self.word();
            let (prefix, name) = split_reference(word);
            if matches!(word, "not" | "and" | "or")
                || !(prefix.is_none_or(is_identifier) && is_identifier(name))
            {
                let found = if word.is_empty() { "nothing".to_owned() } else { format!("`{word}`") };
                return Err((at.max(start), format!("expected the name of a feature, found {found}")));
            }
            IfFeature::Feature(prefix, name)
        };
        Ok(if negated { IfFeature::Not(Box::new(inner)) } else { inner })
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find([' ', '\t', '\n', '\r', '(', ')']).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, on: &[&str]) -> Option<bool> {
        parse_if_feature(text, YangVersion::V1_1).ok().map(|e| e.evaluate(&mut |_, name| on.contains(&name)))
    }

    #[test]
    fn precedence_is_not_then_and_then_or() {
        // RFC 7950 section 7.20.2: "not foo or bar and baz" is "(not foo) or (bar and baz)".
        let text = "not foo or bar and baz";
        assert_eq!(value(text, &[]), Some(true));
        assert_eq!(value(text, &["foo", "bar"]), Some(false));
        assert_eq!(value(text, &["foo", "bar", "baz"]), Some(true));
        assert_eq!(value("not (a or b)", &["b"]), Some(false));
        assert_eq!(value("not not a", &["a"]), Some(true));
        assert_eq!(value(" ( p:a\n)  ", &["a"]), Some(true));
    }

    #[test]
    fn form() {
        for bad in ["", "a b", "a or", "or a", "(a", "a)", "a and not", "(a)or(b)", "a & b", "not"] {
            assert_eq!(value(bad, &[]), None, "{bad}");
        }
        assert!(parse_if_feature("a or b", YangVersion::V1).is_err());
        assert!(parse_if_feature(&"(".repeat(50_000), YangVersion::V1_1).is_err());
        assert!(parse_if_feature(&("not ".repeat(50_000) + "a"), YangVersion::V1_1).is_ok());
    }
}

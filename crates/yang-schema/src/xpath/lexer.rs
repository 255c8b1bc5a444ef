//! The lexical structure of XPath 1.0 (section 3.7).
//!
//! There is no token stream: the parser knows at each place whether an operator or an operand may stand there, which is just what
//! the disambiguation rules of section 3.7 say of `*`, `and`, `or`, `div` and `mod`.

use super::XPathError;

pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// ExprWhitespace.
    pub(super) fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    /// Does the text go on with this token? White space before it is passed over.
    pub(super) fn looking_at(&mut self, token: &str) -> bool {
        self.space();
        self.rest().starts_with(token)
    }

    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.looking_at(token);
        if found {
            self.at += token.len();
        }
        found
    }

    pub(super) fn expect(&mut self, token: &str) -> Result<(), XPathError> {
        if self.eat(token) { Ok(()) } else { Err(self.expected(&format!("`{token}`"))) }
    }

    /// An operator that is a name. Behind an operand any name must be one, so it ends where the name ends.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        self.space();
        let found = self.peek_name() == Some(word);
        if found {
            self.at += word.len();
        }
        found
    }

    /// An NCName, without what goes before.
    pub(super) fn peek_name(&self) -> Option<&'a str> {
        let rest = self.rest();
        if !rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return None;
        }
        let end =
            rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))).unwrap_or(rest.len());
        Some(&rest[..end])
    }

    /// Literal ::= '"' [^"]* '"' | "'" [^']* "'"
    pub(super) fn literal(&mut self) -> Result<Option<&'a str>, XPathError> {
        self.space();
        let rest = self.rest();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '\'' | '"')) else { return Ok(None) };
        let Some(end) = rest[1..].find(quote) else {
            return Err(self.error(format!("this string has no closing {quote}")));
        };
        self.at += end + 2;
        Ok(Some(&rest[1..=end]))
    }

    /// Number ::= Digits ('.' Digits?)? | '.' Digits
    pub(super) fn number(&mut self) -> Option<f64> {
        self.space();
        let rest = self.rest();
        let digits = |s: &str| s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len());
        let whole = digits(rest);
        let fraction = match rest[whole..].strip_prefix('.') {
            Some(fraction) => 1 + digits(fraction),
            None => 0,
        };
        if whole == 0 && fraction < 2 {
            return None;
        }
        self.at += whole + fraction;
        rest[..whole + fraction].parse().ok()
    }

    pub(super) fn error(&self, message: impl Into<String>) -> XPathError {
        XPathError { offset: self.at, message: message.into() }
    }

    pub(super) fn expected(&mut self, what: &str) -> XPathError {
        self.space();
        let rest = self.rest();
        let found = match (self.peek_name(), rest.chars().next()) {
            (Some(name), _) => format!("found `{name}`"),
            (None, Some(c)) => format!("found `{c}`"),
            (None, None) => "the expression ends".to_owned(),
        };
        self.error(format!("expected {what}, {found}"))
    }
}

//! From XSD's syntax to that of the `regex` crate: branches, pieces, quantifiers, escapes.

use super::PatternError;
use super::class;
use std::fmt::Write as _;

/// Groups inside groups, classes inside classes.
const MAX_DEPTH: usize = 100;

/// The expression in the syntax of the `regex` crate, anchored at both ends.
pub(super) fn translate(xsd: &str, anchors: bool) -> Result<String, PatternError> {
    let mut t =
        Translator { text: xsd, at: 0, depth: 0, anchors, out: String::with_capacity(xsd.len() + 16) };
    t.out.push_str(r"\A(?:");
    t.reg_exp()?;
    if t.peek() == Some(')') {
        return Err(t.error("this `)` closes no group; the character itself is written `\\)`"));
    }
    t.out.push_str(r")\z");
    Ok(t.out)
}

pub(super) struct Translator<'a> {
    text: &'a str,
    pub(super) at: usize,
    depth: usize,
    anchors: bool,
    pub(super) out: String,
}

impl<'a> Translator<'a> {
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(super) fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    pub(super) fn error(&self, message: impl Into<String>) -> PatternError {
        self.error_at(self.at, message)
    }

    pub(super) fn error_at(&self, offset: usize, message: impl Into<String>) -> PatternError {
        PatternError { offset, message: message.into() }
    }

    pub(super) fn enter(&mut self) -> Result<(), PatternError> {
        self.depth += 1;
        match self.depth > MAX_DEPTH {
            true => Err(self.error(format!("groups and classes nest deeper than {MAX_DEPTH}"))),
            false => Ok(()),
        }
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// regExp ::= branch ( '|' branch )*, up to the end or a `)`.
    fn reg_exp(&mut self) -> Result<(), PatternError> {
        loop {
            let branch = self.at;
            while let Some(c) = self.peek().filter(|&c| c != '|' && c != ')') {
                let first = self.at == branch;
                let last = matches!(self.rest()[c.len_utf8()..].chars().next(), None | Some('|' | ')'));
                if self.anchors && ((first && c == '^') || (last && c == '$')) {
                    self.next();
                } else {
                    self.piece()?;
                }
            }
            if !self.eat('|') {
                return Ok(());
            }
            self.out.push('|');
        }
    }

    /// piece ::= atom quantifier?
    fn piece(&mut self) -> Result<(), PatternError> {
        self.atom()?;
        match self.peek() {
            Some(c @ ('?' | '*' | '+')) => {
                self.next();
                self.out.push(c);
                Ok(())
            }
            Some('{') => self.quantity(),
            _ => Ok(()),
        }
    }

    /// quantity ::= quantRange | quantMin | QuantExact, in braces.
    fn quantity(&mut self) -> Result<(), PatternError> {
        let start = self.at;
        self.next();
        let min = self.number()?;
        let max = match self.eat(',') {
            true if self.peek() == Some('}') => None,
            true => Some(self.number()?),
            false => Some(min),
        };
        if !self.eat('}') {
            return Err(self.error("a quantity is written {n}, {n,} or {n,m}"));
        }
        match max {
            Some(max) if max < min => Err(self
                .error_at(start, format!("the quantity {{{min},{max}}} has its bounds the wrong way round"))),
            Some(max) if max == min => {
                _ = write!(self.out, "{{{min}}}");
                Ok(())
            }
            Some(max) => {
                _ = write!(self.out, "{{{min},{max}}}");
                Ok(())
            }
            None => {
                _ = write!(self.out, "{{{min},}}");
                Ok(())
            }
        }
    }

    fn number(&mut self) -> Result<u32, PatternError> {
        let rest = self.rest();
        let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
        if digits.is_empty() {
            return Err(self.error(
                "a quantity is written {n}, {n,} or {n,m}; the character `{` itself is written `\\{`",
            ));
        }
        let number = digits.parse().map_err(|_| self.error(format!("the quantity {digits} is too large")))?;
        self.at += digits.len();
        Ok(number)
    }

    /// atom ::= Char | charClass | ( '(' regExp ')' )
    fn atom(&mut self) -> Result<(), PatternError> {
        let start = self.at;
        let Some(c) = self.next() else { return Ok(()) };
        match c {
            '(' => {
                self.enter()?;
                if self.peek() == Some('?') {
                    return Err(self.error("XSD has plain groups only, no `(?`"));
                }
                self.out.push_str("(?:");
                self.reg_exp()?;
                if !self.eat(')') {
                    return Err(self.error_at(start, "this group has no `)`"));
                }
                self.out.push(')');
                self.leave();
                Ok(())
            }
            '[' => class::expression(self, start),
            '.' => {
                self.out.push_str(r"[^\n\r]");
                Ok(())
            }
            '\\' => {
                match class::escape(self, start)? {
                    class::Escape::Char(c) => push_char(&mut self.out, c),
                    class::Escape::Class(class) => self.out.push_str(&class),
                }
                Ok(())
            }
            '?' | '*' | '+' | '{' => {
                let after = if c == '{' { "`{`" } else { "this quantifier" };
                Err(self.error_at(
                    start,
                    format!(
                        "there is nothing that {after} could repeat; the character itself is written `\\{c}`"
                    ),
                ))
            }
            '}' | ']' => Err(self.error_at(start, format!("the character `{c}` is written `\\{c}`"))),
            _ => {
                push_char(&mut self.out, c);
                Ok(())
            }
        }
    }
}

/// A character that means only itself, inside classes and outside.
pub(super) fn push_char(out: &mut String, c: char) {
    if c.is_ascii_alphanumeric() {
        out.push(c);
    } else {
        _ = write!(out, "\\x{{{:X}}}", u32::from(c));
    }
}

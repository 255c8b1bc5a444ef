//! The scanner: tokens with their byte ranges, and every rule of well-formedness that XML 1.0 and its namespaces have,
//! less document types, which NETCONF forbids.

use super::names::ncname_length;
use super::references::{line_ends, normalize, resolve_references};
use super::{XML_NAMESPACE, XmlError};
use std::borrow::Cow;
use std::ops::Range;

/// How deep elements may nest.
const MAX_DEPTH: usize = 1024;
/// How many attributes an element may carry, declarations included.
const MAX_ATTRIBUTES: usize = 256;
/// How many declarations may be in scope.
const MAX_DECLARATIONS: usize = 1024;

/// A piece of a document.
#[derive(Debug)]
pub(crate) enum Token<'a> {
    /// A start tag, or an empty-element tag: then the matching `Close` follows, with an empty range.
    Open {
        /// The name as written.
        raw: &'a str,
        /// The tag's text in the document.
        span: Range<usize>,
    },
    /// An end tag.
    Close {
        /// The tag's text in the document.
        span: Range<usize>,
    },
    /// Character data, references resolved. It can come in pieces.
    Text(Cow<'a, str>),
    /// The document is over, and was well-formed.
    End,
}

/// An attribute that is not a namespace declaration.
#[derive(Clone, Debug)]
pub(crate) struct Attribute<'a> {
    /// The name as written.
    pub(crate) raw: &'a str,
    /// Its value, normalized.
    pub(crate) value: Cow<'a, str>,
}

/// The namespace declarations in scope.
#[derive(Clone, Default, Debug)]
pub(crate) struct Scope<'a> {
    /// Prefix (empty: default), namespace, and the depth of the element that declares it.
    bindings: Vec<(Cow<'a, str>, Cow<'a, str>, usize)>,
}

impl<'a> Scope<'a> {
    /// The namespace of a prefix; of the empty one, `""` if there is no default namespace.
    pub(crate) fn resolve(&self, prefix: &str) -> Option<&str> {
        if prefix == "xml" {
            return Some(XML_NAMESPACE);
        }
        self.declared(prefix).or(if prefix.is_empty() { Some("") } else { None })
    }

    /// What an element declares a prefix for, `""` being the removal of the default namespace.
    pub(crate) fn declared(&self, prefix: &str) -> Option<&str> {
        self.bindings.iter().rev().find(|(p, ..)| p == prefix).map(|(_, uri, _)| uri.as_ref())
    }

    /// All bindings that hold, innermost declarations first, each prefix once.
    pub(crate) fn effective(&self) -> impl Iterator<Item = (&str, &str)> {
        self.bindings.iter().enumerate().rev().filter_map(|(at, (prefix, uri, _))| {
            let hidden = self.bindings[at + 1..].iter().any(|(p, ..)| p == prefix);
            let undeclared = prefix.is_empty() && uri.is_empty();
            (!hidden && !undeclared).then_some((prefix.as_ref(), uri.as_ref()))
        })
    }

    /// The expanded name of an element.
    pub(crate) fn element<'n>(&self, raw: &'n str) -> (Cow<'_, str>, &'n str) {
        let (prefix, local) = split(raw);
        (self.resolve(prefix).unwrap_or_default().into(), local)
    }
}

/// Splits a qualified name into prefix and local part.
pub(super) fn split(raw: &str) -> (&str, &str) {
    raw.split_once(':').unwrap_or(("", raw))
}

/// Walks one document.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// The names of the elements that are open.
    open: Vec<&'a str>,
    scope: Scope<'a>,
    attributes: Vec<Attribute<'a>>,
    root_seen: bool,
    /// An empty-element tag was given; its `Close` is due.
    close_due: bool,
    /// Declarations of the element closed last leave the scope at the next step.
    leaving: bool,
}

impl<'a> Scanner<'a> {
    /// A scanner of `bytes`, which must be UTF-8 and only characters that XML allows.
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, XmlError> {
        let text = std::str::from_utf8(bytes)
            .map_err(|e| XmlError::new(e.valid_up_to(), "the text is not valid UTF-8"))?;
        let forbidden = |b: u8| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r');
        // All bytes are looked at, and not only up to the first: so it is several at once.
        if bytes.iter().fold(false, |found, b| found | forbidden(*b)) {
            let at = bytes.iter().position(|b| forbidden(*b)).unwrap_or_default();
            return Err(XmlError::new(
                at,
                format!("the character U+{:04X} is not allowed in XML", bytes[at]),
            ));
        }
        for c in ['\u{FFFE}', '\u{FFFF}'] {
            // Both begin with this byte.
            let Some(first) = memchr::memchr(0xEF, bytes) else { break };
            if let Some(at) = text[first..].find(c).map(|at| first + at) {
                return Err(XmlError::new(
                    at,
                    format!("the character U+{:04X} is not allowed in XML", c as u32),
                ));
            }
        }
        Ok(Self::trusted(text))
    }

    fn trusted(text: &'a str) -> Self {
        Self {
            text,
            at: if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 },
            open: Vec::new(),
            scope: Scope::default(),
            attributes: Vec::new(),
            root_seen: false,
            close_due: false,
            leaving: false,
        }
    }

    /// The declarations in scope of the element that the last token opened or closed.
    pub(crate) fn scope(&self) -> &Scope<'a> {
        &self.scope
    }

    /// The attributes of the element that the last token opened.
    pub(crate) fn attributes(&self) -> &[Attribute<'a>] {
        &self.attributes
    }

    /// How many elements are open.
    #[cfg(feature = "protocol")]
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The next token.
    pub(crate) fn next(&mut self) -> Result<Token<'a>, XmlError> {
        if std::mem::take(&mut self.leaving) {
            let depth = self.open.len();
            while self.scope.bindings.last().is_some_and(|(.., d)| *d > depth) {
                self.scope.bindings.pop();
            }
        }
        if std::mem::take(&mut self.close_due) {
            self.open.pop();
            self.leaving = true;
            return Ok(Token::Close { span: self.at..self.at });
        }
        loop {
            let rest = &self.text[self.at..];
            let start = self.at;
            match rest.as_bytes() {
                [] => return self.end(),
                [b'<', b'/', ..] => return self.end_tag(&rest[2..]),
                [b'<', b'!' | b'?', ..] => {}
                [b'<', ..] => return self.start_tag(),
                _ => {
                    if let Some(text) = self.character_data(rest)? {
                        return Ok(Token::Text(text));
                    }
                    continue;
                }
            }
            if let Some(body) = rest.strip_prefix("<!--") {
                let length = body.find("--").ok_or_else(|| self.error("the comment does not end"))?;
                if !body[length..].starts_with("-->") {
                    return Err(XmlError::new(start + 4 + length, "`--` is not allowed in a comment"));
                }
                self.at += 4 + length + 3;
            } else if let Some(body) = rest.strip_prefix("<![CDATA[") {
                if self.open.is_empty() {
                    return Err(self.error("a CDATA section stands outside of the root element"));
                }
                let length = body.find("]]>").ok_or_else(|| self.error("the CDATA section does not end"))?;
                self.at += 9 + length + 3;
                return Ok(Token::Text(line_ends(&body[..length])));
            } else if rest.starts_with("<!") {
                return Err(self.error("document type declarations are not allowed in NETCONF"));
            } else if let Some(body) = rest.strip_prefix("<?") {
                self.processing_instruction(body)?;
            }
        }
    }

    fn end(&self) -> Result<Token<'a>, XmlError> {
        match self.open.last() {
            Some(name) => Err(self.error(format!("the text ends inside of the element `{name}`"))),
            None if !self.root_seen => Err(self.error("there is no element")),
            None => Ok(Token::End),
        }
    }

    fn error(&self, message: impl Into<String>) -> XmlError {
        XmlError::new(self.at, message)
    }

    fn character_data(&mut self, rest: &'a str) -> Result<Option<Cow<'a, str>>, XmlError> {
        let length = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        let raw = &rest[..length];
        if self.open.is_empty() {
            if let Some(at) = raw.find(|c| !is_space(c)) {
                return Err(XmlError::new(self.at + at, "text stands outside of the root element"));
            }
            self.at += length;
            return Ok(None);
        }
        let text = if memchr::memchr3(b'&', b'\r', b']', raw.as_bytes()).is_none() {
            raw.into()
        } else if let Some(at) = raw.find("]]>") {
            return Err(XmlError::new(self.at + at, "`]]>` is not allowed in text"));
        } else {
            resolve_references(raw, self.at)?
        };
        self.at += length;
        Ok(Some(text))
    }

    /// Skips a processing instruction or the XML declaration, which says nothing that may not be checked here.
    fn processing_instruction(&mut self, body: &'a str) -> Result<(), XmlError> {
        let length = body.find("?>").ok_or_else(|| self.error("the processing instruction does not end"))?;
        let content = &body[..length];
        let target = ncname_length(content);
        let (target, arguments) = content.split_at(target);
        if target.is_empty() || !(arguments.is_empty() || arguments.starts_with(is_space)) {
            return Err(self.error("the processing instruction has no proper name"));
        }
        if target.eq_ignore_ascii_case("xml") {
            let first = self.text[..self.at].trim_start_matches('\u{FEFF}').is_empty();
            if target != "xml" || !first {
                return Err(self.error("an XML declaration stands elsewhere than at the beginning"));
            }
            self.declaration(arguments)?;
        }
        self.at += 2 + length + 2;
        Ok(())
    }

    fn declaration(&self, arguments: &str) -> Result<(), XmlError> {
        let bad = || self.error("the XML declaration is malformed");
        let mut rest = arguments;
        let mut seen = Vec::new();
        while !rest.trim_start_matches(is_space).is_empty() {
            let (name, value, after) = pseudo_attribute(rest).ok_or_else(bad)?;
            let ok = match (name, seen.as_slice()) {
                ("version", []) => value == "1.0",
                ("encoding", ["version"]) => {
                    if !value.eq_ignore_ascii_case("utf-8") {
                        return Err(self.error(format!("the encoding is `{value}`; NETCONF demands UTF-8")));
                    }
                    true
                }
                ("standalone", ["version"] | ["version", "encoding"]) => matches!(value, "yes" | "no"),
                _ => false,
            };
            if !ok {
                return Err(bad());
            }
            seen.push(name);
            rest = after;
        }
        if seen.is_empty() { Err(bad()) } else { Ok(()) }
    }

    fn end_tag(&mut self, body: &'a str) -> Result<Token<'a>, XmlError> {
        let start = self.at;
        let length =
            memchr::memchr(b'>', body.as_bytes()).ok_or_else(|| self.error("the end tag does not end"))?;
        let name = body[..length].trim_end_matches(is_space);
        match self.open.pop() {
            Some(open) if open == name => {}
            Some(open) => {
                return Err(self.error(format!("`</{name}>` stands where `</{open}>` should")));
            }
            None => return Err(self.error(format!("`</{name}>` closes nothing"))),
        }
        self.at += 2 + length + 1;
        self.leaving = true;
        Ok(Token::Close { span: start..self.at })
    }

    fn start_tag(&mut self) -> Result<Token<'a>, XmlError> {
        let start = self.at;
        if self.open.is_empty() && std::mem::replace(&mut self.root_seen, true) {
            return Err(self.error("a second root element begins"));
        }
        if self.open.len() == MAX_DEPTH {
            return Err(self.error(format!("elements nest deeper than {MAX_DEPTH}")));
        }
        self.at += 1;
        self.attributes.clear();
        // Most tags are a plain name and nothing else: there is nothing to check of them.
        if let Some(length) = plain_name(&self.text.as_bytes()[self.at..]) {
            let raw = &self.text[self.at..self.at + length];
            self.at += length + 1;
            self.open.push(raw);
            return Ok(Token::Open { raw, span: start..self.at });
        }
        let raw = self.qualified_name()?;
        let depth = self.open.len() + 1;
        let mut count = 0;
        let empty = loop {
            let spaced = self.skip_space();
            let rest = &self.text[self.at..];
            if rest.starts_with('>') {
                self.at += 1;
                break false;
            } else if rest.starts_with("/>") {
                self.at += 2;
                break true;
            } else if rest.is_empty() {
                return Err(XmlError::new(start, "the tag does not end"));
            } else if !spaced {
                return Err(self.error("white space is missing before an attribute"));
            }
            count += 1;
            if count > MAX_ATTRIBUTES {
                return Err(self.error(format!("more than {MAX_ATTRIBUTES} attributes")));
            }
            self.attribute(depth)?;
        };
        self.check_prefixes(raw, start)?;
        self.open.push(raw);
        self.close_due = empty;
        Ok(Token::Open { raw, span: start..self.at })
    }

    fn skip_space(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let space = rest.len() - rest.trim_start_matches(is_space).len();
        self.at += space;
        space > 0
    }

    fn qualified_name(&mut self) -> Result<&'a str, XmlError> {
        let rest = &self.text[self.at..];
        let mut length = ncname_length(rest);
        if length > 0 && rest[length..].starts_with(':') {
            let local = ncname_length(&rest[length + 1..]);
            length = if local == 0 { 0 } else { length + 1 + local };
        }
        if length == 0 {
            return Err(self.error("a name should stand here"));
        }
        self.at += length;
        Ok(&rest[..length])
    }

    fn attribute(&mut self, depth: usize) -> Result<(), XmlError> {
        let start = self.at;
        let raw = self.qualified_name()?;
        self.skip_space();
        if !self.text[self.at..].starts_with('=') {
            return Err(self.error(format!("the attribute `{raw}` has no value")));
        }
        self.at += 1;
        self.skip_space();
        let rest = &self.text[self.at..];
        let quote = match rest.as_bytes().first() {
            Some(q @ (b'"' | b'\'')) => char::from(*q),
            _ => return Err(self.error(format!("the value of the attribute `{raw}` is not quoted"))),
        };
        let length = rest[1..]
            .find(quote)
            .ok_or_else(|| self.error(format!("the value of the attribute `{raw}` does not end")))?;
        let written = &rest[1..=length];
        if let Some(at) = written.find('<') {
            return Err(XmlError::new(self.at + 1 + at, "`<` is not allowed in an attribute value"));
        }
        let value = normalize(written, self.at + 1)?;
        self.at += length + 2;
        if raw == "xmlns" || raw.starts_with("xmlns:") {
            return self.declaration_of_prefix(raw, value, depth, start);
        }
        if self.attributes.iter().any(|a| a.raw == raw) {
            return Err(XmlError::new(start, format!("the attribute `{raw}` stands twice")));
        }
        self.attributes.push(Attribute { raw, value });
        Ok(())
    }

    fn declaration_of_prefix(
        &mut self,
        raw: &'a str,
        value: Cow<'a, str>,
        depth: usize,
        start: usize,
    ) -> Result<(), XmlError> {
        let prefix = raw.strip_prefix("xmlns:").unwrap_or("");
        let fault = if prefix == "xmlns" || value == "http://www.w3.org/2000/xmlns/" {
            Some("the prefix `xmlns` and its namespace cannot be declared".to_owned())
        } else if (prefix == "xml") != (value == XML_NAMESPACE) {
            Some("the prefix `xml` and its namespace belong to each other".to_owned())
        } else if value.is_empty() && !prefix.is_empty() {
            Some(format!("the prefix `{prefix}` is declared for no namespace"))
        } else if self.scope.bindings.iter().any(|(p, _, d)| *d == depth && p == prefix) {
            Some(format!("the attribute `{raw}` stands twice"))
        } else if self.scope.bindings.len() >= MAX_DECLARATIONS {
            Some(format!("more than {MAX_DECLARATIONS} namespace declarations are in scope"))
        } else {
            None
        };
        if let Some(message) = fault {
            return Err(XmlError::new(start, message));
        }
        self.scope.bindings.push((prefix.into(), value, depth));
        Ok(())
    }

    /// All prefixes are declared, and no two attributes have one expanded name.
    fn check_prefixes(&self, raw: &str, start: usize) -> Result<(), XmlError> {
        let namespace = |raw: &str| -> Result<Option<&str>, XmlError> {
            match raw.split_once(':') {
                None => Ok(None),
                Some((prefix, _)) => match self.scope.resolve(prefix) {
                    Some(uri) if prefix != "xmlns" => Ok(Some(uri)),
                    _ => Err(XmlError::new(start, format!("the prefix `{prefix}` is not declared"))),
                },
            }
        };
        namespace(raw)?;
        let mut prefixed: Vec<(&str, &str)> = Vec::new();
        for attribute in &self.attributes {
            if let Some(uri) = namespace(attribute.raw)? {
                let name = (uri, split(attribute.raw).1);
                if prefixed.contains(&name) {
                    let message = format!("the attribute `{}` stands twice, by two prefixes", attribute.raw);
                    return Err(XmlError::new(start, message));
                }
                prefixed.push(name);
            }
        }
        Ok(())
    }
}

/// The length of a name without a prefix, in ASCII, that the end of the tag follows.
fn plain_name(bytes: &[u8]) -> Option<usize> {
    let first = bytes.first()?;
    if !(first.is_ascii_alphabetic() || *first == b'_') {
        return None;
    }
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let length = bytes.iter().position(|b| !is_name(b))?;
    (bytes[length] == b'>').then_some(length)
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Reads ` name="value"` off the front.
fn pseudo_attribute(text: &str) -> Option<(&str, &str, &str)> {
    let rest = text.strip_prefix(is_space)?.trim_start_matches(is_space);
    let (name, rest) = rest.split_at(ncname_length(rest));
    let rest = rest.trim_start_matches(is_space).strip_prefix('=')?.trim_start_matches(is_space);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, rest) = rest[1..].split_once(quote)?;
    Some((name, value, rest))
}

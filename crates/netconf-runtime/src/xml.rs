//! The XML of the messages layer: a strict scanner that gives byte ranges, a small element tree, and escaping.
//!
//! An envelope needs what a codec for data does not: where an element begins and ends in the text, and which namespaces
//! are in scope there, so that its content can be handed on as it came. Data itself is read by `yang_data`'s readers.
//! RFC 6241 section 3: messages are well-formed XML in UTF-8; section 3.2: no document type declarations.

mod element;
mod names;
mod references;
mod scan;

#[cfg(test)]
mod tests;

pub(crate) use element::Element;
#[cfg(feature = "protocol")]
pub(crate) use scan::{Attribute, Scope};
pub(crate) use scan::{Scanner, Token};

use std::fmt::Write as _;

/// The namespace of NETCONF's messages and operations (RFC 6241 section 3.1).
pub const BASE_NAMESPACE: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";

/// The namespace that the prefix `xml` stands for, always.
pub(crate) const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// What is wrong with a text that should be XML.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message} at byte {offset}")]
pub struct XmlError {
    /// Where, in bytes from the beginning.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
}

impl XmlError {
    pub(crate) fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, message: message.into() }
    }
}

/// Appends `text` as character data.
pub(crate) fn escape_text(out: &mut String, text: &str) {
    escape(out, text, |c| matches!(c, b'<' | b'>' | b'&' | b'\r'));
}

/// Appends `text` as the inside of an attribute value in double quotes.
pub(crate) fn escape_attribute(out: &mut String, text: &str) {
    escape(out, text, |c| matches!(c, b'<' | b'>' | b'&' | b'"' | b'\r' | b'\n' | b'\t'));
}

fn escape(out: &mut String, text: &str, special: impl Fn(u8) -> bool) {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate().filter(|(_, b)| special(*b)) {
        out.push_str(&text[done..at]);
        match byte {
            b'<' => out.push_str("&lt;"),
            b'>' => out.push_str("&gt;"),
            b'&' => out.push_str("&amp;"),
            b'"' => out.push_str("&quot;"),
            other => _ = write!(out, "&#{other};"),
        }
        done = at + 1;
    }
    out.push_str(&text[done..]);
}

/// Whether a character may stand in XML 1.0 at all.
pub(crate) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Makes a document of a well-formed element by declaring on it what `scope` has and it does not declare itself.
pub(crate) fn standalone<'s>(element: &str, scope: impl IntoIterator<Item = (&'s str, &'s str)>) -> String {
    let mut out = String::with_capacity(element.len() + 128);
    let name = element[1..].find([' ', '\t', '\r', '\n', '/', '>']).map_or(element.len(), |at| at + 1);
    let declared = declared_prefixes(element);
    out.push_str(&element[..name]);
    for (prefix, namespace) in scope {
        if declared.contains(&prefix) {
            continue;
        }
        out.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
        out.push_str(prefix);
        out.push_str("=\"");
        escape_attribute(&mut out, namespace);
        out.push('"');
    }
    out.push_str(&element[name..]);
    out
}

/// The prefixes that the start tag at the front of `element` declares; the empty one for the default namespace.
fn declared_prefixes(element: &str) -> Vec<&str> {
    let mut declared = Vec::new();
    let mut rest = element;
    // Well-formed: outside of quotes there is no `>` but the end, and each value follows its name.
    while let Some(quote) = rest.find(['"', '\'', '>']).filter(|at| !rest[*at..].starts_with('>')) {
        let name = rest[..quote].trim_end_matches(|c: char| c == '=' || c.is_ascii_whitespace());
        let name = name.rsplit(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
        if name == "xmlns" {
            declared.push("");
        } else if let Some(prefix) = name.strip_prefix("xmlns:") {
            declared.push(prefix);
        }
        let mark = &rest[quote..=quote];
        let Some(end) = rest[quote + 1..].find(mark) else { break };
        rest = &rest[quote + 1 + end + 1..];
    }
    declared
}

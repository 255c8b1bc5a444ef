//! The writer.

use super::chars::first_illegal;
use super::name::is_ncname;
use crate::codec::{CodecError, CodecErrorKind};
use crate::event::{Datum, FullName, OutAttribute, Position, Shape, Sink};
use crate::qualified::{Modules, Piece, pieces};
use std::io::Write;
use std::ops::Range;

/// Writes XML. Elements stand in the default namespace, which is declared wherever it changes; prefixes are declared for
/// attributes, identities and instance-identifiers alone, where they stand or where they were announced, and are modules' names
/// where they can be.
#[derive(Debug)]
pub struct Writer<W> {
    output: W,
    /// Bytes that have not been handed on.
    buffer: String,
    /// A start tag whose `>` has not been written: declarations may still join it.
    tag_open: bool,
    elements: Vec<Element>,
    /// The names and namespaces of open elements, one after the other.
    names: String,
    /// Prefixes in scope, innermost last.
    prefixes: Vec<(Box<str>, Box<str>)>,
    /// Modules whose prefixes what is opened next declares, and their namespaces.
    announced: Vec<(Box<str>, Box<str>)>,
    indent: Option<usize>,
    /// A node is open that XML does not write.
    silent: bool,
}

#[derive(Debug)]
struct Element {
    /// Its name, in `names`, which ends with it or with its namespace; empty for what stands around what is written.
    name: Range<usize>,
    /// The default namespace inside, in `names`: often that of an element around it.
    namespace: Range<usize>,
    /// Prefixes in scope around it.
    prefixes: usize,
    /// It holds text: white space in it would change it.
    has_text: bool,
    has_children: bool,
}

/// Bytes that are collected before they are handed on.
const HIGH_WATER: usize = 16 * 1024;

impl<W: Write> Writer<W> {
    /// Writes without white space between elements.
    pub fn new(output: W) -> Self {
        Self {
            output,
            buffer: String::new(),
            tag_open: false,
            elements: Vec::new(),
            names: String::new(),
            prefixes: Vec::new(),
            announced: Vec::new(),
            indent: None,
            silent: false,
        }
    }

    /// Writes each element in a line, indented by so many spaces a level.
    pub fn indented(output: W, spaces: usize) -> Self {
        Self { indent: Some(spaces), ..Self::new(output) }
    }

    /// The default namespace around what is written: it is not declared again.
    #[must_use]
    pub fn within(mut self, namespace: &str) -> Self {
        let start = self.names.len();
        self.names.push_str(namespace);
        self.elements.push(Element {
            name: start..start,
            namespace: start..self.names.len(),
            prefixes: 0,
            has_text: false,
            has_children: false,
        });
        self
    }

    /// Hands on what is left, and gives the output back.
    ///
    /// # Errors
    /// An element is open still, or the output fails.
    pub fn finish(mut self) -> Result<W, CodecError> {
        if let Some(open) = self.elements.last().filter(|e| !e.name.is_empty()) {
            return Err(error(
                CodecErrorKind::Truncated,
                format!("the element {:?} is not closed", &self.names[open.name.clone()]),
            ));
        }
        self.flush()?;
        Ok(self.output)
    }

    /// The output, which has all but the last few kilobytes of what was written.
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.output
    }

    fn flush(&mut self) -> Result<(), CodecError> {
        let result = self.output.write_all(self.buffer.as_bytes());
        self.buffer.clear();
        result.map_err(|e| error(CodecErrorKind::Io, e.to_string()))
    }

    fn end_tag_open(&mut self) {
        if std::mem::take(&mut self.tag_open) {
            self.buffer.push('>');
        }
    }

    fn line(&mut self, depth: usize) {
        if let Some(spaces) = self.indent {
            if !self.buffer.is_empty() || !self.elements.is_empty() {
                self.buffer.push('\n');
            }
            self.buffer.extend(std::iter::repeat_n(' ', depth * spaces));
        }
    }

    /// The prefix of a namespace in the start tag that is open; it is declared there if it is not in scope.
    fn prefix(&mut self, module: &str, namespace: &str) -> Result<String, CodecError> {
        if namespace == super::XML_NAMESPACE {
            return Ok("xml".to_owned());
        }
        if namespace.is_empty() {
            return Err(error(
                CodecErrorKind::UnknownNamespace,
                format!("the namespace of module {module:?} is not known"),
            ));
        }
        let found = self.prefixes.iter().enumerate().rev().find(|(_, (_, uri))| **uri == *namespace);
        if let Some((at, (prefix, _))) = found {
            // Not one that was declared anew further in.
            if !self.prefixes[at + 1..].iter().any(|(p, _)| p == prefix) {
                return Ok(prefix.to_string());
            }
        }
        let own = self.elements.last().map_or(0, |e| e.prefixes);
        let wanted = match module {
            "ietf-netconf" => "nc",
            "ietf-netconf-with-defaults" => "wd",
            name if is_prefix(name) => name,
            _ => "ns",
        };
        let mut prefix = wanted.to_owned();
        let mut number = 1;
        while self.prefixes[own..].iter().any(|(p, _)| **p == *prefix) {
            number += 1;
            prefix = format!("{wanted}{number}");
        }
        self.declare(&prefix, namespace)?;
        Ok(prefix)
    }

    fn declare(&mut self, prefix: &str, namespace: &str) -> Result<(), CodecError> {
        if !self.tag_open {
            let message = "a value that needs prefixes stands behind other content".to_owned();
            return Err(error(CodecErrorKind::InvalidValue, message));
        }
        self.buffer.push_str(" xmlns:");
        self.buffer.push_str(prefix);
        self.buffer.push_str("=\"");
        escape(&mut self.buffer, namespace, true)?;
        self.buffer.push('"');
        self.prefixes.push((prefix.into(), namespace.into()));
        Ok(())
    }

    /// The text of a value; prefixes that it needs are declared in the start tag that is open.
    fn text_of(&mut self, value: Datum<'_>) -> Result<String, CodecError> {
        Ok(match value {
            Datum::Text(text) | Datum::Number(text) | Datum::LongNumber(text) => text.to_owned(),
            Datum::Boolean(b) => (if b { "true" } else { "false" }).to_owned(),
            Datum::Empty => String::new(),
            Datum::Null => {
                return Err(error(CodecErrorKind::InvalidValue, "XML cannot say null".to_owned()));
            }
            Datum::Identity { module, namespace, name } => {
                format!("{}:{name}", self.prefix(module, namespace)?)
            }
            Datum::Qualified { text, modules } => self.qualified(text, modules)?,
            Datum::Prefixed { text, prefixes } => {
                for (prefix, uri) in prefixes {
                    // The default namespace is that of the element, which has one by its own name.
                    if prefix.is_empty() {
                        continue;
                    }
                    let bound = self.prefixes.iter().rev().find(|(p, _)| **p == **prefix);
                    if bound.is_some_and(|(_, u)| **u == **uri) || *prefix == "xml" {
                        continue;
                    }
                    let own = self.elements.last().map_or(0, |e| e.prefixes);
                    if self.prefixes[own..].iter().any(|(p, _)| **p == **prefix) || !self.tag_open {
                        let message =
                            format!("the prefix {prefix:?} of the text stands for another namespace here");
                        return Err(error(CodecErrorKind::UnknownNamespace, message));
                    }
                    self.declare(prefix, uri)?;
                }
                (*text).to_owned()
            }
        })
    }

    fn qualified(&mut self, text: &str, modules: &[(&str, &str)]) -> Result<String, CodecError> {
        // Quoted text may name modules, too: it is left as it is, and the names of modules are prefixes.
        for (module, namespace) in modules {
            let bound = self.prefixes.iter().rev().find(|(p, _)| **p == **module);
            if bound.is_none() && is_prefix(module) {
                self.declare(module, namespace)?;
            }
        }
        let mut out = String::with_capacity(text.len() * 2);
        let mut inherited = Modules::default();
        let all: Vec<Piece<'_>> = pieces(text).collect();
        for (i, &piece) in all.iter().enumerate() {
            // A function, in a value that has both kinds of quotes.
            if let (Piece::Name(None, name), Some(Piece::Other(next))) = (piece, all.get(i + 1))
                && next.starts_with('(')
            {
                out.push_str(name);
                continue;
            }
            let module = inherited.take(piece);
            match piece {
                Piece::Name(_, name) => {
                    let module = module.unwrap_or_default();
                    let namespace = modules.iter().find(|(m, _)| *m == module).map_or("", |(_, n)| n);
                    out.push_str(&self.prefix(module, namespace)?);
                    out.push(':');
                    out.push_str(name);
                }
                Piece::Open => out.push('['),
                Piece::Close => out.push(']'),
                Piece::Other(other) => out.push_str(other),
            }
        }
        Ok(out)
    }
}

impl<W: Write> Sink for Writer<W> {
    fn open(
        &mut self,
        name: FullName<'_>,
        shape: Shape,
        attributes: &[OutAttribute<'_>],
    ) -> Result<(), CodecError> {
        if name.namespace.is_empty() && !name.module.is_empty() {
            let message =
                format!("the namespace of module {:?}, for {:?}, is not known", name.module, name.local);
            return Err(error(CodecErrorKind::UnknownNamespace, message));
        }
        if shape == Shape::NoEntry {
            self.silent = true;
            return Ok(());
        }
        if matches!(shape, Shape::AnyXmlArray | Shape::AnyXmlItem) {
            let message = format!("XML cannot say an array, which the anyxml {:?} is", name.local);
            return Err(error(CodecErrorKind::InvalidValue, message));
        }
        if !is_ncname(name.local) {
            return Err(error(
                CodecErrorKind::Malformed,
                format!("{:?} is no name of an element", name.local),
            ));
        }
        self.end_tag_open();
        let mut quiet = false;
        if let Some(parent) = self.elements.last_mut() {
            parent.has_children = true;
            quiet = parent.has_text;
        }
        if !quiet {
            self.line(self.elements.len());
        }
        self.buffer.push('<');
        self.buffer.push_str(name.local);
        let start = self.names.len();
        self.names.push_str(name.local);
        let mut namespace = self.elements.last().map_or(start..start, |e| e.namespace.clone());
        if self.names[namespace.clone()] != *name.namespace {
            self.buffer.push_str(" xmlns=\"");
            escape(&mut self.buffer, name.namespace, true)?;
            self.buffer.push('"');
            namespace = self.names.len()..self.names.len() + name.namespace.len();
            self.names.push_str(name.namespace);
        }
        self.elements.push(Element {
            name: start..start + name.local.len(),
            namespace,
            prefixes: self.prefixes.len(),
            has_text: false,
            has_children: false,
        });
        self.tag_open = true;
        for attribute in attributes {
            if !is_ncname(attribute.name.local) {
                let message = format!("{:?} is no name of an attribute", attribute.name.local);
                return Err(error(CodecErrorKind::Malformed, message));
            }
            let prefix = match (attribute.name.namespace, attribute.name.module) {
                ("", "") => String::new(),
                (namespace, module) => self.prefix(module, namespace)? + ":",
            };
            let value = self.text_of(attribute.value)?;
            self.buffer.push(' ');
            self.buffer.push_str(&prefix);
            self.buffer.push_str(attribute.name.local);
            self.buffer.push_str("=\"");
            escape(&mut self.buffer, &value, true)?;
            self.buffer.push('"');
        }
        for (module, namespace) in std::mem::take(&mut self.announced) {
            if matches!(shape, Shape::Container | Shape::ListEntry) && !namespace.is_empty() {
                self.prefix(&module, &namespace)?;
            }
        }
        if self.buffer.len() > HIGH_WATER {
            self.flush()?;
        }
        Ok(())
    }

    fn announce(&mut self, module: &str, namespace: &str) {
        self.announced.push((module.into(), namespace.into()));
    }

    fn value(&mut self, value: Datum<'_>) -> Result<(), CodecError> {
        // The usual values go without a copy.
        let owned;
        let text = match value {
            Datum::Text(text) | Datum::Number(text) | Datum::LongNumber(text) => text,
            Datum::Boolean(true) => "true",
            Datum::Boolean(false) => "false",
            other => {
                owned = self.text_of(other)?;
                &owned
            }
        };
        if text.is_empty() {
            return Ok(());
        }
        self.end_tag_open();
        let Some(element) = self.elements.last_mut().filter(|e| !e.name.is_empty()) else {
            return Err(error(CodecErrorKind::Malformed, "text stands outside of elements".to_owned()));
        };
        element.has_text = true;
        escape(&mut self.buffer, text, false)
    }

    fn leaf(
        &mut self,
        name: FullName<'_>,
        shape: Shape,
        attributes: &[OutAttribute<'_>],
        value: Datum<'_>,
    ) -> Result<(), CodecError> {
        let usual = attributes.is_empty() && matches!(shape, Shape::Leaf | Shape::LeafListEntry);
        if usual && self.short(name, value) {
            return if self.buffer.len() > HIGH_WATER { self.flush() } else { Ok(()) };
        }
        self.open(name, shape, attributes)?;
        self.value(value)?;
        self.close()
    }

    fn close(&mut self) -> Result<(), CodecError> {
        if std::mem::take(&mut self.silent) {
            return Ok(());
        }
        let Some(element) = self.elements.pop().filter(|e| !e.name.is_empty()) else {
            return Err(error(CodecErrorKind::Malformed, "no element is open".to_owned()));
        };
        if std::mem::take(&mut self.tag_open) {
            self.buffer.push_str("/>");
        } else {
            if element.has_children && !element.has_text {
                self.line(self.elements.len());
            }
            self.buffer.push_str("</");
            self.buffer.push_str(&self.names[element.name.clone()]);
            self.buffer.push('>');
        }
        self.names.truncate(element.name.start);
        self.prefixes.truncate(element.prefixes);
        if self.buffer.len() > HIGH_WATER {
            self.flush()?;
        }
        Ok(())
    }
}

impl<W: Write> Writer<W> {
    /// Writes an element with a value in one go, if it is one of the usual: without attributes, in a line with what stands around
    /// it, its value a text that needs nothing from the start tag but, for an identity, one prefix.
    fn short(&mut self, name: FullName<'_>, value: Datum<'_>) -> bool {
        let (identity, text) = match value {
            Datum::Text(text) | Datum::Number(text) | Datum::LongNumber(text) => (None, text),
            Datum::Boolean(true) => (None, "true"),
            Datum::Boolean(false) => (None, "false"),
            Datum::Identity { module, namespace, name } => (Some((module, namespace)), name),
            _ => return false,
        };
        let Some(parent) = self.elements.last_mut() else { return false };
        let plain = self.indent.is_none()
            && self.announced.is_empty()
            && self.names[parent.namespace.clone()] == *name.namespace
            && !name.namespace.is_empty()
            && !text.is_empty()
            && is_plain(text)
            && is_ncname(name.local);
        if !plain {
            return false;
        }
        let mut declared = false;
        let prefix = match identity {
            None => None,
            // The innermost of its name, or one that is declared by this element alone.
            Some((module, namespace)) => match self.prefixes.iter().rposition(|(_, uri)| **uri == *namespace)
            {
                Some(at) if self.prefixes[at + 1..].iter().all(|(p, _)| *p != self.prefixes[at].0) => {
                    Some((&*self.prefixes[at].0, namespace))
                }
                Some(_) => return false,
                None if module != "ietf-netconf" && is_prefix(module) && is_plain(namespace) => {
                    declared = true;
                    Some((module, namespace))
                }
                None => return false,
            },
        };
        parent.has_children = true;
        if std::mem::take(&mut self.tag_open) {
            self.buffer.push('>');
        }
        self.buffer.push('<');
        self.buffer.push_str(name.local);
        if let Some((prefix, namespace)) = prefix {
            if declared {
                self.buffer.push_str(" xmlns:");
                self.buffer.push_str(prefix);
                self.buffer.push_str("=\"");
                self.buffer.push_str(namespace);
                self.buffer.push('"');
            }
            self.buffer.push('>');
            self.buffer.push_str(prefix);
            self.buffer.push(':');
        } else {
            self.buffer.push('>');
        }
        self.buffer.push_str(text);
        self.buffer.push_str("</");
        self.buffer.push_str(name.local);
        self.buffer.push('>');
        true
    }
}

/// Has a text no character that is written otherwise, and none that XML may not know?
fn is_plain(text: &str) -> bool {
    // Bytes above 0x7f but 0xef begin or continue characters that XML knows.
    let special = |b: u8| b < 0x20 || matches!(b, b'&' | b'<' | b'>' | b'"' | 0xef);
    !text.bytes().fold(false, |any, b| any | special(b))
}

/// May it be a prefix? Names that begin with "xml" are not for us.
fn is_prefix(name: &str) -> bool {
    is_ncname(name) && !name.get(..3).is_some_and(|begin| begin.eq_ignore_ascii_case("xml"))
}

/// Appends text with what XML reads otherwise escaped; line ends and tabs in attributes would be spaces, and CR a line feed.
fn escape(out: &mut String, text: &str, attribute: bool) -> Result<(), CodecError> {
    if let Some((_, c)) = first_illegal(text) {
        let message = format!("XML cannot say the character U+{:04X}", u32::from(c));
        return Err(error(CodecErrorKind::InvalidValue, message));
    }
    let special = |b: u8| matches!(b, b'&' | b'<' | b'>' | b'"' | b'\n' | b'\r' | b'\t');
    if !text.bytes().fold(false, |any, b| any | special(b)) {
        out.push_str(text);
        return Ok(());
    }
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'\r' => "&#13;",
            b'"' if attribute => "&quot;",
            b'\n' if attribute => "&#10;",
            b'\t' if attribute => "&#9;",
            _ => continue,
        };
        out.push_str(&text[done..at]);
        out.push_str(escaped);
        done = at + 1;
    }
    out.push_str(&text[done..]);
    Ok(())
}

fn error(kind: CodecErrorKind, message: String) -> CodecError {
    CodecError { kind, message, position: Position::default(), path: None }
}

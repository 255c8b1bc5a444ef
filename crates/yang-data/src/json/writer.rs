//! The writer.

use crate::codec::{CodecError, CodecErrorKind};
use crate::event::{Datum, FullName, OutAttribute, Position, Shape, Sink};
use std::fmt::Write as _;
use std::io::Write;
use std::ops::Range;

/// Writes JSON: members are qualified by their module where it changes (RFC 7951 section 4), entries stand in arrays.
#[derive(Debug)]
pub struct Writer<W> {
    output: W,
    buffer: String,
    frames: Vec<Frame>,
    /// The names of open nodes and of their arrays, one after the other.
    names: String,
    indent: Option<usize>,
}

/// A node that is open.
#[derive(Debug)]
struct Frame {
    /// Its module, in `names`.
    module: Range<usize>,
    /// As it is written, in `names`: with its module, if that changes here.
    name: Range<usize>,
    /// Where its own begins in `names`.
    start: usize,
    shape: Shape,
    state: State,
    /// The array among its members that is open, and what is annotated of its items.
    array: Option<Array>,
    /// Names of arrays that are closed.
    arrays: Vec<Range<usize>>,
    /// An object of annotations.
    annotations: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Nothing is written of its value.
    Fresh,
    Object,
    Scalar,
}

#[derive(Debug)]
struct Array {
    name: Range<usize>,
    /// Has it an item?
    begun: bool,
    annotations: Vec<Option<String>>,
}

const HIGH_WATER: usize = 16 * 1024;

impl<W: Write> Writer<W> {
    /// Writes without white space.
    pub fn new(output: W) -> Self {
        let root = Frame {
            module: 0..0,
            name: 0..0,
            start: 0,
            shape: Shape::Container,
            state: State::Fresh,
            array: None,
            arrays: Vec::new(),
            annotations: None,
        };
        Self { output, buffer: String::new(), frames: vec![root], names: String::new(), indent: None }
    }

    /// Writes each member and item in a line, indented by so many spaces a level.
    pub fn indented(output: W, spaces: usize) -> Self {
        Self { indent: Some(spaces), ..Self::new(output) }
    }

    /// Ends the document and gives the output back.
    ///
    /// # Errors
    /// A node is open still, or the output fails.
    pub fn finish(mut self) -> Result<W, CodecError> {
        if let [_, .., open] = self.frames.as_slice() {
            return Err(error(
                CodecErrorKind::Truncated,
                format!("{:?} is not closed", &self.names[open.name.clone()]),
            ));
        }
        self.end_array();
        self.end_object();
        self.flush()?;
        Ok(self.output)
    }

    fn flush(&mut self) -> Result<(), CodecError> {
        let result = self.output.write_all(self.buffer.as_bytes());
        self.buffer.clear();
        result.map_err(|e| error(CodecErrorKind::Io, e.to_string()))
    }

    fn line(&mut self) {
        if let Some(spaces) = self.indent {
            let arrays =
                self.frames.iter().filter(|f| f.array.is_some() && f.shape != Shape::AnyXmlArray).count();
            self.buffer.push('\n');
            self.buffer.extend(std::iter::repeat_n(' ', spaces * (self.frames.len() + arrays)));
        }
    }

    fn line_before_end(&mut self) {
        if let Some(spaces) = self.indent {
            let arrays =
                self.frames.iter().filter(|f| f.array.is_some() && f.shape != Shape::AnyXmlArray).count();
            self.buffer.push('\n');
            self.buffer.extend(std::iter::repeat_n(' ', spaces * (self.frames.len() + arrays - 1)));
        }
    }

    /// Writes the begin of an object, or a comma: what must stand before a member.
    fn before_member(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.state == State::Fresh {
            frame.state = State::Object;
            self.buffer.push('{');
        } else {
            self.buffer.push(',');
        }
        self.line();
    }

    fn end_object(&mut self) {
        match self.frames.last().map(|f| f.state) {
            Some(State::Fresh) => self.buffer.push_str("{}"),
            Some(State::Object) => {
                self.line_before_end();
                self.buffer.push('}');
            }
            Some(State::Scalar) | None => {}
        }
    }

    /// The name of a member, with what stands in front of it.
    fn member_name(&mut self, sign: &str, name: Range<usize>) {
        self.buffer.push('"');
        self.buffer.push_str(sign);
        escape(&mut self.buffer, &self.names[name]);
        self.buffer.push('"');
        self.buffer.push_str(if self.indent.is_some() { ": " } else { ":" });
    }

    /// Ends the array that is open among the members, if one is.
    fn end_array(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        let Some(array) = frame.array.take() else { return };
        // The line stands one level in from the member that the array is.
        let annotations = array.annotations;
        frame.arrays.push(array.name.clone());
        if array.begun {
            self.line();
        }
        self.buffer.push(']');
        // RFC 7952 section 5.2.4: one item for each, null where there is nothing to say.
        if annotations.iter().any(Option::is_some) {
            self.before_member();
            self.member_name("@", array.name);
            self.buffer.push('[');
            for (i, annotation) in annotations.iter().enumerate() {
                if i > 0 {
                    self.buffer.push(',');
                }
                self.buffer.push_str(annotation.as_deref().unwrap_or("null"));
            }
            self.buffer.push(']');
        }
    }
}

impl<W: Write> Sink for Writer<W> {
    fn open(
        &mut self,
        name: FullName<'_>,
        shape: Shape,
        attributes: &[OutAttribute<'_>],
    ) -> Result<(), CodecError> {
        if name.module.is_empty() && !name.namespace.is_empty() {
            let message =
                format!("the module of namespace {:?}, for {:?}, is not known", name.namespace, name.local);
            return Err(error(CodecErrorKind::UnknownNamespace, message));
        }
        let Some(parent) = self.frames.last() else {
            return Err(error(CodecErrorKind::Malformed, "nothing is open".to_owned()));
        };
        let items = shape == Shape::AnyXmlItem && parent.shape == Shape::AnyXmlArray;
        if parent.state == State::Scalar && !items
            || matches!(parent.shape, Shape::Leaf | Shape::LeafListEntry)
        {
            let parent = &self.names[parent.name.clone()];
            let message = format!("JSON cannot say nodes beside text: {:?} in {parent:?}", name.local);
            return Err(error(CodecErrorKind::InvalidValue, message));
        }
        let in_array = matches!(shape, Shape::ListEntry | Shape::LeafListEntry | Shape::AnyXmlItem);
        let around = parent.module.clone();
        let array = parent.array.as_ref().filter(|_| in_array).map(|a| a.name.clone());
        let start = self.names.len();
        if self.names[around.clone()] != *name.module && !name.module.is_empty() {
            self.names.push_str(name.module);
            self.names.push(':');
        }
        self.names.push_str(name.local);
        let mut full = start..self.names.len();
        let mut own = start;
        match array {
            Some(array) if self.names[array.clone()] == self.names[full.clone()] => {
                self.names.truncate(start);
                full = array;
                let array = self.frames.last_mut().and_then(|f| f.array.as_mut());
                if array.is_some_and(|a| std::mem::replace(&mut a.begun, true)) {
                    self.buffer.push(',');
                }
                self.line();
            }
            _ => {
                self.end_array();
                self.begin_member(full.clone(), in_array)?;
                // The array is the parent's, and its name, too.
                if in_array {
                    own = self.names.len();
                }
            }
        }
        let mut module = around;
        // The items of an array have its name, and so the module around it.
        if shape != Shape::AnyXmlArray && self.names[module.clone()] != *name.module {
            module = self.names.len()..self.names.len() + name.module.len();
            self.names.push_str(name.module);
        }
        let annotations = annotations(attributes)?;
        let mut state = State::Fresh;
        let mut array = None;
        match shape {
            Shape::NoEntry => {
                self.buffer.push_str("[]");
                state = State::Scalar;
            }
            Shape::AnyXmlArray => {
                self.buffer.push('[');
                state = State::Scalar;
                array = Some(Array { name: full.clone(), begun: false, annotations: Vec::new() });
            }
            _ => {}
        }
        self.frames.push(Frame {
            module,
            name: full,
            start: own,
            shape,
            state,
            array,
            arrays: Vec::new(),
            annotations: None,
        });
        match (shape, annotations) {
            (Shape::Container | Shape::ListEntry | Shape::Any | Shape::AnyXmlItem, Some(annotations)) => {
                self.before_member();
                self.member_name("@", 0..0);
                self.buffer.push_str(&annotations);
            }
            (_, annotations) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.annotations = annotations;
                }
            }
        }
        if self.buffer.len() > HIGH_WATER {
            self.flush()?;
        }
        Ok(())
    }

    fn value(&mut self, value: Datum<'_>) -> Result<(), CodecError> {
        let outside = self.frames.len() < 2;
        let Some(frame) = self.frames.last_mut().filter(|_| !outside) else {
            return Err(error(CodecErrorKind::Malformed, "a value stands outside of nodes".to_owned()));
        };
        if frame.state != State::Fresh || matches!(frame.shape, Shape::Container | Shape::ListEntry) {
            // White space between the elements of an XML document says nothing.
            if let Datum::Prefixed { text, .. } = value
                && text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
            {
                return Ok(());
            }
            let name = &self.names[frame.name.clone()];
            let message = format!("JSON cannot say text among the nodes of {name:?}");
            return Err(error(CodecErrorKind::InvalidValue, message));
        }
        frame.state = State::Scalar;
        scalar(&mut self.buffer, value)
    }

    fn close(&mut self) -> Result<(), CodecError> {
        if self.frames.len() < 2 {
            return Err(error(CodecErrorKind::Malformed, "no node is open".to_owned()));
        }
        if let Some(frame) = self.frames.pop_if(|f| f.shape == Shape::AnyXmlArray) {
            if frame.array.is_some_and(|a| a.begun) {
                self.line();
            }
            self.buffer.push(']');
            self.write_annotations(frame.name, frame.annotations);
            self.names.truncate(frame.start);
            return Ok(());
        }
        self.end_array();
        let leaf = self.frames.last().is_some_and(|f| matches!(f.shape, Shape::Leaf | Shape::LeafListEntry));
        if leaf && self.frames.last().is_some_and(|f| f.state == State::Fresh) {
            self.buffer.push_str("\"\"");
        } else {
            self.end_object();
        }
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        match frame.shape {
            Shape::LeafListEntry => {
                if let Some(array) = self.frames.last_mut().and_then(|f| f.array.as_mut()) {
                    array.annotations.push(frame.annotations);
                }
            }
            Shape::Leaf | Shape::AnyXml => self.write_annotations(frame.name, frame.annotations),
            _ => {}
        }
        self.names.truncate(frame.start);
        if self.buffer.len() > HIGH_WATER {
            self.flush()?;
        }
        Ok(())
    }
}

impl<W: Write> Writer<W> {
    /// Those of a leaf or anyxml stand beside it (RFC 7952 section 5.2.2).
    fn write_annotations(&mut self, of: Range<usize>, annotations: Option<String>) {
        if let Some(annotations) = annotations {
            self.before_member();
            self.member_name("@", of);
            self.buffer.push_str(&annotations);
        }
    }

    fn begin_member(&mut self, name: Range<usize>, in_array: bool) -> Result<(), CodecError> {
        let text = &self.names[name.clone()];
        if self.frames.last().is_some_and(|f| f.arrays.iter().any(|a| self.names[a.clone()] == *text)) {
            let message = format!("the entries of {text:?} do not come one after the other");
            return Err(error(CodecErrorKind::Malformed, message));
        }
        self.before_member();
        self.member_name("", name.clone());
        if in_array {
            self.buffer.push('[');
            if let Some(parent) = self.frames.last_mut() {
                parent.array = Some(Array { name, begun: true, annotations: Vec::new() });
            }
            self.line();
        }
        Ok(())
    }
}

fn annotations(attributes: &[OutAttribute<'_>]) -> Result<Option<String>, CodecError> {
    if attributes.is_empty() {
        return Ok(None);
    }
    let mut out = String::from("{");
    for (i, attribute) in attributes.iter().enumerate() {
        if attribute.name.module.is_empty() {
            let message =
                format!("the attribute {:?} has no module, and JSON wants one", attribute.name.local);
            return Err(error(CodecErrorKind::UnknownAttribute, message));
        }
        if i > 0 {
            out.push(',');
        }
        quote(&mut out, &format!("{}:{}", attribute.name.module, attribute.name.local));
        out.push(':');
        scalar(&mut out, attribute.value)?;
    }
    out.push('}');
    Ok(Some(out))
}

fn scalar(out: &mut String, value: Datum<'_>) -> Result<(), CodecError> {
    match value {
        Datum::Number(text) => out.push_str(text),
        Datum::Text(text) | Datum::LongNumber(text) => quote(out, text),
        Datum::Qualified { text, .. } | Datum::Prefixed { text, .. } => quote(out, text),
        Datum::Boolean(b) => out.push_str(if b { "true" } else { "false" }),
        Datum::Empty => out.push_str("[null]"),
        Datum::Null => out.push_str("null"),
        Datum::Identity { module: "", namespace, name } => {
            let message =
                format!("the module of namespace {namespace:?}, for identity {name:?}, is not known");
            return Err(error(CodecErrorKind::UnknownNamespace, message));
        }
        Datum::Identity { module, name, .. } => {
            out.push('"');
            escape(out, module);
            out.push(':');
            escape(out, name);
            out.push('"');
        }
    }
    Ok(())
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    escape(out, text);
    out.push('"');
}

/// Section 7 of RFC 8259.
fn escape(out: &mut String, text: &str) {
    if !text.bytes().fold(false, |any, b| any | matches!(b, b'"' | b'\\' | 0..0x20)) {
        return out.push_str(text);
    }
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[done..at]);
        if escape.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{byte:04x}");
        } else {
            out.push_str(escape);
        }
        done = at + 1;
    }
    out.push_str(&text[done..]);
}

fn error(kind: CodecErrorKind, message: String) -> CodecError {
    CodecError { kind, message, position: Position::default(), path: None }
}

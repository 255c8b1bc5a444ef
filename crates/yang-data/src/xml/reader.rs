//! The push reader.

mod content;
mod element;
mod known;
mod prolog;

use super::chars::first_illegal;
use super::scope::{Resolved, Scope};
use crate::codec::{CodecError, CodecErrorKind, Fault, Input, Limits, PushReader};
use crate::event::{Attribute, Event, Form, Name, Namespace, Place, Position, Scalar};
use known::KnownTags;
use std::borrow::Cow;
use std::ops::Range;

/// Reads XML that comes in pieces.
///
/// Text comes whole: however it is cut into pieces, sections and references, and whatever comments stand in it, there is one
/// [`Event::Text`] between two tags at most.
#[derive(Debug)]
pub struct Reader {
    limits: Limits,
    input: Input,
    /// So many bytes of the token that comes next have been looked through without finding its end.
    scanned: usize,
    /// No `]` and no carriage return stand in the input, so that text stands for itself but for references.
    plain: bool,
    /// The token that comes next, if it has been found.
    next: Option<Token>,
    known: KnownTags,
    stage: Stage,
    /// May elements stand behind the root, or none at all?
    fragment: bool,
    elements: Vec<Element>,
    /// The names of open elements, one after the other.
    names: String,
    scope: Scope,
    /// Character data since the last tag.
    text: String,
    has_text: bool,
    /// It has been given out, and is held on while its event lives.
    text_told: bool,
    text_position: Position,
    attributes: Vec<Held>,
    attribute_text: String,
    /// The element that was opened last closed itself.
    pending_close: bool,
    nodes: u64,
    /// What the last step came upon, until it is taken.
    found: Option<Step>,
    position: Position,
    token: Range<u64>,
    error: Option<CodecError>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// Nothing has come, not even a byte order mark.
    Start,
    /// Before the root.
    Prolog,
    /// In the root.
    Content,
    /// Behind the root.
    Epilog,
    /// All is read.
    Over,
}

#[derive(Clone, Copy, Debug)]
struct Element {
    /// Where its name begins in `names`.
    name: usize,
    /// The length of its prefix with the colon.
    prefix: usize,
    namespace: Resolved,
    /// Declarations in scope around it.
    scope: usize,
}

/// An attribute: ranges into `attribute_text`.
#[derive(Clone, Debug)]
struct Held {
    namespace: Resolved,
    name: Range<usize>,
    value: Range<usize>,
}

/// What a step of the reader came upon.
#[derive(Clone, Copy, Debug)]
enum Step {
    Open,
    Text,
    Close,
    End,
    /// The bytes are at their end, the document is not.
    Starved,
}

impl Reader {
    /// A reader of a document.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            input: Input::new(first_illegal),
            scanned: 0,
            plain: true,
            next: None,
            known: KnownTags::default(),
            stage: Stage::Start,
            fragment: false,
            elements: Vec::new(),
            names: String::new(),
            scope: Scope::default(),
            text: String::new(),
            has_text: false,
            text_told: false,
            text_position: Position::default(),
            attributes: Vec::new(),
            attribute_text: String::new(),
            pending_close: false,
            nodes: 0,
            found: None,
            position: Position { line: 1, column: 1 },
            token: 0..0,
            error: None,
        }
    }

    /// A reader of what can stand inside an element: any number of elements one after the other, the content of a datastore
    /// in a file. All else is as in a document.
    pub fn of_content(limits: Limits) -> Self {
        Self { fragment: true, ..Self::new(limits) }
    }

    /// A reader of an element that was cut out of a document: these prefixes are declared around it; the empty one for the
    /// default namespace.
    ///
    /// # Errors
    /// A prefix that cannot be declared so.
    pub fn with_scope<'p>(
        limits: Limits,
        prefixes: impl IntoIterator<Item = (&'p str, &'p str)>,
    ) -> Result<Self, CodecError> {
        let mut reader = Self::new(limits);
        for (prefix, uri) in prefixes {
            reader.scope.declare(prefix, uri, 0).map_err(|message| CodecError {
                kind: CodecErrorKind::Malformed,
                message,
                position: Position::default(),
                path: None,
            })?;
        }
        Ok(reader)
    }

    /// Adds bytes of the document. Take all events before adding more: what has not been read is kept.
    pub fn push(&mut self, bytes: &[u8]) {
        self.plain |= self.input.is_empty();
        self.plain &= memchr::memchr2(b']', b'\r', bytes).is_none();
        self.input.push(bytes);
    }

    /// Says that no more bytes will come.
    pub fn finish(&mut self) {
        self.input.finish();
    }

    /// The bytes of the document that the last event covers: a whole tag, or the text before one.
    pub fn token(&self) -> Range<u64> {
        self.token.clone()
    }

    /// Where the last event began.
    pub fn position(&self) -> Position {
        self.position
    }

    /// The next event; `None` when more bytes are needed.
    ///
    /// # Errors
    /// The document is not well-formed or passes a limit. The error comes again at each further call.
    pub fn poll(&mut self) -> Result<Option<Event<'_>>, CodecError> {
        if self.ready()? { self.event().map(Some) } else { Ok(None) }
    }

    fn open_event(&self) -> Event<'_> {
        let (name, namespace) = match self.elements.last() {
            Some(e) => (&self.names[e.name + e.prefix..], self.scope.uri(e.namespace)),
            None => ("", ""),
        };
        Event::Open {
            name: Name { namespace: Namespace::Uri(namespace), local: name },
            attributes: if self.attributes.is_empty() {
                Cow::Borrowed(&[])
            } else {
                Cow::Owned(self.held_attributes())
            },
            place: Place::Untold,
        }
    }

    fn held_attributes(&self) -> Vec<Attribute<'_>> {
        let attribute = |held: &Held| Attribute {
            name: Name {
                namespace: Namespace::Uri(self.scope.uri(held.namespace)),
                local: &self.attribute_text[held.name.clone()],
            },
            value: Cow::Borrowed(&self.attribute_text[held.value.clone()]),
            form: Form::Xml(&self.scope),
        };
        self.attributes.iter().map(attribute).collect()
    }

    fn step(&mut self) -> Result<Step, CodecError> {
        if self.pending_close {
            self.pending_close = false;
            self.leave();
            return Ok(Step::Close);
        }
        if self.text_told {
            self.text.clear();
            self.has_text = false;
            self.text_told = false;
        }
        loop {
            if self.stage == Stage::Over {
                return Ok(Step::End);
            }
            if self.stage == Stage::Start && !self.start()? {
                return self.starved();
            }
            let Some(first) = self.input.first() else {
                return self.starved();
            };
            if first != b'<' {
                if !self.character_data()? {
                    return self.starved();
                }
                continue;
            }
            let found = match self.next.take().or_else(|| self.expected()) {
                None => self.find_token()?,
                found => found,
            };
            let Some(token) = found else {
                return self.starved();
            };
            if matches!(token, Token::Start(_) | Token::Known(_) | Token::EndTag(_)) && self.tell_text() {
                self.next = Some(token);
                return Ok(Step::Text);
            }
            match token {
                Token::Comment(length) => self.comment(length)?,
                Token::Instruction(length) => self.instruction(length)?,
                Token::CData(length) => self.cdata(length)?,
                Token::Start(length) => {
                    self.start_tag(length)?;
                    return Ok(Step::Open);
                }
                Token::Known(tag) => {
                    self.known_tag(tag)?;
                    return Ok(Step::Open);
                }
                Token::EndTag(length) => {
                    self.end_tag(length)?;
                    return Ok(Step::Close);
                }
            }
        }
    }

    /// The tag that comes next, if it is what may be expected: the end of the element that is open, or the start tag that came
    /// behind the last one before.
    fn expected(&self) -> Option<Token> {
        let bytes = self.input.bytes();
        if bytes.get(1) == Some(&b'/') {
            let name = self.elements.last().map(|e| &self.names.as_bytes()[e.name..])?;
            let tail = bytes[2..].strip_prefix(name)?;
            return (tail.first() == Some(&b'>')).then_some(Token::EndTag(name.len() + 3));
        }
        self.known.expected(&bytes[1..]).map(Token::Known)
    }

    fn tell_text(&mut self) -> bool {
        if !self.has_text || self.text_told {
            return false;
        }
        self.text_told = true;
        self.position = self.text_position;
        true
    }

    fn starved(&mut self) -> Result<Step, CodecError> {
        // What is wrong with the bytes is wrong with whatever was to come.
        if let Some(fault) = self.input.fault() {
            let message = match fault {
                Fault::NotUtf8(0xfe | 0xff) if self.stage == Stage::Start => {
                    "the document is in UTF-16, and must be in UTF-8".to_owned()
                }
                Fault::NotUtf8(_) => "the document is not UTF-8".to_owned(),
                Fault::Illegal(c) => format!("XML does not know the character U+{:04X}", u32::from(c)),
            };
            return Err(self.fail(CodecErrorKind::Malformed, self.input.bytes().len(), message));
        }
        if !self.input.is_finished() {
            return Ok(Step::Starved);
        }
        if !self.input.is_empty() {
            return Err(self.fail(
                CodecErrorKind::Truncated,
                0,
                "the document ends inside of markup".to_owned(),
            ));
        }
        match self.stage {
            Stage::Epilog | Stage::Over => {
                self.stage = Stage::Over;
                self.position = self.input.mark();
                Ok(Step::End)
            }
            Stage::Start | Stage::Prolog if self.fragment => {
                self.stage = Stage::Over;
                self.position = self.input.mark();
                Ok(Step::End)
            }
            Stage::Start | Stage::Prolog => {
                Err(self.fail(CodecErrorKind::Truncated, 0, "the document has no element".to_owned()))
            }
            Stage::Content => {
                let open = self.elements.last().map_or("", |e| &self.names[e.name..]).to_owned();
                Err(self.fail(
                    CodecErrorKind::Truncated,
                    0,
                    format!("the document ends while {open:?} is open"),
                ))
            }
        }
    }

    /// Finds the end of the markup that begins with the next byte; `None`: it has not come.
    fn find_token(&mut self) -> Result<Option<Token>, CodecError> {
        let bytes = self.input.bytes();
        let from = self.scanned;
        let (result, limit, what) = match bytes.get(1) {
            None => return Ok(None),
            Some(b'!') => {
                let known: [&[u8]; 2] = [b"<!--", b"<![CDATA["];
                if bytes.starts_with(known[0]) {
                    (
                        find(bytes, b"-->", from.max(4)).map(|i| Token::Comment(i + 3)),
                        self.limits.text,
                        "a comment",
                    )
                } else if bytes.starts_with(known[1]) {
                    (
                        find(bytes, b"]]>", from.max(9)).map(|i| Token::CData(i + 3)),
                        self.limits.text,
                        "a text",
                    )
                } else if known.iter().any(|k| k.starts_with(bytes)) {
                    (None, self.limits.text, "a comment")
                } else {
                    let message =
                        "a document type declaration, or other markup that NETCONF forbids".to_owned();
                    return Err(self.fail(CodecErrorKind::Malformed, 0, message));
                }
            }
            Some(b'?') => (
                find(bytes, b"?>", from.max(2)).map(|i| Token::Instruction(i + 2)),
                self.limits.text,
                "a processing instruction",
            ),
            Some(b'/') => {
                (find(bytes, b">", from).map(|i| Token::EndTag(i + 1)), self.limits.name, "an end tag")
            }
            Some(_) => {
                let limit = self.limits.name.saturating_add(self.limits.attributes);
                (tag_end(bytes).map(|i| Token::Start(i + 1)), limit, "a start tag")
            }
        };
        let length = match result {
            Some(
                Token::Comment(n)
                | Token::Instruction(n)
                | Token::CData(n)
                | Token::Start(n)
                | Token::EndTag(n),
            ) => n,
            Some(Token::Known(_)) | None => bytes.len(),
        };
        self.check_length(length, limit, what)?;
        if result.is_none() {
            // The end may be cut: look at its first bytes again.
            self.scanned = bytes.len().saturating_sub(2);
        }
        Ok(result)
    }

    #[inline]
    fn check_length(&self, length: usize, limit: usize, what: &str) -> Result<(), CodecError> {
        if length <= limit {
            return Ok(());
        }
        Err(self.fail(CodecErrorKind::Limit, 0, format!("{what} is longer than {limit} bytes")))
    }

    /// Passes over bytes.
    fn advance(&mut self, count: usize) {
        self.input.advance(count);
        self.scanned = 0;
        if self.has_text && !self.text_told {
            self.token.end = self.input.offset();
        }
    }

    fn fail(&self, kind: CodecErrorKind, ahead: usize, message: String) -> CodecError {
        CodecError { kind, message, position: self.input.position(ahead), path: None }
    }
}

impl PushReader for Reader {
    fn with_limits(limits: Limits) -> Self {
        Self::new(limits)
    }

    fn push(&mut self, bytes: &[u8]) {
        self.push(bytes);
    }

    fn finish(&mut self) {
        self.finish();
    }

    fn position(&self) -> Position {
        self.position
    }

    fn ready(&mut self) -> Result<bool, CodecError> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        if self.found.is_none() {
            match self.step() {
                Ok(Step::Starved) => return Ok(false),
                Ok(step) => self.found = Some(step),
                Err(error) => {
                    self.error = Some(error.clone());
                    return Err(error);
                }
            }
        }
        Ok(true)
    }

    fn event(&mut self) -> Result<Event<'_>, CodecError> {
        Ok(match self.found.take() {
            Some(Step::Open) => self.open_event(),
            Some(Step::Text) => {
                Event::Text(Scalar { text: Cow::Borrowed(&self.text), form: Form::Xml(&self.scope) })
            }
            Some(Step::Close) => Event::Close,
            Some(Step::End) => Event::End,
            Some(Step::Starved) | None => {
                return Err(self.fail(CodecErrorKind::Truncated, 0, "no event is ready".to_owned()));
            }
        })
    }
}

/// Markup that begins with the next byte, by its length.
#[derive(Clone, Copy, Debug)]
enum Token {
    Comment(usize),
    Instruction(usize),
    CData(usize),
    Start(usize),
    /// A start tag that came before: its number among those.
    Known(usize),
    EndTag(usize),
}

/// The first place of a text of one to three bytes, from a place on.
fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let tail = bytes.get(from..)?;
    match *what {
        [byte] => memchr::memchr(byte, tail),
        _ => memchr::memmem::find(tail, what),
    }
    .map(|at| from + at)
}

/// The `>` that ends a start tag: not one in an attribute's value.
fn tag_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr::memchr3(b'>', b'"', b'\'', &bytes[at..])?;
        match bytes[at] {
            b'>' => return Some(at),
            quote => at += 2 + memchr::memchr(quote, &bytes[at + 1..])?,
        }
    }
}

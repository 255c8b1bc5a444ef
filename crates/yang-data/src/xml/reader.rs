//! The push reader.

mod content;
mod element;
mod prolog;

use super::chars::first_illegal;
use super::scope::{Resolved, Scope};
use crate::codec::{CodecError, CodecErrorKind, Limits, Lines};
use crate::event::{Attribute, Event, Form, Name, Namespace, Place, Position, Scalar};
use std::borrow::Cow;
use std::ops::Range;

/// Reads XML that comes in pieces.
///
/// Text comes whole: however it is cut into pieces, sections and references, and whatever comments stand in it, there is one
/// [`Event::Text`] between two tags at most.
#[derive(Debug)]
pub struct Reader {
    limits: Limits,
    /// Bytes that have come; those before `at` are done with.
    buffer: Vec<u8>,
    at: usize,
    /// Up to here the token at `at` has been looked through without finding its end.
    scanned: usize,
    finished: bool,
    /// Bytes of the document before the buffer.
    before: u64,
    /// Where `at` stands in the document.
    lines: Lines,
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
            buffer: Vec::new(),
            at: 0,
            scanned: 0,
            finished: false,
            before: 0,
            lines: Lines::default(),
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
        if self.at > 0 {
            self.before += self.at as u64;
            self.buffer.drain(..self.at);
            self.scanned = self.scanned.saturating_sub(self.at);
            self.at = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Says that no more bytes will come.
    pub fn finish(&mut self) {
        self.finished = true;
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

    /// Is there an event? If not, more bytes are needed.
    pub(super) fn ready(&mut self) -> Result<bool, CodecError> {
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

    /// Takes the event that is ready.
    pub(super) fn event(&mut self) -> Result<Event<'_>, CodecError> {
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

    fn open_event(&self) -> Event<'_> {
        let (name, namespace) = match self.elements.last() {
            Some(e) => (&self.names[e.name + e.prefix..], self.scope.uri(e.namespace)),
            None => ("", ""),
        };
        let attributes: Vec<Attribute<'_>> = self
            .attributes
            .iter()
            .map(|held| Attribute {
                name: Name {
                    namespace: Namespace::Uri(self.scope.uri(held.namespace)),
                    local: &self.attribute_text[held.name.clone()],
                },
                value: Cow::Borrowed(&self.attribute_text[held.value.clone()]),
                form: Form::Xml(&self.scope),
            })
            .collect();
        Event::Open {
            name: Name { namespace: Namespace::Uri(namespace), local: name },
            attributes: Cow::Owned(attributes),
            place: Place::Untold,
        }
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
                return Ok(Step::Starved);
            }
            let Some(&first) = self.buffer.get(self.at) else {
                return self.starved();
            };
            if first != b'<' {
                if !self.character_data()? {
                    return self.starved();
                }
                continue;
            }
            let Some(token) = self.find_token()? else {
                return self.starved();
            };
            match token {
                Token::Comment(length) => self.comment(length)?,
                Token::Instruction(length) => self.instruction(length)?,
                Token::CData(length) => self.cdata(length)?,
                Token::Start(length) => {
                    if self.tell_text() {
                        return Ok(Step::Text);
                    }
                    self.start_tag(length)?;
                    return Ok(Step::Open);
                }
                Token::EndTag(length) => {
                    if self.tell_text() {
                        return Ok(Step::Text);
                    }
                    self.end_tag(length)?;
                    return Ok(Step::Close);
                }
            }
        }
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
        if !self.finished {
            return Ok(Step::Starved);
        }
        if self.at < self.buffer.len() {
            return Err(self.fail(
                CodecErrorKind::Truncated,
                0,
                "the document ends inside of markup".to_owned(),
            ));
        }
        match self.stage {
            Stage::Epilog | Stage::Over => {
                self.stage = Stage::Over;
                self.position = self.here(0);
                Ok(Step::End)
            }
            Stage::Start | Stage::Prolog if self.fragment => {
                self.stage = Stage::Over;
                self.position = self.here(0);
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
    /// Finds the end of the markup that begins at `at`; `None`: it has not come.
    fn find_token(&mut self) -> Result<Option<Token>, CodecError> {
        let bytes = &self.buffer[self.at..];
        let from = self.scanned.saturating_sub(self.at);
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
        let length = match &result {
            Some(token) => token.length(),
            None => bytes.len(),
        };
        self.check_length(length, limit, what)?;
        if result.is_none() {
            // The end may be cut: look at its first bytes again.
            self.scanned = self.buffer.len().saturating_sub(2).max(self.at);
        }
        Ok(result)
    }

    fn utf8(&self, range: Range<usize>) -> Result<&str, CodecError> {
        let start = range.start;
        std::str::from_utf8(&self.buffer[range]).map_err(|e| {
            let at = start - self.at + e.valid_up_to();
            self.fail(CodecErrorKind::Malformed, at, "the document is not UTF-8".to_owned())
        })
    }

    /// Checks the characters of markup; the range counts from `at`.
    fn check_characters(&self, range: Range<usize>) -> Result<(), CodecError> {
        let text = self.utf8(self.at + range.start..self.at + range.end)?;
        match first_illegal(text) {
            None => Ok(()),
            Some((at, c)) => {
                let message = format!("XML does not know the character U+{:04X}", u32::from(c));
                Err(self.fail(CodecErrorKind::Malformed, range.start + at, message))
            }
        }
    }

    fn check_length(&self, length: usize, limit: usize, what: &str) -> Result<(), CodecError> {
        if length <= limit {
            return Ok(());
        }
        Err(self.fail(CodecErrorKind::Limit, 0, format!("{what} is longer than {limit} bytes")))
    }

    /// Passes over bytes, and counts lines and characters.
    fn advance(&mut self, count: usize) {
        self.lines.advance(&self.buffer[self.at..self.at + count]);
        self.at += count;
        self.scanned = self.at;
        if self.has_text && !self.text_told {
            self.token.end = self.offset(0);
        }
    }

    fn here(&self, ahead: usize) -> Position {
        let mut lines = self.lines;
        lines.advance(&self.buffer[self.at..(self.at + ahead).min(self.buffer.len())]);
        lines.position()
    }

    fn offset(&self, ahead: usize) -> u64 {
        self.before + (self.at + ahead) as u64
    }

    fn fail(&self, kind: CodecErrorKind, ahead: usize, message: String) -> CodecError {
        CodecError { kind, message, position: self.here(ahead), path: None }
    }
}

enum Token {
    Comment(usize),
    Instruction(usize),
    CData(usize),
    Start(usize),
    EndTag(usize),
}

impl Token {
    fn length(&self) -> usize {
        match self {
            Token::Comment(n)
            | Token::Instruction(n)
            | Token::CData(n)
            | Token::Start(n)
            | Token::EndTag(n) => *n,
        }
    }
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

//! The push reader.

use super::chars::{first_illegal, is_space};
use super::name;
use super::scope::{Resolved, Scope};
use super::tag::Tag;
use super::text;
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

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

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

    /// The byte order mark, and what other encodings begin with. XML declarations can stand here and nowhere else.
    fn start(&mut self) -> Result<bool, CodecError> {
        let mut bytes = &self.buffer[self.at..];
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            let message = "the document is in UTF-16, and must be in UTF-8".to_owned();
            return Err(self.fail(CodecErrorKind::Malformed, 0, message));
        }
        if self.before == 0 && self.at == 0 && bytes.starts_with(BYTE_ORDER_MARK) {
            bytes = &bytes[BYTE_ORDER_MARK.len()..];
            self.at += BYTE_ORDER_MARK.len();
        }
        let declaration = b"<?xml";
        if !self.finished
            && bytes.len() <= declaration.len()
            && (declaration.starts_with(bytes) || BYTE_ORDER_MARK.starts_with(bytes))
        {
            return Ok(false);
        }
        if bytes.starts_with(b"<?xml") && bytes.get(5).copied().is_some_and(is_space) {
            let Some(end) = find(bytes, b"?>", self.scanned.saturating_sub(self.at)) else {
                self.scanned = self.buffer.len().saturating_sub(1).max(self.at);
                self.check_length(bytes.len(), self.limits.attributes, "the XML declaration")?;
                // A byte order mark that was passed over must not be looked for again.
                return if self.finished {
                    Err(self.fail(
                        CodecErrorKind::Truncated,
                        0,
                        "the XML declaration is not closed".to_owned(),
                    ))
                } else {
                    Ok(false)
                };
            };
            let text = self.utf8(self.at + 5..self.at + end)?.to_owned();
            self.declaration(&text)?;
            self.advance(end + 2);
        }
        self.stage = Stage::Prolog;
        Ok(true)
    }

    /// XML 1.0 sections 2.8 and 4.3.3: version, then encoding, then standalone.
    fn declaration(&mut self, inside: &str) -> Result<(), CodecError> {
        let mut tag = Tag::new(inside);
        let mut last = 0;
        while let Some(attribute) = tag.next() {
            let attribute = attribute
                .map_err(|(at, message)| self.fail(CodecErrorKind::Malformed, 5 + at, message.to_owned()))?;
            let (rank, fits) = match attribute.name {
                "version" => (
                    1,
                    attribute
                        .value
                        .strip_prefix("1.")
                        .is_some_and(|minor| !minor.is_empty() && minor.bytes().all(|b| b.is_ascii_digit())),
                ),
                "encoding" => (2, attribute.value.eq_ignore_ascii_case("utf-8")),
                "standalone" => (3, matches!(attribute.value, "yes" | "no")),
                _ => (0, false),
            };
            if rank <= last || (last == 0 && rank != 1) || !fits {
                let message = if attribute.name == "encoding" {
                    format!("the encoding {:?} is not UTF-8", attribute.value)
                } else {
                    format!("the XML declaration must not say {}={:?} here", attribute.name, attribute.value)
                };
                return Err(self.fail(CodecErrorKind::Malformed, 5 + attribute.offset, message));
            }
            last = rank;
        }
        if last == 0 {
            return Err(self.fail(
                CodecErrorKind::Malformed,
                0,
                "the XML declaration tells no version".to_owned(),
            ));
        }
        Ok(())
    }

    /// Takes character data up to the next `<`. `false`: it has not come.
    fn character_data(&mut self) -> Result<bool, CodecError> {
        let from = self.scanned.max(self.at);
        let found = find(&self.buffer, b"<", from);
        let end = match found {
            Some(end) => end,
            None if self.finished => self.buffer.len(),
            None => {
                self.scanned = self.buffer.len();
                self.check_length(self.scanned - self.at, self.limits.text, "a text")?;
                return Ok(false);
            }
        };
        let length = end - self.at;
        self.check_length(length, self.limits.text, "a text")?;
        let range = self.at..end;
        if self.stage == Stage::Content {
            self.begin_text();
            let mut out = std::mem::take(&mut self.text);
            let result = match std::str::from_utf8(&self.buffer[range.clone()]) {
                Ok(raw) => text::append(&mut out, raw),
                Err(e) => Err((e.valid_up_to(), "the text is not UTF-8".to_owned())),
            };
            self.text = out;
            result.map_err(|(at, message)| self.fail(CodecErrorKind::Malformed, at, message))?;
            self.check_length(self.text.len(), self.limits.text, "a text")?;
        } else if let Some(at) = self.buffer[range].iter().position(|&b| !is_space(b)) {
            let message = if self.stage == Stage::Epilog {
                "text stands behind the end of the root element"
            } else {
                "text stands before the root element"
            };
            return Err(self.fail(CodecErrorKind::Malformed, at, message.to_owned()));
        }
        self.advance(length);
        Ok(found.is_some())
    }

    fn begin_text(&mut self) {
        if !self.has_text {
            self.has_text = true;
            self.text_position = self.here(0);
            self.token = self.offset(0)..self.offset(0);
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

    fn comment(&mut self, length: usize) -> Result<(), CodecError> {
        let inside = self.utf8(self.at + 4..self.at + length - 3)?;
        // Section 2.5.
        if inside.contains("--") || inside.ends_with('-') {
            return Err(self.fail(
                CodecErrorKind::Malformed,
                0,
                "\"--\" must not stand in a comment".to_owned(),
            ));
        }
        self.check_characters(4..length - 3)?;
        self.advance(length);
        Ok(())
    }

    fn instruction(&mut self, length: usize) -> Result<(), CodecError> {
        let inside = self.utf8(self.at + 2..self.at + length - 2)?;
        let target = inside.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
        if target.eq_ignore_ascii_case("xml") {
            let message = "an XML declaration stands at the begin of a document alone".to_owned();
            return Err(self.fail(CodecErrorKind::Malformed, 0, message));
        }
        if !name::is_ncname(target) {
            let message = "a processing instruction has no name".to_owned();
            return Err(self.fail(CodecErrorKind::Malformed, 0, message));
        }
        self.check_characters(2..length - 2)?;
        self.advance(length);
        Ok(())
    }

    fn cdata(&mut self, length: usize) -> Result<(), CodecError> {
        if self.stage != Stage::Content {
            let message = "text stands outside of the root element".to_owned();
            return Err(self.fail(CodecErrorKind::Malformed, 0, message));
        }
        self.begin_text();
        let mut out = std::mem::take(&mut self.text);
        let result = match std::str::from_utf8(&self.buffer[self.at + 9..self.at + length - 3]) {
            Ok(raw) => text::append_cdata(&mut out, raw),
            Err(e) => Err((e.valid_up_to(), "the text is not UTF-8".to_owned())),
        };
        self.text = out;
        result.map_err(|(at, message)| self.fail(CodecErrorKind::Malformed, 9 + at, message))?;
        self.check_length(self.text.len(), self.limits.text, "a text")?;
        self.advance(length);
        Ok(())
    }

    fn start_tag(&mut self, length: usize) -> Result<(), CodecError> {
        match self.stage {
            Stage::Epilog => {
                let message = "a second element stands behind the root".to_owned();
                return Err(self.fail(CodecErrorKind::Malformed, 0, message));
            }
            _ => self.stage = Stage::Content,
        }
        if self.elements.len() >= self.limits.depth as usize {
            let message = format!("elements stand in each other deeper than {}", self.limits.depth);
            return Err(self.fail(CodecErrorKind::Limit, 0, message));
        }
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            let message = format!("the document has more than {} elements", self.limits.nodes);
            return Err(self.fail(CodecErrorKind::Limit, 0, message));
        }
        let empty = self.buffer[self.at + length - 2] == b'/';
        let end = self.at + length - if empty { 2 } else { 1 };
        let scope = self.scope.len();
        let name = self.names.len();
        // The tag is cut out of the buffer while the reader's other parts change.
        let buffer = std::mem::take(&mut self.buffer);
        let result = self.read_tag(&buffer[self.at + 1..end], scope);
        self.buffer = buffer;
        let (prefix, namespace) = result.map_err(|(kind, at, message)| self.fail(kind, 1 + at, message))?;
        self.elements.push(Element { name, prefix, namespace, scope });
        self.position = self.here(0);
        self.token = self.offset(0)..self.offset(length);
        self.pending_close = empty;
        self.advance(length);
        Ok(())
    }

    /// Reads a tag's name and attributes; gives the length of the prefix with its colon, and the namespace.
    fn read_tag(
        &mut self,
        inside: &[u8],
        scope: usize,
    ) -> Result<(usize, Resolved), (CodecErrorKind, usize, String)> {
        use CodecErrorKind::{Limit, Malformed};
        let inside = std::str::from_utf8(inside)
            .map_err(|e| (Malformed, e.valid_up_to(), "the tag is not UTF-8".to_owned()))?;
        let mut tag = Tag::new(inside);
        let (prefix, local) = name::split(tag.name)
            .ok_or_else(|| (Malformed, 0, format!("{:?} is no name", shown(tag.name))))?;
        if tag.name.len() > self.limits.name {
            return Err((Limit, 0, format!("a name is longer than {} bytes", self.limits.name)));
        }
        self.attributes.clear();
        self.attribute_text.clear();
        let mut bytes = 0;
        // Prefixes may be declared behind the attributes that use them: names first, namespaces after.
        let mut offsets = Vec::new();
        while let Some(attribute) = tag.next() {
            let attribute = attribute.map_err(|(at, message)| (Malformed, at, message.to_owned()))?;
            bytes += attribute.name.len() + attribute.value.len();
            if bytes > self.limits.attributes {
                let message =
                    format!("the attributes of an element are longer than {} bytes", self.limits.attributes);
                return Err((Limit, attribute.offset, message));
            }
            if name::split(attribute.name).is_none() {
                return Err((Malformed, attribute.offset, format!("{:?} is no name", shown(attribute.name))));
            }
            let start = self.attribute_text.len();
            self.attribute_text.push_str(attribute.name);
            let value = self.attribute_text.len();
            text::append_attribute(&mut self.attribute_text, attribute.value)
                .map_err(|(_, message)| (Malformed, attribute.offset, message))?;
            let declared = match attribute.name.strip_prefix("xmlns") {
                Some("") => Some(""),
                Some(rest) => rest.strip_prefix(':'),
                None => None,
            };
            match declared {
                Some(prefix) => {
                    self.scope
                        .declare(prefix, &self.attribute_text[value..], scope)
                        .map_err(|message| (Malformed, attribute.offset, message))?;
                    self.attribute_text.truncate(start);
                }
                None => {
                    let held = Held {
                        namespace: Resolved::None,
                        name: start..value,
                        value: value..self.attribute_text.len(),
                    };
                    self.attributes.push(held);
                    offsets.push(attribute.offset);
                }
            }
        }
        for (held, offset) in self.attributes.iter_mut().zip(&offsets) {
            let qname = &self.attribute_text[held.name.clone()];
            if let Some((prefix, _)) = qname.split_once(':') {
                held.namespace = self
                    .scope
                    .resolve(prefix)
                    .ok_or_else(|| (Malformed, *offset, format!("the prefix {prefix:?} is not declared")))?;
                held.name.start += prefix.len() + 1;
            }
        }
        self.check_unique(&offsets)?;
        let namespace = self
            .scope
            .resolve(prefix)
            .ok_or_else(|| (Malformed, 0, format!("the prefix {prefix:?} is not declared")))?;
        if self.scope.uri(namespace).len() + local.len() > self.limits.name {
            return Err((
                Limit,
                0,
                format!("a name with its namespace is longer than {} bytes", self.limits.name),
            ));
        }
        self.names.push_str(tag.name);
        Ok((tag.name.len() - local.len(), namespace))
    }

    /// Namespaces in XML, section 6.3: no two attributes of one name, whatever their prefixes.
    fn check_unique(&self, offsets: &[usize]) -> Result<(), (CodecErrorKind, usize, String)> {
        if self.attributes.len() < 2 {
            return Ok(());
        }
        let mut seen = std::collections::HashSet::with_capacity(self.attributes.len());
        for (held, offset) in self.attributes.iter().zip(offsets) {
            let name = &self.attribute_text[held.name.clone()];
            if !seen.insert((self.scope.uri(held.namespace), name)) {
                let message = format!("the attribute {name:?} stands there twice");
                return Err((CodecErrorKind::Malformed, *offset, message));
            }
        }
        Ok(())
    }

    fn end_tag(&mut self, length: usize) -> Result<(), CodecError> {
        let inside = &self.buffer[self.at + 2..self.at + length - 1];
        let space = inside.iter().rev().take_while(|&&b| is_space(b)).count();
        let name = &inside[..inside.len() - space];
        let Some(element) = self.elements.last() else {
            let message = "an end tag stands outside of the root element".to_owned();
            return Err(self.fail(CodecErrorKind::Malformed, 0, message));
        };
        let open = &self.names[element.name..];
        if open.as_bytes() != name {
            let message = format!("the end tag {:?} closes {open:?}", shown(&String::from_utf8_lossy(name)));
            return Err(self.fail(CodecErrorKind::Malformed, 0, message));
        }
        self.position = self.here(0);
        self.token = self.offset(0)..self.offset(length);
        self.advance(length);
        self.leave();
        Ok(())
    }

    fn leave(&mut self) {
        if let Some(element) = self.elements.pop() {
            self.names.truncate(element.name);
            self.scope.truncate(element.scope);
        }
        if self.elements.is_empty() {
            self.stage = Stage::Epilog;
        }
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

/// A name in a message: cut where it is long.
fn shown(name: &str) -> String {
    name.chars().take(60).collect()
}

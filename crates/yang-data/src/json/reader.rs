//! The push reader: an automaton over tokens with a stack of its own.

use super::annotation::{self, Note};
use super::token::{Token, token, unescape};
use crate::codec::{CodecError, CodecErrorKind, Input, Limits, PushReader};
use crate::event::{Event, Form, Name, Namespace, Place, Position, Scalar};
use hashbrown::HashSet;
use std::borrow::Cow;
use std::collections::VecDeque;

/// Reads JSON that comes in pieces.
///
/// A member is a node; the items of an array are nodes of the member's name each. `[null]` is one node with the value
/// `empty` (RFC 7951 section 6.9), not an array.
#[derive(Debug)]
pub struct Reader {
    limits: Limits,
    input: Input,
    stage: Stage,
    frames: Vec<Frame>,
    /// The names of the members of all open objects, one after the other: those that have come, the open one last.
    names: String,
    /// Where each of them begins.
    starts: Vec<usize>,
    /// The value of the scalar that is told.
    text: String,
    form: Told,
    pending: Pending,
    found: Option<Step>,
    /// Is the node that is told next an item?
    item: bool,
    /// Annotations that are told, and those after them.
    notes: VecDeque<Note>,
    nodes: u64,
    position: Position,
    error: Option<CodecError>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Start,
    Content,
    Epilog,
    Over,
}

/// What stands open.
#[derive(Debug)]
struct Frame {
    array: bool,
    next: Next,
    /// Where the name of the member that is open begins in `names`; of an array, where that of the array does.
    name: usize,
    /// Names that had come when it was opened.
    outer: usize,
    /// The names of an object with many members.
    many: Option<Box<HashSet<Box<str>>>>,
}

/// What may come next in what stands open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Next {
    /// The first member or item, or the end.
    First,
    /// A member or item: a comma stands before.
    Another,
    Colon,
    Value,
    CommaOrEnd,
}

/// So many names of an object are compared one by one; more are hashed.
const FEW: usize = 24;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Told {
    String,
    Number,
    Boolean,
    Empty,
    Null,
}

/// What is told before the next token is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Pending {
    Nothing,
    /// More annotations, or the end of the member that they were.
    Annotations,
    /// The text of a scalar, then its close.
    Text,
    Close,
    /// The end of the member that an array without items is.
    EmptyArray,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Open,
    Text,
    Annotations,
    EmptyArray,
    Close,
    End,
    Starved,
}

impl Reader {
    /// A reader of a document.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            input: Input::new(|_| None),
            stage: Stage::Start,
            frames: Vec::new(),
            names: String::new(),
            starts: Vec::new(),
            text: String::new(),
            form: Told::Null,
            pending: Pending::Nothing,
            found: None,
            item: false,
            notes: VecDeque::new(),
            nodes: 0,
            position: Position { line: 1, column: 1 },
            error: None,
        }
    }

    /// Adds bytes of the document.
    pub fn push(&mut self, bytes: &[u8]) {
        self.input.push(bytes);
    }

    /// Says that no more bytes will come.
    pub fn finish(&mut self) {
        self.input.finish();
    }

    /// Where the last event began.
    pub fn position(&self) -> Position {
        self.position
    }

    /// The next event; `None` when more bytes are needed.
    ///
    /// # Errors
    /// The document is not well-formed or passes a limit. The error comes again at each further call, unless it is
    /// [`CodecErrorKind::Duplicate`], a name that stands in an object twice: its member comes next.
    pub fn poll(&mut self) -> Result<Option<Event<'_>>, CodecError> {
        if self.ready()? { self.event().map(Some) } else { Ok(None) }
    }

    /// Where the name of the node that opens begins: it is the last one.
    fn name_start(&self) -> usize {
        // An object that has just been opened has no member yet: its own name is its parent's.
        let mut frames = self.frames.iter().rev();
        match (self.pending, frames.next()) {
            (Pending::Nothing, Some(_)) => frames.next().map_or(0, |f| f.name),
            (_, Some(frame)) => frame.name,
            (_, None) => 0,
        }
    }

    fn step(&mut self) -> Result<Step, CodecError> {
        match self.pending {
            Pending::Text => {
                self.pending = Pending::Close;
                return Ok(Step::Text);
            }
            Pending::Close => {
                self.pending = Pending::Nothing;
                self.text.clear();
                self.value_done();
                return Ok(Step::Close);
            }
            Pending::Annotations => {
                self.notes.pop_front();
                if !self.notes.is_empty() {
                    return Ok(Step::Annotations);
                }
                self.pending = Pending::Nothing;
                self.value_done();
            }
            Pending::EmptyArray => {
                self.pending = Pending::Nothing;
                self.value_done();
            }
            Pending::Nothing => {}
        }
        loop {
            if self.stage == Stage::Over {
                return Ok(Step::End);
            }
            let space = self.input.bytes().iter().take_while(|b| is_space(**b)).count();
            self.advance(space);
            let found = token(self.input.bytes(), self.input.is_finished())
                .map_err(|(ahead, message)| self.fail(ahead, &message))?;
            let Some((token, length)) = found else { return self.starved() };
            if let Some(step) = self.take(token, length)? {
                return Ok(step);
            }
        }
    }

    fn starved(&mut self) -> Result<Step, CodecError> {
        let length = self.input.bytes().len();
        self.check(length, self.limits.text, "a value")?;
        if self.input.fault().is_some() {
            return Err(self.fail(length, "the document is not UTF-8"));
        }
        if !self.input.is_finished() {
            return Ok(Step::Starved);
        }
        self.position = self.input.mark();
        if self.stage == Stage::Epilog && self.input.is_empty() {
            self.stage = Stage::Over;
            return Ok(Step::End);
        }
        let mut error = self.fail(0, "the document ends too early");
        error.kind = CodecErrorKind::Truncated;
        Err(error)
    }

    /// Takes a token as the grammar has it; what it tells, if anything.
    fn take(&mut self, token: Token, length: usize) -> Result<Option<Step>, CodecError> {
        let Some(frame) = self.frames.last_mut() else {
            return match (self.stage, token) {
                (Stage::Start, Token::BeginObject) => {
                    self.stage = Stage::Content;
                    self.advance(length);
                    self.enter(false, 0)?;
                    Ok(None)
                }
                (Stage::Start, _) => Err(self.fail(0, "a document is an object (RFC 7951 section 4)")),
                _ => Err(self.fail(0, "something stands behind the end of the object")),
            };
        };
        match (frame.array, frame.next, token) {
            (false, Next::First | Next::Another, Token::String) => {
                frame.next = Next::Colon;
                self.member(length)?;
                Ok(None)
            }
            (false, Next::Colon, Token::Colon) => {
                frame.next = Next::Value;
                self.advance(length);
                Ok(None)
            }
            (false, Next::Value, _) if self.names[frame.name..].starts_with('@') => self.annotations(),
            (false, Next::Value, _) => self.value(token, length, false),
            (true, next @ (Next::First | Next::CommaOrEnd), Token::EndArray) => {
                self.advance(length);
                self.leave();
                if next == Next::First {
                    self.count()?;
                    self.pending = Pending::EmptyArray;
                    return Ok(Some(Step::EmptyArray));
                }
                self.value_done();
                Ok(None)
            }
            (true, Next::First | Next::Another, _) => self.value(token, length, true),
            (_, Next::CommaOrEnd, Token::Comma) => {
                frame.next = Next::Another;
                self.advance(length);
                Ok(None)
            }
            (false, Next::First | Next::CommaOrEnd, Token::EndObject) => {
                self.position = self.input.mark();
                self.advance(length);
                self.leave();
                if self.frames.is_empty() {
                    self.stage = Stage::Epilog;
                    return Ok(None);
                }
                self.value_done();
                Ok(Some(Step::Close))
            }
            (false, Next::First | Next::Another, _) => {
                Err(self.fail(0, "a member begins with its name, a string"))
            }
            (_, Next::Colon, _) => Err(self.fail(0, "\":\" stands behind a name")),
            (_, _, _) => Err(self.fail(0, "\",\" or the end stands behind a value")),
        }
    }

    /// Takes a member's name.
    fn member(&mut self, length: usize) -> Result<(), CodecError> {
        self.check(length, self.limits.name.saturating_add(2), "a name")?;
        let outer = self.frames.last().map_or(0, |f| f.outer);
        if self.frames.last().is_some_and(|f| f.many.is_some()) {
            // Those before are hashed.
            self.truncate_names(outer);
        }
        let start = self.names.len();
        let result = unescape(&mut self.names, self.input.ahead(1..length - 1));
        result.map_err(|(ahead, message)| self.fail(1 + ahead, &message))?;
        let name = &self.names[start..];
        if name.is_empty() || name.starts_with(':') || name.ends_with(':') {
            return Err(self.fail(0, "a name is empty"));
        }
        let again = match self.frames.last_mut().and_then(|f| f.many.as_mut()) {
            Some(many) => !many.insert(name.into()),
            None => {
                let ends = self.starts.iter().skip(outer + 1).copied().chain([start]);
                self.starts[outer..].iter().zip(ends).any(|(&start, end)| self.names[start..end] == *name)
            }
        };
        let duplicate = again.then(|| {
            let mut error = self.fail(0, &format!("the name {name:?} stands in the object twice"));
            error.kind = CodecErrorKind::Duplicate;
            error
        });
        self.starts.push(start);
        if let Some(frame) = self.frames.last_mut() {
            frame.name = start;
            if frame.many.is_none() && self.starts.len() - outer > FEW {
                let ends = self.starts.iter().skip(outer + 1).copied().chain([self.names.len()]);
                let names =
                    self.starts[outer..].iter().zip(ends).map(|(&start, end)| &self.names[start..end]);
                frame.many = Some(Box::new(names.map(Box::from).collect()));
            }
        }
        self.position = self.input.mark();
        self.advance(length);
        duplicate.map_or(Ok(()), Err)
    }

    /// Forgets the names behind the first ones.
    fn truncate_names(&mut self, count: usize) {
        if let Some(&end) = self.starts.get(count) {
            self.names.truncate(end);
            self.starts.truncate(count);
        }
    }

    /// Takes the value of a member whose name begins with `@` (RFC 7952 section 5.2), which is held until it is whole.
    fn annotations(&mut self) -> Result<Option<Step>, CodecError> {
        let limit = self.limits.attributes;
        let rest = self.input.ahead(0..self.input.bytes().len());
        let found = annotation::read(rest, self.input.is_finished())
            .map_err(|(ahead, message)| self.fail(ahead, &message))?;
        let Some((notes, length)) = found else {
            self.check(rest.len(), limit, "an annotation")?;
            return self.starved().map(Some);
        };
        self.check(length, limit, "an annotation")?;
        for _ in notes.iter().flat_map(|n| &n.attributes) {
            self.count()?;
        }
        self.position = self.input.mark();
        self.advance(length);
        self.notes = notes;
        if self.notes.is_empty() {
            self.value_done();
            return Ok(None);
        }
        self.pending = Pending::Annotations;
        Ok(Some(Step::Annotations))
    }

    /// Takes the begin of a member's value or of an item.
    fn value(&mut self, token: Token, length: usize, item: bool) -> Result<Option<Step>, CodecError> {
        let inside = 1..length.max(2) - 1;
        let form = match token {
            Token::BeginObject => {
                self.count()?;
                self.item = item;
                if item {
                    self.position = self.input.mark();
                }
                self.advance(length);
                self.enter(false, self.names.len())?;
                return Ok(Some(Step::Open));
            }
            Token::BeginArray => match self.null_alone(length)? {
                None => return self.starved().map(Some),
                Some(Some(length)) => {
                    self.count()?;
                    self.item = item;
                    self.form = Told::Empty;
                    self.pending = Pending::Text;
                    self.advance(length);
                    return Ok(Some(Step::Open));
                }
                Some(None) if item => return Err(self.fail(0, "an array in an array is no data of YANG")),
                Some(None) => {
                    self.advance(length);
                    let name = self.frames.last().map_or(0, |f| f.name);
                    self.enter(true, name)?;
                    return Ok(None);
                }
            },
            Token::String => Told::String,
            Token::Number => Told::Number,
            Token::True | Token::False => Told::Boolean,
            Token::Null => Told::Null,
            Token::EndObject | Token::EndArray | Token::Colon | Token::Comma => {
                return Err(self.fail(0, "a value is missing"));
            }
        };
        self.check(length, self.limits.text, "a value")?;
        self.count()?;
        let result = match form {
            Told::String => unescape(&mut self.text, self.input.ahead(inside)),
            Told::Number | Told::Boolean => {
                self.text.push_str(self.input.ahead(0..length));
                Ok(())
            }
            Told::Empty | Told::Null => Ok(()),
        };
        result.map_err(|(ahead, message)| self.fail(1 + ahead, &message))?;
        self.item = item;
        self.form = form;
        self.pending = Pending::Text;
        if item {
            self.position = self.input.mark();
        }
        self.advance(length);
        Ok(Some(Step::Open))
    }

    /// Is the array that begins here `[null]`? Its length then. The outer `None`: more bytes are needed to tell.
    #[allow(clippy::option_option, reason = "undecided, no, and yes with a length")]
    fn null_alone(&self, length: usize) -> Result<Option<Option<usize>>, CodecError> {
        let bytes = self.input.bytes();
        let mut at = length;
        for wanted in [Token::Null, Token::EndArray] {
            at += bytes[at..].iter().take_while(|b| is_space(**b)).count();
            match token(&bytes[at..], self.input.is_finished()) {
                Ok(Some((found, length))) if found == wanted => at += length,
                // What is wrong there is found when its turn comes.
                Ok(Some(_)) | Err(_) => return Ok(Some(None)),
                Ok(None) if self.input.is_finished() => return Ok(Some(None)),
                // Any other value than null is told by its first byte.
                Ok(None) if bytes.get(at).is_some_and(|b| *b != b'n') => return Ok(Some(None)),
                Ok(None) => return Ok(None),
            }
        }
        Ok(Some(Some(at)))
    }

    fn enter(&mut self, array: bool, name: usize) -> Result<(), CodecError> {
        if self.frames.len() >= self.limits.depth as usize {
            let message = format!("objects and arrays stand in each other deeper than {}", self.limits.depth);
            let mut error = self.fail(0, &message);
            error.kind = CodecErrorKind::Limit;
            return Err(error);
        }
        let outer = self.starts.len();
        self.frames.push(Frame { array, next: Next::First, name, outer, many: None });
        Ok(())
    }

    fn leave(&mut self) {
        if let Some(frame) = self.frames.pop() {
            self.truncate_names(frame.outer);
        }
    }

    /// A value is complete: what stands around goes on.
    fn value_done(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.next = Next::CommaOrEnd;
        }
    }

    fn count(&mut self) -> Result<(), CodecError> {
        self.nodes += 1;
        if self.nodes <= self.limits.nodes {
            return Ok(());
        }
        let mut error = self.fail(0, &format!("the document has more than {} nodes", self.limits.nodes));
        error.kind = CodecErrorKind::Limit;
        Err(error)
    }

    #[inline]
    fn check(&self, length: usize, limit: usize, what: &str) -> Result<(), CodecError> {
        if length <= limit {
            return Ok(());
        }
        let mut error = self.fail(0, &format!("{what} is longer than {limit} bytes"));
        error.kind = CodecErrorKind::Limit;
        Err(error)
    }

    fn advance(&mut self, count: usize) {
        self.input.advance(count);
    }

    fn fail(&self, ahead: usize, message: &str) -> CodecError {
        let kind = CodecErrorKind::Malformed;
        CodecError { kind, message: message.to_owned(), position: self.input.position(ahead), path: None }
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
                    // A second member of a name is whole, and what follows can be read.
                    if error.kind != CodecErrorKind::Duplicate {
                        self.error = Some(error.clone());
                    }
                    return Err(error);
                }
            }
        }
        Ok(true)
    }

    fn event(&mut self) -> Result<Event<'_>, CodecError> {
        Ok(match self.found.take() {
            Some(Step::Open) => {
                let start = self.name_start();
                let name = &self.names[start..];
                let name = qualified(name);
                let place = if self.item { Place::Item } else { Place::Member };
                Event::Open { name, attributes: Cow::Borrowed(&[]), place }
            }
            Some(Step::Text) => {
                Event::Text(Scalar { text: Cow::Borrowed(&self.text), form: self.form.form() })
            }
            Some(Step::Annotations) => {
                let start = self.frames.last().map_or(0, |f| f.name);
                annotation::event(&self.names[start..], self.notes.front())
            }
            Some(Step::EmptyArray) => {
                let start = self.frames.last().map_or(0, |f| f.name);
                Event::EmptyArray(qualified(&self.names[start..]))
            }
            Some(Step::Close) => Event::Close,
            Some(Step::End) => Event::End,
            Some(Step::Starved) | None => return Err(self.fail(0, "no event is ready")),
        })
    }
}

impl Told {
    pub(super) fn form(self) -> Form<'static> {
        match self {
            Told::String => Form::JsonString,
            Told::Number => Form::JsonNumber,
            Told::Boolean => Form::JsonBoolean,
            Told::Empty => Form::JsonEmpty,
            Told::Null => Form::JsonNull,
        }
    }
}

/// A name and the module that it may carry (RFC 7951 section 4).
pub(super) fn qualified(name: &str) -> Name<'_> {
    match name.bytes().position(|b| b == b':') {
        Some(colon) => Name { namespace: Namespace::Module(&name[..colon]), local: &name[colon + 1..] },
        None => Name { namespace: Namespace::Inherited, local: name },
    }
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

//! Annotations in JSON (RFC 7952 section 5.2): the members whose names begin with `@`.

use super::reader::{Told, is_space, qualified};
use super::token::{Token, Wrong, token, unescape};
use crate::event::{Annotated, Attribute, Event};
use std::borrow::Cow;
use std::collections::VecDeque;

/// The annotations of one node.
#[derive(Debug)]
pub(super) struct Note {
    /// Which item of an array; none where the value is no array.
    item: Option<usize>,
    pub(super) attributes: Vec<Held>,
}

/// An annotation.
#[derive(Debug)]
pub(super) struct Held {
    name: String,
    text: String,
    told: Told,
}

/// The event of annotations in a member of this name.
pub(super) fn event<'a>(member: &'a str, note: Option<&'a Note>) -> Event<'a> {
    let name = member.strip_prefix('@').unwrap_or(member);
    let of = match (name, note.and_then(|n| n.item)) {
        ("", _) => Annotated::Open,
        (name, None) => Annotated::Member(qualified(name)),
        (name, Some(item)) => Annotated::Item(qualified(name), item),
    };
    let attributes: Vec<Attribute<'_>> = note
        .into_iter()
        .flat_map(|n| &n.attributes)
        .map(|held| Attribute {
            name: qualified(&held.name),
            value: Cow::Borrowed(&held.text),
            form: held.told.form(),
        })
        .collect();
    Event::Annotations { of, attributes: Cow::Owned(attributes) }
}

/// Reads the value: an object, or an array of objects and nulls. `None`: its end has not come.
pub(super) fn read(text: &str, finished: bool) -> Result<Option<(VecDeque<Note>, usize)>, Wrong> {
    let mut cursor = Tokens { text, start: 0, at: 0, finished };
    match cursor.value() {
        Ok(notes) => Ok(Some((notes, cursor.at))),
        Err(Stop::Starved) => Ok(None),
        Err(Stop::Wrong(wrong)) => Err(wrong),
    }
}

enum Stop {
    Starved,
    Wrong(Wrong),
}

struct Tokens<'b> {
    text: &'b str,
    /// Where the last token began.
    start: usize,
    at: usize,
    finished: bool,
}

impl<'b> Tokens<'b> {
    /// The next token and its text.
    fn next(&mut self) -> Result<(Token, &'b str), Stop> {
        self.at += self.text[self.at..].bytes().take_while(|b| is_space(*b)).count();
        self.start = self.at;
        let rest = &self.text[self.at..];
        match token(rest.as_bytes(), self.finished) {
            Ok(Some((token, length))) => {
                self.at += length;
                Ok((token, &rest[..length]))
            }
            Ok(None) => Err(Stop::Starved),
            Err((ahead, message)) => Err(Stop::Wrong((self.at + ahead, message))),
        }
    }

    fn wrong<T>(&self, message: &str) -> Result<T, Stop> {
        Err(Stop::Wrong((self.start, message.to_owned())))
    }

    fn value(&mut self) -> Result<VecDeque<Note>, Stop> {
        let mut notes = VecDeque::new();
        match self.next()?.0 {
            Token::BeginObject => {
                let attributes = self.object()?;
                if !attributes.is_empty() {
                    notes.push_back(Note { item: None, attributes });
                }
                return Ok(notes);
            }
            Token::BeginArray => {}
            _ => return self.wrong("annotations are an object, or an array of objects and nulls"),
        }
        for item in 0.. {
            match self.next()?.0 {
                Token::Null => {}
                Token::BeginObject => {
                    let attributes = self.object()?;
                    if !attributes.is_empty() {
                        notes.push_back(Note { item: Some(item), attributes });
                    }
                }
                Token::EndArray if item == 0 => return Ok(notes),
                _ => return self.wrong("an array of annotations holds objects and nulls"),
            }
            match self.next()?.0 {
                Token::Comma => {}
                Token::EndArray => break,
                _ => return self.wrong("\",\" or the end stands behind an item"),
            }
        }
        Ok(notes)
    }

    /// The rest of an object: values are those of leaves.
    fn object(&mut self) -> Result<Vec<Held>, Stop> {
        let mut found: Vec<Held> = Vec::new();
        loop {
            let name = match self.next()? {
                (Token::EndObject, _) if found.is_empty() => return Ok(found),
                (Token::String, text) => self.string(text)?,
                _ => return self.wrong("an annotation begins with its name, a string"),
            };
            if found.iter().any(|h| h.name == name) {
                return self.wrong(&format!("annotation {name:?} stands in the object twice"));
            }
            if !matches!(self.next()?.0, Token::Colon) {
                return self.wrong("\":\" stands behind a name");
            }
            let (told, text) = match self.next()? {
                (Token::String, text) => (Told::String, self.string(text)?),
                (Token::Number, text) => (Told::Number, text.to_owned()),
                (Token::True, _) => (Told::Boolean, "true".to_owned()),
                (Token::False, _) => (Told::Boolean, "false".to_owned()),
                (Token::Null, _) => (Told::Null, String::new()),
                (Token::BeginArray, _) => {
                    let null = matches!(self.next()?.0, Token::Null);
                    if !null || !matches!(self.next()?.0, Token::EndArray) {
                        return self.wrong("the only array that is a value is [null]");
                    }
                    (Told::Empty, String::new())
                }
                _ => return self.wrong("the value of an annotation is that of a leaf"),
            };
            found.push(Held { name, text, told });
            match self.next()?.0 {
                Token::Comma => {}
                Token::EndObject => return Ok(found),
                _ => return self.wrong("\",\" or the end stands behind an annotation"),
            }
        }
    }

    fn string(&self, token: &str) -> Result<String, Stop> {
        let mut text = String::new();
        let start = self.at - token.len();
        match unescape(&mut text, &token[1..token.len() - 1]) {
            Ok(()) => Ok(text),
            Err((ahead, message)) => Err(Stop::Wrong((start + 1 + ahead, message))),
        }
    }
}

//! A JSON value as events.

use super::json::Json;
use crate::binding::any::error;
use crate::codec::{CodecError, CodecErrorKind};
use crate::event::{Event, Form, Name, Namespace, Place, Position, Scalar, Source};
use std::borrow::Cow;

/// Tells the members of an object.
pub(crate) struct JsonSource<'j> {
    stack: Vec<Level<'j>>,
    /// What is told before the stack goes on.
    pending: Option<Pending<'j>>,
}

enum Level<'j> {
    Members(std::slice::Iter<'j, (String, Json)>),
    Items(&'j str, std::slice::Iter<'j, Json>),
}

enum Pending<'j> {
    Value(&'j Json),
    Close,
}

impl<'j> JsonSource<'j> {
    pub(crate) fn new(members: &'j [(String, Json)]) -> Self {
        Self { stack: vec![Level::Members(members.iter())], pending: None }
    }

    fn open(&mut self, name: &'j str, value: &'j Json, place: Place) -> Event<'_> {
        self.pending = Some(Pending::Value(value));
        let name = match name.split_once(':') {
            Some((module, local)) => Name { namespace: Namespace::Module(module), local },
            None => Name { namespace: Namespace::Inherited, local: name },
        };
        Event::Open { name, attributes: Cow::Borrowed(&[]), place }
    }
}

impl Source for JsonSource<'_> {
    fn next(&mut self) -> Result<Event<'_>, CodecError> {
        match self.pending.take() {
            Some(Pending::Close) => return Ok(Event::Close),
            Some(Pending::Value(Json::Object(members))) => self.stack.push(Level::Members(members.iter())),
            Some(Pending::Value(value)) => {
                self.pending = Some(Pending::Close);
                return match scalar(value) {
                    Some(scalar) => Ok(Event::Text(scalar)),
                    None => {
                        let message = "an array in an array is no data of YANG".to_owned();
                        Err(error(CodecErrorKind::Malformed, message))
                    }
                };
            }
            None => {}
        }
        loop {
            match self.stack.last_mut() {
                None => return Ok(Event::End),
                Some(Level::Members(members)) => match members.next() {
                    Some((name, Json::Array(items))) if !matches!(items.as_slice(), [Json::Null]) => {
                        self.stack.push(Level::Items(name, items.iter()));
                    }
                    Some((name, value)) => return Ok(self.open(name, value, Place::Member)),
                    None => {
                        self.stack.pop();
                        // The outermost object has no node of its own.
                        return Ok(if self.stack.is_empty() { Event::End } else { Event::Close });
                    }
                },
                Some(Level::Items(name, items)) => match items.next() {
                    Some(value) => {
                        let name = *name;
                        return Ok(self.open(name, value, Place::Item));
                    }
                    None => {
                        self.stack.pop();
                    }
                },
            }
        }
    }

    fn position(&self) -> Position {
        Position::default()
    }
}

/// A value that is no object, nor an array but `[null]`.
pub(crate) fn scalar(value: &Json) -> Option<Scalar<'_>> {
    let (text, form) = match value {
        Json::Null => ("", Form::JsonNull),
        Json::Boolean(true) => ("true", Form::JsonBoolean),
        Json::Boolean(false) => ("false", Form::JsonBoolean),
        Json::Number(text) => (text.as_str(), Form::JsonNumber),
        Json::String(text) => (text.as_str(), Form::JsonString),
        Json::Array(items) if matches!(items.as_slice(), [Json::Null]) => ("", Form::JsonEmpty),
        Json::Array(_) | Json::Object(_) => return None,
    };
    Some(Scalar { text: Cow::Borrowed(text), form })
}

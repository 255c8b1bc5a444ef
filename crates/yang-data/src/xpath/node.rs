//! Nodes as XPath sees them.

use super::Names;
use crate::view::Cursor;
use std::borrow::Cow;
use std::cmp::Ordering;
use yang_schema::{Schema, Value};

/// A node: one of the data, or the text inside a leaf.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node<'v> {
    /// The node of the data; for a text node its leaf.
    pub cursor: Cursor<'v>,
    /// Is it the text node inside the leaf?
    pub text: bool,
}

impl<'v> Node<'v> {
    pub(super) fn element(cursor: Cursor<'v>) -> Self {
        Self { cursor, text: false }
    }

    /// The text node inside a leaf. An empty string has none (XPath 1.0 section 5.7).
    pub(super) fn text_of(cursor: &Cursor<'v>) -> Option<Self> {
        let text = match cursor.value()? {
            Value::Empty => false,
            Value::String(s) => !s.is_empty(),
            Value::Binary(octets) => !octets.is_empty(),
            Value::Bits(_, set) => !set.is_empty(),
            _ => true,
        };
        text.then(|| Self { cursor: cursor.clone(), text: true })
    }

    /// The string value (XPath 1.0 section 5). An identity has the prefix that the expression's place gives its module (RFC 7950
    /// section 9.10.3).
    pub(super) fn string(&self, names: &dyn Names) -> Cow<'v, str> {
        if let Some(value) = self.cursor.value() {
            return string_of(value, self.cursor.schema(), names);
        }
        // Of a container all the text in it, one after the other.
        let mut out = String::new();
        let mut stack = vec![self.cursor.clone()];
        while let Some(at) = stack.pop() {
            match at.value() {
                Some(value) => out.push_str(&string_of(value, at.schema(), names)),
                None => {
                    let from = stack.len();
                    stack.extend(at.children());
                    stack[from..].reverse();
                }
            }
        }
        Cow::Owned(out)
    }

    /// Is the string value this text?
    pub(super) fn equals(&self, text: &str, names: &dyn Names) -> bool {
        match self.cursor.value() {
            Some(value) => value_equals(value, text, self.cursor.schema(), names),
            None => self.string(names) == text,
        }
    }

    /// Have both the same string value? Values are not printed to be compared.
    pub(super) fn has_text_of(&self, other: &Self, names: &dyn Names) -> bool {
        match (self.cursor.value(), other.cursor.value()) {
            (Some(Value::String(a)), Some(Value::String(b))) => a == b,
            (Some(Value::Int(a)), Some(Value::Int(b))) => a == b,
            (Some(Value::Uint(a)), Some(Value::Uint(b))) => a == b,
            (Some(Value::Boolean(a)), Some(Value::Boolean(b))) => a == b,
            (Some(Value::Enumeration(a, i)), Some(Value::Enumeration(b, j))) if a == b => i == j,
            (Some(Value::Identity(a)), Some(Value::Identity(b))) if a == b => true,
            (Some(_), None) => other.equals(&self.string(names), names),
            _ => self.equals(&other.string(names), names),
        }
    }

    /// The string value as a number.
    pub(super) fn number(&self, names: &dyn Names) -> f64 {
        match self.cursor.value() {
            Some(Value::Int(n)) => *n as f64,
            Some(Value::Uint(n)) => *n as f64,
            Some(Value::Decimal64(n)) => n.to_f64(),
            _ => super::convert::number(&self.string(names)),
        }
    }
}

/// A value as XPath sees it.
fn string_of<'a>(value: &'a Value, schema: &'a Schema, names: &dyn Names) -> Cow<'a, str> {
    if let Value::Identity(id) = value {
        let identity = schema.identity(*id);
        let prefix = names.prefix(identity.module);
        let prefix = prefix.as_deref().unwrap_or_else(|| schema.module_name(identity.module));
        return Cow::Owned(format!("{prefix}:{}", schema.str(identity.name)));
    }
    value.canonical(schema)
}

/// Is this the string value? The prefix of an identity may be any that stands for its module.
pub(super) fn value_equals(value: &Value, text: &str, schema: &Schema, names: &dyn Names) -> bool {
    match value {
        Value::Identity(id) => {
            let identity = schema.identity(*id);
            text.split_once(':').is_some_and(|(prefix, name)| {
                schema.str(identity.name) == name
                    && names.module(prefix).is_some_and(|module| {
                        // Two revisions of a module are one module to whoever reads a name.
                        module == identity.module
                            || schema.module_name(module) == schema.module_name(identity.module)
                    })
            })
        }
        Value::String(s) => s == text,
        Value::Int(n) => is_integer(text) && text.parse() == Ok(*n),
        Value::Uint(n) => is_integer(text) && text.parse() == Ok(*n),
        _ => value.canonical(schema) == text,
    }
}

/// Is it what an integer is printed as: no sign but a minus, no zeros in front?
fn is_integer(text: &str) -> bool {
    match text.strip_prefix('-').unwrap_or(text).as_bytes() {
        [b'0'] => text == "0",
        [b'0', ..] | [] => false,
        digits => digits.iter().all(u8::is_ascii_digit),
    }
}

/// The order of the document: a leaf stands before its text.
impl Ord for Node<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cursor.cmp(&other.cursor).then(self.text.cmp(&other.text))
    }
}

impl PartialOrd for Node<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

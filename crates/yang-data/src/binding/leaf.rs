//! Leaf types (RFC 7950 section 9): how a Rust type reads and writes a value.

use super::{Detail, Module, TypeInfo};
use crate::codec::CodecError;
use crate::event::{Datum, Form, Scalar};
use std::any::Any;
use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use yang_schema::value::seen::{self, shown};
use yang_schema::{Base, Interval};

/// A type of leaf values.
///
/// `Default` is there because keys stand in entries bare; it means nothing.
pub trait Leaf: Clone + Eq + Ord + Hash + Debug + Default + Send + Sync + 'static {
    /// The built-in type.
    const BASE: Base;
    /// Least and greatest value of an integer type.
    const BOUNDS: Option<(i128, i128)> = None;
    /// Takes it a `length`?
    const HAS_LENGTH: bool = false;
    /// Takes it a `pattern`?
    const HAS_PATTERN: bool = false;

    /// What it is, for an exported module.
    fn describe() -> TypeInfo {
        TypeInfo::Base(Self::BASE)
    }

    /// Reads a value.
    ///
    /// # Errors
    /// The text is no value of the type. Ranges, lengths and patterns are for `validate()`, except where they choose a
    /// union's member.
    fn parse(scalar: &Scalar<'_>, context: &ValueContext<'_>) -> Result<Self, LeafError>;

    /// Gives the value to a writer.
    ///
    /// # Errors
    /// Those of `write`.
    fn write(&self, write: Write<'_>) -> Result<(), CodecError>;

    /// What ranges, lengths and patterns look at.
    fn facet(&self) -> Facet<'_> {
        Facet::None
    }

    /// Is it empty, zero, false?
    fn is_zero(&self) -> bool {
        match self.facet() {
            Facet::None => false,
            Facet::Number { value, .. } => value == 0,
            Facet::Text(text) => text.is_empty(),
            Facet::Octets(n) => n == 0,
            Facet::Member(value, _) => value.is_zero(),
            Facet::Invalid(_) | Facet::Unknown(_) => false,
        }
    }
}

/// What a value is given to.
pub type Write<'w> = &'w mut dyn FnMut(Datum<'_>) -> Result<(), CodecError>;

/// What restrictions look at.
pub enum Facet<'a> {
    /// Nothing restricts such a value.
    None,
    /// A number, in units of its last digit.
    Number {
        /// The digits.
        value: i128,
        /// How many of them stand behind the point.
        fraction_digits: u8,
    },
    /// A string: length in characters, and patterns.
    Text(&'a str),
    /// Binary: length in octets.
    Octets(usize),
    /// A union's value: that of its member, under the member's restrictions.
    Member(&'a dyn LeafValue, &'static Detail),
    /// No value at all: an identity without a name.
    Invalid(&'static str),
    /// A name that the model does not know, kept by policy: what is said of it.
    Unknown(String),
}

/// A [`Leaf`] behind `dyn`.
pub trait LeafValue: Debug + Send + Sync {
    /// [`Leaf::write`].
    ///
    /// # Errors
    /// Those of `write`.
    fn write(&self, write: Write<'_>) -> Result<(), CodecError>;
    /// [`Leaf::facet`].
    fn facet(&self) -> Facet<'_>;
    /// [`Leaf::is_zero`].
    fn is_zero(&self) -> bool;
    /// The value itself.
    fn as_any(&self) -> &dyn Any;
    /// Is it the same value of the same type?
    fn same(&self, other: &dyn LeafValue) -> bool;
    /// Is it what the type's `Default` makes: a key that nobody has set?
    fn is_default(&self) -> bool;
    /// Its hash: that of the value.
    fn hash_into(&self, state: &mut dyn Hasher);
}

impl<T: Leaf> LeafValue for T {
    fn write(&self, write: Write<'_>) -> Result<(), CodecError> {
        Leaf::write(self, write)
    }
    fn facet(&self) -> Facet<'_> {
        Leaf::facet(self)
    }
    fn is_zero(&self) -> bool {
        Leaf::is_zero(self)
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn same(&self, other: &dyn LeafValue) -> bool {
        other.as_any().downcast_ref::<T>().is_some_and(|other| self == other)
    }
    fn is_default(&self) -> bool {
        *self == T::default()
    }
    fn hash_into(&self, mut state: &mut dyn Hasher) {
        self.hash(&mut state);
    }
}

/// The canonical text of a value, names with modules' names in front: for paths and messages.
pub fn canonical(value: &dyn LeafValue) -> String {
    let mut text = String::new();
    let written = value.write(&mut |datum| {
        match datum {
            Datum::Text(t) | Datum::Number(t) | Datum::LongNumber(t) => text.push_str(t),
            Datum::Qualified { text: t, .. } | Datum::Prefixed { text: t, .. } => text.push_str(t),
            Datum::Boolean(b) => text.push_str(if b { "true" } else { "false" }),
            Datum::Empty | Datum::Null => {}
            Datum::Identity { module, name, .. } => {
                if !module.is_empty() {
                    text.push_str(module);
                    text.push(':');
                }
                text.push_str(name);
            }
        }
        Ok(())
    });
    debug_assert!(written.is_ok());
    text
}

/// What a value needs to know about the place where it stands.
#[derive(Clone, Copy, Debug)]
pub struct ValueContext<'a> {
    /// The module of the leaf.
    pub module: Module,
    /// The modules of the set, by which prefixes are resolved.
    pub modules: &'a [Module],
    /// What to do with names that the type does not know.
    pub unknown: Unknowns,
}

impl ValueContext<'_> {
    /// The module of a namespace, if it is in the set.
    pub fn by_namespace(&self, namespace: &str) -> Option<Module> {
        self.known().find(|m| m.namespace == namespace)
    }

    /// The module of a name, if it is in the set.
    pub fn by_name(&self, name: &str) -> Option<Module> {
        self.known().find(|m| m.name == name)
    }

    fn known(&self) -> impl Iterator<Item = Module> {
        std::iter::once(self.module).chain(self.modules.iter().copied())
    }
}

/// What to do with nodes, enums, bits and identities that the model does not know. A type that has no place to keep them
/// rejects them always.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Unknowns {
    /// They are errors.
    #[default]
    Reject,
    /// They are kept, and written again.
    Keep,
}

/// Why a text is no value of a type: what was seen, in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct LeafError(pub String);

impl LeafError {
    /// `"x" is no y`.
    pub fn no(scalar: &Scalar<'_>, what: &str) -> Self {
        Self(format!("{} is no {what}", shown(&scalar.text)))
    }
}

/// Is the form right for a number that JSON writes as a number?
fn check_number(scalar: &Scalar<'_>, long: bool, what: &str) -> Result<(), LeafError> {
    match (&scalar.form, long) {
        (Form::Xml(_) | Form::Canonical, _) | (Form::JsonNumber, false) | (Form::JsonString, true) => Ok(()),
        (_, true) => Err(LeafError(format!(
            "{} is no {what}: JSON writes it as a string (RFC 7951 section 6.1)",
            shown(&scalar.text)
        ))),
        (_, false) => Err(LeafError(format!(
            "{} is no {what}: JSON writes it as a number (RFC 7951 section 6.1)",
            shown(&scalar.text)
        ))),
    }
}

/// The text of a string-like value.
pub(crate) fn string_form<'s>(scalar: &'s Scalar<'_>, what: &str) -> Result<&'s str, LeafError> {
    match scalar.form {
        Form::Xml(_) | Form::Canonical | Form::JsonString => Ok(&scalar.text),
        _ => Err(LeafError(format!("{} is no {what}: JSON writes it as a string", shown(&scalar.text)))),
    }
}

/// The text of a value whose names or words hold no white space around them.
///
/// # Errors
/// JSON wrote it as something else than a string.
pub fn string_text<'s>(scalar: &'s Scalar<'_>, what: &str) -> Result<&'s str, LeafError> {
    string_form(scalar, what)?;
    Ok(trim(scalar))
}

/// Reads the digits of a number that JSON writes as a string.
pub(crate) fn long_number<'s>(scalar: &'s Scalar<'_>, what: &str) -> Result<&'s str, LeafError> {
    check_number(scalar, true, what)?;
    Ok(trim(scalar))
}

/// XML documents that people write have white space around numbers and names; no value of these types can hold any.
pub(crate) fn trim<'s>(scalar: &'s Scalar<'_>) -> &'s str {
    match scalar.form {
        Form::Xml(_) => scalar.text.trim_matches([' ', '\t', '\r', '\n']),
        _ => &scalar.text,
    }
}

/// RFC 7950 section 9.2.1: an optional sign and digits. Hexadecimal and octal stand in modules alone.
fn parse_integer(text: &str) -> Option<Result<i128, ()>> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits = digits.trim_start_matches('0');
    if digits.len() > 30 {
        return Some(Err(()));
    }
    let value = digits.bytes().fold(0i128, |v, b| v * 10 + i128::from(b - b'0'));
    Some(Ok(if negative { -value } else { value }))
}

macro_rules! integers {
    ($($type:ty, $base:ident, $long:literal;)*) => {$(
        impl Leaf for $type {
            const BASE: Base = Base::$base;
            const BOUNDS: Option<(i128, i128)> = Some((<$type>::MIN as i128, <$type>::MAX as i128));

            fn parse(scalar: &Scalar<'_>, _: &ValueContext<'_>) -> Result<Self, LeafError> {
                check_number(scalar, $long, Base::$base.name())?;
                // The usual case first.
                let text = trim(scalar);
                if let Ok(value) = text.parse::<$type>() {
                    return Ok(value);
                }
                match parse_integer(text) {
                    None => Err(LeafError::no(scalar, Base::$base.name())),
                    Some(Ok(value)) => <$type>::try_from(value).map_err(|_| {
                        let bounds = Interval { min: i128::from(<$type>::MIN), max: i128::from(<$type>::MAX) };
                        LeafError(seen::beyond_type(value, bounds, Base::$base.name()).unwrap_or_default())
                    }),
                    Some(Err(())) => Err(LeafError(format!("{} is beyond all numbers of type {}", shown(text), Base::$base.name()))),
                }
            }

            fn write(&self, write: Write<'_>) -> Result<(), CodecError> {
                let mut buffer = Digits::new();
                let text = buffer.print(i128::from(*self));
                write(if $long { Datum::LongNumber(text) } else { Datum::Number(text) })
            }

            fn facet(&self) -> Facet<'_> {
                Facet::Number { value: i128::from(*self), fraction_digits: 0 }
            }
        }
    )*};
}

integers! {
    i8, Int8, false;
    i16, Int16, false;
    i32, Int32, false;
    i64, Int64, true;
    u8, Uint8, false;
    u16, Uint16, false;
    u32, Uint32, false;
    u64, Uint64, true;
}

/// Prints integers without allocation.
pub(crate) struct Digits {
    bytes: [u8; 48],
}

impl Digits {
    pub(crate) fn new() -> Self {
        Self { bytes: [0; 48] }
    }

    pub(crate) fn print(&mut self, value: i128) -> &str {
        let mut at = self.bytes.len();
        let mut rest = value.unsigned_abs();
        loop {
            at -= 1;
            self.bytes[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if value < 0 {
            at -= 1;
            self.bytes[at] = b'-';
        }
        std::str::from_utf8(&self.bytes[at..]).unwrap_or_default()
    }
}

impl Leaf for bool {
    const BASE: Base = Base::Boolean;

    fn parse(scalar: &Scalar<'_>, _: &ValueContext<'_>) -> Result<Self, LeafError> {
        match (scalar.form, trim(scalar)) {
            (Form::Xml(_) | Form::Canonical | Form::JsonBoolean, "true") => Ok(true),
            (Form::Xml(_) | Form::Canonical | Form::JsonBoolean, "false") => Ok(false),
            _ => Err(LeafError::no(scalar, "boolean: true or false")),
        }
    }

    fn write(&self, write: Write<'_>) -> Result<(), CodecError> {
        write(Datum::Boolean(*self))
    }

    fn is_zero(&self) -> bool {
        !self
    }
}

impl Leaf for String {
    const BASE: Base = Base::String;
    const HAS_LENGTH: bool = true;
    const HAS_PATTERN: bool = true;

    fn parse(scalar: &Scalar<'_>, _: &ValueContext<'_>) -> Result<Self, LeafError> {
        let text = string_form(scalar, "string")?;
        check_characters(text)?;
        Ok(text.to_owned())
    }

    fn write(&self, write: Write<'_>) -> Result<(), CodecError> {
        write(Datum::Text(self))
    }

    fn facet(&self) -> Facet<'_> {
        Facet::Text(self)
    }
}

/// The characters of `string` (RFC 7950 sections 9.4 and 14, `yang-string`).
pub(crate) fn check_characters(text: &str) -> Result<(), LeafError> {
    // All that is forbidden is a control character or one of three bytes and more.
    if text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return Ok(());
    }
    match text.chars().find(|&c| !is_yang_char(c)) {
        None => Ok(()),
        Some(c) => Err(LeafError(seen::character(c))),
    }
}

fn is_yang_char(c: char) -> bool {
    let u = u32::from(c);
    match u {
        0x9 | 0xa | 0xd => true,
        0..0x20 => false,
        0xfdd0..=0xfdef => false,
        _ => u & 0xfffe != 0xfffe,
    }
}

/// `empty` (RFC 7950 section 9.11).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Empty;

impl Leaf for Empty {
    const BASE: Base = Base::Empty;

    fn parse(scalar: &Scalar<'_>, _: &ValueContext<'_>) -> Result<Self, LeafError> {
        match scalar.form {
            Form::Xml(_) | Form::Canonical if scalar.text.is_empty() => Ok(Empty),
            Form::JsonEmpty => Ok(Empty),
            _ => Err(LeafError::no(scalar, "value of type empty, which holds none")),
        }
    }

    fn write(&self, write: Write<'_>) -> Result<(), CodecError> {
        write(Datum::Empty)
    }
}

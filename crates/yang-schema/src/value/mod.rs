//! Values of the built-in types (RFC 7950 section 9): text in, [`Value`] out, and its canonical form back.
//!
//! A compiler checks defaults by the same rules by which a device checks its data, so they stand here, over a [`TypeSource`]
//! that both can offer. What needs instances (does a leafref's target exist?) is for validation.

pub mod base64;
mod bits;
mod decimal64;
mod enumeration;
mod error;
mod identityref;
mod instance_identifier;
mod integer;
pub mod range;
pub mod seen;
mod source;
mod string;
#[cfg(test)]
mod tests;
mod union;

pub use error::{ValueError, ValueErrorKind};
pub use instance_identifier::quoted;
pub use source::{CanonicalNames, JsonKind, NameResolver, NodeInfo, Notation, TypeSource};

use crate::{Base, IdentityId, ModuleId, NodeId, TypeDetail, TypeId};
use range::Numbers;
use seen::shown;
use smol_str::SmolStr;
use std::borrow::Cow;
use std::sync::Arc;

/// A value of a leaf or leaf-list entry. It has passed its type: nothing is parsed again later.
///
/// Values of one type compare by the value, as RFC 7950 section 9 says; the order of `Ord` is the typed order of keys.
/// A union's value is that of the member which took it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Value {
    /// `empty`.
    Empty,
    /// `boolean`.
    Boolean(bool),
    /// `int8` to `int64`.
    Int(i64),
    /// `uint8` to `uint64`.
    Uint(u64),
    /// `decimal64`.
    Decimal64(Decimal64),
    /// `string`.
    String(SmolStr),
    /// `binary`: the octets.
    Binary(Arc<[u8]>),
    /// `enumeration`: the type, and the position of the enum in its list.
    Enumeration(TypeId, u32),
    /// `bits`: the type, and the positions in its list of the bits that are set, ascending.
    Bits(TypeId, Arc<Vec<u32>>),
    /// `identityref`.
    Identity(IdentityId),
    /// `instance-identifier`.
    InstanceIdentifier(Arc<InstanceIdentifier>),
}

// A slot of a data tree holds one; 32 bytes are what the design gives a slot.
const _: () = assert!(size_of::<Value>() == 24);

/// An exact decimal number: `digits` times 10 to the minus `fraction_digits` (RFC 7950 section 9.3).
#[derive(Clone, Copy, Debug)]
pub struct Decimal64 {
    /// All digits.
    pub digits: i64,
    /// How many of them stand behind the point, 1 to 18.
    pub fraction_digits: u8,
}

/// An `instance-identifier` (RFC 7950 section 9.13): the nodes from the top, each with what picks the entry.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct InstanceIdentifier {
    /// One step a data node.
    pub steps: Vec<InstanceStep>,
}

/// A step of an [`InstanceIdentifier`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct InstanceStep {
    /// The schema node.
    pub node: NodeId,
    /// Which of its instances.
    pub selector: InstanceSelector,
}

/// Which instance a step takes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum InstanceSelector {
    /// The only one.
    Only,
    /// The list entry with these keys, in the order of `key`.
    Keys(Vec<Value>),
    /// The leaf-list entry with this value: `[.='x']`.
    Value(Value),
    /// The n-th entry of a keyless list, from 1.
    Position(u64),
}

impl Value {
    /// The value that a text stands for.
    ///
    /// A leafref's text is one of the type it refers to; a union's one of the first member that takes it.
    ///
    /// # Errors
    /// Text outside the lexical space, and values that a restriction forbids.
    pub fn parse(
        types: &dyn TypeSource,
        ty: TypeId,
        text: &str,
        names: &dyn NameResolver,
    ) -> Result<Value, ValueError> {
        let value = Self::parse_any(types, ty, text, names)?;
        value.check_zero(types, ty)?;
        Ok(value)
    }

    /// The extension `non-zero`: the demand of a leaf, not of what its type is made of.
    fn check_zero(&self, types: &dyn TypeSource, ty: TypeId) -> Result<(), ValueError> {
        match &types.type_of(ty).non_zero {
            Some(info) if self.is_zero() => {
                let detail = seen::zero(&self.canonical(types));
                Err(ValueError::new(ValueErrorKind::Zero, detail).with(info, types))
            }
            _ => Ok(()),
        }
    }

    /// Is it zero, empty, `false` or no bit at all? Enums, identities and instance-identifiers are never.
    pub fn is_zero(&self) -> bool {
        match self {
            Value::Boolean(on) => !on,
            Value::Int(n) => *n == 0,
            Value::Uint(n) => *n == 0,
            Value::Decimal64(n) => n.digits == 0,
            Value::String(text) => text.is_empty(),
            Value::Binary(octets) => octets.is_empty(),
            Value::Bits(_, set) => set.is_empty(),
            Value::Empty | Value::Enumeration(..) | Value::Identity(_) | Value::InstanceIdentifier(_) => {
                false
            }
        }
    }

    fn parse_any(
        types: &dyn TypeSource,
        ty: TypeId,
        text: &str,
        names: &dyn NameResolver,
    ) -> Result<Value, ValueError> {
        let lexical = |detail: String| Err(ValueError::new(ValueErrorKind::Lexical, detail));
        let detail = &types.type_of(ty).detail;
        if let Notation::Json(kind) = names.notation() {
            // Integers see to it themselves: numbers of 64 bits are strings. Unions and leafrefs ask the types behind them.
            let expected = match detail {
                TypeDetail::Boolean => Some((Base::Boolean, JsonKind::Boolean)),
                TypeDetail::Empty => Some((Base::Empty, JsonKind::Null)),
                TypeDetail::Integer { .. } | TypeDetail::Leafref { .. } | TypeDetail::Union { .. } => None,
                other => Some((other.base(), JsonKind::String)),
            };
            if let Some((base, expected)) = expected {
                expect_json(base, kind, expected)?;
            }
        }
        match detail {
            TypeDetail::Integer { base, ranges } => {
                let number = integer::parse(*base, text, names.notation())?;
                let value = integer::value(*base, number)?;
                range::check(ranges, number, Numbers::Integer, types)?;
                Ok(value)
            }
            TypeDetail::Decimal64 { fraction_digits, ranges } => {
                match Decimal64::parse(text, *fraction_digits) {
                    Ok(number) => {
                        let numbers = Numbers::Decimal64(*fraction_digits);
                        range::check(ranges, i128::from(number.digits), numbers, types)?;
                        Ok(Value::Decimal64(number))
                    }
                    Err(detail) => lexical(detail),
                }
            }
            TypeDetail::String { lengths, patterns } => {
                string::check(text, lengths, patterns, types)?;
                Ok(Value::String(SmolStr::new(text)))
            }
            TypeDetail::Boolean => match text {
                "true" => Ok(Value::Boolean(true)),
                "false" => Ok(Value::Boolean(false)),
                _ => lexical(format!("{} is neither `true` nor `false`", shown(text))),
            },
            TypeDetail::Enumeration(items) => enumeration::parse(types, ty, items, text),
            TypeDetail::Bits(items) => bits::parse(types, ty, items, text),
            TypeDetail::Binary { lengths } => match base64::decode(text) {
                Ok(octets) => {
                    let shown = || base64::encode(&octets);
                    range::check_length(lengths, octets.len(), "octet", &shown, types)?;
                    Ok(Value::Binary(octets.into()))
                }
                Err(detail) => lexical(detail),
            },
            TypeDetail::Empty if text.is_empty() => Ok(Value::Empty),
            TypeDetail::Empty => lexical(format!("{} stands in a leaf of type empty", shown(text))),
            TypeDetail::Identityref { bases } => identityref::parse(types, bases, text, names),
            TypeDetail::InstanceIdentifier { .. } => {
                let id = instance_identifier::parse(types, text, names)?;
                Ok(Value::InstanceIdentifier(Arc::new(id)))
            }
            TypeDetail::Leafref { .. } | TypeDetail::Union { .. } => union::parse(types, ty, text, names),
        }
    }

    /// Does a value that was not parsed, but made, fit a type?
    ///
    /// # Errors
    /// A value of another built-in type, and one that a restriction forbids.
    pub fn check(&self, types: &dyn TypeSource, ty: TypeId) -> Result<(), ValueError> {
        let members = union::plain_types(types, ty)?;
        let mut first_error = None;
        for &member in &members {
            match self.check_plain(types, member) {
                Ok(()) => return self.check_zero(types, ty),
                Err(e) => _ = first_error.get_or_insert(e),
            }
        }
        match first_error {
            Some(e) if members.len() == 1 => Err(e),
            _ => {
                let detail = format!("{} fits no member of the union", shown(&self.canonical(types)));
                Err(ValueError::new(ValueErrorKind::Union, detail))
            }
        }
    }

    fn check_plain(&self, types: &dyn TypeSource, ty: TypeId) -> Result<(), ValueError> {
        let number = |base: Base, ranges, number: i128| {
            integer::value(base, number)?;
            range::check(ranges, number, Numbers::Integer, types)
        };
        let detail = &types.type_of(ty).detail;
        match (self, detail) {
            (Value::Empty, TypeDetail::Empty) | (Value::Boolean(_), TypeDetail::Boolean) => Ok(()),
            (Value::Int(n), TypeDetail::Integer { base, ranges }) => number(*base, ranges, i128::from(*n)),
            (Value::Uint(n), TypeDetail::Integer { base, ranges }) => number(*base, ranges, i128::from(*n)),
            (Value::Decimal64(n), TypeDetail::Decimal64 { fraction_digits, ranges })
                if n.fraction_digits == *fraction_digits =>
            {
                let numbers = Numbers::Decimal64(*fraction_digits);
                range::check(ranges, i128::from(n.digits), numbers, types)
            }
            (Value::String(text), TypeDetail::String { lengths, patterns }) => {
                string::check(text, lengths, patterns, types)
            }
            (Value::Binary(octets), TypeDetail::Binary { lengths }) => {
                range::check_length(lengths, octets.len(), "octet", &|| base64::encode(octets), types)
            }
            (Value::Enumeration(of, i), TypeDetail::Enumeration(items))
                if *of == ty && items.get(*i as usize).is_some_and(|item| item.enabled) =>
            {
                Ok(())
            }
            (Value::Bits(of, set), TypeDetail::Bits(items))
                if *of == ty
                    && set.is_sorted_by(|a, b| a < b)
                    && set.iter().all(|&i| items.get(i as usize).is_some_and(|item| item.enabled)) =>
            {
                Ok(())
            }
            (Value::Identity(id), TypeDetail::Identityref { bases }) => {
                identityref::check(types, bases, *id, true)
            }
            (Value::InstanceIdentifier(_), TypeDetail::InstanceIdentifier { .. }) => Ok(()),
            _ => {
                let detail = format!(
                    "{} is no value of this type, a kind of {}",
                    shown(&self.canonical(types)),
                    detail.base().name()
                );
                Err(ValueError::new(ValueErrorKind::Lexical, detail))
            }
        }
    }

    /// The canonical form. Where the RFC knows none, since names depend on the place: names of modules for prefixes, in
    /// an identity always, in an instance-identifier where RFC 7951 section 6.11 has them.
    pub fn canonical<'a>(&'a self, types: &'a dyn TypeSource) -> Cow<'a, str> {
        match self {
            Value::Empty => Cow::Borrowed(""),
            Value::Boolean(true) => Cow::Borrowed("true"),
            Value::Boolean(false) => Cow::Borrowed("false"),
            Value::Int(n) => Cow::Owned(n.to_string()),
            Value::Uint(n) => Cow::Owned(n.to_string()),
            Value::Decimal64(n) => Cow::Owned(n.to_string()),
            Value::String(text) => Cow::Borrowed(text),
            Value::Binary(octets) => Cow::Owned(base64::encode(octets)),
            Value::Enumeration(ty, i) => match &types.type_of(*ty).detail {
                TypeDetail::Enumeration(items) => {
                    Cow::Borrowed(items.get(*i as usize).map_or("", |item| types.text(item.name)))
                }
                _ => Cow::Borrowed(""),
            },
            Value::Bits(ty, set) => match &types.type_of(*ty).detail {
                TypeDetail::Bits(items) => {
                    let set = set.iter().filter_map(|&i| items.get(i as usize));
                    let names: Vec<&str> = set.map(|item| types.text(item.name)).collect();
                    Cow::Owned(names.join(" "))
                }
                _ => Cow::Borrowed(""),
            },
            Value::Identity(id) => {
                let identity = types.identity_of(*id);
                let module = types.text(types.module_of(identity.module).name);
                Cow::Owned(format!("{module}:{}", types.text(identity.name)))
            }
            Value::InstanceIdentifier(id) => Cow::Owned(id.print(types, false)),
        }
    }

    /// As [`canonical`](Self::canonical), but each name in an instance-identifier has its module's name in front, as XML
    /// wants it of prefixes.
    pub fn qualified<'a>(&'a self, types: &'a dyn TypeSource) -> Cow<'a, str> {
        match self {
            Value::InstanceIdentifier(id) => Cow::Owned(id.print(types, true)),
            _ => self.canonical(types),
        }
    }

    /// The modules that the value names: a writer of XML declares a prefix for each.
    pub fn modules(&self, types: &dyn TypeSource) -> Vec<ModuleId> {
        match self {
            Value::Identity(id) => vec![types.identity_of(*id).module],
            Value::InstanceIdentifier(id) => id.modules(types),
            _ => Vec::new(),
        }
    }

    /// The built-in type that the value has in a type: for a union that of the first member which takes it. JSON writes a
    /// number by it as a number or as a string.
    pub fn base_in(&self, types: &dyn TypeSource, ty: TypeId) -> Base {
        let members = union::plain_types(types, ty).unwrap_or_default();
        let fits = |m: &&TypeId| match self {
            // All strings are written alike; no need to match patterns.
            Value::String(_) => matches!(types.type_of(**m).detail, TypeDetail::String { .. }),
            _ => members.len() == 1 || self.check_plain(types, **m).is_ok(),
        };
        let member = members.iter().find(fits).or(members.first()).copied().unwrap_or(ty);
        types.type_of(member).detail.base()
    }

    pub(crate) fn map_nodes(&mut self, map: &dyn Fn(NodeId) -> Option<NodeId>) {
        if let Value::InstanceIdentifier(id) = self {
            for step in &mut Arc::make_mut(id).steps {
                if let Some(node) = map(step.node) {
                    step.node = node;
                }
            }
        }
    }
}

/// Refuses the wrong kind of JSON value (RFC 7951 section 6).
fn expect_json(base: Base, found: JsonKind, expected: JsonKind) -> Result<(), ValueError> {
    if found == expected {
        return Ok(());
    }
    let detail = format!("{} is written as {}, not as {}", base.name(), expected.name(), found.name());
    Err(ValueError::new(ValueErrorKind::JsonKind, detail))
}

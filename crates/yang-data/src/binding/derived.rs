//! What derived code calls; not for people, and no promise is made of it.

pub use super::leaf::string_text;
pub use super::restriction::accepts;
pub use super::table::{check_length, check_pattern, check_range};
pub use super::walk::clone;
pub use crate::codec::CodecError;
pub use crate::event::{Datum, Scalar};
pub use std::borrow::Cow;
pub use yang_schema::Base;

#[cfg(feature = "serde")]
pub use super::serde::{deserialize, deserialize_leaf, serialize, serialize_leaf};
pub use crate::__yang_serde as impl_serde;
#[cfg(feature = "serde")]
pub use serde;

/// Without the feature there is nothing to implement.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __yang_serde {
    ($($rest:tt)*) => {};
}

use super::{ChoiceNode, Detail, Facet, Leaf, LeafError, Node, Unknowns, ValueContext, walk};
use std::fmt;
use yang_schema::value::seen;

// The compiler makes `dyn Node` of a struct here, once, and not in the code of each struct.

/// `==` of structs.
pub fn same<T: Node>(a: &T, b: &T) -> bool {
    walk::same(a, b)
}

/// `==` of choices.
pub fn same_choice<T: ChoiceNode>(a: &T, b: &T) -> bool {
    walk::same_choice(a, b)
}

/// Debug of structs.
///
/// # Errors
/// Those of the formatter.
pub fn debug<T: Node>(node: &T, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    walk::debug(node, name, f)
}

/// Debug of choices.
///
/// # Errors
/// Those of the formatter.
pub fn debug_choice<T: ChoiceNode>(choice: &T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    walk::debug_choice(choice, f)
}

/// A union's member, if the value is one of it under its restrictions (RFC 7950 section 9.12).
pub fn member<T: Leaf>(
    scalar: &Scalar<'_>,
    context: &ValueContext<'_>,
    detail: &'static Detail,
) -> Option<T> {
    T::parse(scalar, context).ok().filter(|value| accepts(value, detail))
}

/// In which contexts a union's members are asked for a value: first for one that knows it. Were what no member knows kept at
/// once, it would be kept by a member in front of one that takes it.
pub fn rounds<'a>(context: &ValueContext<'a>) -> impl Iterator<Item = ValueContext<'a>> {
    let strict = ValueContext { unknown: Unknowns::Reject, ..*context };
    let keeps = (context.unknown == Unknowns::Keep).then_some(*context);
    std::iter::once(strict).chain(keeps)
}

/// No member of a union takes the value.
pub fn no_member(scalar: &Scalar<'_>) -> LeafError {
    LeafError::no(scalar, "value of any of the union's types")
}

/// The position of an enum's name.
///
/// # Errors
/// There is none, and it is not to be kept.
pub fn find_enum(
    scalar: &Scalar<'_>,
    context: &ValueContext<'_>,
    names: &[&str],
    keep: bool,
) -> Result<Option<usize>, LeafError> {
    let text = string_text(scalar, "enumeration")?;
    match names.iter().position(|name| *name == text) {
        Some(at) => Ok(Some(at)),
        None if keep && context.unknown == Unknowns::Keep => Ok(None),
        None => Err(no_enum(text, names)),
    }
}

/// Reads bits: calls `set` with the position in `names` of each; unknown ones are given back.
///
/// # Errors
/// A bit is not known or stands there twice.
pub fn find_bits(
    scalar: &Scalar<'_>,
    context: &ValueContext<'_>,
    names: &[&str],
    keep: bool,
    set: &mut dyn FnMut(usize),
) -> Result<Vec<Box<str>>, LeafError> {
    let text = string_text(scalar, "bits")?;
    let (mut seen, mut unknown) = (Vec::new(), Vec::new());
    for bit in text.split([' ', '\t', '\r', '\n']).filter(|b| !b.is_empty()) {
        if seen.contains(&bit) {
            return Err(LeafError(seen::bit_twice(bit)));
        }
        seen.push(bit);
        match names.iter().position(|name| *name == bit) {
            Some(at) => set(at),
            None if keep && context.unknown == Unknowns::Keep => unknown.push(bit.into()),
            None => {
                return Err(LeafError(seen::no_bit(bit, names.iter().copied())));
            }
        }
    }
    Ok(unknown)
}

/// Prints the bits that are set, in the order of their positions, which is that of `names`.
pub fn print_bits(names: &[&str], is_set: &dyn Fn(usize) -> bool, unknown: &[Box<str>]) -> String {
    let known = names.iter().enumerate().filter(|(at, _)| is_set(*at)).map(|(_, name)| *name);
    known.chain(unknown.iter().map(|u| &**u)).collect::<Vec<_>>().join(" ")
}

/// What restrictions see of bits.
pub fn bits_facet(names: &[&str], unknown: &[Box<str>]) -> Facet<'static> {
    match unknown.first() {
        Some(bit) => Facet::Unknown(seen::no_bit(bit, names.iter().copied())),
        None => Facet::None,
    }
}

/// No enum has this name.
pub fn no_enum(text: &str, names: &[&str]) -> LeafError {
    LeafError(seen::no_enum(text, names.iter().copied()))
}

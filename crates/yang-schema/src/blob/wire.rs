//! How plain data becomes bytes, and bytes data: numbers of variable length, lengths before what repeats, one byte before
//! what may be missing.
//!
//! Nothing is believed that is read: an id must be of an item that is there, a length must fit into the bytes that are left,
//! and what nests may not nest deeper than [`MAX_DEPTH`].

use super::Damage;
use crate::pattern::CompiledPattern;
use crate::strings::Strings;
use crate::{
    CodeId, ExprId, FeatureId, FileId, GroupingId, IdentityId, ModuleId, NodeId, Sym, TypeId, TypedefId,
    XPathId,
};
use smol_str::SmolStr;
use std::collections::HashMap;
use std::sync::Arc;

/// How deep values, expressions and extension statements may nest: deeper than what the compiler lets through.
const MAX_DEPTH: u32 = 200;

macro_rules! counts {
    ($($kind:ident),* $(,)?) => {
        /// How many items there are of each kind that an id can name.
        #[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
        pub(crate) struct Counts {
            $(pub(crate) $kind: u32),*
        }

        impl Wire for Counts {
            fn put(&self, w: &mut Writer<'_>) {
                $(self.$kind.put(w);)*
            }

            fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
                Ok(Self { $($kind: Wire::get(r)?),* })
            }
        }
    };
}

counts! {
    strings, modules, nodes, details, types, typedefs, groupings, identities, features, files, exprs, xpaths, codes,
}

/// Takes bytes.
pub(crate) struct Writer<'s> {
    pub(crate) bytes: Vec<u8>,
    pub(super) strings: &'s Strings,
}

/// Gives back what a [`Writer`] took.
pub(crate) struct Reader<'b, 's> {
    bytes: &'b [u8],
    at: usize,
    depth: u32,
    counts: Counts,
    strings: Option<&'s Strings>,
    /// Patterns seen, by text and kind of anchors: types that share one share its automaton.
    patterns: HashMap<(Sym, bool), CompiledPattern>,
}

/// Data that has a form in bytes.
pub(crate) trait Wire: Sized {
    /// Writes it.
    fn put(&self, w: &mut Writer<'_>);

    /// Reads it.
    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage>;

    /// Reads over it, with all checks.
    fn skip(r: &mut Reader<'_, '_>) -> Result<(), Damage> {
        Self::get(r).map(drop)
    }
}

impl<'s> Writer<'s> {
    pub(crate) fn new(strings: &'s Strings) -> Self {
        Self { bytes: Vec::new(), strings }
    }

    fn number(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.bytes.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }

    pub(super) fn slice<T: Wire>(&mut self, items: &[T]) {
        (items.len() as u64).put(self);
        items.iter().for_each(|item| item.put(self));
    }

    pub(super) fn octets(&mut self, octets: &[u8]) {
        (octets.len() as u64).put(self);
        self.bytes.extend_from_slice(octets);
    }
}

impl<'b, 's> Reader<'b, 's> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0, depth: 0, counts: Counts::default(), strings: None, patterns: HashMap::new() }
    }

    /// A reader of items that name others: these are counted, and the strings known.
    pub(super) fn of_items(bytes: &'b [u8], counts: Counts, strings: &'s Strings) -> Self {
        Self { counts, strings: Some(strings), ..Self::new(bytes) }
    }

    /// A reader from a place on of items that name others: these are counted. Strings it does not know.
    pub(crate) fn at(bytes: &'b [u8], at: usize, counts: Counts) -> Self {
        Self { at, counts, ..Self::new(bytes) }
    }

    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Another reader of what follows.
    pub(super) fn ahead(&self) -> Reader<'b, 's> {
        Reader { counts: self.counts, strings: self.strings, at: self.at, ..Reader::new(self.bytes) }
    }

    pub(crate) fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    fn byte(&mut self) -> Result<u8, Damage> {
        let byte = *self.bytes.get(self.at).ok_or(Damage("it ends too early"))?;
        self.at += 1;
        Ok(byte)
    }

    fn number(&mut self) -> Result<u64, Damage> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(u64::from(first));
        }
        let mut n = u64::from(first & 0x7f);
        for shift in (7..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            n |= bits << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err(Damage("a number is too large"))
    }

    /// The number of items that follow, each of which takes a byte at least.
    pub(super) fn length(&mut self) -> Result<usize, Damage> {
        let length = self.number()?;
        if length > self.left() as u64 {
            Err(Damage("a length exceeds the bytes"))
        } else {
            Ok(length as usize)
        }
    }

    pub(super) fn octets(&mut self) -> Result<&'b [u8], Damage> {
        let length = self.length()?;
        let octets = &self.bytes[self.at..self.at + length];
        self.at += length;
        Ok(octets)
    }

    fn text(&mut self) -> Result<&'b str, Damage> {
        std::str::from_utf8(self.octets()?).map_err(|_| Damage("a text is not UTF-8"))
    }

    fn id(&mut self, count: u32) -> Result<u32, Damage> {
        let id = u32::get(self)?;
        if id < count { Ok(id) } else { Err(Damage("an id names nothing")) }
    }

    /// What nests is read inside this.
    pub(super) fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Damage>,
    ) -> Result<T, Damage> {
        if self.depth >= MAX_DEPTH {
            return Err(Damage("something is nested too deep"));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// The pattern of a text, made once.
    pub(super) fn pattern(&mut self, text: Sym, anchors: bool) -> CompiledPattern {
        let source = self.strings.map_or("", |strings| strings.get(text));
        let known = self.patterns.entry((text, anchors));
        known.or_insert_with(|| CompiledPattern::known(source, anchors)).clone()
    }
}

macro_rules! ids {
    ($($id:ident: $count:ident),* $(,)?) => {$(
        impl Wire for $id {
            fn put(&self, w: &mut Writer<'_>) {
                w.number(u64::from(self.0));
            }

            fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
                r.id(r.counts.$count).map(Self)
            }
        }
    )*};
}

ids! {
    Sym: strings,
    ModuleId: modules,
    NodeId: nodes,
    TypeId: types,
    TypedefId: typedefs,
    GroupingId: groupings,
    IdentityId: identities,
    FeatureId: features,
    FileId: files,
    ExprId: exprs,
    XPathId: xpaths,
    CodeId: codes,
}

macro_rules! unsigned {
    ($($number:ty),*) => {$(
        impl Wire for $number {
            fn put(&self, w: &mut Writer<'_>) {
                w.number(u64::from(*self));
            }

            fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
                Self::try_from(r.number()?).map_err(|_| Damage("a number is too large"))
            }
        }
    )*};
}

unsigned!(u8, u32, u64);

impl Wire for i64 {
    fn put(&self, w: &mut Writer<'_>) {
        // Small numbers of either sign stay short.
        w.number((self << 1 ^ self >> 63) as u64);
    }

    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        let n = r.number()?;
        Ok((n >> 1) as i64 ^ -((n & 1) as i64))
    }
}

impl Wire for i32 {
    fn put(&self, w: &mut Writer<'_>) {
        i64::from(*self).put(w);
    }

    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        Self::try_from(i64::get(r)?).map_err(|_| Damage("a number is too large"))
    }
}

impl Wire for i128 {
    fn put(&self, w: &mut Writer<'_>) {
        ((self >> 64) as i64).put(w);
        (*self as u64).put(w);
    }

    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        let high = i64::get(r)?;
        Ok(i128::from(high) << 64 | i128::from(u64::get(r)?))
    }
}

impl Wire for f64 {
    fn put(&self, w: &mut Writer<'_>) {
        w.bytes.extend_from_slice(&self.to_bits().to_le_bytes());
    }

    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        let mut bits = 0;
        for i in 0..8 {
            bits |= u64::from(r.byte()?) << (8 * i);
        }
        Ok(Self::from_bits(bits))
    }
}

impl Wire for bool {
    fn put(&self, w: &mut Writer<'_>) {
        w.bytes.push(u8::from(*self));
    }

    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        match r.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Damage("a flag is neither on nor off")),
        }
    }
}

impl Wire for Box<str> {
    fn put(&self, w: &mut Writer<'_>) {
        w.octets(self.as_bytes());
    }

    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        r.text().map(Into::into)
    }

    fn skip(r: &mut Reader<'_, '_>) -> Result<(), Damage> {
        r.text().map(drop)
    }
}

impl Wire for SmolStr {
    fn put(&self, w: &mut Writer<'_>) {
        w.octets(self.as_bytes());
    }

    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        r.text().map(SmolStr::new)
    }
}

impl Wire for Arc<[u8]> {
    fn put(&self, w: &mut Writer<'_>) {
        w.octets(self);
    }

    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        r.octets().map(Into::into)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, w: &mut Writer<'_>) {
        self.is_some().put(w);
        if let Some(item) = self {
            item.put(w);
        }
    }

    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        if bool::get(r)? { T::get(r).map(Some) } else { Ok(None) }
    }

    fn skip(r: &mut Reader<'_, '_>) -> Result<(), Damage> {
        if bool::get(r)? { T::skip(r) } else { Ok(()) }
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, w: &mut Writer<'_>) {
        w.slice(self);
    }

    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        let length = r.length()?;
        // The length is only as true as the bytes: memory is asked for in proportion to what is left of them.
        let most = 8 * r.left() / size_of::<T>().max(1);
        let mut items = Vec::with_capacity(length.min(most));
        for _ in 0..length {
            items.push(T::get(r)?);
        }
        Ok(items)
    }

    fn skip(r: &mut Reader<'_, '_>) -> Result<(), Damage> {
        for _ in 0..r.length()? {
            T::skip(r)?;
        }
        Ok(())
    }
}

macro_rules! pointers {
    ($($pointer:ident),*) => {$(
        impl<T: Wire> Wire for $pointer<T> {
            fn put(&self, w: &mut Writer<'_>) {
                T::put(self, w);
            }

            fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
                T::get(r).map($pointer::new)
            }

            fn skip(r: &mut Reader<'_, '_>) -> Result<(), Damage> {
                T::skip(r)
            }
        }
    )*};
}

pointers!(Box, Arc);

//! The one string table of a schema.

use crate::Sym;
use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::borrow::Cow;
use std::hash::BuildHasher;

/// All strings, one after the other, each stored once.
#[derive(Clone, Default, PartialEq, Debug)]
pub(crate) struct Strings {
    text: Cow<'static, str>,
    /// Where each string ends; it starts where the one before it ends.
    ends: Vec<u32>,
}

impl Strings {
    pub(crate) fn get(&self, sym: Sym) -> &str {
        let i = sym.index();
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.text[start..self.ends[i] as usize]
    }

    /// A table over a text that is there. The ends must be in order, inside the text and on character boundaries.
    pub(crate) fn new(text: Cow<'static, str>, ends: Vec<u32>) -> Self {
        Self { text, ends }
    }

    /// All of them as one text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// All of them, in the order of their ids.
    pub(crate) fn all(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.ends.len()).map(|i| self.get(Sym::from_index(i)))
    }

    fn push(&mut self, s: &str) -> Sym {
        self.text.to_mut().push_str(s);
        let end = u32::try_from(self.text.len()).expect("the strings of a schema stay below 4 GiB");
        self.ends.push(end);
        Sym::from_index(self.ends.len() - 1)
    }
}

/// Fills a [`Strings`], each string once.
#[derive(Default, Debug)]
pub(crate) struct Interner {
    pub(crate) strings: Strings,
    /// Which strings there are; the strings themselves stand in the table alone.
    known: HashTable<Sym>,
    hash: DefaultHashBuilder,
}

impl Interner {
    pub(crate) fn intern(&mut self, s: &str) -> Sym {
        let Self { strings, known, hash } = self;
        let entry = known.entry(
            hash.hash_one(s),
            |&sym| strings.get(sym) == s,
            |&sym| hash.hash_one(strings.get(sym)),
        );
        match entry {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => {
                let sym = strings.push(s);
                place.insert(sym);
                sym
            }
        }
    }

    /// The id of a string that is there.
    pub(crate) fn find(&self, s: &str) -> Option<Sym> {
        self.known.find(self.hash.hash_one(s), |&sym| self.strings.get(sym) == s).copied()
    }
}

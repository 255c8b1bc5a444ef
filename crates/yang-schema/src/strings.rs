//! The one string table of a schema.

use crate::Sym;
use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};
use serde::{Deserialize, Serialize};
use std::hash::BuildHasher;

/// All strings, one after the other, each stored once.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) struct Strings {
    text: String,
    /// Where each string ends; it starts where the one before it ends.
    ends: Vec<u32>,
}

impl Strings {
    pub(crate) fn get(&self, sym: Sym) -> &str {
        let i = sym.index();
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.text[start..self.ends[i] as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Are the ends in order, inside the text and on character boundaries? A damaged blob may hold anything.
    pub(crate) fn is_sound(&self) -> bool {
        self.ends.is_sorted()
            && self.ends.last().is_none_or(|&e| e as usize == self.text.len())
            && self.ends.iter().all(|&e| self.text.is_char_boundary(e as usize))
    }

    fn push(&mut self, s: &str) -> Sym {
        self.text.push_str(s);
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

//! The one string table of a schema.

use crate::Sym;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

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
    known: HashMap<Box<str>, Sym>,
}

impl Interner {
    pub(crate) fn intern(&mut self, s: &str) -> Sym {
        if let Some(&sym) = self.known.get(s) {
            return sym;
        }
        let sym = self.strings.push(s);
        self.known.insert(s.into(), sym);
        sym
    }
}

//! Lists with keys (RFC 7950 section 7.8): entries in order, found by their keys.

use super::links::{Links, NONE};
use super::{HasTable, ListSlot, Node};
use std::borrow::{Borrow, Cow};
use std::fmt;
use std::hash::Hash;

/// An entry of a list with keys.
pub trait Entry: Node + HasTable + Default + Clone + PartialEq + fmt::Debug {
    /// Its key: the type of the key leaf, or a tuple where there are several.
    type Key: Clone + Eq + Ord + Hash + fmt::Debug + Send + Sync;

    /// Its key.
    fn key(&self) -> Cow<'_, Self::Key>;
}

/// The entries of a list: a map that keeps order. Entries stand in the order they came in, and where the model says
/// `ordered-by user` they can be put in another.
///
/// Looking up, adding, removing and moving an entry take the same time whatever the length.
///
/// Keys stand in the entries alone. Whoever changes one in place (through [`get_mut`](Self::get_mut) or
/// [`for_each_mut`](Self::for_each_mut)) takes the entry out of the index: `validate()` reports it. Remove and insert instead.
pub struct List<E: Entry> {
    entries: Vec<Option<E>>,
    /// Nothing as long as there was no entry.
    links: Option<Box<Links>>,
}

/// Where an entry goes among the others (RFC 7950 section 7.8.6).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Position<'k, K> {
    /// In front of all.
    First,
    /// Behind all.
    Last,
    /// In front of the entry with this key.
    Before(&'k K),
    /// Behind the entry with this key.
    After(&'k K),
}

/// There is no entry with this key to stand before or after.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("there is no entry with the key to insert before or after")]
pub struct MissingInstance;

impl<E: Entry> List<E> {
    /// An empty list.
    pub const fn new() -> Self {
        Self { entries: Vec::new(), links: None }
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.links.as_ref().map_or(0, |links| links.len())
    }

    /// Has it none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry with a key.
    pub fn get<Q>(&self, key: &Q) -> Option<&E>
    where
        E::Key: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.find(key).and_then(|at| self.entry(at))
    }

    /// The entry with a key. Its key leaves must not be changed.
    pub fn get_mut<Q>(&mut self, key: &Q) -> Option<&mut E>
    where
        E::Key: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let at = self.find(key)?;
        self.entries.get_mut(at as usize)?.as_mut()
    }

    /// Is there an entry with a key?
    pub fn contains_key<Q>(&self, key: &Q) -> bool
    where
        E::Key: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.find(key).is_some()
    }

    /// Adds an entry behind all others; or puts it in the place of the one with its key, which it gives back.
    pub fn insert(&mut self, entry: E) -> Option<E> {
        match self.find_like(&entry) {
            Some(at) => self.entries[at as usize].replace(entry),
            None => {
                self.link(entry, NONE);
                None
            }
        }
    }

    /// Adds an entry behind all others, unless there is one with its key.
    ///
    /// # Errors
    /// There is one: the new entry comes back.
    #[allow(clippy::result_large_err, reason = "it is the caller's own value")]
    pub fn try_insert(&mut self, entry: E) -> Result<(), E> {
        if self.find_like(&entry).is_some() {
            return Err(entry);
        }
        self.link(entry, NONE);
        Ok(())
    }

    /// Puts an entry in its place among the others; one with its key that is there already is replaced and moved, and
    /// comes back.
    ///
    /// # Errors
    /// The entry to stand before or after is not there; nothing changes then.
    pub fn insert_at(
        &mut self,
        entry: E,
        position: Position<'_, E::Key>,
    ) -> Result<Option<E>, MissingInstance> {
        let own = self.find_like(&entry);
        let next = match position {
            Position::First => self.first(),
            Position::Last => NONE,
            Position::Before(key) => self.find(key).ok_or(MissingInstance)?,
            Position::After(key) => {
                let at = self.find(key).ok_or(MissingInstance)?;
                self.after(at)
            }
        };
        // It may stand beside itself: then it stays, or stands before the one after it.
        let next = if Some(next) == own { self.after(next) } else { next };
        let old = own.and_then(|at| self.unlink(at));
        self.link(entry, next);
        Ok(old)
    }

    /// Takes out the entry with a key; the others keep their order.
    pub fn remove<Q>(&mut self, key: &Q) -> Option<E>
    where
        E::Key: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let at = self.find(key)?;
        self.unlink(at)
    }

    /// Takes out all entries.
    pub fn clear(&mut self) {
        *self = Self::new();
    }

    /// The entries in order.
    pub fn iter(&self) -> Iter<'_, E> {
        Iter { list: self, next: self.first(), left: self.len() }
    }

    /// Changes each entry, in order. Key leaves must not be changed.
    pub fn for_each_mut(&mut self, mut change: impl FnMut(&mut E)) {
        let mut at = self.first();
        while let Some(slot) = self.entries.get_mut(at as usize) {
            if let Some(entry) = slot {
                change(entry);
            }
            at = self.after(at);
        }
    }

    /// The keys in order.
    pub fn keys(&self) -> impl Iterator<Item = Cow<'_, E::Key>> {
        self.iter().map(Entry::key)
    }

    pub(crate) fn links(&self) -> Option<&Links> {
        self.links.as_deref()
    }

    pub(crate) fn entry(&self, at: u32) -> Option<&E> {
        self.entries.get(at as usize)?.as_ref()
    }

    fn first(&self) -> u32 {
        self.links.as_ref().map_or(NONE, |links| links.first())
    }

    fn after(&self, at: u32) -> u32 {
        self.links.as_ref().map_or(NONE, |links| links.after(at))
    }

    fn find<Q>(&self, key: &Q) -> Option<u32>
    where
        E::Key: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let same = |at: u32| self.entry(at).is_some_and(|e| (*e.key()).borrow() == key);
        self.links.as_ref()?.find(key, &same)
    }

    fn find_like(&self, entry: &E) -> Option<u32> {
        self.links.as_ref()?.find_like(entry, &|at| node(&self.entries, at))
    }

    /// Puts a new entry in front of the slot `next`, or behind all.
    fn link(&mut self, entry: E, next: u32) {
        let Self { entries, links } = self;
        let at = links.get_or_insert_default().link(&entry, next, &|at| node(entries, at));
        match entries.get_mut(at as usize) {
            Some(slot) => *slot = Some(entry),
            None => entries.push(Some(entry)),
        }
    }

    /// Takes the entry of a slot out.
    fn unlink(&mut self, at: u32) -> Option<E> {
        let entry = self.entries.get_mut(at as usize)?.take()?;
        if let Some(links) = &mut self.links {
            links.unlink(&entry, at);
        }
        Some(entry)
    }
}

fn node<E: Entry>(entries: &[Option<E>], at: u32) -> Option<&dyn Node> {
    entries.get(at as usize)?.as_ref().map(|entry| entry as &dyn Node)
}

impl<E: Entry> Default for List<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Entry> Clone for List<E> {
    fn clone(&self) -> Self {
        self.iter().cloned().collect()
    }
}

/// Entries of a list that users order are the same in the same order, of another in any order.
impl<E: Entry> PartialEq for List<E> {
    fn eq(&self, other: &Self) -> bool {
        (self as &dyn ListSlot).same(other)
    }
}

impl<E: Entry> fmt::Debug for List<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl<E: Entry> FromIterator<E> for List<E> {
    fn from_iter<I: IntoIterator<Item = E>>(entries: I) -> Self {
        let mut list = Self::new();
        list.extend(entries);
        list
    }
}

impl<E: Entry> Extend<E> for List<E> {
    fn extend<I: IntoIterator<Item = E>>(&mut self, entries: I) {
        for entry in entries {
            self.insert(entry);
        }
    }
}

impl<E: Entry, const N: usize> From<[E; N]> for List<E> {
    fn from(entries: [E; N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<E: Entry> From<Vec<E>> for List<E> {
    fn from(entries: Vec<E>) -> Self {
        entries.into_iter().collect()
    }
}

/// The entries of a [`List`] in order.
pub struct Iter<'l, E: Entry> {
    list: &'l List<E>,
    next: u32,
    left: usize,
}

impl<'l, E: Entry> Iterator for Iter<'l, E> {
    type Item = &'l E;

    fn next(&mut self) -> Option<&'l E> {
        let entry = self.list.entry(self.next)?;
        self.next = self.list.after(self.next);
        self.left = self.left.saturating_sub(1);
        Some(entry)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<E: Entry> ExactSizeIterator for Iter<'_, E> {}

impl<'l, E: Entry> IntoIterator for &'l List<E> {
    type Item = &'l E;
    type IntoIter = Iter<'l, E>;

    fn into_iter(self) -> Iter<'l, E> {
        self.iter()
    }
}

/// The entries of a [`List`], taken out in order.
pub struct IntoIter<E> {
    entries: Vec<Option<E>>,
    links: Option<Box<Links>>,
    next: u32,
}

impl<E> Iterator for IntoIter<E> {
    type Item = E;

    fn next(&mut self) -> Option<E> {
        let entry = self.entries.get_mut(self.next as usize)?.take();
        self.next = self.links.as_ref().map_or(NONE, |links| links.after(self.next));
        entry
    }
}

impl<E: Entry> IntoIterator for List<E> {
    type Item = E;
    type IntoIter = IntoIter<E>;

    fn into_iter(self) -> IntoIter<E> {
        let next = self.first();
        IntoIter { entries: self.entries, links: self.links, next }
    }
}

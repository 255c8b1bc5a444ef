//! The order and the index of a list's entries: all of a [`List`](super::List) that does not depend on their type, compiled once and not
//! once a list.

use super::{Node, Slot};
use hashbrown::HashTable;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

/// No slot.
pub(super) const NONE: u32 = u32::MAX;

/// Which slots of a list hold entries, in which order, and where the entry with a key is. The entries themselves are the list's:
/// it is asked for them by their slots.
#[derive(Debug)]
pub struct Links {
    slots: Vec<Link>,
    /// Slots without an entry.
    free: Vec<u32>,
    first: u32,
    last: u32,
    index: HashTable<u32>,
    hasher: RandomState,
}

#[derive(Debug)]
struct Link {
    before: u32,
    after: u32,
}

/// The entry in a slot.
pub(super) type At<'f, 'e> = &'f dyn Fn(u32) -> Option<&'e dyn Node>;

impl Default for Links {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
            first: NONE,
            last: NONE,
            index: HashTable::new(),
            hasher: RandomState::new(),
        }
    }
}

impl Links {
    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// The slot of the first entry.
    pub(super) fn first(&self) -> u32 {
        self.first
    }

    /// The slot behind another.
    pub(super) fn after(&self, at: u32) -> u32 {
        self.slots.get(at as usize).map_or(NONE, |link| link.after)
    }

    /// The slot that `is` says yes to, of those whose keys may be `key`.
    pub(super) fn find<Q: Hash + ?Sized>(&self, key: &Q, is: &dyn Fn(u32) -> bool) -> Option<u32> {
        self.find_hash(self.hasher.hash_one(key), is)
    }

    fn find_hash(&self, hash: u64, is: &dyn Fn(u32) -> bool) -> Option<u32> {
        self.index.find(hash, |&at| is(at)).copied()
    }

    /// The slot of the entry that has the keys of another.
    pub(super) fn find_like(&self, entry: &dyn Node, at: At<'_, '_>) -> Option<u32> {
        self.find_hash(self.hash(entry), &|slot| at(slot).is_some_and(|other| same_keys(entry, other)))
    }

    /// Puts a new entry in front of the slot `next`, or behind all. Gives its slot: one of those before, or one more.
    pub(super) fn link(&mut self, entry: &dyn Node, next: u32, entries: At<'_, '_>) -> u32 {
        let hash = self.hash(entry);
        let before = match self.slots.get(next as usize) {
            Some(link) => link.before,
            None => self.last,
        };
        let link = Link { before, after: next };
        let at = match self.free.pop() {
            Some(at) => {
                self.slots[at as usize] = link;
                at
            }
            None => {
                let at = u32::try_from(self.slots.len()).ok().filter(|&at| at != NONE);
                self.slots.push(link);
                at.expect("a list holds fewer than 2^32 - 1 entries")
            }
        };
        match self.slots.get_mut(before as usize) {
            Some(link) => link.after = at,
            None => self.first = at,
        }
        match self.slots.get_mut(next as usize) {
            Some(link) => link.before = at,
            None => self.last = at,
        }
        let Self { index, hasher, .. } = self;
        index.insert_unique(hash, at, |&at| entries(at).map_or(0, |entry| hash_keys(hasher, entry)));
        at
    }

    /// Takes the slot of an entry out. It is looked for by its number, since the entry's keys may have been changed.
    pub(super) fn unlink(&mut self, entry: &dyn Node, at: u32) {
        let Some(&Link { before, after }) = self.slots.get(at as usize) else { return };
        if let Ok(found) = self.index.find_entry(self.hash(entry), |&other| other == at) {
            found.remove();
        }
        match self.slots.get_mut(before as usize) {
            Some(link) => link.after = after,
            None => self.first = after,
        }
        match self.slots.get_mut(after as usize) {
            Some(link) => link.before = before,
            None => self.last = before,
        }
        self.free.push(at);
    }

    fn hash(&self, entry: &dyn Node) -> u64 {
        hash_keys(&self.hasher, entry)
    }
}

/// The hash of an entry's keys: that of their tuple, or of the one that there is.
fn hash_keys(hasher: &RandomState, entry: &dyn Node) -> u64 {
    let mut state = hasher.build_hasher();
    for &key in entry.node_table().keys {
        if let Slot::Leaf(leaf) = entry.slot(key)
            && let Some(value) = leaf.get()
        {
            value.hash_into(&mut state);
        }
    }
    state.finish()
}

fn same_keys(a: &dyn Node, b: &dyn Node) -> bool {
    a.node_table().keys.iter().all(|&key| match (a.slot(key), b.slot(key)) {
        (Slot::Leaf(a), Slot::Leaf(b)) => match (a.get(), b.get()) {
            (Some(a), Some(b)) => a.same(b),
            (a, b) => a.is_none() && b.is_none(),
        },
        _ => false,
    })
}

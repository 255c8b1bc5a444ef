//! Configuration as entries of a [`Store`](crate::store::Store).
//!
//! A *unit* is the root or a list entry, with all that stands in it outside further list entries. A unit is one entry of
//! the store: its key is its path, its value the content. So a commit writes what it changed, and nothing more. The keys
//! of a unit sort behind that of the unit it stands in, entries of one list in the typed order of their keys.
//!
//! The order of a list that is `ordered-by user` stands in an entry of its own, written when the order changes.
//!
//! No id of the schema is written: names of nodes, enums and identities are numbers in the store's own table of names,
//! values are in their canonical form.

mod key;
mod load;
mod names;
mod stored;
mod unit;

pub(crate) use load::StoredSource;
pub(crate) use names::Names;
pub(crate) use stored::{StoredName, StoredNote, StoredText, attributes};
pub(crate) use unit::{Changes, write_all};

use crate::store::{Entry, Truncated};

/// In front of the keys of `startup`; those of `running` begin with a step.
pub(crate) const STARTUP: u8 = 0x40;

/// The key that is there once there is a `startup`.
pub(crate) const STARTUP_IS_THERE: [u8; 1] = [0x41];

/// Is it a key of `startup`?
pub(crate) fn is_of_startup(key: &[u8]) -> bool {
    key.first().is_some_and(|&first| first >= STARTUP)
}

/// The entries of `running`, and those of `startup` with their keys as `running` would have them, if there is one.
pub(crate) fn split(entries: &[Entry]) -> (&[Entry], Option<Vec<Entry>>) {
    let (running, rest) = entries.split_at(entries.partition_point(|e| !is_of_startup(&e.key)));
    let is_there = rest.iter().any(|e| *e.key == STARTUP_IS_THERE);
    let startup = rest.iter().filter(|e| e.key[0] == STARTUP);
    let startup = startup.map(|e| Entry { key: e.key[1..].into(), value: e.value.clone() });
    (running, is_there.then(|| startup.collect()))
}

/// What a store holds cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PersistError {
    /// Its bytes make no sense.
    #[error("the store holds an entry that cannot be read: {0}")]
    Damaged(String),
    /// Content that cannot be written.
    #[error("this cannot be stored: {0}")]
    Unwritable(String),
}

impl From<Truncated> for PersistError {
    fn from(error: Truncated) -> Self {
        Self::Damaged(error.to_string())
    }
}

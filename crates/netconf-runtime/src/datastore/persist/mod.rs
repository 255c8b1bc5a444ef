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
mod unit;

pub(crate) use load::StoredSource;
pub(crate) use names::Names;
pub(crate) use unit::{Changes, write_all};

use crate::store::Truncated;

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

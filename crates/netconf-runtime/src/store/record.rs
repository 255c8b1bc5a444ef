//! What a commit log holds.

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

/// A position in a log: the number of records appended so far. The log starts at 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Head(pub u64);

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What one commit changes.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Record {
    /// Who, when, why.
    pub stamp: Stamp,
    /// Names that it is the first to use.
    pub names: Vec<NewName>,
    /// What it writes. No key stands twice.
    pub writes: Vec<Write>,
}

/// Who committed, when, and under which conditions.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Stamp {
    /// The transaction's id: never the same twice.
    pub transaction: String,
    /// Milliseconds since 1970.
    pub time_ms: u64,
    /// The user; empty for the server itself.
    pub user: String,
    /// The session; 0 for the server itself.
    pub session: u32,
    /// What the user says about it.
    pub comment: Option<String>,
    /// A confirmed commit that waits for its confirmation (RFC 6241 section 8.4) after this record.
    pub confirmed: Option<Confirmed>,
}

impl Stamp {
    /// When, as RFC 3339 writes it.
    #[must_use]
    pub fn when(&self) -> String {
        crate::server::time::timestamp(UNIX_EPOCH + Duration::from_millis(self.time_ms))
    }
}

/// A confirmed commit that waits (RFC 6241 section 8.4).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Confirmed {
    /// `persist`: without it the commit ends with its session.
    pub persist_id: Option<String>,
    /// When it is undone, in milliseconds since 1970.
    pub deadline_ms: u64,
    /// The state to go back to.
    pub rollback_to: Head,
}

/// A name and the id that stands for it in keys and values. Ids are given from 0 without a gap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewName {
    /// The id.
    pub id: u32,
    /// The name.
    pub name: String,
}

/// A value to store under a key, or to remove.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Write {
    /// The key.
    pub key: Vec<u8>,
    /// The value; `None` removes the key.
    pub value: Option<Vec<u8>>,
}

/// A record in the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogEntry {
    /// The head after it.
    pub head: Head,
    /// Who, when, why.
    pub stamp: Stamp,
    /// What it changed, in both directions: so can it be undone.
    pub changes: Vec<Change>,
}

/// What became of one key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The key.
    pub key: Vec<u8>,
    /// Its value before; `None` if there was none.
    pub before: Option<Vec<u8>>,
    /// Its value after; `None` if it was removed.
    pub after: Option<Vec<u8>>,
}

//! What outlives the server: an asynchronous commit log with a head.
//!
//! A [`Store`] holds neutral entries (bytes to bytes) and the log of the [`Record`]s that made them. [`Store::append`] adds
//! a record if the head is where the caller believes it to be, and moves the head: the entries, the record and the head
//! change together or not at all. The meaning of keys and values is the datastore's; a store never sees a schema. Ids of
//! a schema never come here: keys and values speak through the store's own table of names, which only ever grows.
//!
//! [`MemoryStore`] forgets all when it is dropped; `RedbStore` (feature `store-redb`) is the embedded default.

mod memory;
mod record;
#[cfg(feature = "store-redb")]
mod redb;
#[cfg(test)]
mod tests;
mod wire;

pub use self::memory::MemoryStore;
pub use self::record::{Change, Confirmed, Head, LogEntry, NewName, Record, Stamp, Write};
#[cfg(feature = "store-redb")]
pub use self::redb::RedbStore;
#[cfg(all(test, feature = "store-redb"))]
pub(crate) use self::redb::disk;
pub(crate) use self::wire::{Reader, Truncated, Writer};

use crate::server::service::BoxFuture;
use std::path::PathBuf;
use tokio::sync::watch;

/// A commit log with a head.
pub trait Store: Send + Sync + 'static {
    /// Everything as of the head.
    fn load(&self) -> BoxFuture<'_, Result<Loaded, StoreError>>;

    /// Adds a record and moves the head, if the head is `expected`. Durable once it returns. The operation runs to its end
    /// also if the future is dropped.
    fn append(&self, expected: Head, record: Record) -> BoxFuture<'_, Result<Head, StoreError>>;

    /// Makes loading independent of records up to and including `upto`, and forgets these.
    fn checkpoint(&self, upto: Head) -> BoxFuture<'_, Result<(), StoreError>>;

    /// The newest records, newest first, at most `limit`, none newer than `from`.
    fn history(&self, from: Head, limit: usize) -> BoxFuture<'_, Result<Vec<LogEntry>, StoreError>>;

    /// Where the head is, and each time it moves.
    fn watch(&self) -> watch::Receiver<Head>;
}

/// What a store holds at its head.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Loaded {
    /// The head.
    pub head: Head,
    /// The name of each id, from 0.
    pub names: Vec<String>,
    /// All entries, in the order of their keys.
    pub entries: Vec<Entry>,
    /// Who moved the head there; `None` at the start of a log, and when that record is forgotten.
    pub last: Option<Stamp>,
}

/// A key and its value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The key.
    pub key: Box<[u8]>,
    /// The value.
    pub value: Box<[u8]>,
}

/// Why a store does not do what it should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Somebody else appended.
    #[error("the head of the store is {found}, not {expected}: another writer was there")]
    HeadMoved {
        /// Where the caller believed the head to be.
        expected: Head,
        /// Where it is.
        found: Head,
    },
    /// The log does not go back so far.
    #[error("the log of commits does not remember commit {0}")]
    Forgotten(Head),
    /// The record breaks a rule of the log.
    #[error("the record cannot be appended: {0}")]
    BadRecord(String),
    /// The file belongs to something else.
    #[error("{path} is not a store of this library: {why}")]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is instead, as far as one can tell.
        why: String,
    },
    /// A newer version of this library made it.
    #[error("{path} has format version {found}; this version of the library reads up to {supported}")]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version in the file.
        found: u32,
        /// The newest that is read here.
        supported: u32,
    },
    /// It is not as it was written.
    #[error("{path} is damaged: {why}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// Another process, or another server in this one, has it open.
    #[error("{0} is in use by another server")]
    InUse(PathBuf),
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A commit failed while it was written, and the disk does not let one see to it that it is not there. Until it does, nothing is
    /// read or written.
    #[error(
        "{0}; whether the commit reached the disk shows when the disk works again, and it is then undone; until then nothing can be \
         written"
    )]
    Unsettled(Box<StoreError>),
    /// The store below failed in another way.
    #[error("{path}: {why}")]
    Failed {
        /// The file.
        path: PathBuf,
        /// What it says.
        why: String,
    },
}

impl StoreError {
    /// Is there no room left?
    pub fn is_full(&self) -> bool {
        match self {
            Self::Io { source, .. } => source.kind() == std::io::ErrorKind::StorageFull,
            Self::Unsettled(how) => how.is_full(),
            _ => false,
        }
    }
}

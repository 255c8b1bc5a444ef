//! What goes wrong in and below redb, in the words of a store.

use super::super::StoreError;
use std::io;
use std::path::Path;

/// What can go wrong inside a transaction.
pub(super) enum Fault {
    Ours(StoreError),
    Redb(Box<redb::Error>),
}

impl Fault {
    pub(super) fn at(self, path: &Path) -> StoreError {
        match self {
            Fault::Ours(error) => error,
            Fault::Redb(error) => refusal(path, *error),
        }
    }
}

impl<E: Into<redb::Error>> From<E> for Fault {
    fn from(error: E) -> Self {
        Fault::Redb(Box::new(error.into()))
    }
}

pub(super) fn corrupted(why: &str) -> Fault {
    Fault::Redb(Box::new(redb::Error::Corrupted(why.to_owned())))
}

pub(super) fn io_error(path: &Path, source: io::Error) -> StoreError {
    StoreError::Io { path: path.to_owned(), source }
}

pub(super) fn refusal(path: &Path, error: redb::Error) -> StoreError {
    let path = path.to_owned();
    match error {
        redb::Error::DatabaseAlreadyOpen => StoreError::InUse(path),
        redb::Error::Corrupted(why) => StoreError::Damaged { path, why },
        redb::Error::Io(e) if e.kind() == io::ErrorKind::InvalidData => {
            StoreError::Damaged { path, why: e.to_string() }
        }
        redb::Error::Io(e) if e.kind() == io::ErrorKind::UnexpectedEof => {
            StoreError::Damaged { path, why: "it ends too early".to_owned() }
        }
        redb::Error::Io(source) => StoreError::Io { path, source },
        other => StoreError::Failed { path, why: other.to_string() },
    }
}

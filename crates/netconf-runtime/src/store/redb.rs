//! The embedded store: one redb file that holds the materialised entries, the log and the names.
//!
//! Each append is one transaction over all three, with quick repair on: a commit costs a little more, and opening after a
//! kill costs half a millisecond whatever the size. redb blocks, so every call runs on a thread that may.
//!
//! When the disk fails redb takes no more, and the next operation opens the file anew. A commit that failed while it was written may
//! be there then, at least in what the system remembers of the file; it was refused, so it is undone before anything else. Until that
//! works nothing is read or written.

#[cfg(test)]
pub(crate) mod disk;
mod fault;
mod file;
#[cfg(test)]
mod tests;

use super::wire::LogEntryWriter;
use super::{Change, Entry, Head, Loaded, LogEntry, Record, Store, StoreError, Write};
use crate::server::service::BoxFuture;
use fault::{Fault, corrupted, refusal};
use redb::{Database, Durability, ReadableDatabase, ReadableTable, TableDefinition};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// The version of the layout below. Raised whenever an older library could misread a file.
const FORMAT: u32 = 1;
/// What says that a redb file is a store of ours.
const KIND: &str = "netconf-runtime store";
/// Bytes of one piece of a log entry: large records do not ask for large pages. A page has a power of two, and with the piece holds its
/// key and its own header.
const PIECE: usize = (1 << 16) - (1 << 10);
/// Bytes of redb's cache. The configuration lives in memory anyhow.
const CACHE: usize = 1 << 20;

/// `kind`, `format` (4 bytes) and `head` (8 bytes), little-endian.
const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");
const NAMES: TableDefinition<'_, u32, &str> = TableDefinition::new("names");
const DATA: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("data");
/// Head and number of the piece.
const LOG: TableDefinition<'_, (u64, u32), &[u8]> = TableDefinition::new("log");

/// A [`Store`] in a file of redb.
#[derive(Clone)]
pub struct RedbStore {
    inner: Arc<Inner>,
}

impl std::fmt::Debug for RedbStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedbStore").field("path", &self.inner.path).finish_non_exhaustive()
    }
}

struct Inner {
    path: PathBuf,
    open: Open,
    state: Mutex<State>,
    head: watch::Sender<Head>,
}

/// Opens the database, each time that it has to be opened anew.
type Open = Box<dyn Fn(&Path) -> Result<Database, Fault> + Send + Sync>;

struct State {
    /// `None` after the file system failed: redb then takes no more, the file is opened anew for the next operation.
    db: Option<Database>,
    /// What has to be undone first.
    refused: Option<Refused>,
}

/// A commit that failed while it was written.
struct Refused {
    /// The head that it has, if it is there.
    head: Head,
    transaction: String,
    /// How many names there were before it.
    names: u32,
}

impl RedbStore {
    /// Opens the store of a directory, which is made if it is missing, readable by its owner alone.
    ///
    /// # Errors
    /// What is foreign, newer, damaged or in use is refused and stays as it is.
    pub async fn open(directory: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let directory = directory.into();
        blocking(directory.clone(), move || Self::over(file::of_directory(&directory)?, Box::new(file::open)))
            .await
    }

    /// Opens the store in a file: one that was put aside.
    ///
    /// # Errors
    /// What is missing, foreign, newer, damaged or in use is refused and stays as it is.
    pub async fn open_file(path: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let path = path.into();
        blocking(path.clone(), move || Self::over(path, Box::new(file::open))).await
    }

    /// Is there a store in a directory?
    pub fn is_in(directory: impl AsRef<Path>) -> bool {
        file::is_in(directory.as_ref())
    }

    /// Gives the file of a directory another name, so that a new one can be made: one that cannot be used is not thrown away. Says which.
    ///
    /// # Errors
    /// The file system refuses.
    pub async fn put_aside(directory: impl Into<PathBuf>) -> Result<PathBuf, StoreError> {
        let directory = directory.into();
        blocking(directory.clone(), move || file::put_aside(&directory)).await
    }

    fn over(path: PathBuf, open: Open) -> Result<Self, StoreError> {
        let opened = || -> Result<_, Fault> {
            let db = open(&path)?;
            let head = check(&db, &path)?;
            Ok((db, head))
        };
        let (db, head) = opened().map_err(|fault| fault.at(&path))?;
        let state = Mutex::new(State { db: Some(db), refused: None });
        Ok(Self { inner: Arc::new(Inner { path, open, state, head: watch::Sender::new(head) }) })
    }

    /// Runs work on the open database on a thread that may block.
    fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner, &Database) -> Result<T, Fault> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StoreError>> {
        let inner = Arc::clone(&self.inner);
        Box::pin(blocking(self.inner.path.clone(), move || inner.with(|db| work(&inner, db))))
    }
}

impl Inner {
    fn with<T>(&self, work: impl FnOnce(&Database) -> Result<T, Fault>) -> Result<T, StoreError> {
        self.with_state(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner), work)
    }

    fn with_state<T>(
        &self,
        state: &mut State,
        work: impl FnOnce(&Database) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let db = match state.db.take() {
            Some(db) => db,
            None => (self.open)(&self.path).map_err(|fault| fault.at(&self.path))?,
        };
        if let Some(refused) = &state.refused {
            // What fails here drops the database, and the next operation tries again.
            undo(&db, refused).map_err(|fault| fault.at(&self.path))?;
            state.refused = None;
        }
        match work(&db) {
            Ok(done) => {
                state.db = Some(db);
                Ok(done)
            }
            Err(Fault::Ours(error)) => {
                state.db = Some(db);
                Err(error)
            }
            // Whatever redb says, the next operation starts from what is on disk.
            Err(Fault::Redb(error)) => Err(refusal(&self.path, *error)),
        }
    }

    /// Appends. What fails is not there afterwards, as far as the disk lets one see to it.
    fn append(&self, expected: Head, record: Record) -> Result<Head, StoreError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = record.stamp.transaction.clone();
        let mut attempted = None;
        match self.with_state(&mut state, |db| write(db, expected, record, &mut attempted)) {
            Ok(head) => {
                self.head.send_replace(head);
                Ok(head)
            }
            Err(error) => {
                let Some(names) = attempted else { return Err(error) };
                state.refused = Some(Refused { head: Head(expected.0 + 1), transaction, names });
                match self.with_state(&mut state, |_| Ok(())) {
                    Ok(()) => Err(error),
                    Err(then) => {
                        tracing::error!(%error, %then, "a commit failed while it was written, and cannot be undone yet");
                        Err(StoreError::Unsettled(Box::new(error)))
                    }
                }
            }
        }
    }
}

impl Store for RedbStore {
    fn load(&self) -> BoxFuture<'_, Result<Loaded, StoreError>> {
        self.run(|inner, db| {
            let read = db.begin_read()?;
            let head = read_head(&read.open_table(META)?)?;
            let mut names = Vec::new();
            for item in read.open_table(NAMES)?.iter()? {
                let (id, name) = item?;
                if id.value() as usize != names.len() {
                    return Err(inner.damaged(format!("the name {} is missing", names.len())));
                }
                names.push(name.value().to_owned());
            }
            let mut entries = Vec::new();
            for item in read.open_table(DATA)?.iter()? {
                let (key, value) = item?;
                entries.push(Entry { key: key.value().into(), value: value.value().into() });
            }
            let last = read_entry(&read.open_table(LOG)?, head.0)?.map(|entry| entry.stamp);
            Ok(Loaded { head, names, entries, last })
        })
    }

    fn append(&self, expected: Head, record: Record) -> BoxFuture<'_, Result<Head, StoreError>> {
        let inner = Arc::clone(&self.inner);
        Box::pin(blocking(self.inner.path.clone(), move || inner.append(expected, record)))
    }

    fn checkpoint(&self, upto: Head) -> BoxFuture<'_, Result<(), StoreError>> {
        self.run(move |_, db| {
            let mut txn = db.begin_write()?;
            txn.set_quick_repair(true);
            {
                let mut log = txn.open_table(LOG)?;
                log.retain_in((0, 0)..=(upto.0, u32::MAX), |_, _| false)?;
            }
            txn.commit()?;
            Ok(())
        })
    }

    fn history(&self, from: Head, limit: usize) -> BoxFuture<'_, Result<Vec<LogEntry>, StoreError>> {
        self.run(move |_, db| {
            let read = db.begin_read()?;
            let log = read.open_table(LOG)?;
            let head = from.min(read_head(&read.open_table(META)?)?);
            let mut entries = Vec::new();
            for at in (1..=head.0).rev().take(limit) {
                // The oldest are forgotten, never one in between.
                let Some(entry) = read_entry(&log, at)? else { break };
                entries.push(entry);
            }
            Ok(entries)
        })
    }

    fn watch(&self) -> watch::Receiver<Head> {
        self.inner.head.subscribe()
    }
}

impl Inner {
    fn damaged(&self, why: impl Into<String>) -> Fault {
        Fault::Ours(StoreError::Damaged { path: self.path.clone(), why: why.into() })
    }
}

/// One append, as one transaction. `attempted` is how many names there were, once its commit began.
fn write(db: &Database, expected: Head, record: Record, attempted: &mut Option<u32>) -> Result<Head, Fault> {
    let mut txn = db.begin_write()?;
    txn.set_quick_repair(true);
    txn.set_durability(Durability::Immediate).map_err(|e| Fault::Redb(Box::new(e.into())))?;
    let head = Head(expected.0 + 1);
    let known;
    {
        let mut meta = txn.open_table(META)?;
        let found = read_head(&meta)?;
        if found != expected {
            return Err(Fault::Ours(StoreError::HeadMoved { expected, found }));
        }
        let mut names = txn.open_table(NAMES)?;
        known = names.last()?.map_or(0, |(id, _)| id.value() + 1);
        record.check(known as usize).map_err(Fault::Ours)?;
        for name in &record.names {
            names.insert(name.id, name.name.as_str())?;
        }
        let mut data = txn.open_table(DATA)?;
        let mut log = txn.open_table(LOG)?;
        let mut pieces = 0u32..;
        let mut add = |part: &[u8]| -> Result<(), Fault> {
            let piece =
                pieces.next().ok_or_else(|| corrupted("a record has more pieces than can be counted"))?;
            log.insert((head.0, piece), part)?;
            Ok(())
        };
        let mut entry = LogEntryWriter::new(&record.stamp, record.writes.len());
        for Write { key, value } in record.writes {
            let before = match &value {
                Some(value) => data.insert(key.as_slice(), value.as_slice())?,
                None => data.remove(key.as_slice())?,
            };
            entry.change(&key, before.as_ref().map(|guard| guard.value()), value.as_deref());
            entry.take_pieces(PIECE, &mut add)?;
        }
        let rest = entry.finish();
        if !rest.is_empty() {
            add(&rest)?;
        }
        meta.insert("head", head.0.to_le_bytes().as_slice())?;
    }
    *attempted = Some(known);
    txn.commit()?;
    Ok(head)
}

/// Takes a commit back that was refused, if it is there all the same.
fn undo(db: &Database, refused: &Refused) -> Result<(), Fault> {
    let mut txn = db.begin_write()?;
    txn.set_quick_repair(true);
    {
        let mut log = txn.open_table(LOG)?;
        let Some(entry) = read_entry(&log, refused.head.0)? else { return Ok(()) };
        if entry.stamp.transaction != refused.transaction {
            return Ok(());
        }
        tracing::warn!(
            commit = refused.head.0,
            "a commit that failed while it was written is on disk; it is undone"
        );
        let mut data = txn.open_table(DATA)?;
        for Change { key, before, .. } in entry.changes {
            match before {
                Some(value) => drop(data.insert(key.as_slice(), value.as_slice())?),
                None => drop(data.remove(key.as_slice())?),
            }
        }
        txn.open_table(NAMES)?.retain_in(refused.names.., |_, _| false)?;
        log.retain_in((refused.head.0, 0)..=(refused.head.0, u32::MAX), |_, _| false)?;
        txn.open_table(META)?.insert("head", (refused.head.0 - 1).to_le_bytes().as_slice())?;
    }
    txn.commit()?;
    Ok(())
}

fn read_head(meta: &impl ReadableTable<&'static str, &'static [u8]>) -> Result<Head, Fault> {
    let guard = meta.get("head")?;
    let bytes = guard.as_ref().and_then(|g| <[u8; 8]>::try_from(g.value()).ok());
    let bytes = bytes.ok_or_else(|| corrupted("its head is missing"))?;
    Ok(Head(u64::from_le_bytes(bytes)))
}

fn read_entry(
    log: &impl ReadableTable<(u64, u32), &'static [u8]>,
    head: u64,
) -> Result<Option<LogEntry>, Fault> {
    let mut bytes = Vec::new();
    for item in log.range((head, 0)..=(head, u32::MAX))? {
        bytes.extend_from_slice(item?.1.value());
    }
    if bytes.is_empty() {
        return Ok(None);
    }
    let entry = LogEntry::from_bytes(Head(head), &bytes)
        .map_err(|e| corrupted(&format!("record {head} of its log cannot be read: {e}")))?;
    Ok(Some(entry))
}

/// Makes the tables of an empty store.
fn fill(db: &Database) -> Result<(), Fault> {
    let txn = db.begin_write()?;
    {
        let mut meta = txn.open_table(META)?;
        meta.insert("kind", KIND.as_bytes())?;
        meta.insert("format", FORMAT.to_le_bytes().as_slice())?;
        meta.insert("head", 0u64.to_le_bytes().as_slice())?;
        txn.open_table(NAMES)?;
        txn.open_table(DATA)?;
        txn.open_table(LOG)?;
    }
    txn.commit()?;
    Ok(())
}

/// Is this a store of ours that can be read here? Where its head is.
fn check(db: &Database, path: &Path) -> Result<Head, Fault> {
    let foreign = || {
        let why = "it is a redb file of another program".to_owned();
        Err(Fault::Ours(StoreError::Foreign { path: path.to_owned(), why }))
    };
    let read = db.begin_read()?;
    let meta = match read.open_table(META) {
        Ok(meta) => meta,
        Err(redb::TableError::TableDoesNotExist(_) | redb::TableError::TableTypeMismatch { .. }) => {
            return foreign();
        }
        Err(e) => return Err(e.into()),
    };
    if meta.get("kind")?.is_none_or(|kind| kind.value() != KIND.as_bytes()) {
        return foreign();
    }
    let format = meta.get("format")?;
    let format = format.as_ref().and_then(|g| <[u8; 4]>::try_from(g.value()).ok());
    let found = u32::from_le_bytes(format.ok_or_else(|| corrupted("its format version is missing"))?);
    if found > FORMAT {
        return Err(Fault::Ours(StoreError::Newer { path: path.to_owned(), found, supported: FORMAT }));
    }
    read_head(&meta)
}

/// Runs work on a thread that may block. redb asserts where a damaged file surprises it: that is the file's fault, not
/// the server's end.
async fn blocking<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(e) if e.is_panic() => {
            Err(StoreError::Damaged { path, why: "reading it made the database library give up".to_owned() })
        }
        Err(_) => Err(StoreError::Failed { path, why: "the server is stopping".to_owned() }),
    }
}

//! The embedded store: one redb file that holds the materialised entries, the log and the names.
//!
//! Each append is one transaction over all three, with quick repair on: a commit costs a little more, and opening after a
//! kill costs half a millisecond whatever the size. redb blocks, so every call runs on a thread that may.

use super::{Change, Entry, Head, Loaded, LogEntry, Record, Store, StoreError};
use crate::server::service::BoxFuture;
use redb::{Database, Durability, ReadableDatabase, ReadableTable, TableDefinition};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// The version of the layout below. Raised whenever an older library could misread a file.
const FORMAT: u32 = 1;
/// What says that a redb file is a store of ours.
const KIND: &str = "netconf-runtime store";
/// The name of the file in its directory.
const FILE: &str = "config.redb";
/// The magic of a redb file.
const MAGIC: [u8; 9] = [b'r', b'e', b'd', b'b', 0x1a, 0x0a, 0xa9, 0x0d, 0x0a];
/// Bytes of one piece of a log entry: large records do not ask for large pages.
const PIECE: usize = 1 << 20;
/// Bytes of redb's cache. The configuration lives in memory anyhow.
const CACHE: usize = 4 << 20;

/// `kind`, `format` (4 bytes) and `head` (8 bytes), little-endian.
const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");
const NAMES: TableDefinition<'_, u32, &str> = TableDefinition::new("names");
const DATA: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("data");
/// Head and number of the piece.
const LOG: TableDefinition<'_, (u64, u32), &[u8]> = TableDefinition::new("log");

/// A [`Store`] in a file of redb.
#[derive(Clone, Debug)]
pub struct RedbStore {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    /// `None` after the file system failed: redb then takes no more, the file is opened anew for the next operation.
    db: Mutex<Option<Database>>,
    head: watch::Sender<Head>,
}

impl RedbStore {
    /// Opens the store of a directory, which is made if it is missing, readable by its owner alone.
    ///
    /// # Errors
    /// What is foreign, newer, damaged or in use is refused and stays as it is.
    pub async fn open(directory: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let directory = directory.into();
        let path = directory.join(FILE);
        let named = path.clone();
        blocking(named, move || {
            create_directory(&directory)?;
            if !path.exists() {
                create(&directory, &path)?;
            }
            let (db, head) = open(&path)?;
            let inner = Inner { path, db: Mutex::new(Some(db)), head: watch::Sender::new(head) };
            Ok(Self { inner: Arc::new(inner) })
        })
        .await
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
        let mut slot = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let db = match slot.take() {
            Some(db) => db,
            None => open(&self.path)?.0,
        };
        match work(&db) {
            Ok(done) => {
                *slot = Some(db);
                Ok(done)
            }
            Err(Fault::Ours(error)) => {
                *slot = Some(db);
                Err(error)
            }
            // Whatever redb says, the next operation starts from what is on disk.
            Err(Fault::Redb(error)) => Err(refusal(&self.path, *error)),
        }
    }

    /// Appends. A commit that fails while it is written may still be there: what the disk says when it is opened anew is
    /// the truth.
    fn append(&self, expected: Head, record: Record) -> Result<Head, StoreError> {
        let head = Head(expected.0 + 1);
        let transaction = record.stamp.transaction.clone();
        let mut attempted = false;
        let result = self.with(|db| write(db, expected, record, &mut attempted));
        let result = match result {
            Err(error) if attempted => {
                tracing::error!(%error, "writing a commit failed; looking at what reached the disk");
                let found = self.with(|db| {
                    let read = db.begin_read()?;
                    let entry = read_entry(&read.open_table(LOG)?, head.0)?;
                    Ok(entry.is_some_and(|entry| entry.stamp.transaction == transaction))
                });
                if matches!(found, Ok(true)) { Ok(head) } else { Err(error) }
            }
            other => other,
        };
        if result.is_ok() {
            self.head.send_replace(head);
        }
        result
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

/// One append, as one transaction. `attempted` tells whether its commit began.
fn write(db: &Database, expected: Head, record: Record, attempted: &mut bool) -> Result<Head, Fault> {
    let mut txn = db.begin_write()?;
    txn.set_quick_repair(true);
    txn.set_durability(Durability::Immediate).map_err(|e| Fault::Redb(Box::new(e.into())))?;
    let head = Head(expected.0 + 1);
    {
        let mut meta = txn.open_table(META)?;
        let found = read_head(&meta)?;
        if found != expected {
            return Err(Fault::Ours(StoreError::HeadMoved { expected, found }));
        }
        let mut names = txn.open_table(NAMES)?;
        let known = names.last()?.map_or(0, |(id, _)| id.value() as usize + 1);
        record.check(known).map_err(Fault::Ours)?;
        for name in &record.names {
            names.insert(name.id, name.name.as_str())?;
        }
        let mut data = txn.open_table(DATA)?;
        let mut changes = Vec::with_capacity(record.writes.len());
        for write in record.writes {
            let before = match &write.value {
                Some(value) => data.insert(write.key.as_slice(), value.as_slice())?,
                None => data.remove(write.key.as_slice())?,
            };
            let before = before.map(|guard| guard.value().to_vec());
            changes.push(Change { key: write.key, before, after: write.value });
        }
        let bytes = LogEntry { head, stamp: record.stamp, changes }.to_bytes();
        let mut log = txn.open_table(LOG)?;
        for (piece, part) in (0u32..).zip(bytes.chunks(PIECE)) {
            log.insert((head.0, piece), part)?;
        }
        meta.insert("head", head.0.to_le_bytes().as_slice())?;
    }
    *attempted = true;
    txn.commit()?;
    Ok(head)
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

/// Makes a new store beside its place and moves it there whole: a kill in between leaves no half of one.
fn create(directory: &Path, path: &Path) -> Result<(), StoreError> {
    let new = directory.join(format!("{FILE}.new"));
    match fs::remove_file(&new) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(io_error(&new, e)),
        _ => {}
    }
    private_file(&new).map_err(|e| io_error(&new, e))?;
    let fill = || -> Result<(), Fault> {
        let db = Database::builder().set_cache_size(CACHE).create(&new)?;
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
    };
    fill().map_err(|fault| fault.at(&new))?;
    fs::rename(&new, path).map_err(|e| io_error(path, e))?;
    // The rename is durable once the directory is.
    fs::File::open(directory).and_then(|d| d.sync_all()).map_err(|e| io_error(directory, e))
}

/// Opens a store that is there and looks at what it is before anything else does.
fn open(path: &Path) -> Result<(Database, Head), StoreError> {
    let mut magic = [0; MAGIC.len()];
    let mut file = fs::File::open(path).map_err(|e| io_error(path, e))?;
    let foreign = |why: &str| StoreError::Foreign { path: path.to_owned(), why: why.to_owned() };
    match file.read_exact(&mut magic) {
        Ok(()) if magic == MAGIC => {}
        Ok(()) => return Err(foreign("it is no redb file")),
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Err(foreign("it is no redb file")),
        Err(e) => return Err(io_error(path, e)),
    }
    drop(file);
    let check = || -> Result<(Database, Head), Fault> {
        let db = Database::builder().set_cache_size(CACHE).open(path)?;
        let read = db.begin_read()?;
        let meta = match read.open_table(META) {
            Ok(meta) => meta,
            Err(redb::TableError::TableDoesNotExist(_) | redb::TableError::TableTypeMismatch { .. }) => {
                return Err(Fault::Ours(foreign("it is a redb file of another program")));
            }
            Err(e) => return Err(e.into()),
        };
        if meta.get("kind")?.is_none_or(|kind| kind.value() != KIND.as_bytes()) {
            return Err(Fault::Ours(foreign("it is a redb file of another program")));
        }
        let format = meta.get("format")?;
        let format = format.as_ref().and_then(|g| <[u8; 4]>::try_from(g.value()).ok());
        let found = u32::from_le_bytes(format.ok_or_else(|| corrupted("its format version is missing"))?);
        if found > FORMAT {
            let path = path.to_owned();
            return Err(Fault::Ours(StoreError::Newer { path, found, supported: FORMAT }));
        }
        let head = read_head(&meta)?;
        drop(meta);
        drop(read);
        Ok((db, head))
    };
    check().map_err(|fault| fault.at(path))
}

fn create_directory(directory: &Path) -> Result<(), StoreError> {
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(|e| io_error(directory, e))
}

/// Makes a new, empty file that its owner alone can read.
fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
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

/// What can go wrong inside a transaction.
enum Fault {
    Ours(StoreError),
    Redb(Box<redb::Error>),
}

impl Fault {
    fn at(self, path: &Path) -> StoreError {
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

fn corrupted(why: &str) -> Fault {
    Fault::Redb(Box::new(redb::Error::Corrupted(why.to_owned())))
}

fn io_error(path: &Path, source: io::Error) -> StoreError {
    StoreError::Io { path: path.to_owned(), source }
}

fn refusal(path: &Path, error: redb::Error) -> StoreError {
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

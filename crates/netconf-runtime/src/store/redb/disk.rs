//! A disk in memory that fails when it is told to, and that forgets at a power failure what it was not made to keep.

use super::{CACHE, RedbStore, fill};
use redb::{Database, StorageBackend};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What happens at an operation (a write, a change of the length, a sync).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Trouble {
    /// It fails, half done, and all is well again. What a sync that fails did not write it never will: the system takes it for
    /// written, and shows it until the power fails.
    Once,
    /// It fails, half done, and so does every one after it.
    Broken,
    /// There is no more room: from now on nothing is written, not even in place, since file systems may want a new place for that.
    Full,
}

/// The disk. Clones are the same disk.
#[derive(Clone, Debug)]
pub(crate) struct Disk(Arc<Mutex<Platter>>);

#[derive(Debug)]
struct Platter {
    /// What outlives a power failure for certain.
    kept: Vec<u8>,
    /// What is read.
    seen: Vec<u8>,
    /// What was written since the last sync.
    pending: Vec<Change>,
    trouble: Option<Trouble>,
    /// Operations until it begins.
    countdown: u64,
    chance: u64,
}

#[derive(Clone, Debug)]
enum Change {
    Write(u64, Vec<u8>),
    Length(u64),
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Change::Length(length) => bytes.resize(*length as usize, 0),
            Change::Write(offset, data) => {
                let offset = *offset as usize;
                // What made room for it may be forgotten.
                if bytes.len() < offset + data.len() {
                    bytes.resize(offset + data.len(), 0);
                }
                bytes[offset..offset + data.len()].copy_from_slice(data);
            }
        }
    }
}

impl Disk {
    /// One that holds an empty store.
    pub(crate) fn new(seed: u64) -> Self {
        let disk = Self(Arc::new(Mutex::new(Platter {
            kept: Vec::new(),
            seen: Vec::new(),
            pending: Vec::new(),
            trouble: None,
            countdown: 0,
            chance: seed ^ 0x9e37_79b9_7f4a_7c15,
        })));
        let db = Database::builder().set_cache_size(CACHE).create_with_backend(disk.clone()).unwrap();
        assert!(fill(&db).is_ok());
        drop(db);
        disk
    }

    fn platter(&self) -> MutexGuard<'_, Platter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The store on it, opened anew.
    pub(crate) fn open(&self) -> Result<RedbStore, crate::store::StoreError> {
        let disk = self.clone();
        RedbStore::over(
            PathBuf::from("the disk"),
            Box::new(move |_| {
                Ok(Database::builder().set_cache_size(CACHE).create_with_backend(disk.clone())?)
            }),
        )
    }

    /// There will be trouble after so many operations.
    pub(crate) fn trouble(&self, trouble: Trouble, after: u64) {
        let mut platter = self.platter();
        (platter.trouble, platter.countdown) = (Some(trouble), after);
    }

    /// All is well again. Had it begun?
    pub(crate) fn mend(&self) -> bool {
        let mut platter = self.platter();
        let was = platter.trouble.take();
        was.is_none() || platter.countdown == 0
    }

    /// The power fails and comes back: of what was not made to be kept some is there, some is not, some is in part.
    pub(crate) fn lose_power(&self) {
        let mut platter = self.platter();
        platter.trouble = None;
        platter.keep_some();
        platter.seen = platter.kept.clone();
    }
}

impl Platter {
    fn draw(&mut self, below: usize) -> usize {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        (self.chance >> 11) as usize % below.max(1)
    }

    /// Part of what was written: sectors from its front, or bytes.
    fn part(&mut self, data: &[u8]) -> Vec<u8> {
        let sectors = data.len().div_ceil(512);
        let whole = (self.draw(sectors + 1) * 512).min(data.len());
        let end = if self.draw(2) == 0 { whole } else { self.draw(data.len() + 1) };
        data[..end].to_vec()
    }

    /// Of what is pending, in any order.
    fn keep_some(&mut self) {
        let mut pending = std::mem::take(&mut self.pending);
        while !pending.is_empty() {
            let next = self.draw(pending.len());
            let change = pending.swap_remove(next);
            match (self.draw(3), change) {
                (0, _) => {}
                (1, Change::Write(offset, data)) => {
                    let part = self.part(&data);
                    Change::Write(offset, part).apply(&mut self.kept);
                }
                (_, change) => change.apply(&mut self.kept),
            }
        }
    }

    /// Is this the operation that fails, or one after it? A sync wants no room.
    fn fails(&mut self, writes: bool) -> Option<io::Error> {
        let trouble = self.trouble?;
        if self.countdown > 0 {
            self.countdown -= 1;
            return None;
        }
        match trouble {
            Trouble::Once => {
                self.trouble = None;
                Some(io::Error::other("the disk does not answer"))
            }
            Trouble::Broken => Some(io::Error::other("the disk does not answer")),
            Trouble::Full if writes => Some(io::ErrorKind::StorageFull.into()),
            Trouble::Full => None,
        }
    }

    fn change(&mut self, change: Change) {
        change.apply(&mut self.seen);
        self.pending.push(change);
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.platter().seen.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let platter = self.platter();
        let offset = offset as usize;
        let bytes = platter.seen.get(offset..offset + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(bytes);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut platter = self.platter();
        if let Some(error) = platter.fails(true) {
            return Err(error);
        }
        platter.change(Change::Length(len));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut platter = self.platter();
        if let Some(error) = platter.fails(false) {
            platter.keep_some();
            return Err(error);
        }
        let Platter { kept, pending, .. } = &mut *platter;
        for change in pending.drain(..) {
            change.apply(kept);
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut platter = self.platter();
        if let Some(error) = platter.fails(true) {
            // Where there is no room, nothing is written at all.
            if error.kind() != io::ErrorKind::StorageFull {
                let part = platter.part(data);
                platter.change(Change::Write(offset, part));
            }
            return Err(error);
        }
        platter.change(Change::Write(offset, data.to_vec()));
        Ok(())
    }
}

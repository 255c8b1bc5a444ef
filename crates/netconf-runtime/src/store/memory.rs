//! A store that lives as long as its process.

use super::{Change, Entry, Head, Loaded, LogEntry, Record, Store, StoreError};
use crate::server::service::BoxFuture;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// A [`Store`] in memory: for tests, and for devices that keep nothing.
#[derive(Debug)]
pub struct MemoryStore {
    state: Mutex<State>,
    head: watch::Sender<Head>,
}

#[derive(Default, Debug)]
struct State {
    names: Vec<String>,
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
    log: Vec<LogEntry>,
    head: Head,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self { state: Mutex::default(), head: watch::Sender::new(Head::default()) }
    }

    /// No operation leaves the state half changed, so that a panic elsewhere does not spoil it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn append_now(&self, expected: Head, record: Record) -> Result<Head, StoreError> {
        let mut state = self.state();
        if state.head != expected {
            return Err(StoreError::HeadMoved { expected, found: state.head });
        }
        record.check(state.names.len())?;
        state.names.extend(record.names.into_iter().map(|n| n.name));
        let mut changes = Vec::with_capacity(record.writes.len());
        for write in record.writes {
            let before = match &write.value {
                Some(value) => state.entries.insert(write.key.clone(), value.clone()),
                None => state.entries.remove(&write.key),
            };
            changes.push(Change { key: write.key, before, after: write.value });
        }
        let head = Head(expected.0 + 1);
        state.log.push(LogEntry { head, stamp: record.stamp, changes });
        state.head = head;
        self.head.send_replace(head);
        Ok(head)
    }
}

impl Record {
    /// Are the rules of the log kept: ids of names without a gap, no key twice?
    pub(super) fn check(&self, names: usize) -> Result<(), StoreError> {
        for (i, name) in self.names.iter().enumerate() {
            if name.id as usize != names + i {
                return Err(StoreError::BadRecord(format!(
                    "the name {:?} has id {}, the next one is {}",
                    name.name,
                    name.id,
                    names + i
                )));
            }
        }
        let mut keys: Vec<&[u8]> = self.writes.iter().map(|w| w.key.as_slice()).collect();
        keys.sort_unstable();
        if keys.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(StoreError::BadRecord("it writes one key twice".to_owned()));
        }
        Ok(())
    }
}

impl Store for MemoryStore {
    fn load(&self) -> BoxFuture<'_, Result<Loaded, StoreError>> {
        let state = self.state();
        let loaded = Loaded {
            head: state.head,
            names: state.names.clone(),
            entries: state
                .entries
                .iter()
                .map(|(key, value)| Entry { key: key.as_slice().into(), value: value.as_slice().into() })
                .collect(),
            last: state.log.last().map(|entry| entry.stamp.clone()),
        };
        Box::pin(std::future::ready(Ok(loaded)))
    }

    fn append(&self, expected: Head, record: Record) -> BoxFuture<'_, Result<Head, StoreError>> {
        Box::pin(std::future::ready(self.append_now(expected, record)))
    }

    fn checkpoint(&self, upto: Head) -> BoxFuture<'_, Result<(), StoreError>> {
        self.state().log.retain(|entry| entry.head > upto);
        Box::pin(std::future::ready(Ok(())))
    }

    fn history(&self, from: Head, limit: usize) -> BoxFuture<'_, Result<Vec<LogEntry>, StoreError>> {
        let state = self.state();
        let newest_first = state.log.iter().rev().filter(|entry| entry.head <= from).take(limit);
        let entries = newest_first.cloned().collect();
        Box::pin(std::future::ready(Ok(entries)))
    }

    fn watch(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }
}

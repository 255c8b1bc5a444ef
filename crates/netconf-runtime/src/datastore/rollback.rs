//! Going back: to what was before a confirmed commit when the server starts (RFC 6241 section 8.4.1), and to any commit that the
//! log remembers.

use super::commit::{Commit, stamp};
use super::open::running_of;
use super::persist::{Names, is_of_startup};
use super::{Datastores, Errors, Name, OpenError, detached, one};
use crate::handler::Cx;
use crate::rpc_error::{ErrorType, RpcError};
use crate::store::{Entry, Head, Loaded, LogEntry, Record, Store, StoreError, Write};
use std::collections::BTreeMap;
use std::sync::Arc;
use yang_data::tree::Tree;
use yang_schema::Schema;

/// What leads from one head back to an earlier one: the value that each key had then.
pub(super) async fn way_back(
    store: &dyn Store,
    from: Head,
    to: Head,
) -> Result<BTreeMap<Vec<u8>, Option<Vec<u8>>>, StoreError> {
    let steps = from.0.checked_sub(to.0).ok_or(StoreError::Forgotten(to))?;
    let steps = usize::try_from(steps).map_err(|_| StoreError::Forgotten(to))?;
    let entries = store.history(from, steps).await?;
    if entries.len() != steps {
        return Err(StoreError::Forgotten(to));
    }
    // Newest first: what is older counts.
    let mut back = BTreeMap::new();
    for change in entries.into_iter().flat_map(|entry| entry.changes) {
        if !is_of_startup(&change.key) {
            back.insert(change.key, change.before);
        }
    }
    Ok(back)
}

/// A confirmed commit that waited when the server ended is taken back, whoever may have confirmed it.
pub(super) async fn after_restart(store: &dyn Store, loaded: Loaded) -> Result<Loaded, OpenError> {
    let Some(last) = loaded.last.as_ref().filter(|last| last.confirmed.is_some()) else { return Ok(loaded) };
    let Some(confirmed) = &last.confirmed else { return Ok(loaded) };
    let back = way_back(store, loaded.head, confirmed.rollback_to).await?;
    let comment = "a confirmed commit was taken back: the server ended before it was confirmed";
    let record = Record {
        stamp: stamp(None, loaded.head, Some(comment.to_owned())),
        names: Vec::new(),
        writes: back.into_iter().map(|(key, value)| Write { key, value }).collect(),
    };
    tracing::warn!(commit = loaded.head.0, to = confirmed.rollback_to.0, "{comment}");
    store.append(loaded.head, record).await?;
    Ok(store.load().await?)
}

/// `running` as it was after a commit that the log of a store remembers, read with the modules of `schema`: they need not be those
/// that the newest commit was made with, nor need there be a server.
///
/// # Errors
/// It is forgotten, or does not fit the modules.
pub async fn running_at(store: &dyn Store, schema: &Arc<Schema>, at: Head) -> Result<Tree, OpenError> {
    let loaded = store.load().await?;
    let back = way_back(store, loaded.head, at).await?;
    let mut entries: BTreeMap<Vec<u8>, Vec<u8>> = loaded
        .entries
        .into_iter()
        .filter(|entry| !is_of_startup(&entry.key))
        .map(|entry| (entry.key.into_vec(), entry.value.into_vec()))
        .collect();
    for (key, value) in back {
        match value {
            Some(value) => drop(entries.insert(key, value)),
            None => drop(entries.remove(&key)),
        }
    }
    let entries: Vec<Entry> = entries
        .into_iter()
        .map(|(key, value)| Entry { key: key.into_boxed_slice(), value: value.into_boxed_slice() })
        .collect();
    running_of(schema, &entries, &Names::new(loaded.names), at)
}

impl Datastores {
    /// The newest commits, newest first.
    pub(crate) async fn history(&self, limit: usize) -> Result<Vec<LogEntry>, StoreError> {
        self.store.history(self.snapshot().commit, limit).await
    }

    /// `running` as it was after a commit that the log remembers.
    pub(crate) async fn running_at(&self, at: Head) -> Result<Tree, OpenError> {
        running_at(&*self.store, &self.schema, at).await
    }

    /// Makes `running` what it was after an earlier commit: a commit of its own, which handlers may refuse.
    pub(crate) async fn roll_back(self: &Arc<Self>, cx: Cx, to: Head, comment: String) -> Result<(), Errors> {
        let this = Arc::clone(self);
        detached(async move {
            let mut writer = this.writer().await;
            this.check_lock(Name::Running, &cx).map_err(one)?;
            if writer.pending.is_some() {
                let message = "a confirmed commit waits; it is confirmed or cancelled first";
                return Err(one(RpcError::in_use(message).of_type(ErrorType::Protocol)));
            }
            let after = this
                .running_at(to)
                .await
                .map_err(|error| one(RpcError::operation_failed(error.to_string())))?;
            let commit = Commit { comment: Some(comment), ..Commit::new(cx, after) };
            this.transact(&mut writer, commit).await
        })
        .await
    }
}

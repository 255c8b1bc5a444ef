//! What a provider of state is asked for, and how it answers: with one struct, or entry by entry.

use super::typed;
use crate::rpc_error::RpcError;
use crate::server::state::Pattern;
use futures_core::Stream;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::pin;
use std::sync::Arc;
use tokio::sync::mpsc;
use yang_data::binding::path::{Path, State};
use yang_data::binding::{Keys, Yang, canonical};
use yang_data::tree::Tree;
use yang_schema::Schema;

/// Entries that go together.
const BATCH: usize = 64;

/// Where a provider of state puts what it knows: a few pieces at a time, then it waits until they are taken.
pub struct StateSender {
    schema: Arc<Schema>,
    patterns: Arc<[Pattern]>,
    /// Which provider it is whose this is.
    from: usize,
    pieces: mpsc::Sender<(usize, Tree)>,
}

impl StateSender {
    pub(crate) fn new(
        schema: Arc<Schema>,
        patterns: Arc<[Pattern]>,
        from: usize,
        pieces: mpsc::Sender<(usize, Tree)>,
    ) -> Self {
        Self { schema, patterns, from, pieces }
    }

    /// The schema of the server.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Hands on a piece: a tree at the root that holds state, with what is needed to tell where it stands.
    ///
    /// # Errors
    /// Nobody wants it any more: the request is over.
    pub async fn send_tree(&self, piece: Tree) -> Result<(), RpcError> {
        let over = |_| RpcError::operation_failed("nobody waits for the state any more");
        self.pieces.send((self.from, piece)).await.map_err(over)
    }

    fn fits(&self, keys: &[String]) -> bool {
        self.patterns.iter().any(|pattern| pattern.fits(keys))
    }
}

impl std::fmt::Debug for StateSender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StateSender").field("patterns", &self.patterns).finish_non_exhaustive()
    }
}

/// Which instances of a node a request can see: those whose keys, on the way to it and its own, fit. What does not fit may
/// be provided all the same, and is dropped.
#[derive(Clone, Debug)]
pub struct Asked<K> {
    patterns: Arc<[Pattern]>,
    /// Paths that carry the types.
    keys: PhantomData<fn() -> K>,
}

impl<K: Keys> Asked<K> {
    /// Can the request see the instance with these keys?
    pub fn wants(&self, keys: &K) -> bool {
        let texts: Vec<String> = (0..K::COUNT).filter_map(|i| keys.get(i)).map(canonical).collect();
        self.patterns.iter().any(|pattern| pattern.fits(&texts))
    }
}

/// Takes the instances of a node with their state, one by one. `T` is the struct of the node, `A` are the keys of the lists
/// around it, `K` are these and its own.
///
/// What is sent goes on in batches; when a few of them have not been taken yet, sending waits. So the state of a million
/// entries never stands here at once.
pub struct Entries<T, A = (), K = A> {
    sender: StateSender,
    path: Path<T, State>,
    keys: PhantomData<fn() -> (A, K)>,
    /// What stands in the same entries.
    around: A,
    batch: Vec<T>,
}

impl<T: Yang, A: Keys, K: Keys> Entries<T, A, K> {
    pub(super) fn new<M>(sender: StateSender, path: &Path<T, M>) -> Self {
        Self {
            sender,
            path: path.clone().for_reading(),
            keys: PhantomData,
            around: A::default(),
            batch: Vec::new(),
        }
    }

    /// What the request can see.
    pub fn asked(&self) -> Asked<K> {
        Asked { patterns: Arc::clone(&self.sender.patterns), keys: PhantomData }
    }

    /// The keys that alone the request can see, or `None` where it does not name them all.
    pub fn only(&self) -> Option<Vec<K>> {
        let patterns = self.sender.patterns.iter();
        let all: Option<Vec<Vec<&str>>> =
            patterns.map(|p| p.0.iter().map(Option::as_deref).collect()).collect();
        // A text that is no value of its key names no entry.
        let keys = |texts: Vec<&str>| self.path.read_keys(texts.into_iter().map(Into::into)).ok();
        Some(all?.into_iter().filter_map(keys).collect())
    }

    /// Sends an instance with the keys of the lists around it. Only `config false` nodes may be set in it, and its keys.
    ///
    /// # Errors
    /// It does not fit the model, or the request is over.
    pub async fn send_at(&mut self, around: A, value: T) -> Result<(), RpcError> {
        if !self.sender.fits(&self.path.key_texts(&around, &value)) {
            return Ok(());
        }
        if around != self.around {
            self.flush().await?;
            self.around = around;
        }
        self.batch.push(value);
        if self.batch.len() >= BATCH { self.flush().await } else { Ok(()) }
    }

    async fn flush(&mut self) -> Result<(), RpcError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.batch);
        let piece = typed::state_entries(&self.sender.schema, &self.path, &self.around, &batch)?;
        self.sender.send_tree(piece).await
    }

    /// Sends what a stream yields: instances with the keys of the lists around them. It is polled no faster than its items
    /// are taken.
    ///
    /// # Errors
    /// As [`send_at`](Self::send_at), and the first error of the stream.
    pub async fn send_all(
        &mut self,
        stream: impl Stream<Item = Result<(A, T), RpcError>> + Send,
    ) -> Result<(), RpcError> {
        let mut stream = pin!(stream);
        while let Some(item) = poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
            let (around, value) = item?;
            self.send_at(around, value).await?;
        }
        Ok(())
    }

    pub(super) async fn finish(mut self) -> Result<(), RpcError> {
        self.flush().await
    }
}

impl<T: Yang, K: Keys> Entries<T, (), K> {
    /// Sends an instance. Only `config false` nodes may be set in it, and its keys.
    ///
    /// # Errors
    /// It does not fit the model, or the request is over.
    pub async fn send(&mut self, value: T) -> Result<(), RpcError> {
        self.send_at((), value).await
    }
}

impl<T, A, K> std::fmt::Debug for Entries<T, A, K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entries").field("path", &self.path).finish_non_exhaustive()
    }
}

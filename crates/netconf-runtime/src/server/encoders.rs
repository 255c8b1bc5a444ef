//! Replies that are too large to be made at once are made while they are sent, on threads of the server's own.
//!
//! What walks over a view cannot change threads, so it cannot run where sessions do; and a thread for each would be held by
//! each peer that does not read. Here each is a task of one of a few threads, and one whose peer sleeps is a task that sleeps.

use crate::rpc_error::RpcError;
use crate::server::service::BodyStream;
use bytes::Bytes;
use futures_core::Stream;
use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use tokio::sync::mpsc;

/// Pieces that are made before anybody takes them.
const AHEAD: usize = 2;

type Job = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = ()>>> + Send>;

/// The threads, which are started when they are first used and end with this.
#[derive(Default)]
pub(crate) struct Encoders {
    threads: OnceLock<Vec<mpsc::UnboundedSender<Job>>>,
    next: AtomicUsize,
}

/// Where a reply's pieces go. An error ends it.
pub(crate) struct Pieces(mpsc::Sender<Result<Bytes, RpcError>>);

impl Pieces {
    /// Hands on the next piece, when there is room for it; false if nobody wants it any more.
    pub(crate) async fn send(&self, piece: Result<Bytes, RpcError>) -> bool {
        self.0.send(piece).await.is_ok()
    }
}

impl Encoders {
    /// Has a reply made by `work`.
    pub(crate) fn stream<F: Future<Output = ()> + 'static>(
        &self,
        work: impl FnOnce(Pieces) -> F + Send + 'static,
    ) -> Result<BodyStream, RpcError> {
        let (sender, receiver) = mpsc::channel(AHEAD);
        let threads = self.threads.get_or_init(start);
        let job: Job = Box::new(move || Box::pin(work(Pieces(sender))));
        let thread = threads.get(self.next.fetch_add(1, Ordering::Relaxed) % threads.len().max(1));
        thread
            .and_then(|thread| thread.send(job).ok())
            .ok_or_else(|| RpcError::operation_failed("the system has no thread to make the reply"))?;
        Ok(BodyStream::new(Receiving(receiver)))
    }
}

/// As many threads as there are processors, but no more than a few.
fn start() -> Vec<mpsc::UnboundedSender<Job>> {
    let count = std::thread::available_parallelism().map_or(1, |n| n.get().min(4));
    (0..count).filter_map(|_| thread().ok()).collect()
}

fn thread() -> std::io::Result<mpsc::UnboundedSender<Job>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let (sender, mut jobs) = mpsc::unbounded_channel::<Job>();
    std::thread::Builder::new().name("netconf-encode".to_owned()).spawn(move || {
        let tasks = tokio::task::LocalSet::new();
        tasks.block_on(&runtime, async {
            while let Some(job) = jobs.recv().await {
                tokio::task::spawn_local(job());
            }
        });
    })?;
    Ok(sender)
}

struct Receiving(mpsc::Receiver<Result<Bytes, RpcError>>);

impl Stream for Receiving {
    type Item = Result<Bytes, RpcError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx)
    }
}

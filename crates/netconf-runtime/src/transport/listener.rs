//! Taking connections, whatever they are of: so many at a time, until it is told to stop.

use std::fmt::Display;
use std::io;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tracing::warn;

/// What gives connections.
pub(crate) trait Accept: Send + Sync + 'static {
    /// A connection.
    type Socket: Send;
    /// Where it comes from.
    type Peer: Display + Send;

    /// The next connection.
    fn accept(&self) -> impl Future<Output = io::Result<(Self::Socket, Self::Peer)>> + Send;
}

impl Accept for tokio::net::TcpListener {
    type Socket = tokio::net::TcpStream;
    type Peer = std::net::SocketAddr;

    async fn accept(&self) -> io::Result<(Self::Socket, Self::Peer)> {
        self.accept().await
    }
}

/// Something that listens. Dropping it ends it with all its connections.
#[derive(Debug)]
pub struct Listener<A = std::net::SocketAddr> {
    address: A,
    running: Running,
}

impl<A: Clone> Listener<A> {
    /// Where it listens.
    #[must_use]
    pub fn local_addr(&self) -> A {
        self.address.clone()
    }
}

impl<A> Listener<A> {
    /// Listens. `serve` has a connection from its beginning to its end, and is told to come to it by the watch.
    pub(crate) fn start<L: Accept, F: Future<Output = ()> + Send + 'static>(
        address: A,
        listener: L,
        most: usize,
        serve: impl Fn(L::Socket, L::Peer, watch::Receiver<bool>) -> F + Send + 'static,
    ) -> Self {
        let running = Running::start(|stopping| accept(listener, most, stopping, serve));
        Self { address, running }
    }

    /// Stops listening and waits until all connections are over: those without a session at once, others when their
    /// sessions end, which is for the service to bring about, or after [`crate::protocol::Limits::linger`].
    pub async fn shutdown(self) {
        self.running.shutdown().await;
    }

    /// The listener without its address.
    pub(crate) fn into_running(self) -> Running {
        self.running
    }
}

/// A task that ends when it is told to, and with this.
#[derive(Debug)]
pub(crate) struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    pub(crate) fn start<F: Future<Output = ()> + Send + 'static>(
        task: impl FnOnce(watch::Receiver<bool>) -> F,
    ) -> Self {
        let (stop, stopping) = watch::channel(false);
        Self { stop, task: tokio::spawn(task(stopping)) }
    }

    pub(crate) async fn shutdown(mut self) {
        self.stop.send_replace(true);
        _ = (&mut self.task).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept<L: Accept, F: Future<Output = ()> + Send + 'static>(
    listener: L,
    most: usize,
    mut stopping: watch::Receiver<bool>,
    serve: impl Fn(L::Socket, L::Peer, watch::Receiver<bool>) -> F,
) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => break,
            accepted = listener.accept() => accepted,
            _ = connections.join_next(), if !connections.is_empty() => continue,
        };
        match accepted {
            Ok((socket, peer)) if connections.len() >= most => {
                warn!(%peer, "connection refused: limit `connections` of {most}");
                drop(socket);
            }
            Ok((socket, peer)) => {
                connections.spawn(serve(socket, peer, stopping.clone()));
            }
            Err(error) => {
                // Out of descriptors, most likely: trying at once would spin.
                warn!("a connection could not be accepted: {error}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

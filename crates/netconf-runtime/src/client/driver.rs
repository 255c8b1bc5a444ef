//! The tasks of a session: one reads and hands replies to their callers, one writes. Neither waits for the other.

use super::interceptor::Interceptors;
use super::notifications::Subscriber;
use super::pieces::Item;
use super::{Error, RpcErrors, TransportError};
use crate::protocol::{
    Event, Hello, Inbound, Limits, Notification, Outbound, ProtocolError, Reply, ReplyStart, Rpc,
    Session as Protocol, Version,
};
use crate::transport::gather::Gather;
use crate::transport::{Stream, now, read_some};
use bytes::{Bytes, BytesMut};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{Notify, OwnedSemaphorePermit, mpsc, oneshot};
use tracing::{Instrument as _, debug, info_span, warn};

/// A message to be sent.
pub(super) struct Outgoing(pub(super) Bytes);

/// What takes a request back: the operation's name and text, made of the reply.
pub(super) type Undo = Box<dyn FnOnce(&Reply) -> Option<(&'static str, String)> + Send>;

/// A reply, when it came, and what is sent when nobody takes what it gives.
#[derive(Debug)]
pub(super) struct Delivered {
    pub(super) reply: Box<Reply>,
    pub(super) elapsed: Duration,
    pub(super) on_drop: OnDrop,
}

/// A request without a reply yet.
pub(super) struct Pending {
    pub(super) reply: Waiting,
    pub(super) sent: Instant,
    pub(super) undo: Option<(Undo, Sender)>,
    /// What bounds how many there are; nothing for those that are sent by dropping something.
    pub(super) permits: Option<(OwnedSemaphorePermit, OwnedSemaphorePermit)>,
}

/// How a reply is waited for.
pub(super) enum Waiting {
    /// For all of it.
    Whole(oneshot::Sender<Result<Delivered, Error>>),
    /// For its content, in pieces.
    Pieces(mpsc::Sender<Item>),
}

impl Waiting {
    fn fail(self, error: Error) {
        match self {
            Self::Whole(sender) => _ = sender.send(Err(error)),
            // Nothing was sent before, so there is room.
            Self::Pieces(sender) => _ = sender.try_send(Item::Lost(error)),
        }
    }
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pending").field("sent", &self.sent).finish_non_exhaustive()
    }
}

/// A way to send without waiting, that does not keep the session open.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    shared: Weak<Shared>,
    outgoing: mpsc::WeakUnboundedSender<Outgoing>,
}

impl Sender {
    pub(super) fn new(shared: &Arc<Shared>, outgoing: &mpsc::UnboundedSender<Outgoing>) -> Self {
        Self { shared: Arc::downgrade(shared), outgoing: outgoing.downgrade() }
    }

    /// Queues an operation whose reply nobody waits for.
    fn send(&self, name: &str, operation: &str) {
        let (Some(shared), Some(outgoing)) = (self.shared.upgrade(), self.outgoing.upgrade()) else { return };
        let (reply, _) = oneshot::channel();
        let pending =
            Pending { reply: Waiting::Whole(reply), sent: Instant::now(), undo: None, permits: None };
        let sent = shared.enqueue(pending, |id| {
            _ = outgoing.send(Outgoing(Rpc::write(id, operation)));
        });
        match sent {
            Ok(()) => debug!("{name} is sent for what was dropped"),
            Err(error) => debug!("{name} cannot be sent for what was dropped: {error}"),
        }
    }
}

/// An operation that is sent when this is dropped.
#[derive(Debug, Default)]
pub(super) struct OnDrop(Option<(Sender, &'static str, String)>);

impl OnDrop {
    pub(super) fn new(sender: Sender, name: &'static str, operation: String) -> Self {
        Self(Some((sender, name, operation)))
    }

    /// Nothing is sent any more.
    pub(super) fn disarm(&mut self) {
        self.0 = None;
    }
}

impl Drop for OnDrop {
    fn drop(&mut self) {
        if let Some((sender, name, operation)) = self.0.take() {
            sender.send(name, &operation);
        }
    }
}

/// What callers and tasks share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    state: Mutex<State>,
    over: Notify,
    session_id: u32,
    pub(super) interceptors: Interceptors,
    /// How many replies are waited for that come in pieces.
    in_pieces: AtomicUsize,
}

#[derive(Debug, Default)]
struct State {
    last_id: u64,
    /// In the order they were sent, which is the order of their replies.
    pending: VecDeque<(u64, Pending)>,
    subscribers: Vec<Subscriber>,
    /// It was closed from this end, which the peer may follow before it is read.
    closing: bool,
    ended: Option<Error>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ended(&self) -> Option<Error> {
        self.state().ended.clone()
    }

    /// Gives a request its id and sends it, in one step: replies come in the order of what was sent.
    pub(super) fn enqueue(&self, pending: Pending, send: impl FnOnce(&str)) -> Result<(), Error> {
        let mut state = self.state();
        if let Some(error) = &state.ended {
            return Err(error.clone());
        }
        state.last_id += 1;
        let id = state.last_id;
        if let Waiting::Pieces(_) = pending.reply {
            self.in_pieces.fetch_add(1, Ordering::SeqCst);
        }
        state.pending.push_back((id, pending));
        send(&id.to_string());
        Ok(())
    }

    pub(super) fn subscribe(&self, subscriber: Subscriber) {
        let mut state = self.state();
        match state.ended.clone() {
            None => state.subscribers.push(subscriber),
            Some(Error::Closed) => subscriber.end(None),
            Some(error) => subscriber.end(Some(&error)),
        }
    }

    /// The session is about to be closed from this end.
    pub(super) fn closing(&self) {
        self.state().closing = true;
    }

    /// Ends the session for all who wait. The first reason counts.
    pub(super) fn end(&self, error: Error) {
        let (error, pending, subscribers) = {
            let mut state = self.state();
            if state.ended.is_some() {
                return;
            }
            let expected = state.closing && matches!(error, Error::Transport(_));
            let error = if expected { Error::Closed } else { error };
            state.ended = Some(error.clone());
            (error, std::mem::take(&mut state.pending), std::mem::take(&mut state.subscribers))
        };
        self.over.notify_one();
        for (_, pending) in pending {
            pending.reply.fail(error.clone());
        }
        let told = if matches!(error, Error::Closed) { None } else { Some(&error) };
        subscribers.into_iter().for_each(|s| s.end(told));
        self.interceptors.disconnected(self.session_id, &error);
    }

    /// Whether the reply to a request is given out in pieces.
    fn wants_pieces(&self, id: &str) -> bool {
        let Ok(id) = id.parse::<u64>() else { return false };
        let state = self.state();
        let pending = state.pending.iter().find(|(pending, _)| *pending == id);
        pending.is_some_and(|(_, pending)| matches!(pending.reply, Waiting::Pieces(_)))
    }

    /// The reply to a request begins, and the caller waits for pieces.
    fn start(&self, start: Box<ReplyStart>) -> Option<Pending> {
        let id = start.message_id.parse::<u64>().ok()?;
        let mut state = self.state();
        let at = state.pending.iter().position(|(pending, _)| *pending == id)?;
        let (_, pending) = state.pending.remove(at)?;
        drop(state);
        self.in_pieces.fetch_sub(1, Ordering::SeqCst);
        if let Waiting::Pieces(sender) = &pending.reply {
            // It is the first, and there is room.
            _ = sender.try_send(Item::Start(start));
        }
        Some(pending)
    }

    fn reply(&self, reply: Box<Reply>) {
        self.interceptors.received(self.session_id, reply.as_str().as_bytes());
        let mut state = self.state();
        let at = match &reply.message_id {
            // The server could not read the request's: it answers in order, so it is the oldest.
            None => Some(0).filter(|_| !state.pending.is_empty()),
            Some(id) => {
                let id = id.parse::<u64>().ok();
                state.pending.iter().position(|(pending, _)| Some(*pending) == id)
            }
        };
        let Some((_, pending)) = at.and_then(|at| state.pending.remove(at)) else {
            warn!(message_id = reply.message_id, "a reply came that nobody waits for");
            return;
        };
        drop(state);
        let elapsed = pending.sent.elapsed();
        let undo = pending.undo.filter(|_| !reply.is_error());
        let on_drop = undo
            .and_then(|(undo, sender)| undo(&reply).map(|(name, text)| OnDrop::new(sender, name, text)))
            .unwrap_or_default();
        // A caller that is gone does not take it: then what it asked for is taken back.
        drop(pending.permits);
        match pending.reply {
            Waiting::Whole(sender) => _ = sender.send(Ok(Delivered { reply, elapsed, on_drop })),
            // It had no message-id, so it was not known for whose it is: a reply of errors, or of nothing that can be told.
            Waiting::Pieces(sender) => {
                self.in_pieces.fetch_sub(1, Ordering::SeqCst);
                let error = if reply.is_error() {
                    Error::Rpc(RpcErrors(reply.errors))
                } else {
                    Error::Reply("a reply without message-id".to_owned())
                };
                _ = sender.try_send(Item::Lost(error));
            }
        }
    }

    fn notification(&self, notification: Notification) {
        let notification = Arc::new(notification);
        self.interceptors.received(self.session_id, notification.as_str().as_bytes());
        self.interceptors.notification(self.session_id, &notification);
        let mut state = self.state();
        if state.subscribers.is_empty() {
            debug!(event = notification.event.local(), "a notification came that nobody takes");
        }
        state.subscribers.retain_mut(|s| s.send(&notification));
    }
}

/// A session whose hellos are exchanged.
pub(super) struct Opened {
    pub(super) hello: Hello,
    pub(super) version: Version,
    pub(super) shared: Arc<Shared>,
    pub(super) outgoing: mpsc::UnboundedSender<Outgoing>,
}

pub(super) async fn open(
    stream: impl Stream,
    capabilities: Vec<String>,
    limits: Limits,
    interceptors: Interceptors,
) -> Result<Opened, Error> {
    let linger = limits.linger;
    let own = Hello { capabilities: capabilities.clone(), session_id: None };
    let mut protocol = Protocol::client(capabilities, limits, now());
    let (mut reader, mut writer) = tokio::io::split(stream);
    let deadline = protocol.poll_timeout();
    let greeting = greet(&mut protocol, &mut reader, &mut writer);
    let greeted = match deadline {
        None => greeting.await,
        Some(deadline) => match tokio::time::timeout_at(deadline.into(), greeting).await {
            Ok(greeted) => greeted,
            Err(_) => Err(protocol.handle_timeout(now()).err().map_or(Error::Closed, Error::Protocol)),
        },
    };
    let (hello, version) = greeted?;
    let (inbound, outbound) = protocol.split();
    let session_id = hello.session_id.unwrap_or_default();
    interceptors.sent(session_id, own.to_xml().as_bytes());
    interceptors.received(session_id, hello.to_xml().as_bytes());
    let shared = Arc::new(Shared { session_id, interceptors, ..Shared::default() });
    let (outgoing, frames) = mpsc::unbounded_channel();
    let span = info_span!("netconf", session = hello.session_id);
    let task = drive(reader, writer, inbound, outbound, frames, Arc::clone(&shared), linger);
    tokio::spawn(task.instrument(span));
    Ok(Opened { hello, version, shared, outgoing })
}

/// Exchanges hellos, both at once: neither end may wait for the other.
async fn greet<R: AsyncRead + Unpin, W: AsyncWrite + Unpin>(
    protocol: &mut Protocol,
    reader: &mut R,
    writer: &mut W,
) -> Result<(Hello, Version), Error> {
    let hello: Vec<Bytes> = std::iter::from_fn(|| protocol.poll_transmit()).collect();
    let send = async {
        for bytes in hello {
            writer.write_all(&bytes).await?;
        }
        writer.flush().await?;
        Ok::<(), Error>(())
    };
    let receive = async {
        let mut buffer = BytesMut::new();
        loop {
            let bytes = read_some(reader, &mut buffer).await?;
            if bytes.is_empty() {
                protocol.receive_end()?;
                return Err(Error::Transport(TransportError::closed_by_peer()));
            }
            protocol.receive(bytes);
            if let Some(Event::Hello(hello, version)) = protocol.poll_event()? {
                return Ok((hello, version));
            }
        }
    };
    tokio::try_join!(send, receive).map(|((), hello)| hello)
}

/// Runs both tasks until the session is over.
async fn drive<R, W>(
    reader: R,
    writer: W,
    inbound: Inbound,
    outbound: Outbound,
    frames: mpsc::UnboundedReceiver<Outgoing>,
    shared: Arc<Shared>,
    linger: Duration,
) where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    let writing = write(writer, outbound, frames, &shared);
    // Whoever takes pieces sees no end before there is a reason for it.
    let mut in_pieces = None;
    let reading = read(reader, inbound, &shared, &mut in_pieces);
    tokio::pin!(writing, reading);
    let error = tokio::select! {
        error = &mut reading => error,
        result = &mut writing => match result {
            Err(error) => error,
            // All handles are gone: the peer has been told, and may say what it still has to say.
            Ok(()) => {
                _ = tokio::time::timeout(linger, &mut reading).await;
                Error::Closed
            }
        },
        () = shared.over.notified() => Error::Closed,
    };
    debug!("session over: {error}");
    shared.end(error);
}

/// The reader: it waits for the transport alone.
async fn read<R: AsyncRead + Unpin>(
    mut reader: R,
    mut inbound: Inbound,
    shared: &Shared,
    in_pieces: &mut Option<Pending>,
) -> Error {
    let mut buffer = BytesMut::new();
    loop {
        // Looking at each start tag costs; mostly nobody wants pieces.
        let event = if shared.in_pieces.load(Ordering::SeqCst) == 0 {
            inbound.poll_event()
        } else {
            inbound.poll_event_with(&mut |id| shared.wants_pieces(id))
        };
        match event {
            Ok(Some(Event::ReplyStart(start))) => *in_pieces = shared.start(start),
            Ok(Some(Event::ReplyPiece(piece))) => {
                shared.interceptors.received(shared.session_id, &piece);
                give(taker(in_pieces.as_ref()), Item::Piece(piece)).await;
            }
            Ok(Some(Event::ReplyEnd(end))) => {
                let pending = in_pieces.take();
                let elapsed = pending.as_ref().map_or(Duration::ZERO, |p| p.sent.elapsed());
                give(taker(pending.as_ref()), Item::End(end, elapsed)).await;
            }
            Ok(Some(Event::Reply(reply))) => shared.reply(reply),
            Ok(Some(Event::Notification(notification))) => shared.notification(*notification),
            Ok(Some(_)) => {}
            Ok(None) => match read_some(&mut reader, &mut buffer).await {
                Ok(bytes) if bytes.is_empty() => {
                    return match inbound.receive_end() {
                        Ok(()) => Error::Transport(TransportError::closed_by_peer()),
                        Err(error) => Error::Protocol(error),
                    };
                }
                Ok(bytes) => inbound.receive(bytes),
                Err(error) => return error.into(),
            },
            Err(error @ ProtocolError::Unexpected(_)) => {
                warn!("{error}");
                return Error::Protocol(error);
            }
            Err(error) => return Error::Protocol(error),
        }
    }
}

/// Hands a piece on. This is the one place where the reader waits for somebody else: one who asked for pieces and does not
/// take them holds up those whose replies come behind.
async fn give(taker: Option<mpsc::Sender<Item>>, item: Item) {
    if let Some(taker) = taker {
        // One who is gone gets nothing: the rest is thrown away.
        _ = taker.send(item).await;
    }
}

fn taker(pending: Option<&Pending>) -> Option<mpsc::Sender<Item>> {
    match &pending?.reply {
        Waiting::Pieces(sender) => Some(sender.clone()),
        Waiting::Whole(_) => None,
    }
}

/// The writer: it ends when nobody can send any more.
async fn write<W: AsyncWrite + Unpin>(
    mut writer: W,
    mut outbound: Outbound,
    mut frames: mpsc::UnboundedReceiver<Outgoing>,
    shared: &Shared,
) -> Result<(), Error> {
    let mut gather = Gather::default();
    while let Some(Outgoing(message)) = frames.recv().await {
        shared.interceptors.sent(shared.session_id, &message);
        // The sender has made sure that it fits.
        outbound.send(message).map_err(ProtocolError::Framing)?;
        while let Some(bytes) = outbound.poll_transmit() {
            gather.push(bytes);
        }
        if frames.is_empty() {
            gather.flush(&mut writer).await?;
        } else if gather.is_full() {
            gather.write(&mut writer).await?;
        }
    }
    gather.flush(&mut writer).await?;
    writer.shutdown().await?;
    Ok(())
}

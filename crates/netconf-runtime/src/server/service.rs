//! The seam between the byte side of a server (framing, hello, transports) and what a request means.
//!
//! A session loop asks a [`Service`] for a [`Greeting`], exchanges hellos, opens a [`SessionService`] and hands it one
//! [`RpcRequest`] after the other (RFC 6241 section 4.1: "the server MUST send responses in the order the requests were
//! received"). Nothing here knows of tokio, sockets or XML messages; nothing behind it knows of framing.

use crate::rpc_error::RpcError;
use bytes::Bytes;
use futures_core::Stream;
use std::fmt;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

/// A future that can be kept in a box and sent.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// By what a session reached the server.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum TransportKind {
    /// SSH (RFC 6242).
    Ssh,
    /// TLS (RFC 7589).
    Tls,
    /// A unix socket.
    Unix,
    /// Inside this process: tests, and programs that embed a server.
    Memory,
}

impl SessionInfo {
    /// The address of the client, where the transport knows one.
    pub fn source_host(&self) -> Option<IpAddr> {
        let host = self.peer.parse::<SocketAddr>().map(|address| address.ip());
        host.or_else(|_| self.peer.parse::<IpAddr>()).ok().map(|host| host.to_canonical())
    }
}

impl fmt::Display for TransportKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TransportKind::Ssh => "ssh",
            TransportKind::Tls => "tls",
            TransportKind::Unix => "unix",
            TransportKind::Memory => "memory",
        })
    }
}

/// What a server says before it knows anything of its peer (RFC 6241 section 8.1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Greeting {
    /// The session's id, never given twice while the server runs and never zero.
    pub session_id: u32,
    /// The capabilities, without `:base:1.0` and `:base:1.1`: these are the session loop's own to offer.
    pub capabilities: Vec<String>,
}

/// Why a server greets nobody.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// It is stopping.
    #[error("the server is shutting down")]
    ShuttingDown,
    /// It has as many sessions as it may.
    #[error("the limit of {0} sessions is reached")]
    TooManySessions(usize),
}

/// Who stands at the other end of a session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionInfo {
    /// The session-id of the [`Greeting`].
    pub id: u32,
    /// The authenticated user.
    pub user: String,
    /// The groups that the transport knows the user to be in (RFC 8341 section 3.4.1), besides those of the configuration.
    pub groups: Vec<String>,
    /// Where the peer is, as far as the transport knows: an address, a process.
    pub peer: String,
    /// By what it came.
    pub transport: TransportKind,
    /// What of the [`Greeting`]'s capabilities the peer says, too, as it says it.
    pub capabilities: Arc<[String]>,
}

/// Why a session ended or is to end.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum CloseReason {
    /// The client sent `close-session`.
    Requested,
    /// Another session sent `kill-session`.
    Killed {
        /// The session that did.
        by: u32,
    },
    /// The transport broke or was closed.
    Dropped,
    /// The peer broke the protocol or passed a limit; the text says how.
    Failed(String),
    /// The server stops.
    Shutdown,
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CloseReason::Requested => f.write_str("closed by the client"),
            CloseReason::Killed { by } => write!(f, "killed by session {by}"),
            CloseReason::Dropped => f.write_str("the transport was closed"),
            CloseReason::Failed(why) => f.write_str(why),
            CloseReason::Shutdown => f.write_str("the server is shutting down"),
        }
    }
}

/// Why a notification was not queued.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotifyError {
    /// The peer reads too slowly: its queue is full.
    #[error("the queue of outgoing notifications is full ({0})")]
    Full(String),
    /// The session is over.
    #[error("the session is over")]
    Closed,
}

/// What has passed on a session, in messages (RFC 6022, `common-counters`). After the greatest number comes 0.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Traffic {
    /// Requests that came.
    pub in_rpcs: u32,
    /// Messages that came in the place of a request and were none.
    pub in_bad_rpcs: u32,
    /// Replies with an error.
    pub out_rpc_errors: u32,
    /// Notifications that were sent.
    pub out_notifications: u32,
}

impl std::ops::AddAssign for Traffic {
    fn add_assign(&mut self, more: Self) {
        self.in_rpcs = self.in_rpcs.wrapping_add(more.in_rpcs);
        self.in_bad_rpcs = self.in_bad_rpcs.wrapping_add(more.in_bad_rpcs);
        self.out_rpc_errors = self.out_rpc_errors.wrapping_add(more.out_rpc_errors);
        self.out_notifications = self.out_notifications.wrapping_add(more.out_notifications);
    }
}

/// The hold that a service has on the byte side of a session. No call blocks.
pub trait SessionHandle: Send + Sync + 'static {
    /// Queues a message of its own: a whole `notification` element (RFC 5277 section 4), not yet framed. The bytes are
    /// shared among all sessions that get them.
    ///
    /// # Errors
    /// A queue that is full and a session that is over take nothing.
    fn notify(&self, message: Bytes) -> Result<(), NotifyError>;

    /// Ends the session: an operation that runs is dropped, what is queued need not be sent (RFC 6241 section 7.9).
    /// [`SessionService::closed`] is called as for every other end.
    fn close(&self, reason: CloseReason);

    /// Waits until there is room for a good many notifications, or the session is over: for who has more of them than a queue takes.
    fn room(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    /// What has passed so far; where nobody counts, nothing.
    fn traffic(&self) -> Traffic {
        Traffic::default()
    }
}

/// What a server is, to a session loop.
pub trait Service: Send + Sync + 'static {
    /// What to say to a peer that comes, before anything is read from it.
    ///
    /// # Errors
    /// A server that takes no more sessions refuses.
    fn greet(&self) -> Result<Greeting, Refused>;

    /// Somebody was greeted, and answered with what is no hello of a client: there is no session.
    fn bad_hello(&self) {}

    /// Opens a session after both hellos. A greeting that leads to no session costs nothing.
    fn open(&self, info: SessionInfo, handle: Arc<dyn SessionHandle>) -> Box<dyn SessionService>;
}

/// One session of a [`Service`].
pub trait SessionService: Send {
    /// Does what a request asks. One request at a time; dropping the future abandons the request, which then either took
    /// effect whole or not at all.
    fn rpc<'a>(&'a mut self, request: RpcRequest) -> BoxFuture<'a, RpcReply>;

    /// The session is over, for whatever reason: called exactly once, nothing is called after it.
    fn closed(&mut self, reason: CloseReason);
}

/// A request: one `rpc` element (RFC 6241 section 4.1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RpcRequest {
    /// The `message-id` attribute. A request without one never comes here: the session loop answers it.
    pub message_id: String,
    /// All other attributes of the `rpc` element. The session loop echoes them (section 4.1); they stand here for
    /// handlers.
    pub attributes: Vec<RpcAttribute>,
    /// The one child element, as a document of its own: namespace declarations of the `rpc` element that are in scope
    /// stand on it. It is well-formed.
    pub operation: Bytes,
}

/// An attribute of an `rpc` element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RpcAttribute {
    /// Its namespace; empty for none.
    pub namespace: String,
    /// Its local name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The answer to a request: what stands in `rpc-reply`, and what comes after it.
#[derive(Debug)]
pub struct RpcReply {
    /// What stands in it.
    pub body: ReplyBody,
    /// Is the session over once the reply is sent?
    pub close: bool,
}

/// What stands in an `rpc-reply` (RFC 6241 section 4.2).
#[derive(Debug)]
#[non_exhaustive]
pub enum ReplyBody {
    /// `ok`.
    Ok,
    /// Elements, which declare every namespace they use; nothing else. The base namespace is the default one around them.
    Data(Bytes),
    /// Elements that are made while they are sent, so that the reply is never in memory whole.
    Stream(BodyStream),
    /// One `rpc-error` each; never empty.
    Errors(Vec<RpcError>),
}

/// The content of a reply, piece by piece: the next one is asked for when the one before it is on its way.
///
/// The pieces, one after the other, are what [`ReplyBody::Data`] would hold, but that each outermost element declares its
/// namespace itself. An error in place of the first piece is the reply. After that there is no way to tell of one, and
/// it ends the session. Between pieces the session waits for its peer, for as long as the peer does not read.
pub struct BodyStream(Pin<Box<dyn Stream<Item = Result<Bytes, RpcError>> + Send>>);

impl BodyStream {
    /// Of these pieces.
    pub fn new(pieces: impl Stream<Item = Result<Bytes, RpcError>> + Send + 'static) -> Self {
        Self(Box::pin(pieces))
    }

    /// The next piece; `None` behind the last.
    pub async fn next(&mut self) -> Option<Result<Bytes, RpcError>> {
        std::future::poll_fn(|cx| self.0.as_mut().poll_next(cx)).await
    }
}

impl fmt::Debug for BodyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyStream")
    }
}

impl RpcReply {
    /// `ok`.
    pub fn ok() -> Self {
        Self { body: ReplyBody::Ok, close: false }
    }

    /// Data.
    pub fn data(data: impl Into<Bytes>) -> Self {
        Self { body: ReplyBody::Data(data.into()), close: false }
    }

    /// Data that is made while it is sent.
    pub fn stream(pieces: impl Stream<Item = Result<Bytes, RpcError>> + Send + 'static) -> Self {
        Self { body: ReplyBody::Stream(BodyStream::new(pieces)), close: false }
    }

    /// Errors. None at all is a fault of the caller, which shows as `ok`.
    pub fn errors(errors: Vec<RpcError>) -> Self {
        if errors.is_empty() {
            return Self::ok();
        }
        Self { body: ReplyBody::Errors(errors), close: false }
    }

    /// The same, and the session ends after it.
    #[must_use]
    pub fn then_close(mut self) -> Self {
        self.close = true;
        self
    }
}

impl From<RpcError> for RpcReply {
    fn from(error: RpcError) -> Self {
        Self::errors(vec![error])
    }
}

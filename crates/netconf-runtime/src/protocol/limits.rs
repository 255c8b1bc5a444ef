//! What a peer may cost.

use std::time::Duration;

/// What a peer may cost at most, in bytes, messages and time. An error names the limit that was passed.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a hello.
    pub hello: usize,
    /// Bytes of any other message that is received whole.
    pub message: usize,
    /// Bytes of one text of a reply that is received in pieces: so much of it is held.
    pub streamed_text: usize,
    /// How long the peer's hello may take once the transport stands.
    pub hello_timeout: Duration,
    /// Server: requests that wait while one is served. Beyond it nothing more is read from the peer.
    pub queued_rpcs: usize,
    /// Bytes that wait to be looked at. Beyond it nothing more is read from the peer, as far as its transport allows;
    /// see [`Self::overrun_bytes`].
    pub queued_bytes: usize,
    /// SSH: bytes that wait while the peer does not read what is sent to it. SSH must go on reading then, for permission to
    /// send comes on the same way; a peer beyond this limit is cut off.
    pub overrun_bytes: usize,
    /// Server: notifications that wait to be sent.
    pub queued_notifications: usize,
    /// Server: bytes of notifications that wait to be sent.
    pub queued_notification_bytes: usize,
    /// Server: how long authentication may take, from the connection on.
    pub login_timeout: Duration,
    /// Server: attempts to authenticate on one connection.
    pub login_attempts: usize,
    /// Server: how long an attempt that fails takes.
    pub login_delay: Duration,
    /// Server: how long a session may be without a request while none is served, and an SSH connection without a session; `None`: for
    /// ever. A session with a subscription is never idle.
    pub idle_timeout: Option<Duration>,
    /// Server: sessions on one SSH connection.
    pub channels: usize,
    /// Server: connections that are open or that authenticate, over all peers of a listener.
    pub connections: usize,
    /// Client: requests that are sent and not answered. Further calls wait.
    pub pipelined_rpcs: usize,
    /// Client: bytes of requests that are sent and not answered. Further calls wait.
    pub pipelined_bytes: usize,
    /// Client: notifications that a subscriber did not take yet. Beyond it the subscriber is told how many it missed.
    pub pending_notifications: usize,
    /// How long a session that ends may take to send what it still has to send.
    pub linger: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            hello: 4 << 20,
            message: 256 << 20,
            streamed_text: 16 << 20,
            hello_timeout: Duration::from_secs(30),
            queued_rpcs: 128,
            queued_bytes: 4 << 20,
            overrun_bytes: 64 << 20,
            queued_notifications: 10_000,
            queued_notification_bytes: 16 << 20,
            login_timeout: Duration::from_secs(60),
            login_attempts: 6,
            login_delay: Duration::from_millis(500),
            idle_timeout: None,
            channels: 16,
            connections: 1024,
            pipelined_rpcs: 1024,
            pipelined_bytes: 16 << 20,
            pending_notifications: 10_000,
            linger: Duration::from_secs(5),
        }
    }
}

//! The session: from hello to end, for either role.
//!
//! ```text
//!             own hello goes out
//!                    |
//!                  Hello ---- peer's hello ----> Open(version) ---- stream ends between messages ----> over
//!                    |                               |
//!                    +----- anything else: an error, and the transport is to be closed ------
//! ```

mod inbound;
mod outbound;
mod pieces;

#[cfg(test)]
mod tests;

pub use inbound::Inbound;
pub use outbound::Outbound;
pub use pieces::{ReplyEnd, ReplyStart};

use super::framing::{FramingError, Version};
use super::message::{Invalid, Notification, Reply, Rpc};
use super::{Hello, Limits, ProtocolError};
use bytes::Bytes;
use std::time::Instant;

/// Which end of a session this is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// It sends requests.
    Client,
    /// It answers them.
    Server,
}

/// What comes in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The peer's hello: the session is open.
    Hello(Hello, Version),
    /// Server: a request.
    Rpc(Box<Rpc>),
    /// Server: a message that is no request, and the answer to it, which is due when those before it are answered.
    Invalid(Box<Invalid>),
    /// Client: an answer.
    Reply(Box<Reply>),
    /// Client: the start of an answer that is wanted in pieces; see [`Inbound::poll_event_with`].
    ReplyStart(Box<ReplyStart>),
    /// Client: some of its content, as it came, cut anywhere, but checked. `ok`, errors and white space between the
    /// elements of the reply do not belong to it.
    ReplyPiece(Bytes),
    /// Client: its end.
    ReplyEnd(Box<ReplyEnd>),
    /// Client: a notification.
    Notification(Box<Notification>),
}

/// One end of a session.
///
/// ```
/// use netconf_runtime::protocol::{capability, Event, Limits, Session, Version};
/// use std::time::Instant;
///
/// let now = Instant::now();
/// let capabilities = vec![capability::BASE_1_1.to_owned()];
/// let mut client = Session::client(capabilities.clone(), Limits::default(), now);
/// let mut server = Session::server(7, capabilities, Limits::default(), now);
/// while let Some(bytes) = server.poll_transmit() {
///     client.receive(bytes);
/// }
/// let Ok(Some(Event::Hello(hello, version))) = client.poll_event() else { panic!("no hello") };
/// assert_eq!((hello.session_id, version), (Some(7), Version::V1_1));
/// ```
#[derive(Debug)]
pub struct Session {
    inbound: Inbound,
    outbound: Outbound,
    started: Instant,
}

impl Session {
    /// A client. Its hello is ready to be sent.
    #[must_use]
    pub fn client(capabilities: Vec<String>, limits: Limits, now: Instant) -> Self {
        Self::new(Role::Client, Hello { capabilities, session_id: None }, limits, now)
    }

    /// A server. Its hello is ready to be sent.
    #[must_use]
    pub fn server(session_id: u32, capabilities: Vec<String>, limits: Limits, now: Instant) -> Self {
        Self::new(Role::Server, Hello { capabilities, session_id: Some(session_id) }, limits, now)
    }

    fn new(role: Role, hello: Hello, limits: Limits, now: Instant) -> Self {
        let outbound = Outbound::greet(&hello);
        Self { inbound: Inbound::new(role, hello.capabilities, limits), outbound, started: now }
    }

    /// Takes bytes that the transport received.
    pub fn receive(&mut self, bytes: Bytes) {
        self.inbound.receive(bytes);
    }

    /// What the bytes that came so far mean.
    ///
    /// # Errors
    /// The session is broken, and the transport is to be closed. The error comes again at each further call.
    pub fn poll_event(&mut self) -> Result<Option<Event>, ProtocolError> {
        let event = self.inbound.poll_event()?;
        if let Some(Event::Hello(_, version)) = &event {
            self.outbound.open(*version);
        }
        Ok(event)
    }

    /// The same, with some replies in pieces: see [`Inbound::poll_event_with`].
    ///
    /// # Errors
    /// As for [`Self::poll_event`].
    pub fn poll_event_with(
        &mut self,
        wants: &mut dyn FnMut(&str) -> bool,
    ) -> Result<Option<Event>, ProtocolError> {
        let event = self.inbound.poll_event_with(wants)?;
        if let Some(Event::Hello(_, version)) = &event {
            self.outbound.open(*version);
        }
        Ok(event)
    }

    /// Bytes for the transport.
    pub fn poll_transmit(&mut self) -> Option<Bytes> {
        self.outbound.poll_transmit()
    }

    /// Queues a message.
    ///
    /// # Errors
    /// See [`Outbound::send`].
    pub fn send(&mut self, message: Bytes) -> Result<(), FramingError> {
        self.outbound.send(message)
    }

    /// The version, once both hellos are there.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.inbound.version()
    }

    /// When [`Self::handle_timeout`] has something to do.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let waiting = self.inbound.version().is_none();
        waiting.then(|| self.started + self.inbound.limits().hello_timeout)
    }

    /// The clock shows `now`.
    ///
    /// # Errors
    /// The peer's hello did not come in time.
    pub fn handle_timeout(&mut self, now: Instant) -> Result<(), ProtocolError> {
        match self.poll_timeout() {
            Some(due) if due <= now => {
                Err(self.inbound.fail(ProtocolError::HelloTimeout(self.inbound.limits().hello_timeout)))
            }
            _ => Ok(()),
        }
    }

    /// The transport has ended.
    ///
    /// # Errors
    /// It ended inside of a message.
    pub fn receive_end(&mut self) -> Result<(), ProtocolError> {
        self.inbound.receive_end()
    }

    /// Both directions, for a task each. Sending needs the version, so the session should be open.
    #[must_use]
    pub fn split(self) -> (Inbound, Outbound) {
        (self.inbound, self.outbound)
    }
}

//! The receiving direction.

use super::{Event, Role};
use crate::protocol::framing::{Deframer, Piece, Version};
use crate::protocol::message::{Either, Notification, Rpc};
use crate::protocol::{Hello, Limits, ProtocolError};
use bytes::{Bytes, BytesMut};

/// Takes bytes, gives events.
#[derive(Debug)]
pub struct Inbound {
    role: Role,
    /// What this end offered.
    capabilities: Vec<String>,
    limits: Limits,
    deframer: Deframer,
    message: Message,
    version: Option<Version>,
    failed: Option<ProtocolError>,
}

/// A message that is not complete yet. One that came in one piece is not copied.
#[derive(Debug, Default)]
struct Message {
    first: Bytes,
    rest: BytesMut,
}

impl Message {
    fn len(&self) -> usize {
        self.first.len() + self.rest.len()
    }

    fn push(&mut self, piece: Bytes) {
        if self.len() == 0 {
            self.first = piece;
        } else {
            if !self.first.is_empty() {
                self.rest.extend_from_slice(&std::mem::take(&mut self.first));
            }
            self.rest.extend_from_slice(&piece);
        }
    }

    fn take(&mut self) -> Bytes {
        if self.rest.is_empty() {
            std::mem::take(&mut self.first)
        } else {
            std::mem::take(&mut self.rest).freeze()
        }
    }
}

impl Inbound {
    pub(super) fn new(role: Role, capabilities: Vec<String>, limits: Limits) -> Self {
        Self {
            role,
            capabilities,
            limits,
            deframer: Deframer::default(),
            message: Message::default(),
            version: None,
            failed: None,
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The version, once the peer's hello is there.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.version
    }

    /// Takes bytes that the transport received.
    pub fn receive(&mut self, bytes: Bytes) {
        if self.failed.is_none() {
            self.deframer.push(bytes);
        }
    }

    /// How many bytes of an incomplete message it holds.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.message.len()
    }

    /// The transport has ended.
    ///
    /// # Errors
    /// It ended inside of a message, or before the hello.
    pub fn receive_end(&mut self) -> Result<(), ProtocolError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        if self.deframer.at_boundary() { Ok(()) } else { Err(self.fail(ProtocolError::Truncated)) }
    }

    pub(super) fn fail(&mut self, error: ProtocolError) -> ProtocolError {
        self.failed = Some(error.clone());
        self.message = Message::default();
        error
    }

    /// What the bytes that came so far mean.
    ///
    /// # Errors
    /// The session is broken, and the transport is to be closed. The error comes again at each further call.
    pub fn poll_event(&mut self) -> Result<Option<Event>, ProtocolError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        self.advance().map_err(|error| self.fail(error))
    }

    fn advance(&mut self) -> Result<Option<Event>, ProtocolError> {
        let (limit, allowed) = match self.version {
            None => ("hello", self.limits.hello),
            Some(_) => ("message", self.limits.message),
        };
        while let Some(piece) = self.deframer.poll()? {
            match piece {
                Piece::Data(data) if data.len() > allowed - self.message.len() => {
                    return Err(ProtocolError::TooLarge { limit, allowed });
                }
                Piece::Data(data) => self.message.push(data),
                Piece::End => {
                    let message = self.message.take();
                    return self.interpret(message).map(Some);
                }
            }
        }
        Ok(None)
    }

    fn interpret(&mut self, message: Bytes) -> Result<Event, ProtocolError> {
        let Some(version) = self.version else { return self.hello(&message) };
        Ok(match self.role {
            Role::Server => match Rpc::read(message, version) {
                Ok(rpc) => Event::Rpc(Box::new(rpc)),
                Err(invalid) => Event::Invalid(invalid),
            },
            Role::Client => match Notification::read_either(message)? {
                Either::Reply(reply) => Event::Reply(Box::new(reply)),
                Either::Notification(event) => Event::Notification(Box::new(event)),
            },
        })
    }

    fn hello(&mut self, message: &[u8]) -> Result<Event, ProtocolError> {
        let hello = Hello::from_xml(message)?;
        // RFC 6241 section 8.1: both of these must end the session.
        match (self.role, hello.session_id) {
            (Role::Server, Some(_)) => {
                return Err(ProtocolError::Hello("a client's hello has a session-id".to_owned()));
            }
            (Role::Client, None) => {
                return Err(ProtocolError::Hello("the server's hello has no session-id".to_owned()));
            }
            _ => {}
        }
        let version = hello.common_version(&self.capabilities)?;
        self.version = Some(version);
        self.deframer.switch(version);
        Ok(Event::Hello(hello, version))
    }
}

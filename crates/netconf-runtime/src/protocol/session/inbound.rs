//! The receiving direction.

use super::pieces::{Found, Pieces};
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
    /// The message, as long as it may come to be given out in pieces, or is.
    pieces: Option<Box<Pieces>>,
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
            pieces: None,
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
        self.message.len() + self.pieces.as_ref().map_or(0, |p| p.len())
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
        self.pieces = None;
        error
    }

    /// What the bytes that came so far mean.
    ///
    /// # Errors
    /// The session is broken, and the transport is to be closed. The error comes again at each further call.
    pub fn poll_event(&mut self) -> Result<Option<Event>, ProtocolError> {
        self.poll(None)
    }

    /// The same for a client that does not want all replies whole: `wants` is asked once for each, by its message-id,
    /// when its start tag is there. A reply that is wanted comes as [`Event::ReplyStart`], as many [`Event::ReplyPiece`]
    /// as there are, and [`Event::ReplyEnd`], with nothing else between them, and needs no more memory than its longest text.
    ///
    /// # Errors
    /// As for [`Self::poll_event`]. A fault in the middle of such a reply shows after its first pieces.
    pub fn poll_event_with(
        &mut self,
        wants: &mut dyn FnMut(&str) -> bool,
    ) -> Result<Option<Event>, ProtocolError> {
        self.poll(Some(wants))
    }

    fn poll(&mut self, wants: Option<&mut dyn FnMut(&str) -> bool>) -> Result<Option<Event>, ProtocolError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        self.advance(wants).map_err(|error| self.fail(error))
    }

    fn advance(
        &mut self,
        mut wants: Option<&mut dyn FnMut(&str) -> bool>,
    ) -> Result<Option<Event>, ProtocolError> {
        let (limit, allowed) = match self.version {
            None => ("hello", self.limits.hello),
            Some(_) => ("message", self.limits.message),
        };
        loop {
            if let Some(event) = self.next_piece()? {
                return Ok(Some(event));
            }
            let Some(piece) = self.deframer.poll()? else { return Ok(None) };
            match piece {
                Piece::Data(data) if self.pieces.as_ref().is_some_and(|p| p.is_wanted()) => {
                    self.push_piece(data);
                }
                Piece::Data(data) if data.len() > allowed - self.pending() => {
                    return Err(ProtocolError::TooLarge { limit, allowed });
                }
                Piece::Data(data) => {
                    let begins = self.message.len() == 0 && self.pieces.is_none();
                    if begins && wants.is_some() && self.version.is_some() && self.role == Role::Client {
                        self.pieces = Some(Box::new(Pieces::new(&self.limits)));
                    }
                    if self.pieces.is_none() {
                        self.message.push(data);
                        continue;
                    }
                    self.push_piece(data);
                    let never = &mut |_: &str| false;
                    if let Some(start) = self.start_pieces(wants.as_deref_mut().unwrap_or(never))? {
                        return Ok(Some(start));
                    }
                }
                Piece::End => {
                    match &mut self.pieces {
                        Some(pieces) if pieces.is_wanted() => {
                            pieces.finish();
                            continue;
                        }
                        Some(_) => self.read_whole(),
                        None => {}
                    }
                    let message = self.message.take();
                    return self.interpret(message).map(Some);
                }
            }
        }
    }

    fn push_piece(&mut self, data: Bytes) {
        if let Some(pieces) = &mut self.pieces {
            pieces.push(data);
        }
    }

    /// The start of a reply that is wanted in pieces, once it is known to be one. What is known to be none is read whole.
    fn start_pieces(&mut self, wants: &mut dyn FnMut(&str) -> bool) -> Result<Option<Event>, ProtocolError> {
        let Some(pieces) = &mut self.pieces else { return Ok(None) };
        match pieces.start(wants)? {
            None => Ok(None),
            Some(Some(start)) => Ok(Some(Event::ReplyStart(Box::new(start)))),
            Some(None) => {
                self.read_whole();
                Ok(None)
            }
        }
    }

    fn read_whole(&mut self) {
        if let Some(pieces) = self.pieces.take() {
            pieces.into_held().into_iter().for_each(|piece| self.message.push(piece));
        }
    }

    fn next_piece(&mut self) -> Result<Option<Event>, ProtocolError> {
        let Some(pieces) = self.pieces.as_mut().filter(|p| p.is_wanted()) else { return Ok(None) };
        Ok(match pieces.next()? {
            None => None,
            Some(Found::Piece(bytes)) => Some(Event::ReplyPiece(bytes)),
            Some(Found::End(end)) => {
                self.pieces = None;
                Some(Event::ReplyEnd(Box::new(end)))
            }
        })
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

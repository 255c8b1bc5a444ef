//! Framing: RFC 6242 section 4. Messages go into bytes and come out of them, in pieces, so that no message has to be in
//! memory whole for this floor's sake.

mod chunked;
mod end_of_message;

#[cfg(test)]
mod tests;

use bytes::Bytes;
use std::collections::VecDeque;

/// A version of NETCONF, which decides the framing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Version {
    /// 1.0: messages end with `]]>]]>` (RFC 6242 section 4.3). Hellos always do.
    V1_0,
    /// 1.1: messages come in chunks (RFC 6242 section 4.2).
    V1_1,
}

impl Version {
    /// The capability that offers it.
    #[must_use]
    pub fn capability(self) -> &'static str {
        match self {
            Self::V1_0 => super::capability::BASE_1_0,
            Self::V1_1 => super::capability::BASE_1_1,
        }
    }
}

/// How the framing is broken.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message} (byte {offset} of the stream)")]
pub struct FramingError {
    /// Where, counted from the beginning of the stream.
    pub offset: u64,
    /// What is wrong.
    pub message: String,
}

/// What a [`Deframer`] finds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// Bytes of a message.
    Data(Bytes),
    /// The message is complete.
    End,
}

/// Takes messages out of a stream.
#[derive(Debug)]
pub struct Deframer {
    input: VecDeque<Bytes>,
    /// Bytes taken off the input so far.
    offset: u64,
    state: State,
    failed: Option<FramingError>,
}

#[derive(Debug)]
enum State {
    EndOfMessage(end_of_message::Decoder),
    Chunked(chunked::Decoder),
}

impl Default for Deframer {
    /// A deframer as a session begins: version 1.0, for the hello.
    fn default() -> Self {
        Self {
            input: VecDeque::new(),
            offset: 0,
            state: State::EndOfMessage(end_of_message::Decoder::default()),
            failed: None,
        }
    }
}

impl Deframer {
    /// Takes bytes of the stream.
    pub fn push(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.input.push_back(bytes);
        }
    }

    /// Goes on with another version, after a complete message.
    pub fn switch(&mut self, version: Version) {
        self.state = match version {
            Version::V1_0 => State::EndOfMessage(end_of_message::Decoder::default()),
            Version::V1_1 => State::Chunked(chunked::Decoder::default()),
        };
    }

    /// The next piece, if the bytes that came so far have one.
    ///
    /// # Errors
    /// Framing that the RFC forbids. There is no way back from it: it comes again at each further call.
    pub fn poll(&mut self) -> Result<Option<Piece>, FramingError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        while let Some(front) = self.input.front_mut() {
            if front.is_empty() {
                self.input.pop_front();
                continue;
            }
            let before = front.len();
            let found = match &mut self.state {
                State::EndOfMessage(decoder) => Ok(decoder.decode(front)),
                State::Chunked(decoder) => decoder.decode(front),
            };
            self.offset += (before - front.len()) as u64;
            match found {
                Ok(None) => {}
                Ok(piece) => return Ok(piece),
                Err(message) => {
                    let error = FramingError { offset: self.offset, message };
                    self.failed = Some(error.clone());
                    return Err(error);
                }
            }
        }
        Ok(None)
    }

    /// Whether the stream may end here: between two messages.
    #[must_use]
    pub fn at_boundary(&self) -> bool {
        self.input.iter().all(Bytes::is_empty)
            && match &self.state {
                State::EndOfMessage(decoder) => decoder.at_boundary(),
                State::Chunked(decoder) => decoder.at_boundary(),
            }
    }
}

/// Puts messages into the stream, each whole or part by part. No part is copied.
#[derive(Debug)]
pub struct Framer {
    version: Version,
    /// Version 1.0: what the parts so far end with.
    tail: end_of_message::Tail,
}

impl Framer {
    /// A framer for a version.
    #[must_use]
    pub fn new(version: Version) -> Self {
        Self { version, tail: end_of_message::Tail::default() }
    }

    /// The version.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The next part of the message: appends what is to be sent to `out`.
    ///
    /// # Errors
    /// In version 1.0, a message that contains `]]>]]>` cannot be sent. Nothing of this part is appended then.
    pub fn part(&mut self, part: Bytes, out: &mut impl Extend<Bytes>) -> Result<(), FramingError> {
        match self.version {
            Version::V1_0 => {
                self.tail.check(&part)?;
                out.extend([part]);
            }
            Version::V1_1 => chunked::encode(part, out),
        }
        Ok(())
    }

    /// The message is complete. A message has a part at least that is not empty: no document is.
    pub fn end(&mut self, out: &mut impl Extend<Bytes>) {
        match self.version {
            Version::V1_0 => {
                self.tail = end_of_message::Tail::default();
                out.extend([Bytes::from_static(end_of_message::MARK)]);
            }
            Version::V1_1 => out.extend([Bytes::from_static(chunked::END)]),
        }
    }
}

/// Puts a whole message into the stream: appends what is to be sent to `out`. The message is not copied.
///
/// # Errors
/// In version 1.0, a message that contains `]]>]]>` cannot be sent.
pub fn frame(version: Version, message: Bytes, out: &mut impl Extend<Bytes>) -> Result<(), FramingError> {
    let mut framer = Framer::new(version);
    framer.part(message, out)?;
    framer.end(out);
    Ok(())
}

pub use chunked::MAX_CHUNK;

//! Sources over a push reader: all bytes at hand, or from `std::io`.

use crate::codec::{CodecError, CodecErrorKind, Limits};
use crate::event::{Event, Position, Source};
use std::io::Read;

/// Bytes that are given to the reader at once: what it holds stays small, however long the document.
const CHUNK: usize = 64 * 1024;

/// What reads a document that is pushed to it in pieces.
pub trait PushReader {
    /// A reader of a document.
    fn with_limits(limits: Limits) -> Self;

    /// Adds bytes of the document.
    fn push(&mut self, bytes: &[u8]);

    /// Says that no more bytes will come.
    fn finish(&mut self);

    /// Is there an event? If not, more bytes are needed.
    ///
    /// # Errors
    /// What is wrong with the document.
    fn ready(&mut self) -> Result<bool, CodecError>;

    /// Takes the event that is ready.
    ///
    /// # Errors
    /// None is.
    fn event(&mut self) -> Result<Event<'_>, CodecError>;

    /// Where the last event began.
    fn position(&self) -> Position;
}

/// A document in memory.
#[derive(Debug)]
pub struct SliceSource<'b, R> {
    reader: R,
    rest: &'b [u8],
}

impl<'b, R: PushReader> SliceSource<'b, R> {
    /// Reads a document.
    pub fn new(bytes: &'b [u8], limits: Limits) -> Self {
        Self::over(R::with_limits(limits), bytes)
    }

    /// Reads with a reader that was made otherwise.
    pub fn over(reader: R, bytes: &'b [u8]) -> Self {
        Self { reader, rest: bytes }
    }

    /// The reader.
    pub fn reader(&self) -> &R {
        &self.reader
    }
}

impl<R: PushReader> Source for SliceSource<'_, R> {
    fn next(&mut self) -> Result<Event<'_>, CodecError> {
        while !self.reader.ready()? {
            let (now, later) = self.rest.split_at(self.rest.len().min(CHUNK));
            self.reader.push(now);
            self.rest = later;
            if later.is_empty() {
                self.reader.finish();
            }
        }
        self.reader.event()
    }

    fn position(&self) -> Position {
        self.reader.position()
    }
}

/// A document that is read as it is needed.
#[derive(Debug)]
pub struct ReadSource<R, I> {
    reader: R,
    input: I,
    chunk: Vec<u8>,
}

impl<R: PushReader, I: Read> ReadSource<R, I> {
    /// Reads a document.
    pub fn new(input: I, limits: Limits) -> Self {
        Self::over(R::with_limits(limits), input)
    }

    /// Reads with a reader that was made otherwise.
    pub fn over(reader: R, input: I) -> Self {
        Self { reader, input, chunk: vec![0; CHUNK] }
    }
}

impl<R: PushReader, I: Read> Source for ReadSource<R, I> {
    fn next(&mut self) -> Result<Event<'_>, CodecError> {
        while !self.reader.ready()? {
            match self.input.read(&mut self.chunk) {
                Ok(0) => self.reader.finish(),
                Ok(count) => self.reader.push(&self.chunk[..count]),
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(e) => {
                    let position = self.reader.position();
                    let message = e.to_string();
                    return Err(CodecError { kind: CodecErrorKind::Io, message, position, path: None });
                }
            }
        }
        self.reader.event()
    }

    fn position(&self) -> Position {
        self.reader.position()
    }
}

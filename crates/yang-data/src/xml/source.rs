//! Sources over the push reader: all bytes at hand, or from `std::io`.

use super::Reader;
use crate::codec::{CodecError, CodecErrorKind, Limits};
use crate::event::{Event, Position, Source};
use std::io::Read;

/// Bytes that are given to the reader at once: what it holds stays small, however long the document.
const CHUNK: usize = 64 * 1024;

/// A document in memory.
#[derive(Debug)]
pub struct SliceSource<'b> {
    reader: Reader,
    rest: &'b [u8],
}

impl<'b> SliceSource<'b> {
    /// Reads a document.
    pub fn new(bytes: &'b [u8], limits: Limits) -> Self {
        Self::over(Reader::new(limits), bytes)
    }

    /// Reads with a reader that was made otherwise: [`Reader::with_scope`].
    pub fn over(reader: Reader, bytes: &'b [u8]) -> Self {
        Self { reader, rest: bytes }
    }

    /// The reader, for the place of the last event in the bytes.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }
}

impl Source for SliceSource<'_> {
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
pub struct ReadSource<R> {
    reader: Reader,
    input: R,
    chunk: Vec<u8>,
}

impl<R: Read> ReadSource<R> {
    /// Reads a document.
    pub fn new(input: R, limits: Limits) -> Self {
        Self::over(Reader::new(limits), input)
    }

    /// Reads with a reader that was made otherwise: [`Reader::of_content`].
    pub fn over(reader: Reader, input: R) -> Self {
        Self { reader, input, chunk: vec![0; CHUNK] }
    }
}

impl<R: Read> Source for ReadSource<R> {
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

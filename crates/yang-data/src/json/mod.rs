//! JSON (RFC 8259), as RFC 7951 encodes YANG's data in it.
//!
//! [`SliceSource`] and [`ReadSource`] are sources; they read strictly, as it comes, without recursion. [`Writer`] is a sink.
//!
//! Annotations (RFC 7952) may stand in front of what they annotate or behind it: they are events of their own.

mod annotation;
mod reader;
mod token;
mod writer;

#[cfg(test)]
mod tests;

pub use reader::Reader;
pub use writer::Writer;

use crate::codec::CodecError;
use crate::event::Sink;

/// A JSON document in memory.
pub type SliceSource<'b> = crate::codec::SliceSource<'b, Reader>;

/// A JSON document that is read as it is needed.
pub type ReadSource<I> = crate::codec::ReadSource<Reader, I>;

/// The text that something writes.
///
/// # Errors
/// What `write` says, or nodes left open.
pub fn to_string(write: impl FnOnce(&mut dyn Sink) -> Result<(), CodecError>) -> Result<String, CodecError> {
    let mut writer = Writer::new(Vec::new());
    write(&mut writer)?;
    let bytes = writer.finish()?;
    String::from_utf8(bytes).map_err(|e| CodecError {
        kind: crate::codec::CodecErrorKind::Malformed,
        message: e.to_string(),
        position: crate::event::Position::default(),
        path: None,
    })
}

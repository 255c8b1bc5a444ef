//! XML (RFC 7950 section 7, "XML Encoding Rules"; XML 1.0 fifth edition; Namespaces in XML 1.0).
//!
//! [`Reader`] is pushed bytes and gives events: it finds whole tokens by itself, keeps one incomplete token, bounded, and so
//! needs no more memory for a long document than for a short one. It is strict: one root, names, namespaces, characters,
//! no two attributes of one name; and it knows no document type declaration and no entities but the five, as NETCONF wants
//! (RFC 6241 section 3.2). [`SliceSource`] and [`ReadSource`] are sources over it. [`Writer`] is a sink.

mod chars;
mod name;
mod reader;
mod scope;
mod tag;
mod text;
mod writer;

#[cfg(test)]
mod tests;

pub use reader::Reader;
pub use writer::Writer;

use crate::codec::CodecError;
use crate::event::Sink;

/// An XML document in memory.
pub type SliceSource<'b> = crate::codec::SliceSource<'b, Reader>;

/// An XML document that is read as it is needed.
pub type ReadSource<I> = crate::codec::ReadSource<Reader, I>;

/// The namespace of the prefix `xml` (Namespaces in XML, section 3).
pub(crate) const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of the prefix `xmlns`.
pub(crate) const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

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

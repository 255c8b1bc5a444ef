//! What all codecs share: limits, errors, and how documents come to their readers.

mod input;
mod source;

pub(crate) use input::{Fault, Input};
pub use source::{PushReader, ReadSource, SliceSource};

use crate::event::Position;

/// What a document from outside may cost at most. Each refusal names the limit that it passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Nodes inside nodes.
    pub depth: u32,
    /// Bytes of a name, prefix and namespace included.
    pub name: usize,
    /// Bytes of all attributes of one element.
    pub attributes: usize,
    /// Bytes of one value.
    pub text: usize,
    /// Nodes of a document.
    pub nodes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 512, name: 4096, attributes: 65_536, text: 16 << 20, nodes: 1 << 24 }
    }
}

/// Why a document cannot be read or written.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
#[error("{position}{message}")]
pub struct CodecError {
    /// What kind of fault it is.
    pub kind: CodecErrorKind,
    /// What is wrong, and where the data stands.
    pub message: String,
    /// Where in the document.
    pub position: Position,
    /// The data path, as far as it is known.
    pub path: Option<String>,
}

/// Kinds of [`CodecError`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum CodecErrorKind {
    /// Not well-formed.
    Malformed,
    /// The document ends too early.
    Truncated,
    /// A limit was passed.
    Limit,
    /// A node that the schema does not know here.
    UnknownNode,
    /// A namespace or module that the schema does not know.
    UnknownNamespace,
    /// An attribute or annotation that is not known.
    UnknownAttribute,
    /// A value that its type forbids.
    InvalidValue,
    /// A node that may stand once stands again.
    Duplicate,
    /// A list entry without one of its keys.
    MissingKey,
    /// The reader or writer below failed.
    Io,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.line == 0 { Ok(()) } else { write!(f, "{}:{}: ", self.line, self.column) }
    }
}

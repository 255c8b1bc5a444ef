//! Where in the source something was said.

use crate::{FileId, Sym};

/// A range of bytes of one source file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// A source file that took part in the compilation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceFile {
    /// The path or name, as diagnostics show it.
    pub path: Sym,
}

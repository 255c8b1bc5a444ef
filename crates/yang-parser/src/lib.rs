//! The YANG compiler: text to a checked [`Schema`](yang_schema::Schema), with diagnostics.
//!
//! [`Compiler`] collects what to compile and makes a [`Compilation`]: the schema, if there are no errors, and every
//! [`Diagnostic`] of the run. Its stages are modules, each of which reads only what the one before it made: `syntax` (text to
//! statements), `grammar` (which statement may stand where), `argument` (their typed arguments), `library` (files, imports, prefixes)
//! and `compile` with `check` (names to definitions, groupings to nodes, and the rules of RFC 7950).
//! [`mod@print`] writes schemas for people; [`compat`] compares two revisions of modules.
//!
//! This crate knows no instance data, and no input makes it panic or overflow the stack.

mod argument;
mod check;
pub mod compat;
mod compile;
mod compiler;
mod diagnostic;
mod grammar;
mod library;
pub mod print;
mod progress;
mod source;
mod spelling;
mod syntax;
mod yin;

pub use compiler::{Compilation, Compiler};
#[cfg(feature = "render")]
pub use diagnostic::render_human;
pub use diagnostic::{Code, Diagnostic, Example, Explanation, Label, Severity, explain, render_json};
pub use grammar::Keyword;
pub use library::yang_files;
pub use progress::Progress;
pub use source::{Position, Source, Sources};

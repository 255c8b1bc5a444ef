//! The syntax of XPath 1.0 (RFC 7950 section 6.4): an expression tree that knows modules instead of prefixes.
//!
//! [`parse`] reads an expression, [`parse_leafref_path`] the argument of `path`, [`print()`] writes either. Evaluation needs
//! instances and is yang-data's.

mod ast;
mod function;
mod invariant;
mod leafref_path;
mod lexer;
mod parser;
mod print;
mod qualified;
#[cfg(test)]
mod tests;

pub use ast::{ArithmeticOp, Axis, CompareOp, Expr, Function, LocationPath, NodeTest, Step};
pub use invariant::is_invariant;
pub use leafref_path::parse_leafref_path;
pub use parser::{MAX_DEPTH, parse};
pub use print::print;

/// Why a text is no expression.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct XPathError {
    /// The byte of the text where it is wrong.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
}

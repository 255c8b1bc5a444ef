//! The syntax of XPath 1.0 (RFC 7950 section 6.4): an expression tree that knows modules instead of prefixes.

mod ast;

pub use ast::{ArithmeticOp, Axis, CompareOp, Expr, Function, LocationPath, NodeTest, Step};

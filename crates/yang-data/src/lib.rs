//! Instances of a YANG schema: trees, XPath, validation, XML and JSON, edits, and the binding of typed structs.

pub mod binding;
pub mod codec;
pub mod diff;
pub mod edit;
pub mod error;
pub mod event;
pub mod filter;
pub mod json;
pub mod merge;
mod qualified;
pub mod tree;
pub mod validate;
pub mod view;
pub mod xml;
pub mod xpath;

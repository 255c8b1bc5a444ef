//! Instances of a YANG schema: trees, XPath, validation, XML and JSON, edits, and the binding of typed structs.

pub mod codec;
pub mod edit;
pub mod error;
pub mod event;
pub mod tree;
pub mod validate;
pub mod view;
pub mod xpath;

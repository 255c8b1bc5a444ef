//! Instances of a YANG schema: trees, XPath, validation, XML and JSON, edits, and the binding of typed structs.
//!
//! A [`Tree`](tree::Tree) holds data; a [`View`](view::View) shows it, with or without defaults, behind a read mask, several
//! trees as one. All else reads views or makes trees: [`validate`], [`filter`], [`xpath`], [`diff`], [`merge`], [`edit`]. Data
//! comes and goes as [`event`]s, which [`xml`] and [`json`] read and write, and which typed structs speak through [`binding`].
//!
//! This crate compiles no YANG: a [`Schema`](yang_schema::Schema) is given. It has no datastores, no sessions, no threads and no
//! clock.

pub mod binding;
pub mod codec;
pub mod diff;
pub mod edit;
pub mod error;
pub mod event;
pub mod filter;
mod index;
pub mod instance_data;
pub mod json;
pub mod locate;
pub mod merge;
pub mod operation;
mod qualified;
pub mod tree;
pub mod validate;
pub mod view;
pub mod xml;
pub mod xpath;

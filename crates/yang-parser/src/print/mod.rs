//! Schemas for people.

mod tree;

pub use tree::{TreeOptions, tree};

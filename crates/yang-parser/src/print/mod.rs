//! Schemas and statements for people.

mod tree;
mod yang;

pub use crate::yin::yin;
pub use tree::{TreeOptions, tree};
pub use yang::{Refusal, YangOptions, yang};

//! Compiled YANG to Rust source: from build.rs and from the command line.

pub mod names;

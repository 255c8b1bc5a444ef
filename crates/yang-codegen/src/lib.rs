//! The generator: a compiled schema in, the Rust source of its types, paths, client methods and handler traits out.
//!
//! [`Config`] is what a `build.rs` and `cargo yang gen` call: it compiles YANG with `yang-parser`, generates, and writes
//! files that changed. [`generate()`] is the part in the middle, without files. On the way from schema to tokens stands an
//! intermediate representation that says which items there are and where; what each says of the model is written by one
//! file per concept under `emit`. [`names`] gives YANG names their Rust names.
//!
//! What has no mapping is an error with the place in the model; nothing is dropped. This crate parses no YANG and knows no
//! wire format: the types it writes are brought to life by `#[derive(Yang)]`.

mod config;
pub mod docs;
mod emit;
mod error;
mod extern_crate;
mod fingerprint;
mod generate;
mod ir;
mod lower;
mod modules;
pub mod names;
mod output;
mod print;
mod report;

pub use config::{Config, Error, Outcome};
pub use emit::Required;
pub use error::MapError;
pub use extern_crate::ExternCrate;
pub use generate::{File, Generated, ModuleText, Options, ROOT, generate, required_handlers};
pub use modules::Module;
pub use output::{OutputError, write};
pub use report::{Count, ModuleCounts, Report};

//! A farm of servers, generated from `yang/example-farm.yang`: what a device does for actions, nested notifications, state of
//! many entries and changes of chosen nodes. `tests/` has its client's side, over real sessions in memory.
//!
//! State is read by its path, and an edit of it does not compile:
//!
//! ```
//! use server_farm::yang::example_farm::paths::{self, *};
//! let edit = paths::farm().site().edit("hill".to_owned());
//! let filter = paths::farm().power().subtree_filter()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ```compile_fail
//! use server_farm::yang::example_farm::paths::{self, *};
//! let edit = paths::farm().power().edit(5);
//! ```

mod device;

pub use device::Device;

/// The model in Rust.
#[allow(dead_code, unreachable_pub, missing_docs, reason = "generated for whatever a crate makes of it")]
pub mod yang {
    include!(concat!(env!("OUT_DIR"), "/yang.gen.rs"));
}

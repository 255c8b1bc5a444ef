//! What the measurements share: jobs in processes of their own, and the peer that they are held against. The measurements
//! are the bench targets in `benches/`; `cargo bench -p toolchain-benches` prints them.

pub mod device;
pub mod interfaces;
pub mod job;
pub mod model;
pub mod peer;
pub mod table;

//! What the tests that cross floors share: the corpus of real modules and documents, the facts of a compiled module, what fuzz
//! targets do, other people's NETCONF peers as fixtures, the packages of this workspace as cargo sees them, and
//! chance that repeats itself.
//!
//! The tests themselves stand in `tests/`. Nothing here is for use outside them.

pub mod cargo;
pub mod corpus;
pub mod diagram;
pub mod facts;
pub mod fuzz;
pub mod instances;
pub mod ncclient;
pub mod netconfd;
pub mod openssh;
pub mod process;
pub mod quickstart;
pub mod random;
pub mod sshd;
pub mod vendor;

//! The server: what a request means, apart from the bytes it comes in.
//!
//! [`operation`] is neutral of any protocol, and so is all that carries it out; `netconf` is a front of it that speaks
//! XML. Sessions come in through [`service`], the seam to the byte side.

mod core;
pub(crate) mod error;
mod invoke;
mod limits;
mod netconf;
pub(crate) mod notification;
mod operation;
pub mod service;
mod sessions;
mod state;
mod time;

pub use limits::Limits;

//! NETCONF without input or output: bytes and instants go in, events and bytes come out.
//!
//! [`Session`] is one end of a session, as client or as server: it exchanges hellos, agrees on a version, and from then on
//! takes messages out of bytes and makes bytes of messages. Below it stand [`framing`] (RFC 6242), [`hello`] (RFC 6241
//! section 8.1) and [`message`] (section 4). Nothing here knows sockets, tasks, clocks, or what an operation means.

pub mod capability;
mod error;
pub mod framing;
pub mod hello;
mod limits;
pub mod message;
pub mod private_candidate;
mod session;

pub use error::ProtocolError;
pub use framing::Version;
pub use hello::Hello;
pub use limits::Limits;
pub use message::{Fragment, Notification, Reply, Rpc};
pub use session::{Event, Inbound, Outbound, ReplyEnd, ReplyStart, Role, Session};

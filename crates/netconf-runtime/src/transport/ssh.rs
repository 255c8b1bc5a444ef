//! SSH: RFC 6242, by russh, which stands behind [`client`] and [`server`] alone.
//!
//! russh runs one loop a connection, and that loop does nothing else while it waits for a socket to take bytes or for the
//! application to take data. Two ends that wait like this for each other wait for ever, so neither may happen: `stream`
//! takes what is written at once, `pipe` takes what is received at once, each within a bound.

mod keys;
#[cfg(feature = "server")]
mod pipe;
mod stream;

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
pub mod server;

#[cfg(all(test, feature = "client", feature = "server"))]
mod tests;

pub use keys::{KeyError, PrivateKey, PublicKey};

use std::time::Duration;

/// The SSH subsystem (RFC 6242 section 3).
const SUBSYSTEM: &str = "netconf";

/// The window of a channel: what may be on its way without having been read by the peer's SSH.
const WINDOW: u32 = 2 << 20;

/// How a dead peer is noticed: messages that it must answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Heartbeat {
    /// How often one is sent while nothing comes.
    pub interval: Duration,
    /// How many may stay unanswered.
    pub misses: usize,
}

impl Default for Heartbeat {
    fn default() -> Self {
        Self { interval: Duration::from_secs(30), misses: 3 }
    }
}

/// What this end calls itself: the software, without a version that would tell an attacker what to try.
const ID: &str = "SSH-2.0-netconf_runtime";

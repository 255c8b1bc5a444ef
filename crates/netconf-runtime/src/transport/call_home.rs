//! Call home: RFC 8071. The server opens the connection, as it may stand behind what lets none in; from then on all is as
//! ever: the client logs in, and both prove who they are.

#[cfg(feature = "client")]
pub mod client;
#[cfg(all(feature = "server", any(feature = "ssh", feature = "tls")))]
pub mod server;

#[cfg(all(test, feature = "client", feature = "server", feature = "ssh", feature = "tls"))]
mod tests;

/// The port on which clients wait for servers that speak SSH (RFC 8071 section 5).
pub const SSH_PORT: u16 = 4334;
/// The same for TLS.
pub const TLS_PORT: u16 = 4335;

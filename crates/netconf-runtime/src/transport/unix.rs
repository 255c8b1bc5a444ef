//! A unix socket, for programs on the same machine: netconf without a login of its own.
//!
//! Who is at the other end is what the kernel says: the user by whom the peer's process runs, by the number that belongs to
//! the socket, not by anything that the peer sends. That makes the socket fit for OpenSSH too, which runs a `Subsystem` as
//! the user who logged in: see [`super::subsystem`].

#[cfg(feature = "server")]
pub mod server;

#[cfg(all(test, feature = "client", feature = "server"))]
mod tests;

use std::io;
use std::path::Path;
use tokio::net::UnixStream;

/// Connects to the socket of a server.
///
/// # Errors
/// There is none, nobody listens, or one may not. The error names the socket.
pub async fn connect(path: impl AsRef<Path>) -> io::Result<UnixStream> {
    let path = path.as_ref();
    UnixStream::connect(path).await.map_err(|e| named(path, &e))
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

//! Ways for a session's bytes: SSH (RFC 6242), a pair in memory, and whatever else can be read and written.
//!
//! A transport is a reader and a writer. The server's side of a session is [`serve`]; the client's is
//! [`crate::client::Session`]. Both read in a task that never waits for their writer.

pub mod call_home;
pub(crate) mod gather;
#[cfg(feature = "server")]
pub(crate) mod listener;
#[cfg(feature = "server")]
mod outbox;
#[cfg(feature = "server")]
mod session_loop;
#[cfg(feature = "ssh")]
pub mod ssh;
#[cfg(unix)]
pub mod subsystem;
pub mod tcp;
#[cfg(feature = "tls")]
pub mod tls;
#[cfg(unix)]
pub mod unix;

#[cfg(all(test, unix, feature = "client", feature = "server", feature = "ssh", feature = "tls"))]
mod duplex_tests;
#[cfg(all(test, feature = "server"))]
mod tests;
#[cfg(all(test, feature = "server"))]
pub(crate) mod toy;

#[cfg(feature = "server")]
pub use listener::Listener;
#[cfg(feature = "server")]
pub use session_loop::{Peer, serve};

use std::io;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream};

/// A connection: what can be read and written.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for T {}

/// Both ends of a connection inside of this process.
#[must_use]
pub fn memory() -> (DuplexStream, DuplexStream) {
    tokio::io::duplex(64 << 10)
}

/// How much is read at once.
pub(crate) const READ_SIZE: usize = 64 << 10;

/// The clock that deadlines of the runtime go by.
pub(crate) fn now() -> std::time::Instant {
    tokio::time::Instant::now().into_std()
}

/// Reads what is there, or an empty piece at the end.
pub(crate) async fn read_some<R: AsyncRead + Unpin>(
    reader: &mut R,
    buffer: &mut bytes::BytesMut,
) -> io::Result<bytes::Bytes> {
    use tokio::io::AsyncReadExt as _;
    buffer.reserve(READ_SIZE / 4);
    reader.read_buf(buffer).await?;
    Ok(buffer.split().freeze())
}

//! The TCP connection below: how long its keepalive waits, by which a peer that has vanished is told from one that is silent.

use super::Target;
use crate::transport::ssh::Heartbeat;
use socket2::{SockRef, TcpKeepalive};
use std::io;
use std::time::Duration;
use tokio::net::TcpStream;
use tracing::debug;

/// The heartbeat got no answer, while TCP has nothing to complain of.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("{} heartbeats, {:?} apart, stayed unanswered, and the connection stands", .0.misses, .0.interval)]
pub(crate) struct Frozen(pub(crate) Heartbeat);

/// Connects to the first address of a host that answers.
pub(super) async fn connect(target: &Target, keepalive: Option<Duration>) -> io::Result<TcpStream> {
    let stream = crate::transport::tcp::connect((target.host.as_str(), target.port)).await?;
    if let Some(limit) = keepalive
        && let Err(error) = set_keepalive(&stream, limit)
    {
        debug!("keepalive: {error}");
    }
    Ok(stream)
}

/// A peer of which nothing is heard for so long is given up.
fn set_keepalive(stream: &TcpStream, limit: Duration) -> io::Result<()> {
    let second = Duration::from_secs(1);
    // Half of the time in silence, then three questions.
    let (idle, interval) = ((limit / 2).max(second), (limit / 6).max(second));
    let keepalive = TcpKeepalive::new().with_time(idle).with_interval(interval);
    #[cfg(any(target_os = "linux", target_os = "macos", target_os = "freebsd"))]
    let keepalive = keepalive.with_retries(3);
    let socket = SockRef::from(stream);
    socket.set_tcp_keepalive(&keepalive)?;
    // Keepalive is silent while sent data waits for its acknowledgement.
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(limit))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sockets_are_set() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = Target::from(listener.local_addr().unwrap());
        let stream = connect(&target, Some(Duration::from_secs(60))).await.unwrap();
        assert!(stream.nodelay().unwrap());
        let socket = SockRef::from(&stream);
        assert!(socket.keepalive().unwrap());
        #[cfg(target_os = "linux")]
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(Duration::from_secs(60)));
        // The system's own times.
        #[cfg(target_os = "linux")]
        {
            let stream = connect(&target, None).await.unwrap();
            assert_eq!(SockRef::from(&stream).tcp_user_timeout().unwrap(), None);
        }
    }
}

//! TCP sockets as all transports use them: small messages go at once (`nodelay`), and a peer that has vanished is noticed by
//! the system (keepalive). The sizes of the kernel's buffers are left to it.

use std::io;
use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpSocket, TcpStream, ToSocketAddrs, lookup_host};

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;

fn socket(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_keepalive(true)?;
    socket.set_nodelay(true)?;
    Ok(socket)
}

async fn each<T, F: Future<Output = io::Result<T>>>(
    address: impl ToSocketAddrs,
    mut attempt: impl FnMut(SocketAddr) -> F,
) -> io::Result<T> {
    let mut last = None;
    for address in lookup_host(address).await? {
        match attempt(address).await {
            Ok(done) => return Ok(done),
            Err(error) => last = Some(error),
        }
    }
    let nothing = || io::Error::new(io::ErrorKind::InvalidInput, "the name has no address");
    Err(last.unwrap_or_else(nothing))
}

/// Connects to the first address of a name that answers.
///
/// # Errors
/// Those of the last address.
pub async fn connect(address: impl ToSocketAddrs) -> io::Result<TcpStream> {
    each(address, async |address| socket(address)?.connect(address).await).await
}

/// Listens on the first address of a name that can be had. What is accepted has the options of the listening socket.
///
/// # Errors
/// Those of the last address.
pub async fn listen(address: impl ToSocketAddrs) -> io::Result<TcpListener> {
    let bind = async |address: SocketAddr| {
        let socket = socket(address)?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    each(address, bind).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Linux tells of each socket whether its keepalive timer runs: `02` in the column `tr`.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn both_ends_keep_alive_and_do_not_delay() {
        let listener = listen("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let near = connect(address).await.unwrap();
        let (far, _) = listener.accept().await.unwrap();
        assert!(near.nodelay().unwrap() && far.nodelay().unwrap());
        let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
        for (local, remote) in [(near.local_addr().unwrap(), address), (address, near.local_addr().unwrap())]
        {
            let (local, remote) = (format!(":{:04X}", local.port()), format!(":{:04X}", remote.port()));
            let columns = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
            let socket = columns
                .filter(|c| c.len() > 5)
                .find(|c| c[1].ends_with(&local) && c[2].ends_with(&remote))
                .expect("the socket is in the table");
            assert!(socket[5].starts_with("02:"), "{socket:?}");
        }
    }
}

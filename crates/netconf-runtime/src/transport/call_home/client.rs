//! The client's side of call home: RFC 8071 section 3.

use crate::transport::tcp;
use std::io;
use std::net::SocketAddr;
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};

/// Waits for servers to call.
///
/// Who calls is not known by the address that it calls from. The client proves to itself who it is as ever: by host keys
/// (SSH) or by certificates (TLS), with `ssh::client` or `tls::client` over the connection that is accepted.
#[derive(Debug)]
pub struct CallHomeListener {
    listener: TcpListener,
}

impl CallHomeListener {
    /// Listens. The ports that IANA gave are [`super::SSH_PORT`] and [`super::TLS_PORT`].
    ///
    /// # Errors
    /// The address cannot be had.
    pub async fn bind(address: impl ToSocketAddrs) -> io::Result<Self> {
        Ok(Self { listener: tcp::listen(address).await? })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The system does not say.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The next call.
    ///
    /// # Errors
    /// No connection can be accepted.
    pub async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        self.listener.accept().await
    }

    /// The next call of a server that speaks TLS, whoever it is that an authority vouches for, or under the name that the
    /// options ask for. A caller that cannot prove who it is is an error; the next one may be better.
    ///
    /// # Errors
    /// No connection can be accepted, or the caller is refused.
    #[cfg(feature = "tls")]
    pub async fn accept_tls(
        &self,
        options: &crate::transport::tls::client::TlsOptions,
    ) -> Result<(crate::transport::tls::client::TlsStream, SocketAddr), crate::transport::tls::client::TlsError>
    {
        let (socket, peer) = self.accept().await.map_err(|e| crate::transport::tls::client::io_error(&e))?;
        let stream = crate::transport::tls::client::over(socket, &peer.ip().to_string(), options).await?;
        Ok((stream, peer))
    }
}

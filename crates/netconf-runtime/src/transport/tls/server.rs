//! The TLS server: RFC 7589.

use super::{CertToName, Certificates, Identity};
use crate::protocol::Limits;
use crate::server::service::{Service, TransportKind};
use crate::transport::listener::Listener;
use crate::transport::{Peer, Stream, serve, tcp};
use rustls::ServerConfig;
use rustls::server::WebPkiClientVerifier;
use std::io;
use std::sync::Arc;
use tokio::net::ToSocketAddrs;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tracing::{Instrument as _, debug, info, info_span};

/// What a TLS server needs to know.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TlsServerOptions {
    /// Who the server is.
    pub identity: Identity,
    /// Who vouches for clients. A client without a certificate of theirs does not come in.
    pub client_authorities: Certificates,
    /// Which user a certificate is. A client that is nobody does not come in.
    pub cert_to_name: CertToName,
    /// What peers may cost.
    pub limits: Limits,
}

impl TlsServerOptions {
    /// Who the server is, and who may come in.
    #[must_use]
    pub fn new(identity: Identity, client_authorities: Certificates, cert_to_name: CertToName) -> Self {
        Self { identity, client_authorities, cert_to_name, limits: Limits::default() }
    }

    /// Sets what peers may cost.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    fn config(&self) -> Result<ServerConfig, Box<dyn std::error::Error + Send + Sync>> {
        let roots = Arc::new(self.client_authorities.roots()?);
        let clients = WebPkiClientVerifier::builder_with_provider(roots, super::provider()).build()?;
        let config = ServerConfig::builder_with_provider(super::provider())
            .with_protocol_versions(super::VERSIONS)?
            .with_client_cert_verifier(clients)
            .with_single_cert(self.identity.chain.0.clone(), self.identity.key.clone_key())?;
        Ok(config)
    }
}

/// A server that takes connections, wherever they come from.
#[derive(Clone)]
pub(crate) struct Front {
    acceptor: TlsAcceptor,
    options: Arc<TlsServerOptions>,
    service: Arc<dyn Service>,
}

impl Front {
    pub(crate) fn new(options: TlsServerOptions, service: Arc<dyn Service>) -> io::Result<Self> {
        let invalid =
            |e| io::Error::new(io::ErrorKind::InvalidInput, format!("the TLS options do not fit: {e}"));
        let acceptor = TlsAcceptor::from(Arc::new(options.config().map_err(invalid)?));
        Ok(Self { acceptor, options: Arc::new(options), service })
    }

    /// Serves one connection to its end. Says whether there was a session.
    pub(crate) async fn connection(
        self,
        socket: impl Stream,
        peer: String,
        mut stopping: watch::Receiver<bool>,
    ) -> bool {
        let limits = &self.options.limits;
        let handshake = tokio::time::timeout(limits.login_timeout, self.acceptor.accept(socket));
        let stream = tokio::select! {
            done = handshake => match done {
                Ok(Ok(stream)) => stream,
                Ok(Err(error)) => {
                    info!("no TLS: {error}");
                    return false;
                }
                Err(_) => {
                    info!("no login in time: limit `login_timeout` of {:?}", limits.login_timeout);
                    return false;
                }
            },
            _ = stopping.wait_for(|stop| *stop) => return false,
        };
        let chain = stream.get_ref().1.peer_certificates().unwrap_or_default();
        let Some(user) = self.options.cert_to_name.name(chain, &self.options.client_authorities) else {
            info!("login refused: no entry of cert-to-name fits the certificate");
            return false;
        };
        info!(user, "logged in");
        // Sessions that are open are ended by the service.
        let groups = self.options.cert_to_name.groups_of(&user);
        let peer = Peer { user, groups, address: peer, transport: TransportKind::Tls };
        let (reader, writer) = tokio::io::split(stream);
        let reason = serve(reader, writer, self.service, peer, limits.clone()).await;
        debug!("connection over: {reason}");
        true
    }
}

/// Listens, and serves whoever comes. The port that IANA gave is [`super::PORT`].
///
/// # Errors
/// The address cannot be had, or the options do not fit together.
pub async fn listen(
    address: impl ToSocketAddrs,
    options: TlsServerOptions,
    service: Arc<dyn Service>,
) -> io::Result<Listener> {
    let most = options.limits.connections;
    let front = Front::new(options, service)?;
    let listener = tcp::listen(address).await?;
    let address = listener.local_addr()?;
    info!(%address, "listening for NETCONF over TLS");
    Ok(Listener::start(address, listener, most, move |socket, peer, stopping| {
        let span = info_span!("tls", %peer);
        let connection = front.clone().connection(socket, peer.to_string(), stopping);
        async { _ = connection.await }.instrument(span)
    }))
}

//! The TLS client: RFC 7589.

use super::{Certificates, Identity};
use crate::transport::{Stream, tcp};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, InvalidMessage, SignatureScheme};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::TlsConnector;

/// A connection that stands.
pub type TlsStream<S = tokio::net::TcpStream> = tokio_rustls::client::TlsStream<S>;

/// Which name a server's certificate must have (RFC 6125, RFC 7589 section 6).
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ServerIdentity {
    /// The host that is connected to.
    Host,
    /// This name or address.
    Name(String),
    /// Any name: that one of the authorities vouches for it is enough. For servers that call home from wherever they are.
    Anyone,
}

/// What a TLS client needs to know.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TlsOptions {
    /// Who the client is.
    pub identity: Identity,
    /// Who vouches for servers.
    pub authorities: Certificates,
    /// Which name the server must have.
    pub server: ServerIdentity,
    /// How long connecting and the handshake may take, each.
    pub timeout: Duration,
}

/// Why there is no connection.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// The network or the peer stands against it.
    #[error("{message}")]
    Io {
        /// What kind of fault.
        kind: io::ErrorKind,
        /// What is wrong.
        message: String,
    },
    /// It took too long.
    #[error("{what} took longer than {after:?}")]
    TimedOut {
        /// What did.
        what: &'static str,
        /// How long it may.
        after: Duration,
    },
    /// The server is not who it should be.
    #[error("the server's certificate is refused: {0}")]
    Server(String),
    /// The handshake failed: the server refuses the client, or the two have nothing in common.
    #[error("no TLS: {0}")]
    Handshake(String),
    /// The caller's options do not fit together.
    #[error("the TLS options do not fit: {0}")]
    Options(String),
}

impl TlsOptions {
    /// Who the client is, and who vouches for servers. The server's certificate must have the name that is connected to.
    #[must_use]
    pub fn new(identity: Identity, authorities: Certificates) -> Self {
        Self { identity, authorities, server: ServerIdentity::Host, timeout: Duration::from_secs(30) }
    }

    /// Sets which name the server must have.
    #[must_use]
    pub fn server(mut self, server: ServerIdentity) -> Self {
        self.server = server;
        self
    }

    /// Sets how long connecting and the handshake may take, each.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    fn config(&self) -> Result<ClientConfig, TlsError> {
        let fault = |e: &dyn std::fmt::Display| TlsError::Options(e.to_string());
        let roots = Arc::new(self.authorities.roots().map_err(|e| fault(&e))?);
        let verifier = WebPkiServerVerifier::builder_with_provider(roots, super::provider()).build();
        let verifier = verifier.map_err(|e| fault(&e))?;
        let verifier: Arc<dyn ServerCertVerifier> = match self.server {
            ServerIdentity::Anyone => Arc::new(Anyone(verifier)),
            _ => verifier,
        };
        let chain = self.identity.chain.0.clone();
        ClientConfig::builder_with_provider(super::provider())
            .with_protocol_versions(super::VERSIONS)
            .map_err(|e| fault(&e))?
            // The verifier is rustls's own, or asks it.
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_client_auth_cert(chain, self.identity.key.clone_key())
            .map_err(|e| fault(&e))
    }
}

/// Connects to a host, by name or address.
///
/// # Errors
/// See [`TlsError`].
pub async fn connect(host: &str, port: u16, options: &TlsOptions) -> Result<TlsStream, TlsError> {
    let dial = tokio::time::timeout(options.timeout, tcp::connect((host, port)));
    let socket = match dial.await {
        Ok(Ok(socket)) => socket,
        Ok(Err(error)) => return Err(io_error(&error)),
        Err(_) => return Err(TlsError::TimedOut { what: "connecting", after: options.timeout }),
    };
    over(socket, host, options).await
}

/// Makes a connection of a socket that stands, as one that a server called home by. `host` is where it leads to.
///
/// # Errors
/// See [`TlsError`].
pub async fn over<S: Stream>(socket: S, host: &str, options: &TlsOptions) -> Result<TlsStream<S>, TlsError> {
    let name = match &options.server {
        ServerIdentity::Name(name) => name.as_str(),
        ServerIdentity::Host | ServerIdentity::Anyone => host,
    };
    let name = ServerName::try_from(name.to_owned())
        .map_err(|_| TlsError::Options(format!("{name:?} is no name of a host")))?;
    let connector = TlsConnector::from(Arc::new(options.config()?));
    match tokio::time::timeout(options.timeout, connector.connect(name, socket)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(handshake_error(&error)),
        Err(_) => Err(TlsError::TimedOut { what: "the TLS handshake", after: options.timeout }),
    }
}

pub(crate) fn io_error(error: &io::Error) -> TlsError {
    TlsError::Io { kind: error.kind(), message: error.to_string() }
}

fn handshake_error(error: &io::Error) -> TlsError {
    match error.get_ref().and_then(|e| e.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidCertificate(why)) => TlsError::Server(why.to_string()),
        Some(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType)) => TlsError::Handshake(
            "the server speaks something else on this port (NETCONF's own is 6513)".to_owned(),
        ),
        Some(other) => TlsError::Handshake(other.to_string()),
        None if error.kind() == io::ErrorKind::UnexpectedEof => TlsError::Io {
            kind: error.kind(),
            message: "the connection was closed in the middle of the TLS handshake".to_owned(),
        },
        None => io_error(error),
    }
}

/// Verifies all of a server's certificate but its name.
#[derive(Debug)]
struct Anyone(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        // The name is what is looked at last.
        match self.0.verify_server_cert(own, others, name, ocsp, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

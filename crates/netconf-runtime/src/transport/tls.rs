//! TLS with certificates on both sides: RFC 7589. TLS 1.2 and 1.3, by rustls with ring.
//!
//! The transport is authenticated in both directions or there is none: a server takes no client without a certificate that a
//! configured authority vouches for, and learns its user name from it (`cert_to_name`); a client verifies the server by its
//! authorities and its name.

#[cfg(feature = "server")]
mod cert_to_name;
#[cfg(feature = "client")]
pub mod client;
mod identity;
#[cfg(feature = "server")]
pub mod server;

#[cfg(all(test, feature = "client", feature = "server"))]
pub(crate) mod tests;

#[cfg(feature = "server")]
pub use cert_to_name::{CertToName, Fingerprint, FingerprintError, HashAlgorithm, MapType};
pub use identity::{Certificates, Identity, PemError};

use rustls::crypto::CryptoProvider;
use std::sync::Arc;

/// The port of NETCONF over TLS (RFC 7589 section 8).
pub const PORT: u16 = 6513;

/// TLS 1.2 (RFC 5246) and 1.3 (RFC 8446), nothing older.
pub(crate) const VERSIONS: &[&rustls::SupportedProtocolVersion] =
    &[&rustls::version::TLS13, &rustls::version::TLS12];

pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

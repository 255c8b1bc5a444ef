//! Certificates and keys, as PEM files have them (RFC 7468).

use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fmt;
use std::path::Path;

/// Why certificates or a key cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct PemError(String);

/// Certificates: authorities that one trusts.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Certificates(pub(super) Vec<CertificateDer<'static>>);

/// A certificate with those that lead up to its authority, and its private key.
pub struct Identity {
    pub(super) chain: Certificates,
    pub(super) key: PrivateKeyDer<'static>,
}

impl Certificates {
    /// Reads the certificates of a PEM text.
    ///
    /// # Errors
    /// There are none, or one is broken.
    pub fn from_pem(pem: &[u8]) -> Result<Self, PemError> {
        let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let all = all.map_err(|e| PemError(format!("the certificates cannot be read: {e}")))?;
        if all.is_empty() {
            return Err(PemError("there is no certificate".to_owned()));
        }
        for certificate in &all {
            x509_parser::parse_x509_certificate(certificate)
                .map_err(|e| PemError(format!("a certificate cannot be read: {e}")))?;
        }
        Ok(Self(all))
    }

    /// Reads a PEM file.
    ///
    /// # Errors
    /// What cannot be read, and what [`Self::from_pem`] refuses. The error names the file.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, PemError> {
        let path = path.as_ref();
        Self::from_pem(&read(path)?).map_err(|e| e.of(path))
    }

    /// Each certificate, in DER.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// As what others are verified by.
    pub(crate) fn roots(&self) -> Result<RootCertStore, rustls::Error> {
        let mut roots = RootCertStore::empty();
        for certificate in &self.0 {
            roots.add(certificate.clone())?;
        }
        Ok(roots)
    }
}

impl Identity {
    /// Reads a chain, the end's own certificate first, and its key.
    ///
    /// # Errors
    /// Either is missing or broken. Whether they belong to each other shows when they are used.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self, PemError> {
        let chain = Certificates::from_pem(chain)?;
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|e| PemError(format!("the private key cannot be read: {e}")))?;
        Ok(Self { chain, key })
    }

    /// Reads two PEM files; they may be one.
    ///
    /// # Errors
    /// What cannot be read, and what [`Self::from_pem`] refuses. The error names the file.
    pub fn load(chain: impl AsRef<Path>, key: impl AsRef<Path>) -> Result<Self, PemError> {
        let (chain_path, key_path) = (chain.as_ref(), key.as_ref());
        let chain = Certificates::load(chain_path)?;
        let key = PrivateKeyDer::from_pem_slice(&read(key_path)?)
            .map_err(|e| PemError(format!("the private key cannot be read: {e}")).of(key_path))?;
        Ok(Self { chain, key })
    }
}

impl PemError {
    fn of(self, path: &Path) -> Self {
        Self(format!("{}: {}", path.display(), self.0))
    }
}

fn read(path: &Path) -> Result<Vec<u8>, PemError> {
    std::fs::read(path).map_err(|e| PemError(e.to_string()).of(path))
}

impl Clone for Identity {
    fn clone(&self) -> Self {
        Self { chain: self.chain.clone(), key: self.key.clone_key() }
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |der: &CertificateDer<'_>| match x509_parser::parse_x509_certificate(der) {
            Ok((_, certificate)) => certificate.subject().to_string(),
            Err(_) => "?".to_owned(),
        };
        f.debug_list().entries(self.0.iter().map(name)).finish()
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("chain", &self.chain).finish_non_exhaustive()
    }
}

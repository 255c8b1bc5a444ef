//! Keys, as OpenSSH writes them.

use russh::keys::ssh_key::LineEnding;
use russh::keys::{Algorithm, HashAlg};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// Why a key cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct KeyError(String);

/// A private key: of a host, or of a user.
#[derive(Clone)]
pub struct PrivateKey(pub(super) Arc<russh::keys::PrivateKey>);

/// A public key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey(pub(super) russh::keys::PublicKey);

impl PrivateKey {
    /// A new Ed25519 key.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn generate() -> Result<Self, KeyError> {
        russh::keys::PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519)
            .map(|key| Self(Arc::new(key)))
            .map_err(|e| KeyError(format!("no key can be made: {e}")))
    }

    /// Reads a key in OpenSSH's format, PKCS#8 or PKCS#1.
    ///
    /// # Errors
    /// What is no key, and what the passphrase does not open.
    pub fn parse(pem: &str, passphrase: Option<&str>) -> Result<Self, KeyError> {
        russh::keys::decode_secret_key(pem, passphrase)
            .map(|key| Self(Arc::new(key)))
            .map_err(|e| KeyError(format!("the private key cannot be read: {e}")))
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// What cannot be read, and what [`Self::parse`] refuses. The error names the file.
    pub fn load(path: impl AsRef<Path>, passphrase: Option<&str>) -> Result<Self, KeyError> {
        let path = path.as_ref();
        let named = |e: &dyn fmt::Display| KeyError(format!("{}: {e}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|e| named(&e))?;
        Self::parse(&text, passphrase).map_err(|e| named(&e))
    }

    /// The key in OpenSSH's format, not encrypted.
    ///
    /// # Errors
    /// Keys that cannot be written so.
    pub fn to_openssh(&self) -> Result<String, KeyError> {
        let text = self.0.to_openssh(LineEnding::LF);
        text.map(|t| t.to_string()).map_err(|e| KeyError(format!("the private key cannot be written: {e}")))
    }

    /// Its public half.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.public_key().clone())
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.public_key().fingerprint())
    }
}

impl PublicKey {
    /// Reads a line of `authorized_keys` or of a `.pub` file, without options in front.
    ///
    /// # Errors
    /// What is no key.
    pub fn parse(line: &str) -> Result<Self, KeyError> {
        russh::keys::PublicKey::from_openssh(line.trim())
            .map(Self)
            .map_err(|e| KeyError(format!("the public key cannot be read: {e}")))
    }

    /// The line that [`Self::parse`] reads.
    ///
    /// # Errors
    /// Keys that cannot be written so.
    pub fn to_openssh(&self) -> Result<String, KeyError> {
        self.0.to_openssh().map_err(|e| KeyError(format!("the public key cannot be written: {e}")))
    }

    /// `SHA256:` and the digest, as `ssh-keygen -l` shows it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint(HashAlg::Sha256).to_string()
    }

    /// Whether it is the same key, whatever the comment.
    pub(super) fn is(&self, other: &russh::keys::PublicKey) -> bool {
        self.0.key_data() == other.key_data()
    }
}

/// An OpenSSH certificate: a public key, whom it is of, and who says so.
#[derive(Clone)]
pub struct UserCertificate(pub(super) russh::keys::Certificate);

impl UserCertificate {
    /// Reads a line of a `-cert.pub` file.
    ///
    /// # Errors
    /// What is no certificate.
    pub fn parse(line: &str) -> Result<Self, KeyError> {
        russh::keys::Certificate::from_openssh(line.trim())
            .map(Self)
            .map_err(|e| KeyError(format!("the certificate cannot be read: {e}")))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What cannot be read, and what [`Self::parse`] refuses. The error names the file.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, KeyError> {
        let path = path.as_ref();
        let named = |e: &dyn fmt::Display| KeyError(format!("{}: {e}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|e| named(&e))?;
        Self::parse(&text).map_err(|e| named(&e))
    }
}

impl fmt::Debug for UserCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserCertificate({})", self.0.key_id())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back() {
        let key = PrivateKey::generate().unwrap();
        let text = key.to_openssh().unwrap();
        assert!(text.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----"));
        let back = PrivateKey::parse(&text, None).unwrap();
        assert_eq!(back.public_key(), key.public_key());
        let line = format!("{} a comment\n", key.public_key().to_openssh().unwrap());
        let public = PublicKey::parse(&line).unwrap();
        assert!(public.is(&key.public_key().0));
        assert!(public.fingerprint().starts_with("SHA256:"));
        assert!(!format!("{key:?}").contains("PRIVATE"));
        assert_ne!(PrivateKey::generate().unwrap().public_key(), key.public_key());
    }

    #[test]
    fn what_is_no_key() {
        assert!(PrivateKey::parse("x", None).is_err());
        assert!(PublicKey::parse("ssh-ed25519 x").is_err());
        let error = PrivateKey::load("/nonexistent/key", None).unwrap_err();
        assert!(error.to_string().starts_with("/nonexistent/key: "));
    }
}

//! Whether a host is the one meant: RFC 4251 section 4.1.

use super::PublicKey;
use super::known_hosts::{self, KnownHosts, Verdict, matches};
use russh::keys::ssh_key::certificate::CertType;
use russh::keys::{Algorithm, Certificate, HashAlg};
use std::fmt;
use std::path::PathBuf;

/// The port that IANA has for NETCONF over SSH (RFC 6242 section 7).
const PORT: u16 = 830;

/// Whom to connect to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// A name or an address.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl From<(&str, u16)> for Target {
    fn from((host, port): (&str, u16)) -> Self {
        Self { host: host.to_owned(), port }
    }
}

impl From<std::net::SocketAddr> for Target {
    fn from(address: std::net::SocketAddr) -> Self {
        Self { host: address.ip().to_string(), port: address.port() }
    }
}

/// `host`, `host:port` or `[address]:port`; without a port it is 830.
impl From<&str> for Target {
    fn from(text: &str) -> Self {
        let bare = |host: &str| host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let split = text.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
        match split {
            // A colon in an address without brackets is part of the address.
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
                Self { host: bare(host), port }
            }
            _ => Self { host: bare(text), port: PORT },
        }
    }
}

impl From<&String> for Target {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<String> for Target {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// How a host proves that it is the one meant.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum HostKeyCheck {
    /// Its key, or the authority that signed its certificate, is in `~/.ssh/known_hosts`.
    KnownHosts,
    /// The same of another file, which has the same format.
    KnownHostsFile(PathBuf),
    /// The same (of `~/.ssh/known_hosts` if no file is named), but a host of which nothing is known is believed, and its key is written
    /// into the file. Another key than the known one is refused still.
    AcceptNew(Option<PathBuf>),
    /// It has this key.
    Key(PublicKey),
    /// It has a certificate that this key signed.
    Authority(PublicKey),
    /// Its key has this fingerprint: `SHA256:` and the digest, as `ssh-keygen -l` shows it.
    Fingerprint(String),
    /// It need not prove anything. Whoever answers gets the password.
    DangerouslyAcceptAnyKey,
}

/// Why a host is not taken for the one meant.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostKeyError {
    /// Nothing is known of it.
    #[error("the host key of {target} is not known: {fingerprint} is not in {file}")]
    Unknown {
        /// Whom it was meant to be.
        target: String,
        /// What it showed.
        fingerprint: String,
        /// Where one looked.
        file: String,
        /// The key itself: see [`HostKeyError::remember`].
        key: Box<PublicKey>,
    },
    /// It shows another key than the known one: it was set up anew, or somebody stands in between.
    #[error(
        "the host key of {target} is not the known one: it shows {fingerprint}, but {known} says otherwise"
    )]
    Changed {
        /// Whom it was meant to be.
        target: String,
        /// What it showed.
        fingerprint: String,
        /// Where the known one stands.
        known: String,
    },
    /// The key is marked as revoked.
    #[error("the host key of {target}, {fingerprint}, is revoked in {file}")]
    Revoked {
        /// Whom it was meant to be.
        target: String,
        /// What it showed.
        fingerprint: String,
        /// Where that stands.
        file: String,
    },
    /// Its certificate does not prove that it is the one meant.
    #[error("the certificate of {target}, signed by {authority}, is not accepted: {reason}")]
    Certificate {
        /// Whom it was meant to be.
        target: String,
        /// The fingerprint of who signed it.
        authority: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The file of known hosts cannot be used.
    #[error("{file}: {message}")]
    File {
        /// The file.
        file: String,
        /// Why.
        message: String,
    },
}

impl HostKeyError {
    /// Writes the key of an unknown host into the file in which one looked, somebody having said that it is right.
    ///
    /// # Errors
    /// It is no error of an unknown host, or the file cannot be written.
    pub fn remember(&self, target: &Target) -> Result<(), HostKeyError> {
        let Self::Unknown { file, key, .. } = self else { return Err(self.clone()) };
        known_hosts::add(file.as_ref(), target, key)
            .map_err(|e| Self::File { file: file.clone(), message: e.to_string() })
    }
}

fn home_file() -> Result<PathBuf, HostKeyError> {
    let home = std::env::home_dir().ok_or_else(|| HostKeyError::File {
        file: "~/.ssh/known_hosts".to_owned(),
        message: "there is no home directory".to_owned(),
    })?;
    Ok(home.join(".ssh").join("known_hosts"))
}

impl HostKeyCheck {
    /// The file of known hosts, if one is looked at.
    fn file(&self) -> Result<Option<PathBuf>, HostKeyError> {
        match self {
            Self::KnownHosts | Self::AcceptNew(None) => home_file().map(Some),
            Self::KnownHostsFile(path) | Self::AcceptNew(Some(path)) => Ok(Some(path.clone())),
            _ => Ok(None),
        }
    }

    fn known(&self) -> Result<Option<(String, KnownHosts)>, HostKeyError> {
        let Some(path) = self.file()? else { return Ok(None) };
        let file = path.display().to_string();
        match KnownHosts::load(&path) {
            Ok(known) => Ok(Some((file, known))),
            Err(e) => Err(HostKeyError::File { file, message: e.to_string() }),
        }
    }

    /// The algorithms of keys by which the host can prove itself, and whether a certificate would.
    pub(super) fn wanted(&self, target: &Target) -> (Vec<Algorithm>, bool) {
        match self {
            Self::Key(key) => (vec![key.0.algorithm()], false),
            Self::Authority(_) => (Vec::new(), true),
            // An error shows when the key is checked.
            _ => self.known().ok().flatten().map_or_else(Default::default, |(_, known)| {
                (known.algorithms(target), known.authorities(target).next().is_some())
            }),
        }
    }

    pub(super) fn check(&self, target: &Target, key: &PublicKey) -> Result<(), HostKeyError> {
        let changed = |known: String| HostKeyError::Changed {
            target: target.to_string(),
            fingerprint: key.fingerprint(),
            known,
        };
        match self {
            Self::DangerouslyAcceptAnyKey => Ok(()),
            Self::Key(expected) if expected.is(&key.0) => Ok(()),
            Self::Key(expected) => Err(changed(expected.fingerprint())),
            Self::Authority(expected) => {
                Err(changed(format!("certificates signed by {}", expected.fingerprint())))
            }
            Self::Fingerprint(expected) => {
                // OpenSSH writes no padding, others do.
                let same = expected.trim().trim_end_matches('=') == key.fingerprint();
                if same { Ok(()) } else { Err(changed(expected.clone())) }
            }
            Self::KnownHosts | Self::KnownHostsFile(_) | Self::AcceptNew(_) => {
                let Some((file, known)) = self.known()? else { return Ok(()) };
                match known.check(target, key) {
                    Verdict::Known => Ok(()),
                    Verdict::Changed(line) => Err(changed(format!("line {line} of {file}"))),
                    Verdict::Revoked => Err(HostKeyError::Revoked {
                        target: target.to_string(),
                        fingerprint: key.fingerprint(),
                        file,
                    }),
                    Verdict::Unknown => {
                        let unknown = HostKeyError::Unknown {
                            target: target.to_string(),
                            fingerprint: key.fingerprint(),
                            file,
                            key: Box::new(key.clone()),
                        };
                        if let Self::AcceptNew(_) = self { unknown.remember(target) } else { Err(unknown) }
                    }
                }
            }
        }
    }

    /// The same of a host that shows a certificate (OpenSSH's PROTOCOL.certkeys).
    pub(super) fn check_certificate(
        &self,
        target: &Target,
        certificate: &Certificate,
    ) -> Result<(), HostKeyError> {
        let authority = certificate.signature_key().fingerprint(HashAlg::Sha256);
        let refused = |reason: String| HostKeyError::Certificate {
            target: target.to_string(),
            authority: authority.to_string(),
            reason,
        };
        let known = self.known()?;
        let trusted: Vec<PublicKey> = match (self, &known) {
            (Self::Authority(key), _) => vec![key.clone()],
            (_, Some((_, known))) => known.authorities(target).cloned().collect(),
            // The key in it is as good as one without a certificate.
            _ => {
                let key = russh::keys::PublicKey::new(certificate.public_key().clone(), "");
                return self.check(target, &PublicKey(key));
            }
        };
        if let Some((_, known)) = &known
            && (known.is_revoked(certificate.signature_key()) || known.is_revoked(certificate.public_key()))
        {
            return Err(refused("it, or who signed it, is revoked".to_owned()));
        }
        let prints: Vec<_> = trusted.iter().map(|key| key.0.fingerprint(HashAlg::Sha256)).collect();
        if !prints.contains(&authority) {
            return Err(refused("no authority that is known for this host signed it".to_owned()));
        }
        if certificate.cert_type() != CertType::Host {
            return Err(refused("it is a user's certificate".to_owned()));
        }
        if certificate.validate(&prints).is_err() {
            return Err(refused("its signature is wrong, or its time is over or not come yet".to_owned()));
        }
        let principals = certificate.valid_principals();
        let host = target.host.to_ascii_lowercase();
        if !principals.is_empty() && !principals.iter().any(|p| matches(&p.to_ascii_lowercase(), &host)) {
            return Err(refused(format!("it is of {}", principals.join(", "))));
        }
        if let Some((option, _)) = certificate.critical_options().iter().next() {
            return Err(refused(format!("it has the critical option `{option}`, which is not known")));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::PrivateKey;
    use super::*;

    #[test]
    fn targets() {
        for (text, host, port) in [
            ("device", "device", 830),
            ("device:22", "device", 22),
            ("10.0.0.1:8300", "10.0.0.1", 8300),
            ("::1", "::1", 830),
            ("[::1]:22", "::1", 22),
            ("[::1]", "::1", 830),
            ("fe80::22", "fe80::22", 830),
        ] {
            assert_eq!(Target::from(text), Target::from((host, port)), "{text}");
        }
        assert_eq!(Target::from("[::1]:22").to_string(), "[::1]:22");
    }

    #[test]
    fn known_hosts() {
        let [good, other] = [(); 2].map(|()| PrivateKey::generate().unwrap().public_key());
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("known_hosts");
        let (near, far) = (Target::from("dev:2222"), Target::from("dev:2223"));
        let check = HostKeyCheck::KnownHostsFile(path.clone());
        assert!(matches!(check.check(&near, &good), Err(HostKeyError::Unknown { .. })), "no file");
        let line = format!("# a comment\n[dev]:2222 {}\n", good.to_openssh().unwrap());
        std::fs::write(&path, &line).unwrap();
        assert_eq!(check.check(&near, &good), Ok(()));
        assert!(matches!(check.check(&near, &other), Err(HostKeyError::Changed { .. })));
        assert!(matches!(check.check(&far, &good), Err(HostKeyError::Unknown { .. })));
        std::fs::write(&path, format!("{line}@revoked * {}\n", good.to_openssh().unwrap())).unwrap();
        assert!(matches!(check.check(&near, &good), Err(HostKeyError::Revoked { .. })));
    }

    #[test]
    fn new_hosts() {
        let [good, other] = [(); 2].map(|()| PrivateKey::generate().unwrap().public_key());
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("known_hosts");
        let target = Target::from("dev:2222");
        // Somebody is asked, and says yes.
        let unknown = HostKeyCheck::KnownHostsFile(path.clone()).check(&target, &good).unwrap_err();
        assert!(unknown.to_string().contains(&good.fingerprint()), "{unknown}");
        unknown.remember(&target).unwrap();
        let accept = HostKeyCheck::AcceptNew(Some(path.clone()));
        assert_eq!(accept.check(&target, &good), Ok(()));
        // Who is known is not new.
        let changed = accept.check(&target, &other).unwrap_err();
        assert!(matches!(changed, HostKeyError::Changed { .. }), "{changed}");
        assert!(changed.remember(&target).is_err());
        let next = Target::from("dev:2223");
        assert_eq!(accept.check(&next, &other), Ok(()));
        assert!(matches!(accept.check(&next, &good), Err(HostKeyError::Changed { .. })));
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 2, "{text}");
    }

    #[test]
    fn pinned() {
        let [good, other] = [(); 2].map(|()| PrivateKey::generate().unwrap().public_key());
        let target = Target::from("dev");
        let print = HostKeyCheck::Fingerprint(format!("{}=", good.fingerprint()));
        for check in [HostKeyCheck::Key(good.clone()), print] {
            assert_eq!(check.check(&target, &good), Ok(()));
            let error = check.check(&target, &other).unwrap_err();
            assert!(error.to_string().contains(&other.fingerprint()), "{error}");
        }
    }
}

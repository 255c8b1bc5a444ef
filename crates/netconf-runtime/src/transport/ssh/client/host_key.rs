//! Whether a host is the one meant: RFC 4251 section 4.1.

use super::PublicKey;
use russh::keys::known_hosts::check_known_hosts_path;
use std::fmt;
use std::path::{Path, PathBuf};

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
    /// Its key is in `~/.ssh/known_hosts`.
    KnownHosts,
    /// Its key is in this file, which has the same format.
    KnownHostsFile(PathBuf),
    /// It has this key.
    Key(PublicKey),
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
    /// It shows a certificate, which is not supported.
    #[error("the host shows a certificate, which is not supported")]
    Certificate,
    /// The file of known hosts cannot be used.
    #[error("{file}: {message}")]
    File {
        /// The file.
        file: String,
        /// Why.
        message: String,
    },
}

impl HostKeyCheck {
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
            Self::Fingerprint(expected) => {
                // OpenSSH writes no padding, others do.
                let same = expected.trim().trim_end_matches('=') == key.fingerprint();
                if same { Ok(()) } else { Err(changed(expected.clone())) }
            }
            Self::KnownHosts => {
                let home = std::env::home_dir().ok_or_else(|| HostKeyError::File {
                    file: "~/.ssh/known_hosts".to_owned(),
                    message: "there is no home directory".to_owned(),
                })?;
                in_file(&home.join(".ssh").join("known_hosts"), target, key)
            }
            Self::KnownHostsFile(path) => in_file(path, target, key),
        }
    }
}

fn in_file(path: &Path, target: &Target, key: &PublicKey) -> Result<(), HostKeyError> {
    let file = path.display().to_string();
    if revoked(path, key) {
        return Err(HostKeyError::Revoked {
            target: target.to_string(),
            fingerprint: key.fingerprint(),
            file,
        });
    }
    match check_known_hosts_path(&target.host, target.port, &key.0, path) {
        Ok(true) => Ok(()),
        Ok(false) => {
            Err(HostKeyError::Unknown { target: target.to_string(), fingerprint: key.fingerprint(), file })
        }
        Err(russh::keys::Error::KeyChanged { line }) => Err(HostKeyError::Changed {
            target: target.to_string(),
            fingerprint: key.fingerprint(),
            known: format!("line {line} of {file}"),
        }),
        Err(error) => Err(HostKeyError::File { file, message: error.to_string() }),
    }
}

/// Whether a line `@revoked` names the key, for whatever host.
fn revoked(path: &Path, key: &PublicKey) -> bool {
    let Ok(text) = std::fs::read_to_string(path) else { return false };
    text.lines().filter_map(|line| line.trim_start().strip_prefix("@revoked")).any(|line| {
        // Hosts, then the key.
        let key_text = line.trim_start().split_once(char::is_whitespace).map(|(_, rest)| rest);
        key_text.and_then(|text| PublicKey::parse(text).ok()).is_some_and(|revoked| revoked.is(&key.0))
    })
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

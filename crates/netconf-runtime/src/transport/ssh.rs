//! SSH: RFC 6242, by russh, which stands behind [`client`] and [`server`] alone.
//!
//! russh runs one loop a connection, and that loop does nothing else while it waits for a socket to take bytes or for the
//! application to take data. Two ends that wait like this for each other wait for ever, so neither may happen: `stream`
//! takes what is written at once, `pipe` takes what is received at once, each within a bound.

mod keys;
#[cfg(feature = "server")]
mod pipe;
mod stream;

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
pub mod server;

#[cfg(all(test, feature = "client", feature = "server"))]
mod tests;

pub use keys::{KeyError, PrivateKey, PublicKey, UserCertificate};

use std::io;
use std::time::Duration;

/// The SSH subsystem (RFC 6242 section 3).
const SUBSYSTEM: &str = "netconf";

/// The window of a channel: what may be on its way without having been read by the peer's SSH.
const WINDOW: u32 = 2 << 20;

/// How a dead peer is noticed: messages that it must answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Heartbeat {
    /// How often one is sent while nothing comes.
    pub interval: Duration,
    /// How many may stay unanswered.
    pub misses: usize,
}

impl Default for Heartbeat {
    fn default() -> Self {
        Self { interval: Duration::from_secs(30), misses: 3 }
    }
}

/// When both ends of a connection agree on new keys (RFC 4253 section 9).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rekey {
    /// After so many bytes, in either direction; at most 1 GiB.
    pub bytes: usize,
    /// After so long.
    pub after: Duration,
}

impl Default for Rekey {
    /// What RFC 4253 recommends: 1 GiB or an hour.
    fn default() -> Self {
        Self { bytes: MOST_BEFORE_REKEY, after: Duration::from_secs(3600) }
    }
}

/// More under one key would weaken some ciphers.
const MOST_BEFORE_REKEY: usize = 1 << 30;

impl Rekey {
    fn limits(self) -> io::Result<russh::Limits> {
        if self.bytes == 0 || self.bytes > MOST_BEFORE_REKEY || self.after.is_zero() {
            let message = format!(
                "new keys after {} bytes or {:?}: not 1 to {MOST_BEFORE_REKEY} bytes",
                self.bytes, self.after
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        Ok(russh::Limits::new(self.bytes, self.bytes, self.after))
    }
}

/// The algorithms of host keys that are offered, unless somebody says otherwise: none by SHA-1.
const HOST_KEY_ALGORITHMS: [&str; 6] = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
];

/// Algorithms of host keys by their names.
fn algorithms(names: &[String]) -> io::Result<Vec<russh::keys::Algorithm>> {
    let known = &russh::Preferred::DEFAULT.key;
    let find = |name: &String| {
        let algorithm = known.iter().find(|a| a.as_str() == name);
        let message = || format!("{name:?} is no algorithm of host keys that is known here");
        algorithm.cloned().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, message()))
    };
    names.iter().map(find).collect()
}

/// The ciphers that are offered, the best first. RFC 6242 leaves them to SSH, which takes the first of the client's that the server
/// has: where the processor has instructions for AES, that is the cheaper one.
fn ciphers() -> Vec<russh::cipher::Name> {
    let mut ciphers = russh::Preferred::DEFAULT.cipher.to_vec();
    if has_aes() {
        ciphers.sort_by_key(|cipher| *cipher != russh::cipher::AES_256_GCM);
    }
    ciphers
}

fn has_aes() -> bool {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    return std::arch::is_x86_feature_detected!("aes") && std::arch::is_x86_feature_detected!("pclmulqdq");
    #[cfg(target_arch = "aarch64")]
    return std::arch::is_aarch64_feature_detected!("aes")
        && std::arch::is_aarch64_feature_detected!("pmull");
    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64")))]
    return false;
}

/// What this end calls itself: the software, without a version that would tell an attacker what to try.
const ID: &str = "SSH-2.0-netconf_runtime";

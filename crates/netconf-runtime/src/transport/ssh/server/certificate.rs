//! Certificates of users, as OpenSSH has them (its `PROTOCOL.certkeys`): an authority says which names a key may use, and
//! until when.

use super::super::PublicKey;
use russh::keys::Certificate;
use russh::keys::ssh_key::certificate::CertType;
use std::fmt;
use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The certificate of a user: that its signature is the authority's, and that the peer has its key, has been proved.
#[derive(Clone, Debug)]
pub struct UserCertificate {
    authority: PublicKey,
    key_id: String,
    serial: u64,
    is_user: bool,
    principals: Vec<String>,
    valid_after: u64,
    valid_before: u64,
    critical: Vec<(String, String)>,
}

/// Why a certificate lets its bearer not in.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateRefused {
    /// It is a host's.
    #[error("the certificate is a host's")]
    OfHost,
    /// It is signed by somebody else.
    #[error("its authority, {0}, is not trusted")]
    Authority(String),
    /// It does not name this user.
    #[error("the certificate does not name the user {0:?}")]
    Principal(String),
    /// It is too early or too late for it.
    #[error("the certificate is not valid now")]
    Time,
    /// It says that it may be used in some way only, which is not this one or not known.
    #[error("the certificate's critical option {0:?} forbids it")]
    Critical(String),
}

impl UserCertificate {
    pub(super) fn new(certificate: &Certificate) -> Self {
        let critical = certificate.critical_options().iter();
        Self {
            authority: PublicKey(russh::keys::PublicKey::new(certificate.signature_key().clone(), "")),
            key_id: certificate.key_id().to_owned(),
            serial: certificate.serial(),
            is_user: certificate.cert_type() == CertType::User,
            principals: certificate.valid_principals().to_vec(),
            valid_after: certificate.valid_after(),
            valid_before: certificate.valid_before(),
            critical: critical.map(|(name, value)| (name.clone(), value.clone())).collect(),
        }
    }

    /// Who signed it.
    #[must_use]
    pub fn authority(&self) -> &PublicKey {
        &self.authority
    }

    /// What the authority calls it.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Its number.
    #[must_use]
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// The names that it is for. Without any it is for nobody here, as in OpenSSH's `TrustedUserCAKeys`.
    #[must_use]
    pub fn principals(&self) -> &[String] {
        &self.principals
    }

    /// Whether a user may come in with it: it is by one of these authorities, names the user, is valid now, and has no
    /// critical option but `source-address`, which holds.
    ///
    /// # Errors
    /// Why not.
    pub fn check(
        &self,
        user: &str,
        authorities: &[PublicKey],
        peer: IpAddr,
        now: SystemTime,
    ) -> Result<(), CertificateRefused> {
        if !self.is_user {
            return Err(CertificateRefused::OfHost);
        }
        if !authorities.iter().any(|a| a.is(&self.authority.0)) {
            return Err(CertificateRefused::Authority(self.authority.fingerprint()));
        }
        let now = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
        if !(self.valid_after..self.valid_before).contains(&now) {
            return Err(CertificateRefused::Time);
        }
        if !self.principals.iter().any(|p| p == user) {
            return Err(CertificateRefused::Principal(user.to_owned()));
        }
        let forbids = |(name, value): &&(String, String)| {
            !(name == "source-address" && value.split(',').any(|range| contains(range.trim(), peer)))
        };
        match self.critical.iter().find(forbids) {
            Some((name, _)) => Err(CertificateRefused::Critical(name.clone())),
            None => Ok(()),
        }
    }
}

/// Whether an address is in a range, `192.0.2.0/24`, or is the one that stands there.
fn contains(range: &str, address: IpAddr) -> bool {
    let (network, bits) = range.split_once('/').map_or((range, None), |(n, bits)| (n, Some(bits)));
    let Ok(network) = network.parse::<IpAddr>() else { return false };
    let wide = |address: IpAddr| match address.to_canonical() {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)), 32),
        IpAddr::V6(v6) => (u128::from(v6), 128),
    };
    let ((network, width), (address, same)) = (wide(network), wide(address));
    let bits = bits.map_or(Some(width), |bits| bits.parse().ok()).filter(|bits| *bits <= width);
    width == same && bits.is_some_and(|bits| (network ^ address).checked_shr(width - bits).unwrap_or(0) == 0)
}

impl fmt::Display for UserCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} (number {}, by {})", self.key_id, self.serial, self.authority.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::ssh::PrivateKey;

    #[test]
    fn ranges_of_addresses() {
        let is_in = |range, address: &str| contains(range, address.parse().unwrap());
        assert!(is_in("192.0.2.0/24", "192.0.2.255") && !is_in("192.0.2.0/24", "192.0.3.0"));
        assert!(is_in("192.0.2.7", "192.0.2.7") && !is_in("192.0.2.7", "192.0.2.6"));
        assert!(is_in("0.0.0.0/0", "10.0.0.1") && !is_in("0.0.0.0/0", "2001:db8::1"));
        assert!(is_in("2001:db8::/32", "2001:db8:1::1") && !is_in("2001:db8::/32", "2001:db9::"));
        assert!(is_in("::/0", "2001:db8::1") && is_in("192.0.2.0/24", "::ffff:192.0.2.1"));
        for wrong in ["", "x", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/", "192.0.2.0/24/1"] {
            assert!(!is_in(wrong, "192.0.2.0"), "{wrong}");
        }
    }

    #[test]
    fn each_reason_to_refuse() {
        let (ours, other) = (PrivateKey::generate().unwrap(), PrivateKey::generate().unwrap());
        let good = UserCertificate {
            authority: ours.public_key(),
            key_id: "id".to_owned(),
            serial: 7,
            is_user: true,
            principals: vec!["ann".to_owned(), "bob".to_owned()],
            valid_after: 100,
            valid_before: 200,
            critical: vec![("source-address".to_owned(), "10.0.0.0/8,192.0.2.1".to_owned())],
        };
        let check = |certificate: &UserCertificate, user: &str, at: u64| {
            let now = UNIX_EPOCH + Duration::from_secs(at);
            certificate.check(user, &[other.public_key(), ours.public_key()], [192, 0, 2, 1].into(), now)
        };
        assert_eq!(check(&good, "ann", 100), Ok(()));
        assert_eq!(check(&good, "bob", 199), Ok(()));
        assert_eq!(check(&good, "ann", 99), Err(CertificateRefused::Time));
        assert_eq!(check(&good, "ann", 200), Err(CertificateRefused::Time));
        assert_eq!(check(&good, "eve", 150), Err(CertificateRefused::Principal("eve".to_owned())));
        let but = |change: fn(&mut UserCertificate)| {
            let mut certificate = good.clone();
            change(&mut certificate);
            check(&certificate, "ann", 150).unwrap_err()
        };
        assert_eq!(but(|c| c.is_user = false), CertificateRefused::OfHost);
        assert!(matches!(but(|c| c.principals.clear()), CertificateRefused::Principal(_)));
        let stranger =
            UserCertificate { authority: PrivateKey::generate().unwrap().public_key(), ..good.clone() };
        assert!(matches!(check(&stranger, "ann", 150), Err(CertificateRefused::Authority(_))));
        assert_eq!(
            but(|c| c.critical[0].1 = "10.0.0.0/8".to_owned()),
            CertificateRefused::Critical("source-address".to_owned())
        );
        assert_eq!(
            but(|c| c.critical.push(("force-command".to_owned(), "id".to_owned()))),
            CertificateRefused::Critical("force-command".to_owned())
        );
    }
}

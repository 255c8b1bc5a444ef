//! Which user a certificate is: `cert-to-name`, RFC 7407 section 3.3 (module ietf-x509-cert-to-name), as RFC 7589 section 7
//! asks for.

use super::Certificates;
use md5::Md5;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::str::FromStr;
use std::sync::Arc;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::X509Certificate;

/// The hash of a fingerprint, by its number in TLS's registry (RFC 5246 section 7.4.1.4.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum HashAlgorithm {
    /// MD5.
    Md5 = 1,
    /// SHA-1.
    Sha1 = 2,
    /// SHA-224.
    Sha224 = 3,
    /// SHA-256.
    Sha256 = 4,
    /// SHA-384.
    Sha384 = 5,
    /// SHA-512.
    Sha512 = 6,
}

impl HashAlgorithm {
    pub(super) const ALL: [Self; 6] =
        [Self::Md5, Self::Sha1, Self::Sha224, Self::Sha256, Self::Sha384, Self::Sha512];

    fn of(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => Md5::digest(data).to_vec(),
            Self::Sha1 => Sha1::digest(data).to_vec(),
            Self::Sha224 => Sha224::digest(data).to_vec(),
            Self::Sha256 => Sha256::digest(data).to_vec(),
            Self::Sha384 => Sha384::digest(data).to_vec(),
            Self::Sha512 => Sha512::digest(data).to_vec(),
        }
    }
}

/// What a certificate is known by: `tls-fingerprint`, a hash with the number of its algorithm in front.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    algorithm: HashAlgorithm,
    digest: Vec<u8>,
}

/// Why a text is no fingerprint.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct FingerprintError(String);

impl Fingerprint {
    /// That of a certificate in DER.
    #[must_use]
    pub fn of(algorithm: HashAlgorithm, certificate: &[u8]) -> Self {
        Self { algorithm, digest: algorithm.of(certificate) }
    }

    fn is_of(&self, certificate: &[u8]) -> bool {
        self.algorithm.of(certificate) == self.digest
    }
}

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    /// Reads octets in hexadecimal with colons between them; the first is the algorithm's number.
    fn from_str(text: &str) -> Result<Self, FingerprintError> {
        let octet = |part: &str| match part.as_bytes() {
            [a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => u8::from_str_radix(part, 16).ok(),
            _ => None,
        };
        let octets: Option<Vec<u8>> = text.split(':').map(octet).collect();
        let octets = octets.ok_or_else(|| {
            FingerprintError(format!(
                "{text:?} is no fingerprint: two hexadecimal digits an octet, colons between"
            ))
        })?;
        let (number, digest) = octets.split_first().map_or((0, &[][..]), |(n, rest)| (*n, rest));
        let algorithm = HashAlgorithm::ALL
            .into_iter()
            .find(|a| *a as u8 == number)
            .ok_or_else(|| FingerprintError(format!("no hash algorithm has the number {number}")))?;
        let length = algorithm.of(b"").len();
        if digest.len() != length {
            let message =
                format!("a fingerprint by {algorithm:?} has {length} octets, and here are {}", digest.len());
            return Err(FingerprintError(message));
        }
        Ok(Self { algorithm, digest: digest.to_vec() })
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02x}", self.algorithm as u8)?;
        self.digest.iter().try_for_each(|octet| write!(f, ":{octet:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// How a name is made of a certificate: the identities derived from `cert-to-name`.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum MapType {
    /// It is this one.
    Specified(String),
    /// The first rfc822Name among the alternative names, its host in lower case.
    SanRfc822Name,
    /// The first dNSName, in lower case.
    SanDnsName,
    /// The first iPAddress: dotted, or the 32 hexadecimal digits of IPv6.
    SanIpAddress,
    /// The first alternative name of these three kinds.
    SanAny,
    /// The CommonName.
    CommonName,
}

impl MapType {
    /// By the identity's name, `specified` with its name.
    #[must_use]
    pub fn of_identity(identity: &str, name: Option<&str>) -> Option<Self> {
        Some(match identity {
            "specified" => Self::Specified(name?.to_owned()),
            "san-rfc822-name" => Self::SanRfc822Name,
            "san-dns-name" => Self::SanDnsName,
            "san-ip-address" => Self::SanIpAddress,
            "san-any" => Self::SanAny,
            "common-name" => Self::CommonName,
            _ => return None,
        })
    }

    fn name(&self, certificate: &X509Certificate<'_>) -> Option<String> {
        let name = match self {
            Self::Specified(name) => Some(name.clone()),
            Self::CommonName => {
                let name = certificate.subject().iter_common_name().next()?;
                name.as_str().ok().map(str::to_owned)
            }
            _ => {
                let names = &certificate.subject_alternative_name().ok()??.value.general_names;
                names.iter().find_map(|name| self.alternative(name))
            }
        };
        name.filter(|name| !name.is_empty())
    }

    fn alternative(&self, name: &GeneralName<'_>) -> Option<String> {
        let any = *self == Self::SanAny;
        match name {
            GeneralName::RFC822Name(mail) if any || *self == Self::SanRfc822Name => {
                let (local, host) = mail.rsplit_once('@')?;
                Some(format!("{local}@{}", host.to_ascii_lowercase()))
            }
            GeneralName::DNSName(name) if any || *self == Self::SanDnsName => Some(name.to_ascii_lowercase()),
            GeneralName::IPAddress(octets) if any || *self == Self::SanIpAddress => match octets {
                [a, b, c, d] => Some(format!("{a}.{b}.{c}.{d}")),
                octets if octets.len() == 16 => {
                    let mut hex = String::with_capacity(32);
                    octets.iter().for_each(|octet| _ = write!(hex, "{octet:02x}"));
                    Some(hex)
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// The list `cert-to-name`.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct CertToName {
    entries: BTreeMap<u32, (Fingerprint, MapType)>,
    /// The groups of users.
    groups: BTreeMap<String, Vec<String>>,
}

impl CertToName {
    /// An empty list: no certificate is anybody's.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry, in place of another with this id. The one with the lowest id is tried first.
    #[must_use]
    pub fn entry(mut self, id: u32, fingerprint: Fingerprint, map_type: MapType) -> Self {
        self.entries.insert(id, (fingerprint, map_type));
        self
    }

    /// Says that a user of this name is in a group, which access control counts in (RFC 8341 section 3.4.1).
    #[must_use]
    pub fn group(mut self, user: impl Into<String>, group: impl Into<String>) -> Self {
        self.groups.entry(user.into()).or_default().push(group.into());
        self
    }

    /// The groups of a user.
    pub(super) fn groups_of(&self, user: &str) -> Vec<String> {
        self.groups.get(user).cloned().unwrap_or_default()
    }

    /// The entries, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Fingerprint, &MapType)> {
        self.entries.iter().map(|(id, (fingerprint, map_type))| (*id, fingerprint, map_type))
    }

    /// The name of who presented `chain`, which has been verified by `trusted`. An entry is for a certificate or for all
    /// that a trusted authority leads to. One whose name cannot be made is passed over.
    pub(super) fn name(&self, chain: &[CertificateDer<'_>], trusted: &Certificates) -> Option<String> {
        let (own, others) = chain.split_first()?;
        let (_, certificate) = x509_parser::parse_x509_certificate(own).ok()?;
        self.entries.values().find_map(|(fingerprint, map_type)| {
            let authority = || trusted.0.iter().filter(|a| fingerprint.is_of(a));
            let matches = fingerprint.is_of(own) || authority().any(|a| leads_to(a, own, others));
            matches.then(|| map_type.name(&certificate)).flatten()
        })
    }
}

/// Whether an authority alone would vouch for a certificate: so it is part of its chain.
fn leads_to(
    authority: &CertificateDer<'static>,
    own: &CertificateDer<'_>,
    others: &[CertificateDer<'_>],
) -> bool {
    let Ok(roots) = Certificates(vec![authority.clone()]).roots() else { return false };
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), super::provider())
        .build()
        .is_ok_and(|verifier| verifier.verify_client_cert(own, others, UnixTime::now()).is_ok())
}

//! Files of known hosts, as OpenSSH writes and reads them (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): names, patterns, hashed names,
//! ports, authorities and revoked keys.

use super::{PublicKey, Target};
use hmac::{Hmac, KeyInit as _, Mac as _};
use russh::keys::Algorithm;
use sha1::Sha1;
use std::io::Write as _;
use std::path::Path;
use yang_data::binding::Binary;

/// The port whose hosts stand without it.
const SSH_PORT: u16 = 22;

/// A line that names a key.
#[derive(Clone, Debug)]
struct Line {
    number: usize,
    marker: Marker,
    hosts: String,
    key: PublicKey,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Marker {
    /// The host has this key.
    Plain,
    /// The host has a certificate that this key signed.
    Authority,
    /// Nobody may use this key.
    Revoked,
}

/// A file of known hosts.
#[derive(Clone, Debug, Default)]
pub(super) struct KnownHosts {
    lines: Vec<Line>,
}

/// What a file says of a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Verdict {
    /// It is the host's.
    Known,
    /// The file does not know the host.
    Unknown,
    /// The host has other keys, of which the first stands in this line.
    Changed(usize),
    /// The key is revoked.
    Revoked,
}

impl KnownHosts {
    /// Reads a file. One that is not there knows nobody.
    pub(super) fn load(path: &Path) -> std::io::Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Self::parse(&text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Lines that cannot be read are passed over, as OpenSSH does: they may be of a newer kind. But a line that revokes and cannot be read
    /// would be a danger only where the key could be shown, and a key that cannot be read cannot be shown either.
    fn parse(text: &str) -> Self {
        let lines = text.lines().enumerate().filter_map(|(at, line)| {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                return None;
            }
            let (marker, rest) = match line.split_once(char::is_whitespace) {
                Some(("@cert-authority", rest)) => (Marker::Authority, rest.trim_start()),
                Some(("@revoked", rest)) => (Marker::Revoked, rest.trim_start()),
                _ if line.starts_with('@') => return None,
                _ => (Marker::Plain, line),
            };
            let (hosts, key) = rest.split_once(char::is_whitespace)?;
            let key = PublicKey::parse(key.trim()).ok()?;
            Some(Line { number: at + 1, marker, hosts: hosts.to_owned(), key })
        });
        Self { lines: lines.collect() }
    }

    fn of<'s>(&'s self, marker: Marker, target: &'s Target) -> impl Iterator<Item = &'s Line> {
        self.lines.iter().filter(move |l| l.marker == marker && l.is_of(target))
    }

    /// A revoked key is so for all hosts: whoever marked it knows that others have it.
    pub(super) fn is_revoked(&self, key: &russh::keys::ssh_key::public::KeyData) -> bool {
        self.lines.iter().any(|l| l.marker == Marker::Revoked && l.key.0.key_data() == key)
    }

    pub(super) fn check(&self, target: &Target, key: &PublicKey) -> Verdict {
        if self.is_revoked(key.0.key_data()) {
            return Verdict::Revoked;
        }
        let mut other = None;
        for line in self.of(Marker::Plain, target) {
            if line.key.is(&key.0) {
                return Verdict::Known;
            }
            other.get_or_insert(line.number);
        }
        other.map_or(Verdict::Unknown, Verdict::Changed)
    }

    /// The keys that may sign certificates of a host.
    pub(super) fn authorities<'s>(&'s self, target: &'s Target) -> impl Iterator<Item = &'s PublicKey> {
        self.of(Marker::Authority, target).map(|l| &l.key)
    }

    /// The algorithms of the keys that a host is known by: it should be asked for these first.
    pub(super) fn algorithms(&self, target: &Target) -> Vec<Algorithm> {
        self.of(Marker::Plain, target).map(|l| l.key.0.algorithm()).collect()
    }
}

impl Line {
    fn is_of(&self, target: &Target) -> bool {
        let name = name_of(target);
        if let Some(hashed) = self.hosts.strip_prefix("|1|") {
            return is_hash_of(hashed, &name);
        }
        let mut found = false;
        for pattern in self.hosts.split(',') {
            let (negated, pattern) = pattern.strip_prefix('!').map_or((false, pattern), |p| (true, p));
            if matches(&pattern.to_ascii_lowercase(), &name) {
                if negated {
                    return false;
                }
                found = true;
            }
        }
        found
    }
}

/// How a host is called in such a file.
fn name_of(target: &Target) -> String {
    let host = target.host.to_ascii_lowercase();
    if target.port == SSH_PORT { host } else { format!("[{host}]:{}", target.port) }
}

/// Whether a text fits a pattern, in which `*` stands for any characters and `?` for one.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // Where to go on after the last `*`, if what follows it does not fit.
    let (mut p, mut t, mut retry) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p + 1, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match retry {
                Some((after, from)) => {
                    (p, t) = (after, from + 1);
                    retry = Some((after, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Whether `salt|hash` (each in base64) is of a name: HMAC-SHA1 (RFC 2104).
fn is_hash_of(hashed: &str, name: &str) -> bool {
    let Some((salt, hash)) = hashed.split_once('|') else { return false };
    let (Some(salt), Some(hash)) = (Binary::from_base64(salt), Binary::from_base64(hash)) else {
        return false;
    };
    let Ok(mac) = Hmac::<Sha1>::new_from_slice(&salt.0) else { return false };
    mac.chain_update(name).verify_slice(&hash.0).is_ok()
}

/// Adds a host's key to a file, which is made if it is not there.
pub(super) fn add(path: &Path, target: &Target, key: &PublicKey) -> std::io::Result<()> {
    let key = key.to_openssh().map_err(std::io::Error::other)?;
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let ends_in_a_line = std::fs::read(path).map_or(true, |text| text.is_empty() || text.ends_with(b"\n"));
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let before = if ends_in_a_line { "" } else { "\n" };
    // One write: what others append at the same time does not get in between.
    file.write_all(format!("{before}{} {key}\n", name_of(target)).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::PrivateKey;
    use super::*;

    fn key() -> PublicKey {
        PrivateKey::generate().unwrap().public_key()
    }

    fn line(hosts: &str, key: &PublicKey) -> String {
        format!("{hosts} {}\n", key.to_openssh().unwrap())
    }

    #[test]
    fn patterns() {
        for (hosts, target, fits) in [
            ("dev", "dev:22", true),
            ("DEV", "dev:22", true),
            ("dev", "Dev:22", true),
            ("dev", "dev:830", false),
            ("[dev]:830", "dev:830", true),
            ("a,dev,b", "dev:22", true),
            ("*.example.com", "a.b.example.com:22", true),
            ("*.example.com", "example.com:22", false),
            ("*.example.com,!bad.example.com", "bad.example.com:22", false),
            ("!bad.example.com,*.example.com", "bad.example.com:22", false),
            ("!bad", "good:22", false),
            ("10.0.0.?", "10.0.0.7:22", true),
            ("10.0.0.?", "10.0.0.77:22", false),
            ("[*]:830", "10.0.0.77:830", true),
            ("[::1]:830", "[::1]:830", true),
            ("*", "dev:830", true),
            ("*a*b*", "xxaxxbxx:22", true),
            ("*a*b", "xxaxxbxx:22", false),
        ] {
            let key = key();
            let known = KnownHosts::parse(&line(hosts, &key));
            let verdict = known.check(&Target::from(target), &key);
            assert_eq!(verdict == Verdict::Known, fits, "{hosts} of {target}: {verdict:?}");
        }
    }

    /// RFC 2202, the first and the sixth test case: a key, a text, and its HMAC-SHA1.
    #[test]
    fn hashes() {
        let base64 = |octets: &[u8]| Binary(octets.to_vec()).to_base64();
        let octets = |hex: &str| -> Vec<u8> {
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
        };
        for (key, text, hash) in [
            (&[0x0b; 20][..], "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"),
            (
                &[0xaa; 80],
                "Test Using Larger Than Block-Size Key - Hash Key First",
                "aa4ae5e15272d00e95705637ce8a3b55ed402112",
            ),
        ] {
            let hashed = format!("{}|{}", base64(key), base64(&octets(hash)));
            assert!(is_hash_of(&hashed, text));
            assert!(!is_hash_of(&hashed, "another"));
        }
        for wrong in ["", "|", "T!|T!", "TWFu"] {
            assert!(!is_hash_of(wrong, ""), "{wrong:?}");
        }
    }

    #[test]
    fn a_host_has_several_keys() {
        let (one, two, other) = (key(), key(), key());
        let text = format!("# comment\n\nnonsense\n@new x y\n{}{}", line("dev", &one), line("dev,x", &two));
        let known = KnownHosts::parse(&text);
        let dev = Target::from("dev:22");
        assert_eq!(known.check(&dev, &one), Verdict::Known);
        assert_eq!(known.check(&dev, &two), Verdict::Known);
        assert_eq!(known.check(&dev, &other), Verdict::Changed(5));
        assert_eq!(known.check(&Target::from("y:22"), &one), Verdict::Unknown);
        assert_eq!(known.algorithms(&dev), [Algorithm::Ed25519, Algorithm::Ed25519]);
    }

    #[test]
    fn authorities_and_revoked_keys() {
        let (authority, bad) = (key(), key());
        let text = format!(
            "@cert-authority *.lab {}@revoked * {}{}",
            &line("", &authority)[1..],
            &line("", &bad)[1..],
            line("a.lab", &bad)
        );
        let known = KnownHosts::parse(&text);
        let (lab, elsewhere) = (Target::from("a.lab:22"), Target::from("a.net:22"));
        assert_eq!(known.authorities(&lab).count(), 1);
        assert_eq!(known.authorities(&elsewhere).count(), 0);
        assert_eq!(known.check(&lab, &bad), Verdict::Revoked);
        // An authority is no key of a host.
        assert_eq!(known.check(&Target::from("b.lab:22"), &authority), Verdict::Unknown);
    }

    #[test]
    fn what_is_added_is_known() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new").join("known_hosts");
        let (one, two) = (key(), key());
        add(&path, &Target::from("dev:830"), &one).unwrap();
        // A file that does not end in a line is not spoiled.
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.trim_end()).unwrap();
        add(&path, &Target::from("dev:22"), &two).unwrap();
        let known = KnownHosts::load(&path).unwrap();
        assert_eq!(known.check(&Target::from("dev:830"), &one), Verdict::Known);
        assert_eq!(known.check(&Target::from("dev:22"), &two), Verdict::Known);
    }
}

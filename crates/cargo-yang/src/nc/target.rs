//! What TARGET names.

use anyhow::{Context as _, Result, bail};
use std::path::PathBuf;

/// Where a device is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    Ssh { user: Option<String>, host: String, port: u16 },
    Tls { host: String, port: u16 },
    Unix(PathBuf),
}

const SSH_PORT: u16 = 830;
const TLS_PORT: u16 = 6513;

impl Target {
    /// Whether a text means a device, where something else may stand, too.
    pub(crate) fn is_one(text: &str) -> bool {
        text.starts_with("unix:") || text.contains("://")
    }

    pub(crate) fn parse(text: &str) -> Result<Self> {
        if let Some(path) = text.strip_prefix("unix:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                bail!("{text}: unix: is followed by the path of a socket");
            }
            return Ok(Self::Unix(path.into()));
        }
        if let Some(rest) = text.strip_prefix("tls://") {
            if rest.contains('@') {
                bail!("{text}: by TLS the certificate says who the user is");
            }
            let (host, port) = address(rest, TLS_PORT).with_context(|| text.to_owned())?;
            return Ok(Self::Tls { host, port });
        }
        let rest = text.strip_prefix("ssh://").unwrap_or(text);
        if let Some((scheme, _)) = rest.split_once("://") {
            bail!("{text}: `{scheme}` is none of ssh://, tls:// and unix:");
        }
        let (user, rest) = match rest.rsplit_once('@') {
            // What is typed there stands in the shell's history, and in the list of processes.
            Some((user, _)) if user.contains(':') => {
                bail!("a password does not belong into TARGET: it is asked for, or comes by NETCONF_PASSWORD")
            }
            Some((user, rest)) if !user.is_empty() => (Some(user.to_owned()), rest),
            Some(_) => bail!("{text}: there is no user in front of the @"),
            None => (None, rest),
        };
        let (host, port) = address(rest, SSH_PORT).with_context(|| text.to_owned())?;
        Ok(Self::Ssh { user, host, port })
    }
}

fn address(text: &str, default: u16) -> Result<(String, u16)> {
    let text = text.trim_end_matches('/');
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => (host, None),
        Some((host, port)) => (host, Some(port.strip_prefix(':').context("`]` is followed by `:PORT`")?)),
        None => match text.rsplit_once(':') {
            // An address of IPv6 without brackets.
            Some((host, _)) if host.contains(':') => (text, None),
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    if host.is_empty() {
        bail!("there is no host");
    }
    let port = match port {
        Some(port) => match port.parse() {
            Ok(port) if port > 0 => port,
            _ => bail!("`{port}` is no port: behind `:` stands a number from 1 to 65535"),
        },
        None => default,
    };
    Ok((host.to_owned(), port))
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let address = |host: &str, port: &u16| {
            if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
        };
        match self {
            Self::Ssh { user, host, port } => {
                let user = user.as_ref().map(|u| format!("{u}@")).unwrap_or_default();
                write!(f, "ssh://{user}{}", address(host, port))
            }
            Self::Tls { host, port } => write!(f, "tls://{}", address(host, port)),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        for (text, shown) in [
            ("ssh://ann@dev:22", "ssh://ann@dev:22"),
            ("ann@dev", "ssh://ann@dev:830"),
            ("dev", "ssh://dev:830"),
            ("ssh://[::1]:22/", "ssh://[::1]:22"),
            ("ssh://::1", "ssh://[::1]:830"),
            ("a@b@dev", "ssh://a@b@dev:830"),
            ("tls://dev", "tls://dev:6513"),
            ("unix:/run/x", "unix:/run/x"),
            ("unix:///run/x", "unix:/run/x"),
        ] {
            assert_eq!(Target::parse(text).unwrap().to_string(), shown, "{text}");
        }
        for text in
            ["", "ssh://", "http://x", "ssh://dev:x", "dev:99999", "unix:", "@dev", "tls://a@b", "[::1]22"]
        {
            assert!(Target::parse(text).is_err(), "{text}");
        }
        let error = Target::parse("ssh://ann:secret@dev").unwrap_err().to_string();
        assert!(error.contains("NETCONF_PASSWORD") && !error.contains("secret"), "{error}");
    }
}

//! By which ways a server is reached.

use super::logins::Logins;
use anyhow::{Context as _, Result, bail};
use netconf_runtime::server::{Server, ServerBuilder};
use netconf_runtime::transport::tls::server::TlsServerOptions;
use netconf_runtime::transport::tls::{
    CertToName, Certificates, Fingerprint, HashAlgorithm, Identity, MapType,
};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// The port of SSH where none is said: 830 is for administrators.
const PORT: u16 = 8300;

#[derive(clap::Args)]
pub(super) struct Listeners {
    /// Where to listen for SSH [default: 127.0.0.1:8300, if somebody may log in].
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,

    /// Where to listen for TLS (RFC 7589).
    #[arg(long, value_name = "ADDR", requires = "cert", requires = "key", requires = "client_ca")]
    tls: Option<SocketAddr>,

    /// The server's certificate, with those between it and its authority, as PEM.
    #[arg(long, value_name = "FILE", requires = "tls")]
    cert: Option<PathBuf>,

    /// Its private key, as PEM.
    #[arg(long, value_name = "FILE", requires = "tls")]
    key: Option<PathBuf>,

    /// The authorities of clients' certificates, as PEM. The user is the first alternative name of a certificate, or else its
    /// common name.
    #[arg(long, value_name = "FILE", requires = "tls")]
    client_ca: Option<PathBuf>,

    /// A unix socket. The user is that of the process at the other end.
    #[arg(long, value_name = "PATH")]
    unix: Option<PathBuf>,

    /// A user who may log in over SSH, with the password in --password-file.
    #[arg(long, value_name = "NAME", requires = "password_file")]
    user: Option<String>,

    /// A file whose first line is the password of --user.
    #[arg(long, value_name = "FILE", requires = "user")]
    password_file: Option<PathBuf>,

    /// Public keys in the form of OpenSSH: who has one of them may log in over SSH, by any name.
    #[arg(long, value_name = "FILE")]
    authorized_keys: Option<PathBuf>,
}

/// Listeners whose files are read.
pub(super) struct Ready {
    ssh: Option<(SocketAddr, Logins)>,
    tls: Option<(SocketAddr, TlsServerOptions)>,
    unix: Option<PathBuf>,
}

impl Listeners {
    /// Reads what the options name.
    pub(super) fn prepare(&self) -> Result<Ready> {
        let mut logins = Logins::default();
        if let (Some(user), Some(file)) = (&self.user, &self.password_file) {
            logins.password(user, file)?;
        }
        if let Some(file) = &self.authorized_keys {
            logins.keys(file)?;
        }
        let has_logins = self.user.is_some() || self.authorized_keys.is_some();
        let ssh = match self.listen {
            Some(_) if !has_logins => bail!(
                "nobody could log in over SSH: name a user by --user NAME --password-file FILE, or keys by --authorized-keys FILE"
            ),
            None if !has_logins => None,
            address => Some((address.unwrap_or((Ipv4Addr::LOCALHOST, PORT).into()), logins)),
        };
        let tls = match (self.tls, &self.cert, &self.key, &self.client_ca) {
            (Some(address), Some(cert), Some(key), Some(authority)) => {
                let identity = Identity::load(cert, key).context("--cert and --key")?;
                let authorities = Certificates::load(authority).context("--client-ca")?;
                let mut names = CertToName::new();
                for (nth, certificate) in (1..).step_by(2).zip(authorities.iter()) {
                    let fingerprint = Fingerprint::of(HashAlgorithm::Sha256, certificate);
                    names = names.entry(nth, fingerprint.clone(), MapType::SanAny).entry(
                        nth + 1,
                        fingerprint,
                        MapType::CommonName,
                    );
                }
                Some((address, TlsServerOptions::new(identity, authorities, names)))
            }
            _ => None,
        };
        if ssh.is_none() && tls.is_none() && self.unix.is_none() {
            bail!(
                "nobody could connect. Over SSH: --user NAME --password-file FILE, or --authorized-keys FILE. \
                 Over TLS: --tls ADDR --cert FILE --key FILE --client-ca FILE. On this machine: --unix PATH"
            );
        }
        Ok(Ready { ssh, tls, unix: self.unix.clone() })
    }
}

impl Ready {
    /// A server that knows the users.
    pub(super) fn users(&self, builder: ServerBuilder) -> ServerBuilder {
        match &self.ssh {
            Some((_, logins)) => builder.users(logins.clone()),
            None => builder,
        }
    }

    /// Listens, and says how to connect.
    pub(super) async fn start(self, server: &Server, in_memory: bool) -> Result<Vec<String>> {
        let mut ways = Vec::new();
        if let Some((address, logins)) = self.ssh {
            let bound =
                server.listen_ssh(address).await.with_context(|| format!("cannot listen on {address}"))?;
            let user = logins.name.as_deref().unwrap_or("NAME");
            ways.push(format!("ssh -s -p {} {user}@{} netconf", bound.port(), bound.ip()));
            ways.push(format!("cargo yang nc ssh://{user}@{bound} get-config"));
            if in_memory {
                ways.push("(the host key is new at each start)".to_owned());
            }
        }
        if let Some((address, options)) = self.tls {
            let bound = server
                .listen_tls(address, options)
                .await
                .with_context(|| format!("cannot listen on {address}"))?;
            ways.push(format!("cargo yang nc tls://{bound} get-config"));
        }
        if let Some(path) = self.unix {
            server
                .listen_unix(&path)
                .await
                .with_context(|| format!("cannot listen on {}", path.display()))?;
            ways.push(format!("cargo yang nc unix:{} get-config", path.display()));
        }
        Ok(ways)
    }
}

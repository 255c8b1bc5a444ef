//! By which ways a server is reached.

use super::call_home::{CallHomeArgs, Homes};
use super::logins::Logins;
use anyhow::{Context as _, Result, bail};
use netconf_runtime::protocol::Limits;
use netconf_runtime::server::{Server, ServerBuilder};
use netconf_runtime::transport::ssh::server::SshServerOptions;
use netconf_runtime::transport::tls::server::TlsServerOptions;
use netconf_runtime::transport::tls::{
    CertToName, Certificates, Fingerprint, HashAlgorithm, Identity, MapType,
};
use netconf_runtime::transport::unix::server::UnixServerOptions;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// The port of SSH where none is said: 830 is for administrators.
const PORT: u16 = 8300;

#[derive(clap::Args)]
pub(super) struct Listeners {
    /// Where to listen for SSH [default: 127.0.0.1:8300, if somebody may log in].
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,

    /// Where to listen for TLS (RFC 7589).
    #[arg(long, value_name = "ADDR", requires_all = ["cert", "key", "client_ca"])]
    tls: Option<SocketAddr>,

    /// The server's certificate, with those between it and its authority, as PEM.
    #[arg(long, value_name = "FILE", requires_all = ["key", "client_ca"])]
    cert: Option<PathBuf>,

    /// Its private key, as PEM.
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,

    /// The authorities of clients' certificates, as PEM. The user is the first alternative name of a certificate, or else its
    /// common name.
    #[arg(long, value_name = "FILE", requires = "cert")]
    client_ca: Option<PathBuf>,

    /// A unix socket. The user is that of the process at the other end.
    #[arg(long, value_name = "PATH")]
    unix: Option<PathBuf>,

    /// Who may connect to the unix socket, as permissions in octal digits: 600 is who runs the server, 660 is its group as well, 666 is
    /// everybody on this machine.
    #[arg(long, value_name = "MODE", requires = "unix", default_value = "600", value_parser = mode)]
    unix_mode: u32,

    #[command(flatten)]
    call_home: CallHomeArgs,

    /// Ends sessions that have sent no request for so many seconds. Those with a subscription are never idle. Without it, none is
    /// ended.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    idle_timeout: Option<u64>,

    /// A user who may log in over SSH, with the password in --password-file.
    #[arg(long, value_name = "NAME", requires = "password_file")]
    user: Option<String>,

    /// A file whose first line is the password of --user.
    #[arg(long, value_name = "FILE", requires = "user")]
    password_file: Option<PathBuf>,

    /// Public keys in the form of OpenSSH: who has one of them may log in over SSH, by any name.
    #[arg(long, value_name = "FILE")]
    authorized_keys: Option<PathBuf>,

    /// Groups that a user is in, by whichever way the user comes, besides those that the rules of access control name (RFC 8341 section
    /// 3.4.1).
    #[arg(long, value_name = "USER:GROUP,GROUP", requires = "nacm", value_parser = membership)]
    group: Vec<(String, Vec<String>)>,
}

/// What `--unix-mode` says.
fn mode(text: &str) -> Result<u32, String> {
    match u32::from_str_radix(text, 8) {
        // A sign is no digit.
        Ok(mode) if mode <= 0o777 && text.len() >= 3 && text.as_bytes()[0].is_ascii_digit() => Ok(mode),
        _ => Err("three octal digits, such as 660".to_owned()),
    }
}

/// What `--group` says.
fn membership(text: &str) -> Result<(String, Vec<String>), String> {
    let (user, groups) = text.split_once(':').unwrap_or((text, ""));
    let groups: Vec<String> = groups.split(',').map(str::to_owned).collect();
    if user.is_empty() || groups.iter().any(String::is_empty) {
        return Err("a user and its groups, such as ann:operators,auditors".to_owned());
    }
    Ok((user.to_owned(), groups))
}

/// Listeners whose files are read.
pub(super) struct Ready {
    ssh: Option<SocketAddr>,
    logins: Option<Logins>,
    tls: Option<SocketAddr>,
    tls_options: Option<TlsServerOptions>,
    unix: Option<(PathBuf, UnixServerOptions)>,
    homes: Homes,
    limits: Limits,
}

impl Listeners {
    /// Reads what the options name.
    pub(super) fn prepare(&self) -> Result<Ready> {
        let mut limits = Limits::default();
        limits.idle_timeout = self.idle_timeout.map(Duration::from_secs);
        let mut groups = BTreeMap::<String, Vec<String>>::new();
        for (user, names) in &self.group {
            groups.entry(user.clone()).or_default().extend(names.iter().cloned());
        }
        let logins = self.logins(&groups)?;
        let nobody = "nobody could log in over SSH: name a user by --user NAME --password-file FILE, or keys by --authorized-keys FILE";
        let homes = self.call_home.prepare(self.idle_timeout.map(Duration::from_secs))?;
        if logins.is_none() && (self.listen.is_some() || homes.ssh.is_some()) {
            bail!("{nobody}");
        }
        let ssh = match self.listen {
            // Who only calls home need not listen.
            None if logins.is_none() || homes.ssh.is_some() || homes.tls.is_some() => None,
            address => Some(address.unwrap_or((Ipv4Addr::LOCALHOST, PORT).into())),
        };
        let tls_options = self.tls_options(&groups, &limits)?;
        match (&tls_options, self.tls.is_some() || homes.tls.is_some()) {
            (Some(_), false) => bail!("--cert goes with --tls or --call-home-tls"),
            (None, true) => bail!("--call-home-tls needs --cert, --key and --client-ca"),
            _ => {}
        }
        let unix = self.unix.clone().map(|path| {
            let options = UnixServerOptions::default().mode(self.unix_mode).limits(limits.clone());
            (path, options.groups(move |user| groups.get(user).cloned().unwrap_or_default()))
        });
        if logins.is_none() && tls_options.is_none() && unix.is_none() {
            bail!(
                "nobody could connect. Over SSH: --user NAME --password-file FILE, or --authorized-keys FILE. \
                 Over TLS: --tls ADDR --cert FILE --key FILE --client-ca FILE. On this machine: --unix PATH"
            );
        }
        Ok(Ready { ssh, logins, tls: self.tls, tls_options, unix, homes, limits })
    }

    /// Who may log in over SSH, if anybody may.
    fn logins(&self, groups: &BTreeMap<String, Vec<String>>) -> Result<Option<Logins>> {
        let mut logins = Logins::new(groups.clone());
        if let (Some(user), Some(file)) = (&self.user, &self.password_file) {
            logins.password(user, file)?;
        }
        if let Some(file) = &self.authorized_keys {
            logins.keys(file)?;
        }
        Ok((self.user.is_some() || self.authorized_keys.is_some()).then_some(logins))
    }

    fn tls_options(
        &self,
        groups: &BTreeMap<String, Vec<String>>,
        limits: &Limits,
    ) -> Result<Option<TlsServerOptions>> {
        let (Some(cert), Some(key), Some(authority)) = (&self.cert, &self.key, &self.client_ca) else {
            return Ok(None);
        };
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
        for (user, group) in groups.iter().flat_map(|(user, all)| all.iter().map(move |group| (user, group)))
        {
            names = names.group(user, group);
        }
        Ok(Some(TlsServerOptions::new(identity, authorities, names).limits(limits.clone())))
    }
}

impl Ready {
    /// A server that knows the users.
    pub(super) fn users(&self, builder: ServerBuilder) -> ServerBuilder {
        match &self.logins {
            Some(logins) => builder.users(logins.clone()),
            None => builder,
        }
    }

    /// Listens, calls home, and says how to connect.
    pub(super) async fn start(self, server: &Server, in_memory: bool) -> Result<Vec<String>> {
        let mut ways = Vec::new();
        if let Some(logins) = self.logins {
            let options = SshServerOptions::new(server.host_key()?, logins.clone()).limits(self.limits);
            if let Some(address) = self.ssh {
                let bound = server.listen_ssh_with(address, options.clone()).await;
                let bound = bound.with_context(|| format!("cannot listen on {address}"))?;
                let user = logins.name.as_deref().unwrap_or("NAME");
                ways.push(format!("ssh -s -p {} {user}@{} netconf", bound.port(), bound.ip()));
                ways.push(format!("cargo yang nc ssh://{user}@{bound} get-config"));
            }
            if let Some(home) = self.homes.ssh {
                ways.push(format!("it calls {} by SSH", home.clients.join(", or ")));
                server.call_home_ssh(home, options).await?;
            }
            if in_memory {
                ways.push("(the host key is new at each start)".to_owned());
            }
        }
        if let Some(options) = self.tls_options {
            if let Some(address) = self.tls {
                let bound = server
                    .listen_tls(address, options.clone())
                    .await
                    .with_context(|| format!("cannot listen on {address}"))?;
                ways.push(format!("cargo yang nc tls://{bound} get-config"));
            }
            if let Some(home) = self.homes.tls {
                ways.push(format!("it calls {} by TLS", home.clients.join(", or ")));
                server.call_home_tls(home, options).await?;
            }
        }
        if let Some((path, options)) = self.unix {
            server
                .listen_unix_with(&path, options)
                .await
                .with_context(|| format!("cannot listen on {}", path.display()))?;
            ways.push(format!("cargo yang nc unix:{} get-config", path.display()));
        }
        Ok(ways)
    }
}

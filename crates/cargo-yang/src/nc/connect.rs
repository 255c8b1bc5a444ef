//! Connecting: who logs in and by what, whether the host is the one meant, and what is asked on the terminal.

use super::target::Target;
use super::trace::Tracer;
use anyhow::{Context as _, Result, bail};
use netconf_runtime::client::{self, Error, HostKeyCheck, HostKeyError, Options, Session, SshOptions};
use netconf_runtime::protocol::Limits;
use netconf_runtime::transport::ssh::{PrivateKey, UserCertificate};
use netconf_runtime::transport::tls::client::{ServerIdentity, TlsOptions};
use netconf_runtime::transport::tls::{Certificates, Identity};
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Where the password may stand.
const PASSWORD: &str = "NETCONF_PASSWORD";

/// Where the passphrase of keys may stand.
const PASSPHRASE: &str = "NETCONF_PASSPHRASE";

/// How long a login may take in which a person is asked. The device has its own limit.
const PATIENCE: Duration = Duration::from_secs(600);

/// Keys that are tried if none is named, below `~/.ssh`.
const KEYS: [&str; 3] = ["id_ed25519", "id_ecdsa", "id_rsa"];

#[derive(clap::Args)]
pub(crate) struct Connection {
    /// Private key to log in with, in OpenSSH's format, PKCS#8 or PKCS#1. Without it the agent and ~/.ssh/id_* are asked. The
    /// passphrase of a key is taken from the environment variable NETCONF_PASSPHRASE, a password from NETCONF_PASSWORD; on a terminal
    /// they are asked for.
    #[arg(short = 'i', long, value_name = "FILE")]
    key: Vec<PathBuf>,

    /// Certificate of the (first) key, as ssh-keygen signs it. KEY-cert.pub is taken if it is there.
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,

    /// File of known hosts; ~/.ssh/known_hosts if nothing is said.
    #[arg(long, value_name = "FILE")]
    known_hosts: Option<PathBuf>,

    /// Believe a host of which nothing is known, and remember its key. A key that has changed is refused all the same.
    #[arg(long)]
    accept_new: bool,

    /// Reach the device by way of this host.
    #[arg(short = 'J', long, value_name = "[USER@]HOST[:PORT]")]
    jump: Option<String>,

    /// Compress, if the server can.
    #[arg(short = 'C', long)]
    compress: bool,

    /// For tls://: the client's certificates, PEM.
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<PathBuf>,

    /// For tls://: the key to them, PEM; it may stand in the same file.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,

    /// For tls://: the certificates of who vouches for servers, PEM.
    #[arg(long, value_name = "FILE")]
    tls_ca: Option<PathBuf>,

    /// For tls://: the name in the server's certificate, if it is not the host's.
    #[arg(long, value_name = "NAME")]
    tls_name: Option<String>,

    /// How many seconds connecting may take.
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    connect_timeout: u64,

    /// How many seconds to wait for a reply; 0: for ever.
    #[arg(long, value_name = "SECONDS", default_value = "60")]
    timeout: u64,

    /// How many MiB a message of the device may have. Of a reply that is written as XML while it comes, this is the limit of each text in it.
    #[arg(long, value_name = "MIB", default_value = "256", value_parser = clap::value_parser!(u32).range(1..=65536))]
    max_message: u32,

    /// Write every message into this file. Secrets are left out: what the device's modules deny to all (with -p), and what is named like
    /// a password, a key or a secret. To find them, each reply is held whole.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
}

impl Connection {
    /// Who writes the messages down, if somebody does.
    pub(crate) fn tracer(&self) -> Result<Option<Arc<Tracer>>> {
        self.trace.as_deref().map(Tracer::create).transpose()
    }

    fn options(&self, tracer: Option<Arc<Tracer>>) -> Options {
        let timeout = (self.timeout > 0).then(|| Duration::from_secs(self.timeout));
        let mut limits = Limits::default();
        limits.message = usize::try_from(u64::from(self.max_message) << 20).unwrap_or(usize::MAX);
        limits.streamed_text = limits.message;
        limits.hello_timeout = Duration::from_secs(self.connect_timeout.max(1));
        let options = Options::default().timeout(timeout).limits(limits);
        match tracer {
            Some(tracer) => options.interceptor(tracer),
            None => options,
        }
    }

    fn host_key(&self) -> HostKeyCheck {
        match (&self.known_hosts, self.accept_new) {
            (file, true) => HostKeyCheck::AcceptNew(file.clone()),
            (Some(file), false) => HostKeyCheck::KnownHostsFile(file.clone()),
            (None, false) => HostKeyCheck::KnownHosts,
        }
    }

    /// All that can be had without asking.
    fn ssh(&self, user: &str) -> Result<SshOptions> {
        let mut options = SshOptions::new(user)
            .host_key(self.host_key())
            .connect_timeout(Duration::from_secs(self.connect_timeout.max(1)))
            .compression(self.compress);
        for (at, path) in self.key.iter().enumerate() {
            let Some(key) = load(path, true)? else {
                bail!("{} needs a passphrase: {PASSPHRASE} in the environment may hold it", path.display());
            };
            let beside = PathBuf::from(format!("{}-cert.pub", path.display()));
            let certificate = match &self.certificate {
                Some(certificate) if at == 0 => Some(certificate.clone()),
                _ => Some(beside).filter(|p| p.is_file()),
            };
            if let Some(certificate) = certificate {
                options = options.certificate(key.clone(), UserCertificate::load(certificate)?);
            }
            options = options.key(key);
        }
        if self.key.is_empty() {
            if std::env::var_os("SSH_AUTH_SOCK").is_some() {
                options = options.agent();
            }
            let home = std::env::home_dir().map(|home| home.join(".ssh"));
            for path in home.iter().flat_map(|h| KEYS.map(|k| h.join(k))).filter(|p| p.is_file()) {
                // One that is locked is for those who name it.
                if let Ok(Some(key)) = load(&path, false) {
                    options = options.key(key);
                }
            }
        }
        if let Some(password) = secret(PASSWORD) {
            options = options.password(password);
        }
        Ok(options)
    }
}

/// Reads a key. If it has a passphrase, that is the environment's, or asked for if that is wanted.
fn load(path: &Path, ask: bool) -> Result<Option<PrivateKey>> {
    let error = match PrivateKey::load(path, None) {
        Ok(key) => return Ok(Some(key)),
        Err(error) => error,
    };
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let locked =
        text.contains("ENCRYPTED") || (text.contains("OPENSSH") && error.to_string().contains("encrypted"));
    if !locked {
        return Err(error.into());
    }
    if let Some(passphrase) = secret(PASSPHRASE) {
        let key = PrivateKey::load(path, Some(&passphrase));
        return Ok(Some(key.with_context(|| format!("{PASSPHRASE} of the environment"))?));
    }
    if !ask || !on_terminal() {
        return Ok(None);
    }
    let passphrase = rpassword::prompt_password(format!("Passphrase of {}: ", path.display()))?;
    Ok(Some(PrivateKey::load(path, Some(&passphrase))?))
}

/// What stands in the environment, if it is not empty.
fn secret(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|secret| !secret.is_empty())
}

fn on_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

pub(crate) async fn connect(
    connection: &Connection,
    target: &Target,
    tracer: Option<Arc<Tracer>>,
) -> Result<Session> {
    reach(connection, target, connection.options(tracer))
        .await
        .with_context(|| format!("cannot connect to {target}"))
}

async fn reach(connection: &Connection, target: &Target, options: Options) -> Result<Session> {
    match target {
        Target::Ssh { user, host, port } => {
            let user = match user {
                Some(user) => user.clone(),
                None => own_name()?,
            };
            let mut ssh = connection.ssh(&user)?;
            if let Some(jump) = &connection.jump {
                let Target::Ssh { user: jump_user, host, port } = Target::parse(jump)? else {
                    bail!("--jump {jump}: a jump host is reached by SSH");
                };
                let jump_options = connection.ssh(jump_user.as_deref().unwrap_or(&user))?;
                ssh = ssh.jump((host.as_str(), port), jump_options);
            }
            let address = client::Target::from((host.as_str(), *port));
            by_ssh(&address, ssh, options).await
        }
        #[cfg(unix)]
        Target::Unix(path) => Ok(Session::connect_unix(path, options).await?),
        #[cfg(not(unix))]
        Target::Unix(_) => bail!("unix: is for unix alone"),
        Target::Tls { host, port } => {
            let Some((certificate, authorities)) =
                connection.tls_cert.as_ref().zip(connection.tls_ca.as_ref())
            else {
                bail!("{target}: TLS needs --tls-cert, --tls-key and --tls-ca");
            };
            let key = connection.tls_key.as_ref().unwrap_or(certificate);
            let tls = TlsOptions::new(Identity::load(certificate, key)?, Certificates::load(authorities)?)
                .timeout(Duration::from_secs(connection.connect_timeout.max(1)));
            let tls = match &connection.tls_name {
                Some(name) => tls.server(ServerIdentity::Name(name.clone())),
                None => tls,
            };
            Ok(Session::connect_tls(host, *port, &tls, options).await?)
        }
    }
}

fn own_name() -> Result<String> {
    let named = ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
    named.filter(|name| !name.is_empty()).context("TARGET names no user, and the environment neither")
}

/// Connects; asks about a host that is not known and for a password, where there is somebody to ask.
async fn by_ssh(target: &client::Target, mut ssh: SshOptions, options: Options) -> Result<Session> {
    let (mut asked_for_host, mut asked_for_password) = (false, false);
    loop {
        match Session::connect_ssh_with(target.clone(), ssh.clone(), options.clone()).await {
            Ok(session) => return Ok(session),
            Err(Error::HostKey(unknown @ HostKeyError::Unknown { .. })) if !asked_for_host => {
                if !on_terminal() {
                    bail!("{unknown}; --accept-new believes and remembers it");
                }
                asked_for_host = true;
                ask_about_host(target, &unknown)?;
            }
            Err(Error::HostKey(changed @ HostKeyError::Changed { .. })) => bail!(
                "{changed}. Either the host was set up anew, or somebody stands between you and it. If you know that it is the \
                 former, take the old key out of the file"
            ),
            Err(Error::Login(said)) if !asked_for_password && on_terminal() => {
                asked_for_password = true;
                tracing_line(&said);
                let prompt = format!("Password of {} at {target}: ", ssh.user);
                let password =
                    tokio::task::spawn_blocking(move || rpassword::prompt_password(prompt)).await??;
                // What was refused is not tried again: servers count.
                ssh.credentials.clear();
                let who = format!("({}@{target}) ", ssh.user);
                // What the device asks, people answer, in their own time.
                ssh = ssh
                    .password(password)
                    .questions(move |questions: &client::Questions| answers(&who, questions));
                ssh = ssh.connect_timeout(PATIENCE);
            }
            Err(Error::Login(said)) if ssh.credentials.is_empty() => {
                bail!("{said}; -i names a key, and {PASSWORD} in the environment is the password")
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Why a password is asked for is of use to who expected a key to do.
fn tracing_line(said: &str) {
    _ = writeln!(std::io::stderr(), "{said}");
}

/// Has a person answer what a device asks.
fn answers(who: &str, questions: &client::Questions) -> Vec<String> {
    let mut err = std::io::stderr();
    for said in [&questions.name, &questions.instructions] {
        if !said.is_empty() {
            _ = writeln!(err, "{said}");
        }
    }
    let answer = |(prompt, echo): &(String, bool)| {
        if !echo {
            return rpassword::prompt_password(format!("{who}{prompt}")).unwrap_or_default();
        }
        _ = write!(err, "{who}{prompt}");
        _ = err.flush();
        let mut line = String::new();
        _ = std::io::stdin().lock().read_line(&mut line);
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    questions.prompts.iter().map(answer).collect()
}

fn ask_about_host(target: &client::Target, unknown: &HostKeyError) -> Result<()> {
    let mut err = std::io::stderr();
    writeln!(err, "{unknown}.")?;
    loop {
        write!(err, "Is it the right one? (yes/no) ")?;
        err.flush()?;
        let mut line = String::new();
        if std::io::stdin().lock().read_line(&mut line)? == 0 {
            bail!("{unknown}");
        }
        match line.trim() {
            "yes" => return Ok(unknown.remember(target)?),
            "no" => bail!("{unknown}"),
            _ => {}
        }
    }
}

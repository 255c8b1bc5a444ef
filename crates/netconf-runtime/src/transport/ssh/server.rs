//! The SSH server: RFC 6242 section 3, with passwords, public keys, certificates of OpenSSH's kind (RFC 4252) and
//! conversations (RFC 4256) as ways to log in.
//!
//! It takes session channels with the subsystem `netconf` and refuses everything else: shells, commands, environments,
//! forwarding. russh is used in this file and in no other of the server.

mod auth;
mod certificate;
mod handler;

pub use auth::{Authenticator, Converse, Prompt, User, Users};
pub use certificate::{CertificateRefused, UserCertificate};

use super::stream::{BufferedStream, Cutter};
use super::{HOST_KEY_ALGORITHMS, Heartbeat, ID, KeyError, PrivateKey, Rekey, WINDOW, algorithms, ciphers};
use crate::protocol::Limits;
use crate::server::service::Service;
use crate::transport::{Stream, tcp};
use handler::Handler;
use russh::compression::{NONE, ZLIB_LEGACY};
use russh::server::{Config, RunningSession, run_stream};
use russh::{Disconnect, MethodKind, MethodSet, Preferred, SshId};
use std::borrow::Cow;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::ToSocketAddrs;
use tokio::sync::watch;
use tracing::{Instrument as _, debug, info, info_span};

/// What an SSH server needs to know.
#[derive(Clone)]
#[non_exhaustive]
pub struct SshServerOptions {
    /// The host's keys. Clients recognise the host by them, so they should outlive the process.
    pub host_keys: Vec<PrivateKey>,
    /// Who may come in.
    pub authenticator: Arc<dyn Authenticator>,
    /// What peers may cost.
    pub limits: Limits,
    /// How dead peers are noticed; `None` leaves it to TCP.
    pub heartbeat: Option<Heartbeat>,
    /// The algorithms by which the host proves who it is, the best first, by their names in SSH (`rsa-sha2-512`). Those for
    /// which there is no host key count for nothing.
    pub host_key_algorithms: Vec<String>,
    /// When new keys are agreed on.
    pub rekey: Rekey,
    /// Whether clients that ask for compression get it (`zlib@openssh.com`, which begins after the login).
    pub compression: bool,
}

impl SshServerOptions {
    /// One host key, and who may come in.
    #[must_use]
    pub fn new(host_key: PrivateKey, authenticator: impl Authenticator) -> Self {
        Self {
            host_keys: vec![host_key],
            authenticator: Arc::new(authenticator),
            limits: Limits::default(),
            heartbeat: Some(Heartbeat::default()),
            host_key_algorithms: HOST_KEY_ALGORITHMS.map(str::to_owned).to_vec(),
            rekey: Rekey::default(),
            compression: false,
        }
    }

    /// The same with a host key made for this run: clients will not know it again after a restart.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn with_new_host_key(authenticator: impl Authenticator) -> Result<Self, KeyError> {
        Ok(Self::new(PrivateKey::generate()?, authenticator))
    }

    /// Sets what peers may cost.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    fn config(&self) -> io::Result<Config> {
        let compression = if self.compression { vec![NONE, ZLIB_LEGACY] } else { vec![NONE] };
        let preferred = Preferred {
            key: algorithms(&self.host_key_algorithms)?.into(),
            cipher: ciphers().into(),
            compression: compression.into(),
            ..Preferred::DEFAULT
        };
        Ok(Config {
            server_id: SshId::Standard(Cow::Borrowed(ID)),
            methods: methods(),
            auth_rejection_time: self.limits.login_delay,
            // Clients ask which methods there are by trying none.
            auth_rejection_time_initial: Some(std::time::Duration::ZERO),
            keys: self.host_keys.iter().map(|key| key.0.as_ref().clone()).collect(),
            window_size: WINDOW,
            max_auth_attempts: self.limits.login_attempts,
            // Sessions may be silent for as long as they like.
            inactivity_timeout: None,
            keepalive_interval: self.heartbeat.map(|h| h.interval),
            keepalive_max: self.heartbeat.map_or(0, |h| h.misses),
            nodelay: true,
            limits: self.rekey.limits()?,
            preferred,
            ..Config::default()
        })
    }
}

impl std::fmt::Debug for SshServerOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SshServerOptions")
            .field("host_keys", &self.host_keys)
            .field("limits", &self.limits)
            .field("heartbeat", &self.heartbeat)
            .field("host_key_algorithms", &self.host_key_algorithms)
            .field("rekey", &self.rekey)
            .field("compression", &self.compression)
            .finish_non_exhaustive()
    }
}

pub use crate::transport::Listener;

/// Listens, and serves whoever comes.
///
/// # Errors
/// The address cannot be had, or there is no host key.
pub async fn listen(
    address: impl ToSocketAddrs,
    options: SshServerOptions,
    service: Arc<dyn Service>,
) -> io::Result<Listener> {
    let front = Front::new(options, service)?;
    let listener = tcp::listen(address).await?;
    let address = listener.local_addr()?;
    info!(%address, "listening for NETCONF over SSH");
    let most = front.options.limits.connections;
    Ok(Listener::start(address, listener, most, move |socket, peer, stopping| {
        let span = info_span!("ssh", %peer);
        let connection = front.clone().connection(socket, peer, stopping);
        async { _ = connection.await }.instrument(span)
    }))
}

/// A server that takes connections, wherever they come from.
#[derive(Clone)]
pub(crate) struct Front {
    config: Arc<Config>,
    options: Arc<SshServerOptions>,
    service: Arc<dyn Service>,
}

impl Front {
    pub(crate) fn new(options: SshServerOptions, service: Arc<dyn Service>) -> io::Result<Self> {
        if options.host_keys.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "an SSH server needs a host key"));
        }
        Ok(Self { config: Arc::new(options.config()?), options: Arc::new(options), service })
    }

    /// Serves one connection to its end. Says whether somebody logged in.
    pub(crate) async fn connection(
        self,
        socket: impl Stream,
        peer: SocketAddr,
        stopping: watch::Receiver<bool>,
    ) -> bool {
        let (entered, login) = watch::channel(false);
        self.run(socket, peer, stopping, entered).await;
        *login.borrow()
    }

    async fn run(
        self,
        socket: impl Stream,
        peer: SocketAddr,
        mut stopping: watch::Receiver<bool>,
        entered: watch::Sender<bool>,
    ) {
        let limits = &self.options.limits;
        let (stream, cutter) = BufferedStream::new(socket, limits.linger);
        // However this ends, the socket does not outlive it.
        let _cut = CutOnDrop(cutter);
        let mut login = entered.subscribe();
        let (busy, mut sessions) = watch::channel(0);
        let (mut came_in, mut used) = (login.clone(), sessions.clone());
        let handler = Handler::new(&self.options, &self.service, peer, entered, busy);
        let until = tokio::time::Instant::now() + limits.login_timeout;
        let start = tokio::time::timeout_at(until, run_stream(self.config, stream, handler));
        let mut running: RunningSession<Handler> = match start.await {
            Ok(Ok(running)) => running,
            Ok(Err(error)) => return debug!("no SSH: {error}"),
            Err(_) => return info!("no login in time: limit `login_timeout` of {:?}", limits.login_timeout),
        };
        let handle = running.handle();
        let goodbye = async |words: &str| {
            _ = handle.disconnect(Disconnect::ByApplication, words.to_owned(), "en".to_owned()).await;
        };
        let last_words = tokio::select! {
            result = &mut running => return ended(result),
            () = too_late(until, &mut login) => {
                info!("no login in time: limit `login_timeout` of {:?}", limits.login_timeout);
                "no login in time"
            }
            () = deserted(limits.idle_timeout, &mut came_in, &mut used) => {
                info!("no session: limit `idle_timeout` of {:?}", limits.idle_timeout.unwrap_or_default());
                "the connection is idle"
            }
            _ = stopping.wait_for(|stop| *stop) => "the server is shutting down",
        };
        // Sessions that are open end first: the service sees to it.
        let idle = sessions.wait_for(|sessions| *sessions == 0);
        tokio::select! {
            result = &mut running => return ended(result),
            _ = tokio::time::timeout(limits.linger, idle) => {}
        }
        let end = async {
            goodbye(last_words).await;
            _ = (&mut running).await;
        };
        _ = tokio::time::timeout(limits.linger, end).await;
    }
}

/// How one may come in.
fn methods() -> MethodSet {
    let mut methods = MethodSet::empty();
    methods.push(MethodKind::PublicKey);
    methods.push(MethodKind::Password);
    methods.push(MethodKind::KeyboardInteractive);
    methods
}

/// Waits until a login is overdue; for ever once there is one.
async fn too_late(until: tokio::time::Instant, login: &mut watch::Receiver<bool>) {
    if tokio::time::timeout_at(until, login.wait_for(|entered| *entered)).await.is_ok() {
        std::future::pending::<()>().await;
    }
}

/// Waits until there has been no session for so long, since the login at the earliest.
async fn deserted(
    limit: Option<std::time::Duration>,
    login: &mut watch::Receiver<bool>,
    sessions: &mut watch::Receiver<usize>,
) {
    let Some(limit) = limit else { return std::future::pending().await };
    if login.wait_for(|entered| *entered).await.is_err() {
        return std::future::pending().await;
    }
    loop {
        if sessions.wait_for(|sessions| *sessions == 0).await.is_err() {
            return std::future::pending().await;
        }
        if tokio::time::timeout(limit, sessions.wait_for(|sessions| *sessions > 0)).await.is_err() {
            return;
        }
    }
}

fn ended(result: Result<(), handler::Failed>) {
    match result {
        Ok(()) => debug!("connection closed"),
        Err(error) => debug!("connection ended: {error}"),
    }
}

struct CutOnDrop(Cutter);

impl Drop for CutOnDrop {
    fn drop(&mut self) {
        self.0.cut();
    }
}

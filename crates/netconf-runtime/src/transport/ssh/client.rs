//! The SSH client: RFC 6242 section 3, with password and public key authentication (RFC 4252).
//!
//! The host's key is verified before anything is said of the user. russh is used in this file and in no other of the client.

mod error;
mod host_key;

pub use error::SshError;
pub use host_key::{HostKeyCheck, HostKeyError, Target};

use super::stream::{BufferedStream, Cutter};
use super::{Heartbeat, ID, PrivateKey, PublicKey, SUBSYSTEM, WINDOW};
use russh::client::{AuthResult, Config, Handle, Msg, connect_stream};
use russh::keys::{PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{ChannelMsg, ChannelStream, Disconnect, SshId};
use std::borrow::Cow;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tracing::debug;

/// How to reach a device by SSH.
#[derive(Clone)]
#[non_exhaustive]
pub struct SshOptions {
    /// Who comes.
    pub user: String,
    /// How the user proves it, tried in this order.
    pub credentials: Vec<Credential>,
    /// How the host proves that it is the one meant.
    pub host_key: HostKeyCheck,
    /// How long it may take until the session can begin.
    pub connect_timeout: Duration,
    /// How a dead peer is noticed; `None` leaves it to TCP.
    pub heartbeat: Option<Heartbeat>,
}

/// How a user proves to be who it says.
#[derive(Clone)]
#[non_exhaustive]
pub enum Credential {
    /// A password.
    Password(String),
    /// A key.
    Key(PrivateKey),
}

impl SshOptions {
    /// A user without credentials yet; the host's key must be in the user's `known_hosts`.
    #[must_use]
    pub fn new(user: impl Into<String>) -> Self {
        Self {
            user: user.into(),
            credentials: Vec::new(),
            host_key: HostKeyCheck::KnownHosts,
            connect_timeout: Duration::from_secs(30),
            heartbeat: Some(Heartbeat::default()),
        }
    }

    /// Adds a password.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.credentials.push(Credential::Password(password.into()));
        self
    }

    /// Adds a key.
    #[must_use]
    pub fn key(mut self, key: PrivateKey) -> Self {
        self.credentials.push(Credential::Key(key));
        self
    }

    /// Sets how the host proves that it is the one meant.
    #[must_use]
    pub fn host_key(mut self, check: HostKeyCheck) -> Self {
        self.host_key = check;
        self
    }

    /// Sets how long it may take until the session can begin.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    fn config(&self) -> Config {
        Config {
            client_id: SshId::Standard(Cow::Borrowed(ID)),
            window_size: WINDOW,
            keepalive_interval: self.heartbeat.map(|h| h.interval),
            keepalive_max: self.heartbeat.map_or(0, |h| h.misses),
            nodelay: true,
            ..Config::default()
        }
    }
}

impl std::fmt::Debug for SshOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SshOptions")
            .field("user", &self.user)
            .field("credentials", &self.credentials)
            .field("host_key", &self.host_key)
            .field("connect_timeout", &self.connect_timeout)
            .field("heartbeat", &self.heartbeat)
            .finish()
    }
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Password(_) => f.write_str("Password(..)"),
            Self::Key(key) => f.debug_tuple("Key").field(key).finish(),
        }
    }
}

/// A NETCONF channel of an SSH connection of its own.
pub struct SshStream {
    channel: ChannelStream<Msg>,
    connection: Connection,
}

/// What ends the connection when it is dropped.
struct Connection {
    handle: Option<Handle<Handler>>,
    cutter: Cutter,
}

/// Connects, checks the host, logs in, and starts the subsystem.
///
/// # Errors
/// Whatever stands against it.
pub async fn connect(target: impl Into<Target>, options: &SshOptions) -> Result<SshStream, SshError> {
    let target = target.into();
    let limit = options.connect_timeout;
    let connecting = async {
        let socket = TcpStream::connect((target.host.as_str(), target.port)).await?;
        if let Err(error) = socket.set_nodelay(true) {
            debug!("nodelay: {error}");
        }
        start(socket, &target, options).await
    };
    match tokio::time::timeout(limit, connecting).await {
        Ok(done) => done,
        Err(_) => Err(SshError::TimedOut { target: target.to_string(), limit }),
    }
}

async fn start(socket: TcpStream, target: &Target, options: &SshOptions) -> Result<SshStream, SshError> {
    let (stream, cutter) = BufferedStream::new(socket, Duration::from_secs(1));
    let verdict = Arc::new(Mutex::new(None));
    let handler =
        Handler { target: target.clone(), check: options.host_key.clone(), verdict: Arc::clone(&verdict) };
    let connected = connect_stream(Arc::new(options.config()), stream, handler).await;
    let handle = connected.map_err(|Failed(error)| {
        let refused = verdict.lock().unwrap_or_else(PoisonError::into_inner).take();
        refused.map_or_else(|| error.into(), SshError::HostKey)
    })?;
    let mut connection = Connection { handle: Some(handle), cutter };
    let Some(handle) = &mut connection.handle else { return Err(SshError::Closed) };
    authenticate(handle, options).await?;
    let mut channel = handle.channel_open_session().await?;
    channel.request_subsystem(true, SUBSYSTEM).await?;
    loop {
        match channel.wait().await {
            Some(ChannelMsg::Success) => break,
            Some(ChannelMsg::Failure) => return Err(SshError::Subsystem),
            Some(ChannelMsg::Close | ChannelMsg::Eof) | None => return Err(SshError::Closed),
            // The server may speak before it answers, but then it has no business to be heard.
            Some(ChannelMsg::Data { .. }) => return Err(SshError::Subsystem),
            Some(_) => {}
        }
    }
    Ok(SshStream { channel: channel.into_stream(), connection })
}

async fn authenticate(handle: &mut Handle<Handler>, options: &SshOptions) -> Result<(), SshError> {
    let mut offered: Vec<&'static str> = Vec::new();
    for credential in &options.credentials {
        let result = match credential {
            Credential::Password(password) => {
                handle.authenticate_password(options.user.as_str(), password.as_str()).await?
            }
            Credential::Key(key) => {
                let hash = handle.best_supported_rsa_hash().await?.flatten();
                let key = PrivateKeyWithHashAlg::new(Arc::clone(&key.0), hash);
                handle.authenticate_publickey(options.user.as_str(), key).await?
            }
        };
        match result {
            AuthResult::Success => return Ok(()),
            AuthResult::Failure { remaining_methods, .. } => {
                offered = remaining_methods.iter().map(<&str>::from).collect();
            }
        }
    }
    Err(SshError::Login {
        user: options.user.clone(),
        tried: options
            .credentials
            .iter()
            .map(|c| match c {
                Credential::Password(_) => "password",
                Credential::Key(_) => "publickey",
            })
            .collect(),
        offered,
    })
}

impl Drop for Connection {
    fn drop(&mut self) {
        let (handle, cutter) = (self.handle.take(), self.cutter.clone());
        let (Some(handle), Ok(runtime)) = (handle, tokio::runtime::Handle::try_current()) else {
            return cutter.cut();
        };
        runtime.spawn(async move {
            let goodbye = async {
                _ = handle.disconnect(Disconnect::ByApplication, "", "en").await;
                while !handle.is_closed() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            _ = tokio::time::timeout(Duration::from_secs(1), goodbye).await;
            cutter.cut();
        });
    }
}

impl AsyncRead for SshStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.channel).poll_read(cx, buf)
    }
}

impl AsyncWrite for SshStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if buf.is_empty() {
            return Poll::Ready(Ok(0));
        }
        Pin::new(&mut self.channel).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.channel).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.channel).poll_shutdown(cx)
    }
}

impl std::fmt::Debug for SshStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let open = self.connection.handle.as_ref().is_some_and(|h| !h.is_closed());
        f.debug_struct("SshStream").field("open", &open).finish()
    }
}

/// What the client says to russh's loop.
struct Handler {
    target: Target,
    check: HostKeyCheck,
    verdict: Arc<Mutex<Option<HostKeyError>>>,
}

#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct Failed(#[from] russh::Error);

impl russh::client::Handler for Handler {
    type Error = Failed;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, Failed> {
        let checked = match key {
            PublicKeyOrCertificate::PublicKey { key, .. } => {
                self.check.check(&self.target, &PublicKey(key.clone()))
            }
            PublicKeyOrCertificate::Certificate(_) => Err(HostKeyError::Certificate),
        };
        match checked {
            Ok(()) => Ok(true),
            Err(error) => {
                *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                Ok(false)
            }
        }
    }
}

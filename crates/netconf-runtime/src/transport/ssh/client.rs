//! The SSH client: RFC 6242 section 3, over a connection of its own, another stream, or a jump host.
//!
//! The host's key is verified before anything is said of the user. russh stands behind this module and in no other place of the client.

mod auth;
mod error;
mod greeting;
mod host_key;
mod known_hosts;
mod tcp;

#[cfg(all(test, feature = "server"))]
mod tests;

pub use auth::{Answers, Credential, Questions};
pub use error::SshError;
pub use host_key::{HostKeyCheck, HostKeyError, Target};

pub(crate) use tcp::Frozen;

use self::greeting::{Greeting, Overheard};
use super::stream::{BufferedStream, Cutter};
use super::{
    HOST_KEY_ALGORITHMS, Heartbeat, ID, PrivateKey, PublicKey, Rekey, SUBSYSTEM, UserCertificate, WINDOW,
    algorithms, ciphers,
};
use crate::transport::Stream;
use russh::client::{Config, DisconnectReason, Handle, Msg, connect_stream};
use russh::keys::{Algorithm, PublicKeyOrCertificate};
use russh::{ChannelMsg, ChannelStream, Disconnect, Preferred, SshId};
use std::borrow::Cow;
use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

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
    /// How a frozen peer is noticed, whose connection stands; `None`: not at all.
    pub heartbeat: Option<Heartbeat>,
    /// How a dead peer is noticed, which has vanished from the network: how long TCP may wait for any sign of it; `None`: as
    /// long as the system does, which may be hours.
    pub tcp_keepalive: Option<Duration>,
    /// Whether what is sent may be compressed, if the server can.
    pub compression: bool,
    /// The algorithms of host keys that are taken, best first, as OpenSSH names them; empty: all, those of known keys first.
    pub host_key_algorithms: Vec<String>,
    /// When keys are exchanged anew (RFC 4253 section 9).
    pub rekey: Rekey,
    /// A host by way of which this one is reached.
    pub jump: Option<Box<(Target, SshOptions)>>,
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
            tcp_keepalive: Some(Duration::from_secs(60)),
            compression: false,
            host_key_algorithms: Vec::new(),
            rekey: Rekey::default(),
            jump: None,
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

    /// Adds a key with a certificate of it.
    #[must_use]
    pub fn certificate(mut self, key: PrivateKey, certificate: UserCertificate) -> Self {
        self.credentials.push(Credential::Certificate(key, Box::new(certificate)));
        self
    }

    /// Adds the keys and certificates of the agent that `SSH_AUTH_SOCK` names.
    #[must_use]
    pub fn agent(mut self) -> Self {
        self.credentials.push(Credential::Agent(None));
        self
    }

    /// Adds those of the agent at a socket.
    #[must_use]
    pub fn agent_at(mut self, socket: impl Into<PathBuf>) -> Self {
        self.credentials.push(Credential::Agent(Some(socket.into())));
        self
    }

    /// Adds answers to the server's questions (keyboard-interactive).
    #[must_use]
    pub fn questions(mut self, answer: impl Fn(&Questions) -> Vec<String> + Send + Sync + 'static) -> Self {
        self.credentials.push(Credential::Questions(Answers::new(answer)));
        self
    }

    /// Reaches the device by way of another host.
    #[must_use]
    pub fn jump(mut self, host: impl Into<Target>, options: SshOptions) -> Self {
        self.jump = Some(Box::new((host.into(), options)));
        self
    }

    /// Says whether what is sent may be compressed.
    #[must_use]
    pub fn compression(mut self, on: bool) -> Self {
        self.compression = on;
        self
    }

    /// Sets how a frozen peer is noticed.
    #[must_use]
    pub fn heartbeat(mut self, heartbeat: impl Into<Option<Heartbeat>>) -> Self {
        self.heartbeat = heartbeat.into();
        self
    }

    /// Sets the algorithms of host keys that are taken, best first.
    #[must_use]
    pub fn host_key_algorithms<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.host_key_algorithms = names.into_iter().map(Into::into).collect();
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

    fn config(&self, target: &Target) -> Result<Config, SshError> {
        let fault = |e: io::Error| SshError::Options(e.to_string());
        let config = Config {
            limits: self.rekey.limits().map_err(fault)?,
            client_id: SshId::Standard(Cow::Borrowed(ID)),
            window_size: WINDOW,
            keepalive_interval: self.heartbeat.map(|h| h.interval),
            keepalive_max: self.heartbeat.map_or(0, |h| h.misses),
            nodelay: true,
            preferred: self.preferred(target)?,
            ..Config::default()
        };
        Ok(config)
    }

    fn preferred(&self, target: &Target) -> Result<Preferred, SshError> {
        let mut preferred = Preferred { cipher: ciphers().into(), ..Preferred::DEFAULT };
        preferred.compression = if self.compression {
            Cow::Borrowed(&[
                russh::compression::ZLIB_LEGACY,
                russh::compression::ZLIB,
                russh::compression::NONE,
            ])
        } else {
            Cow::Borrowed(&[russh::compression::NONE])
        };
        let (known, certificates) = self.host_key.wanted(target);
        let all = HOST_KEY_ALGORITHMS.map(str::to_owned);
        let named = if self.host_key_algorithms.is_empty() { &all[..] } else { &self.host_key_algorithms };
        let mut keys = algorithms(named).map_err(|e| SshError::Options(e.to_string()))?;
        if self.host_key_algorithms.is_empty() {
            // A key of RSA is known by one name, and shown by others.
            keys.sort_by_key(|algorithm| !known.iter().any(|k| same_family(k, algorithm)));
        }
        if certificates {
            preferred.host_key_certificates = Cow::Owned(keys.clone());
        }
        preferred.key = Cow::Owned(keys);
        Ok(preferred)
    }
}

fn same_family(a: &Algorithm, b: &Algorithm) -> bool {
    a == b || (is_rsa(a) && is_rsa(b))
}

fn is_rsa(algorithm: &Algorithm) -> bool {
    matches!(algorithm, Algorithm::Rsa { .. })
}

impl std::fmt::Debug for SshOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SshOptions")
            .field("user", &self.user)
            .field("credentials", &self.credentials)
            .field("host_key", &self.host_key)
            .field("connect_timeout", &self.connect_timeout)
            .field("heartbeat", &self.heartbeat)
            .field("jump", &self.jump)
            .finish_non_exhaustive()
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
    /// Why it is over, if not in the ordinary way.
    end: Arc<Mutex<Option<io::Error>>>,
    /// What it goes through.
    _under: Option<Box<Connection>>,
}

/// Connects, checks the host, logs in, and starts the subsystem.
///
/// # Errors
/// Whatever stands against it.
pub async fn connect(target: impl Into<Target>, options: &SshOptions) -> Result<SshStream, SshError> {
    let target = target.into();
    let greeting = Greeting::default();
    within(options.connect_timeout, &target, &greeting, async {
        let connection = dial(&target, options, &greeting).await?;
        subsystem(connection).await
    })
    .await
}

/// The same over a stream that stands: one that was accepted, for instance (RFC 8071). `target` is who is meant to be at the other end,
/// by the name that its host key is known by.
///
/// # Errors
/// Whatever stands against it.
pub async fn connect_over(
    stream: impl Stream,
    target: impl Into<Target>,
    options: &SshOptions,
) -> Result<SshStream, SshError> {
    let target = target.into();
    let greeting = Greeting::default();
    within(options.connect_timeout, &target, &greeting, async {
        let connection = log_in(stream, &target, options, &greeting, None).await?;
        subsystem(connection).await
    })
    .await
}

async fn within<T>(
    limit: Duration,
    target: &Target,
    greeting: &Greeting,
    connecting: impl Future<Output = Result<T, SshError>>,
) -> Result<T, SshError> {
    match tokio::time::timeout(limit, connecting).await {
        Ok(done) => done.map_err(|error| greeting.explain(error)),
        Err(_) => Err(greeting.timed_out(target.to_string(), limit)),
    }
}

/// Connects, by way of a jump host if there is one, and logs in.
fn dial<'a>(
    target: &'a Target,
    options: &'a SshOptions,
    greeting: &'a Greeting,
) -> Pin<Box<dyn Future<Output = Result<Connection, SshError>> + Send + 'a>> {
    Box::pin(async move {
        let Some(jump) = &options.jump else {
            let socket = tcp::connect(target, options.tcp_keepalive).await?;
            return log_in(socket, target, options, greeting, None).await;
        };
        let (host, jump_options) = &**jump;
        let jumped = |cause| SshError::Jump { host: host.to_string(), cause: Box::new(cause) };
        let its_greeting = Greeting::default();
        let under = dial(host, jump_options, &its_greeting).await;
        let mut under = under.map_err(|error| jumped(its_greeting.explain(error)))?;
        let handle = under.handle.as_mut().ok_or(SshError::Closed)?;
        let channel = handle
            .channel_open_direct_tcpip(target.host.clone(), u32::from(target.port), "127.0.0.1", 0)
            .await
            .map_err(|e| jumped(e.into()))?;
        log_in(channel.into_stream(), target, options, greeting, Some(Box::new(under))).await
    })
}

async fn log_in(
    socket: impl Stream,
    target: &Target,
    options: &SshOptions,
    greeting: &Greeting,
    under: Option<Box<Connection>>,
) -> Result<Connection, SshError> {
    let socket = Overheard { stream: socket, greeting: greeting.clone() };
    let (stream, cutter) = BufferedStream::new(socket, Duration::from_secs(1));
    let (verdict, end) = (Arc::new(Mutex::new(None)), Arc::new(Mutex::new(None)));
    let handler = Handler {
        target: target.clone(),
        check: options.host_key.clone(),
        heartbeat: options.heartbeat,
        verdict: Arc::clone(&verdict),
        end: Arc::clone(&end),
    };
    let config = Arc::new(options.config(target)?);
    // From here on the socket ends with this, however far it gets: russh's task would wait for a silent server for ever.
    let mut connection = Connection { handle: None, cutter, end, _under: under };
    let connected = connect_stream(config, stream, handler).await;
    let handle = connected.map_err(|Failed(error)| {
        let refused = verdict.lock().unwrap_or_else(PoisonError::into_inner).take();
        refused.map_or_else(|| error.into(), SshError::HostKey)
    })?;
    let handle = connection.handle.insert(handle);
    auth::authenticate(handle, options).await?;
    Ok(connection)
}

async fn subsystem(connection: Connection) -> Result<SshStream, SshError> {
    let Some(handle) = &connection.handle else { return Err(SshError::Closed) };
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
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.channel).poll_read(cx, buf))?;
        if buf.filled().len() == before && buf.remaining() > 0 {
            // russh ends the channel like this whatever the reason, of which it has told the handler.
            let end = self.connection.end.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(error) = end {
                return Poll::Ready(Err(error));
            }
        }
        Poll::Ready(Ok(()))
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
    heartbeat: Option<Heartbeat>,
    verdict: Arc<Mutex<Option<HostKeyError>>>,
    end: Arc<Mutex<Option<io::Error>>>,
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
            PublicKeyOrCertificate::Certificate(certificate) => {
                self.check.check_certificate(&self.target, certificate)
            }
        };
        match checked {
            Ok(()) => Ok(true),
            Err(error) => {
                *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                Ok(false)
            }
        }
    }

    async fn disconnected(&mut self, reason: DisconnectReason<Failed>) -> Result<(), Failed> {
        let end = match &reason {
            DisconnectReason::ReceivedDisconnect(said) if said.message.is_empty() => None,
            DisconnectReason::ReceivedDisconnect(said) => Some(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("the server says: {}", said.message),
            )),
            DisconnectReason::Error(Failed(russh::Error::KeepaliveTimeout)) => {
                Some(io::Error::new(io::ErrorKind::TimedOut, Frozen(self.heartbeat.unwrap_or_default())))
            }
            DisconnectReason::Error(Failed(russh::Error::IO(error))) => {
                Some(io::Error::new(error.kind(), error.to_string()))
            }
            // The end of the stream, and whatever this end did.
            DisconnectReason::Error(Failed(
                russh::Error::HUP
                | russh::Error::Disconnect
                | russh::Error::SendError
                | russh::Error::RecvError,
            )) => None,
            DisconnectReason::Error(Failed(error)) => Some(io::Error::other(format!("SSH: {error}"))),
        };
        *self.end.lock().unwrap_or_else(PoisonError::into_inner) = end;
        match reason {
            DisconnectReason::ReceivedDisconnect(_) => Ok(()),
            DisconnectReason::Error(error) => Err(error),
        }
    }
}

//! The handle of a session, and how a request gets its reply.

use super::driver::{self, Delivered, OnDrop, Outgoing, Pending, Sender, Shared, Undo, Waiting};
use super::interceptor::{Outcome, Request};
use super::pieces::{PIECES, Pieces};
use super::{Capabilities, Error, ModuleSet, Notifications, Options, Response, RpcErrors};
use crate::protocol::capability::CANDIDATE;
use crate::protocol::message::{NOTIFICATION_NAMESPACE, Rpc};
use crate::protocol::{Reply, Version};
use crate::transport::Stream;
use crate::xml::{BASE_NAMESPACE, Scanner, Token};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{OnceCell, Semaphore, mpsc, oneshot};

/// Operations that change nothing, or nothing that outlives the session: when their reply is lost, nothing is in doubt.
const HARMLESS: &[(&str, &[&str])] = &[
    (BASE_NAMESPACE, &["get", "get-config", "lock", "unlock", "validate", "close-session"]),
    ("urn:ietf:params:xml:ns:yang:ietf-netconf-nmda", &["get-data"]),
    ("urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring", &["get-schema"]),
    ("urn:ietf:params:xml:ns:netconf:partial-lock:1.0", &["partial-lock", "partial-unlock"]),
    (NOTIFICATION_NAMESPACE, &["create-subscription"]),
    (
        "urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications",
        &["establish-subscription", "modify-subscription", "delete-subscription"],
    ),
    ("urn:ietf:params:xml:ns:yang:ietf-yang-push", &["resync-subscription"]),
];

fn is_harmless(operation: &str) -> bool {
    let Ok((namespace, local)) = operation_name(operation) else { return false };
    HARMLESS.iter().any(|(of, names)| *of == namespace && names.contains(&local.as_str()))
}

/// A session with a device. Clones share it; it ends when it is closed, or when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) inner: Arc<Inner>,
    timeout: Option<Duration>,
    unchecked: bool,
}

#[derive(Debug)]
pub(super) struct Inner {
    id: u32,
    version: Version,
    capabilities: Capabilities,
    shared: Arc<Shared>,
    outgoing: mpsc::UnboundedSender<Outgoing>,
    /// Requests that may still be sent without a reply.
    requests: Arc<Semaphore>,
    /// Bytes of such.
    bytes: Arc<Semaphore>,
    most_bytes: u32,
    pending_notifications: usize,
    closing: AtomicBool,
    /// The device's modules, once somebody asked for them.
    pub(super) modules: OnceCell<ModuleSet>,
}

impl Session {
    /// Connects by SSH and exchanges hellos.
    ///
    /// # Errors
    /// Whatever stands against it: the network, the host's key, the login, the protocol.
    #[cfg(feature = "ssh")]
    pub async fn connect_ssh(
        target: impl Into<super::Target>,
        ssh: super::SshOptions,
    ) -> Result<Self, Error> {
        Self::connect_ssh_with(target, ssh, Options::default()).await
    }

    /// Connects by SSH and exchanges hellos, with options of the session.
    ///
    /// # Errors
    /// Whatever stands against it: the network, the host's key, the login, the protocol.
    #[cfg(feature = "ssh")]
    pub async fn connect_ssh_with(
        target: impl Into<super::Target>,
        ssh: super::SshOptions,
        options: Options,
    ) -> Result<Self, Error> {
        let stream = crate::transport::ssh::client::connect(target, &ssh).await?;
        Self::open(stream, options).await
    }

    /// Connects by TLS with certificates of both ends (RFC 7589), and exchanges hellos.
    ///
    /// # Errors
    /// Whatever stands against it: the network, the host's certificate or one's own, the protocol.
    #[cfg(feature = "tls")]
    pub async fn connect_tls(
        host: &str,
        port: u16,
        tls: &crate::transport::tls::client::TlsOptions,
        options: Options,
    ) -> Result<Self, Error> {
        Self::open(crate::transport::tls::client::connect(host, port, tls).await?, options).await
    }

    /// Connects to a unix socket, and exchanges hellos.
    ///
    /// # Errors
    /// There is none, nobody listens, or one may not; the protocol.
    #[cfg(unix)]
    pub async fn connect_unix(path: impl AsRef<std::path::Path>, options: Options) -> Result<Self, Error> {
        Self::open(crate::transport::unix::connect(path).await?, options).await
    }

    /// Exchanges hellos over a transport that stands.
    ///
    /// # Errors
    /// The transport fails, or the peer's hello does.
    pub async fn open(stream: impl Stream, options: Options) -> Result<Self, Error> {
        let limits = options.limits.clone();
        let opened = driver::open(stream, options.capabilities, limits.clone(), options.interceptors).await?;
        let most_bytes = u32::try_from(limits.pipelined_bytes.max(1)).unwrap_or(u32::MAX).min(1 << 28);
        let inner = Inner {
            id: opened.hello.session_id.unwrap_or_default(),
            version: opened.version,
            capabilities: Capabilities::new(opened.hello.capabilities),
            shared: opened.shared,
            outgoing: opened.outgoing,
            requests: Arc::new(Semaphore::new(limits.pipelined_rpcs.clamp(1, Semaphore::MAX_PERMITS))),
            bytes: Arc::new(Semaphore::new(most_bytes as usize)),
            most_bytes,
            pending_notifications: limits.pending_notifications,
            closing: AtomicBool::new(false),
            modules: OnceCell::new(),
        };
        Ok(Self { inner: Arc::new(inner), timeout: options.timeout, unchecked: false })
    }

    /// The session's id, which the server gave.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.inner.id
    }

    /// The version of NETCONF that is spoken.
    #[must_use]
    pub fn version(&self) -> Version {
        self.inner.version
    }

    /// What the device can do.
    #[must_use]
    pub fn capabilities(&self) -> &Capabilities {
        &self.inner.capabilities
    }

    /// The same session, whose calls by this handle wait so long for their replies; `None`: for ever.
    #[must_use]
    pub fn with_timeout(&self, timeout: impl Into<Option<Duration>>) -> Self {
        Self { timeout: timeout.into(), ..self.clone() }
    }

    /// The same session, whose calls by this handle send the input of rpcs and actions as it is: whether it satisfies its
    /// model is the device's to say.
    #[must_use]
    pub fn without_checks(&self) -> Self {
        Self { unchecked: true, ..self.clone() }
    }

    /// Is the input of rpcs and actions checked before it is sent?
    pub(super) fn checks(&self) -> bool {
        !self.unchecked
    }

    /// Whether the session is over, and if so, why.
    #[must_use]
    pub fn ended(&self) -> Option<Error> {
        self.inner.shared.ended()
    }

    /// Notifications of all kinds, from now on, as they come.
    #[must_use]
    pub fn notifications_xml(&self) -> Notifications {
        let (subscriber, notifications) = Notifications::new(self.inner.pending_notifications);
        self.inner.shared.subscribe(subscriber);
        notifications
    }

    /// Sends an operation as XML, and gives the reply as it came.
    ///
    /// `operation` is one element, which declares the namespaces it uses; NETCONF's own is the default one around it.
    ///
    /// # Errors
    /// See [`Error`]. A reply with errors is [`Error::Rpc`]; one with warnings only is not.
    pub async fn rpc_xml(&self, operation: &str) -> Result<Response, Error> {
        let (_, name) = operation_name(operation)?;
        self.call(&name, operation).await
    }

    /// Sends an operation that this crate wrote.
    pub(super) async fn call(&self, name: &str, operation: &str) -> Result<Response, Error> {
        self.exchange(name, operation, None).await.map(|(response, _)| response)
    }

    /// Sends an operation that can be taken back: what `undo` makes of its reply is sent when the second of what is returned
    /// is dropped, or when the call itself is dropped before.
    pub(super) async fn call_undoable(
        &self,
        name: &str,
        operation: &str,
        undo: impl FnOnce(&Reply) -> Option<(&'static str, String)> + Send + 'static,
    ) -> Result<(Response, OnDrop), Error> {
        self.exchange(name, operation, Some(Box::new(undo))).await
    }

    /// What sends an operation when it is dropped.
    pub(super) fn on_drop(&self, name: &'static str, operation: String) -> OnDrop {
        OnDrop::new(Sender::new(&self.inner.shared, &self.inner.outgoing), name, operation)
    }

    /// Sends an operation whose reply says nothing but that it is done.
    pub(super) async fn command(&self, name: &str, operation: &str) -> Result<(), Error> {
        let reply = self.done(name, operation).await?;
        for warning in &reply.errors {
            tracing::warn!("the device warns at {name}: {warning}");
        }
        Ok(())
    }

    /// The same, for those who want to see the reply: its warnings above all.
    pub(super) async fn done(&self, name: &str, operation: &str) -> Result<Response, Error> {
        let reply = self.call(name, operation).await?;
        // Some devices leave `ok` out where they send warnings.
        if reply.ok || reply.content.is_empty() {
            return Ok(reply);
        }
        Err(Error::Reply(format!("`{}` came in reply to {name}, not `ok`", reply.content[0].local())))
    }

    /// How long a call of this handle waits for its reply.
    pub(super) fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Sends an operation as XML, and gives the content of the reply in pieces while it comes: for replies that are too large
    /// to be held. See [`Pieces`].
    ///
    /// # Errors
    /// See [`Error`]: those that come before any content.
    pub async fn rpc_pieces(&self, operation: &str) -> Result<Pieces, Error> {
        let (_, name) = operation_name(operation)?;
        self.call_in_pieces(&name, operation).await
    }

    pub(super) async fn call_in_pieces(&self, name: &str, operation: &str) -> Result<Pieces, Error> {
        let (sender, receiver) = mpsc::channel(PIECES);
        let begin = Pieces::begin(self.clone(), name.to_owned(), receiver);
        fn told(_: &Pieces) -> Outcome<'_> {
            Outcome::Streamed
        }
        self.intercepted(name, operation, Waiting::Pieces(sender), None, begin, told).await
    }

    async fn exchange(
        &self,
        name: &str,
        operation: &str,
        undo: Option<Undo>,
    ) -> Result<(Response, OnDrop), Error> {
        let (sender, receiver) = oneshot::channel();
        let receive = async {
            let lost = || self.inner.shared.ended().unwrap_or(Error::Closed);
            let Delivered { reply, elapsed, on_drop } = receiver.await.map_err(|_| lost())??;
            if reply.is_error() {
                return Err(Error::Rpc(RpcErrors(reply.errors)));
            }
            Ok((Response::new(*reply, elapsed), on_drop))
        };
        fn told((response, _): &(Response, OnDrop)) -> Outcome<'_> {
            Outcome::Reply(response)
        }
        self.intercepted(name, operation, Waiting::Whole(sender), undo, receive, told).await
    }

    async fn intercepted<T>(
        &self,
        name: &str,
        operation: &str,
        waiting: Waiting,
        undo: Option<Undo>,
        receive: impl Future<Output = Result<T, Error>>,
        told: fn(&T) -> Outcome<'_>,
    ) -> Result<T, Error> {
        let interceptors = &self.inner.shared.interceptors;
        if interceptors.is_empty() {
            return self.timed(name, operation, "", waiting, undo, receive).await;
        }
        let mut request = Request::new(self.id(), name, operation);
        interceptors.before_rpc(&mut request)?;
        if request.xml != operation {
            operation_name(&request.xml)?;
        }
        let attributes = request.attributes()?;
        let result = self.timed(name, &request.xml, attributes, waiting, undo, receive).await;
        interceptors.after_rpc(&request, result.as_ref().map_or_else(Outcome::Failed, told));
        result
    }

    async fn timed<T>(
        &self,
        name: &str,
        operation: &str,
        attributes: &str,
        waiting: Waiting,
        undo: Option<Undo>,
        receive: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let sent = AtomicBool::new(false);
        let exchange = async {
            self.send(name, operation, attributes, waiting, undo).await?;
            sent.store(true, Ordering::Release);
            receive.await
        };
        let result = match self.timeout {
            None => exchange.await,
            Some(after) => match tokio::time::timeout(after, exchange).await {
                Ok(result) => result,
                Err(_) => Err(Error::TimedOut { operation: name.to_owned(), after }),
            },
        };
        result.map_err(|error| {
            let lost = matches!(
                error,
                Error::TimedOut { .. } | Error::Protocol(_) | Error::Transport(_) | Error::Closed
            );
            if lost && sent.into_inner() && !is_harmless(operation) {
                Error::Unknown { operation: name.to_owned(), cause: Box::new(error) }
            } else {
                error
            }
        })
    }

    /// Queues a request. An error means that it was not sent.
    async fn send(
        &self,
        name: &str,
        operation: &str,
        attributes: &str,
        waiting: Waiting,
        undo: Option<Undo>,
    ) -> Result<(), Error> {
        let inner = &*self.inner;
        if name != "close-session" && inner.closing.load(Ordering::Acquire) {
            return Err(Error::Closed);
        }
        let carried = |text: &str| !text.contains("]]>]]>");
        if self.inner.version == Version::V1_0 && !(carried(operation) && carried(attributes)) {
            let message = "NETCONF 1.0 cannot carry `]]>]]>`, and the device speaks nothing newer";
            return Err(Error::Caller(message.to_owned()));
        }
        let size = u32::try_from(operation.len()).unwrap_or(u32::MAX).min(inner.most_bytes);
        let over = || inner.shared.ended().unwrap_or(Error::Closed);
        let one = Arc::clone(&inner.requests).acquire_owned().await.map_err(|_| over())?;
        let bytes = Arc::clone(&inner.bytes).acquire_many_owned(size).await.map_err(|_| over())?;
        let undo = undo.map(|undo| (undo, Sender::new(&inner.shared, &inner.outgoing)));
        let pending = Pending { reply: waiting, sent: Instant::now(), undo, permits: Some((one, bytes)) };
        // From here to the reply there is one step that waits, so dropping the call loses nothing half-way.
        inner.shared.enqueue(pending, |id| {
            _ = inner.outgoing.send(Outgoing(Rpc::write_with(id, attributes, operation)));
        })
    }

    /// Ends the session properly (RFC 6241 section 7.8): what was sent before is answered first.
    ///
    /// # Errors
    /// The server did not agree in time; the session is over all the same.
    pub async fn close(&self) -> Result<(), Error> {
        self.inner.closing.store(true, Ordering::Release);
        self.inner.shared.closing();
        let closed = self.command("close-session", "<close-session/>").await;
        self.inner.shared.end(Error::Closed);
        match closed {
            // The transport may be closed before the reply is read: that is what was asked for.
            Err(error) if error.is_session_over() => Ok(()),
            other => other,
        }
    }

    /// What `datastore` needs is there.
    pub(super) fn require_candidate(&self, what: &str) -> Result<(), Error> {
        self.capabilities().require(what, &[CANDIDATE])
    }
}

/// Namespace and local name of the one element that `operation` is.
fn operation_name(operation: &str) -> Result<(String, String), Error> {
    let fault = |message: String| Error::Caller(format!("the operation is not one XML element: {message}"));
    let mut scanner = Scanner::new(operation.as_bytes()).map_err(|e| fault(e.to_string()))?;
    let mut name = None;
    loop {
        match scanner.next().map_err(|e| fault(e.to_string()))? {
            Token::Open { raw, span } if name.is_none() => {
                // A prolog would stand inside of `rpc`.
                if operation[..span.start].contains("<?xml") {
                    return Err(fault("it begins with an XML declaration".to_owned()));
                }
                // NETCONF's is the default namespace around it.
                let declared = raw.contains(':') || scanner.scope().declared("").is_some();
                let (namespace, local) = scanner.scope().element(raw);
                let namespace = if declared { namespace.into_owned() } else { BASE_NAMESPACE.to_owned() };
                name = Some((namespace, local.to_owned()));
            }
            Token::End => return name.ok_or_else(|| fault("there is none".to_owned())),
            _ => {}
        }
    }
}

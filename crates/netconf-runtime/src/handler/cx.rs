//! What a handler knows of the request that it serves.

use super::trace;
use crate::nacm::Access;
use crate::protocol::capability::{self, PRIVATE_CANDIDATE};
use crate::rpc_error::RpcError;
use crate::server::notification::Hub;
use crate::server::service::{RpcAttribute, SessionInfo, TransportKind};
use std::sync::Arc;
use std::time::Instant;
use yang_data::binding::path::{Mode, Path};
use yang_data::binding::{NestedNotification, Notification, Placed};
use yang_data::operation::Operation;
use yang_data::tree::Tree;

/// The context of a request. Cloning is cheap; a clone may outlive the request.
#[derive(Clone)]
pub struct Cx {
    inner: Arc<Inner>,
}

struct Inner {
    session: SessionInfo,
    message_id: String,
    attributes: Vec<RpcAttribute>,
    deadline: Option<Instant>,
    trace_id: Arc<str>,
    publisher: Publisher,
    /// What the user may do; `None` is everything.
    access: Option<Arc<Access>>,
}

impl Inner {
    fn copied(&self) -> Self {
        Self {
            session: self.session.clone(),
            message_id: self.message_id.clone(),
            attributes: self.attributes.clone(),
            deadline: self.deadline,
            trace_id: Arc::clone(&self.trace_id),
            publisher: self.publisher.clone(),
            access: self.access.clone(),
        }
    }
}

impl Cx {
    pub(crate) fn new(
        session: SessionInfo,
        message_id: String,
        attributes: Vec<RpcAttribute>,
        publisher: Publisher,
    ) -> Self {
        let trace_id = trace::id(&attributes);
        let (deadline, access) = (None, None);
        Self {
            inner: Arc::new(Inner { session, message_id, attributes, deadline, trace_id, publisher, access }),
        }
    }

    /// The same request, of a user who may do so much.
    pub(crate) fn allowed(self, access: Option<Arc<Access>>) -> Self {
        let inner = Arc::try_unwrap(self.inner).unwrap_or_else(|shared| shared.copied());
        Self { inner: Arc::new(Inner { access, ..inner }) }
    }

    /// What the user may do (RFC 8341); `None` is everything.
    pub(crate) fn access(&self) -> Option<&Arc<Access>> {
        self.inner.access.as_ref()
    }

    /// The context of what the server does by itself.
    pub(crate) fn of_server(publisher: Publisher) -> Self {
        let session = SessionInfo {
            id: 0,
            user: String::new(),
            groups: Vec::new(),
            peer: String::new(),
            transport: TransportKind::Memory,
            capabilities: Arc::default(),
        };
        Self::new(session, String::new(), Vec::new(), publisher)
    }

    /// The same request, to be done by then.
    pub(crate) fn until(&self, deadline: Instant) -> Self {
        Self { inner: Arc::new(Inner { deadline: Some(deadline), ..self.inner.copied() }) }
    }

    /// The session.
    pub(crate) fn session(&self) -> &SessionInfo {
        &self.inner.session
    }

    /// The authenticated user; empty for the server itself.
    pub fn user(&self) -> &str {
        &self.inner.session.user
    }

    /// The groups that the transport knows the user to be in.
    pub fn groups(&self) -> &[String] {
        &self.inner.session.groups
    }

    /// The session; 0 for the server itself.
    pub fn session_id(&self) -> u32 {
        self.inner.session.id
    }

    /// Where the user is, as far as the transport knows.
    pub fn peer(&self) -> &str {
        &self.inner.session.peer
    }

    /// By what the user came.
    pub fn transport(&self) -> TransportKind {
        self.inner.session.transport
    }

    /// Does `candidate` mean one of the session's own (draft-ietf-netconf-privcand)?
    pub(crate) fn has_private_candidate(&self) -> bool {
        capability::contains(self.inner.session.capabilities.iter(), PRIVATE_CANDIDATE)
    }

    /// The request's message-id; empty for what the server does by itself.
    pub fn message_id(&self) -> &str {
        &self.inner.message_id
    }

    /// The other attributes of the request's `rpc` element.
    pub fn attributes(&self) -> &[RpcAttribute] {
        &self.inner.attributes
    }

    /// By what this request is found in logs, here and elsewhere: the trace-id of W3C Trace Context, 32 hexadecimal digits. It is
    /// the client's, where the request has an attribute `traceparent`, or else a new one.
    pub fn trace_id(&self) -> &str {
        &self.inner.trace_id
    }

    /// What the log says of all that is done for this request.
    pub(crate) fn span(&self) -> tracing::Span {
        let (session, user, trace) = (self.session_id(), self.user(), self.trace_id());
        tracing::info_span!("request", session, user, message_id = self.message_id(), trace)
    }

    /// When the server stops waiting for the handler.
    pub fn deadline(&self) -> Option<Instant> {
        self.inner.deadline
    }

    /// Publishes a notification to all whose subscriptions it passes. It does not wait for them.
    ///
    /// Where its model reads state (RFC 7950 section 6.4.1), that is gathered behind the caller's back, and what is wrong is
    /// told by the log alone.
    ///
    /// # Errors
    /// The notification breaks its model, or the server does not know it.
    pub fn publish<N: Notification>(&self, notification: &N) -> Result<(), RpcError> {
        self.inner.publisher.publish(notification)
    }

    /// Publishes a notification about one node (RFC 7950 section 7.16).
    ///
    /// # Errors
    /// As [`publish`](Self::publish), or the path does not name one node.
    pub fn publish_at<N: NestedNotification + Placed, M: Mode>(
        &self,
        at: &Path<N::Node, M>,
        notification: &N,
    ) -> Result<(), RpcError> {
        self.inner.publisher.publish_at(at, notification)
    }

    /// A way to publish that outlives the request.
    pub fn publisher(&self) -> Publisher {
        self.inner.publisher.clone()
    }
}

impl std::fmt::Debug for Cx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cx")
            .field("session", &self.inner.session)
            .field("message_id", &self.inner.message_id)
            .field("trace_id", &self.inner.trace_id)
            .finish_non_exhaustive()
    }
}

/// Publishes notifications on the stream `NETCONF` (RFC 5277 section 3.2.3). Cloning is cheap.
#[derive(Clone)]
pub struct Publisher {
    hub: Arc<Hub>,
}

impl Publisher {
    pub(crate) fn new(hub: Arc<Hub>) -> Self {
        Self { hub }
    }

    pub(crate) fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// Publishes a notification to all whose subscriptions it passes. It does not wait for them.
    ///
    /// Where its model reads state (RFC 7950 section 6.4.1), that is gathered behind the caller's back, and what is wrong is
    /// told by the log alone.
    ///
    /// # Errors
    /// The notification breaks its model, or the server does not know it.
    pub fn publish<N: Notification>(&self, notification: &N) -> Result<(), RpcError> {
        self.publish_tree(&super::typed::notification_tree(self.hub.schema(), notification)?)
    }

    /// Publishes a notification about one node (RFC 7950 section 7.16).
    ///
    /// # Errors
    /// As [`publish`](Self::publish), or the path does not name one node.
    pub fn publish_at<N: NestedNotification + Placed, M: Mode>(
        &self,
        at: &Path<N::Node, M>,
        notification: &N,
    ) -> Result<(), RpcError> {
        self.hub.publish(&super::typed::nested_notification(self.hub.schema(), at, notification)?)
    }

    /// Publishes a notification that is no typed struct: a tree at the notification's node.
    ///
    /// # Errors
    /// As [`publish`](Self::publish).
    pub fn publish_tree(&self, notification: &Tree) -> Result<(), RpcError> {
        self.hub.publish(&Operation::new(notification.clone(), None))
    }
}

impl std::fmt::Debug for Publisher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Publisher").finish_non_exhaustive()
    }
}

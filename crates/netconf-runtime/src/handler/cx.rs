//! What a handler knows of the request that it serves.

use crate::rpc_error::RpcError;
use crate::server::notification::Hub;
use crate::server::service::{RpcAttribute, SessionInfo, TransportKind};
use std::sync::Arc;
use std::time::Instant;
use yang_data::binding::Notification;
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
    publisher: Publisher,
}

impl Cx {
    pub(crate) fn new(
        session: SessionInfo,
        message_id: String,
        attributes: Vec<RpcAttribute>,
        publisher: Publisher,
    ) -> Self {
        Self { inner: Arc::new(Inner { session, message_id, attributes, deadline: None, publisher }) }
    }

    /// The context of what the server does by itself.
    pub(crate) fn of_server(publisher: Publisher) -> Self {
        let session =
            SessionInfo { id: 0, user: String::new(), peer: String::new(), transport: TransportKind::Memory };
        Self::new(session, String::new(), Vec::new(), publisher)
    }

    /// The same request, to be done by then.
    pub(crate) fn until(&self, deadline: Instant) -> Self {
        let i = &self.inner;
        Self {
            inner: Arc::new(Inner {
                session: i.session.clone(),
                message_id: i.message_id.clone(),
                attributes: i.attributes.clone(),
                deadline: Some(deadline),
                publisher: i.publisher.clone(),
            }),
        }
    }

    /// The authenticated user; empty for the server itself.
    pub fn user(&self) -> &str {
        &self.inner.session.user
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

    /// The request's message-id; empty for what the server does by itself.
    pub fn message_id(&self) -> &str {
        &self.inner.message_id
    }

    /// The other attributes of the request's `rpc` element.
    pub fn attributes(&self) -> &[RpcAttribute] {
        &self.inner.attributes
    }

    /// When the server stops waiting for the handler.
    pub fn deadline(&self) -> Option<Instant> {
        self.inner.deadline
    }

    /// Publishes a notification to all whose subscriptions it passes. It does not wait for them.
    ///
    /// # Errors
    /// The notification breaks its model, or the server does not know it.
    pub fn publish<N: Notification>(&self, notification: &N) -> Result<(), RpcError> {
        self.inner.publisher.publish(notification)
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

    /// Publishes a notification to all whose subscriptions it passes. It does not wait for them.
    ///
    /// # Errors
    /// The notification breaks its model, or the server does not know it.
    pub fn publish<N: Notification>(&self, notification: &N) -> Result<(), RpcError> {
        self.publish_tree(&super::typed::notification_tree(self.hub.schema(), notification)?)
    }

    /// Publishes a notification that is no typed struct: a tree at the notification's node.
    ///
    /// # Errors
    /// The notification breaks its model.
    pub fn publish_tree(&self, notification: &Tree) -> Result<(), RpcError> {
        self.hub.publish(notification)
    }
}

impl std::fmt::Debug for Publisher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Publisher").finish_non_exhaustive()
    }
}

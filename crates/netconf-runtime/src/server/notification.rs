//! Event notifications (RFC 5277): one stream, `NETCONF`, and the sessions that subscribed to it.
//!
//! A notification is checked and encoded once, and goes whole to each subscription whose filter it passes (section 3.6).
//! There is no replay: the stream keeps nothing.

use super::error;
use super::operation::{Filter, Subscribe};
use super::service::{CloseReason, NotifyError, SessionHandle};
use super::time::timestamp;
use crate::datastore::Published;
use crate::handler::Cx;
use crate::nacm::Nacm;
use crate::rpc_error::{ErrorType, RpcError};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::SystemTime;
use yang_data::operation::Operation;
use yang_data::validate::{ValidateOptions, validate};
use yang_data::view::{EncodeOptions, View};
use yang_data::xml;
use yang_schema::{NodeKind, Schema};

/// The namespace of `notification` and `create-subscription` (RFC 5277 section 4).
pub(crate) const NAMESPACE: &str = "urn:ietf:params:xml:ns:netconf:notification:1.0";

/// The one stream (RFC 5277 section 3.2.3).
pub(crate) const STREAM: &str = "NETCONF";

/// Where notifications are published and subscriptions live.
pub(crate) struct Hub {
    schema: Arc<Schema>,
    datastores: Published,
    subscriptions: Mutex<BTreeMap<u32, Arc<Subscription>>>,
    /// Who may get what, if that is asked at all.
    nacm: OnceLock<Arc<Nacm>>,
}

struct Subscription {
    filter: Filter,
    handle: Arc<dyn SessionHandle>,
    user: String,
    groups: Vec<String>,
}

impl Hub {
    pub(crate) fn new(schema: Arc<Schema>, datastores: Published) -> Self {
        Self { schema, datastores, subscriptions: Mutex::default(), nacm: OnceLock::new() }
    }

    pub(crate) fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Asks for access control from now on. The first time counts.
    pub(crate) fn control(&self, nacm: Arc<Nacm>) {
        _ = self.nacm.set(nacm);
    }

    fn subscriptions(&self) -> MutexGuard<'_, BTreeMap<u32, Arc<Subscription>>> {
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `create-subscription`.
    pub(crate) fn subscribe(
        &self,
        cx: &Cx,
        handle: &Arc<dyn SessionHandle>,
        subscribe: Subscribe,
    ) -> Result<(), RpcError> {
        let session = cx.session_id();
        if subscribe.stream != STREAM {
            let message = format!("there is no stream {:?}; the one there is, is {STREAM}", subscribe.stream);
            return Err(RpcError::invalid_value(message).of_type(ErrorType::Protocol));
        }
        let mut subscriptions = self.subscriptions();
        if subscriptions.contains_key(&session) {
            return Err(RpcError::operation_failed("this session has a subscription already")
                .of_type(ErrorType::Protocol));
        }
        let subscription = Subscription {
            filter: subscribe.filter,
            handle: Arc::clone(handle),
            user: cx.user().to_owned(),
            groups: cx.groups().to_vec(),
        };
        subscriptions.insert(session, Arc::new(subscription));
        Ok(())
    }

    /// A session is over, and its subscription with it.
    pub(crate) fn session_ended(&self, session: u32) {
        self.subscriptions().remove(&session);
    }

    /// Sends a notification to those who asked for it.
    pub(crate) fn publish(&self, event: &Operation) -> Result<(), RpcError> {
        let node = self.schema.node(event.tree().at());
        if node.kind() != NodeKind::Notification {
            return Err(RpcError::operation_failed(format!("{} is no notification", node.path())));
        }
        if event.parent().is_none() && node.parent().is_some_and(|p| p.kind() != NodeKind::Root) {
            let message = format!("{} is about a node, and none is named", node.path());
            return Err(RpcError::operation_failed(message));
        }
        let view = View::new(Arc::clone(&self.schema))
            .layer(&self.datastores.get().running)
            .operation(event.tree(), event.parent().cloned());
        let errors = validate(&view, &ValidateOptions::default());
        if let Some(first) = errors.into_iter().next() {
            tracing::error!(notification = node.name(), error = %first, "a notification breaks its model");
            return Err(error::rpc_error(first, &self.schema));
        }
        let subscriptions: Vec<(u32, Arc<Subscription>)> =
            self.subscriptions().iter().map(|(id, s)| (*id, Arc::clone(s))).collect();
        if subscriptions.is_empty() {
            return Ok(());
        }
        // What a filter sees of a nested notification are the nodes on the way to it, too, with their keys.
        let content = event.alone().map_err(|e| RpcError::operation_failed(e.to_string()))?;
        let message = encode(event)?;
        for (session, subscription) in subscriptions {
            let passes = match subscription.filter.select(&content) {
                Ok(selection) => selection.is_none_or(|s| !s.is_empty()),
                Err(error) => {
                    tracing::warn!(session, %error, "the filter of a subscription failed on a notification");
                    false
                }
            };
            // RFC 8341 section 3.4.6: what may not be delivered is dropped, and counted.
            if passes
                && let Some(nacm) = self.nacm.get()
                && let Some(access) = nacm.access(&subscription.user, &subscription.groups)
                && !access.may_get(node, event.parent())
            {
                nacm.count_notification();
                continue;
            }
            if passes && let Err(NotifyError::Full(limit)) = subscription.handle.notify(message.clone()) {
                // A gap that nobody tells of would be worse than an end.
                let why = format!("the session reads its notifications too slowly (limit `{limit}`)");
                tracing::warn!(session, "{why}");
                self.session_ended(session);
                subscription.handle.close(CloseReason::Failed(why));
            }
        }
        Ok(())
    }
}

/// The `notification` element (section 4).
fn encode(event: &Operation) -> Result<Bytes, RpcError> {
    let mut text = format!(
        "<notification xmlns=\"{NAMESPACE}\"><eventTime>{}</eventTime>",
        timestamp(SystemTime::now())
    );
    let element = xml::to_string(|sink| event.encode(sink, &EncodeOptions::default()));
    text.push_str(&element.map_err(|e| RpcError::operation_failed(e.to_string()))?);
    text.push_str("</notification>");
    Ok(Bytes::from(text))
}

//! Event notifications (RFC 5277): one stream, `NETCONF`, and the sessions that subscribed to it.
//!
//! A notification is checked and encoded once, and goes whole to each subscription whose filter it passes (section 3.6).
//! There is no replay: the stream keeps nothing.
//!
//! What a notification's constraints see is the notification, `running` and all state (RFC 7950 section 6.4.1). State is asked for
//! by waiting, and whoever publishes does not wait. So a notification whose model reads state goes through a queue, and all that are
//! published after it stay behind it; all others are checked and sent at once.

use super::operation::{Filter, Subscribe};
use super::service::{CloseReason, NotifyError, SessionHandle};
use super::state::{State, Wants};
use super::time::timestamp;
use super::{Limits, error};
use crate::datastore::{Published, Snapshot};
use crate::handler::{Cx, Publisher};
use crate::nacm::Nacm;
use crate::rpc_error::{ErrorType, RpcError};
use bytes::Bytes;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::SystemTime;
use yang_data::operation::Operation;
use yang_data::tree::Tree;
use yang_data::validate::{ValidateOptions, validate};
use yang_data::view::{EncodeOptions, View};
use yang_data::xml;
use yang_schema::{NodeId, NodeKind, Schema};

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
    /// Where state comes from; there once the server is built.
    state: OnceLock<Arc<State>>,
    /// What of the state the constraints of each notification read.
    reads: Mutex<BTreeMap<NodeId, Option<Arc<Wants>>>>,
    queue: Mutex<Queue>,
    limits: Limits,
    /// Devices publish from threads of their own, too.
    runtime: tokio::runtime::Handle,
}

/// Notifications that wait for one before them.
#[derive(Default)]
struct Queue {
    waiting: VecDeque<Event>,
    /// Is somebody taking them out?
    is_served: bool,
}

/// A notification that has been published.
struct Event {
    operation: Operation,
    message: Bytes,
    /// The datastores as of then.
    snapshot: Arc<Snapshot>,
    /// What of the state its constraints read; `None` where it is checked already.
    reads: Option<Arc<Wants>>,
}

struct Subscription {
    filter: Filter,
    handle: Arc<dyn SessionHandle>,
    user: String,
    groups: Vec<String>,
}

impl Hub {
    /// A hub of a server that is being built, in its runtime.
    pub(crate) fn new(schema: Arc<Schema>, datastores: Published, limits: Limits) -> Self {
        Self {
            schema,
            datastores,
            subscriptions: Mutex::default(),
            nacm: OnceLock::new(),
            state: OnceLock::new(),
            reads: Mutex::default(),
            queue: Mutex::default(),
            limits,
            runtime: tokio::runtime::Handle::current(),
        }
    }

    /// Says where state comes from. The first time counts.
    pub(crate) fn provide(&self, state: Arc<State>) {
        _ = self.state.set(state);
    }

    /// Does nobody listen?
    pub(crate) fn is_deserted(&self) -> bool {
        self.subscriptions().is_empty()
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
    ///
    /// # Errors
    /// It is none, or breaks its model, as far as that can be told without asking for state; or too many wait already.
    pub(crate) fn publish(self: &Arc<Self>, event: &Operation) -> Result<(), RpcError> {
        let node = self.schema.node(event.tree().at());
        if node.kind() != NodeKind::Notification {
            return Err(RpcError::operation_failed(format!("{} is no notification", node.path())));
        }
        if event.parent().is_none() && node.parent().is_some_and(|p| p.kind() != NodeKind::Root) {
            let message = format!("{} is about a node, and none is named", node.path());
            return Err(RpcError::operation_failed(message));
        }
        let snapshot = self.datastores.get();
        let reads = self.reads(node.id());
        if reads.is_none() {
            self.check(event, &snapshot, None)?;
        }
        if self.is_deserted() && reads.is_none() {
            return Ok(());
        }
        self.send(Event { message: encode(event)?, operation: event.clone(), snapshot, reads })
    }

    /// The same of one that is known to be right.
    pub(crate) fn publish_as_it_is(self: &Arc<Self>, event: Operation) -> Result<(), RpcError> {
        let (message, snapshot) = (encode(&event)?, self.datastores.get());
        self.send(Event { operation: event, message, snapshot, reads: None })
    }

    /// Delivers it, behind all that were published before.
    fn send(self: &Arc<Self>, event: Event) -> Result<(), RpcError> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if event.reads.is_none() && !queue.is_served {
            // Nobody comes in between, so that all get all in one order.
            let slow = self.deliver(&event);
            drop(queue);
            end(slow);
            return Ok(());
        }
        let most = self.limits.notifications;
        if queue.waiting.len() >= most {
            let message =
                format!("more than {most} notifications wait to be checked (limit `notifications`)");
            return Err(RpcError::resource_denied(message));
        }
        queue.waiting.push_back(event);
        if !std::mem::replace(&mut queue.is_served, true) {
            let this = Arc::clone(self);
            self.runtime.spawn(async move { this.serve_queue().await });
        }
        Ok(())
    }

    /// Checks and delivers what waits, one after the other, until there is nothing.
    async fn serve_queue(self: Arc<Self>) {
        loop {
            let event = {
                let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
                match queue.waiting.pop_front() {
                    Some(event) => event,
                    None => {
                        queue.is_served = false;
                        return;
                    }
                }
            };
            // A notification that fails is told in the log: who published it has gone on.
            if let Some(wants) = &event.reads
                && let Err(error) = self.check_with_state(&event, wants).await
            {
                let notification = event.operation.node().name();
                tracing::error!(notification, %error, "a notification could not be checked, or breaks its model");
                continue;
            }
            end(self.deliver(&event));
        }
    }

    /// What of the state the constraints of a notification read; `None` if nothing, or nobody provides any of it.
    fn reads(&self, notification: NodeId) -> Option<Arc<Wants>> {
        let state = self.state.get()?;
        let mut known = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        let look = || {
            let wants = Wants::of_constraints(&self.schema, self.schema.node(notification));
            state.provides(&self.schema, &wants).then(|| Arc::new(wants))
        };
        known.entry(notification).or_insert_with(look).clone()
    }

    async fn check_with_state(self: &Arc<Self>, event: &Event, wants: &Wants) -> Result<(), RpcError> {
        let Some(state) = self.state.get() else { return Ok(()) };
        let cx = Cx::of_server(Publisher::new(Arc::clone(self)));
        let layer = state.collect(&cx, &self.schema, wants, &self.limits).await.map_err(|mut errors| {
            let none = || RpcError::operation_failed("the state that it reads cannot be had");
            if errors.is_empty() { none() } else { errors.remove(0) }
        })?;
        self.check(&event.operation, &event.snapshot, layer.as_ref())
    }

    /// Is it as its model says?
    fn check(&self, event: &Operation, datastores: &Snapshot, state: Option<&Tree>) -> Result<(), RpcError> {
        let mut view = View::new(Arc::clone(&self.schema)).layer(&datastores.running);
        if let Some(state) = state {
            view = view.layer(state);
        }
        let view = view.operation(event.tree(), event.parent().cloned());
        match validate(&view, &ValidateOptions::default()).into_iter().next() {
            None => Ok(()),
            Some(first) => {
                let notification = event.node().name();
                tracing::error!(notification, error = %first, "a notification breaks its model");
                Err(error::rpc_error(first, &self.schema))
            }
        }
    }

    /// Hands it to those whose subscriptions it passes; says whose sessions are to end since they do not read.
    fn deliver(&self, event: &Event) -> Vec<(Arc<Subscription>, String)> {
        let mut slow = Vec::new();
        let subscriptions: Vec<(u32, Arc<Subscription>)> =
            self.subscriptions().iter().map(|(id, s)| (*id, Arc::clone(s))).collect();
        if subscriptions.is_empty() {
            return slow;
        }
        let (event, message) = (&event.operation, &event.message);
        // What a filter sees of a nested notification are the nodes on the way to it, too, with their keys.
        let content = match event.alone() {
            Ok(content) => content,
            Err(error) => {
                tracing::error!(notification = event.node().name(), %error, "a notification stands nowhere");
                return slow;
            }
        };
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
                && !access.may_get(event.node(), event.parent())
            {
                nacm.count_notification();
                continue;
            }
            if passes && let Err(NotifyError::Full(limit)) = subscription.handle.notify(message.clone()) {
                // A gap that nobody tells of would be worse than an end.
                let why = format!("the session reads its notifications too slowly (limit `{limit}`)");
                tracing::warn!(session, "{why}");
                self.session_ended(session);
                slow.push((subscription, why));
            }
        }
        slow
    }
}

fn end(slow: Vec<(Arc<Subscription>, String)>) {
    for (subscription, why) in slow {
        subscription.handle.close(CloseReason::Failed(why));
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

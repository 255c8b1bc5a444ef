//! Event notifications (RFC 5277): one stream, `NETCONF`, and the sessions that subscribed to it.
//!
//! A notification is checked and encoded once, and goes whole to each subscription whose filter it passes (section 3.6). The stream
//! keeps the latest ones, for those who ask for the past ([`replay`](super::replay)).
//!
//! What a notification's constraints see is the notification, `running` and all state (RFC 7950 section 6.4.1). State is asked for
//! by waiting, and whoever publishes does not wait. So a notification whose model reads state goes through a queue, and all that are
//! published after it stay behind it; all others are checked and sent at once.

use super::operation::{Filter, Subscribe};
use super::replay::{CatchUp, Kept, Log, Replay};
use super::service::{CloseReason, NotifyError, SessionHandle};
use super::state::{State, Wants};
use super::time::{now, timestamp};
use super::{Limits, error};
use crate::datastore::{Published, Snapshot};
use crate::handler::{Cx, Publisher};
use crate::nacm::Nacm;
use crate::rpc_error::{ErrorType, QualifiedName, RpcError};
use bytes::Bytes;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::SystemTime;
use tokio::task::AbortHandle;
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
    /// Whoever holds both locks took this one first.
    log: Mutex<Log>,
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
    encoded: Kept,
    /// The datastores as of then.
    snapshot: Arc<Snapshot>,
    /// What of the state its constraints read; `None` where it is checked already.
    reads: Option<Arc<Wants>>,
}

pub(super) struct Subscription {
    filter: Filter,
    pub(super) handle: Arc<dyn SessionHandle>,
    user: String,
    groups: Vec<String>,
    replay: Option<Replay>,
    phase: Mutex<Phase>,
    /// Who tells it the past, and ends it.
    task: OnceLock<AbortHandle>,
}

/// How far a subscription is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// It is told the past.
    Replaying,
    /// It is told what happens.
    Live,
    /// Its time is over.
    Over,
}

impl Subscription {
    fn lock(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn phase(&self) -> Phase {
        *self.lock()
    }

    /// It has been told all of the past. Who calls it has the log.
    pub(super) fn go_live(&self) {
        *self.lock() = Phase::Live;
    }

    /// It is over, and with it what it is told of the past.
    fn stop(&self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }

    /// Is it still on at a time?
    fn includes(&self, time: SystemTime) -> bool {
        self.replay.and_then(|replay| replay.stop).is_none_or(|stop| time <= stop)
    }
}

impl Hub {
    /// A hub of a server that is being built, in its runtime.
    pub(crate) fn new(schema: Arc<Schema>, datastores: Published, limits: Limits) -> Self {
        Self {
            schema,
            datastores,
            log: Mutex::new(Log::new(limits.replay_entries, limits.replay_bytes)),
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

    /// Does nobody listen, now or later?
    pub(crate) fn is_deserted(&self) -> bool {
        !self.log().is_on() && self.subscriptions().is_empty()
    }

    /// What the stream keeps.
    pub(super) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Since when the stream is kept, and until when what it had is gone; `None` where nothing is kept.
    pub(super) fn replays_since(&self) -> Option<(SystemTime, Option<SystemTime>)> {
        let log = self.log();
        log.is_on().then(|| log.times())
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
        self: &Arc<Self>,
        cx: &Cx,
        handle: &Arc<dyn SessionHandle>,
        subscribe: Subscribe,
    ) -> Result<(), RpcError> {
        let session = cx.session_id();
        if subscribe.stream != STREAM {
            let message = format!("there is no stream {:?}; the one there is, is {STREAM}", subscribe.stream);
            return Err(RpcError::invalid_value(message).of_type(ErrorType::Protocol));
        }
        let replay = subscribe.replay;
        let log = self.log();
        if let Some(replay) = replay {
            check_replay(replay, log.is_on())?;
        }
        let mut subscriptions = self.subscriptions();
        if subscriptions.contains_key(&session) {
            return Err(RpcError::operation_failed("this session has a subscription already")
                .of_type(ErrorType::Protocol));
        }
        let subscription = Arc::new(Subscription {
            filter: subscribe.filter,
            handle: Arc::clone(handle),
            user: cx.user().to_owned(),
            groups: cx.groups().to_vec(),
            replay,
            phase: Mutex::new(if replay.is_some() { Phase::Replaying } else { Phase::Live }),
            task: OnceLock::new(),
        });
        subscriptions.insert(session, Arc::clone(&subscription));
        if let Some(replay) = replay {
            let (at, end) = (log.since(replay.start), log.next());
            let past = CatchUp {
                hub: Arc::clone(self),
                session,
                subscription: Arc::clone(&subscription),
                replay,
                at,
                end,
            };
            _ = subscription.task.set(self.runtime.spawn(past.run()).abort_handle());
        }
        Ok(())
    }

    /// The time of a subscription is over: the last that it is told, if it has not ended otherwise.
    pub(super) fn complete(&self, session: u32, subscription: &Arc<Subscription>, last: Bytes) {
        let mut subscriptions = self.subscriptions();
        if !subscriptions.get(&session).is_some_and(|there| Arc::ptr_eq(there, subscription)) {
            return;
        }
        subscriptions.remove(&session);
        let mut phase = subscription.lock();
        *phase = Phase::Over;
        // Who is gone needs no end; who does not read will be told by what comes next.
        _ = subscription.handle.notify(last);
    }

    /// A session is over, and its subscription with it.
    pub(crate) fn session_ended(&self, session: u32) {
        if let Some(subscription) = self.subscriptions().remove(&session) {
            subscription.stop();
        }
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
        self.send(Event { encoded: encode(event)?, operation: event.clone(), snapshot, reads })
    }

    /// The same of one that is known to be right.
    pub(crate) fn publish_as_it_is(self: &Arc<Self>, event: Operation) -> Result<(), RpcError> {
        let (encoded, snapshot) = (encode(&event)?, self.datastores.get());
        self.send(Event { operation: event, encoded, snapshot, reads: None })
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

    /// Keeps it, and hands it to those whose subscriptions it passes; says whose sessions are to end since they do not read.
    fn deliver(&self, event: &Event) -> Vec<(Arc<Subscription>, String)> {
        let mut slow = Vec::new();
        let Event { operation, encoded, .. } = event;
        let subscriptions: Vec<(u32, Arc<Subscription>)> = {
            let mut log = self.log();
            if log.is_on() {
                log.push(encoded.clone());
            }
            // Who is not live yet finds it in the log.
            let is_live = |subscription: &Subscription| subscription.phase() == Phase::Live;
            let subscriptions = self.subscriptions();
            let live = subscriptions.iter().filter(|(_, s)| is_live(s) && s.includes(encoded.time));
            live.map(|(id, s)| (*id, Arc::clone(s))).collect()
        };
        if subscriptions.is_empty() {
            return slow;
        }
        let Some(content) = seen(operation) else { return slow };
        for (session, subscription) in subscriptions {
            if !self.passes(session, &subscription, operation, &content) {
                continue;
            }
            let phase = subscription.lock();
            if *phase == Phase::Live
                && let Err(NotifyError::Full(limit)) = subscription.handle.notify(encoded.message.clone())
            {
                drop(phase);
                // A gap that nobody tells of would be worse than an end.
                let why = format!("the session reads its notifications too slowly (limit `{limit}`)");
                tracing::warn!(session, "{why}");
                self.session_ended(session);
                slow.push((subscription, why));
            }
        }
        slow
    }

    /// Is a notification one for a subscription: does it pass the filter, and may the user get it?
    fn passes(&self, session: u32, to: &Subscription, event: &Operation, content: &View) -> bool {
        let picks = match to.filter.select(content) {
            Ok(selection) => selection.is_none_or(|s| !s.is_empty()),
            Err(error) => {
                tracing::warn!(session, %error, "the filter of a subscription failed on a notification");
                false
            }
        };
        if !picks {
            return false;
        }
        // RFC 8341 section 3.4.6: what may not be delivered is dropped, and counted.
        if let Some(nacm) = self.nacm.get()
            && let Some(access) = nacm.access(&to.user, &to.groups)
            && !access.may_get(event.node(), event.parent())
        {
            nacm.count_notification();
            return false;
        }
        true
    }

    /// The same of one that is kept, by what holds now.
    pub(super) fn passes_again(&self, session: u32, to: &Subscription, kept: &Kept) -> bool {
        let Some(event) = kept.operation(&self.schema) else { return false };
        seen(&event).is_some_and(|content| self.passes(session, to, &event, &content))
    }
}

/// What a filter sees of a notification: of a nested one the nodes on the way to it, too, with their keys.
fn seen(event: &Operation) -> Option<View> {
    match event.alone() {
        Ok(content) => Some(content),
        Err(error) => {
            tracing::error!(notification = event.node().name(), %error, "a notification stands nowhere");
            None
        }
    }
}

/// What RFC 5277 section 2.1.1 demands of its times.
fn check_replay(Replay { start, stop }: Replay, is_kept: bool) -> Result<(), RpcError> {
    let bad = |element: &str, message: &str| {
        let error = RpcError::bad_element(QualifiedName::new(NAMESPACE, element));
        Err(error.of_type(ErrorType::Protocol).message(message))
    };
    if !is_kept {
        let message = "this server does not replay notifications";
        return Err(RpcError::operation_failed(message).of_type(ErrorType::Protocol));
    }
    if stop.is_some_and(|stop| stop < start) {
        return bad("stopTime", "the replay would end before it begins");
    }
    if start > SystemTime::now() {
        return bad("startTime", "a replay begins in the past");
    }
    Ok(())
}

fn end(slow: Vec<(Arc<Subscription>, String)>) {
    for (subscription, why) in slow {
        subscription.handle.close(CloseReason::Failed(why));
    }
}

/// The `notification` element (section 4).
fn encode(event: &Operation) -> Result<Kept, RpcError> {
    let time = now();
    let mut text = format!("<notification xmlns=\"{NAMESPACE}\"><eventTime>{}</eventTime>", timestamp(time));
    let start = text.len();
    let element = xml::to_string(|sink| event.encode(sink, &EncodeOptions::default()));
    text.push_str(&element.map_err(|e| RpcError::operation_failed(e.to_string()))?);
    let content = start..text.len();
    text.push_str("</notification>");
    Ok(Kept { time, message: Bytes::from(text), content })
}

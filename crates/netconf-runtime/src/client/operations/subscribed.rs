//! establish-, modify-, delete- and kill-subscription, and resync-subscription: RFC 8639 section 2.4 and RFC 8641 section 4.

use super::push::PUSH;
use super::{Filter, NmdaDatastore, Session, Trigger, element, element_with, sent_by_await};
use crate::client::driver::OnDrop;
use crate::client::response::child_text;
use crate::client::{Error, Notifications};
use crate::protocol::{Notification, Reply};
use crate::xml::{Element, Scanner, Token};
use std::sync::Arc;

const SUBSCRIBED: &str = "urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications";

/// What is subscribed to.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Target {
    /// A stream of events.
    Stream { name: String, replay_from: Option<String> },
    /// What stands in a datastore.
    Datastore(NmdaDatastore, Trigger),
}

/// A subscription that is being put together; awaiting it sends it.
#[derive(Clone, Debug)]
#[must_use = "it is sent when it is awaited"]
pub struct EstablishSubscription {
    session: Session,
    target: Target,
    filter: Option<Filter>,
    stop_time: Option<String>,
    dscp: Option<u8>,
}

/// Appends the filter of a target.
fn write_filter(out: &mut String, target: &str, filter: &Filter) {
    match filter {
        Filter::Subtree(xml) => {
            let name = format!("{target}-subtree-filter");
            out.push_str(&format!("<{name}>{xml}</{name}>"));
        }
        Filter::XPath { select, namespaces } => {
            element_with(out, &format!("{target}-xpath-filter"), namespaces, select);
        }
    }
}

/// Puts elements of YANG push into its namespace: each of them, since the ones around them are not.
fn in_push(elements: &str) -> String {
    let mut out = String::with_capacity(elements.len() + 64);
    // What comes here was written above, one outermost element: its name ends at the first of these.
    let end = elements.find([' ', '>', '/']).unwrap_or(elements.len());
    out.push_str(&elements[..end]);
    out.push_str(&format!(" xmlns=\"{PUSH}\""));
    out.push_str(&elements[end..]);
    out
}

impl EstablishSubscription {
    /// Asks for some events, or some of the data, only.
    pub fn filter(mut self, filter: impl Into<Filter>) -> Self {
        self.filter = Some(filter.into());
        self
    }

    /// Asks for past events of a stream, too, since this time (RFC 3339).
    pub fn replay_from(mut self, time: impl Into<String>) -> Self {
        if let Target::Stream { replay_from, .. } = &mut self.target {
            *replay_from = Some(time.into());
        }
        self
    }

    /// Ends the subscription at this time (RFC 3339).
    pub fn stop_time(mut self, time: impl Into<String>) -> Self {
        self.stop_time = Some(time.into());
        self
    }

    /// Sets how the notifications are marked on the wire.
    pub fn dscp(mut self, dscp: u8) -> Self {
        self.dscp = Some(dscp);
        self
    }

    fn body(&self) -> String {
        let mut body = format!("<establish-subscription xmlns=\"{SUBSCRIBED}\">");
        write_target(&mut body, &self.target, self.filter.as_ref(), true);
        if let Some(time) = &self.stop_time {
            element(&mut body, "stop-time", time);
        }
        if let Some(dscp) = self.dscp {
            element(&mut body, "dscp", &dscp.to_string());
        }
        if let Target::Datastore(_, trigger) = &self.target {
            let mut text = String::new();
            trigger.write(&mut text, false);
            body.push_str(&in_push(&text));
        }
        body.push_str("</establish-subscription>");
        body
    }

    /// Sends it. What it gives has every notification from the subscription's first on.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<Subscription, Error> {
        let needed = match &self.target {
            Target::Stream { .. } => ("establish-subscription", SUBSCRIBED),
            Target::Datastore(..) => ("a subscription to a datastore", PUSH),
        };
        self.session.require_module(needed.0, needed.1).await?;
        let body = self.body();
        // The first may come on the heels of the reply.
        let notifications = self.session.notifications_xml();
        let undo = |reply: &Reply| {
            Some(("delete-subscription", by_id("delete-subscription", SUBSCRIBED, id_of(reply)?)))
        };
        let (reply, delete) = self.session.call_undoable("establish-subscription", &body, undo).await?;
        let id = id_of(&reply).ok_or_else(|| {
            Error::Reply("the reply to establish-subscription has no `id` that is a number".to_owned())
        })?;
        let replay_from = child_text(&reply, SUBSCRIBED, "replay-start-time-revision");
        let Self { session, target, .. } = self;
        Ok(Subscription { session, target, id, replay_from, notifications, delete, over: false })
    }
}

sent_by_await!(EstablishSubscription => Subscription);

fn write_target(body: &mut String, target: &Target, filter: Option<&Filter>, establish: bool) {
    match target {
        Target::Stream { name, replay_from } => {
            if let Some(filter) = filter {
                write_filter(body, "stream", filter);
            }
            if establish {
                element(body, "stream", name);
                if let Some(time) = replay_from {
                    element(body, "replay-start-time", time);
                }
            }
        }
        Target::Datastore(datastore, _) => {
            let mut text = String::new();
            datastore.write("datastore", &mut text);
            body.push_str(&in_push(&text));
            if let Some(filter) = filter {
                let mut text = String::new();
                write_filter(&mut text, "datastore", filter);
                // The filter's own content must not get into the namespace: a subtree filter declares its own.
                body.push_str(&in_push(&text));
            }
        }
    }
}

fn by_id(operation: &str, namespace: &str, id: u32) -> String {
    format!("<{operation} xmlns=\"{namespace}\"><id>{id}</id></{operation}>")
}

fn id_of(reply: &Reply) -> Option<u32> {
    child_text(reply, SUBSCRIBED, "id")?.parse().ok()
}

/// A subscription. Dropping it ends it: the request is queued then, since dropping cannot wait for the reply.
#[derive(Debug)]
#[must_use = "the subscription ends when this is dropped"]
pub struct Subscription {
    session: Session,
    target: Target,
    id: u32,
    replay_from: Option<String>,
    notifications: Notifications,
    delete: OnDrop,
    over: bool,
}

/// What comes to a subscriber.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SubscriptionEvent {
    /// An event of a stream. A message does not say to which of a session's subscriptions it belongs.
    Notification(Arc<Notification>),
    /// What stands in the datastore (RFC 8641 section 4.4.1).
    Update {
        /// The elements, as they came in `datastore-contents`.
        contents: String,
        /// The device could not tell all.
        incomplete: bool,
        /// The message.
        notification: Arc<Notification>,
    },
    /// What has changed in the datastore (RFC 8641 section 4.4.2): a YANG patch (RFC 8072).
    Changes {
        /// The `yang-patch` element, as it came.
        patch: String,
        /// The device could not tell all.
        incomplete: bool,
        /// The message.
        notification: Arc<Notification>,
    },
    /// Past events are all told.
    ReplayCompleted,
    /// It tells something else from now on.
    Modified(Arc<Notification>),
    /// Nothing comes until it is resumed.
    Suspended {
        /// An identity's local name.
        reason: String,
    },
    /// It goes on.
    Resumed,
    /// Its time is over: nothing follows.
    Completed,
    /// The device has ended it: nothing follows.
    Terminated {
        /// An identity's local name.
        reason: String,
    },
}

impl Subscription {
    /// The subscription's id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// From when on past events come, where the device has no older ones than that.
    #[must_use]
    pub fn replay_from(&self) -> Option<&str> {
        self.replay_from.as_deref()
    }

    /// What comes next; `None` when the subscription or the session has ended properly.
    ///
    /// # Errors
    /// As [`Notifications::next`], and [`Error::Reply`] for what cannot be understood.
    pub async fn next(&mut self) -> Option<Result<SubscriptionEvent, Error>> {
        while !self.over {
            let notification = match self.notifications.next().await? {
                Ok(notification) => notification,
                Err(error) => return Some(Err(error)),
            };
            match self.sort(notification) {
                Ok(None) => {}
                Ok(Some(event)) => {
                    if let SubscriptionEvent::Completed | SubscriptionEvent::Terminated { .. } = event {
                        self.over = true;
                        self.delete.disarm();
                    }
                    return Some(Ok(event));
                }
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }

    /// What a notification is to this subscription; nothing if it is another's.
    fn sort(&self, notification: Arc<Notification>) -> Result<Option<SubscriptionEvent>, Error> {
        use SubscriptionEvent as E;
        let event = &notification.event;
        let (namespace, local) = (event.namespace(), event.local());
        let update = namespace == PUSH && matches!(local, "push-update" | "push-change-update");
        let state =
            namespace == SUBSCRIBED && (local.starts_with("subscription-") || local == "replay-completed");
        if !update && !state {
            // Subscriptions to datastores get no events.
            let mine = matches!(self.target, Target::Stream { .. });
            return Ok(mine.then_some(E::Notification(notification)));
        }
        let document = event.standalone();
        let said = read(&document).ok_or_else(|| Error::Reply(format!("a {local} cannot be read")))?;
        let child = |name: &str| said.children.iter().find(|c| c.is(namespace, name));
        let text = |name: &str| child(name).map(|c| c.text.trim().to_owned()).unwrap_or_default();
        if text("id").parse() != Ok(self.id) {
            return Ok(None);
        }
        let inside = |name: &str| child(name).map(|c| inside(&document, c)).unwrap_or_default();
        let incomplete = child("incomplete-update").is_some();
        let reason = || {
            let reason = text("reason");
            reason.rsplit(':').next().unwrap_or_default().to_owned()
        };
        Ok(Some(match local {
            "push-update" => E::Update { contents: inside("datastore-contents"), incomplete, notification },
            "push-change-update" => {
                E::Changes { patch: inside("datastore-changes"), incomplete, notification }
            }
            "replay-completed" => E::ReplayCompleted,
            "subscription-modified" => E::Modified(notification),
            "subscription-suspended" => E::Suspended { reason: reason() },
            "subscription-resumed" => E::Resumed,
            "subscription-completed" => E::Completed,
            "subscription-terminated" => E::Terminated { reason: reason() },
            _ => E::Notification(notification),
        }))
    }

    /// Changes what is told, or when (RFC 8639 section 2.4.3); awaiting what this gives sends it.
    pub fn modify(&self) -> ModifySubscription {
        ModifySubscription {
            session: self.session.clone(),
            id: self.id,
            target: self.target.clone(),
            filter: None,
            stop_time: None,
        }
    }

    /// Asks for all of the datastore at once, of a subscription to changes (RFC 8641 section 4.3.3).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn resync(&self) -> Result<(), Error> {
        if !matches!(self.target, Target::Datastore(_, Trigger::OnChange { .. })) {
            let message = "only a subscription to the changes of a datastore can be resynchronised";
            return Err(Error::Caller(message.to_owned()));
        }
        self.session.command("resync-subscription", &by_id("resync-subscription", PUSH, self.id)).await
    }

    /// Ends it, and waits until the device has said so (RFC 8639 section 2.4.4).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn delete(mut self) -> Result<(), Error> {
        let operation = by_id("delete-subscription", SUBSCRIBED, self.id);
        let done = self.session.command("delete-subscription", &operation).await;
        if matches!(done, Ok(()) | Err(Error::Rpc(_))) {
            self.delete.disarm();
        }
        done
    }
}

/// The element that a document is.
fn read(document: &str) -> Option<Element> {
    let mut scanner = Scanner::new(document.as_bytes()).ok()?;
    let Ok(Token::Open { raw, span }) = scanner.next() else { return None };
    Element::read(&mut scanner, raw, span).ok()
}

/// What stands in an element of a document, each outermost element with the namespaces that are in scope around it.
fn inside(document: &str, element: &Element) -> String {
    element.children.iter().map(|child| child.standalone(document)).collect()
}

/// A change of a subscription that is being put together; awaiting it sends it.
#[derive(Clone, Debug)]
#[must_use = "it is sent when it is awaited"]
pub struct ModifySubscription {
    session: Session,
    id: u32,
    target: Target,
    filter: Option<Filter>,
    stop_time: Option<String>,
}

impl ModifySubscription {
    /// Asks for other events, or other data.
    pub fn filter(mut self, filter: impl Into<Filter>) -> Self {
        self.filter = Some(filter.into());
        self
    }

    /// Ends the subscription at this time (RFC 3339).
    pub fn stop_time(mut self, time: impl Into<String>) -> Self {
        self.stop_time = Some(time.into());
        self
    }

    /// Says when the datastore is to be told of; of a subscription to a datastore.
    pub fn trigger(mut self, new: Trigger) -> Self {
        if let Target::Datastore(_, trigger) = &mut self.target {
            *trigger = new;
        }
        self
    }

    /// Sends it.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<(), Error> {
        let mut body = format!("<modify-subscription xmlns=\"{SUBSCRIBED}\"><id>{}</id>", self.id);
        write_target(&mut body, &self.target, self.filter.as_ref(), false);
        if let Some(time) = &self.stop_time {
            element(&mut body, "stop-time", time);
        }
        if let Target::Datastore(_, trigger) = &self.target {
            let mut text = String::new();
            trigger.write(&mut text, true);
            body.push_str(&in_push(&text));
        }
        body.push_str("</modify-subscription>");
        self.session.command("modify-subscription", &body).await
    }
}

sent_by_await!(ModifySubscription => ());

impl Session {
    /// Subscribes to a stream of events (RFC 8639).
    pub fn establish_subscription(&self, stream: impl Into<String>) -> EstablishSubscription {
        let target = Target::Stream { name: stream.into(), replay_from: None };
        EstablishSubscription { session: self.clone(), target, filter: None, stop_time: None, dscp: None }
    }

    /// Subscribes to what stands in a datastore (YANG push, RFC 8641).
    pub fn subscribe_datastore(&self, datastore: NmdaDatastore, trigger: Trigger) -> EstablishSubscription {
        let target = Target::Datastore(datastore, trigger);
        EstablishSubscription { session: self.clone(), target, filter: None, stop_time: None, dscp: None }
    }

    /// Ends any session's subscription (RFC 8639 section 2.4.5).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn kill_subscription(&self, id: u32) -> Result<(), Error> {
        self.require_module("kill-subscription", SUBSCRIBED).await?;
        self.command("kill-subscription", &by_id("kill-subscription", SUBSCRIBED, id)).await
    }
}

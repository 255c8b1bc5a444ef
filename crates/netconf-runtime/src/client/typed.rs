//! Calls in the types of a model: rpcs, reads by path, edits, notifications.

use super::notifications::Notifications;
use super::{Data, Error, Filter, Get, Session};
use crate::protocol::{Fragment, Reply};
use crate::rpc_error::YANG_NAMESPACE;
use futures_core::Stream;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use yang_data::binding::path::{Edit, Mode, Path, Query, read_notification};
use yang_data::binding::{
    Action, NestedNotification, Notification, Options, Placed, Rpc, Target, Violations, Yang,
};
use yang_data::codec::{CodecError, Limits};
use yang_data::event::{Event, FullName, Inside, Shape, Source};
use yang_data::xml::{Reader, SliceSource, to_string};

impl Session {
    /// Invokes an rpc of a model. The input is checked first.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::Invalid`] if the input violates its model.
    pub async fn rpc<R: Rpc>(&self, input: R::Input) -> Result<R::Output, Error> {
        self.check(&input)?;
        let name = FullName { module: R::MODULE.name, namespace: R::MODULE.namespace, local: R::NAME };
        let operation = to_string(|sink| {
            sink.open(name, Shape::Container, &[])?;
            input.encode_fields(sink)?;
            sink.close()
        });
        let reply = self.call(R::NAME, &operation.map_err(|e| unwritable(&e))?).await?;
        output(&reply).map_err(|e| unreadable(R::NAME, &e))
    }

    /// Invokes an action of a model (RFC 7950 section 7.15) on a node. The input is checked first.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::Invalid`] if the input violates its model, [`Error::Caller`] if the path names no one node.
    pub async fn action<A: Action, M: Mode>(
        &self,
        at: &Path<A::Parent, M>,
        input: A::Input,
    ) -> Result<A::Output, Error> {
        self.check(&input)?;
        let place = at.action_xml::<A>(&input).map_err(|e| unwritable(&e))?;
        let operation = format!("<action xmlns=\"{YANG_NAMESPACE}\">{place}</action>");
        let reply = self.call(&format!("action {}", A::NAME), &operation).await?;
        output(&reply).map_err(|e| unreadable(A::NAME, &e))
    }

    /// What violates its model is not sent, unless the caller said so; what was kept of a newer device goes back to it.
    fn check<T: Yang>(&self, input: &T) -> Result<(), Error> {
        if !self.checks() {
            return Ok(());
        }
        match input.validate().err().and_then(Violations::of_what_is_known) {
            Some(violations) => Err(Error::Invalid(Arc::new(violations))),
            None => Ok(()),
        }
    }

    /// Notifications of one kind, from now on.
    #[must_use]
    pub fn notifications<N: Notification>(&self) -> TypedNotifications<N> {
        self.notifications_xml().of()
    }
}

pub(super) fn unwritable(error: &CodecError) -> Error {
    Error::Caller(error.to_string())
}

pub(super) fn unreadable(what: &str, error: &CodecError) -> Error {
    let place = error.path.as_deref().map(|path| format!(" at {path}")).unwrap_or_default();
    Error::Reply(format!("{what}: {error}{place}"))
}

/// What stands beside errors in a reply.
fn output<T: Yang>(reply: &Reply) -> Result<T, CodecError> {
    if reply.content.is_empty() {
        return Ok(T::default());
    }
    let mut whole = String::from("<output>");
    reply.content.iter().for_each(|c| whole.push_str(&c.standalone()));
    whole.push_str("</output>");
    let mut source = SliceSource::new(whole.as_bytes(), Limits::default());
    enter(&mut source)?;
    T::decode_fields(&mut source, &Options::default())
}

/// Steps into the first element.
fn enter(source: &mut dyn Source) -> Result<(), CodecError> {
    loop {
        if let Event::Open { .. } | Event::End = source.next()? {
            return Ok(());
        }
    }
}

/// Reads a fragment where it lies: its namespaces come from around it.
fn source(fragment: &Fragment) -> Result<SliceSource<'_>, CodecError> {
    let scope = fragment.scope().iter().map(|(prefix, uri)| (prefix.as_str(), uri.as_str()));
    Ok(SliceSource::over(Reader::with_scope(Limits::default(), scope)?, fragment.bytes()))
}

/// What stands at a path in the `data` of a reply.
pub(super) fn read_all_in<T: Target, M>(reply: &str, path: &Path<T, M>) -> Result<Vec<T>, Error> {
    let mut source = SliceSource::new(reply.as_bytes(), Limits::default());
    let read = enter(&mut source)
        .and_then(|()| enter(&mut source))
        .and_then(|()| path.read_all(&mut Inside::new(&mut source), &Options::default()));
    read.map_err(|e| unreadable("data", &e))
}

impl Data {
    /// All of it, in the type of a `root`, or of a container or list entry that is all there is.
    ///
    /// # Errors
    /// [`Error::Reply`]: it does not fit the type.
    pub fn decode<T: Yang>(&self, options: &Options) -> Result<T, Error> {
        self.inside(|source| T::decode(source, options))
    }

    /// What stands at a path.
    ///
    /// # Errors
    /// [`Error::Reply`]: it does not fit the type.
    pub fn read<T: Target, M>(&self, path: &Path<T, M>) -> Result<Option<T>, Error> {
        self.inside(|source| path.read(source, &Options::default()))
    }

    /// All that stands at a path: one for each entry where it has steps without keys.
    ///
    /// # Errors
    /// [`Error::Reply`]: it does not fit the type.
    pub fn read_all<T: Target, M>(&self, path: &Path<T, M>) -> Result<Vec<T>, Error> {
        self.inside(|source| path.read_all(source, &Options::default()))
    }

    /// Reads what stands inside of the `data` element.
    fn inside<T>(&self, read: impl FnOnce(&mut dyn Source) -> Result<T, CodecError>) -> Result<T, Error> {
        let read = source(self.fragment()).and_then(|mut source| {
            enter(&mut source)?;
            read(&mut Inside::new(&mut source))
        });
        read.map_err(|e| unreadable("data", &e))
    }
}

impl Get {
    /// Asks for what stands at a path, and gives it.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn read<T: Target, M>(self, path: &Path<T, M>) -> Result<Option<T>, Error> {
        let get = self.filter(Filter::path(path)?);
        get.send().await?.read(path)
    }

    /// Asks for all that stands at a path, and gives it: one for each entry where it has steps without keys.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn read_all<T: Target, M>(self, path: &Path<T, M>) -> Result<Vec<T>, Error> {
        let get = self.filter(Filter::path(path)?);
        get.send().await?.read_all(path)
    }
}

impl Filter {
    /// A subtree filter for what stands at a path.
    ///
    /// # Errors
    /// [`Error::Caller`]: the path has a step that does not exist.
    pub fn path<T, M>(path: &Path<T, M>) -> Result<Self, Error> {
        path.subtree_filter().map(Self::Subtree).map_err(|e| unwritable(&e))
    }
}

impl Filter {
    /// A subtree filter for what stands at several paths.
    ///
    /// # Errors
    /// [`Error::Caller`]: a path has a step that does not exist.
    pub fn query(query: &Query) -> Result<Self, Error> {
        query.subtree_filter().map(Self::Subtree).map_err(|e| unwritable(&e))
    }

    /// An XPath filter for what stands at several paths; the device must have the capability `:xpath`.
    ///
    /// # Errors
    /// [`Error::Caller`]: a path has a step that does not exist.
    pub fn query_xpath(query: &Query) -> Result<Self, Error> {
        let text = query.xpath().map_err(|e| unwritable(&e))?;
        Ok(Self::XPath { select: text.text, namespaces: text.namespaces })
    }
}

/// Edits as the content of `config`.
pub(super) fn write_edits(edits: &[Edit]) -> Result<String, Error> {
    to_string(|sink| Edit::encode_all(edits, sink)).map_err(|e| unwritable(&e))
}

/// A notification in the type of its model.
#[derive(Clone, PartialEq, Debug)]
pub struct Received<N> {
    /// When it happened, as the device wrote it (RFC 3339).
    pub event_time: String,
    /// What happened.
    pub notification: N,
}

/// Notifications of one kind as they come; others are passed over.
#[derive(Debug)]
pub struct TypedNotifications<N> {
    notifications: Notifications,
    kind: PhantomData<fn() -> N>,
}

impl Notifications {
    /// Only those of one kind, in its type.
    #[must_use]
    pub fn of<N: Notification>(self) -> TypedNotifications<N> {
        TypedNotifications { notifications: self, kind: PhantomData }
    }
}

/// A notification about one node (RFC 7950 section 7.16), in the type of its model.
#[derive(Clone, PartialEq, Debug)]
pub struct ReceivedAt<N: Placed> {
    /// When it happened, as the device wrote it (RFC 3339).
    pub event_time: String,
    /// Of which node: the keys on the way to it.
    pub at: N::Keys,
    /// What happened.
    pub notification: N,
}

/// Notifications of one kind that are defined on a node, as they come; others are passed over.
#[derive(Debug)]
pub struct NestedNotifications<N> {
    notifications: Notifications,
    kind: PhantomData<fn() -> N>,
}

impl Session {
    /// Notifications of one kind that are defined on a node, from now on.
    #[must_use]
    pub fn nested_notifications<N: NestedNotification + Placed>(&self) -> NestedNotifications<N> {
        self.notifications_xml().of_nested()
    }
}

impl Notifications {
    /// Only those of one kind that are defined on a node, each with its keys.
    #[must_use]
    pub fn of_nested<N: NestedNotification + Placed>(self) -> NestedNotifications<N> {
        NestedNotifications { notifications: self, kind: PhantomData }
    }
}

impl<N: NestedNotification + Placed> NestedNotifications<N> {
    /// The next one; `None` when the session has ended properly.
    ///
    /// # Errors
    /// As [`Notifications::next`], and [`Error::Reply`] for one that does not fit the type.
    pub async fn next(&mut self) -> Option<Result<ReceivedAt<N>, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<N: NestedNotification + Placed> Stream for NestedNotifications<N> {
    type Item = Result<ReceivedAt<N>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let received = match ready!(Pin::new(&mut self.notifications).poll_next(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(received)) => received,
            };
            let read =
                source(&received.event).and_then(|mut s| read_notification::<N>(&mut s, &Options::default()));
            let event_time = received.event_time.clone();
            match read {
                Ok(None) => {}
                Ok(Some((at, notification))) => {
                    return Poll::Ready(Some(Ok(ReceivedAt { event_time, at, notification })));
                }
                Err(error) => return Poll::Ready(Some(Err(unreadable(N::NAME, &error)))),
            }
        }
    }
}

impl<N: Notification> TypedNotifications<N> {
    /// The next one; `None` when the session has ended properly.
    ///
    /// # Errors
    /// As [`Notifications::next`], and [`Error::Reply`] for one that does not fit the type.
    pub async fn next(&mut self) -> Option<Result<Received<N>, Error>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<N: Notification> Stream for TypedNotifications<N> {
    type Item = Result<Received<N>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.notifications).poll_next(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(received)) if is::<N>(&received.event) => {
                    let decoded =
                        source(&received.event).and_then(|mut s| N::decode(&mut s, &Options::default()));
                    let event_time = received.event_time.clone();
                    return Poll::Ready(Some(
                        decoded
                            .map(|notification| Received { event_time, notification })
                            .map_err(|e| unreadable(N::NAME, &e)),
                    ));
                }
                Some(Ok(_)) => {}
            }
        }
    }
}

fn is<N: Notification>(event: &Fragment) -> bool {
    event.local() == N::NAME && N::MODULE.is_none_or(|module| module.namespace == event.namespace())
}

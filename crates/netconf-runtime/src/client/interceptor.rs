//! Where code of others stands beside a session: before and after each rpc, at each notification, when the session is over and
//! when there is a new one. Traces, metrics and policies are made of it.

use super::{Error, Response, Session};
use crate::protocol::Notification;
use crate::xml::{Scanner, Token, escape_attribute};
use std::fmt;
use std::sync::Arc;

/// A request before it is sent.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Request {
    /// The session's id.
    pub session_id: u32,
    /// The name of the operation.
    pub operation: String,
    /// The operation as it will be sent.
    pub xml: String,
    attributes: String,
}

impl Request {
    pub(super) fn new(session_id: u32, operation: &str, xml: &str) -> Self {
        Self { session_id, operation: operation.to_owned(), xml: xml.to_owned(), attributes: String::new() }
    }

    /// Adds an attribute to the `rpc` element, which the reply will repeat. One of a namespace has a prefix, which another
    /// attribute `xmlns:PREFIX` declares.
    pub fn attribute(&mut self, name: &str, value: &str) {
        self.attributes.push(' ');
        self.attributes.push_str(name);
        self.attributes.push_str("=\"");
        escape_attribute(&mut self.attributes, value);
        self.attributes.push('"');
    }

    /// The attributes as they will stand in the start tag.
    pub(super) fn attributes(&self) -> Result<&str, Error> {
        if self.attributes.is_empty() {
            return Ok("");
        }
        let tag = format!("<rpc{}/>", self.attributes);
        let fault =
            |e: &dyn fmt::Display| Error::Caller(format!("an interceptor's attributes cannot be sent: {e}"));
        let mut scanner = Scanner::new(tag.as_bytes()).map_err(|e| fault(&e))?;
        loop {
            match scanner.next().map_err(|e| fault(&e))? {
                // These are the session's.
                Token::Open { .. } if scanner.attributes().iter().any(|a| a.raw == "message-id") => {
                    return Err(fault(&"the message-id is the session's to give"));
                }
                Token::Open { .. } if scanner.scope().declared("").is_some() => {
                    return Err(fault(&"the default namespace is NETCONF's"));
                }
                Token::End => return Ok(&self.attributes),
                _ => {}
            }
        }
    }
}

/// How a request ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Outcome<'o> {
    /// With a reply that has no errors but perhaps warnings.
    Reply(&'o Response),
    /// With the beginning of a reply that is given out in pieces.
    Streamed,
    /// With an error, the device's or another.
    Failed(&'o Error),
}

/// What stands beside a session. All methods do nothing unless they are written; none may wait for anything.
pub trait Interceptor: Send + Sync + 'static {
    /// A request is about to be sent: it can be changed, or refused by an error, which the caller gets. The interceptors stand
    /// in the order of their registration, and the rest are not asked after one refused.
    ///
    /// # Errors
    /// Whatever the caller is to be told.
    fn before_rpc(&self, request: &mut Request) -> Result<(), Error> {
        _ = request;
        Ok(())
    }

    /// A request has ended (but not one whose caller is gone). The last interceptor is told first.
    fn after_rpc(&self, request: &Request, outcome: Outcome<'_>) {
        _ = (request, outcome);
    }

    /// A notification has come, whoever takes it.
    fn notification(&self, session_id: u32, notification: &Arc<Notification>) {
        _ = (session_id, notification);
    }

    /// A message goes out, as it is: the hello, and each `rpc`.
    fn sent(&self, session_id: u32, message: &str) {
        _ = (session_id, message);
    }

    /// A message has come, as it is: the hello, each `rpc-reply`, each `notification`. A reply that is taken in pieces comes in pieces
    /// here, too.
    fn received(&self, session_id: u32, message: &str) {
        _ = (session_id, message);
    }

    /// A session is over: [`Error::Closed`] if it was closed from this end.
    fn disconnected(&self, session_id: u32, reason: &Error) {
        _ = (session_id, reason);
    }

    /// A [`super::Reconnecting`] has a new session.
    fn reconnected(&self, session: &Session) {
        _ = session;
    }
}

/// Those of a session, in the order of their registration.
#[derive(Clone, Default)]
pub(super) struct Interceptors(Vec<Arc<dyn Interceptor>>);

impl Interceptors {
    pub(super) fn push(&mut self, interceptor: Arc<dyn Interceptor>) {
        self.0.push(interceptor);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn before_rpc(&self, request: &mut Request) -> Result<(), Error> {
        self.0.iter().try_for_each(|i| i.before_rpc(request))
    }

    pub(super) fn after_rpc(&self, request: &Request, outcome: Outcome<'_>) {
        self.0.iter().rev().for_each(|i| i.after_rpc(request, outcome));
    }

    pub(super) fn notification(&self, session_id: u32, notification: &Arc<Notification>) {
        self.0.iter().for_each(|i| i.notification(session_id, notification));
    }

    pub(super) fn sent(&self, session_id: u32, message: &[u8]) {
        self.tell(message, |i, text| i.sent(session_id, text));
    }

    pub(super) fn received(&self, session_id: u32, message: &[u8]) {
        self.tell(message, |i, text| i.received(session_id, text));
    }

    fn tell(&self, message: &[u8], tell: impl Fn(&dyn Interceptor, &str)) {
        if !self.0.is_empty() {
            // Pieces may end in the middle of a character.
            let text = String::from_utf8_lossy(message);
            self.0.iter().for_each(|i| tell(&**i, &text));
        }
    }

    pub(super) fn disconnected(&self, session_id: u32, reason: &Error) {
        self.0.iter().rev().for_each(|i| i.disconnected(session_id, reason));
    }
}

impl fmt::Debug for Interceptors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} interceptors", self.0.len())
    }
}

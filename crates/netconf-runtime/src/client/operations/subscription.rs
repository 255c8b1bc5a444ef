//! create-subscription: RFC 5277 section 2.1.1.

use super::{Filter, Session, sent_by_await};
use crate::client::{Error, Notifications};
use crate::protocol::capability::{NOTIFICATION, XPATH};
use crate::protocol::message::NOTIFICATION_NAMESPACE;
use crate::xml::escape_text;

/// A subscription that is being put together; awaiting it sends it.
#[derive(Clone, Debug)]
#[must_use = "it is sent when it is awaited"]
pub struct CreateSubscription {
    session: Session,
    stream: Option<String>,
    filter: Option<Filter>,
    start_time: Option<String>,
    stop_time: Option<String>,
}

impl CreateSubscription {
    pub(super) fn new(session: Session) -> Self {
        Self { session, stream: None, filter: None, start_time: None, stop_time: None }
    }

    /// The stream; `NETCONF` if it is not said.
    pub fn stream(mut self, name: impl Into<String>) -> Self {
        self.stream = Some(name.into());
        self
    }

    /// Asks for some events only.
    pub fn filter(mut self, filter: impl Into<Filter>) -> Self {
        self.filter = Some(filter.into());
        self
    }

    /// Asks for past events, too, since this time (RFC 3339).
    pub fn start_time(mut self, time: impl Into<String>) -> Self {
        self.start_time = Some(time.into());
        self
    }

    /// Ends the subscription at this time (RFC 3339).
    pub fn stop_time(mut self, time: impl Into<String>) -> Self {
        self.stop_time = Some(time.into());
        self
    }

    /// Sends it. The stream it gives has every notification from the subscription's first on.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<Notifications, Error> {
        let capabilities = self.session.capabilities();
        capabilities.require("create-subscription", &[NOTIFICATION])?;
        if matches!(self.filter, Some(Filter::XPath { .. })) {
            capabilities.require("an XPath filter", &[XPATH])?;
        }
        if self.stop_time.is_some() && self.start_time.is_none() {
            let message = "a stop-time ends a replay: it needs a start-time (RFC 5277 section 2.1.1)";
            return Err(Error::Caller(message.to_owned()));
        }
        let mut body = format!("<create-subscription xmlns=\"{NOTIFICATION_NAMESPACE}\">");
        let element = |name: &str, text: &Option<String>, body: &mut String| {
            if let Some(text) = text {
                body.push_str(&format!("<{name}>"));
                escape_text(body, text);
                body.push_str(&format!("</{name}>"));
            }
        };
        element("stream", &self.stream, &mut body);
        if let Some(filter) = &self.filter {
            filter.write(&mut body);
        }
        element("startTime", &self.start_time, &mut body);
        element("stopTime", &self.stop_time, &mut body);
        body.push_str("</create-subscription>");
        // The first may come on the heels of the reply.
        let notifications = self.session.notifications_xml();
        self.session.command("create-subscription", &body).await?;
        Ok(notifications)
    }
}

sent_by_await!(CreateSubscription => Notifications);

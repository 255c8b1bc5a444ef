//! `<notification>`: RFC 5277 section 4.

use super::{Envelope, Fragment, NOTIFICATION_NAMESPACE, Reply};
use crate::protocol::ProtocolError;
use crate::xml::{BASE_NAMESPACE, Scanner, Token, escape_text};
use bytes::Bytes;

/// An event that a server tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notification {
    /// When it happened: `eventTime`, as the server wrote it (RFC 3339).
    pub event_time: String,
    /// What happened.
    pub event: Fragment,
    message: Bytes,
}

/// What a client may receive.
pub(crate) enum Either {
    Reply(Reply),
    Notification(Notification),
}

impl Notification {
    /// Reads a message that a client received.
    pub(crate) fn read_either(message: Bytes) -> Result<Either, ProtocolError> {
        let envelope = Envelope::read(message.clone())?;
        if envelope.is(BASE_NAMESPACE, "rpc-reply") {
            return Ok(Either::Reply(Reply::of(envelope, message)?));
        }
        if !envelope.is(NOTIFICATION_NAMESPACE, "notification") {
            let what = format!("`{}` of namespace `{}`", envelope.local, envelope.namespace);
            return Err(ProtocolError::Unexpected(what));
        }
        let (mut event_time, mut event) = (None, None);
        for child in envelope.children {
            let is_time = child.local() == "eventTime" && child.namespace() == NOTIFICATION_NAMESPACE;
            if is_time && event_time.is_none() {
                event_time = Some(text_of(&child)?);
            } else if event.replace(child).is_some() {
                return Err(ProtocolError::Unexpected("a notification of two events".to_owned()));
            }
        }
        let missing = |what: &str| ProtocolError::Unexpected(format!("a notification without {what}"));
        Ok(Either::Notification(Self {
            event_time: event_time.ok_or_else(|| missing("eventTime"))?,
            event: event.ok_or_else(|| missing("an event"))?,
            message,
        }))
    }

    /// Writes one. `event` is an element that declares the namespaces that it uses.
    #[must_use]
    pub fn write(event_time: &str, event: &str) -> Bytes {
        let mut out = format!("<notification xmlns=\"{NOTIFICATION_NAMESPACE}\"><eventTime>");
        escape_text(&mut out, event_time);
        out.push_str("</eventTime>");
        out.push_str(event);
        out.push_str("</notification>");
        out.into()
    }

    /// The whole message as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // It was checked when the message was read.
        std::str::from_utf8(&self.message).unwrap_or_default()
    }
}

fn text_of(fragment: &Fragment) -> Result<String, ProtocolError> {
    let document = fragment.standalone();
    let mut scanner = Scanner::new(document.as_bytes())?;
    let mut text = String::new();
    loop {
        match scanner.next()? {
            Token::Text(piece) => text.push_str(&piece),
            Token::End => return Ok(text.trim().to_owned()),
            _ => {}
        }
    }
}

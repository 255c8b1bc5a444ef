//! `<rpc-reply>` as a client reads it: RFC 6241 sections 4.2 to 4.4.

use super::{Attribute, Envelope, Fragment, is_base};
use crate::protocol::ProtocolError;
use crate::rpc_error::RpcError;
use crate::xml::XmlError;
use bytes::Bytes;

/// An answer.
#[derive(Clone, PartialEq, Debug)]
pub struct Reply {
    /// The `message-id`. It may be missing where the request had none that could be read.
    pub message_id: Option<String>,
    /// The other attributes.
    pub attributes: Vec<Attribute>,
    /// What it holds besides `ok` and errors: data.
    pub content: Vec<Fragment>,
    /// Errors and warnings, in the order they came.
    pub errors: Vec<RpcError>,
    /// Whether it says `ok`.
    pub ok: bool,
    message: Bytes,
}

impl Reply {
    pub(super) fn of(mut envelope: Envelope, message: Bytes) -> Result<Self, XmlError> {
        let message_id = envelope.take_message_id();
        let mut reply = Self {
            message_id,
            attributes: envelope.attributes,
            content: Vec::new(),
            errors: Vec::new(),
            ok: false,
            message,
        };
        for child in envelope.children {
            if is_base(&child, "rpc-error") {
                reply.errors.push(RpcError::from_xml(&child.standalone())?);
            } else if is_base(&child, "ok") {
                reply.ok = true;
            } else {
                reply.content.push(child);
            }
        }
        Ok(reply)
    }

    /// Reads a message that should be an answer.
    ///
    /// # Errors
    /// What is none.
    pub fn read(message: Bytes) -> Result<Self, ProtocolError> {
        match super::Notification::read_either(message)? {
            super::Either::Reply(reply) => Ok(reply),
            super::Either::Notification(_) => Err(ProtocolError::Unexpected("`notification`".to_owned())),
        }
    }

    /// Whether one of its errors is not only a warning.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.errors.iter().any(RpcError::is_error)
    }

    /// Its `data` element (RFC 6241 sections 7.1 and 7.7), if it has one.
    #[must_use]
    pub fn data(&self) -> Option<&Fragment> {
        self.content.iter().find(|c| is_base(c, "data"))
    }

    /// The whole message as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // It was checked when the message was read.
        std::str::from_utf8(&self.message).unwrap_or_default()
    }
}

//! Messages after the hello: `rpc`, `rpc-reply` (RFC 6241 section 4) and `notification` (RFC 5277 section 4).
//!
//! A message is read once, strictly; what it carries stays the text it came as, and knows the namespaces in scope around it.

mod fragment;
mod notification;
mod reply;
mod rpc;

#[cfg(test)]
mod tests;

pub use fragment::Fragment;
pub(crate) use notification::Either;
pub use notification::Notification;
pub use reply::Reply;
pub use rpc::{Echo, Invalid, Rpc};

use crate::xml::{BASE_NAMESPACE, Scanner, Scope, Token, XmlError};
use bytes::Bytes;
use std::sync::Arc;

/// The namespace of `notification` (RFC 5277 section 4).
pub const NOTIFICATION_NAMESPACE: &str = "urn:ietf:params:xml:ns:netconf:notification:1.0";

/// An attribute of an envelope that is not a namespace declaration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attribute {
    /// Its namespace; empty for none.
    pub namespace: String,
    /// Its local name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A message cut into its envelope and what stands in it.
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    /// The root's namespace.
    pub(crate) namespace: String,
    /// The root's local name.
    pub(crate) local: String,
    /// The root's prefix, as written.
    pub(crate) prefix: String,
    /// The text between the root's name and the end of its start tag.
    pub(crate) attributes_text: String,
    /// The root's attributes.
    pub(crate) attributes: Vec<Attribute>,
    /// The elements in the root.
    pub(crate) children: Vec<Fragment>,
    /// Whether text stands between them.
    pub(crate) has_text: bool,
}

impl Envelope {
    /// Reads a whole message.
    pub(crate) fn read(message: Bytes) -> Result<Self, XmlError> {
        let text = message.clone();
        let mut scanner = Scanner::new(&text)?;
        let Token::Open { raw, span } = scanner.next()? else {
            return Err(XmlError::new(0, "there is no element"));
        };
        let (namespace, local) = scanner.scope().element(raw);
        let (namespace, local) = (namespace.into_owned(), local.to_owned());
        let prefix = raw.split_once(':').map_or("", |(prefix, _)| prefix).to_owned();
        let tag = std::str::from_utf8(&text[span]).unwrap_or_default();
        let attributes_text = tag[1 + raw.len()..].trim_end_matches(['/', '>']).trim_end().to_owned();
        let attributes = attributes(&scanner);
        let scope = shared(scanner.scope());
        let (mut children, mut has_text) = (Vec::new(), false);
        let mut child: Option<(usize, String, String)> = None;
        loop {
            match scanner.next()? {
                Token::Open { raw, span } if scanner.depth() == 2 => {
                    let (namespace, local) = scanner.scope().element(raw);
                    child = Some((span.start, namespace.into_owned(), local.to_owned()));
                }
                Token::Close { span } if scanner.depth() == 1 => {
                    if let Some((start, namespace, local)) = child.take() {
                        let element = message.slice(start..span.end);
                        children.push(Fragment::new(element, namespace, local, Arc::clone(&scope)));
                    }
                }
                Token::Text(text) if scanner.depth() == 1 => {
                    has_text |= !text.chars().all(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
                }
                Token::End => break,
                _ => {}
            }
        }
        Ok(Self { namespace, local, prefix, attributes_text, attributes, children, has_text })
    }

    pub(crate) fn is(&self, namespace: &str, local: &str) -> bool {
        self.local == local && self.namespace == namespace
    }

    /// Takes `message-id` out of the attributes.
    fn take_message_id(&mut self) -> Option<String> {
        take_message_id(&mut self.attributes)
    }
}

/// The start tag of a message that has not come whole.
pub(crate) struct Head {
    /// The `message-id`.
    pub(crate) message_id: Option<String>,
    /// The other attributes.
    pub(crate) attributes: Vec<Attribute>,
    /// The declarations in scope of what stands in the message.
    pub(crate) scope: Arc<[(String, String)]>,
}

impl Head {
    /// Reads a message up to the end of its start tag.
    pub(crate) fn read(text: &[u8]) -> Result<Self, XmlError> {
        let mut scanner = Scanner::new(text)?;
        scanner.next()?;
        let mut attributes = attributes(&scanner);
        let message_id = take_message_id(&mut attributes);
        Ok(Self { message_id, attributes, scope: shared(scanner.scope()) })
    }
}

fn take_message_id(attributes: &mut Vec<Attribute>) -> Option<String> {
    let at = attributes.iter().position(|a| a.namespace.is_empty() && a.name == "message-id")?;
    Some(attributes.remove(at).value)
}

fn attributes(scanner: &Scanner<'_>) -> Vec<Attribute> {
    let of = |a: &crate::xml::Attribute<'_>| {
        let (prefix, name) = a.raw.split_once(':').unwrap_or(("", a.raw));
        let namespace = if prefix.is_empty() { None } else { scanner.scope().resolve(prefix) };
        Attribute {
            namespace: namespace.unwrap_or_default().to_owned(),
            name: name.to_owned(),
            value: a.value.to_string(),
        }
    };
    scanner.attributes().iter().map(of).collect()
}

fn shared(scope: &Scope<'_>) -> Arc<[(String, String)]> {
    scope.effective().map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned())).collect()
}

/// Whether an element is one of NETCONF's own.
fn is_base(fragment: &Fragment, local: &str) -> bool {
    fragment.local() == local && fragment.namespace() == BASE_NAMESPACE
}

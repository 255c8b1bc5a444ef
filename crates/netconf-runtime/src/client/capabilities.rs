//! What the peer said it can do: RFC 6241 section 8.

use super::Error;
use crate::protocol::capability;

/// The peer's capabilities, in its order.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Capabilities(Vec<String>);

impl Capabilities {
    pub(super) fn new(uris: Vec<String>) -> Self {
        Self(uris)
    }

    /// The URIs.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the peer has a capability of [`crate::protocol::capability`], whatever its parameters.
    #[must_use]
    pub fn has(&self, uri: &str) -> bool {
        capability::contains(&self.0, uri)
    }

    /// A capability with its parameters.
    #[must_use]
    pub fn find(&self, uri: &str) -> Option<&str> {
        self.iter().find(|c| capability::is(c, uri))
    }

    /// Refuses what the peer cannot do, before anything is sent.
    pub(super) fn require(&self, what: &str, needed: &[&'static str]) -> Result<(), Error> {
        if needed.is_empty() || needed.iter().any(|uri| self.has(uri)) {
            return Ok(());
        }
        Err(Error::NotSupported { what: what.to_owned(), capability: needed[0] })
    }
}

/// A parameter's value without its escapes (RFC 3986 section 2.1). What is no escape stays as it is.
pub(super) fn percent_decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => {
                let digit = |b: &u8| char::from(*b).to_digit(16);
                digit(high).zip(digit(low)).and_then(|(high, low)| u8::try_from(high << 4 | low).ok())
            }
            _ => None,
        };
        out.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

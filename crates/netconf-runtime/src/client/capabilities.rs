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

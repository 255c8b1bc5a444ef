//! A piece of a message that can be read alone.

use crate::xml::standalone;
use bytes::Bytes;
use std::borrow::Cow;
use std::sync::Arc;

/// An element inside of a message: its text as it came, and the namespaces that were in scope around it.
///
/// It shares the message's memory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fragment {
    text: Bytes,
    namespace: String,
    local: String,
    scope: Arc<[(String, String)]>,
}

impl Fragment {
    /// `text` is well-formed UTF-8.
    pub(crate) fn new(text: Bytes, namespace: String, local: String, scope: Arc<[(String, String)]>) -> Self {
        Self { text, namespace, local, scope }
    }

    /// The element's namespace; empty for none.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The element's local name.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The text as it came. Prefixes in it may be declared outside of it: see [`Self::scope`].
    #[must_use]
    pub fn as_str(&self) -> &str {
        // It was checked when the message was read.
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// The same as bytes, without a copy.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.text
    }

    /// Prefix (empty: the default) and namespace of each declaration in scope around the element.
    #[must_use]
    pub fn scope(&self) -> &[(String, String)] {
        &self.scope
    }

    /// The element as a document of its own: declarations that are in scope around it stand on it.
    #[must_use]
    pub fn standalone(&self) -> Cow<'_, str> {
        if self.scope.is_empty() {
            return self.as_str().into();
        }
        standalone(self.as_str(), self.scope.iter().map(|(p, u)| (p.as_str(), u.as_str()))).into()
    }
}

impl std::fmt::Display for Fragment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.standalone())
    }
}

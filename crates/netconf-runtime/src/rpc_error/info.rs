//! error-info: the typed elements of RFC 6241 appendix A and RFC 7950 section 15.

use super::ErrorPath;
use crate::xml::BASE_NAMESPACE;
use std::fmt;

/// One element of error-info.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ErrorInfo {
    /// The attribute at fault.
    BadAttribute(QualifiedName),
    /// The element at fault.
    BadElement(QualifiedName),
    /// The namespace at fault.
    BadNamespace(String),
    /// The session that holds a lock; zero if that is no NETCONF session.
    SessionId(u32),
    /// partial-operation: it succeeded for this element.
    OkElement(QualifiedName),
    /// partial-operation: it failed for this element.
    ErrElement(QualifiedName),
    /// partial-operation: it was not tried for this element.
    NoopElement(QualifiedName),
    /// A leaf that violates `unique` (RFC 7950 section 15.1).
    NonUnique(ErrorPath),
    /// A mandatory choice that is missing (RFC 7950 section 15.6).
    MissingChoice(String),
    /// The number that the model's author gave to what is broken, in [`super::CODE_NAMESPACE`].
    Code(u64),
    /// Any other element: its XML, which declares the namespaces that it needs.
    Xml(String),
}

/// A name with its namespace: what error-info names attributes and elements by.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct QualifiedName {
    /// The namespace; empty for none.
    pub namespace: String,
    /// The local name.
    pub local: String,
}

impl QualifiedName {
    /// A name in a namespace.
    #[must_use]
    pub fn new(namespace: impl Into<String>, local: impl Into<String>) -> Self {
        Self { namespace: namespace.into(), local: local.into() }
    }

    /// A name in NETCONF's own namespace.
    #[must_use]
    pub fn base(local: impl Into<String>) -> Self {
        Self::new(BASE_NAMESPACE, local)
    }
}

/// A name without a namespace, as attributes have.
impl From<&str> for QualifiedName {
    fn from(local: &str) -> Self {
        Self::new("", local)
    }
}

/// Namespace and local name.
impl From<(&str, &str)> for QualifiedName {
    fn from((namespace, local): (&str, &str)) -> Self {
        Self::new(namespace, local)
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.local)
    }
}

impl ErrorInfo {
    /// The local name of its element, where that is fixed.
    #[must_use]
    pub fn element(&self) -> Option<&'static str> {
        Some(match self {
            Self::BadAttribute(_) => "bad-attribute",
            Self::BadElement(_) => "bad-element",
            Self::BadNamespace(_) => "bad-namespace",
            Self::SessionId(_) => "session-id",
            Self::OkElement(_) => "ok-element",
            Self::ErrElement(_) => "err-element",
            Self::NoopElement(_) => "noop-element",
            Self::NonUnique(_) => "non-unique",
            Self::MissingChoice(_) => "missing-choice",
            Self::Code(_) => "code",
            Self::Xml(_) => return None,
        })
    }
}

impl fmt::Display for ErrorInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.element().unwrap_or_default();
        match self {
            Self::BadAttribute(n)
            | Self::BadElement(n)
            | Self::OkElement(n)
            | Self::ErrElement(n)
            | Self::NoopElement(n) => write!(f, "{name} {n}"),
            Self::BadNamespace(text) | Self::MissingChoice(text) => {
                write!(f, "{name} {text}")
            }
            Self::SessionId(id) => write!(f, "{name} {id}"),
            Self::Code(code) => write!(f, "{name} {code}"),
            Self::NonUnique(path) => write!(f, "{name} {}", path.xpath),
            Self::Xml(xml) => f.write_str(xml),
        }
    }
}

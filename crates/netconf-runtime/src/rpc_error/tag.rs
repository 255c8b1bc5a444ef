//! error-type, error-tag and error-severity (RFC 6241 section 4.3 and appendix A).

use std::fmt;

/// error-type: the layer that an error belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ErrorType {
    /// Secure transport.
    Transport,
    /// Messages.
    Rpc,
    /// Operations.
    Protocol,
    /// Content.
    Application,
}

impl ErrorType {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Rpc => "rpc",
            Self::Protocol => "protocol",
            Self::Application => "application",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::Transport, Self::Rpc, Self::Protocol, Self::Application]
            .into_iter()
            .find(|t| t.as_str() == name)
    }
}

/// error-severity.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Severity {
    /// The request failed.
    Error,
    /// The request succeeded, and there is something to say about it.
    Warning,
}

impl Severity {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

macro_rules! tags {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// error-tag: the condition.
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        #[non_exhaustive]
        pub enum ErrorTag {
            $($(#[$doc])* $variant,)*
            /// A tag that no RFC has: some devices send such.
            Other(Box<str>),
        }

        impl ErrorTag {
            /// Every tag of RFC 6241 appendix A, in its order.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The word on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Other(name) => name,
                }
            }

            /// The tag of that name.
            #[must_use]
            pub fn from_name(name: &str) -> Self {
                match name {
                    $($name => Self::$variant,)*
                    other => Self::Other(other.into()),
                }
            }
        }
    };
}

tags! {
    /// The request requires a resource that is in use.
    InUse = "in-use",
    /// A parameter has an unacceptable value.
    InvalidValue = "invalid-value",
    /// Request or response is too large for the implementation.
    TooBig = "too-big",
    /// An expected attribute is missing.
    MissingAttribute = "missing-attribute",
    /// An attribute's value is not correct.
    BadAttribute = "bad-attribute",
    /// An unexpected attribute is present.
    UnknownAttribute = "unknown-attribute",
    /// An expected element is missing.
    MissingElement = "missing-element",
    /// An element's value is not correct.
    BadElement = "bad-element",
    /// An unexpected element is present.
    UnknownElement = "unknown-element",
    /// An unexpected namespace is present.
    UnknownNamespace = "unknown-namespace",
    /// Authorization failed.
    AccessDenied = "access-denied",
    /// Another holds the lock.
    LockDenied = "lock-denied",
    /// Resources are insufficient.
    ResourceDenied = "resource-denied",
    /// A rollback was not completed.
    RollbackFailed = "rollback-failed",
    /// The data exists already.
    DataExists = "data-exists",
    /// The data does not exist.
    DataMissing = "data-missing",
    /// The operation is not supported.
    OperationNotSupported = "operation-not-supported",
    /// The operation failed for another reason.
    OperationFailed = "operation-failed",
    /// Some part failed. Obsolete: servers should not send it.
    PartialOperation = "partial-operation",
    /// The message could not be parsed.
    MalformedMessage = "malformed-message",
}

impl fmt::Display for ErrorTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for ErrorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

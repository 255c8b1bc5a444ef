//! `rpc-error`: RFC 6241 section 4.3 and appendix A, with the error-info that RFC 7950 section 15 adds.
//!
//! One type for both ends: a server's handlers return it, a client's calls fail with it.

mod info;
mod tag;
mod xml;

#[cfg(test)]
mod tests;

pub use info::{ErrorInfo, QualifiedName};
pub use tag::{ErrorTag, ErrorType, Severity};

use std::fmt;

/// The namespace of [`ErrorInfo::Code`].
pub use yang_schema::CODE_NAMESPACE;

/// The namespace of the error-info of RFC 7950 section 15.
pub(crate) const YANG_NAMESPACE: &str = "urn:ietf:params:xml:ns:yang:1";

/// An error that one end tells the other: `<rpc-error>`.
///
/// ```
/// use netconf_runtime::{ErrorTag, RpcError};
///
/// let error = RpcError::invalid_value("9001 is above 9000").app_tag("out-of-range").with_code(100002);
/// assert_eq!(error.tag, ErrorTag::InvalidValue);
/// assert_eq!(error.code(), Some(100002));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RpcError {
    /// error-type: the layer it happened at.
    pub error_type: ErrorType,
    /// error-tag: what went wrong.
    pub tag: ErrorTag,
    /// error-severity.
    pub severity: Severity,
    /// error-app-tag: what went wrong, in the model's own word.
    pub app_tag: Option<Box<str>>,
    /// error-path: the node at fault.
    pub path: Option<Box<ErrorPath>>,
    /// error-message: for people.
    pub message: Option<Box<str>>,
    /// The language of the message, as `xml:lang` has it.
    pub lang: Option<Box<str>>,
    /// error-info: details for programs.
    pub info: Vec<ErrorInfo>,
}

/// error-path: an absolute XPath expression and the namespaces of its prefixes.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct ErrorPath {
    /// The expression.
    pub xpath: String,
    /// Prefix and namespace of each prefix in it.
    pub namespaces: Vec<(String, String)>,
}

/// An error with the tag's name as constructor.
macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident => $type:ident $tag:ident;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(message: impl Into<String>) -> Self {
            Self::new(ErrorType::$type, ErrorTag::$tag).message(message)
        }
    )*};
}

impl RpcError {
    /// An error of severity `error`, without details.
    #[must_use]
    pub fn new(error_type: ErrorType, tag: ErrorTag) -> Self {
        Self {
            error_type,
            tag,
            severity: Severity::Error,
            app_tag: None,
            path: None,
            message: None,
            lang: None,
            info: Vec::new(),
        }
    }

    constructors! {
        /// The resource is in use already.
        in_use => Application InUse;
        /// A value is not acceptable.
        invalid_value => Application InvalidValue;
        /// Request or response is too large to be handled.
        too_big => Application TooBig;
        /// Access is denied (error-type `protocol`: an operation; set `application` for data).
        access_denied => Protocol AccessDenied;
        /// There are not enough resources.
        resource_denied => Application ResourceDenied;
        /// A change could not be rolled back.
        rollback_failed => Application RollbackFailed;
        /// What should be created exists.
        data_exists => Application DataExists;
        /// What should be there is not.
        data_missing => Application DataMissing;
        /// The operation, or a part of it that was asked for, is not supported.
        operation_not_supported => Protocol OperationNotSupported;
        /// It failed for a reason that no other tag has.
        operation_failed => Application OperationFailed;
        /// The message is not well-formed. Peers that speak base:1.0 only must not get it (appendix A).
        malformed_message => Rpc MalformedMessage;
    }

    /// An attribute is missing.
    #[must_use]
    pub fn missing_attribute(attribute: impl Into<QualifiedName>, element: impl Into<QualifiedName>) -> Self {
        Self::attribute(ErrorTag::MissingAttribute, attribute.into(), element.into())
    }

    /// An attribute has a value that it may not have.
    #[must_use]
    pub fn bad_attribute(attribute: impl Into<QualifiedName>, element: impl Into<QualifiedName>) -> Self {
        Self::attribute(ErrorTag::BadAttribute, attribute.into(), element.into())
    }

    /// An attribute is not expected.
    #[must_use]
    pub fn unknown_attribute(attribute: impl Into<QualifiedName>, element: impl Into<QualifiedName>) -> Self {
        Self::attribute(ErrorTag::UnknownAttribute, attribute.into(), element.into())
    }

    fn attribute(tag: ErrorTag, attribute: QualifiedName, element: QualifiedName) -> Self {
        Self::new(ErrorType::Protocol, tag)
            .info(ErrorInfo::BadAttribute(attribute))
            .info(ErrorInfo::BadElement(element))
    }

    /// An element is missing.
    #[must_use]
    pub fn missing_element(element: impl Into<QualifiedName>) -> Self {
        Self::new(ErrorType::Protocol, ErrorTag::MissingElement).info(ErrorInfo::BadElement(element.into()))
    }

    /// An element has a value that it may not have.
    #[must_use]
    pub fn bad_element(element: impl Into<QualifiedName>) -> Self {
        Self::new(ErrorType::Protocol, ErrorTag::BadElement).info(ErrorInfo::BadElement(element.into()))
    }

    /// An element is not expected.
    #[must_use]
    pub fn unknown_element(element: impl Into<QualifiedName>) -> Self {
        Self::new(ErrorType::Protocol, ErrorTag::UnknownElement).info(ErrorInfo::BadElement(element.into()))
    }

    /// An element has a namespace that nobody here knows.
    #[must_use]
    pub fn unknown_namespace(element: impl Into<QualifiedName>, namespace: impl Into<String>) -> Self {
        Self::new(ErrorType::Protocol, ErrorTag::UnknownNamespace)
            .info(ErrorInfo::BadElement(element.into()))
            .info(ErrorInfo::BadNamespace(namespace.into()))
    }

    /// The lock is held by `holder`; zero if that is no NETCONF session.
    #[must_use]
    pub fn lock_denied(holder: u32, message: impl Into<String>) -> Self {
        Self::new(ErrorType::Protocol, ErrorTag::LockDenied)
            .message(message)
            .info(ErrorInfo::SessionId(holder))
    }

    /// Sets the error-type.
    #[must_use]
    pub fn of_type(mut self, error_type: ErrorType) -> Self {
        self.error_type = error_type;
        self
    }

    /// Makes it a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Sets the error-message.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into().into());
        self
    }

    /// Sets the error-app-tag.
    #[must_use]
    pub fn app_tag(mut self, tag: impl Into<String>) -> Self {
        self.app_tag = Some(tag.into().into());
        self
    }

    /// Sets the error-path; `namespaces` are the prefixes in it.
    #[must_use]
    pub fn path<P: Into<String>, N: Into<String>>(
        mut self,
        xpath: impl Into<String>,
        namespaces: impl IntoIterator<Item = (P, N)>,
    ) -> Self {
        let namespaces = namespaces.into_iter().map(|(p, n)| (p.into(), n.into())).collect();
        self.path = Some(Box::new(ErrorPath { xpath: xpath.into(), namespaces }));
        self
    }

    /// Adds error-info.
    #[must_use]
    pub fn info(mut self, info: ErrorInfo) -> Self {
        self.info.push(info);
        self
    }

    /// Adds the number by which programs know what is broken.
    #[must_use]
    pub fn with_code(self, code: u64) -> Self {
        self.info(ErrorInfo::Code(code))
    }

    /// The number by which programs know what is broken, where the model or the application gives one: compare it with
    /// those of the generated module `codes`.
    #[must_use]
    pub fn code(&self) -> Option<u64> {
        self.info.iter().find_map(|i| if let ErrorInfo::Code(code) = i { Some(*code) } else { None })
    }

    /// The session that holds a lock, if the error names one.
    #[must_use]
    pub fn session_id(&self) -> Option<u32> {
        self.info.iter().find_map(|i| if let ErrorInfo::SessionId(id) = i { Some(*id) } else { None })
    }

    /// Whether it is an error rather than a warning.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for RpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.tag)?;
        if let Some(app_tag) = &self.app_tag {
            write!(f, " ({app_tag})")?;
        }
        if let Some(message) = &self.message {
            write!(f, ": {message}")?;
        }
        if let Some(path) = &self.path {
            write!(f, " at {}", path.xpath)?;
        }
        for info in &self.info {
            write!(f, ", {info}")?;
        }
        Ok(())
    }
}

impl std::error::Error for RpcError {}

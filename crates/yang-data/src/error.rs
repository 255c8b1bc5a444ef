//! What is wrong with data: in the words of RFC 6241 appendix A and RFC 7950 sections 8.3 and 15.

use crate::codec::{CodecError, CodecErrorKind};
use crate::event::Position;
use yang_schema::{ErrorCode, Schema};

/// `error-tag` (RFC 6241 appendix A), as far as data can cause one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each is the RFC's name of the tag")]
pub enum ErrorTag {
    InvalidValue,
    TooBig,
    MissingAttribute,
    BadAttribute,
    UnknownAttribute,
    MissingElement,
    BadElement,
    UnknownElement,
    UnknownNamespace,
    DataExists,
    DataMissing,
    OperationNotSupported,
    OperationFailed,
    MalformedMessage,
}

impl ErrorTag {
    /// The RFC's name.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorTag::InvalidValue => "invalid-value",
            ErrorTag::TooBig => "too-big",
            ErrorTag::MissingAttribute => "missing-attribute",
            ErrorTag::BadAttribute => "bad-attribute",
            ErrorTag::UnknownAttribute => "unknown-attribute",
            ErrorTag::MissingElement => "missing-element",
            ErrorTag::BadElement => "bad-element",
            ErrorTag::UnknownElement => "unknown-element",
            ErrorTag::UnknownNamespace => "unknown-namespace",
            ErrorTag::DataExists => "data-exists",
            ErrorTag::DataMissing => "data-missing",
            ErrorTag::OperationNotSupported => "operation-not-supported",
            ErrorTag::OperationFailed => "operation-failed",
            ErrorTag::MalformedMessage => "malformed-message",
        }
    }
}

impl std::fmt::Display for ErrorTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An element of `error-info`.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ErrorInfo {
    /// `bad-element` (RFC 6241 appendix A): the name of the element.
    BadElement(String),
    /// `bad-attribute` (RFC 6241 appendix A): the name of the attribute.
    BadAttribute(String),
    /// `bad-namespace` (RFC 6241 appendix A): the name of the namespace.
    BadNamespace(String),
    /// `non-unique` (RFC 7950 section 15.1): the path of a leaf that breaks a `unique`.
    NonUnique(String),
    /// `missing-choice` (RFC 7950 section 15.6): the name of the choice.
    MissingChoice(String),
    /// `code` of our own namespace: the number that the model's author gave to what is broken.
    Code(u64),
}

/// One fault of a document, an edit or a data tree.
#[derive(Clone, PartialEq, Debug)]
pub struct DataError {
    /// `error-tag`.
    pub tag: ErrorTag,
    /// `error-app-tag`.
    pub app_tag: Option<String>,
    /// `error-path`: an instance-identifier in the form of RFC 7951 section 6.11 (a module's name in front of each node
    /// whose module is not that of the node above), `/` for the root.
    pub path: String,
    /// `error-message`.
    pub message: String,
    /// Where in the document; zero where there is none.
    pub position: Position,
    /// `error-info`.
    pub info: Vec<ErrorInfo>,
}

impl DataError {
    /// A fault without a place.
    pub fn new(tag: ErrorTag, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            tag,
            app_tag: None,
            path: path.into(),
            message: message.into(),
            position: Position::default(),
            info: Vec::new(),
        }
    }

    pub(crate) fn at(mut self, position: Position) -> Self {
        self.position = position;
        self
    }

    /// At the place that it knows, else at this one, else at the other.
    pub(crate) fn at_unless_known(mut self, position: Position, else_at: Position) -> Self {
        if self.position == Position::default() {
            self.position = if position == Position::default() { else_at } else { position };
        }
        self
    }

    pub(crate) fn app_tag(mut self, app_tag: impl Into<String>) -> Self {
        self.app_tag = Some(app_tag.into());
        self
    }

    pub(crate) fn info(mut self, info: ErrorInfo) -> Self {
        self.info.push(info);
        self
    }

    /// With the code of what is broken, and its message where there is no `own`.
    pub(crate) fn coded(mut self, schema: &Schema, code: Option<&ErrorCode>, own: bool) -> Self {
        if let Some(code) = code {
            if let Some(message) = schema.opt_str(code.message).filter(|_| !own) {
                self.message = message.to_owned();
            }
            self.info.push(ErrorInfo::Code(code.number));
        }
        self
    }

    /// The code that the model's author gave to what is broken.
    pub fn code(&self) -> Option<u64> {
        self.info.iter().find_map(|i| if let ErrorInfo::Code(code) = i { Some(*code) } else { None })
    }

    /// A fault of the document's encoding, met while the node of the path was open.
    pub fn from_codec(error: CodecError, path: &str) -> Self {
        let tag = match error.kind {
            CodecErrorKind::Malformed | CodecErrorKind::Truncated => ErrorTag::MalformedMessage,
            CodecErrorKind::Limit => ErrorTag::TooBig,
            CodecErrorKind::UnknownNode => ErrorTag::UnknownElement,
            CodecErrorKind::UnknownNamespace => ErrorTag::UnknownNamespace,
            CodecErrorKind::UnknownAttribute => ErrorTag::UnknownAttribute,
            CodecErrorKind::InvalidValue => ErrorTag::InvalidValue,
            CodecErrorKind::Duplicate => ErrorTag::BadElement,
            CodecErrorKind::MissingKey => ErrorTag::MissingElement,
            CodecErrorKind::Io => ErrorTag::OperationFailed,
        };
        let path = error.path.unwrap_or_else(|| path.to_owned());
        Self::new(tag, path, error.message).at(error.position)
    }
}

impl std::fmt::Display for DataError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}: {} ({}", self.position, self.path, self.message, self.tag)?;
        if let Some(app_tag) = &self.app_tag {
            write!(f, ", {app_tag}")?;
        }
        f.write_str(")")
    }
}

impl std::error::Error for DataError {}

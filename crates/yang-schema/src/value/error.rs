//! Why a text is no value of a type (RFC 7950 section 8.3.1).

use super::TypeSource;
use crate::ConstraintInfo;

/// Why a text is no value of its type, or a value does not fit one.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}", self.message())]
pub struct ValueError {
    /// Which rule is broken.
    pub kind: ValueErrorKind,
    /// What was seen, in our words.
    pub detail: String,
    /// The `error-message` of the restriction, where the model has one.
    pub error_message: Option<String>,
    /// The `error-app-tag` of the restriction, where the model has one.
    pub app_tag: Option<String>,
    /// The error code of the restriction, where the model has one.
    pub code: Option<u64>,
}

/// The rules of a [`ValueError`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ValueErrorKind {
    /// The text is not in the lexical space of the built-in type.
    Lexical,
    /// JSON: the type takes another kind of JSON value (RFC 7951 section 6).
    JsonKind,
    /// Outside the built-in type's bounds or a `range`.
    Range,
    /// Outside a `length`.
    Length,
    /// A `pattern` does not match, or an inverted one does.
    Pattern,
    /// No such enum, or one that is switched off.
    Enum,
    /// No such bit, one that is switched off, or one twice.
    Bit,
    /// No such identity, or one that is not derived from the bases.
    Identity,
    /// Not an instance-identifier, or one of a node that the schema does not have.
    InstanceIdentifier,
    /// No member of the union takes it.
    Union,
    /// Zero, empty or `false` where the leaf demands another value.
    Zero,
}

impl ValueError {
    pub(crate) fn new(kind: ValueErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), error_message: None, app_tag: None, code: None }
    }

    /// With what the broken restriction says of its violation.
    pub(crate) fn with(mut self, info: &ConstraintInfo, types: &dyn TypeSource) -> Self {
        let code = info.code.map(|c| types.code_of(c));
        let message = info.error_message.or_else(|| code.and_then(|c| c.message));
        self.error_message = message.map(|s| types.text(s).to_owned());
        self.code = code.map(|c| c.number);
        self.app_tag = info.error_app_tag.map(|s| types.text(s).to_owned());
        self
    }

    /// What to tell: the model's own message where it has one, else ours.
    pub fn message(&self) -> &str {
        self.error_message.as_deref().unwrap_or(&self.detail)
    }

    /// The error-tag of all of these (RFC 7950 section 8.3.1).
    pub fn error_tag(&self) -> &'static str {
        "invalid-value"
    }
}

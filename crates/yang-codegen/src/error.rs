//! What goes wrong between a model and its Rust.

use yang_schema::Span;

/// Something of a model that has no mapping to Rust, or a selection that the model does not hold. Nothing is generated then.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct MapError {
    /// The statement; `None` where the caller's own words are to blame.
    pub span: Option<Span>,
    /// What cannot be done.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl MapError {
    pub(crate) fn at(span: Span, message: impl Into<String>) -> Self {
        Self { span: Some(span), message: message.into(), help: None }
    }

    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { span: None, message: message.into(), help: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

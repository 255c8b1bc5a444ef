//! anydata and anyxml (RFC 7950 sections 7.10 and 7.11): content that the schema does not know, kept flat.

use smol_str::SmolStr;

/// The content of an anydata or anyxml node: its events in order. Flat, so that no depth of nesting can hurt.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct AnyData {
    pub(crate) events: Vec<AnyEvent>,
}

/// An event of an [`AnyData`].
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum AnyEvent {
    /// A node begins.
    Open(AnyName),
    /// The value of the open node.
    Text { text: SmolStr, form: AnyForm },
    /// The node ends.
    Close,
}

/// A name. A module or namespace that the schema does not know is empty in the other codec's word.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct AnyName {
    pub(crate) module: SmolStr,
    pub(crate) namespace: SmolStr,
    pub(crate) local: SmolStr,
}

/// What the document said of a scalar: JSON tells more than XML.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum AnyForm {
    /// XML's text, or a string.
    Text,
    Number,
    Boolean,
    Empty,
    Null,
}

//! The text of a leaf, from its first piece to its value.

use crate::error::DataError;
use crate::event::{Form, Prefixes, Scalar};
use crate::tree::any::prefixes_in;
use crate::tree::names;
use smol_str::SmolStr;
use yang_schema::{Base, NodeRef, Value};

/// Can the values of a leaf name modules?
fn has_names(node: NodeRef<'_>) -> bool {
    node.type_().is_some_and(|t| {
        matches!(t.real().base(), Base::Identityref | Base::InstanceIdentifier | Base::Union)
    })
}

/// The text of an open leaf. It may come in pieces, so it is parsed when the leaf closes; XML's prefixes are no longer
/// in scope then and those that the text may use are kept.
#[derive(Default)]
pub(crate) struct LeafText {
    text: String,
    form: Option<LeafForm>,
    prefixes: Vec<(SmolStr, SmolStr)>,
}

#[derive(Clone, Copy)]
enum LeafForm {
    Xml,
    JsonString,
    JsonNumber,
    JsonBoolean,
    JsonEmpty,
    JsonNull,
    Canonical,
}

impl LeafText {
    pub(crate) fn start(&mut self) {
        self.text.clear();
        self.form = None;
        self.prefixes.clear();
    }

    /// A piece of the text of a leaf.
    pub(crate) fn push(&mut self, scalar: &Scalar<'_>, node: NodeRef<'_>) {
        self.text.push_str(&scalar.text);
        self.form = Some(match scalar.form {
            Form::Xml(prefixes) => {
                if has_names(node) {
                    for (prefix, namespace) in prefixes_in(&self.text, prefixes) {
                        if !self.prefixes.iter().any(|(p, _)| *p == prefix) {
                            self.prefixes.push((prefix, namespace));
                        }
                    }
                }
                LeafForm::Xml
            }
            Form::JsonString => LeafForm::JsonString,
            Form::JsonNumber => LeafForm::JsonNumber,
            Form::JsonBoolean => LeafForm::JsonBoolean,
            Form::JsonEmpty => LeafForm::JsonEmpty,
            Form::JsonNull => LeafForm::JsonNull,
            Form::Canonical => LeafForm::Canonical,
        });
    }

    /// The value, when the leaf has ended.
    pub(crate) fn value(&self, node: NodeRef<'_>, path: impl Fn() -> String) -> Result<Value, DataError> {
        names::value(node, &self.text, self.form(), path)
    }

    fn form(&self) -> Form<'_> {
        match self.form {
            None | Some(LeafForm::Xml) => Form::Xml(self),
            Some(LeafForm::JsonString) => Form::JsonString,
            Some(LeafForm::JsonNumber) => Form::JsonNumber,
            Some(LeafForm::JsonBoolean) => Form::JsonBoolean,
            Some(LeafForm::JsonEmpty) => Form::JsonEmpty,
            Some(LeafForm::JsonNull) => Form::JsonNull,
            Some(LeafForm::Canonical) => Form::Canonical,
        }
    }
}

impl Prefixes for LeafText {
    fn namespace(&self, prefix: &str) -> Option<&str> {
        self.prefixes.iter().find(|(p, _)| p == prefix).map(|(_, n)| n.as_str())
    }
}

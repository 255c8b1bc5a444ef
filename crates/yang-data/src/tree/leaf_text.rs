//! The text of a leaf, from its first piece to its value.

use crate::error::DataError;
use crate::event::{Form, Prefixes, Scalar};
use crate::tree::names;
use yang_schema::{Base, NodeId, NodeRef, Value};

/// The text of an open leaf. It may come in pieces; it is parsed as far as it has come while the prefixes that it may use are in
/// scope.
#[derive(Default)]
pub(crate) struct LeafText {
    text: String,
    value: Option<Result<Value, Box<DataError>>>,
    identities: Vec<Identity>,
}

/// What an identityref was last: entries of a list have few identities, and names are slow to find.
struct Identity {
    node: NodeId,
    text: String,
    /// XML: the namespace of its prefix.
    namespace: Option<String>,
    value: Value,
}

/// So many leaves are remembered.
const IDENTITIES: usize = 8;

impl LeafText {
    pub(crate) fn start(&mut self) {
        self.text.clear();
        self.value = None;
    }

    /// A piece of the text of a leaf.
    pub(crate) fn push(&mut self, scalar: &Scalar<'_>, node: NodeRef<'_>) {
        self.text.push_str(&scalar.text);
        self.value = Some(self.parse(scalar.form, node));
    }

    fn parse(&mut self, form: Form<'_>, node: NodeRef<'_>) -> Result<Value, Box<DataError>> {
        let text = self.text.as_str();
        let namespace = match form {
            _ if node.type_().is_none_or(|t| t.base() != Base::Identityref) => None,
            Form::Xml(prefixes) => {
                prefixes.namespace(text.split_once(':').map_or("", |(prefix, _)| prefix)).map(Some)
            }
            Form::JsonString => Some(None),
            _ => None,
        };
        if let Some(namespace) = namespace {
            let known = self.identities.iter().find(|i| i.node == node.id());
            if let Some(known) = known.filter(|i| i.text == text && i.namespace.as_deref() == namespace) {
                return Ok(known.value.clone());
            }
        }
        let value = names::value(node, text, form, String::new).map_err(Box::new)?;
        if let Some(namespace) = namespace {
            let (text, namespace) = (text.to_owned(), namespace.map(str::to_owned));
            let identity = Identity { node: node.id(), text, namespace, value: value.clone() };
            match self.identities.iter().position(|i| i.node == node.id()) {
                Some(at) => self.identities[at] = identity,
                None if self.identities.len() < IDENTITIES => self.identities.push(identity),
                None => {}
            }
        }
        Ok(value)
    }

    /// The value, when the leaf has ended.
    pub(crate) fn value(&mut self, node: NodeRef<'_>, path: impl Fn() -> String) -> Result<Value, DataError> {
        match self.value.take() {
            Some(value) => value.map_err(|error| DataError { path: path(), ..*error }),
            None => names::value(node, "", Form::Xml(&NoPrefixes), path),
        }
    }
}

/// An element without text uses no prefixes.
struct NoPrefixes;

impl Prefixes for NoPrefixes {
    fn namespace(&self, _: &str) -> Option<&str> {
        None
    }
}

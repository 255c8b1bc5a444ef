//! Values in their place, for edit-config (RFC 6241 section 7.2).

use super::write::open;
use super::{Config, KeyText, Path, Selector, Step, write};
use crate::binding::any::error;
use crate::binding::encode::{self, full};
use crate::binding::{Kind, Node, Slot, Target, canonical};
use crate::codec::{CodecError, CodecErrorKind};
use crate::event::{Datum, FullName, OutAttribute, Shape, Sink};
use crate::xml;
use std::fmt;
use std::sync::Arc;

/// The `operation` attribute.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "each is the name of the operation")]
pub enum Operation {
    Merge,
    Replace,
    Create,
    Delete,
    Remove,
}

impl Operation {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Operation::Merge => "merge",
            Operation::Replace => "replace",
            Operation::Create => "create",
            Operation::Delete => "delete",
            Operation::Remove => "remove",
        }
    }
}

/// Where an entry that users order goes (RFC 7950 sections 7.7.9 and 7.8.6).
#[derive(Clone)]
pub enum Insert {
    /// In front of all.
    First,
    /// Behind all.
    Last,
    /// In front of the entry with these keys, or of the leaf-list entry with this value.
    Before(Vec<KeyText>),
    /// Behind the entry with these keys, or the leaf-list entry with this value.
    After(Vec<KeyText>),
}

/// A change of one node: the content of `<config>`. Cloning is cheap.
#[derive(Clone)]
pub struct Edit {
    steps: Vec<Step>,
    value: Option<Arc<dyn AnyTarget>>,
    operation: Option<Operation>,
    insert: Option<Insert>,
    wrong: Option<CodecError>,
}

trait AnyTarget: Send + Sync {
    fn slot(&self) -> Slot<'_>;
}

impl<T: Target + Send + Sync> AnyTarget for T {
    fn slot(&self) -> Slot<'_> {
        self.target()
    }
}

impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.steps.iter().map(|s| s.field.name).collect();
        f.debug_struct("Edit")
            .field("path", &names.join("/"))
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

impl<T: Target + Send + Sync> Path<T, Config> {
    /// Puts a value here. It is merged, unless another [`operation`](Edit::operation) is set. The keys of an entry are those
    /// of the path: those in the value may be left out.
    pub fn edit(&self, value: T) -> Edit {
        self.change(Some(Arc::new(value)), None)
    }

    /// Puts a value here in the place of what is there.
    pub fn replace(&self, value: T) -> Edit {
        self.change(Some(Arc::new(value)), Some(Operation::Replace))
    }

    /// Puts a value here where nothing is.
    pub fn create(&self, value: T) -> Edit {
        self.change(Some(Arc::new(value)), Some(Operation::Create))
    }

    /// Takes away what is here, which must be.
    pub fn delete(&self) -> Edit {
        self.change(None, Some(Operation::Delete))
    }

    /// Takes away what is here, if anything is.
    pub fn remove(&self) -> Edit {
        self.change(None, Some(Operation::Remove))
    }

    fn change(&self, value: Option<Arc<dyn AnyTarget>>, operation: Option<Operation>) -> Edit {
        Edit { steps: self.steps.clone(), value, operation, insert: None, wrong: self.check().err() }
    }
}

const NETCONF: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";
/// RFC 7950 section 5.3.1.
const YANG: &str = "urn:ietf:params:xml:ns:yang:1";

impl Edit {
    /// What to do with the value.
    #[must_use]
    pub fn operation(mut self, operation: Operation) -> Self {
        self.operation = Some(operation);
        self
    }

    /// Where among its siblings an entry goes that users order.
    #[must_use]
    pub fn insert(mut self, insert: Insert) -> Self {
        self.insert = Some(insert);
        self
    }

    /// The entry goes in front of all others, in a list or leaf-list that users order.
    #[must_use]
    pub fn first(self) -> Self {
        self.insert(Insert::First)
    }

    /// The entry goes behind all others.
    #[must_use]
    pub fn last(self) -> Self {
        self.insert(Insert::Last)
    }

    /// The entry goes in front of this one, of the same list.
    #[must_use]
    pub fn before<U, M>(self, other: &Path<U, M>) -> Self {
        self.beside(other, Insert::Before)
    }

    /// The entry goes behind this one, of the same list.
    #[must_use]
    pub fn after<U, M>(self, other: &Path<U, M>) -> Self {
        self.beside(other, Insert::After)
    }

    fn beside<U, M>(mut self, other: &Path<U, M>, insert: impl FnOnce(Vec<KeyText>) -> Insert) -> Self {
        let same_list = match (self.steps.split_last(), other.steps.split_last()) {
            (Some((own, around)), Some((their, theirs))) => {
                std::ptr::eq(own.field, their.field)
                    && around.len() == theirs.len()
                    && around.iter().zip(theirs).all(|(a, b)| a.same(b))
            }
            _ => false,
        };
        let keys = match other.steps.last().map(|s| &s.selector) {
            Some(Selector::Keys(keys)) => Some(keys.iter().map(|k| k.value.clone()).collect()),
            Some(Selector::Value(value)) => Some(vec![value.clone()]),
            _ => None,
        };
        match keys.filter(|_| same_list) {
            Some(keys) => self.insert(insert(keys)),
            None => {
                let message = format!("{other} is no other entry of the same list");
                self.wrong = self.wrong.or(Some(error(CodecErrorKind::InvalidValue, message)));
                self
            }
        }
    }

    /// Writes several changes as the content of one `<config>`. What stands around two that follow one another is written once.
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    pub fn encode_all(edits: &[Edit], sink: &mut dyn Sink) -> Result<(), CodecError> {
        edits.iter().try_for_each(Edit::check)?;
        encode_level(edits, 0, sink)
    }

    fn check(&self) -> Result<(), CodecError> {
        if let Some(wrong) = &self.wrong {
            return Err(wrong.clone());
        }
        match self.steps.iter().find(|s| matches!(s.selector, Selector::Every)) {
            Some(step) => {
                let message = format!("an edit names its entry, not all of {:?}", step.field.name);
                Err(error(CodecErrorKind::MissingKey, message))
            }
            None => Ok(()),
        }
    }

    /// Writes the content of `<config>`.
    ///
    /// # Errors
    /// The path has a step that does not exist, the value's keys are not the path's, or the sink fails.
    pub fn encode(&self, sink: &mut dyn Sink) -> Result<(), CodecError> {
        Self::encode_all(std::slice::from_ref(self), sink)
    }

    /// The content of `<config>`, as XML.
    ///
    /// # Errors
    /// As [`encode`](Self::encode).
    pub fn to_xml(&self) -> Result<String, CodecError> {
        xml::to_string(|sink| self.encode(sink))
    }

    /// A whole `root`: its fields. An operation on all of it is edit-config's own.
    fn encode_root(&self, sink: &mut dyn Sink) -> Result<(), CodecError> {
        match self.value.as_ref().map(|v| v.slot()) {
            Some(Slot::Container(root)) if self.operation.is_none() => match root.get() {
                Some(node) => {
                    let module = node.node_table().module.unwrap_or(crate::binding::Module::new("", ""));
                    encode::fields(node, module, sink)
                }
                None => Ok(()),
            },
            _ => {
                let message = "the whole datastore takes no operation".to_owned();
                Err(error(CodecErrorKind::InvalidValue, message))
            }
        }
    }

    fn encode_last(&self, step: &Step, sink: &mut dyn Sink) -> Result<(), CodecError> {
        let (place, operation);
        let mut modules = Vec::new();
        let mut attributes = Vec::new();
        if let Some(known) = self.operation {
            operation = known.as_str();
            attributes.push(OutAttribute {
                name: FullName { module: "ietf-netconf", namespace: NETCONF, local: "operation" },
                value: Datum::Text(operation),
            });
        }
        if let Some(insert) = &self.insert {
            let yang = |local| FullName { module: "yang", namespace: YANG, local };
            let (word, beside) = match insert {
                Insert::First => ("first", None),
                Insert::Last => ("last", None),
                Insert::Before(keys) => ("before", Some(keys)),
                Insert::After(keys) => ("after", Some(keys)),
            };
            attributes.push(OutAttribute { name: yang("insert"), value: Datum::Text(word) });
            if let Some(keys) = beside {
                place = beside_text(step, keys, &mut modules)?;
                let (local, value) = if step.field.kind == Kind::LeafList {
                    ("value", Datum::Text(&place))
                } else {
                    ("key", Datum::Qualified { text: &place, modules: &modules })
                };
                attributes.push(OutAttribute { name: yang(local), value });
            }
        }
        match (&self.value, &step.selector) {
            // The value of a leaf-list entry stands in the path.
            (_, Selector::Value(_)) | (None, _) => {
                open(step, &attributes, sink)?;
                sink.close()
            }
            (Some(value), Selector::Keys(_)) => match value.slot() {
                Slot::Container(entry) => match entry.get() {
                    Some(node) => {
                        check_keys(step, node)?;
                        open(step, &attributes, sink)?;
                        let table = node.node_table();
                        let module = table.module.unwrap_or(step.module);
                        encode::fields_except(node, module, table.keys, sink)?;
                        sink.close()
                    }
                    None => Ok(()),
                },
                _ => Err(error(CodecErrorKind::InvalidValue, format!("{:?} has no keys", step.field.name))),
            },
            (Some(value), _) => {
                let slot = value.slot();
                if let (Slot::Container(container), Shape::Container) = (&slot, write::shape(step))
                    && let Some(node) = container.get()
                {
                    sink.open(full(step.module, step.field.name), Shape::Container, &attributes)?;
                    encode::fields(node, node.node_table().module.unwrap_or(step.module), sink)?;
                    return sink.close();
                }
                encode::slot(slot, step.field.name, step.module, true, &attributes, sink)
            }
        }
    }
}

/// Writes changes from a level of their paths on, which they have the same way to.
fn encode_level(edits: &[Edit], level: usize, sink: &mut dyn Sink) -> Result<(), CodecError> {
    let mut rest = edits;
    while let Some(edit) = rest.first() {
        let Some(step) = edit.steps.get(level) else {
            edit.encode_root(sink)?;
            rest = &rest[1..];
            continue;
        };
        if edit.steps.len() == level + 1 {
            edit.encode_last(step, sink)?;
            rest = &rest[1..];
            continue;
        }
        let goes_on = |e: &&Edit| e.steps.len() > level + 1 && e.steps[level].same(step);
        let count = rest.iter().take_while(goes_on).count();
        open(step, &[], sink)?;
        encode_level(&rest[..count], level + 1, sink)?;
        sink.close()?;
        rest = &rest[count..];
    }
    Ok(())
}

/// `[name='x']`, or the value itself of a leaf-list.
fn beside_text(
    step: &Step,
    values: &[KeyText],
    modules: &mut Vec<(&'static str, &'static str)>,
) -> Result<String, CodecError> {
    let wrong =
        || error(CodecErrorKind::MissingKey, format!("these are not the keys of {:?}", step.field.name));
    if step.field.kind == Kind::LeafList {
        let [value] = values else { return Err(wrong()) };
        return Ok(canonical(&*value.value));
    }
    let table = step.field.child.ok_or_else(wrong)?();
    if table.keys.len() != values.len() {
        return Err(wrong());
    }
    let inside = table.module.unwrap_or(step.module);
    let mut text = String::new();
    for (&at, value) in table.keys.iter().zip(values) {
        let Some(field) = table.fields.get(at) else { return Err(wrong()) };
        let module = field.module.unwrap_or(inside);
        if !modules.iter().any(|(name, _)| *name == module.name) {
            modules.push((module.name, module.namespace));
        }
        let value = canonical(&*value.value);
        if value.contains('\'') && value.contains('"') {
            // RFC 7950 section 14 (predicates) has no way to write it.
            let message = format!("{value:?} has both quotes, and no predicate can hold it");
            return Err(error(CodecErrorKind::InvalidValue, message));
        }
        let value = crate::binding::validate::quoted(&value);
        text.push_str(&format!("[{}:{}={value}]", module.name, field.name));
    }
    Ok(text)
}

/// Keys in the value are those of the path, or left at nothing.
fn check_keys(step: &Step, node: &dyn Node) -> Result<(), CodecError> {
    let Selector::Keys(keys) = &step.selector else { return Ok(()) };
    for (key, &at) in keys.iter().zip(node.node_table().keys) {
        if let Slot::Leaf(leaf) = node.slot(at)
            && let Some(value) = leaf.get()
            && !value.same(&*key.value.value)
            && !value.is_default()
        {
            let message = format!(
                "the key {:?} is {:?} in the path and {:?} in the value",
                key.name,
                canonical(&*key.value.value),
                canonical(value)
            );
            return Err(error(CodecErrorKind::InvalidValue, message));
        }
    }
    Ok(())
}

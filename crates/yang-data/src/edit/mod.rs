//! `edit-config` (RFC 6241 section 7.2; RFC 7950 sections 7.5.8, 7.6.7, 7.7.9, 7.8.6): changes to configuration, as they
//! are asked for.
//!
//! [`Edit::decode`] parses and checks a payload; [`Edit::apply`] makes a new tree of an old one. Whether the result is
//! valid is for [`validate`](crate::validate) to say.

mod apply;
mod attributes;
mod decode;
mod plain;
mod seen;
mod way;

pub use apply::{ApplyOptions, ErrorOption};

use crate::error::DataError;
use crate::event::Position;
use crate::tree::annotation::{Annotation, Of};
use crate::tree::list::Entry;
use crate::tree::{AnyData, Content, Record, Tree};
use std::sync::Arc;
use yang_schema::value::{InstanceIdentifier, InstanceSelector};
use yang_schema::{NodeId, NodeKind, Schema, Value};

/// `operation` (RFC 6241 section 7.2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Operation {
    /// Merged with what is there.
    Merge,
    /// In place of what is there.
    Replace,
    /// It must not be there yet.
    Create,
    /// It must be there, and goes.
    Delete,
    /// It goes if it is there.
    Remove,
    /// Untouched; what is below says what to do. `default-operation` alone can ask for it.
    None,
}

impl Operation {
    /// The RFC's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Operation::Merge => "merge",
            Operation::Replace => "replace",
            Operation::Create => "create",
            Operation::Delete => "delete",
            Operation::Remove => "remove",
            Operation::None => "none",
        }
    }

    /// The operation of a word of the `operation` attribute.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Merge, Self::Replace, Self::Create, Self::Delete, Self::Remove]
            .into_iter()
            .find(|o| o.as_str() == name)
    }

    fn deletes(self) -> bool {
        matches!(self, Operation::Delete | Operation::Remove)
    }
}

/// `default-operation` (RFC 6241 section 7.2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum DefaultOperation {
    /// What says nothing is merged.
    #[default]
    Merge,
    /// The payload is the whole new configuration.
    Replace,
    /// What says nothing must be there, and stays.
    None,
}

impl DefaultOperation {
    /// The default operation of a word.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "merge" => Some(Self::Merge),
            "replace" => Some(Self::Replace),
            "none" => Some(Self::None),
            _ => None,
        }
    }
}

/// Where an entry of a user-ordered list goes (RFC 7950 sections 7.7.9 and 7.8.6).
#[derive(Clone, PartialEq, Debug)]
pub enum Insert {
    /// In front of all others.
    First,
    /// Behind all others.
    Last,
    /// In front of the entry with these keys, or this value.
    Before(Vec<Value>),
    /// Behind it.
    After(Vec<Value>),
}

/// A change to a datastore, checked against the schema.
#[derive(Clone, Debug)]
pub struct Edit {
    schema: Arc<Schema>,
    nodes: Vec<EditNode>,
}

/// One node of an edit.
#[derive(Clone, PartialEq, Debug)]
struct EditNode {
    node: NodeId,
    /// What it says itself.
    operation: Option<Operation>,
    content: EditContent,
    insert: Option<Box<Insert>>,
    /// Metadata that the node gets (RFC 7952).
    annotations: Vec<Annotation>,
    position: Position,
}

impl EditNode {
    /// A node that says nothing but its content.
    fn new(node: NodeId, content: EditContent) -> Self {
        let position = Position::default();
        Self { node, operation: None, content, insert: None, annotations: Vec::new(), position }
    }
}

#[derive(Clone, PartialEq, Debug)]
enum EditContent {
    /// A leaf's or leaf-list entry's value; a leaf that goes needs none.
    Value(Option<Value>),
    /// A container or list entry.
    Inner(Box<Inner>),
    /// The same, where no node in it says anything but its content: no state, no annotations.
    Plain(Record),
    Any(Arc<AnyData>),
}

/// A container or list entry: its keys, and its other children.
#[derive(Clone, PartialEq, Debug, Default)]
struct Inner {
    keys: Vec<Value>,
    children: Vec<EditNode>,
    /// The annotations of keys, by ordinal.
    noted: Vec<(u32, Vec<Annotation>)>,
}

/// What [`Edit::push`] writes.
#[derive(Clone, Debug)]
pub enum Payload {
    /// Nothing: the path says it all.
    None,
    /// The value of a leaf. A leaf-list entry's stands in the path.
    Value(Value),
    /// The content of a container or list entry: that of the node of the path in this tree.
    Tree(Tree),
}

impl Edit {
    /// An edit that does nothing.
    pub fn new(schema: Arc<Schema>) -> Self {
        Self { schema, nodes: Vec::new() }
    }

    /// Does it do nothing?
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The schema it was made for.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Adds an operation on one node, to be applied after those before it. The nodes above it must exist; containers
    /// without presence always do.
    ///
    /// # Errors
    /// A path or payload that does not fit the schema.
    pub fn push(
        &mut self,
        path: &InstanceIdentifier,
        operation: Operation,
        payload: Payload,
        insert: Option<Insert>,
    ) -> Result<(), DataError> {
        let node = apply::from_path(&self.schema, path, operation, payload, insert)?;
        self.nodes.push(node);
        Ok(())
    }

    /// The edit that merges all configuration of a tree.
    pub fn merging(tree: &Tree) -> Self {
        let children = whole_children_of(tree.schema(), tree.root());
        Self { schema: Arc::clone(tree.schema()), nodes: children }
    }
}

/// The nodes of a record, without its keys, and all that is in them.
fn whole_children_of(schema: &Schema, record: &Record) -> Vec<EditNode> {
    children_of(schema, record, &mut |record| EditContent::Inner(Box::new(inner(schema, record))))
}

/// The nodes of a record, without its keys; `below` says what becomes of containers and list entries.
fn children_of(
    schema: &Schema,
    record: &Record,
    below: &mut dyn FnMut(&Record) -> EditContent,
) -> Vec<EditNode> {
    let mut nodes = Vec::new();
    for slot in record.slots() {
        let node = schema.node(slot.node);
        if !node.is_config() {
            continue;
        }
        let noted = |of: &Of| {
            let annotations = record.annotations().map(|a| a.at(Some((slot.ordinal, of))));
            annotations.unwrap_or_default().to_vec()
        };
        let mut add = |content, annotations| {
            nodes.push(EditNode { annotations, ..EditNode::new(slot.node, content) });
        };
        match (node.kind(), &slot.content) {
            (NodeKind::Leaf, Content::Value(value)) if !node.is_key() => {
                add(EditContent::Value(Some(value.clone())), noted(&Of::Node));
            }
            (NodeKind::LeafList, content) => {
                for (_, value) in Value::in_content(content).iter() {
                    add(EditContent::Value(Some(value.clone())), noted(&Of::Entry(value.clone())));
                }
            }
            (_, Content::Any(any)) => add(EditContent::Any(Arc::clone(any)), noted(&Of::Node)),
            (NodeKind::Container | NodeKind::List, content) => {
                for (_, record) in Record::in_content(content).iter() {
                    add(below(record), own(record));
                }
            }
            _ => {}
        }
    }
    nodes
}

fn inner(schema: &Schema, record: &Record) -> Inner {
    let node = schema.node(record.node());
    let mut inner = Inner { children: whole_children_of(schema, record), ..Inner::default() };
    for key in node.keys() {
        let ordinal = key.data_ordinal();
        inner.keys.extend(record.value(ordinal).cloned());
        let annotations = record.annotations().map(|a| a.at(Some((ordinal, &Of::Node))));
        if let Some(annotations) = annotations.filter(|a| !a.is_empty()) {
            inner.noted.push((ordinal, annotations.to_vec()));
        }
    }
    inner
}

/// The annotations of the record itself.
fn own(record: &Record) -> Vec<Annotation> {
    record.annotations().map(|a| a.own.clone()).unwrap_or_default()
}

/// The keys or value that an instance-identifier's step names.
fn selected(selector: &InstanceSelector) -> Vec<Value> {
    match selector {
        InstanceSelector::Keys(keys) => keys.clone(),
        InstanceSelector::Value(value) => vec![value.clone()],
        InstanceSelector::Only | InstanceSelector::Position(_) => Vec::new(),
    }
}

//! The persistent tree: instance data whose copies are free and whose edits cost their path.

pub(crate) mod annotation;
pub(crate) mod any;
mod assemble;
pub(crate) mod btree;
mod decode;
mod followers;
pub(crate) mod leaf_text;
pub(crate) mod list;
pub(crate) mod list_ops;
pub(crate) mod names;
mod notes;
pub(crate) mod record;
mod sink;
pub(crate) mod xpath_text;

pub use annotation::Annotation;
pub use any::AnyData;
pub(crate) use any::AnyEvent;
pub(crate) use assemble::{WITH_DEFAULTS, push_keys};
pub(crate) use decode::MAX_DEPTH;
pub use decode::{DecodeOptions, UnknownAnnotations};
pub(crate) use followers::Followers;
pub(crate) use notes::{check_target, no_module};
#[cfg(test)]
pub(crate) use record::visited;
pub(crate) use record::{Content, Record, Slot};
pub use sink::TreeSink;

pub(crate) use crate::tree::list::Entry;
use crate::tree::list::Keys;
use std::sync::Arc;
use yang_schema::value::{InstanceIdentifier, InstanceSelector, InstanceStep};
use yang_schema::{NodeId, NodeKind, Schema, Value};

/// Instance data of one schema. Cloning shares it; edits leave other clones alone.
///
/// A tree hangs on a schema node: [`NodeId::ROOT`] for a datastore, the `input` or `output` of an rpc or action, a
/// notification, a structure. Values, order and keys follow the schema at every moment; whether the constraints hold is
/// for [`validate`](crate::validate) to say. Defaults are not stored; a [`View`](crate::view::View) supplies them.
#[derive(Clone)]
pub struct Tree {
    schema: Arc<Schema>,
    root: Record,
}

impl Tree {
    /// An empty datastore.
    pub fn new(schema: Arc<Schema>) -> Self {
        Self::empty_at(schema, NodeId::ROOT)
    }

    /// An empty tree that hangs on a schema node: [`NodeId::ROOT`], an input, an output, a notification, a structure.
    pub fn empty_at(schema: Arc<Schema>, at: NodeId) -> Self {
        Self { schema, root: Record::new(at, 0, []) }
    }

    pub(crate) fn from_root(schema: Arc<Schema>, root: Record) -> Self {
        Self { schema, root }
    }

    /// Its schema.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The schema node it hangs on.
    pub fn at(&self) -> NodeId {
        self.root.node()
    }

    /// Is there nothing in it?
    pub fn is_empty(&self) -> bool {
        self.root.is_empty()
    }

    /// The commit that last changed anything in it.
    pub fn commit(&self) -> u64 {
        self.root.commit()
    }

    /// Are the two the same piece of memory? Then they are equal; it costs nothing to ask.
    pub fn same(&self, other: &Tree) -> bool {
        self.root.same(&other.root)
    }

    pub(crate) fn root(&self) -> &Record {
        &self.root
    }

    /// The value of the leaf, or the leaf-list entry, of a path.
    pub fn value(&self, path: &InstanceIdentifier) -> Option<&Value> {
        match self.record_at(path)? {
            ContentRef::Value(value) => Some(value),
            _ => None,
        }
    }

    /// What stands at a path: the entry where it names one.
    pub(crate) fn record_at(&self, path: &InstanceIdentifier) -> Option<ContentRef<'_>> {
        let mut at = &self.root;
        let (last, above) = path.steps.split_last()?;
        for step in above {
            at = match child_at(&self.schema, at, step)? {
                ContentRef::Record(record) => record,
                _ => return None,
            };
        }
        child_at(&self.schema, at, last)
    }

    pub(crate) fn root_mut(&mut self) -> &mut Record {
        &mut self.root
    }
}

/// Equal data; commit ids do not count.
impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.schema, &other.schema)
            && self.root.node() == other.root.node()
            && self.root == other.root
    }
}

impl std::fmt::Debug for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        crate::view::View::of(self).fmt(f)
    }
}

/// One thing in a tree.
#[derive(Clone, Copy)]
pub(crate) enum ContentRef<'a> {
    Record(&'a Record),
    Value(&'a Value),
    Any(&'a Arc<AnyData>),
}

fn child_at<'a>(schema: &Schema, record: &'a Record, step: &InstanceStep) -> Option<ContentRef<'a>> {
    let node = schema.node(step.node);
    let content = record.get(node.data_ordinal())?;
    let keys: Vec<&Value> = match &step.selector {
        InstanceSelector::Only => Vec::new(),
        InstanceSelector::Keys(keys) => keys.iter().collect(),
        InstanceSelector::Value(value) => vec![value],
        InstanceSelector::Position(n) => {
            let position = usize::try_from(n.checked_sub(1)?).ok()?;
            return Record::in_content(content).nth(position).map(|(_, r)| ContentRef::Record(r));
        }
    };
    match (node.kind(), content) {
        (NodeKind::List, content) => {
            Record::in_content(content).get(&Keys::of(node), &keys).map(|(_, r)| ContentRef::Record(r))
        }
        (NodeKind::LeafList, content) => {
            Value::in_content(content).get(&Keys::of(node), &keys).map(|(_, v)| ContentRef::Value(v))
        }
        (_, Content::Record(record)) => Some(ContentRef::Record(record)),
        (_, Content::Value(value)) => Some(ContentRef::Value(value)),
        (_, Content::Any(any)) => Some(ContentRef::Any(any)),
        _ => None,
    }
}

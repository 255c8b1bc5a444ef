//! What is different between two trees. What they share costs nothing to compare.
//!
//! A [`Diff`] can be applied to the first tree to make the second, turned round, listed, shown to people, and written as the
//! content of an `edit-config`.

pub(crate) mod annotated;
mod apply;
mod compare;
mod edit_config;
mod list;
mod show;

pub(crate) use compare::records;
pub(crate) use list::{DiffEntry, entries as list_changes};

use crate::tree::{AnyData, Content, Record, Tree};
use std::sync::Arc;
use yang_schema::value::{InstanceIdentifier, InstanceSelector, InstanceStep};
use yang_schema::{NodeId, NodeKind, Schema, Value};

/// The changes from one tree to another.
#[derive(Clone)]
pub struct Diff {
    pub(crate) schema: Arc<Schema>,
    pub(crate) at: NodeId,
    pub(crate) changes: Vec<Change>,
}

/// A change of one node.
#[derive(Clone, PartialEq)]
pub(crate) struct Change {
    pub(crate) node: NodeId,
    /// The keys of a list entry, or the value of a leaf-list entry.
    pub(crate) key: Vec<Value>,
    pub(crate) kind: ChangeKind,
    /// For an entry of a user-ordered list that comes, goes or moves: where it stood and where it stands.
    pub(crate) moved: Option<Box<Moved>>,
}

#[derive(Clone, PartialEq)]
pub(crate) enum ChangeKind {
    Created(Item),
    Deleted(Item),
    /// Another value, or other content of anydata, or of a list without keys.
    Replaced(Item, Item),
    /// The node stays; something below it changes, or it moves.
    Inside(Vec<Change>),
    /// The node around the change itself holds other annotations, of it or of its leaves. It comes first.
    Annotated(Record, Record),
}

/// What stood or stands at a node.
#[derive(Clone, PartialEq)]
pub(crate) enum Item {
    Record(Record),
    Value(Value),
    Any(Arc<AnyData>),
    /// All entries of a list without keys, or none.
    Sequence(Option<Content>),
}

/// A position and the entry in front, by its key; none for the first.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct Spot {
    pub(crate) rank: usize,
    pub(crate) after: Option<Vec<Value>>,
}

/// From where to where; `None` where the entry is not there.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct Moved {
    pub(crate) from: Option<Spot>,
    pub(crate) to: Option<Spot>,
}

/// One change, as [`Diff::changes`] lists them.
#[derive(Clone, PartialEq, Debug)]
pub struct Changed {
    /// Where: the topmost node that came or went, the leaf that has another value, the entry that moved.
    pub path: InstanceIdentifier,
    /// What happened.
    pub kind: ChangedKind,
    /// The value before, of a leaf or leaf-list entry.
    pub old: Option<Value>,
    /// The value after, of a leaf or leaf-list entry.
    pub new: Option<Value>,
}

/// What happened to a node.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ChangedKind {
    /// It and all below it came.
    Created,
    /// It and all below it went.
    Deleted,
    /// It has another value or content.
    Replaced,
    /// It stands elsewhere in its user-ordered list.
    Moved,
    /// It or one of its leaves has other annotations.
    Annotated,
}

/// The changes from one tree to another of the same schema.
///
/// # Panics
/// If the trees hang on different schema nodes.
pub fn diff(from: &Tree, to: &Tree) -> Diff {
    assert_eq!(from.at(), to.at(), "a diff is of trees of one kind");
    let changes = compare::records(from.schema(), from.root(), to.root());
    Diff { schema: Arc::clone(from.schema()), at: from.at(), changes }
}

impl Diff {
    /// Are the trees equal?
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The schema of both trees.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// All changes, in the order of the schema.
    pub fn changes(&self) -> Vec<Changed> {
        let mut found = Vec::new();
        self.collect(&self.changes, &mut Vec::new(), &mut found);
        found
    }

    fn collect(&self, changes: &[Change], path: &mut Vec<InstanceStep>, found: &mut Vec<Changed>) {
        for change in changes {
            if let ChangeKind::Annotated(..) = change.kind {
                let path = InstanceIdentifier { steps: path.clone() };
                found.push(Changed { path, kind: ChangedKind::Annotated, old: None, new: None });
                continue;
            }
            path.push(self.step(change));
            let mut add = |kind, old: Option<&Item>, new: Option<&Item>| {
                let value = |item: Option<&Item>| match item {
                    Some(Item::Value(value)) => Some(value.clone()),
                    _ => None,
                };
                let path = InstanceIdentifier { steps: path.clone() };
                found.push(Changed { path, kind, old: value(old), new: value(new) });
            };
            match &change.kind {
                ChangeKind::Created(item) => add(ChangedKind::Created, None, Some(item)),
                ChangeKind::Deleted(item) => add(ChangedKind::Deleted, Some(item), None),
                ChangeKind::Replaced(old, new) => add(ChangedKind::Replaced, Some(old), Some(new)),
                ChangeKind::Inside(below) => {
                    if change.moved.is_some() {
                        add(ChangedKind::Moved, None, None);
                    }
                    self.collect(below, path, found);
                }
                ChangeKind::Annotated(..) => {}
            }
            path.pop();
        }
    }

    pub(crate) fn step(&self, change: &Change) -> InstanceStep {
        let selector = match (self.schema.node(change.node).kind(), change.key.as_slice()) {
            (_, []) => InstanceSelector::Only,
            (NodeKind::LeafList, [value]) => InstanceSelector::Value(value.clone()),
            (_, keys) => InstanceSelector::Keys(keys.to_vec()),
        };
        InstanceStep { node: change.node, selector }
    }

    /// The changes back.
    #[must_use]
    pub fn reverse(&self) -> Diff {
        Diff { schema: Arc::clone(&self.schema), at: self.at, changes: self.reversed(&self.changes) }
    }

    fn reversed(&self, changes: &[Change]) -> Vec<Change> {
        let turn = |change: &Change| Change {
            node: change.node,
            key: change.key.clone(),
            kind: match &change.kind {
                ChangeKind::Created(item) => ChangeKind::Deleted(item.clone()),
                ChangeKind::Deleted(item) => ChangeKind::Created(item.clone()),
                ChangeKind::Replaced(old, new) => ChangeKind::Replaced(new.clone(), old.clone()),
                ChangeKind::Inside(below) => ChangeKind::Inside(self.reversed(below)),
                ChangeKind::Annotated(old, new) => ChangeKind::Annotated(new.clone(), old.clone()),
            },
            moved: change.moved.as_ref().map(|m| Box::new(Moved { from: m.to.clone(), to: m.from.clone() })),
        };
        let mut turned: Vec<Change> = changes.iter().map(turn).collect();
        sort(&self.schema, &mut turned);
        turned
    }
}

/// In the order of the schema. Of a user-ordered list first what goes or stays, then what comes or moves, by its new place:
/// then the entry in front of each stands already where it will.
pub(crate) fn sort(schema: &Schema, changes: &mut [Change]) {
    let to = |change: &Change| change.moved.as_ref().and_then(|m| m.to.as_ref()).map(|s| s.rank);
    let apart = |change: &Change| !matches!(change.kind, ChangeKind::Annotated(..));
    changes.sort_by(|a, b| {
        let nodes = apart(a).cmp(&apart(b));
        let nodes = nodes.then_with(|| schema.data_ordinal(a.node).cmp(&schema.data_ordinal(b.node)));
        nodes.then_with(|| to(a).cmp(&to(b))).then_with(|| a.key.cmp(&b.key))
    });
}

impl PartialEq for Diff {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.schema, &other.schema) && self.at == other.at && self.changes == other.changes
    }
}

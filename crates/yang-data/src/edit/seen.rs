//! Which nodes an edit has named already: two operations on one node are an error.

use super::{EditContent, EditNode};
use hashbrown::HashTable;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use yang_schema::{NodeId, NodeKind, NodeRef, Value};

/// The children of one node, by what names them.
#[derive(Default)]
pub(super) struct Seen {
    single: Vec<NodeId>,
    /// Entries of lists and leaf-lists: their hash, and where they stand among the children.
    entries: HashTable<(u64, usize)>,
    state: Option<RandomState>,
}

impl Seen {
    /// A node that there is at most one of. Is it the first?
    pub(super) fn single(&mut self, node: NodeId) -> bool {
        let is_first = !self.single.contains(&node);
        if is_first {
            self.single.push(node);
        }
        is_first
    }

    /// A node that is to follow these. Is it the first of its kind and keys?
    pub(super) fn is_first(&mut self, node: NodeRef<'_>, made: &EditNode, nodes: &[EditNode]) -> bool {
        if !matches!(node.kind(), NodeKind::List | NodeKind::LeafList) {
            return self.single(node.id());
        }
        // Nobody outside must be able to make hashes collide.
        let mut hasher = self.state.get_or_insert_with(RandomState::new).build_hasher();
        made.node.hash(&mut hasher);
        each_key(node, made, |key| {
            key.hash(&mut hasher);
            true
        });
        let hash = hasher.finish();
        let is_it = |(_, at): &(u64, usize)| nodes.get(*at).is_some_and(|other| is_same(node, made, other));
        if self.entries.find(hash, is_it).is_some() {
            return false;
        }
        self.entries.insert_unique(hash, (hash, nodes.len()), |(hash, _)| *hash);
        true
    }
}

fn is_same(node: NodeRef<'_>, one: &EditNode, other: &EditNode) -> bool {
    let mut keys: Vec<&Value> = Vec::new();
    if one.node != other.node {
        return false;
    }
    each_key(node, one, |key| {
        keys.push(key);
        true
    });
    let mut keys = keys.into_iter();
    each_key(node, other, |key| keys.next() == Some(key)) && keys.next().is_none()
}

/// Is something so of each key, or of the value of a leaf-list's entry?
fn each_key<'e>(node: NodeRef<'_>, made: &'e EditNode, mut is_so: impl FnMut(&'e Value) -> bool) -> bool {
    match &made.content {
        EditContent::Inner(inner) => inner.keys.iter().all(is_so),
        EditContent::Plain(record) => {
            node.keys().filter_map(|key| record.value(key.data_ordinal())).all(is_so)
        }
        EditContent::Value(value) => value.as_ref().is_none_or(&mut is_so),
        EditContent::Any(_) => true,
    }
}

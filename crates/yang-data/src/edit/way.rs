//! The way to the node that is being read. Its text is made where an error tells it, and nowhere else.

use crate::tree::push_keys;
use crate::view::{push_predicate, push_step};
use yang_schema::{NodeId, NodeKind, NodeRef, Schema, Value};

/// The nodes from the top to the innermost open one, with what is known of their keys.
#[derive(Default)]
pub(super) struct Way {
    nodes: Vec<NodeId>,
    keys: Vec<Key>,
}

/// A key of an entry on the way, or the value of a leaf-list's.
struct Key {
    /// How many nodes stand above the entry, and itself.
    depth: usize,
    node: NodeId,
    value: Value,
}

impl Way {
    /// A node opens.
    pub(super) fn enter(&mut self, node: NodeId) {
        self.nodes.push(node);
    }

    /// The innermost node ends.
    pub(super) fn leave(&mut self) {
        self.forget_keys();
        self.nodes.pop();
    }

    /// A key of the innermost node, or its own value.
    pub(super) fn know(&mut self, node: NodeId, value: &Value) {
        self.keys.push(Key { depth: self.nodes.len(), node, value: value.clone() });
    }

    /// The keys of the innermost node are not known.
    pub(super) fn forget_keys(&mut self) {
        while self.keys.last().is_some_and(|k| k.depth >= self.nodes.len()) {
            self.keys.pop();
        }
    }

    /// The path of the innermost node.
    pub(super) fn text(&self, schema: &Schema) -> String {
        let mut path = String::from("/");
        let mut above = None;
        let mut keys = self.keys.iter().peekable();
        for (depth, node) in (1..).zip(&self.nodes) {
            let node = schema.node(*node);
            push_step(&mut path, above, node);
            while let Some(key) = keys.next_if(|k| k.depth == depth) {
                match schema.node(key.node) {
                    list if list.kind() == NodeKind::LeafList => push_keys(&mut path, list, &[&key.value]),
                    leaf => push_predicate(&mut path, leaf.name(), &key.value.canonical(schema)),
                }
            }
            above = Some(node);
        }
        path
    }

    /// The path of a child of the innermost node.
    pub(super) fn text_of(&self, child: NodeRef<'_>) -> String {
        let mut path = self.text(child.schema());
        push_step(&mut path, self.nodes.last().map(|n| child.schema().node(*n)), child);
        path
    }
}

//! Addresses: which instance of a schema node, by the keys of all list entries from the root down to it.
//!
//! An entry of a leaf-list has its value for a key, and an entry of a list without keys, or of a leaf-list that may repeat values, its
//! position.

use crate::tree::list::ListKind;
use crate::view::Cursor;
use yang_schema::{NodeId, NodeKind, NodeRef, Value};

/// How many values a node adds to the addresses of what is below it.
pub(crate) fn own_len(node: NodeRef<'_>) -> usize {
    match node.kind() {
        NodeKind::List => node.keys().len().max(1),
        NodeKind::LeafList => 1,
        _ => 0,
    }
}

/// How many values the address of a node has.
pub(crate) fn len(node: NodeRef<'_>) -> usize {
    std::iter::successors(Some(node), |n| n.data_parent()).map(own_len).sum()
}

/// Is an entry known by its position alone?
pub(crate) fn by_position(node: NodeRef<'_>) -> bool {
    ListKind::of(node) == ListKind::Sequence
}

/// Adds what an entry adds to its address; `position` is that among the instances of its node.
pub(crate) fn push(at: &Cursor<'_>, position: usize, keys: &mut Vec<Value>) {
    match at.node().kind() {
        NodeKind::List | NodeKind::LeafList if by_position(at.node()) => {
            keys.push(Value::Uint(position as u64))
        }
        NodeKind::List => keys.extend(at.keys().into_iter().cloned()),
        NodeKind::LeafList => keys.extend(at.value().cloned()),
        _ => {}
    }
}

/// The address of a node.
pub(crate) fn of(at: &Cursor<'_>) -> Vec<Value> {
    let mut line: Vec<&Cursor<'_>> = std::iter::once(at).chain(at.ancestors()).collect();
    line.reverse();
    let mut keys = Vec::new();
    for at in line {
        let many = matches!(at.node().kind(), NodeKind::List | NodeKind::LeafList);
        let position = if many && by_position(at.node()) { at.position() } else { 0 };
        push(at, position, &mut keys);
    }
    keys
}

/// The data nodes below one node down to another, that one included.
fn line<'s>(from: NodeId, to: NodeRef<'s>) -> Vec<NodeRef<'s>> {
    let up = std::iter::successors(Some(to), |n| n.data_parent());
    let mut line: Vec<NodeRef<'s>> = up.take_while(|n| n.id() != from).collect();
    line.reverse();
    line
}

/// The instance of an address that goes on from a node.
pub(crate) fn descend<'v>(from: &Cursor<'v>, to: NodeRef<'v>, keys: &[Value]) -> Option<Cursor<'v>> {
    let mut keys = keys;
    let mut at = from.clone();
    for node in line(from.node_id(), to) {
        let (own, rest) = keys.split_at_checked(own_len(node))?;
        keys = rest;
        at = match (own, node.kind()) {
            (_, NodeKind::List | NodeKind::LeafList) if !by_position(node) => {
                at.entry(node.id(), &own.iter().collect::<Vec<_>>())?
            }
            ([Value::Uint(position)], _) => at.nth(node.id(), usize::try_from(*position).ok()?)?,
            _ => at.child(node.id())?,
        };
    }
    Some(at)
}

/// Visits all instances of a node below another, each with its address; `keys` is that of `from`.
pub(crate) fn each_below<'v>(
    from: &Cursor<'v>,
    keys: &mut Vec<Value>,
    to: NodeRef<'v>,
    visit: &mut dyn FnMut(&Cursor<'v>, &[Value]),
) {
    each(from, keys, &line(from.node_id(), to), visit);
}

fn each<'v>(
    from: &Cursor<'v>,
    keys: &mut Vec<Value>,
    line: &[NodeRef<'v>],
    visit: &mut dyn FnMut(&Cursor<'v>, &[Value]),
) {
    let [next, rest @ ..] = line else { return visit(from, keys) };
    let len = keys.len();
    for (position, at) in from.children_of(next.id()).enumerate() {
        push(&at, position, keys);
        each(&at, keys, rest, visit);
        keys.truncate(len);
    }
}

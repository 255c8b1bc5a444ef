//! Paths of nodes, as text and as instance-identifiers (RFC 7950 section 9.13, RFC 7951 section 6.11).

use crate::view::cursor::{Cursor, Data};
use yang_schema::value::{InstanceIdentifier, InstanceSelector, InstanceStep};
use yang_schema::{NodeKind, NodeRef, Value};

pub(crate) fn text(at: &Cursor<'_>) -> String {
    if at.is_root() {
        return "/".to_owned();
    }
    let mut line: Vec<&Cursor<'_>> = at.ancestors().filter(|c| !c.is_root()).collect();
    line.reverse();
    line.push(at);
    let mut path = String::new();
    let mut above = None;
    for at in line {
        push_step(&mut path, above, at.node());
        match at.data {
            Data::Records(_) if at.node().kind() == NodeKind::List => {
                let keys = at.keys();
                if keys.is_empty() {
                    path.push_str(&format!("[{}]", at.position() + 1));
                }
                for (leaf, value) in at.node().keys().zip(keys) {
                    push_predicate(&mut path, leaf.name(), &value.canonical(at.schema()));
                }
            }
            Data::Value { value, .. } if at.node().kind() == NodeKind::LeafList => {
                push_predicate(&mut path, ".", &value.canonical(at.schema()));
            }
            _ => {}
        }
        above = Some(at.node());
    }
    path
}

/// Adds `/name`, with its module where that is not the one of the node above.
pub(crate) fn push_step(path: &mut String, above: Option<NodeRef<'_>>, node: NodeRef<'_>) {
    if path == "/" {
        path.clear();
    }
    path.push('/');
    if above.is_none_or(|a| a.module() != node.module() || a.id() == yang_schema::NodeId::ROOT) {
        path.push_str(node.module_name());
        path.push(':');
    }
    path.push_str(node.name());
}

/// Adds `[name='value']`.
pub(crate) fn push_predicate(path: &mut String, name: &str, value: &str) {
    path.push('[');
    path.push_str(name);
    path.push('=');
    path.push_str(&yang_schema::value::quoted(value));
    path.push(']');
}

pub(crate) fn identifier(at: &Cursor<'_>) -> InstanceIdentifier {
    let mut steps: Vec<InstanceStep> = std::iter::once(at)
        .chain(at.ancestors())
        .filter(|c| !c.is_root())
        .map(|c| InstanceStep { node: c.node_id(), selector: selector(c) })
        .collect();
    steps.reverse();
    InstanceIdentifier { steps }
}

fn selector(at: &Cursor<'_>) -> InstanceSelector {
    match (at.node().kind(), at.value()) {
        (NodeKind::List, _) => {
            let keys: Vec<Value> = at.keys().into_iter().cloned().collect();
            if keys.is_empty() {
                InstanceSelector::Position(at.position() as u64 + 1)
            } else {
                InstanceSelector::Keys(keys)
            }
        }
        (NodeKind::LeafList, Some(value)) => InstanceSelector::Value(value.clone()),
        _ => InstanceSelector::Only,
    }
}

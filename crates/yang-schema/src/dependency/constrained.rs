//! Which schema nodes have no constraint on them or below: data there need not be looked at.

use crate::{NodeId, NodeKind, NodeRef, Schema};

const CONSTRAINED: u8 = 1;
const STATE: u8 = 2;

/// For each schema node, what it or a node below it has.
#[derive(Debug)]
pub(crate) struct Constrained(Vec<u8>);

impl Constrained {
    pub(crate) fn of(schema: &Schema) -> Self {
        let mut found = vec![0; schema.node_count()];
        // Parents have smaller ids than their children.
        for i in (0..schema.node_count()).rev() {
            let node = schema.node(NodeId::from_index(i));
            if has_constraint(node) {
                found[i] |= CONSTRAINED;
            }
            if !node.is_config() {
                found[i] |= STATE;
            }
            if let Some(parent) = node.parent() {
                found[parent.id().index()] |= found[i];
            }
        }
        Self(found)
    }
}

fn has_constraint(node: NodeRef<'_>) -> bool {
    !node.musts().is_empty()
        || !node.whens().is_empty()
        || !node.uniques().is_empty()
        || node.is_mandatory()
        || node.min_elements() > 0
        || node.max_elements().is_some()
        || node.kind().has_value() && node.type_().is_some_and(|ty| ty.must_refer())
        // Conditions on choices and cases are their nodes'.
        || std::iter::successors(node.parent(), |n| n.parent())
            .take_while(|n| matches!(n.kind(), NodeKind::Choice | NodeKind::Case))
            .any(|n| !n.whens().is_empty())
}

impl Schema {
    /// Has the node, or one below it, a constraint besides its type and its keys?
    pub fn is_constrained(&self, node: NodeId) -> bool {
        self.constrained().0[node.index()] & CONSTRAINED != 0
    }

    /// Is the node, or one below it, state?
    pub fn holds_state(&self, node: NodeId) -> bool {
        self.constrained().0[node.index()] & STATE != 0
    }
}

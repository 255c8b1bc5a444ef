//! Which schema nodes constrain anything: data below others need not be looked at.

use yang_schema::{NodeId, NodeRef, Schema, TypeDetail, TypeRef};

/// For each schema node, whether it or a node below it has a constraint.
pub(super) struct Plan<'s> {
    schema: &'s Schema,
    constrained: Vec<bool>,
}

impl<'s> Plan<'s> {
    pub(super) fn new(schema: &'s Schema) -> Self {
        let mut constrained = vec![false; schema.node_count()];
        // Parents have smaller ids than their children.
        for i in (0..schema.node_count()).rev() {
            let node = schema.node(NodeId::from_index(i));
            if constrained[i] || has_constraint(node) {
                constrained[i] = true;
                if let Some(parent) = node.parent() {
                    constrained[parent.id().index()] = true;
                }
            }
        }
        Self { schema, constrained }
    }

    /// Is there no constraint on the node or below it?
    pub(super) fn is_free(&self, node: NodeId) -> bool {
        debug_assert!(node.index() < self.schema.node_count());
        !self.constrained[node.index()]
    }
}

fn has_constraint(node: NodeRef<'_>) -> bool {
    !node.musts().is_empty()
        || !node.whens().is_empty()
        || !node.uniques().is_empty()
        || node.is_mandatory()
        || node.min_elements() > 0
        || node.max_elements().is_some()
        || node.kind().has_value() && node.type_().is_some_and(refers)
}

/// Can a value of the type name an instance that must exist?
pub(super) fn refers(ty: TypeRef<'_>) -> bool {
    let mut stack = vec![ty];
    while let Some(ty) = stack.pop() {
        let must_exist = matches!(
            ty.detail(),
            TypeDetail::Leafref { require_instance: true, .. }
                | TypeDetail::InstanceIdentifier { require_instance: true }
        );
        if must_exist {
            return true;
        }
        stack.extend(ty.members());
    }
    false
}

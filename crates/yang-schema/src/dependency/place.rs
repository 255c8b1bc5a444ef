//! Places: what stands for the nodes of a location path while there is only a schema.

use super::Join;
use crate::xpath::Axis;
use crate::{Base, NodeId, NodeKind, NodeRef, Schema, TypeRef};
use std::rc::Rc;

/// The data nodes from the root down to the context node.
pub(super) struct Chain<'s> {
    pub(super) schema: &'s Schema,
    pub(super) nodes: Vec<NodeId>,
}

impl<'s> Chain<'s> {
    /// None where the node is no part of a datastore.
    pub(super) fn to(node: NodeRef<'s>) -> Option<Self> {
        let mut nodes: Vec<NodeId> =
            std::iter::successors(Some(node), |n| n.data_parent()).map(|n| n.id()).collect();
        nodes.reverse();
        let schema = node.schema();
        let all_data = nodes[1..].iter().all(|n| schema.node(*n).kind().is_data_node());
        (nodes[0] == NodeId::ROOT && all_data).then_some(Self { schema, nodes })
    }

    pub(super) fn depth(&self) -> usize {
        self.nodes.len() - 1
    }

    /// May one instance of the node at a depth have several context nodes below it?
    pub(super) fn branches_below(&self, depth: usize) -> bool {
        self.nodes[depth + 1..].iter().any(|n| is_many(self.schema.node(*n)))
    }
}

/// May a node have several instances below one instance of its parent?
pub(super) fn is_many(node: NodeRef<'_>) -> bool {
    matches!(node.kind(), NodeKind::List | NodeKind::LeafList)
}

/// A schema node, and how its instances are tied to the context node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) node: NodeId,
    /// The depth in the chain of the deepest node whose instance is shared with the context node.
    pub(super) shared: usize,
    pub(super) joins: Rc<[Tie]>,
}

/// A join, and the depth of its context's side in the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Tie {
    pub(super) join: Join,
    pub(super) depth: usize,
}

impl Place {
    pub(super) fn root() -> Self {
        Self { node: NodeId::ROOT, shared: 0, joins: Rc::new([]) }
    }

    pub(super) fn context(chain: &Chain<'_>) -> Self {
        let shared = chain.depth();
        Self { node: chain.nodes[shared], shared, joins: Rc::new([]) }
    }

    /// Is it the context node or one above it: one instance, which exists whenever the context does?
    pub(super) fn is_on(&self, chain: &Chain<'_>) -> bool {
        chain.nodes[self.shared] == self.node
    }

    /// A data child of it.
    pub(super) fn child(&self, chain: &Chain<'_>, child: NodeRef<'_>) -> Self {
        let next = self.shared + 1;
        let stays = self.is_on(chain) && chain.nodes.get(next) == Some(&child.id()) && !is_many(child);
        let shared = if stays { next } else { self.shared };
        Self { node: child.id(), shared, joins: Rc::clone(&self.joins) }
    }

    /// Its parent. A join of what is left behind stays with the parent, unless that may have several of it.
    pub(super) fn parent(&self, chain: &Chain<'_>) -> Option<Self> {
        let node = chain.schema.node(self.node);
        let up = node.data_parent()?;
        if self.is_on(chain) {
            return Some(Self { node: up.id(), shared: self.shared - 1, joins: Rc::new([]) });
        }
        let mut joins: Vec<Tie> = self.joins.to_vec();
        if up.id() == chain.nodes[self.shared] {
            joins.clear();
        }
        joins.retain(|tie| tie.join.entry != self.node || !is_many(node));
        for tie in &mut joins {
            if tie.join.entry == self.node {
                tie.join.entry = up.id();
            }
        }
        Some(Self { node: up.id(), shared: self.shared, joins: joins.into() })
    }

    pub(super) fn with(&self, mut more: Vec<Tie>) -> Self {
        more.retain(|tie| !self.joins.contains(tie));
        if more.is_empty() {
            return self.clone();
        }
        Self { joins: self.joins.iter().cloned().chain(more).collect(), ..self.clone() }
    }

    fn children(&self, chain: &Chain<'_>) -> Vec<Self> {
        chain.schema.node(self.node).data_children().map(|c| self.child(chain, c)).collect()
    }

    /// Adds what is below it, itself not; false where that is more than `most`.
    pub(super) fn descend(&self, chain: &Chain<'_>, found: &mut Vec<Place>, most: usize) -> bool {
        let mut stack = self.children(chain);
        while let Some(place) = stack.pop() {
            if found.len() >= most {
                return false;
            }
            stack.extend(place.children(chain));
            found.push(place);
        }
        true
    }

    /// Adds the places of an axis; false where they cannot be told, or are more than `most`.
    pub(super) fn along(&self, axis: Axis, chain: &Chain<'_>, found: &mut Vec<Place>, most: usize) -> bool {
        match axis {
            Axis::SelfAxis => found.push(self.clone()),
            Axis::Child => found.extend(self.children(chain)),
            Axis::Parent => found.extend(self.parent(chain)),
            Axis::Ancestor | Axis::AncestorOrSelf => {
                if axis == Axis::AncestorOrSelf {
                    found.push(self.clone());
                }
                found.extend(std::iter::successors(self.parent(chain), |p| p.parent(chain)));
            }
            Axis::Descendant => return self.descend(chain, found, most),
            Axis::DescendantOrSelf => {
                found.push(self.clone());
                return self.descend(chain, found, most);
            }
            Axis::FollowingSibling | Axis::PrecedingSibling => {
                found.extend(self.parent(chain).into_iter().flat_map(|up| up.children(chain)));
            }
            Axis::Following | Axis::Preceding => return false,
            Axis::Attribute | Axis::Namespace => {}
        }
        found.len() <= most
    }
}

/// Are equal strings of the two leaves equal strings in an index, which knows nothing of an expression's prefixes? Prefixes
/// stand in the strings of identities alone.
pub(super) fn join_by_text(a: NodeRef<'_>, b: NodeRef<'_>) -> bool {
    match (identities(a), identities(b)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

/// Are the values of a leaf identities: all, none, or (None) some?
pub(super) fn identities(leaf: NodeRef<'_>) -> Option<bool> {
    let mut stack = vec![leaf.type_()?.real()];
    let mut found = None;
    while let Some(ty) = stack.pop() {
        match ty.base() {
            Base::Union => stack.extend(ty.members().map(TypeRef::real)),
            // Not resolved.
            Base::Leafref => return None,
            base => {
                let identity = base == Base::Identityref;
                if found.is_some_and(|f| f != identity) {
                    return None;
                }
                found = Some(identity);
            }
        }
    }
    found
}

//! What each constraint reads, and the way back: from a node that changed to the context nodes whose constraint may
//! have another result now.
//!
//! A validator that knows this evaluates after a change only what the change can concern. Expressions are interpreted
//! over the schema: instead of nodes, location paths give *places*. A place is a schema node together with
//! how far its instances are tied to the context node:
//!
//! - **shared**: the deepest data node above both of which both have the same *instance*. `../mtu` shares the parent's
//!   instance with the context; `/a/list/x` shares the root alone. Turned round: an instance of the place concerns those context
//!   nodes that stand below the same instance of the shared node. Where no list lies between, that is one.
//! - **joins**: a predicate such as `[name = current()/../ref]` ties the place's entry to a value of the context. Turned round:
//!   an entry concerns those context nodes alone whose `../ref` has the value that the entry's `name` has or had. They are found
//!   through an [`Index`] over `ref`. A leafref is such a join of its target with itself; an equality between two
//!   paths is another.
//!
//! Everything errs to one side: a context node that is found needlessly costs an evaluation, one that is missed would be a fault that
//! nobody sees. So what cannot be told is dropped from a place (a join) or makes it the whole tree
//! ([`Constraint::reads_everything`]).
//!
//! What an evaluation after a change looks up by value is collected as well: predicates `[leaf = value]` that are no keys of
//! the list, and the targets of leafrefs. All indexes have one shape: from the instance of a node above (the *scope*) and a value
//! to the instances of a leaf below that have it.

mod ask;
pub(crate) mod checks;
mod collect;
mod interpret;
mod place;

pub use ask::{counts_many, is_indexed, named_descendants, needs_index, sought};
pub use checks::{AllChecks, Checks};

use crate::{NodeId, Schema, XPathId};
use std::collections::HashMap;

/// All constraints of the datastores of a schema, by what they read.
///
/// Operations, notifications and structures are validated whole, so theirs are not here.
#[derive(Debug, Default)]
pub struct Dependencies {
    constraints: Vec<Constraint>,
    /// By the node that is read: constraint and read.
    readers: HashMap<NodeId, Vec<(u32, u32)>>,
    by_node: HashMap<NodeId, Vec<u32>>,
    everything: Vec<u32>,
    naming_instances: Vec<u32>,
    indexes: Vec<Index>,
    index_of: HashMap<Index, u32>,
    by_leaf: HashMap<NodeId, Vec<u32>>,
    /// A leaf here may be any data node.
    totals: Vec<Index>,
    totals_by_node: HashMap<NodeId, Vec<u32>>,
    uniques: Vec<UniqueTuple>,
    uniques_by_leaf: HashMap<NodeId, Vec<u32>>,
}

/// A `unique` of a list: no two entries have the same values in all of the leaves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UniqueTuple {
    /// The list.
    pub list: NodeId,
    /// Its position among those of the list.
    pub position: usize,
    /// For each leaf the data nodes from below an entry down to it.
    pub leaves: Vec<Vec<NodeId>>,
}

/// A condition whose result hangs on other nodes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Constraint {
    node: NodeId,
    context: NodeId,
    kind: ConstraintKind,
    xpath: Option<XPathId>,
    reads: Vec<Read>,
    everything: bool,
    without_inverse: Option<NodeId>,
}

/// What kind of condition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ConstraintKind {
    /// A `must`, by its position among those of the node.
    Must(u32),
    /// A `when`, by its position among those of the node, which may be a choice or a case.
    When(u32),
    /// The values of a leaf or leaf-list name instances that must exist: leafrefs and instance-identifiers.
    Reference,
}

/// A schema node that a constraint reads: whether instances exist, and their values.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Read {
    /// The node.
    pub node: NodeId,
    /// The deepest node of whose instance both the context node and what is read are part, or which they are.
    pub shared: NodeId,
    /// A value by which the context nodes below the shared instance are found. None where there is at most one of these,
    /// and where nothing ties them to what is read.
    pub join: Option<Join>,
}

/// Equality of a value that is read with a value that belongs to the context.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Join {
    /// The node that is tied: what is read, or a node above it.
    pub entry: NodeId,
    /// The leaf or leaf-list of the entry, below it by containers alone, or the entry itself.
    pub of_read: NodeId,
    /// The leaf or leaf-list that belongs to the context.
    pub of_context: NodeId,
    /// The deepest node of whose instance both the context node and that leaf are part.
    pub at: NodeId,
}

/// Instances of a leaf or leaf-list by their value, below each instance of another node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Index {
    /// The leaf or leaf-list.
    pub leaf: NodeId,
    /// A node above it.
    pub scope: NodeId,
}

impl Constraint {
    /// The node that carries it.
    pub fn node(&self) -> NodeId {
        self.node
    }

    /// The schema node of its context nodes: for a `when` of a choice, a case, a `uses` or an `augment` the data node above.
    pub fn context(&self) -> NodeId {
        self.context
    }

    /// What it is.
    pub fn kind(&self) -> ConstraintKind {
        self.kind
    }

    /// Its expression; of a union of leafrefs the first path, of an instance-identifier none.
    pub fn xpath(&self) -> Option<XPathId> {
        self.xpath
    }

    /// What it reads.
    pub fn reads(&self) -> &[Read] {
        &self.reads
    }

    /// Can what it reads not be told? Then each change of anything concerns it.
    pub fn reads_everything(&self) -> bool {
        self.everything
    }

    /// A node of many instances each change of which makes the expression be evaluated for *all* of many context nodes,
    /// because nothing ties the one to the others. Such a constraint costs more as the datastore grows.
    pub fn without_inverse(&self) -> Option<NodeId> {
        self.without_inverse
    }
}

impl Dependencies {
    pub(crate) fn of(schema: &Schema) -> Self {
        collect::collect(schema)
    }

    /// All constraints, in the order of the nodes that carry them.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// A constraint, by its position.
    pub fn constraint(&self, i: u32) -> &Constraint {
        &self.constraints[i as usize]
    }

    /// The constraints that a node carries.
    pub fn carried_by(&self, node: NodeId) -> &[u32] {
        self.by_node.get(&node).map_or(&[], Vec::as_slice)
    }

    /// The constraints that read a node, and the reads.
    pub fn readers(&self, node: NodeId) -> impl Iterator<Item = (u32, &Read)> {
        let found = self.readers.get(&node).map_or(&[][..], Vec::as_slice);
        found.iter().map(|(c, r)| (*c, &self.constraints[*c as usize].reads[*r as usize]))
    }

    /// The constraints of which it cannot be told what they read.
    pub fn reading_everything(&self) -> &[u32] {
        &self.everything
    }

    /// The constraints of leaves whose values may be instance-identifiers that must name something.
    pub fn naming_instances(&self) -> &[u32] {
        &self.naming_instances
    }

    /// All indexes that evaluation after a change needs.
    pub fn indexes(&self) -> &[Index] {
        &self.indexes
    }

    /// The position of an index.
    pub fn index(&self, index: Index) -> Option<usize> {
        self.index_of.get(&index).map(|i| *i as usize)
    }

    /// The positions of the indexes over a leaf.
    pub fn indexes_over(&self, leaf: NodeId) -> &[u32] {
        self.by_leaf.get(&leaf).map_or(&[], Vec::as_slice)
    }

    /// All totals that `sum()` and `count()` need: of the instances of a node (any data node) below each instance of its scope.
    pub fn totals(&self) -> &[Index] {
        &self.totals
    }

    /// The position of a total.
    pub fn total(&self, of: Index) -> Option<usize> {
        self.totals.binary_search(&of).ok()
    }

    /// The positions of the totals of a node.
    pub fn totals_of(&self, node: NodeId) -> &[u32] {
        self.totals_by_node.get(&node).map_or(&[], Vec::as_slice)
    }

    /// All `unique` statements of datastores.
    pub fn uniques(&self) -> &[UniqueTuple] {
        &self.uniques
    }

    /// The positions of the `unique` statements that name a leaf.
    pub fn uniques_over(&self, leaf: NodeId) -> &[u32] {
        self.uniques_by_leaf.get(&leaf).map_or(&[], Vec::as_slice)
    }
}

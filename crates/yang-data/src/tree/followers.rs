//! Names of nodes by what came before: entries of a list have their children in one order, mostly.

use super::names;
use crate::error::DataError;
use crate::event::Name;
use yang_schema::{NodeId, NodeRef};

/// Which data node opened behind which, the times before.
pub(crate) struct Followers {
    /// The data node that opened last.
    last: NodeId,
    known: Vec<Follower>,
}

/// What came behind what the last time.
#[derive(Clone, Copy)]
struct Follower {
    /// The data node that opened before, and the one around the one that follows.
    behind: (NodeId, NodeId),
    node: NodeId,
}

/// Followers that are kept.
const KEPT: usize = 256;

impl Followers {
    /// Below a node.
    pub(crate) fn new(at: NodeId) -> Self {
        let none = Follower { behind: (NodeId::ROOT, NodeId::ROOT), node: NodeId::ROOT };
        Self { last: at, known: vec![none; KEPT] }
    }

    /// The data child that a name stands for, as [`names::child`] finds it.
    pub(crate) fn child<'s>(
        &mut self,
        parent: NodeRef<'s>,
        name: Name<'_>,
        path: impl Fn() -> String,
    ) -> Result<NodeRef<'s>, DataError> {
        let schema = parent.schema();
        let behind = (self.last, parent.id());
        // Neighbours in the schema do not share a place.
        let at = (self.last.index() + KEPT / 4 * (parent.id().index() % 4)) % KEPT;
        let known = self.known[at];
        if known.behind == behind
            && known.node != NodeId::ROOT
            && names::is_name(schema.node(known.node), parent.id(), name)
        {
            self.last = known.node;
            return Ok(schema.node(known.node));
        }
        let node = names::child(parent, name, path)?;
        self.known[at] = Follower { behind, node: node.id() };
        self.last = node.id();
        Ok(node)
    }
}

//! YANG schema item identifiers (RFC 9595): the numbers that CBOR (RFC 9254) writes in place of names.

use crate::{Builder, FeatureId, IdentityId, ModuleId, NodeId, Schema};

/// What a SID stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SidOf {
    /// A module or, under its name, a submodule.
    Module(ModuleId),
    /// An identity.
    Identity(IdentityId),
    /// A feature.
    Feature(FeatureId),
    /// A schema node.
    Node(NodeId),
}

impl Builder {
    /// Says which SID an item has. Of several the last counts.
    pub fn set_sid(&mut self, item: SidOf, sid: u64) {
        self.arena.sids.push((item, sid));
    }
}

impl Schema {
    /// The SID of an item, where one was assigned.
    pub fn sid(&self, item: SidOf) -> Option<u64> {
        let sids = &self.arena.sids;
        sids.binary_search_by_key(&item, |s| s.0).ok().map(|i| sids[i].1)
    }

    /// The items that have a SID, in the order of their ids.
    pub fn sids(&self) -> impl ExactSizeIterator<Item = (SidOf, u64)> {
        self.arena.sids.iter().copied()
    }
}

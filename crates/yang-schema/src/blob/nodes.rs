//! The nodes in bytes. Where the children of a node stand follows from how many each has: the nodes lie breadth first.

use super::Damage;
use super::wire::{Reader, Wire, Writer};
use crate::node::NodeRecord;
use crate::{NodeId, NodeKind, Status};

const CONFIG: u32 = 1;
const MANDATORY: u32 = 2;
const TYPE: u32 = 4;
const DETAILS: u32 = 8;
const DESCRIPTION: u32 = 16;
const REFERENCE: u32 = 32;
const GROUPING: u32 = 64;
const USES: u32 = 128;
const STATUS_SHIFT: u32 = 8;

pub(super) fn put(nodes: &[NodeRecord], w: &mut Writer<'_>) {
    for n in nodes {
        n.kind.put(w);
        let status: u32 = match n.status {
            Status::Current => 0,
            Status::Deprecated => 1,
            Status::Obsolete => 2,
        };
        let flag = |on: bool, bit: u32| if on { bit } else { 0 };
        let flags = flag(n.config, CONFIG)
            | flag(n.mandatory, MANDATORY)
            | flag(n.type_id.is_some(), TYPE)
            | flag(n.details.is_some(), DETAILS)
            | flag(n.description.is_some(), DESCRIPTION)
            | flag(n.reference.is_some(), REFERENCE)
            | flag(n.grouping.is_some(), GROUPING)
            | flag(n.uses.is_some(), USES)
            | status << STATUS_SHIFT;
        flags.put(w);
        n.name.put(w);
        n.module.put(w);
        n.child_count.put(w);
        n.span.put(w);
        fn optional<T: Wire>(field: Option<T>, w: &mut Writer<'_>) {
            if let Some(field) = field {
                field.put(w);
            }
        }
        optional(n.type_id, w);
        optional(n.details, w);
        optional(n.grouping, w);
        optional(n.uses, w);
        optional(n.description, w);
        optional(n.reference, w);
    }
}

/// The nodes, which are a tree: each but the first is the child of exactly one that stands before it.
pub(super) fn get(r: &mut Reader<'_, '_>, count: u32, details: u32) -> Result<Vec<NodeRecord>, Damage> {
    const NO_TREE: Damage = Damage("its nodes do not form a tree");
    let mut nodes: Vec<NodeRecord> = Vec::with_capacity(count as usize);
    let mut first_child = 1u32;
    // Whose children come next, and how many of them are still to come.
    let (mut parent, mut to_come) = (0u32, 0u32);
    for i in 0..count {
        let kind = NodeKind::get(r)?;
        let flags = u32::get(r)?;
        fn optional<T: Wire>(on: u32, r: &mut Reader<'_, '_>) -> Result<Option<T>, Damage> {
            if on != 0 { T::get(r).map(Some) } else { Ok(None) }
        }
        if i > 0 {
            while to_come == 0 {
                parent += 1;
                to_come = nodes.get(parent as usize).ok_or(NO_TREE)?.child_count;
            }
            to_come -= 1;
        }
        let node = NodeRecord {
            kind,
            config: flags & CONFIG != 0,
            mandatory: flags & MANDATORY != 0,
            status: match flags >> STATUS_SHIFT {
                0 => Status::Current,
                1 => Status::Deprecated,
                2 => Status::Obsolete,
                _ => return Err(Damage("an unknown word")),
            },
            parent: NodeId(parent),
            name: Wire::get(r)?,
            module: Wire::get(r)?,
            first_child,
            child_count: Wire::get(r)?,
            span: Wire::get(r)?,
            type_id: optional(flags & TYPE, r)?,
            details: optional(flags & DETAILS, r)?,
            grouping: optional(flags & GROUPING, r)?,
            uses: optional(flags & USES, r)?,
            description: optional(flags & DESCRIPTION, r)?,
            reference: optional(flags & REFERENCE, r)?,
        };
        if node.details.is_some_and(|d| d >= details) {
            return Err(Damage("an id names nothing"));
        }
        if i == 0 {
            to_come = node.child_count;
        }
        first_child = first_child.checked_add(node.child_count).ok_or(NO_TREE)?;
        nodes.push(node);
    }
    if first_child != count { Err(NO_TREE) } else { Ok(nodes) }
}

//! What must hold between the records of a blob, so that nothing that walks a schema loops or finds a kind of thing where
//! another has to be. Each check looks at each record once.

use super::Damage;
use crate::node::{Details, NodeRecord};
use crate::schema::Arena;
use crate::{Interval, NodeId, NodeKind, Range, TypeDetail};

pub(super) fn check(arena: &Arena, nodes: &[NodeRecord], details: &[Details]) -> Result<(), Damage> {
    let preorder = Preorder::new(nodes);
    for (i, node) in nodes.iter().enumerate() {
        kind(nodes, i, node)?;
        if let Some(d) = node.details {
            detail(nodes, NodeId::from_index(i), &details[d as usize], &preorder)?;
        }
    }
    for ty in &arena.types {
        type_detail(&ty.detail, arena, nodes)?;
    }
    for identity in &arena.identities {
        ensure(identity.derived.is_sorted_by(|a, b| a < b), "identities are out of order")?;
    }
    for xpath in &arena.xpaths {
        ensure(xpath.reads.is_sorted(), "what an expression reads is out of order")?;
    }
    ensure(arena.sids.is_sorted_by(|a, b| a.0 < b.0), "its SIDs are out of order")?;
    let identities = acyclic(arena.identities.len(), |i, next| {
        arena.identities[i].bases.iter().for_each(|base| next(base.index()));
    });
    ensure(identities, "identities are derived from themselves")?;
    let types = acyclic(arena.types.len(), |i, next| {
        let ty = &arena.types[i];
        if let Some(typedef) = ty.typedef {
            next(arena.typedefs[typedef.index()].type_id.index());
        }
        match &ty.detail {
            TypeDetail::Union { members } => members.iter().for_each(|member| next(member.index())),
            TypeDetail::Leafref { real: Some(real), .. } => next(real.index()),
            _ => {}
        }
    });
    ensure(types, "a type stands on itself")
}

fn ensure(holds: bool, otherwise: &'static str) -> Result<(), Damage> {
    if holds { Ok(()) } else { Err(Damage(otherwise)) }
}

/// What a node may stand in, and hold.
fn kind(nodes: &[NodeRecord], i: usize, node: &NodeRecord) -> Result<(), Damage> {
    use NodeKind::{Action, AnyData, AnyXml, Case, Choice, Input, Leaf, LeafList, Output, Root, Rpc};
    let above = nodes[node.parent.index()].kind;
    let below = &nodes[node.first_child as usize..(node.first_child + node.child_count) as usize];
    let fits = (node.kind == Root) == (i == 0)
        && (node.kind == Case) == (above == Choice)
        && matches!(node.kind, Input | Output) == matches!(above, Rpc | Action)
        && node.type_id.is_some() == node.kind.has_value()
        && match node.kind {
            Leaf | LeafList | AnyData | AnyXml => below.is_empty(),
            Rpc | Action => matches!(below, [input, output] if input.kind == Input && output.kind == Output),
            _ => true,
        };
    ensure(fits, "a node stands where it cannot")
}

fn detail(nodes: &[NodeRecord], id: NodeId, details: &Details, order: &Preorder) -> Result<(), Damage> {
    let child = |child: NodeId, kind: NodeKind| {
        let child_node = &nodes[child.index()];
        child != NodeId::ROOT && child_node.parent == id && child_node.kind == kind
    };
    let keys = details.keys.iter().all(|&key| child(key, NodeKind::Leaf));
    ensure(keys, "a key is no leaf of its list")?;
    ensure(
        details.default_case.is_none_or(|case| child(case, NodeKind::Case)),
        "a default is no case of its choice",
    )?;
    let mut leaves = details.uniques.iter().flat_map(|unique| &unique.leaves);
    ensure(
        leaves.all(|&leaf| nodes[leaf.index()].kind == NodeKind::Leaf && order.is_below(leaf, id)),
        "`unique` names what is no leaf of its list",
    )
}

fn type_detail(detail: &TypeDetail, arena: &Arena, nodes: &[NodeRecord]) -> Result<(), Damage> {
    let in_bounds = |ranges: &[Range]| {
        let bounds = Interval { min: i128::from(i64::MIN), max: i128::from(u64::MAX) };
        let mut parts = ranges.iter().flat_map(|range| &range.parts);
        ensure(
            parts.all(|p| bounds.contains(p.min) && bounds.contains(p.max)),
            "a range is beyond every type",
        )
    };
    match detail {
        TypeDetail::Integer { base, ranges } => {
            ensure(base.integer_bounds().is_some(), "an integer is none")?;
            in_bounds(ranges)
        }
        TypeDetail::Decimal64 { fraction_digits, ranges } => {
            ensure((1..=18).contains(fraction_digits), "a decimal64 has 1 to 18 fraction digits")?;
            in_bounds(ranges)
        }
        TypeDetail::String { lengths, .. } | TypeDetail::Binary { lengths } => in_bounds(lengths),
        TypeDetail::Leafref { target, real, .. } => {
            let leaf = target.is_none_or(|target| nodes[target.index()].kind.has_value());
            let plain = real
                .is_none_or(|real| !matches!(arena.types[real.index()].detail, TypeDetail::Leafref { .. }));
            ensure(leaf && plain && target.is_some() == real.is_some(), "a leafref refers to no leaf")
        }
        _ => Ok(()),
    }
}

/// Where each node comes when the tree is walked depth first, and how many are below it.
struct Preorder {
    position: Vec<u32>,
    size: Vec<u32>,
}

impl Preorder {
    fn new(nodes: &[NodeRecord]) -> Self {
        // Children stand behind their parents: backwards sums up, forwards hands down.
        let mut size = vec![1u32; nodes.len()];
        for i in (1..nodes.len()).rev() {
            size[nodes[i].parent.index()] += size[i];
        }
        let mut position = vec![0u32; nodes.len()];
        for (i, node) in nodes.iter().enumerate() {
            let mut next = position[i] + 1;
            for child in node.first_child..node.first_child + node.child_count {
                position[child as usize] = next;
                next += size[child as usize];
            }
        }
        Self { position, size }
    }

    fn is_below(&self, node: NodeId, above: NodeId) -> bool {
        let (node, first) = (self.position[node.index()], self.position[above.index()]);
        node > first && node < first + self.size[above.index()]
    }
}

/// Does no way along the edges lead back to where it began?
fn acyclic(count: usize, edges: impl Fn(usize, &mut dyn FnMut(usize))) -> bool {
    let mut arriving = vec![0u32; count];
    (0..count).for_each(|i| edges(i, &mut |to| arriving[to] += 1));
    let mut free: Vec<usize> = (0..count).filter(|&i| arriving[i] == 0).collect();
    let mut done = 0;
    while let Some(i) = free.pop() {
        done += 1;
        edges(i, &mut |to| {
            arriving[to] -= 1;
            if arriving[to] == 0 {
                free.push(to);
            }
        });
    }
    done == count
}

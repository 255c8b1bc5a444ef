//! The constraints of a schema, one after the other.

use super::ask::references;
use super::interpret::{Found, Interpreter};
use super::place::{Chain, Place, is_many};
use super::{Constraint, ConstraintKind, Dependencies, Index, Read, UniqueTuple};
use crate::{NodeId, NodeRef, Schema, WhenContext, XPathId};

pub(super) fn collect(schema: &Schema) -> Dependencies {
    let mut all = Dependencies::default();
    for i in 0..schema.node_count() {
        let node = schema.node(NodeId::from_index(i));
        for (must, i) in node.musts().iter().zip(0u32..) {
            expression(&mut all, node, ConstraintKind::Must(i), must.xpath, Some(node));
        }
        for (when, i) in node.whens().iter().zip(0u32..) {
            let own = when.context == WhenContext::Node && node.kind().is_data_node();
            let context = if own { Some(node) } else { node.data_parent() };
            expression(&mut all, node, ConstraintKind::When(i), when.xpath, context);
        }
        if node.kind().has_value() {
            reference(&mut all, node);
        }
        if !node.uniques().is_empty() && Chain::to(node).is_some() {
            uniques(&mut all, node);
        }
    }
    all.indexes.sort_unstable();
    for (index, i) in all.indexes.iter().zip(0u32..) {
        all.index_of.insert(*index, i);
        all.by_leaf.entry(index.leaf).or_default().push(i);
    }
    all.totals.sort_unstable();
    for (total, i) in all.totals.iter().zip(0u32..) {
        all.totals_by_node.entry(total.leaf).or_default().push(i);
    }
    all
}

fn expression(
    all: &mut Dependencies,
    node: NodeRef<'_>,
    kind: ConstraintKind,
    xpath: XPathId,
    context: Option<NodeRef<'_>>,
) {
    let Some(chain) = context.and_then(Chain::to) else { return };
    let mut found = Found::default();
    let at = Place::context(&chain);
    let expr = chain.schema.expr(chain.schema.xpath(xpath).expr);
    Interpreter::new(&chain, xpath, at.clone(), &mut found).condition(expr, &at);
    all.add(node.id(), kind, Some(xpath), &chain, found);
}

fn reference(all: &mut Dependencies, node: NodeRef<'_>) {
    let Some((paths, identifiers)) = node.type_().map(references) else { return };
    if paths.is_empty() && !identifiers {
        return;
    }
    let Some(chain) = Chain::to(node) else { return };
    let mut found = Found::default();
    let at = Place::context(&chain);
    for path in &paths {
        let mut interpreter = Interpreter::new(&chain, *path, at.clone(), &mut found);
        let targets = interpreter.targets(*path, &at);
        found.places.extend(targets);
    }
    if identifiers {
        let id = u32::try_from(all.constraints.len()).expect("a schema has fewer than 2^32 constraints");
        all.naming_instances.push(id);
        found.lookups.push(Index { leaf: node.id(), scope: NodeId::ROOT });
    }
    all.add(node.id(), ConstraintKind::Reference, paths.first().copied(), &chain, found);
}

fn uniques(all: &mut Dependencies, list: NodeRef<'_>) {
    for (position, unique) in list.uniques().iter().enumerate() {
        let id = u32::try_from(all.uniques.len()).expect("a schema has fewer than 2^32 constraints");
        let path = |leaf: &NodeId| {
            let up = std::iter::successors(Some(list.schema().node(*leaf)), |n| n.data_parent());
            let mut path: Vec<NodeId> = up.take_while(|n| *n != list).map(|n| n.id()).collect();
            path.reverse();
            path
        };
        for leaf in &unique.leaves {
            all.uniques_by_leaf.entry(*leaf).or_default().push(id);
        }
        let leaves = unique.leaves.iter().map(path).collect();
        all.uniques.push(UniqueTuple { list: list.id(), position, leaves });
    }
}

impl Dependencies {
    fn add(
        &mut self,
        node: NodeId,
        kind: ConstraintKind,
        xpath: Option<XPathId>,
        chain: &Chain<'_>,
        found: Found,
    ) {
        let id = u32::try_from(self.constraints.len()).expect("a schema has fewer than 2^32 constraints");
        let mut reads: Vec<Read> = Vec::with_capacity(found.places.len());
        let mut without_inverse = (found.everything && chain.branches_below(0)).then_some(NodeId::ROOT);
        for place in found.places {
            let shared = chain.nodes[place.shared];
            let mut join = None;
            if chain.branches_below(place.shared) {
                join = place.joins.iter().map(|tie| tie.join.clone()).next();
                match &join {
                    Some(join) => self.need(Index { leaf: join.of_context, scope: shared }),
                    None if without_inverse.is_none() && is_many_below(chain.schema, place.node, shared) => {
                        without_inverse = Some(place.node);
                    }
                    None => {}
                }
            }
            let read = Read { node: place.node, shared, join };
            if !reads.contains(&read) {
                reads.push(read);
            }
        }
        for index in found.lookups {
            self.need(index);
        }
        for total in found.totals {
            if !self.totals.contains(&total) {
                self.totals.push(total);
            }
        }
        for (read, i) in reads.iter().zip(0u32..) {
            self.readers.entry(read.node).or_default().push((id, i));
        }
        self.by_node.entry(node).or_default().push(id);
        if found.everything {
            self.everything.push(id);
        }
        let context = chain.nodes[chain.depth()];
        let everything = found.everything;
        self.constraints.push(Constraint { node, context, kind, xpath, reads, everything, without_inverse });
    }

    fn need(&mut self, index: Index) {
        if self.index_of.insert(index, 0).is_none() {
            self.indexes.push(index);
        }
    }
}

/// May a node have several instances below one of a node above it?
fn is_many_below(schema: &Schema, node: NodeId, above: NodeId) -> bool {
    std::iter::successors(Some(schema.node(node)), |n| n.data_parent())
        .take_while(|n| n.id() != above)
        .any(is_many)
}

//! Whether what leafrefs refer to is there (RFC 7950 section 9.9.3), for a walk that meets thousands of them.
//!
//! Where a path without predicates leads is worked out once for each schema node. A target that is the key of a list or a leaf-list is
//! looked up; of others the values are collected, once for each instance of the node under which they stand.

use crate::tree::list::{Entry as _, Keys, ListKind, ListRef};
use crate::tree::{Content, Record};
use crate::xpath::{Target, leafref_target};
use std::collections::{HashMap, HashSet};
use yang_schema::{NodeId, NodeKind, NodeRef, TypeDetail, Value};

/// What is known of the leafrefs that were met.
#[derive(Default)]
pub(super) struct Leafrefs<'v> {
    /// By the leaf with the leafref; none where only an evaluation of the path can tell.
    plans: HashMap<NodeId, Option<Plan>>,
    /// By the node under which the targets stand and the leaf that they are. The instances of a leafref below one instance of that
    /// node come one after the other, so one set is enough.
    values: HashMap<(NodeId, NodeId), Values<'v>>,
}

struct Plan {
    /// How deep the node stands under which the targets are.
    depth: usize,
    scope: NodeId,
    leaf: NodeId,
    /// From below the scope down to the target.
    line: Vec<Step>,
    keys: Option<Keys>,
}

struct Step {
    ordinal: u32,
    kind: NodeKind,
}

/// The values of a leaf below the record at an address.
struct Values<'v> {
    scope: usize,
    /// None after the first question: who asks but once pays less for looking at each.
    all: Option<HashSet<&'v Value>>,
}

impl<'v> Leafrefs<'v> {
    /// Is what a value refers to surely there? `record_at` gives the only record of a node on the way to the leafref, by its depth.
    pub(super) fn is_found(
        &mut self,
        leaf: NodeRef<'v>,
        value: &'v Value,
        record_at: impl Fn(usize) -> Option<&'v Record>,
    ) -> bool {
        let Some(plan) = self.plans.entry(leaf.id()).or_insert_with(|| Plan::of(leaf)) else { return false };
        let Some(scope) = record_at(plan.depth) else { return false };
        if let Some(keys) = &plan.keys {
            return plan.look_up(scope, keys, value);
        }
        let address = scope.address();
        let known = self.values.entry((plan.scope, plan.leaf)).or_insert(Values { scope: 0, all: None });
        if known.scope != address {
            *known = Values { scope: address, all: None };
            let mut found = false;
            each(scope, &plan.line, &mut |target| found |= target == value);
            return found;
        }
        let all = known.all.get_or_insert_with(|| {
            let mut all = HashSet::new();
            each(scope, &plan.line, &mut |target| {
                all.insert(target);
            });
            all
        });
        all.contains(value)
    }
}

impl Plan {
    fn of(leaf: NodeRef<'_>) -> Option<Self> {
        let TypeDetail::Leafref { path, require_instance: true, .. } = leaf.type_()?.detail() else {
            return None;
        };
        let Target { depth, scope, leaf } = leafref_target(leaf, *path)?;
        let schema = leaf.schema();
        // A default in use is a target, too; the records know nothing of it.
        if !leaf.defaults().is_empty() {
            return None;
        }
        let mut nodes: Vec<NodeRef<'_>> =
            std::iter::successors(Some(leaf), |n| n.data_parent()).take_while(|n| n.id() != scope).collect();
        nodes.reverse();
        let many = |n: &&NodeRef<'_>| matches!(n.kind(), NodeKind::List | NodeKind::LeafList);
        let keys = match nodes.iter().filter(many).collect::<Vec<_>>().as_slice() {
            [list] => {
                let keyed = ListKind::of(**list) != ListKind::Sequence;
                let is_key = list.kind() == NodeKind::LeafList
                    || list.keys().len() == 1 && list.keys().all(|key| key.id() == leaf.id());
                (keyed && is_key).then(|| Keys::of(**list))
            }
            _ => None,
        };
        let step = |n: &NodeRef<'_>| Step { ordinal: schema.data_ordinal(n.id()), kind: n.kind() };
        Some(Self { depth, scope, leaf: leaf.id(), line: nodes.iter().map(step).collect(), keys })
    }

    fn look_up(&self, scope: &Record, keys: &Keys, value: &Value) -> bool {
        let mut at = scope;
        for step in &self.line {
            let Some(content) = at.get(step.ordinal) else { return false };
            match (step.kind, content) {
                (NodeKind::List, content) => {
                    return Record::in_content(content).get(keys, &[value]).is_some();
                }
                (NodeKind::LeafList, content) => {
                    return Value::in_content(content).get(keys, &[value]).is_some();
                }
                (_, Content::Record(record)) => at = record,
                _ => return false,
            }
        }
        false
    }
}

/// Visits the values at the end of a line.
fn each<'v>(at: &'v Record, line: &[Step], visit: &mut dyn FnMut(&'v Value)) {
    let Some((step, rest)) = line.split_first() else { return };
    let Some(content) = at.get(step.ordinal) else { return };
    match (step.kind, content) {
        (NodeKind::List, content) => {
            let entries: ListRef<'v, Record> = Record::in_content(content);
            entries.iter().for_each(|(_, entry)| each(entry, rest, visit));
        }
        (NodeKind::LeafList, content) => {
            let entries: ListRef<'v, Value> = Value::in_content(content);
            entries.iter().for_each(|(_, value)| visit(value));
        }
        (_, Content::Record(record)) => each(record, rest, visit),
        (_, Content::Value(value)) => visit(value),
        _ => {}
    }
}

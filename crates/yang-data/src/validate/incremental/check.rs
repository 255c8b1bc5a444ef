//! What a change concerns is checked as full validation checks everything.

use super::super::walk::{Rules, Walk};
use super::super::{instance, must, state, unique, when};
use super::affected::Affected;
use crate::error::DataError;
use crate::index::{address, hash_of_tuple, values};
use crate::view::{Cursor, View};
use std::collections::HashSet;
use yang_schema::dependency::ConstraintKind;
use yang_schema::value::InstanceIdentifier;

/// An error, the node it is about, and its place among those of the node.
struct Fault<'v> {
    at: Cursor<'v>,
    rank: u8,
    error: DataError,
}

/// All errors, in the order of the schema, and the number of evaluations. `new` has the indexes of the new version.
pub(super) fn check(affected: &Affected<'_>, new: &View, config_only: bool) -> (Vec<DataError>, usize) {
    let root = new.root();
    let schema = root.schema();
    let needs = schema.dependencies();
    let mut faults: Vec<Fault<'_>> = Vec::new();
    let mut evaluated = 0;
    // Nodes that must not be there: nothing else is said of them and of what is below.
    let mut refused: Vec<Cursor<'_>> = Vec::new();
    for (node, keys) in &affected.set {
        let Some(at) = address::descend(&root, schema.node(*node), keys).filter(Cursor::is_set) else {
            continue;
        };
        evaluated += 1;
        let error = match config_only && !at.node().is_config() {
            true => state::fault(&at),
            false => when::unmet(&at.accessible_to(at.node())),
        };
        if let Some(error) = error {
            refused.push(at.clone());
            faults.push(Fault { at, rank: 0, error });
        }
    }
    for (c, keys) in &affected.contexts {
        let constraint = needs.constraint(*c);
        let node = schema.node(constraint.context());
        if config_only && !node.is_config() {
            continue;
        }
        let on = schema.node(constraint.node());
        let Some(at) = address::descend(&new.accessible_to(on).root(), node, keys) else { continue };
        evaluated += 1;
        match constraint.kind() {
            ConstraintKind::Must(i) => {
                let error = must::fault(&at, &node.musts()[i as usize]);
                faults.extend(error.map(|error| Fault { at, rank: 1, error }));
            }
            ConstraintKind::Reference => {
                let mut errors = Vec::new();
                instance::check(&at, &mut errors);
                faults.extend(errors.into_iter().map(|error| Fault { at: at.clone(), rank: 1, error }));
            }
            ConstraintKind::When(_) => {}
        }
    }
    let rules = Rules { config_only, operational: false, in_operation: false, unique: false };
    for (node, keys) in &affected.parents {
        let node = schema.node(*node);
        if schema.checks().demanding_children(node.id()).is_empty() || (config_only && !node.is_config()) {
            continue;
        }
        let Some(at) = address::descend(&root, node, keys) else { continue };
        evaluated += 1;
        let mut walk = Walk::at(&at, rules);
        walk.demands(node.id(), &[]);
        faults.extend(walk.errors.into_iter().map(|error| Fault { at: at.clone(), rank: 2, error }));
    }
    evaluated += affected.entries.len();
    uniques(affected, new, &root, config_only, &mut faults);
    if !refused.is_empty() {
        faults.retain(|fault| {
            let own = (fault.rank > 0).then_some(&fault.at);
            !own.into_iter().chain(fault.at.ancestors()).any(|at| refused.contains(at))
        });
    }
    faults.sort_by(|a, b| a.at.cmp(&b.at).then(a.rank.cmp(&b.rank)));
    (faults.into_iter().map(|fault| fault.error).collect(), evaluated)
}

/// Entries with values that another one has: the old version had none, so one of them is among those that changed.
fn uniques<'v>(
    affected: &Affected<'_>,
    new: &View,
    root: &Cursor<'v>,
    config_only: bool,
    faults: &mut Vec<Fault<'v>>,
) {
    let schema = root.schema();
    let needs = schema.dependencies();
    let Some(indexes) = new.index_set() else { return };
    let mut seen: HashSet<(u32, u64)> = HashSet::new();
    for (i, keys) in &affected.entries {
        let tuple = &needs.uniques()[*i as usize];
        let list = schema.node(tuple.list);
        if config_only && !list.is_config() {
            continue;
        }
        let found = address::descend(root, list, keys);
        let Some(own) = found.as_ref().and_then(|entry| values(entry, tuple)) else { continue };
        let hash = hash_of_tuple(schema, tuple, keys, &own);
        if !seen.insert((*i, hash)) {
            continue;
        }
        let same_hash = indexes.with_hash(needs.indexes().len() + *i as usize, hash);
        let mut entries: Vec<Cursor<'v>> =
            same_hash.filter_map(|keys| address::descend(root, list, keys)).collect();
        entries.sort();
        // Different values may have one hash.
        while let Some(first) = entries.first().cloned() {
            let own = values(&first, tuple);
            let (same, others): (Vec<_>, Vec<_>) =
                entries.into_iter().partition(|e| e.parent() == first.parent() && values(e, tuple) == own);
            for entry in &same[1..] {
                let Some(at) = entry.parent() else { continue };
                let error =
                    unique::fault(list, &list.uniques()[tuple.position], &tuple.leaves, &first, entry);
                faults.push(Fault { at, rank: 3, error });
            }
            entries = others;
        }
    }
}

/// The topmost nodes whose `when` does not hold any longer.
pub(super) fn unmet(affected: &Affected<'_>, new: &View) -> Vec<(InstanceIdentifier, DataError)> {
    let root = new.root();
    let mut found: Vec<(Cursor<'_>, DataError)> = Vec::new();
    for (node, keys) in &affected.set {
        let at = address::descend(&root, root.schema().node(*node), keys).filter(Cursor::is_set);
        if let Some((at, error)) =
            at.and_then(|at| when::unmet(&at.accessible_to(at.node())).map(|error| (at, error)))
        {
            found.push((at, error));
        }
    }
    let all: Vec<Cursor<'_>> = found.iter().map(|(at, _)| at.clone()).collect();
    found.retain(|(at, _)| !at.ancestors().any(|up| all.contains(up)));
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found.into_iter().map(|(at, error)| (at.instance_identifier(), error)).collect()
}

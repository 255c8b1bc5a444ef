//! `unique` (RFC 7950 sections 7.8.3 and 15.1).

use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::view::Cursor;
use std::collections::HashMap;
use yang_schema::{NodeId, NodeRef, Unique, Value};

/// No two entries that have all the leaves have the same values in them; defaults in use count.
pub(super) fn check(at: &Cursor<'_>, list: NodeRef<'_>, errors: &mut Vec<DataError>) {
    for unique in list.uniques() {
        let paths: Vec<Vec<NodeId>> =
            unique.leaves.iter().map(|leaf| path_from(list, at.schema().node(*leaf))).collect();
        let mut seen: HashMap<Vec<&Value>, Cursor<'_>> = HashMap::new();
        for entry in at.children_of(list.id()) {
            let Some(leaves) = leaves(&entry, &paths) else { continue };
            let values: Vec<&Value> = leaves.iter().filter_map(Cursor::value).collect();
            let Some(first) = seen.get(&values) else {
                seen.insert(values, entry);
                continue;
            };
            errors.push(fault(list, unique, &paths, first, &entry));
        }
    }
}

/// Says of two entries that they have the same values.
pub(super) fn fault(
    list: NodeRef<'_>,
    unique: &Unique,
    paths: &[Vec<NodeId>],
    first: &Cursor<'_>,
    entry: &Cursor<'_>,
) -> DataError {
    let schema = list.schema();
    let (others, leaves) =
        (leaves(first, paths).unwrap_or_default(), leaves(entry, paths).unwrap_or_default());
    let shown: Vec<String> =
        leaves.iter().filter_map(Cursor::value).map(|v| format!("{:?}", v.canonical(schema))).collect();
    let message = format!(
        "`{}` must be unique in list `{}`, and {} is also in {}",
        schema.str(unique.text),
        list.name(),
        shown.join(", "),
        first.path()
    );
    let mut error =
        DataError::new(ErrorTag::OperationFailed, entry.path(), message).app_tag("data-not-unique");
    for leaf in others.iter().chain(&leaves) {
        error = error.info(ErrorInfo::NonUnique(leaf.path()));
    }
    error
}

/// The data nodes from below a list down to a leaf.
fn path_from(list: NodeRef<'_>, leaf: NodeRef<'_>) -> Vec<NodeId> {
    let mut path: Vec<NodeId> = std::iter::successors(Some(leaf), |n| n.data_parent())
        .take_while(|n| *n != list)
        .map(|n| n.id())
        .collect();
    path.reverse();
    path
}

/// The leaves of an entry, if all are there.
fn leaves<'v>(entry: &Cursor<'v>, paths: &[Vec<NodeId>]) -> Option<Vec<Cursor<'v>>> {
    paths.iter().map(|path| path.iter().try_fold(entry.clone(), |at, node| at.child(*node))).collect()
}

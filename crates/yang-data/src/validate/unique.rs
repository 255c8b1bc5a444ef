//! `unique` (RFC 7950 sections 7.8.3 and 15.1).

use super::walk::{Layers, Walk};
use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::tree::list::ListRef;
use crate::tree::{Content, Record};
use crate::view::Cursor;
use std::hash::{BuildHasher, RandomState};
use yang_schema::value::seen;
use yang_schema::{CodeOf, NodeId, NodeRef, Unique, Value};

/// No two entries that have all the leaves have the same values in them; defaults in use count.
pub(super) fn check<'v>(walk: &mut Walk<'v>, list: NodeRef<'v>) {
    for unique in list.uniques() {
        let paths: Vec<Vec<NodeId>> =
            unique.leaves.iter().map(|leaf| path_from(list, list.schema().node(*leaf))).collect();
        let again = Rows::of(walk, list, &paths).repeated();
        if again.is_empty() {
            continue;
        }
        let entries: Vec<Cursor<'v>> = walk.cursor_for(list).children_of(list.id()).collect();
        for (first, entry) in again {
            walk.errors.push(fault(list, unique, &paths, &entries[first], &entries[entry]));
        }
    }
}

/// The values of entries that have all leaves of a `unique`.
struct Rows<'v> {
    width: usize,
    /// Those of one entry after those of the other.
    values: Vec<&'v Value>,
    /// The positions of these entries in their list.
    entries: Vec<usize>,
}

impl<'v> Rows<'v> {
    fn of(walk: &mut Walk<'v>, list: NodeRef<'v>, paths: &[Vec<NodeId>]) -> Self {
        let mut rows = Self { width: paths.len(), values: Vec::new(), entries: Vec::new() };
        // What stands in records is found without a cursor, unless there is a default for what does not.
        let plain =
            paths.iter().filter_map(|p| p.last()).all(|l| list.schema().node(*l).defaults().is_empty());
        match walk.layers() {
            Layers::None => {}
            Layers::One(_, record) if plain => {
                let ordinals: Vec<Vec<u32>> = paths
                    .iter()
                    .map(|p| p.iter().map(|n| list.schema().data_ordinal(*n)).collect())
                    .collect();
                let entries = ListRef::<Record>::of(record, list.data_ordinal());
                for (i, (_, entry)) in entries.iter().enumerate() {
                    rows.push(i, ordinals.iter().map(|path| value_in(entry, path)));
                }
            }
            _ => {
                for (i, entry) in walk.cursor_for(list).children_of(list.id()).enumerate() {
                    rows.push(i, paths.iter().map(|path| leaf(&entry, path)?.value()));
                }
            }
        }
        rows
    }

    fn push(&mut self, entry: usize, values: impl Iterator<Item = Option<&'v Value>>) {
        let from = self.values.len();
        for value in values {
            match value {
                Some(value) => self.values.push(value),
                None => return self.values.truncate(from),
            }
        }
        self.entries.push(entry);
    }

    /// The positions of entries whose values one before them has, each with that of the first.
    fn repeated(&self) -> Vec<(usize, usize)> {
        let state = RandomState::new();
        let row = |i: u32| &self.values[i as usize * self.width..][..self.width];
        let mut hashes: Vec<(u64, u32)> =
            (0u32..).take(self.entries.len()).map(|i| (state.hash_one(row(i)), i)).collect();
        hashes.sort_unstable();
        let mut again = Vec::new();
        for group in hashes.chunk_by(|a, b| a.0 == b.0) {
            // Different values may have one hash, though it is rare.
            let mut firsts: Vec<u32> = Vec::new();
            for &(_, i) in group {
                match firsts.iter().find(|first| row(**first) == row(i)) {
                    Some(first) => again.push((self.entries[*first as usize], self.entries[i as usize])),
                    None => firsts.push(i),
                }
            }
        }
        again.sort_unstable_by_key(|(_, entry)| *entry);
        again
    }
}

fn value_in<'v>(entry: &'v Record, path: &[u32]) -> Option<&'v Value> {
    let (leaf, above) = path.split_last()?;
    let record = above.iter().try_fold(entry, |at, ordinal| match at.get(*ordinal) {
        Some(Content::Record(record)) => Some(record),
        _ => None,
    });
    record?.value(*leaf)
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
    let values: Vec<_> = leaves.iter().filter_map(Cursor::value).map(|v| v.canonical(schema)).collect();
    let values = values.iter().map(|v| &**v);
    let message = seen::not_unique(schema.str(unique.text), list.name(), values, &first.path());
    let mut error =
        DataError::new(ErrorTag::OperationFailed, entry.path(), message).app_tag("data-not-unique");
    for leaf in others.iter().chain(&leaves) {
        error = error.info(ErrorInfo::NonUnique(leaf.path()));
    }
    let position = list.uniques().iter().position(|u| std::ptr::eq(u, unique)).unwrap_or_default();
    error.coded(schema, list.code(CodeOf::Unique(position as u32)), false)
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
    paths.iter().map(|path| leaf(entry, path)).collect()
}

fn leaf<'v>(entry: &Cursor<'v>, path: &[NodeId]) -> Option<Cursor<'v>> {
    path.iter().try_fold(entry.clone(), |at, node| at.child(*node))
}

//! How much of a datastore a change is. To follow a difference costs several times what it costs to look at a node, so where
//! much of the new version is new, or little is left, the whole of it is looked at.

use crate::diff::{Change, ChangeKind, Item};
use crate::tree::{Content, Entry as _, Record};

/// Nodes that came, went or changed. Below this number either way is quick, and following is what small changes are validated by.
const MANY: usize = 4096;

/// How many times as many nodes as changed may be looked at.
const TIMES: usize = 2;

/// Is the whole of the new version looked at in less time than the changes are followed?
pub(super) fn is_most(changes: &[Change], new: &Record) -> bool {
    let changed = changed(changes);
    changed >= MANY && nodes(new, changed.saturating_mul(TIMES)).is_some()
}

fn changed(changes: &[Change]) -> usize {
    let one = |change: &Change| match &change.kind {
        ChangeKind::Created(item) | ChangeKind::Deleted(item) => inside(item),
        ChangeKind::Replaced(old, new) => inside(old) + inside(new),
        ChangeKind::Inside(below) => changed(below),
        ChangeKind::Annotated(..) => 0,
    };
    changes.iter().map(one).sum()
}

fn inside(item: &Item) -> usize {
    let all = |record: &Record| nodes(record, usize::MAX).unwrap_or(usize::MAX);
    match item {
        Item::Record(record) => 1 + all(record),
        Item::Value(_) | Item::Any(_) => 1,
        Item::Sequence(content) => {
            content.iter().flat_map(|c| Record::in_content(c).iter()).map(|(_, r)| 1 + all(r)).sum()
        }
    }
}

/// The nodes in a record; `None` for more than `most`.
fn nodes(record: &Record, most: usize) -> Option<usize> {
    let mut count = 0;
    let mut stack = vec![record];
    while let Some(record) = stack.pop() {
        for slot in record.slots() {
            match &slot.content {
                Content::Value(_) | Content::Any(_) => count += 1,
                Content::Values(values) => count += values.len(),
                Content::Annotations(_) => {}
                below @ (Content::Record(_) | Content::Entries(_)) => {
                    let below = Record::in_content(below);
                    count += below.len();
                    if count > most {
                        return None;
                    }
                    stack.extend(below.iter().map(|(_, record)| record));
                }
            }
        }
        if count > most {
            return None;
        }
    }
    Some(count)
}

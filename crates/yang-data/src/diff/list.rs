//! Lists side by side: B-trees are walked together, and nodes that both have are passed over.

use super::{Change, ChangeKind, Item, Moved, Spot, compare, sort};
use crate::tree::btree::{Front, Part};
use crate::tree::list::{Entry, Keys, ListKind, ListOf, ListRef};
use crate::tree::{Content, Record};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use yang_schema::{NodeRef, Schema, Value};

/// What an entry becomes in a change.
pub(crate) trait DiffEntry: Entry {
    fn item(&self) -> Item;
    /// What is different inside two entries of one key.
    fn inside(&self, schema: &Schema, other: &Self) -> Vec<Change>;
}

impl DiffEntry for Record {
    fn item(&self) -> Item {
        Item::Record(self.clone())
    }

    fn inside(&self, schema: &Schema, other: &Self) -> Vec<Change> {
        compare::records(schema, self, other)
    }
}

impl DiffEntry for Value {
    fn item(&self) -> Item {
        Item::Value(self.clone())
    }

    fn inside(&self, _: &Schema, _: &Self) -> Vec<Change> {
        Vec::new()
    }
}

/// The changes of a list or leaf-list.
pub(crate) fn entries<T: DiffEntry>(
    node: NodeRef<'_>,
    old: Option<&Content>,
    new: Option<&Content>,
    changes: &mut Vec<Change>,
) {
    let list = |content: Option<&Content>| content.cloned();
    let (from, to) = (old.map_or(ListRef::None, T::in_content), new.map_or(ListRef::None, T::in_content));
    let keys = Keys::of(node);
    match ListKind::of(node) {
        ListKind::Sequence => {
            let equal = from.len() == to.len() && from.iter().zip(to.iter()).all(|((_, a), (_, b))| a == b);
            if !equal {
                let kind = ChangeKind::Replaced(Item::Sequence(list(old)), Item::Sequence(list(new)));
                changes.push(Change { node: node.id(), key: Vec::new(), kind, moved: None });
            }
        }
        ListKind::Keyed => keyed(node, &keys, from, to, changes),
        ListKind::Ordered => ordered(node, &keys, from, to, changes),
    }
}

fn key_of<T: Entry>(keys: &Keys, entry: &T) -> Vec<Value> {
    keys.values(entry).into_iter().cloned().collect()
}

/// A change of an entry that is on one side, or of both that have one key.
fn change<T: DiffEntry>(node: NodeRef<'_>, keys: &Keys, old: Option<&T>, new: Option<&T>) -> Option<Change> {
    let key = key_of(keys, old.or(new)?);
    let kind = match (old, new) {
        (Some(old), Some(new)) => match old.inside(node.schema(), new) {
            below if below.is_empty() => return None,
            below => ChangeKind::Inside(below),
        },
        (Some(old), None) => ChangeKind::Deleted(old.item()),
        (None, Some(new)) => ChangeKind::Created(new.item()),
        (None, None) => return None,
    };
    Some(Change { node: node.id(), key, kind, moved: None })
}

fn keyed<T: DiffEntry>(
    node: NodeRef<'_>,
    keys: &Keys,
    from: ListRef<'_, T>,
    to: ListRef<'_, T>,
    changes: &mut Vec<Change>,
) {
    fn front<'t, T: Entry>(list: ListRef<'t, T>) -> Front<'t, T> {
        match list {
            ListRef::None => Front::new(None),
            ListRef::One(one) => Front::one(one),
            ListRef::Many(list) => match &**list {
                ListOf::Keyed(entries) => Front::new(Some(entries)),
                ListOf::Labelled { .. } => Front::new(None),
            },
        }
    }
    together(
        front(from),
        front(to),
        |a, b| keys.compare(a, b),
        |old, new| {
            changes.extend(change(node, keys, old, new));
        },
    );
}

/// An entry with its label.
type Labelled<'t, T> = (u64, &'t T);

fn ordered<T: DiffEntry>(
    node: NodeRef<'_>,
    keys: &Keys,
    from: ListRef<'_, T>,
    to: ListRef<'_, T>,
    changes: &mut Vec<Change>,
) {
    let mut found = Vec::new();
    // Entries that have not the same label on both sides: gone, come, moved, or relabelled.
    let (mut old, mut new): (Vec<Labelled<'_, T>>, Vec<Labelled<'_, T>>) = (Vec::new(), Vec::new());
    let trees = match (from, to) {
        (ListRef::Many(a), ListRef::Many(b)) => match (&**a, &**b) {
            (ListOf::Labelled { entries: a, .. }, ListOf::Labelled { entries: b, .. }) => Some((a, b)),
            _ => None,
        },
        _ => None,
    };
    if let Some((a, b)) = trees {
        together(
            Front::new(Some(a)),
            Front::new(Some(b)),
            |x, y| x.0.cmp(&y.0),
            |x, y| match (x, y) {
                (Some((_, x)), Some((_, y))) if keys.compare(x, y).is_eq() => {
                    found.extend(change(node, keys, Some(x), Some(y)));
                }
                (x, y) => {
                    old.extend(x.map(|(label, e)| (*label, e)));
                    new.extend(y.map(|(label, e)| (*label, e)));
                }
            },
        );
    } else {
        old.extend(from.iter());
        new.extend(to.iter());
    }
    let both: Vec<bool> = new.iter().map(|(_, e)| from.get(keys, &keys.values(*e)).is_some()).collect();
    let stays = if both.contains(&true) { staying(keys, (from, &old), (to, &new)) } else { HashSet::new() };
    let spot = |list: ListRef<'_, T>, entry: &T| {
        let rank = list.rank(keys, &keys.values(entry))?;
        let after = rank.checked_sub(1).and_then(|r| list.nth(r)).map(|(_, e)| key_of(keys, e));
        Some(Spot { rank, after })
    };
    for (_, entry) in old {
        if to.get(keys, &keys.values(entry)).is_none() {
            let moved = Some(Box::new(Moved { from: spot(from, entry), to: None }));
            found.extend(change(node, keys, Some(entry), None).map(|c| Change { moved, ..c }));
        }
    }
    for ((_, entry), both) in new.into_iter().zip(both) {
        let before = from.get(keys, &keys.values(entry)).map(|(_, e)| e);
        let key = key_of(keys, entry);
        if both && stays.contains(&key) {
            found.extend(change(node, keys, before, Some(entry)));
            continue;
        }
        let moved = Moved { from: before.and_then(|e| spot(from, e)), to: spot(to, entry) };
        let kind = match before {
            Some(before) => ChangeKind::Inside(before.inside(node.schema(), entry)),
            None => ChangeKind::Created(entry.item()),
        };
        found.push(Change { node: node.id(), key, kind, moved: Some(Box::new(moved)) });
    }
    sort(node.schema(), &mut found);
    changes.extend(found);
}

/// The keys of those entries that need not move although their labels are others.
///
/// The entries that are in neither `old` nor `new` stay where they are. One that is in both may stay, too, if equally many of
/// those stand in front of it on both sides; of these a longest run stays whose order is the same.
fn staying<T: Entry>(
    keys: &Keys,
    (from, old): (ListRef<'_, T>, &[Labelled<'_, T>]),
    (to, new): (ListRef<'_, T>, &[Labelled<'_, T>]),
) -> HashSet<Vec<Value>> {
    // Position among the changed, and the number of unchanged entries in front.
    let places = |list: ListRef<'_, T>, changed: &[Labelled<'_, T>]| -> Vec<(Vec<Value>, usize)> {
        let fixed = |i: usize, e: &T| list.rank(keys, &keys.values(e)).map_or(0, |rank| rank - i);
        changed.iter().enumerate().map(|(i, (_, e))| (key_of(keys, *e), fixed(i, e))).collect()
    };
    let before: HashMap<Vec<Value>, (usize, usize)> =
        places(from, old).into_iter().enumerate().map(|(i, (key, fixed))| (key, (i, fixed))).collect();
    let sequence: Vec<(usize, Vec<Value>)> = places(to, new)
        .into_iter()
        .filter_map(|(key, fixed)| match before.get(&key) {
            Some((i, same)) if *same == fixed => Some((*i, key)),
            _ => None,
        })
        .collect();
    // Of each length, the run that ends lowest: where it ends, and what stands in front of each.
    let mut ends: Vec<usize> = Vec::new();
    let mut links: Vec<Option<usize>> = Vec::with_capacity(sequence.len());
    for (i, (place, _)) in sequence.iter().enumerate() {
        let length = ends.partition_point(|&end| sequence[end].0 < *place);
        links.push(length.checked_sub(1).map(|l| ends[l]));
        if length == ends.len() {
            ends.push(i);
        } else {
            ends[length] = i;
        }
    }
    let mut stays = HashSet::new();
    let mut at = ends.last().copied();
    while let Some(i) = at {
        stays.insert(sequence[i].1.clone());
        at = links[i];
    }
    stays
}

/// Walks two sorted trees, and calls `found` with what is on one side, and with what is on both but not shared.
fn together<'t, T>(
    mut old: Front<'t, T>,
    mut new: Front<'t, T>,
    compare: impl Fn(&T, &T) -> Ordering,
    mut found: impl FnMut(Option<&'t T>, Option<&'t T>),
) {
    loop {
        match (old.head(), new.head()) {
            (None, None) => return,
            (Some(Part::Tree(a)), Some(Part::Tree(b))) => {
                if Arc::ptr_eq(a, b) {
                    old.pop();
                    new.pop();
                    continue;
                }
                let (a, b) = (a.len(), b.len());
                if a >= b {
                    old.open();
                }
                if b >= a {
                    new.open();
                }
            }
            (Some(Part::Tree(_)), _) => old.open(),
            (_, Some(Part::Tree(_))) => new.open(),
            (a, b) => {
                let order = match (a, b) {
                    (Some(Part::Item(a)), Some(Part::Item(b))) => compare(a, b),
                    (Some(_), _) => Ordering::Less,
                    _ => Ordering::Greater,
                };
                let item = |part| match part {
                    Some(Part::Item(item)) => Some(item),
                    _ => None,
                };
                found(if order.is_le() { item(a) } else { None }, if order.is_ge() { item(b) } else { None });
                if order.is_le() {
                    old.pop();
                }
                if order.is_ge() {
                    new.pop();
                }
            }
        }
    }
}

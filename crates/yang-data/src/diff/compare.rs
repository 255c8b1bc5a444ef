//! Records side by side.

use super::{Change, ChangeKind, Item, list};
use crate::tree::{Content, Record, Slot};
use std::cmp::Ordering;
use yang_schema::{NodeKind, Schema, Value};

pub(crate) fn records(schema: &Schema, from: &Record, to: &Record) -> Vec<Change> {
    let mut changes = Vec::new();
    if from.same(to) {
        return changes;
    }
    if from.annotations() != to.annotations() {
        let kind = ChangeKind::Annotated(from.clone(), to.clone());
        changes.push(Change { node: to.node(), key: Vec::new(), kind, moved: None });
    }
    let (mut old, mut new) = (from.slots().iter().peekable(), to.slots().iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return changes,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.ordinal.cmp(&b.ordinal),
        };
        let before = if order.is_le() { old.next() } else { None };
        let after = if order.is_ge() { new.next() } else { None };
        slots(schema, before, after, &mut changes);
    }
}

fn slots(schema: &Schema, before: Option<&Slot>, after: Option<&Slot>, changes: &mut Vec<Change>) {
    let Some(slot) = before.or(after) else { return };
    let (old, new) = (before.map(|s| &s.content), after.map(|s| &s.content));
    if let (Some(old), Some(new)) = (old, new)
        && old.same(new)
    {
        return;
    }
    let node = schema.node(slot.node);
    match node.kind() {
        NodeKind::List => return list::entries::<Record>(node, old, new, changes),
        NodeKind::LeafList => return list::entries::<Value>(node, old, new, changes),
        _ => {}
    }
    let kind = match (old, new) {
        (Some(Content::Record(old)), Some(Content::Record(new))) => match records(schema, old, new) {
            below if below.is_empty() => return,
            below => ChangeKind::Inside(below),
        },
        (Some(old), Some(new)) if old == new => return,
        (Some(old), Some(new)) => match (item(old), item(new)) {
            (Some(old), Some(new)) => ChangeKind::Replaced(old, new),
            _ => return,
        },
        (Some(old), None) => match item(old) {
            Some(old) => ChangeKind::Deleted(old),
            None => return,
        },
        (None, Some(new)) => match item(new) {
            Some(new) => ChangeKind::Created(new),
            None => return,
        },
        (None, None) => return,
    };
    changes.push(Change { node: slot.node, key: Vec::new(), kind, moved: None });
}

fn item(content: &Content) -> Option<Item> {
    match content {
        Content::Record(record) => Some(Item::Record(record.clone())),
        Content::Value(value) => Some(Item::Value(value.clone())),
        Content::Any(any) => Some(Item::Any(std::sync::Arc::clone(any))),
        _ => None,
    }
}

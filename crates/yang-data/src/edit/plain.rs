//! Containers and list entries of which an edit says nothing but what is in them: no operation, no place, no annotation on
//! anything inside. They are kept as the records that they become where nothing stands yet, which most of a large edit is.

use super::{EditContent, EditNode, Inner, children_of};
use crate::tree::list::{Entry, Keys, ListKind, ListOf};
use crate::tree::{Content, Record, Slot};
use std::sync::Arc;
use yang_schema::{NodeId, NodeKind, NodeRef, Schema, Value};

impl EditNode {
    /// Does it say nothing but its content?
    fn is_plain(&self) -> bool {
        let has_content = match &self.content {
            EditContent::Value(value) => value.is_some(),
            EditContent::Plain(_) | EditContent::Any(_) => true,
            EditContent::Inner(_) => false,
        };
        has_content && self.operation.is_none() && self.insert.is_none() && self.annotations.is_empty()
    }
}

/// Entries of a list or leaf-list, as they came.
enum Items {
    Records(Vec<Record>),
    Values(Vec<Value>),
}

/// A container or list entry as a record of this commit, if it can be. No two of its children are the same node.
pub(super) fn pack(node: NodeRef<'_>, inner: Inner, commit: u64, slots: &mut Vec<Slot>) -> EditContent {
    let is_whole = inner.keys.len() == node.keys().len() && inner.noted.is_empty();
    let is_found_again = node.kind() != NodeKind::List || !inner.keys.is_empty();
    if !is_whole || !is_found_again || !inner.children.iter().all(EditNode::is_plain) {
        return EditContent::Inner(Box::new(inner));
    }
    let schema = node.schema();
    let start = slots.len();
    let slot = |node: NodeRef<'_>, content| Slot { node: node.id(), ordinal: node.data_ordinal(), content };
    slots.extend(node.keys().zip(inner.keys).map(|(key, value)| slot(key, Content::Value(value))));
    let mut lists: Vec<(NodeId, Items)> = Vec::new();
    for EditNode { node, content, .. } in inner.children {
        let child = schema.node(node);
        let content = match (child.kind(), content) {
            (NodeKind::List, EditContent::Plain(record)) => {
                match lists.iter_mut().rfind(|(id, _)| *id == node) {
                    Some((_, Items::Records(records))) => records.push(record),
                    _ => lists.push((node, Items::Records(vec![record]))),
                }
                continue;
            }
            (NodeKind::LeafList, EditContent::Value(Some(value))) => {
                match lists.iter_mut().rfind(|(id, _)| *id == node) {
                    Some((_, Items::Values(values))) => values.push(value),
                    _ => lists.push((node, Items::Values(vec![value]))),
                }
                continue;
            }
            // It is there when something is in it (RFC 7950 section 7.5.1).
            (_, EditContent::Plain(record)) if child.is_np_container() && record.is_empty() => continue,
            (_, EditContent::Plain(record)) => Content::Record(record),
            (_, EditContent::Value(Some(value))) => Content::Value(value),
            (_, EditContent::Any(any)) => Content::Any(any),
            // None of these is plain.
            (_, EditContent::Value(None) | EditContent::Inner(_)) => continue,
        };
        slots.push(slot(child, content));
    }
    for (node, items) in lists {
        let list = schema.node(node);
        let content = match items {
            Items::Records(records) => content(list, records),
            Items::Values(values) => content(list, values),
        };
        slots.extend(content.map(|content| slot(list, content)));
    }
    EditContent::Plain(Record::from_buffer(node.id(), commit, slots, start))
}

fn content<T: Entry>(list: NodeRef<'_>, mut items: Vec<T>) -> Option<Content> {
    if items.len() < 2 {
        return items.pop().map(T::into_one);
    }
    let (kind, keys) = (ListKind::of(list), Keys::of(list));
    loop {
        match ListOf::from_entries(kind, &keys, &mut items) {
            Ok(entries) => return Some(T::into_many(Arc::new(entries))),
            // There are none, by the promise of who calls.
            Err(again) => again.iter().rev().for_each(|i| drop(items.remove(*i))),
        }
    }
}

/// What a record says, one level of it.
pub(super) fn unpack(schema: &Schema, record: &Record) -> Inner {
    let node = schema.node(record.node());
    let children = children_of(schema, record, &mut |record| EditContent::Plain(record.clone()));
    Inner { keys: keys(node, record), children, noted: Vec::new() }
}

/// The keys of an entry.
pub(super) fn keys(node: NodeRef<'_>, record: &Record) -> Vec<Value> {
    node.keys().filter_map(|key| record.value(key.data_ordinal()).cloned()).collect()
}

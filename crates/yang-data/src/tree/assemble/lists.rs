//! The lists of a tree that is being built: their entries are collected as they come, and sorted and compared once there are no more.

use super::Assembler;
use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::event::Position;
use crate::tree::list::{Entry, Keys, ListKind, ListOf};
use crate::tree::{Content, Record, Slot};
use crate::view::push_predicate;
use std::sync::Arc;
use yang_schema::{NodeId, NodeKind, NodeRef, Value};

/// A list or leaf-list whose entries come in.
pub(in crate::tree) struct OpenList {
    pub(in crate::tree) node: NodeId,
    ordinal: u32,
    pub(in crate::tree) entries: Collected,
    pub(in crate::tree) positions: Vec<Position>,
}

/// Lists of few entries are emptied and used again.
const SPARE: usize = 16;

pub(in crate::tree) enum Collected {
    Records(Vec<Record>),
    Values(Vec<Value>),
}

impl Assembler<'_> {
    /// The lists of the innermost record.
    pub(in crate::tree) fn open_lists(&self) -> &[OpenList] {
        &self.lists[self.frames.last().map_or(0, |f| f.lists)..]
    }

    pub(super) fn open_list(&mut self, node: NodeRef<'_>) -> &mut OpenList {
        let start = self.frames.last().map_or(0, |f| f.lists);
        let found = self.lists[start..].iter().rposition(|l| l.node == node.id()).map(|at| start + at);
        let at = found.unwrap_or_else(|| {
            let values = node.kind() == NodeKind::LeafList;
            let spare = self.spare.iter().rposition(|l| matches!(l.entries, Collected::Values(_)) == values);
            let mut list = spare.map(|at| self.spare.swap_remove(at)).unwrap_or_else(|| OpenList {
                node: node.id(),
                ordinal: 0,
                entries: if values { Collected::Values(Vec::new()) } else { Collected::Records(Vec::new()) },
                positions: Vec::new(),
            });
            (list.node, list.ordinal) = (node.id(), node.data_ordinal());
            self.lists.push(list);
            self.lists.len() - 1
        });
        &mut self.lists[at]
    }

    pub(super) fn close_lists(&mut self) {
        let start = self.frames.last().map_or(0, |f| f.lists);
        self.lists[start..].reverse();
        while self.lists.len() > start
            && let Some(mut list) = self.lists.pop()
        {
            let node = self.schema.node(list.node);
            let content = match &mut list.entries {
                Collected::Records(records) => self.list(node, records, &list.positions),
                Collected::Values(values) => self.list(node, values, &list.positions),
            };
            if let Some(content) = content {
                self.buffer.push(Slot { node: list.node, ordinal: list.ordinal, content });
            }
            if self.spare.len() < SPARE && list.positions.capacity() < 64 {
                list.positions.clear();
                match &mut list.entries {
                    Collected::Records(records) => records.clear(),
                    Collected::Values(values) => values.clear(),
                }
                self.spare.push(list);
            }
        }
    }

    fn list<T: Entry>(
        &mut self,
        node: NodeRef<'_>,
        entries: &mut Vec<T>,
        positions: &[Position],
    ) -> Option<Content> {
        if entries.len() < 2 {
            return entries.pop().map(T::into_one);
        }
        let (kind, keys) = (ListKind::of(node), Keys::of(node));
        match ListOf::from_entries(kind, &keys, entries) {
            Ok(list) => Some(T::into_many(Arc::new(list))),
            Err(again) => {
                for i in again {
                    let mut path = self.path_of(node);
                    push_keys(&mut path, node, &keys.values(&entries[i]));
                    let message = format!("{} `{}` has this entry twice", node.kind().keyword(), node.name());
                    self.report(
                        DataError::new(ErrorTag::BadElement, path, message)
                            .at(positions[i])
                            .info(ErrorInfo::BadElement(node.name().to_owned())),
                    );
                }
                None
            }
        }
    }
}

/// Adds the predicates that name an entry.
pub(crate) fn push_keys(path: &mut String, node: NodeRef<'_>, values: &[&Value]) {
    match (node.kind(), values) {
        (NodeKind::LeafList, [value]) => push_predicate(path, ".", &value.canonical(node.schema())),
        _ => {
            for (key, value) in node.keys().zip(values) {
                push_predicate(path, key.name(), &value.canonical(node.schema()));
            }
        }
    }
}

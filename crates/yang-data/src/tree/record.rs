//! The record: a container or list entry, with its leaves inline.

use crate::tree::annotation::Annotations;
use crate::tree::any::AnyData;
use crate::tree::list::{Entries, Values};
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use yang_schema::{NodeId, Value};

/// A container, a list entry or the root: one allocation. Cloning shares it.
///
/// The first slot is the head (commit id); the others are the children that exist, by their ordinal in the schema. A
/// record does not know what stands above it.
pub(crate) struct Record(Arc<[Slot]>);

/// One child of a record, or its head. Defaults are never stored.
#[derive(Clone, PartialEq)]
pub(crate) struct Slot {
    pub(crate) node: NodeId,
    /// The position of `node` among the data children of its data parent; slots are sorted by it.
    pub(crate) ordinal: u32,
    pub(crate) content: Content,
}

/// What stands in a slot.
#[derive(Clone)]
pub(crate) enum Content {
    /// The head: the id of the commit that last changed the record, and the annotations that it holds.
    Head(u64, Option<Arc<Annotations>>),
    /// A leaf, or the only entry of a leaf-list.
    Value(Value),
    /// A container, or the only entry of a list.
    Record(Record),
    /// The entries of a list, when there are several.
    Entries(Arc<Entries>),
    /// The entries of a leaf-list, when there are several.
    Values(Arc<Values>),
    /// anydata or anyxml.
    Any(Arc<AnyData>),
}

// The figures of the design hang on these.
const _: () = assert!(size_of::<Slot>() <= 32);

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            // When something changed is no part of what it is.
            (Content::Head(_, a), Content::Head(_, b)) => a == b,
            (Content::Value(a), Content::Value(b)) => a == b,
            (Content::Record(a), Content::Record(b)) => a == b,
            (Content::Entries(a), Content::Entries(b)) => Arc::ptr_eq(a, b) || a == b,
            (Content::Values(a), Content::Values(b)) => Arc::ptr_eq(a, b) || a == b,
            (Content::Any(a), Content::Any(b)) => Arc::ptr_eq(a, b) || a == b,
            _ => false,
        }
    }
}

impl Content {
    /// Are the two the same piece of memory? Values are compared.
    pub(crate) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Content::Value(a), Content::Value(b)) => a == b,
            (Content::Record(a), Content::Record(b)) => a.same(b),
            (Content::Entries(a), Content::Entries(b)) => Arc::ptr_eq(a, b),
            (Content::Values(a), Content::Values(b)) => Arc::ptr_eq(a, b),
            (Content::Any(a), Content::Any(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl Record {
    /// A record of these children, which are sorted by ordinal.
    pub(crate) fn new(node: NodeId, commit: u64, children: impl IntoIterator<Item = Slot>) -> Self {
        let mut slots = vec![Slot { node, ordinal: 0, content: Content::Head(commit, None) }];
        slots.extend(children);
        debug_assert!(slots[1..].is_sorted_by(|a, b| a.ordinal < b.ordinal));
        Self(slots.into())
    }

    /// Takes the slots out of a buffer from a position on, the first of which is the head.
    pub(crate) fn from_buffer(buffer: &mut Vec<Slot>, start: usize) -> Self {
        debug_assert!(matches!(buffer[start].content, Content::Head(..)));
        buffer[start + 1..].sort_unstable_by_key(|s| s.ordinal);
        Self(buffer.drain(start..).collect())
    }

    /// The schema node that it is an instance of.
    pub(crate) fn node(&self) -> NodeId {
        self.0[0].node
    }

    /// The commit that last changed it or anything below it.
    pub(crate) fn commit(&self) -> u64 {
        match self.0[0].content {
            Content::Head(commit, _) => commit,
            _ => 0,
        }
    }

    /// Its children, by ordinal.
    pub(crate) fn slots(&self) -> &[Slot] {
        #[cfg(test)]
        VISITED.set(VISITED.get() + 1);
        &self.0[1..]
    }

    /// Has it neither children nor annotations?
    pub(crate) fn is_empty(&self) -> bool {
        self.0.len() == 1 && self.annotations().is_none()
    }

    /// The annotations that it holds: its own, and those of its leaves.
    pub(crate) fn annotations(&self) -> Option<&Annotations> {
        self.annotations_arc().map(|a| &**a)
    }

    pub(crate) fn annotations_arc(&self) -> Option<&Arc<Annotations>> {
        match &self.0[0].content {
            Content::Head(_, annotations) => annotations.as_ref(),
            _ => None,
        }
    }

    /// Puts other annotations in place of those that it holds.
    pub(crate) fn annotate(&mut self, annotations: Option<Arc<Annotations>>, commit: u64) {
        self.slots_mut()[0].content = Content::Head(commit, annotations.filter(|a| !a.is_empty()));
    }

    fn position(&self, ordinal: u32) -> Result<usize, usize> {
        self.slots().binary_search_by_key(&ordinal, |s| s.ordinal)
    }

    /// The child of an ordinal.
    pub(crate) fn get(&self, ordinal: u32) -> Option<&Content> {
        self.position(ordinal).ok().map(|i| &self.slots()[i].content)
    }

    /// The value of a leaf, or of a leaf-list with one entry.
    pub(crate) fn value(&self, ordinal: u32) -> Option<&Value> {
        match self.get(ordinal) {
            Some(Content::Value(value)) => Some(value),
            _ => None,
        }
    }

    /// Puts a child in or changes it. What others share of the record stays as it was.
    pub(crate) fn set(&mut self, slot: Slot, commit: u64) {
        match self.position(slot.ordinal) {
            Ok(i) => {
                let slots = self.slots_mut();
                stamp(&mut slots[0], commit);
                slots[i + 1] = slot;
            }
            Err(i) => {
                let mut slots = Vec::with_capacity(self.0.len() + 1);
                slots.extend_from_slice(&self.0[..=i]);
                slots.push(slot);
                slots.extend_from_slice(&self.0[i + 1..]);
                stamp(&mut slots[0], commit);
                self.replace(slots.into());
            }
        }
    }

    /// Takes a child out; says whether it was there.
    pub(crate) fn remove(&mut self, ordinal: u32, commit: u64) -> bool {
        let Ok(i) = self.position(ordinal) else { return false };
        let left = match self.annotations() {
            Some(annotations) if annotations.has(ordinal) => annotations.without(ordinal, None).map(Arc::new),
            _ => self.annotations_arc().cloned(),
        };
        let mut slots = Vec::with_capacity(self.0.len() - 1);
        slots.extend_from_slice(&self.0[..=i]);
        slots.extend_from_slice(&self.0[i + 2..]);
        slots[0].content = Content::Head(commit, left);
        self.replace(slots.into());
        true
    }

    fn slots_mut(&mut self) -> &mut [Slot] {
        if Arc::get_mut(&mut self.0).is_none() {
            let copy: Arc<[Slot]> = self.0.iter().cloned().collect();
            self.replace(copy);
        }
        Arc::get_mut(&mut self.0).expect("a copy that was just made is shared by nobody")
    }

    fn replace(&mut self, slots: Arc<[Slot]>) {
        *self = Self(slots);
    }

    /// Where it stands in memory: no two records do at one time.
    pub(crate) fn address(&self) -> usize {
        self.0.as_ptr().addr()
    }

    /// Are the two the same piece of memory?
    pub(crate) fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Writes who changed the record last.
fn stamp(head: &mut Slot, commit: u64) {
    if let Content::Head(last, _) = &mut head.content {
        *last = commit;
    }
}

impl Clone for Record {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.same(other) || self.0[..] == other.0[..]
    }
}

/// So many records may be dropped inside one another before the rest waits in a queue: a deep tree must not overflow
/// the stack.
const NESTED_DROPS: u32 = 64;

#[cfg(test)]
thread_local! {
    static VISITED: Cell<u64> = const { Cell::new(0) };
}

/// How often a record was looked into, in this thread.
#[cfg(test)]
pub(crate) fn visited() -> u64 {
    VISITED.get()
}

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static WAITING: RefCell<Vec<Arc<[Slot]>>> = const { RefCell::new(Vec::new()) };
}

impl Drop for Record {
    fn drop(&mut self) {
        if Arc::strong_count(&self.0) > 1 {
            return;
        }
        let slots = std::mem::take(&mut self.0);
        // While a thread ends its locals may be gone; then there is nothing left to protect but the stack's usual depth.
        let depth = DEPTH.try_with(|d| d.replace(d.get() + 1)).unwrap_or(0);
        if depth < NESTED_DROPS {
            drop(slots);
        } else {
            let _ = WAITING.try_with(|w| w.borrow_mut().push(slots));
        }
        if depth == 0 {
            while let Ok(Some(slots)) = WAITING.try_with(|w| w.borrow_mut().pop()) {
                drop(slots);
            }
        }
        let _ = DEPTH.try_with(|d| d.set(depth));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(depth: usize) -> Record {
        let node = NodeId::ROOT;
        (0..depth).fold(Record::new(node, 0, []), |inner, _| {
            let content = Content::Record(inner);
            Record::new(node, 0, [Slot { node, ordinal: 0, content }])
        })
    }

    #[test]
    fn a_deep_tree_is_dropped_without_depth() {
        let deep = chain(300_000);
        let shared = deep.clone();
        drop(deep);
        assert!(shared.get(0).is_some(), "what is shared stays");
        drop(shared);
    }

    #[test]
    fn an_edit_of_a_shared_record_leaves_the_other_alone() {
        let node = NodeId::ROOT;
        let leaf = |ordinal, n| Slot { node, ordinal, content: Content::Value(Value::Uint(n)) };
        let old = Record::new(node, 1, [leaf(2, 20), leaf(5, 50)]);
        let mut new = old.clone();
        new.set(leaf(3, 30), 2);
        new.set(leaf(5, 51), 2);
        assert!(new.remove(2, 3) && !new.remove(4, 4));
        let values = |r: &Record| r.slots().iter().map(|s| s.ordinal).collect::<Vec<_>>();
        assert_eq!((values(&old), values(&new)), (vec![2, 5], vec![3, 5]));
        assert_eq!((old.value(5), new.value(5)), (Some(&Value::Uint(50)), Some(&Value::Uint(51))));
        assert_eq!((old.commit(), new.commit()), (1, 3));
    }
}

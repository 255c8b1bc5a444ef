//! The record: a container or list entry, with its leaves inline.

use crate::tree::annotation::{self, Annotation, Annotations, Of};
use crate::tree::any::AnyData;
use crate::tree::list::{Entries, Values};
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use triomphe::{Arc as Counted, HeaderSlice};
use yang_schema::{NodeId, Value};

/// A container, a list entry or the root: one allocation. Cloning shares it.
///
/// Its slots are the children that exist, by their ordinal in the schema; annotations stand behind them. A record does not know
/// what stands above it.
pub(crate) struct Record(Counted<HeaderSlice<Head, [Slot]>>);

/// What stands in front of the slots.
#[derive(Clone, Copy)]
struct Head {
    /// The commit that last changed the record.
    commit: u64,
    node: NodeId,
    /// Is the last slot that of annotations?
    annotated: bool,
}

/// One child of a record, or its annotations. Defaults are never stored.
#[derive(Clone, PartialEq)]
pub(crate) struct Slot {
    pub(crate) node: NodeId,
    /// The position of `node` among the data children of its data parent; slots are sorted by it.
    pub(crate) ordinal: u32,
    pub(crate) content: Content,
}

/// The ordinal of the annotations' slot: behind all children.
const ANNOTATIONS: u32 = u32::MAX;

/// What stands in a slot.
#[derive(Clone)]
pub(crate) enum Content {
    /// The annotations that the record holds: its own, and those of its leaves.
    Annotations(Arc<Annotations>),
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
const _: () = assert!(size_of::<Slot>() <= 32 && size_of::<Head>() <= 16);

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Content::Annotations(a), Content::Annotations(b)) => a == b,
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

impl Slot {
    /// The slot of a record's annotations.
    pub(crate) fn of_annotations(node: NodeId, annotations: Arc<Annotations>) -> Self {
        Self { node, ordinal: ANNOTATIONS, content: Content::Annotations(annotations) }
    }
}

impl Record {
    /// A record of these children, which are sorted by ordinal.
    pub(crate) fn new(node: NodeId, commit: u64, children: impl IntoIterator<Item = Slot>) -> Self {
        Self::of(node, commit, children.into_iter().collect(), None)
    }

    fn of(node: NodeId, commit: u64, mut slots: Vec<Slot>, annotations: Option<Arc<Annotations>>) -> Self {
        debug_assert!(slots.is_sorted_by(|a, b| a.ordinal < b.ordinal));
        let head = Head { commit, node, annotated: annotations.is_some() };
        slots.extend(annotations.map(|a| Slot::of_annotations(node, a)));
        Self(Counted::from_header_and_vec(head, slots))
    }

    /// Takes the children, and annotations, out of a buffer from a position on.
    pub(crate) fn from_buffer(node: NodeId, commit: u64, buffer: &mut Vec<Slot>, start: usize) -> Self {
        buffer[start..].sort_unstable_by_key(|s| s.ordinal);
        let annotated = buffer[start..].last().is_some_and(|s| s.ordinal == ANNOTATIONS);
        Self(Counted::from_header_and_iter(Head { commit, node, annotated }, buffer.drain(start..)))
    }

    /// The schema node that it is an instance of.
    pub(crate) fn node(&self) -> NodeId {
        self.0.header.node
    }

    /// The commit that last changed it or anything below it.
    pub(crate) fn commit(&self) -> u64 {
        self.0.header.commit
    }

    /// Its children, by ordinal.
    pub(crate) fn slots(&self) -> &[Slot] {
        #[cfg(test)]
        VISITED.set(VISITED.get() + 1);
        let all = &self.0.slice;
        &all[..all.len() - usize::from(self.0.header.annotated)]
    }

    /// Has it neither children nor annotations?
    pub(crate) fn is_empty(&self) -> bool {
        self.0.slice.is_empty()
    }

    /// The annotations that it holds: its own, and those of its leaves.
    pub(crate) fn annotations(&self) -> Option<&Annotations> {
        self.annotations_arc().map(|a| &**a)
    }

    pub(crate) fn annotations_arc(&self) -> Option<&Arc<Annotations>> {
        if !self.0.header.annotated {
            return None;
        }
        match self.0.slice.last().map(|s| &s.content) {
            Some(Content::Annotations(annotations)) => Some(annotations),
            _ => None,
        }
    }

    /// Puts other annotations in place of those that it holds.
    pub(crate) fn annotate(&mut self, annotations: Option<Arc<Annotations>>, commit: u64) {
        let annotations = annotations.filter(|a| !a.is_empty());
        *self = Self::of(self.node(), commit, self.slots().to_vec(), annotations);
    }

    /// Gives annotations to a child that is no record, or to the record itself: those of the names that it has already are
    /// replaced, and all others are if `alone`.
    pub(crate) fn note(&mut self, at: Option<(u32, &Of)>, new: &[Annotation], alone: bool, commit: u64) {
        let have = self.annotations().map_or(&[][..], |all| all.at(at));
        let mut wanted: Vec<Annotation> = new.to_vec();
        if !alone {
            wanted.extend(have.iter().filter(|old| !new.iter().any(|n| n.name == old.name)).cloned());
        }
        annotation::sort(&mut wanted);
        if have == wanted {
            return;
        }
        let mut all = self.annotations_arc().cloned().unwrap_or_default();
        Arc::make_mut(&mut all).set(at, wanted);
        self.annotate(Some(all), commit);
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

    /// The child of an ordinal, to change it. What others share of the record stays as it was.
    pub(crate) fn get_mut(&mut self, ordinal: u32, commit: u64) -> Option<&mut Content> {
        let at = self.position(ordinal).ok()?;
        if Counted::get_mut(&mut self.0).is_none() {
            let copy = Counted::from_header_and_iter(self.0.header, self.0.slice.iter().cloned());
            *self = Self(copy);
        }
        let own = Counted::get_mut(&mut self.0)?;
        own.header.commit = commit;
        Some(&mut own.slice[at].content)
    }

    /// Puts a child in or changes it. What others share of the record stays as it was.
    pub(crate) fn set(&mut self, slot: Slot, commit: u64) {
        if let Some(content) = self.get_mut(slot.ordinal, commit) {
            *content = slot.content;
            return;
        }
        match self.position(slot.ordinal) {
            Ok(_) => {}
            Err(i) => {
                let (before, behind) = self.slots().split_at(i);
                let mut slots = Vec::with_capacity(self.0.slice.len() + 1);
                slots.extend_from_slice(before);
                slots.push(slot);
                slots.extend_from_slice(behind);
                *self = Self::of(self.node(), commit, slots, self.annotations_arc().cloned());
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
        let (before, behind) = self.slots().split_at(i);
        let slots = before.iter().chain(&behind[1..]).cloned().collect();
        *self = Self::of(self.node(), commit, slots, left);
        true
    }

    /// Where it stands in memory: no two records do at one time.
    pub(crate) fn address(&self) -> usize {
        std::ptr::from_ref(&self.0.header).addr()
    }

    /// Are the two the same piece of memory?
    pub(crate) fn same(&self, other: &Self) -> bool {
        Counted::ptr_eq(&self.0, &other.0)
    }
}

impl Clone for Record {
    fn clone(&self) -> Self {
        Self(Counted::clone(&self.0))
    }
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Record")
            .field("node", &self.node())
            .field("commit", &self.commit())
            .finish_non_exhaustive()
    }
}

/// When something changed is no part of what it is.
impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.same(other) || self.node() == other.node() && self.0.slice == other.0.slice
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
    static WAITING: RefCell<Vec<Content>> = const { RefCell::new(Vec::new()) };
}

impl Drop for Record {
    fn drop(&mut self) {
        let Some(last) = Counted::get_mut(&mut self.0) else { return };
        // While a thread ends its locals may be gone; then there is nothing left to protect but the stack's usual depth.
        let depth = DEPTH.try_with(|d| d.replace(d.get() + 1)).unwrap_or(0);
        for slot in &mut last.slice {
            if let Content::Record(_) | Content::Entries(_) = slot.content {
                let below = std::mem::replace(&mut slot.content, Content::Value(Value::Empty));
                if depth < NESTED_DROPS {
                    drop(below);
                } else {
                    let _ = WAITING.try_with(|w| w.borrow_mut().push(below));
                }
            }
        }
        if depth == 0 {
            while let Ok(Some(below)) = WAITING.try_with(|w| w.borrow_mut().pop()) {
                drop(below);
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

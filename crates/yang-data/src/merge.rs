//! Two trees made one: laid over each other, or three ways from a common ancestor.

use crate::diff::{ChangeKind, annotated, list_changes};
use crate::error::{DataError, ErrorTag};
use crate::tree::annotation::Of;
use crate::tree::list::{Entry, ListKind, ListRef, Place};
use crate::tree::list_ops::ListAt;
use crate::tree::{Content, Record, Slot, Tree, push_keys};
use crate::view::push_step;
use std::sync::Arc;
use yang_schema::{NodeId, NodeKind, NodeRef, Schema, Value};

impl Tree {
    /// All that is in either tree. Where both have a leaf, the other's value counts; entries that only the other has come
    /// last in user-ordered lists; lists without keys follow one another.
    #[must_use]
    pub fn overlay(&self, other: &Tree) -> Tree {
        let mut tree = self.clone();
        overlay(tree.schema().clone().as_ref(), tree.root_mut(), other.root());
        tree
    }
}

fn overlay(schema: &Schema, under: &mut Record, over: &Record) {
    let commit = over.commit();
    if let Some(annotations) = over.annotations() {
        under.note(None, &annotations.own, false, commit);
        for (ordinal, of, annotations) in &annotations.below {
            let of = match of {
                // Entries without keys follow those that are there.
                Of::Nth(n) => &Of::Nth(n + ListRef::<Value>::of(under, *ordinal).len()),
                of => of,
            };
            under.note(Some((*ordinal, of)), annotations, false, commit);
        }
    }
    for slot in over.slots() {
        let node = schema.node(slot.node);
        let Some(old) = under.get(slot.ordinal).cloned() else {
            under.set(slot.clone(), commit);
            continue;
        };
        if old.same(&slot.content) {
            continue;
        }
        match (node.kind(), &old, &slot.content) {
            (NodeKind::Container, Content::Record(a), Content::Record(b)) => {
                let mut both = a.clone();
                overlay(schema, &mut both, b);
                under.set(Slot { content: Content::Record(both), ..slot.clone() }, commit);
            }
            (NodeKind::List, _, content) => {
                overlay_list(under, ListAt::new(node), Record::in_content(content), |old, new| {
                    let mut both = old.clone();
                    overlay(schema, &mut both, new);
                    both
                });
            }
            (NodeKind::LeafList, _, content) => {
                overlay_list(under, ListAt::new(node), Value::in_content(content), |_, new| new.clone());
            }
            _ => under.set(slot.clone(), commit),
        }
    }
}

fn overlay_list<T: Entry>(
    under: &mut Record,
    list: ListAt<'_>,
    over: ListRef<'_, T>,
    both: impl Fn(&T, &T) -> T,
) {
    let commit = under.commit();
    for (_, new) in over.iter() {
        let old = match list.kind {
            ListKind::Sequence => None,
            _ => list.get::<T>(under, &list.keys.values(new)),
        };
        let entry = old.map_or_else(|| new.clone(), |old| both(old, new));
        // Without a neighbour to name nothing can be missing.
        let _ = list.put(under, entry, Place::Keep, commit);
    }
}

/// The tree with the changes from `base` to `mine` and those from `base` to `theirs`.
///
/// # Errors
/// Each node that both changed in different ways: `data-exists` where both set it, `data-missing` where one changed what the
/// other deleted.
pub fn merge3(base: &Tree, mine: &Tree, theirs: &Tree, commit: u64) -> Result<Tree, Vec<DataError>> {
    let (tree, conflicts) = merge3_preferring(Side::Theirs, base, mine, theirs, commit);
    if conflicts.is_empty() { Ok(tree) } else { Err(conflicts) }
}

/// Of two that are merged.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Side {
    /// The first.
    Mine,
    /// The second.
    Theirs,
}

/// As [`merge3`], and where both changed a node in different ways, it is as one of them has it. The conflicts are told all the
/// same.
pub fn merge3_preferring(
    side: Side,
    base: &Tree,
    mine: &Tree,
    theirs: &Tree,
    commit: u64,
) -> (Tree, Vec<DataError>) {
    let schema = Arc::clone(base.schema());
    let mut run = Merge { schema: &schema, side, commit, path: String::from("/"), conflicts: Vec::new() };
    let root = run.records(base.root(), mine.root(), theirs.root());
    let conflicts = run.conflicts;
    (Tree::from_root(schema, root), conflicts)
}

const CHANGED_AND_DELETED: &str = "one side changed what the other deleted";

struct Merge<'s> {
    schema: &'s Schema,
    /// Whose a node is that both changed.
    side: Side,
    commit: u64,
    path: String,
    conflicts: Vec<DataError>,
}

impl Merge<'_> {
    fn records(&mut self, base: &Record, mine: &Record, theirs: &Record) -> Record {
        if base.same(mine) || mine == theirs {
            return theirs.clone();
        }
        if base.same(theirs) {
            return mine.clone();
        }
        let mut merged = theirs.clone();
        let mut ordinals: Vec<(u32, NodeId)> =
            base.slots().iter().chain(mine.slots()).map(|s| (s.ordinal, s.node)).collect();
        ordinals.sort_unstable();
        ordinals.dedup();
        for (ordinal, node) in ordinals {
            let node = self.schema.node(node);
            let length = self.path.len();
            push_step(&mut self.path, node.data_parent().filter(|p| p.id() != NodeId::ROOT), node);
            let (b, m) = (base.get(ordinal), mine.get(ordinal));
            match node.kind() {
                NodeKind::List => self.list::<Record>(&mut merged, node, b, m),
                NodeKind::LeafList => self.list::<Value>(&mut merged, node, b, m),
                _ => self.single(&mut merged, node, b, m),
            }
            self.restore(length);
        }
        // A node that a side takes away has taken its annotations along, so they are put on at the end.
        for noted in annotated::noted(base, mine) {
            let have = merged.annotations().map_or(&[][..], |all| all.at(noted.at));
            if have == noted.old {
                if noted.at.is_none_or(|(ordinal, _)| merged.get(ordinal).is_some()) {
                    merged.note(noted.at, noted.new, true, self.commit);
                }
            } else if have != noted.new {
                self.conflict(ErrorTag::DataExists, "both sides changed the annotations here");
                if self.side == Side::Mine
                    && noted.at.is_none_or(|(ordinal, _)| merged.get(ordinal).is_some())
                {
                    merged.note(noted.at, noted.new, true, self.commit);
                }
            }
        }
        merged
    }

    fn restore(&mut self, length: usize) {
        self.path.truncate(length);
        if self.path.is_empty() {
            self.path.push('/');
        }
    }

    fn conflict(&mut self, tag: ErrorTag, message: &str) {
        self.conflicts.push(DataError::new(tag, self.path.clone(), message));
    }

    /// A leaf, container, anydata: `merged` has theirs.
    fn single(
        &mut self,
        merged: &mut Record,
        node: NodeRef<'_>,
        base: Option<&Content>,
        mine: Option<&Content>,
    ) {
        let ordinal = node.data_ordinal();
        let theirs = merged.get(ordinal).cloned();
        if base == mine || mine == theirs.as_ref() {
            return;
        }
        let content = match (base, mine, theirs.as_ref()) {
            (_, Some(Content::Record(m)), Some(Content::Record(t))) => {
                let none = Record::new(node.id(), 0, []);
                let b = if let Some(Content::Record(b)) = base { b } else { &none };
                Some(Content::Record(self.records(b, m, t)))
            }
            (base, mine, theirs) if base == theirs => mine.cloned(),
            (_, mine, theirs) => {
                match (mine, theirs) {
                    (Some(_), Some(_)) => {
                        self.conflict(ErrorTag::DataExists, "both sides set it, to different values");
                    }
                    _ => self.conflict(ErrorTag::DataMissing, CHANGED_AND_DELETED),
                }
                match self.side {
                    Side::Mine => mine.cloned(),
                    Side::Theirs => return,
                }
            }
        };
        match content {
            Some(content) => {
                merged.set(Slot { node: node.id(), ordinal, content }, self.commit);
            }
            None => _ = merged.remove(ordinal, self.commit),
        }
    }

    fn list<T: MergeEntry>(
        &mut self,
        merged: &mut Record,
        node: NodeRef<'_>,
        base: Option<&Content>,
        mine: Option<&Content>,
    ) {
        let list = ListAt::new(node);
        if list.kind == ListKind::Sequence {
            return self.single(merged, node, base, mine);
        }
        let mut changes = Vec::new();
        list_changes::<T>(node, base, mine, &mut changes);
        for change in changes {
            let key: Vec<&Value> = change.key.iter().collect();
            let length = self.path.len();
            push_keys(&mut self.path, node, &key);
            let find = |content: Option<&Content>| {
                content.map_or(ListRef::None, T::in_content).get(&list.keys, &key).map(|(_, e)| e.clone())
            };
            let (b, m, t) = (find(base), find(mine), list.get::<T>(merged, &key).cloned());
            let entry = match (b, m, t) {
                (b, Some(m), Some(t)) => Some(T::merge(self, node, b.as_ref(), &m, &t)),
                (None, Some(m), None) => Some(m),
                (Some(b), None, Some(t)) if b == t => None,
                (_, None, None) => None,
                (Some(b), Some(m), None) if b == m => None,
                (_, mine, _) => {
                    self.conflict(ErrorTag::DataMissing, CHANGED_AND_DELETED);
                    if self.side == Side::Theirs {
                        self.restore(length);
                        continue;
                    }
                    mine
                }
            };
            match entry {
                None => _ = list.remove::<T>(merged, &key, self.commit),
                Some(entry) => {
                    let spot = change.moved.as_ref().and_then(|m| m.to.as_ref());
                    let anchor: Option<Vec<&Value>> =
                        spot.and_then(|s| s.after.as_ref()).map(|k| k.iter().collect());
                    let place = match (&spot, &anchor) {
                        (None, _) => Place::Keep,
                        (Some(_), None) => Place::First,
                        // The neighbour may be gone on the other side.
                        (Some(_), Some(a)) if list.get::<T>(merged, a).is_none() => Place::Last,
                        (Some(_), Some(a)) => Place::After(a),
                    };
                    debug_assert!(!matches!(change.kind, ChangeKind::Deleted(_)));
                    let _ = list.put(merged, entry, place, self.commit);
                }
            }
            self.restore(length);
        }
    }
}

trait MergeEntry: crate::diff::DiffEntry {
    fn merge(run: &mut Merge<'_>, node: NodeRef<'_>, base: Option<&Self>, mine: &Self, theirs: &Self)
    -> Self;
}

impl MergeEntry for Record {
    fn merge(
        run: &mut Merge<'_>,
        node: NodeRef<'_>,
        base: Option<&Self>,
        mine: &Self,
        theirs: &Self,
    ) -> Self {
        let none = Record::new(node.id(), 0, []);
        run.records(base.unwrap_or(&none), mine, theirs)
    }
}

impl MergeEntry for Value {
    fn merge(_: &mut Merge<'_>, _: NodeRef<'_>, _: Option<&Self>, mine: &Self, _: &Self) -> Self {
        mine.clone()
    }
}

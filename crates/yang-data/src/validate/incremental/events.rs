//! What is different between two versions as constraints see them: nodes of the accessible tree that came, went or have
//! another value.

use crate::diff::{Change, ChangeKind, Item};
use crate::index::address;
use crate::view::{Cursor, Instances};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use yang_schema::{NodeId, NodeKind, NodeRef, Value};

/// An instance of a schema node.
pub(super) type Place = (NodeId, Rc<[Value]>);

/// A node that came, went, moved or has another value.
pub(super) struct Event<'v> {
    pub(super) node: NodeId,
    pub(super) keys: Rc<[Value]>,
    pub(super) old: Option<Cursor<'v>>,
    pub(super) new: Option<Cursor<'v>>,
}

/// The events of a comparison, each once.
#[derive(Default)]
pub(super) struct Events<'v> {
    pub(super) events: Vec<Event<'v>>,
    known: HashMap<NodeId, HashSet<Rc<[Value]>>>,
    /// Nodes among whose children something came or went.
    pub(super) parents: BTreeSet<Place>,
    /// Nodes that are set and were not.
    pub(super) set: BTreeSet<Place>,
}

impl<'v> Events<'v> {
    fn push(&mut self, node: NodeId, keys: &[Value], old: Option<Cursor<'v>>, new: Option<Cursor<'v>>) {
        let known = self.known.entry(node).or_default();
        if known.contains(keys) {
            return;
        }
        let keys: Rc<[Value]> = keys.into();
        known.insert(Rc::clone(&keys));
        self.events.push(Event { node, keys, old, new });
    }

    /// The changes below a node that is there on both sides.
    pub(super) fn inside(
        &mut self,
        (old, new): (&Cursor<'v>, &Cursor<'v>),
        keys: &mut Vec<Value>,
        changes: &[Change],
    ) {
        let mut choices: Vec<NodeRef<'v>> = Vec::new();
        let mut came_or_went = false;
        for change in changes {
            let node = new.schema().node(change.node);
            // No constraint speaks of annotations.
            if matches!(change.kind, ChangeKind::Annotated(..)) {
                continue;
            }
            let stays = match &change.kind {
                ChangeKind::Inside(_) => true,
                ChangeKind::Replaced(old, _) => !matches!(old, Item::Sequence(_)),
                ChangeKind::Created(_) | ChangeKind::Deleted(_) | ChangeKind::Annotated(..) => false,
            };
            if !stays {
                came_or_went = true;
                choices.extend(outermost_choice(node).filter(|c| !choices.contains(c)));
            }
            self.change((old, new), keys, node, change);
        }
        if came_or_went {
            self.parents.insert((new.node_id(), keys.as_slice().into()));
        }
        for choice in choices {
            for node in choice.data_nodes_inside() {
                self.supplied((old, new), keys, node);
            }
        }
    }

    fn change(
        &mut self,
        (old, new): (&Cursor<'v>, &Cursor<'v>),
        keys: &mut Vec<Value>,
        node: NodeRef<'v>,
        change: &Change,
    ) {
        let len = keys.len();
        let many = matches!(node.kind(), NodeKind::List | NodeKind::LeafList);
        let whole = matches!(change.kind, ChangeKind::Replaced(Item::Sequence(_), _));
        // The first entry of a leaf-list takes the place of its defaults.
        if whole || (node.kind() == NodeKind::LeafList && !node.defaults().is_empty()) {
            return self.instances((Some(old), Some(new)), keys, node, whole);
        }
        let find = |up: &Cursor<'v>| {
            if many {
                up.entry(node.id(), &change.key.iter().collect::<Vec<_>>())
            } else {
                up.child(node.id())
            }
        };
        let (before, after) = (find(old), find(new));
        if many {
            keys.extend(change.key.iter().cloned());
        }
        match (&change.kind, &before, &after) {
            (ChangeKind::Inside(below), Some(before), Some(after)) if change.moved.is_none() => {
                self.inside((before, after), keys, below);
            }
            // Who stands first counts where nodes become a string.
            (ChangeKind::Inside(_), ..) => self.pair(before, after, keys, true),
            _ => self.pair(before, after, keys, false),
        }
        keys.truncate(len);
    }

    /// What may be there without being set: leaves with defaults, and containers without presence.
    pub(super) fn supplied(
        &mut self,
        (old, new): (&Cursor<'v>, &Cursor<'v>),
        keys: &mut Vec<Value>,
        node: NodeRef<'v>,
    ) {
        if node.kind() == NodeKind::LeafList && !node.defaults().is_empty() {
            return self.instances((Some(old), Some(new)), keys, node, false);
        }
        if node.is_np_container() || (node.kind() == NodeKind::Leaf && !node.defaults().is_empty()) {
            let (before, after) = (old.child(node.id()), new.child(node.id()));
            let set = |c: &Option<Cursor<'v>>| c.as_ref().is_some_and(Cursor::is_set);
            // What is set on both sides has been compared.
            if !(set(&before) && set(&after)) {
                self.pair(before, after, keys, false);
            }
        }
    }

    /// One node, where it is there, and all below it. `moved`: it counts even if it is the same.
    fn pair(&mut self, old: Option<Cursor<'v>>, new: Option<Cursor<'v>>, keys: &mut Vec<Value>, moved: bool) {
        let Some(any) = old.as_ref().or(new.as_ref()) else { return };
        let node = any.node();
        let is_set = |c: &Option<Cursor<'v>>| c.as_ref().is_some_and(Cursor::is_set);
        if is_set(&new) && !is_set(&old) {
            self.set.insert((node.id(), keys.as_slice().into()));
        }
        let same = match (&old, &new) {
            (Some(old), Some(new)) => match (old.value(), new.value()) {
                (Some(old), Some(new)) => old == new,
                (None, None) => old.any() == new.any(),
                _ => false,
            },
            _ => false,
        };
        if !same || moved {
            self.push(node.id(), keys, old.clone(), new.clone());
        }
        if node.kind().has_value() || matches!(node.kind(), NodeKind::AnyData | NodeKind::AnyXml) {
            return;
        }
        if new.is_some() {
            self.parents.insert((node.id(), keys.as_slice().into()));
        }
        for child in node.data_children() {
            if matches!(child.kind(), NodeKind::List | NodeKind::LeafList) {
                self.instances((old.as_ref(), new.as_ref()), keys, child, moved);
            } else {
                let find = |up: &Option<Cursor<'v>>| up.as_ref().and_then(|up| up.child(child.id()));
                self.pair(find(&old), find(&new), keys, moved);
            }
        }
    }

    /// All instances of a list or leaf-list on both sides.
    fn instances(
        &mut self,
        (old, new): (Option<&Cursor<'v>>, Option<&Cursor<'v>>),
        keys: &mut Vec<Value>,
        node: NodeRef<'v>,
        moved: bool,
    ) {
        let len = keys.len();
        let all = |up: Option<&Cursor<'v>>| {
            up.map_or_else(Instances::none, |up| up.children_of(node.id())).enumerate()
        };
        if address::by_position(node) {
            let mut after = all(new);
            for (i, before) in all(old) {
                keys.push(Value::Uint(i as u64));
                self.pair(Some(before), after.next().map(|(_, c)| c), keys, moved);
                keys.truncate(len);
            }
            for (i, after) in after {
                keys.push(Value::Uint(i as u64));
                self.pair(None, Some(after), keys, moved);
                keys.truncate(len);
            }
            return;
        }
        for (i, before) in all(old) {
            address::push(&before, i, keys);
            let after = new.and_then(|up| up.entry(node.id(), &keys[len..].iter().collect::<Vec<_>>()));
            self.pair(Some(before), after, keys, moved);
            keys.truncate(len);
        }
        for (i, after) in all(new) {
            address::push(&after, i, keys);
            let before = old.and_then(|up| up.entry(node.id(), &keys[len..].iter().collect::<Vec<_>>()));
            if before.is_none() {
                self.pair(None, Some(after), keys, moved);
            }
            keys.truncate(len);
        }
    }
}

/// The choice furthest up that a data node is in without another data node between.
fn outermost_choice(node: NodeRef<'_>) -> Option<NodeRef<'_>> {
    std::iter::successors(node.parent(), |n| n.parent())
        .take_while(|n| matches!(n.kind(), NodeKind::Choice | NodeKind::Case))
        .filter(|n| n.kind() == NodeKind::Choice)
        .last()
}

//! A change, with the type of what changes.

use super::config::Change;
use super::typed;
use crate::rpc_error::RpcError;
use std::collections::HashSet;
use std::marker::PhantomData;
use std::ops::Deref;
use yang_data::binding::path::{Config, Path};
use yang_data::binding::{Keys, Target};
use yang_data::view::{Cursor, View};
use yang_schema::value::{InstanceIdentifier, InstanceStep};
use yang_schema::{NodeId, NodeKind};

/// A [`Change`] of the node whose type is `T`: what generated handler traits give to their hooks. `K` are the keys on the way
/// to an instance of it, `()` where there is one at most.
#[derive(Clone, Debug)]
pub struct Changed<'a, T, K = ()> {
    change: &'a Change,
    path: Path<T, Config>,
    keys: PhantomData<fn() -> K>,
}

/// What became of an instance of a node.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// It was not there before.
    Added,
    /// It is there no more.
    Removed,
    /// Something in it is different, or it stands elsewhere in its user-ordered list.
    Changed,
}

/// An instance of a node that a commit changes.
#[derive(Clone, PartialEq, Debug)]
pub struct Instance<T, K = ()> {
    /// The keys on the way to it, the outermost first, its own among them.
    pub keys: K,
    /// What it was.
    pub before: Option<T>,
    /// What it is.
    pub after: Option<T>,
}

impl<T, K> Instance<T, K> {
    /// What became of it.
    pub fn kind(&self) -> Kind {
        match (&self.before, &self.after) {
            (None, _) => Kind::Added,
            (_, None) => Kind::Removed,
            _ => Kind::Changed,
        }
    }
}

impl<'a, T: Target, K: Keys> Changed<'a, T, K> {
    /// The change of the node at the end of a path.
    pub fn new(change: &'a Change, path: Path<T, Config>) -> Self {
        Self { change, path, keys: PhantomData }
    }

    /// All instances that the commit adds, removes or changes. Each is read when the iterator comes to it.
    pub fn instances(&self) -> impl Iterator<Item = Result<Instance<T, K>, RpcError>> + use<'a, T, K> {
        let (change, path) = (self.change, self.path.clone());
        let (before, after) = (View::of(change.before_tree()), View::of(change.after_tree()));
        places(change).into_iter().map(move |place| {
            let read = |view: &View| match view.find(&place) {
                Some(at) => path.read_at(&at).map(Some).map_err(|e| typed::unfit(&e)),
                // A leaf-list has no instance as a whole.
                None => match place.steps.split_last() {
                    Some((last, above)) if is_leaf_list(change, last.node) => {
                        let above = InstanceIdentifier { steps: above.to_vec() };
                        let first = view.find(&above).and_then(|up| up.child(last.node));
                        first.map(|at| path.read_at(&at)).transpose().map_err(|e| typed::unfit(&e))
                    }
                    _ => Ok(None),
                },
            };
            let keys = typed::keys(&path, change.before_tree().schema(), &place)?;
            Ok(Instance { keys, before: read(&before)?, after: read(&after)? })
        })
    }
}

impl<T: Target> Changed<'_, T> {
    /// What was configured before; `None` if nothing was.
    ///
    /// # Errors
    /// The types of this device do not fit its model.
    pub fn before(&self) -> Result<Option<T>, RpcError> {
        self.read(&View::of(self.change.before_tree()))
    }

    /// What is configured now; `None` if nothing is.
    ///
    /// # Errors
    /// The types of this device do not fit its model.
    pub fn after(&self) -> Result<Option<T>, RpcError> {
        self.read(&View::of(self.change.after_tree()))
    }

    fn read(&self, view: &View) -> Result<Option<T>, RpcError> {
        let at = typed::place(view, self.change.node)?;
        at.map(|at| self.path.read_at(&at)).transpose().map_err(|e| typed::unfit(&e))
    }
}

/// Who commits, and the change without types.
impl<T, K> Deref for Changed<'_, T, K> {
    type Target = Change;

    fn deref(&self) -> &Change {
        self.change
    }
}

fn is_leaf_list(change: &Change, node: NodeId) -> bool {
    change.before_tree().schema().node(node).kind() == NodeKind::LeafList
}

/// The instances of the handler's node that a commit changes, in the order of the schema. Of a leaf-list the whole is one, named by
/// its node without a value.
fn places(change: &Change) -> Vec<InstanceIdentifier> {
    let schema = change.before_tree().schema();
    let way: Vec<NodeId> = typed::line(schema.node(change.node)).into_iter().map(|n| n.id()).collect();
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut add = |steps: Vec<InstanceStep>| {
        let mut place = InstanceIdentifier { steps };
        if let Some(last) = place.steps.last_mut()
            && is_leaf_list(change, last.node)
        {
            last.selector = yang_schema::value::InstanceSelector::Only;
        }
        if seen.insert(place.print(&**schema, false)) {
            found.push(place);
        }
    };
    for changed in change.diff().changes() {
        let steps = changed.path.steps;
        if steps.iter().zip(&way).any(|(step, node)| step.node != *node) {
            continue;
        }
        if steps.len() >= way.len() {
            add(steps.into_iter().take(way.len()).collect());
            continue;
        }
        // What is around came or went: all instances in it did.
        for tree in [change.before_tree(), change.after_tree()] {
            let view = View::of(tree);
            let start = InstanceIdentifier { steps: steps.clone() };
            if let Some(at) = view.find(&start) {
                below(&at, &way[steps.len()..], &mut |at| add(at.instance_identifier().steps));
            }
        }
    }
    found
}

/// All instances at the end of a way down.
fn below(at: &Cursor<'_>, way: &[NodeId], found: &mut dyn FnMut(&Cursor<'_>)) {
    match way.split_first() {
        None => found(at),
        Some((next, rest)) => at.children_of(*next).for_each(|child| below(&child, rest, found)),
    }
}

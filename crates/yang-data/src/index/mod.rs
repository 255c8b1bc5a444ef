//! Indexes: the instances of a leaf by the string of their value, below one instance of a node above it.
//!
//! [`OnDemand`] belongs to a view and is filled where a look-up comes a second time; [`IndexSet`] belongs to a version of a tree
//! that is known to be valid, and shares its parts with the versions before it. Both hold addresses, not nodes: what they
//! find is looked up in the tree and looked at, so that an index need not be exact (two strings may have one hash).

pub(crate) mod address;
mod on_demand;
mod persistent;
mod total;

pub(crate) use on_demand::OnDemand;
pub(crate) use persistent::{IndexSet, Update, hash_of_leaf, hash_of_tuple, values};
pub(crate) use total::Total;

use crate::view::Cursor;
use std::borrow::Cow;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::OnceLock;
use yang_schema::dependency::Index;
use yang_schema::{NodeRef, Value};

/// The instances of a leaf below a node of which an index says that they have a value with this string: all that have it, and
/// perhaps others. Nothing where no index can tell.
pub(crate) fn find<'v>(scope: &Cursor<'v>, leaf: NodeRef<'v>, text: &str) -> Option<Vec<Cursor<'v>>> {
    let view = scope.view();
    if let Some(set) = view.index_set()
        && let Some(i) =
            scope.schema().dependencies().index(Index { leaf: leaf.id(), scope: scope.node_id() })
    {
        let above = address::of(scope);
        let found =
            set.find(i, &above, text).filter_map(|keys| address::descend(scope, leaf, &keys[above.len()..]));
        return Some(found.collect());
    }
    view.on_demand().find(scope, leaf, text)
}

/// The total of the instances of a node below one of another, where it is known.
pub(crate) fn total(scope: &Cursor<'_>, node: NodeRef<'_>) -> Option<Total> {
    let set = scope.view().index_set()?;
    let of = Index { leaf: node.id(), scope: scope.node_id() };
    let total = scope.schema().dependencies().total(of)?;
    // Where a node does not exist for who asks, what others see of it does not count.
    (!scope.view().hides(node)).then(|| set.total(total, &address::of(scope)))
}

/// The string by which an index knows a value.
pub(crate) fn text_of<'v>(at: &Cursor<'v>) -> Option<Cow<'v, str>> {
    at.text()
}

/// Nobody outside must be able to make hashes collide.
fn hash<T: Hash + ?Sized>(above: &[Value], what: &T) -> u64 {
    static STATE: OnceLock<RandomState> = OnceLock::new();
    let mut hasher = STATE.get_or_init(RandomState::new).build_hasher();
    above.hash(&mut hasher);
    what.hash(&mut hasher);
    hasher.finish()
}

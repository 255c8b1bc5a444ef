//! Indexes that go with the versions of a tree.

use super::total::{Total, Totals};
use super::{address, hash};
use crate::tree::btree::BTree;
use crate::view::{Cursor, View};
use std::cmp::Ordering;
use std::sync::Arc;
use yang_schema::dependency::{Index, UniqueTuple};
use yang_schema::{NodeId, Schema, Value};

/// One instance of a leaf, or one entry of a list with a `unique`.
#[derive(Clone)]
struct Item {
    /// Of the scope's address and the value's string, or of all the values of a `unique`.
    hash: u64,
    address: Arc<[Value]>,
}

impl Item {
    fn order(&self, hash: u64, address: &[Value]) -> Ordering {
        self.hash.cmp(&hash).then_with(|| (*self.address).cmp(address))
    }
}

/// All indexes that the constraints of a schema need, for one version of a tree: first those over leaves, then those of the
/// `unique` statements; and the totals. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct IndexSet(Arc<Vec<BTree<Item>>>, Arc<Vec<Totals>>);

/// What becomes of an item.
pub(crate) struct Update {
    /// The position of the index, those of `unique` statements behind the others.
    pub(crate) index: usize,
    pub(crate) old: Option<u64>,
    pub(crate) new: Option<u64>,
    pub(crate) address: Arc<[Value]>,
}

impl IndexSet {
    /// The indexes of what a view shows.
    pub(crate) fn new(view: &View) -> Self {
        let schema = view.schema();
        let needs = schema.dependencies();
        let mut all = Vec::new();
        for index in needs.indexes() {
            let mut items = Vec::new();
            let leaf = schema.node(index.leaf);
            address::each_below(&view.root(), &mut Vec::new(), leaf, &mut |at, keys| {
                if let Some(text) = super::text_of(at) {
                    items
                        .push(Item { hash: hash_of_leaf(schema, *index, keys, &text), address: keys.into() });
                }
            });
            all.push(items);
        }
        for unique in needs.uniques() {
            let mut items = Vec::new();
            let list = schema.node(unique.list);
            address::each_below(&view.root(), &mut Vec::new(), list, &mut |at, keys| {
                if let Some(values) = values(at, unique) {
                    items.push(Item {
                        hash: hash_of_tuple(schema, unique, keys, &values),
                        address: keys.into(),
                    });
                }
            });
            all.push(items);
        }
        let sorted = |mut items: Vec<Item>| {
            items.sort_unstable_by(|a, b| a.order(b.hash, &b.address));
            BTree::from_sorted(items)
        };
        let totals = needs.totals().iter().map(|of| Totals::new(view, *of)).collect();
        Self(Arc::new(all.into_iter().map(sorted).collect()), Arc::new(totals))
    }

    /// A total, by its position; `above` begins with the address of the scope.
    pub(crate) fn total(&self, total: usize, above: &[Value]) -> Total {
        self.1[total].get(above)
    }

    /// Takes over into a total that an instance went, and one came.
    pub(crate) fn update_total(
        &mut self,
        schema: &Schema,
        total: u32,
        keys: &[Value],
        change: (Option<&Cursor<'_>>, Option<&Cursor<'_>>),
    ) {
        let total = total as usize;
        Arc::make_mut(&mut self.1)[total].update(schema, schema.dependencies().totals()[total], keys, change);
    }

    /// The addresses of the instances that may have a value with this string; `above` begins with the address of the scope.
    pub(crate) fn find<'i>(
        &'i self,
        index: usize,
        above: &[Value],
        text: &str,
    ) -> impl Iterator<Item = &'i Arc<[Value]>> + use<'i> {
        self.with_hash(index, hash(above, text))
    }

    /// The addresses of the items of a hash.
    pub(crate) fn with_hash(&self, index: usize, hash: u64) -> impl Iterator<Item = &Arc<[Value]>> + use<'_> {
        let items = self.0[index].iter_from(move |item| item.order(hash, &[]));
        items.take_while(move |item| item.hash == hash).map(|item| &item.address)
    }

    pub(crate) fn update(&mut self, update: Update) {
        let Update { index, old, new, address } = update;
        let items = &mut Arc::make_mut(&mut self.0)[index];
        if let Some(hash) = old {
            items.remove(|item| item.order(hash, &address));
        }
        if let Some(hash) = new {
            items.insert(Item { hash, address: Arc::clone(&address) }, |item| item.order(hash, &address));
        }
    }
}

/// The hash of an instance of a leaf, by its address and the string of its value.
pub(crate) fn hash_of_leaf(schema: &Schema, index: Index, keys: &[Value], text: &str) -> u64 {
    hash(&keys[..address::len(schema.node(index.scope))], text)
}

/// The values that an entry of a list has in the leaves of a `unique`, if it has all.
pub(crate) fn values<'v>(entry: &Cursor<'v>, unique: &UniqueTuple) -> Option<Vec<&'v Value>> {
    let value = |path: &Vec<NodeId>| path.iter().try_fold(entry.clone(), |at, node| at.child(*node))?.value();
    unique.leaves.iter().map(value).collect()
}

/// The hash of an entry of a list, by its address and the values of a `unique`.
pub(crate) fn hash_of_tuple(schema: &Schema, unique: &UniqueTuple, keys: &[Value], values: &[&Value]) -> u64 {
    let above = keys.len() - address::own_len(schema.node(unique.list));
    hash(&keys[..above], values)
}

#[cfg(test)]
impl IndexSet {
    /// Are the items the same? They may have come in another order.
    pub(crate) fn equals(&self, other: &Self) -> bool {
        let items = |set: &Self| -> Vec<Vec<(u64, Arc<[Value]>)>> {
            set.0.iter().map(|b| b.iter().map(|i| (i.hash, Arc::clone(&i.address))).collect()).collect()
        };
        items(self) == items(other) && self.1.iter().map(Totals::all).eq(other.1.iter().map(Totals::all))
    }
}

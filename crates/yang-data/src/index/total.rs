//! Totals: how many instances of a node stand below an instance of another, and what their values add up to. With them a `count()`
//! or `sum()` over a list of any length costs a look-up.

use super::address;
use crate::tree::btree::BTree;
use crate::view::{Cursor, View};
use std::collections::BTreeMap;
use std::sync::Arc;
use yang_schema::dependency::Index;
use yang_schema::{Schema, Value};

/// The total of the instances below one instance of the scope.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Total {
    pub(crate) count: u64,
    sum: i128,
    /// What the sum would be if no value were negative.
    magnitude: u128,
    /// How many values are no integers.
    others: u64,
}

impl Total {
    /// The sum as `sum()` gives it, if the order in which numbers are added up cannot make a difference.
    pub(crate) fn sum(self) -> Option<f64> {
        const EXACT: u128 = 1 << 53;
        (self.others == 0 && self.magnitude <= EXACT).then_some(self.sum as f64)
    }

    fn add(&mut self, at: &Cursor<'_>) {
        self.count += 1;
        match at.value() {
            Some(Value::Int(n)) => self.number((*n).into()),
            Some(Value::Uint(n)) => self.number((*n).into()),
            _ => self.others += 1,
        }
    }

    fn number(&mut self, n: i128) {
        self.sum += n;
        self.magnitude += n.unsigned_abs();
    }

    fn and(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            sum: self.sum + other.sum,
            magnitude: self.magnitude + other.magnitude,
            others: self.others + other.others,
        }
    }

    fn without(self, other: Self) -> Self {
        Self {
            count: self.count - other.count,
            sum: self.sum - other.sum,
            magnitude: self.magnitude - other.magnitude,
            others: self.others - other.others,
        }
    }
}

/// The totals of one node, by the address of the scope's instance; where nothing is, none is kept.
#[derive(Clone)]
pub(super) struct Totals(BTree<(Arc<[Value]>, Total)>);

impl Totals {
    pub(super) fn new(view: &View, of: Index) -> Self {
        let schema = view.schema();
        let len = address::len(schema.node(of.scope));
        let mut found: BTreeMap<Box<[Value]>, Total> = BTreeMap::new();
        address::each_below(&view.root(), &mut Vec::new(), schema.node(of.leaf), &mut |at, keys| match found
            .get_mut(&keys[..len])
        {
            Some(total) => total.add(at),
            None => found.entry(keys[..len].into()).or_default().add(at),
        });
        let items = found.into_iter().map(|(keys, total)| (Arc::from(keys), total));
        Self(BTree::from_sorted(items.collect()))
    }

    pub(super) fn get(&self, scope: &[Value]) -> Total {
        self.0.get(|(keys, _)| (**keys).cmp(scope)).map_or_else(Total::default, |(_, total)| *total)
    }

    /// An instance that went or was as it is not any longer, and one that came.
    pub(super) fn update(
        &mut self,
        schema: &Schema,
        of: Index,
        keys: &[Value],
        (old, new): (Option<&Cursor<'_>>, Option<&Cursor<'_>>),
    ) {
        let one = |at: Option<&Cursor<'_>>| {
            let mut total = Total::default();
            at.into_iter().for_each(|at| total.add(at));
            total
        };
        let (old, new) = (one(old), one(new));
        if old == new {
            return;
        }
        let scope = &keys[..address::len(schema.node(of.scope))];
        let total = self.get(scope).and(new).without(old);
        self.0.remove(|(keys, _)| (**keys).cmp(scope));
        if total.count > 0 {
            self.0.insert((scope.into(), total), |(keys, _)| (**keys).cmp(scope));
        }
    }

    #[cfg(test)]
    pub(super) fn all(&self) -> Vec<(Arc<[Value]>, Total)> {
        self.0.iter().cloned().collect()
    }
}

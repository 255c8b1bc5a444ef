//! Lists and leaf-lists (RFC 7950 sections 7.7 and 7.8): how their entries are kept and found.

use crate::tree::btree::{self, BTree};
use crate::tree::record::{Content, Record};
use std::cmp::Ordering;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::{Arc, OnceLock};
use yang_schema::{NodeKind, NodeRef, OrderedBy, Value};

/// Two or more entries of a list.
pub(crate) type Entries = ListOf<Record>;
/// Two or more entries of a leaf-list.
pub(crate) type Values = ListOf<Value>;

/// How the entries of a list stand in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ListKind {
    /// `ordered-by system`: by key, in the order of the keys' types.
    Keyed,
    /// `ordered-by user`: as users say; found by key.
    Ordered,
    /// Without a key: as they came. Leaf-lists that are not configuration may repeat a value (section 7.7).
    Sequence,
}

impl ListKind {
    pub(crate) fn of(node: NodeRef<'_>) -> Self {
        let keyless = match node.kind() {
            NodeKind::List => node.keys().len() == 0,
            _ => !node.is_config(),
        };
        match node.ordered_by() {
            _ if keyless => ListKind::Sequence,
            OrderedBy::User => ListKind::Ordered,
            OrderedBy::System => ListKind::Keyed,
        }
    }
}

/// Which leaves of an entry are its keys: their ordinals, in the order of `key`. A leaf-list's entry is its own key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Keys(Vec<u32>);

impl Keys {
    pub(crate) fn of(node: NodeRef<'_>) -> Self {
        match node.kind() {
            NodeKind::List => Self(node.keys().map(|k| k.data_ordinal()).collect()),
            _ => Self(vec![0]),
        }
    }

    pub(crate) fn ordinals(&self) -> &[u32] {
        &self.0
    }

    /// The key values of an entry; one that is not there is left out.
    pub(crate) fn values<'a, T: Entry>(&self, entry: &'a T) -> Vec<&'a Value> {
        self.0.iter().filter_map(|&o| entry.key(o)).collect()
    }

    /// How an entry stands to a key.
    fn order<T: Entry>(&self, entry: &T, probe: &[&Value]) -> Ordering {
        for (&ordinal, probe) in self.0.iter().zip(probe) {
            match entry.key(ordinal).cmp(&Some(*probe)) {
                Ordering::Equal => {}
                other => return other,
            }
        }
        Ordering::Equal
    }

    /// How two entries stand to each other.
    pub(crate) fn compare<T: Entry>(&self, a: &T, b: &T) -> Ordering {
        self.0.iter().map(|&o| a.key(o).cmp(&b.key(o))).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    }
}

/// An entry: a list's record or a leaf-list's value.
pub(crate) trait Entry: Clone + PartialEq + 'static {
    /// The value of the key leaf of an ordinal.
    fn key(&self, ordinal: u32) -> Option<&Value>;
    /// It alone in a slot.
    fn into_one(self) -> Content;
    /// Several in a slot.
    fn into_many(list: Arc<ListOf<Self>>) -> Content;
    /// The entries in a slot.
    fn in_content(content: &Content) -> ListRef<'_, Self>;
    /// The entries in a slot if there are several, to change them.
    fn many_in_content(content: &mut Content) -> Option<&mut Arc<ListOf<Self>>>;
}

impl Entry for Record {
    fn key(&self, ordinal: u32) -> Option<&Value> {
        self.value(ordinal)
    }

    fn into_one(self) -> Content {
        Content::Record(self)
    }

    fn into_many(list: Arc<ListOf<Self>>) -> Content {
        Content::Entries(list)
    }

    fn in_content(content: &Content) -> ListRef<'_, Self> {
        match content {
            Content::Record(one) => ListRef::One(one),
            Content::Entries(many) => ListRef::Many(many),
            _ => ListRef::None,
        }
    }

    fn many_in_content(content: &mut Content) -> Option<&mut Arc<ListOf<Self>>> {
        match content {
            Content::Entries(many) => Some(many),
            _ => None,
        }
    }
}

impl Entry for Value {
    fn key(&self, _: u32) -> Option<&Value> {
        Some(self)
    }

    fn into_one(self) -> Content {
        Content::Value(self)
    }

    fn into_many(list: Arc<ListOf<Self>>) -> Content {
        Content::Values(list)
    }

    fn in_content(content: &Content) -> ListRef<'_, Self> {
        match content {
            Content::Value(one) => ListRef::One(one),
            Content::Values(many) => ListRef::Many(many),
            _ => ListRef::None,
        }
    }

    fn many_in_content(content: &mut Content) -> Option<&mut Arc<ListOf<Self>>> {
        match content {
            Content::Values(many) => Some(many),
            _ => None,
        }
    }
}

/// Two or more entries.
#[derive(Clone)]
pub(crate) enum ListOf<T> {
    /// Sorted by key.
    Keyed(BTree<T>),
    /// Sorted by a label that says nothing but the order.
    Labelled {
        /// Entries by label.
        entries: BTree<(u64, T)>,
        /// The hash of an entry's key, and its label, sorted; none where there are no keys.
        index: Option<BTree<(u64, u64)>>,
    },
}

/// The same entries in the same order, whatever their labels; what both share is not looked at.
impl<T: Entry> PartialEq for ListOf<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (ListOf::Keyed(a), ListOf::Keyed(b)) => a.equals(b, |a, b| a == b),
            (ListOf::Labelled { entries: a, .. }, ListOf::Labelled { entries: b, .. }) => {
                a.equals(b, |a, b| a.1 == b.1)
            }
            _ => self.len() == other.len() && self.iter().zip(other.iter()).all(|((_, a), (_, b))| a == b),
        }
    }
}

/// Where an entry goes (RFC 7950 section 7.8.6); it means something for user-ordered lists alone.
#[derive(Clone, Copy)]
pub(crate) enum Place<'a> {
    /// Where it stands; a new one goes last.
    Keep,
    First,
    Last,
    Before(&'a [&'a Value]),
    After(&'a [&'a Value]),
}

/// `insert` names an entry that is not there.
pub(crate) struct NoAnchor;

/// The label of a first entry, and the distance to the next: room to both sides.
pub(crate) const MIDDLE: u64 = 1 << 63;
const STEP: u64 = 1 << 32;

/// The order must not show, and nobody outside must be able to make hashes collide.
fn hash(values: &[&Value]) -> u64 {
    static STATE: OnceLock<RandomState> = OnceLock::new();
    let mut hasher = STATE.get_or_init(RandomState::new).build_hasher();
    for value in values {
        value.hash(&mut hasher);
    }
    hasher.finish()
}

impl<T: Entry> ListOf<T> {
    /// A list of entries in the order they came. `Err` holds the positions of those whose key an entry before them has; the
    /// entries stay where they are then.
    pub(crate) fn from_entries(kind: ListKind, keys: &Keys, items: &mut Vec<T>) -> Result<Self, Vec<usize>> {
        if kind == ListKind::Keyed {
            return Ok(ListOf::Keyed(BTree::from_sorted(sorted(keys, items)?)));
        }
        let label = |position: u64| MIDDLE + position * STEP;
        let mut index = None;
        if kind == ListKind::Ordered {
            let mut hashes: Vec<(u64, u64)> =
                items.iter().zip(0..).map(|(item, i)| (hash(&keys.values(item)), label(i))).collect();
            hashes.sort_unstable();
            let again = repeated(keys, &hashes, items);
            if !again.is_empty() {
                return Err(again);
            }
            index = Some(BTree::from_sorted(hashes));
        }
        let labelled = items.drain(..).zip(0..).map(|(item, i)| (label(i), item)).collect();
        Ok(ListOf::Labelled { entries: BTree::from_sorted(labelled), index })
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            ListOf::Keyed(entries) => entries.len(),
            ListOf::Labelled { entries, .. } => entries.len(),
        }
    }

    /// All entries in order, each with its label (0 where the key is the order).
    pub(crate) fn iter(&self) -> ListIter<'_, T> {
        match self {
            ListOf::Keyed(entries) => ListIter::Keyed(entries.iter()),
            ListOf::Labelled { entries, .. } => ListIter::Labelled(entries.iter()),
        }
    }

    /// The entry of a key, with its label.
    pub(crate) fn get(&self, keys: &Keys, probe: &[&Value]) -> Option<(u64, &T)> {
        match self {
            ListOf::Keyed(entries) => entries.get(|e| keys.order(e, probe)).map(|e| (0, e)),
            ListOf::Labelled { entries, index: Some(index) } => {
                let label = find_label(entries, index, keys, probe)?;
                entries.get(|(l, _)| l.cmp(&label)).map(|(l, e)| (*l, e))
            }
            // Without keys the first that is equal: only a leaf-list can be asked.
            ListOf::Labelled { entries, index: None } => {
                entries.iter().find(|(_, e)| keys.order(e, probe).is_eq()).map(|(l, e)| (*l, e))
            }
        }
    }

    /// The entry at a position.
    pub(crate) fn nth(&self, position: usize) -> Option<(u64, &T)> {
        match self {
            ListOf::Keyed(entries) => entries.nth(position).map(|e| (0, e)),
            ListOf::Labelled { entries, .. } => entries.nth(position).map(|(l, e)| (*l, e)),
        }
    }

    /// How many entries stand in front of one.
    pub(crate) fn rank(&self, keys: &Keys, probe: &[&Value]) -> Option<usize> {
        match self {
            ListOf::Keyed(entries) => match entries.rank(|e| keys.order(e, probe)) {
                (rank, true) => Some(rank),
                _ => None,
            },
            ListOf::Labelled { entries, .. } => {
                let (label, _) = self.get(keys, probe)?;
                Some(entries.rank(|(l, _)| l.cmp(&label)).0)
            }
        }
    }

    fn labelled_mut(&mut self, label: u64) -> Option<&mut T> {
        let ListOf::Labelled { entries, .. } = self else { return None };
        entries.get_mut(|(l, _)| l.cmp(&label)).map(|(_, e)| e)
    }

    /// Puts an entry in, in place of one of the same key if there is one, which it gives back.
    pub(crate) fn put(&mut self, keys: &Keys, item: T, place: Place<'_>) -> Result<Option<T>, NoAnchor> {
        let probe: Vec<&Value> = keys.values(&item);
        match self {
            ListOf::Keyed(entries) => {
                let probe: Vec<Value> = probe.into_iter().cloned().collect();
                let probe: Vec<&Value> = probe.iter().collect();
                Ok(entries.insert(item, |e| keys.order(e, &probe)))
            }
            ListOf::Labelled { index, .. } => {
                let keyed = index.is_some();
                let old = if keyed { self.get(keys, &probe).map(|(label, _)| label) } else { None };
                let anchor = match place {
                    Place::Before(p) | Place::After(p) => Some(self.get(keys, p).ok_or(NoAnchor)?.0),
                    _ => None,
                };
                // An entry next to itself stays.
                let keep = matches!(place, Place::Keep) || anchor.is_some() && anchor == old;
                if let Some(label) = old.filter(|_| keep) {
                    return Ok(self.labelled_mut(label).map(|e| std::mem::replace(e, item)));
                }
                let key_hash = hash(&probe);
                let removed = old.and_then(|label| self.remove_label(label, key_hash));
                let rank = match (place, anchor) {
                    (Place::First, _) => 0,
                    (Place::Before(_), Some(anchor)) => self.rank_of_label(anchor),
                    (Place::After(_), Some(anchor)) => self.rank_of_label(anchor) + 1,
                    _ => self.len(),
                };
                let label = self.label_at(rank, keys);
                let ListOf::Labelled { entries, index } = self else { return Ok(removed) };
                entries.insert((label, item), |(l, _)| l.cmp(&label));
                if let Some(index) = index {
                    index.insert((key_hash, label), |x| x.cmp(&(key_hash, label)));
                }
                Ok(removed)
            }
        }
    }

    fn rank_of_label(&self, label: u64) -> usize {
        match self {
            ListOf::Labelled { entries, .. } => entries.rank(|(l, _)| l.cmp(&label)).0,
            ListOf::Keyed(_) => 0,
        }
    }

    /// A label for a new entry at a position. Where the neighbours leave no room, all labels are dealt anew.
    fn label_at(&mut self, rank: usize, keys: &Keys) -> u64 {
        loop {
            let label_of = |i: Option<usize>| i.and_then(|i| self.nth(i)).map(|(l, _)| l);
            let room = match (label_of(rank.checked_sub(1)), label_of(Some(rank))) {
                (None, None) => Some(MIDDLE),
                (Some(last), None) => last.checked_add(STEP),
                (None, Some(first)) => first.checked_sub(STEP),
                (Some(a), Some(b)) => (b - a > 1).then(|| a + (b - a) / 2),
            };
            match room {
                Some(label) => return label,
                None => self.relabel(keys),
            }
        }
    }

    fn relabel(&mut self, keys: &Keys) {
        let ListOf::Labelled { entries, index } = self else { return };
        let step = (MIDDLE / (entries.len() as u64 + 1)).min(STEP);
        let fresh: Vec<(u64, T)> =
            entries.iter().zip(0u64..).map(|((_, e), i)| (MIDDLE / 2 + i * step, e.clone())).collect();
        if let Some(index) = index {
            let mut hashes: Vec<(u64, u64)> =
                fresh.iter().map(|(label, e)| (hash(&keys.values(e)), *label)).collect();
            hashes.sort_unstable();
            *index = BTree::from_sorted(hashes);
        }
        *entries = BTree::from_sorted(fresh);
    }

    /// Takes the entry of a key out.
    pub(crate) fn remove(&mut self, keys: &Keys, probe: &[&Value]) -> Option<T> {
        match self {
            ListOf::Keyed(entries) => entries.remove(|e| keys.order(e, probe)),
            ListOf::Labelled { .. } => {
                let (label, _) = self.get(keys, probe)?;
                self.remove_label(label, hash(probe))
            }
        }
    }

    fn remove_label(&mut self, label: u64, key_hash: u64) -> Option<T> {
        let ListOf::Labelled { entries, index } = self else { return None };
        if let Some(index) = index {
            index.remove(|x| x.cmp(&(key_hash, label)));
        }
        entries.remove(|(l, _)| l.cmp(&label)).map(|(_, e)| e)
    }
}

fn find_label<T: Entry>(
    entries: &BTree<(u64, T)>,
    index: &BTree<(u64, u64)>,
    keys: &Keys,
    probe: &[&Value],
) -> Option<u64> {
    let wanted = hash(probe);
    index
        .iter_from(|x| x.cmp(&(wanted, 0)))
        .take_while(|(h, _)| *h == wanted)
        .map(|(_, label)| *label)
        .find(|label| entries.get(|(l, _)| l.cmp(label)).is_some_and(|(_, e)| keys.order(e, probe).is_eq()))
}

/// Takes the entries out, in the order of their keys.
fn sorted<T: Entry>(keys: &Keys, items: &mut Vec<T>) -> Result<Vec<T>, Vec<usize>> {
    // Keys are looked up once, and compared where their begins are not enough.
    let mut order: Vec<(u128, u32)> = items
        .iter()
        .zip(0..)
        .map(|(item, i)| (keys.ordinals().first().map_or(0, |&o| begin(item.key(o))), i))
        .collect();
    let compare = |a: &(u128, u32), b: &(u128, u32)| {
        a.0.cmp(&b.0).then_with(|| keys.compare(&items[a.1 as usize], &items[b.1 as usize]))
    };
    if order.is_sorted_by(|a, b| compare(a, b).is_lt()) {
        return Ok(std::mem::take(items));
    }
    order.sort_unstable_by(|a, b| compare(a, b).then(a.1.cmp(&b.1)));
    let mut again: Vec<usize> =
        order.windows(2).filter(|w| compare(&w[0], &w[1]).is_eq()).map(|w| w[1].1 as usize).collect();
    if !again.is_empty() {
        again.sort_unstable();
        return Err(again);
    }
    let mut items: Vec<Option<T>> = items.drain(..).map(Some).collect();
    Ok(order.iter().filter_map(|&(_, i)| items[i as usize].take()).collect())
}

/// A number for the begin of a value: where it differs for two values of a type, it stands to the other as the values do.
fn begin(value: Option<&Value>) -> u128 {
    let number = |kind: u8, number: u64| u128::from(kind) << 120 | u128::from(number);
    match value {
        None => 0,
        Some(Value::Empty) => number(1, 0),
        Some(Value::Boolean(b)) => number(2, u64::from(*b)),
        Some(Value::Int(n)) => number(3, n.cast_unsigned() ^ 1 << 63),
        Some(Value::Uint(n)) => number(4, *n),
        Some(Value::Decimal64(_)) => number(5, 0),
        Some(Value::String(text)) => {
            let mut bytes = [0; 16];
            bytes[0] = 6;
            let length = text.len().min(15);
            bytes[1..=length].copy_from_slice(&text.as_bytes()[..length]);
            u128::from_be_bytes(bytes)
        }
        Some(Value::Binary(_)) => number(7, 0),
        Some(Value::Enumeration(..)) => number(8, 0),
        Some(Value::Bits(..)) => number(9, 0),
        Some(Value::Identity(_)) => number(10, 0),
        Some(Value::InstanceIdentifier(_)) => number(11, 0),
    }
}

/// The positions of entries whose key one before them has.
fn repeated<T: Entry>(keys: &Keys, hashes: &[(u64, u64)], items: &[T]) -> Vec<usize> {
    let position = |label: u64| ((label - MIDDLE) / STEP) as usize;
    let mut again = Vec::new();
    for group in hashes.chunk_by(|a, b| a.0 == b.0) {
        for (i, (_, label)) in group.iter().enumerate() {
            let entry = &items[position(*label)];
            let equal = |(_, other): &(u64, u64)| keys.compare(entry, &items[position(*other)]).is_eq();
            if group[..i].iter().any(equal) {
                again.push(position(*label));
            }
        }
    }
    again.sort_unstable();
    again
}

/// The entries of a list, however many.
pub(crate) enum ListRef<'a, T> {
    None,
    One(&'a T),
    Many(&'a Arc<ListOf<T>>),
}

impl<T> Clone for ListRef<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ListRef<'_, T> {}

impl<'a, T: Entry> ListRef<'a, T> {
    /// The entries of the slot of an ordinal.
    pub(crate) fn of(record: &'a Record, ordinal: u32) -> Self {
        record.get(ordinal).map_or(ListRef::None, T::in_content)
    }

    pub(crate) fn len(self) -> usize {
        match self {
            ListRef::None => 0,
            ListRef::One(_) => 1,
            ListRef::Many(list) => list.len(),
        }
    }

    pub(crate) fn get(self, keys: &Keys, probe: &[&Value]) -> Option<(u64, &'a T)> {
        match self {
            ListRef::None => None,
            ListRef::One(one) => keys.order(one, probe).is_eq().then_some((MIDDLE, one)),
            ListRef::Many(list) => list.get(keys, probe),
        }
    }

    pub(crate) fn rank(self, keys: &Keys, probe: &[&Value]) -> Option<usize> {
        match self {
            ListRef::Many(list) => list.rank(keys, probe),
            _ => self.get(keys, probe).map(|_| 0),
        }
    }

    /// How many entries stand in front of the one of a label.
    pub(crate) fn rank_of_label(self, label: u64) -> usize {
        match self {
            ListRef::Many(list) => list.rank_of_label(label),
            _ => 0,
        }
    }

    pub(crate) fn nth(self, position: usize) -> Option<(u64, &'a T)> {
        match self {
            ListRef::One(one) if position == 0 => Some((MIDDLE, one)),
            ListRef::Many(list) => list.nth(position),
            _ => None,
        }
    }

    pub(crate) fn iter(self) -> ListIter<'a, T> {
        match self {
            ListRef::None => ListIter::One(None),
            ListRef::One(one) => ListIter::One(Some(one)),
            ListRef::Many(list) => list.iter(),
        }
    }
}

/// Entries in order, each with its label.
#[derive(Clone)]
pub(crate) enum ListIter<'a, T> {
    One(Option<&'a T>),
    Keyed(btree::Iter<'a, T>),
    Labelled(btree::Iter<'a, (u64, T)>),
}

impl<'a, T> Iterator for ListIter<'a, T> {
    type Item = (u64, &'a T);

    fn next(&mut self) -> Option<(u64, &'a T)> {
        match self {
            ListIter::One(one) => one.take().map(|e| (MIDDLE, e)),
            ListIter::Keyed(iter) => iter.next().map(|e| (0, e)),
            ListIter::Labelled(iter) => iter.next().map(|(l, e)| (*l, e)),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            ListIter::One(one) => (usize::from(one.is_some()), Some(usize::from(one.is_some()))),
            ListIter::Keyed(iter) => iter.size_hint(),
            ListIter::Labelled(iter) => iter.size_hint(),
        }
    }
}

#[cfg(test)]
mod tests;

//! How the children of a node are found: layers merged, defaults supplied, what may not be read left out.

use crate::tree::list::{Entry, Keys, ListIter, ListKind, ListRef, MIDDLE};
use crate::tree::{Content, Record, Slot};
use crate::view::cursor::{Cursor, Data, LAYERS, Records};
use crate::view::{DefaultMode, in_use};
use std::rc::Rc;
use yang_schema::{Default, NodeId, NodeKind, NodeRef, Value};

/// The nodes right below a node, in the order of the schema.
pub struct Children<'v> {
    up: Rc<Cursor<'v>>,
    ids: &'v [NodeId],
    ordinals: Ordinals<'v>,
    current: Instances<'v>,
    operation: Option<(NodeId, &'v Record)>,
}

/// Which data children may have instances.
enum Ordinals<'v> {
    All(std::ops::Range<u32>),
    OfOne(std::slice::Iter<'v, Slot>),
    OfSome(std::vec::IntoIter<u32>),
}

impl Iterator for Ordinals<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        match self {
            Ordinals::All(range) => range.next(),
            Ordinals::OfOne(slots) => slots.next().map(|s| s.ordinal),
            Ordinals::OfSome(ordinals) => ordinals.next(),
        }
    }
}

impl<'v> Children<'v> {
    pub(crate) fn of(at: &Cursor<'v>) -> Self {
        let ids = at.schema().data_child_ids(at.view.content_of(at.node));
        let records: Vec<&'v Record> = at.records().into_iter().flatten().collect();
        let ordinals = match (at.data, records.as_slice()) {
            (Data::Records(_), _) if at.view.defaults.supplies() => Ordinals::All(0..ids.len() as u32),
            (_, [one]) => Ordinals::OfOne(one.slots().iter()),
            (_, some) => {
                let mut ordinals: Vec<u32> = some.iter().flat_map(|r| r.slots()).map(|s| s.ordinal).collect();
                ordinals.sort_unstable();
                ordinals.dedup();
                Ordinals::OfSome(ordinals.into_iter())
            }
        };
        let operation = at.view.operation_at(at);
        Self { up: Rc::new(at.clone()), ids, ordinals, current: Instances::none(), operation }
    }
}

impl<'v> Iterator for Children<'v> {
    type Item = Cursor<'v>;

    fn next(&mut self) -> Option<Cursor<'v>> {
        loop {
            if let Some(cursor) = self.current.next() {
                return Some(cursor);
            }
            match self.ordinals.next() {
                Some(ordinal) => self.current = Instances::of(&self.up, self.ids[ordinal as usize]),
                None => {
                    let (node, record) = self.operation.take()?;
                    return Some(self.up.operation_below(node, record));
                }
            }
        }
    }
}

/// The instances of one data child of a node, in their order.
pub struct Instances<'v>(Found<'v>);

enum Found<'v> {
    /// None, or none more.
    Empty,
    One(Cursor<'v>),
    /// A list's, from one layer.
    Entries(Rc<Cursor<'v>>, NodeId, u8, ListIter<'v, Record>),
    /// A leaf-list's, from one layer.
    Values(Rc<Cursor<'v>>, NodeId, u8, ListIter<'v, Value>),
    /// Those of several layers.
    Merged(Rc<Cursor<'v>>, NodeId, std::vec::IntoIter<(Data<'v>, (u8, u64))>),
    /// A leaf-list's defaults.
    Defaults(Rc<Cursor<'v>>, NodeId, std::iter::Enumerate<std::slice::Iter<'v, Default>>),
}

/// Where one layer's entries stand among all: the key is the order of a keyed list.
fn order(kind: ListKind, layer: u8, label: u64) -> (u8, u64) {
    if kind == ListKind::Keyed { (0, 0) } else { (layer, label) }
}

impl<'v> Instances<'v> {
    pub(crate) fn none() -> Self {
        Self(Found::Empty)
    }

    /// The instances below a node that is the data parent of `node`.
    pub(crate) fn of(up: &Rc<Cursor<'v>>, node: NodeId) -> Self {
        Self(Found::of(up, node))
    }

    /// The entry of a key or leaf-list value.
    pub(crate) fn entry(up: &Rc<Cursor<'v>>, node: NodeId, probe: &[&Value]) -> Option<Cursor<'v>> {
        let found = up.schema().node(node);
        let (kind, keys) = (ListKind::of(found), Keys::of(found));
        if probe.len() != keys.ordinals().len() {
            return None;
        }
        let ordinal = found.data_ordinal();
        let mut first = None;
        let data = match found.kind() {
            NodeKind::List => {
                let mut records = [None; LAYERS];
                for ((layer, record), up) in (0u8..).zip(&mut records).zip(up.records()) {
                    let Some(up) = up else { continue };
                    if let Some((label, entry)) = ListRef::<Record>::of(up, ordinal).get(&keys, probe) {
                        first = first.or(Some((layer, label)));
                        *record = Some(entry);
                    }
                }
                Data::Records(records)
            }
            NodeKind::LeafList => {
                let found = (0u8..).zip(up.records()).find_map(|(layer, up)| {
                    let (label, value) = ListRef::<Value>::of(up?, ordinal).get(&keys, probe)?;
                    Some((layer, label, value))
                });
                match found {
                    Some((layer, label, value)) => {
                        first = Some((layer, label));
                        Data::Value { value, default: false }
                    }
                    None => {
                        return Self::of(up, node).find(|c| c.is_default() && c.value() == Some(probe[0]));
                    }
                }
            }
            _ => return None,
        };
        let (layer, label) = first?;
        Some(Cursor::below(up, node, data, order(kind, layer, label)))
    }
}

impl<'v> Found<'v> {
    fn of(up: &Rc<Cursor<'v>>, node: NodeId) -> Self {
        let found = up.schema().node(node);
        if up.view.hides(found) {
            return Self::Empty;
        }
        if !found.kind().is_data_node() {
            let operation = up.view.operation_at(up).filter(|(operation, _)| *operation == node);
            return operation.map_or(Self::Empty, |(_, record)| Self::One(up.operation_below(node, record)));
        }
        let ordinal = found.data_ordinal();
        let records = up.records();
        match found.kind() {
            NodeKind::List => Self::entries(
                up,
                found,
                |r| ListRef::<Record>::of(r, ordinal),
                Self::Entries,
                |all| {
                    let mut records = [None; LAYERS];
                    for (layer, record) in all {
                        records[*layer as usize] = Some(*record);
                    }
                    Data::Records(records)
                },
            ),
            NodeKind::LeafList => {
                if up.view.defaults == DefaultMode::Trim && has_default_values(&records, found) {
                    return Self::Empty;
                }
                let set = Self::entries(
                    up,
                    found,
                    |r| ListRef::<Value>::of(r, ordinal),
                    Self::Values,
                    |all| Data::Value { value: all[0].1, default: false },
                );
                match set {
                    Self::Empty if supplies(up, found) => {
                        Self::Defaults(Rc::clone(up), node, found.defaults().iter().enumerate())
                    }
                    set => set,
                }
            }
            _ => match Self::single(up, found, &records) {
                Some(data) => {
                    let cursor = Cursor::below(up, node, data, (0, 0));
                    if up.view.readable(&cursor) { Self::One(cursor) } else { Self::Empty }
                }
                None => Self::Empty,
            },
        }
    }

    /// A container, leaf, anydata or anyxml.
    fn single(up: &Rc<Cursor<'v>>, node: NodeRef<'v>, records: &Records<'v>) -> Option<Data<'v>> {
        let ordinal = node.data_ordinal();
        match node.kind() {
            NodeKind::Container => {
                let mut below = [None; LAYERS];
                for (below, record) in below.iter_mut().zip(records) {
                    if let Some(Content::Record(r)) = record.and_then(|r| r.get(ordinal)) {
                        *below = Some(r);
                    }
                }
                let exists = below.iter().any(Option::is_some)
                    || node.is_np_container() && up.view.defaults.supplies() && in_use::may_appear(up, node);
                exists.then_some(Data::Records(below))
            }
            NodeKind::Leaf => match records.iter().flatten().find_map(|r| r.value(ordinal)) {
                Some(value) => {
                    let hidden = up.view.defaults == DefaultMode::Trim
                        && node.defaults().first().is_some_and(|d| d.value == *value)
                        && !node.is_key();
                    (!hidden).then_some(Data::Value { value, default: false })
                }
                None => {
                    let default = node.defaults().first()?;
                    supplies(up, node).then_some(Data::Value { value: &default.value, default: true })
                }
            },
            _ => records.iter().flatten().find_map(|r| match r.get(ordinal) {
                Some(Content::Any(any)) => Some(Data::Any(any)),
                _ => None,
            }),
        }
    }

    /// The entries of all layers. Where only one has any, nothing is collected.
    fn entries<T: Entry>(
        up: &Rc<Cursor<'v>>,
        node: NodeRef<'v>,
        list: impl Fn(&'v Record) -> ListRef<'v, T>,
        stream: impl Fn(Rc<Cursor<'v>>, NodeId, u8, ListIter<'v, T>) -> Self,
        data: impl Fn(&[(u8, &'v T)]) -> Data<'v>,
    ) -> Self {
        let lists: Vec<(u8, ListRef<'v, T>)> = (0u8..)
            .zip(up.records())
            .filter_map(|(layer, record)| Some((layer, list(record?))))
            .filter(|(_, l)| l.len() > 0)
            .collect();
        let (kind, keys) = (ListKind::of(node), Keys::of(node));
        match lists.as_slice() {
            [] => Self::Empty,
            [(layer, one)] => stream(Rc::clone(up), node.id(), *layer, one.iter()),
            some => {
                let mut merged = Vec::new();
                for (i, (layer, list)) in some.iter().enumerate() {
                    for (label, entry) in list.iter() {
                        let probe = keys.values(entry);
                        let keyed = kind != ListKind::Sequence;
                        if keyed && some[..i].iter().any(|(_, l)| l.get(&keys, &probe).is_some()) {
                            continue;
                        }
                        let mut all = vec![(*layer, entry)];
                        if keyed {
                            all.extend(
                                some[i + 1..].iter().filter_map(|(n, l)| Some((*n, l.get(&keys, &probe)?.1))),
                            );
                        }
                        merged.push((data(&all), order(kind, *layer, label), entry));
                    }
                }
                if kind == ListKind::Keyed {
                    merged.sort_by(|a, b| keys.compare(a.2, b.2));
                }
                let merged: Vec<_> = merged.into_iter().map(|(data, order, _)| (data, order)).collect();
                Self::Merged(Rc::clone(up), node.id(), merged.into_iter())
            }
        }
    }
}

/// Are a leaf-list's entries just its defaults?
fn has_default_values(records: &Records<'_>, node: NodeRef<'_>) -> bool {
    let defaults = node.defaults();
    let Some(list) =
        records.iter().flatten().map(|r| ListRef::<Value>::of(r, node.data_ordinal())).find(|l| l.len() > 0)
    else {
        return false;
    };
    list.len() == defaults.len() && list.iter().all(|(_, v)| defaults.iter().any(|d| d.value == *v))
}

/// Does the view show the node's default?
fn supplies<'v>(up: &Rc<Cursor<'v>>, node: NodeRef<'v>) -> bool {
    up.view.defaults.supplies() && !node.defaults().is_empty() && in_use::may_appear(up, node)
}

impl<'v> Iterator for Instances<'v> {
    type Item = Cursor<'v>;

    fn next(&mut self) -> Option<Cursor<'v>> {
        loop {
            let cursor = match &mut self.0 {
                Found::Empty => return None,
                // Its mask has been asked already.
                Found::One(_) => {
                    return match std::mem::replace(&mut self.0, Found::Empty) {
                        Found::One(cursor) => Some(cursor),
                        _ => None,
                    };
                }
                Found::Entries(up, node, layer, iter) => {
                    let (label, record) = iter.next()?;
                    let mut records = [None; LAYERS];
                    records[*layer as usize] = Some(record);
                    let order = entry_order(up.schema().node(*node), *layer, label);
                    Cursor::below(up, *node, Data::Records(records), order)
                }
                Found::Values(up, node, layer, iter) => {
                    let (label, value) = iter.next()?;
                    let order = entry_order(up.schema().node(*node), *layer, label);
                    Cursor::below(up, *node, Data::Value { value, default: false }, order)
                }
                Found::Merged(up, node, iter) => {
                    let (data, order) = iter.next()?;
                    Cursor::below(up, *node, data, order)
                }
                Found::Defaults(up, node, iter) => {
                    let (i, default) = iter.next()?;
                    let data = Data::Value { value: &default.value, default: true };
                    Cursor::below(up, *node, data, (0, i as u64 + 1))
                }
            };
            if cursor.view.readable(&cursor) {
                return Some(cursor);
            }
        }
    }
}

/// The place of an entry among those of its list. A keyed list with one entry has a label too, which says nothing.
pub(crate) fn entry_order(list: NodeRef<'_>, layer: u8, label: u64) -> (u8, u64) {
    match label {
        0 => (0, 0),
        MIDDLE => order(ListKind::of(list), layer, label),
        _ => (layer, label),
    }
}

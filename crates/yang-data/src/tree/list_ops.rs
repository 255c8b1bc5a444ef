//! Entries put into the lists of a record and taken out of them.

use crate::tree::list::{Entry, Keys, ListKind, ListOf, ListRef, NoAnchor, Place};
use crate::tree::record::{Content, Record, Slot};
use std::sync::Arc;
use yang_schema::{NodeKind, NodeRef, Value};

/// The list or leaf-list that an operation is about.
pub(crate) struct ListAt<'s> {
    pub(crate) node: NodeRef<'s>,
    pub(crate) kind: ListKind,
    pub(crate) keys: Keys,
}

impl<'s> ListAt<'s> {
    pub(crate) fn new(node: NodeRef<'s>) -> Self {
        Self { node, kind: ListKind::of(node), keys: Keys::of(node) }
    }

    fn slot(&self, content: Content) -> Slot {
        Slot { node: self.node.id(), ordinal: self.node.data_ordinal(), content }
    }

    /// The entry of a key.
    pub(crate) fn get<'r, T: Entry>(&self, record: &'r Record, probe: &[&Value]) -> Option<&'r T> {
        ListRef::<T>::of(record, self.node.data_ordinal()).get(&self.keys, probe).map(|(_, e)| e)
    }

    /// Puts an entry in, in place of one of the same key.
    pub(crate) fn put<T: Entry>(
        &self,
        record: &mut Record,
        entry: T,
        place: Place<'_>,
        commit: u64,
    ) -> Result<(), NoAnchor> {
        let ordinal = self.node.data_ordinal();
        match ListRef::<T>::of(record, ordinal) {
            ListRef::None => {
                if matches!(place, Place::Before(_) | Place::After(_)) {
                    return Err(NoAnchor);
                }
                record.set(self.slot(entry.into_one()), commit);
            }
            ListRef::One(one) => {
                if let Place::Before(anchor) | Place::After(anchor) = place
                    && self.keys.values(one) != anchor
                {
                    return Err(NoAnchor);
                }
                let same_key = self.kind != ListKind::Sequence && self.keys.compare(one, &entry).is_eq();
                let content = if same_key {
                    entry.into_one()
                } else {
                    let mut both = match place {
                        Place::First | Place::Before(_) => vec![entry, one.clone()],
                        _ => vec![one.clone(), entry],
                    };
                    // Two entries of different keys are never refused.
                    let Ok(list) = ListOf::from_entries(self.kind, &self.keys, &mut both) else {
                        return Ok(());
                    };
                    T::into_many(Arc::new(list))
                };
                record.set(self.slot(content), commit);
            }
            ListRef::Many(list) => {
                if let Place::Before(anchor) | Place::After(anchor) = place
                    && list.get(&self.keys, anchor).is_none()
                {
                    return Err(NoAnchor);
                }
                // In the record itself, so that what is the record's alone is not copied for each entry.
                let list = record.get_mut(ordinal, commit).and_then(T::many_in_content);
                list.map_or(Ok(None), |list| Arc::make_mut(list).put(&self.keys, entry, place))?;
            }
        }
        Ok(())
    }

    /// The annotations of a leaf-list entry go with it.
    fn forget(&self, record: &mut Record, probe: &[&Value], commit: u64) {
        let ordinal = self.node.data_ordinal();
        if let ([value], Some(annotations)) = (probe, record.annotations())
            && self.node.kind() == NodeKind::LeafList
            && annotations.has(ordinal)
        {
            let left = annotations.without(ordinal, Some(value)).map(Arc::new);
            record.annotate(left, commit);
        }
    }

    /// Takes the entry of a key out; says whether it was there.
    pub(crate) fn remove<T: Entry>(&self, record: &mut Record, probe: &[&Value], commit: u64) -> bool {
        let ordinal = self.node.data_ordinal();
        match ListRef::<T>::of(record, ordinal) {
            ListRef::Many(list) => {
                let mut list = Arc::clone(list);
                if Arc::make_mut(&mut list).remove(&self.keys, probe).is_none() {
                    return false;
                }
                let content = match (list.len(), list.nth(0)) {
                    (1, Some((_, last))) => last.clone().into_one(),
                    _ => T::into_many(list),
                };
                record.set(self.slot(content), commit);
                self.forget(record, probe, commit);
                true
            }
            one => one.get(&self.keys, probe).is_some() && record.remove(ordinal, commit),
        }
    }
}

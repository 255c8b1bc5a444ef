//! Changes made to a tree.

use super::{Change, ChangeKind, Diff, Item, Spot};
use crate::error::{DataError, ErrorTag};
use crate::tree::list::{Entry, Place};
use crate::tree::list_ops::ListAt;
use crate::tree::{Content, Record, Slot, Tree};
use yang_schema::value::{InstanceIdentifier, InstanceStep};
use yang_schema::{NodeKind, NodeRef, Schema, Value};

impl Diff {
    /// The tree after the changes; what they do not touch is shared.
    ///
    /// # Errors
    /// Where the tree is not, in what the diff touches, as the diff's first tree was.
    pub fn apply(&self, tree: &Tree, commit: u64) -> Result<Tree, DataError> {
        let mut tree = tree.clone();
        let mut run = Run { diff: self, schema: &self.schema, commit, path: Vec::new() };
        run.changes(tree.root_mut(), &self.changes)?;
        Ok(tree)
    }
}

struct Run<'d> {
    diff: &'d Diff,
    schema: &'d Schema,
    commit: u64,
    path: Vec<InstanceStep>,
}

impl Run<'_> {
    fn changes(&mut self, record: &mut Record, changes: &[Change]) -> Result<(), DataError> {
        let mut annotated = None;
        for change in changes {
            if let ChangeKind::Annotated(old, new) = &change.kind {
                // A leaf that the change takes away takes its annotations along, so they are put on at the end, too.
                if record.annotations() != old.annotations() {
                    return Err(self.unfit());
                }
                annotated = Some(new);
                continue;
            }
            self.path.push(self.diff.step(change));
            let node = self.schema.node(change.node);
            match (node.kind(), &change.kind) {
                (_, ChangeKind::Replaced(Item::Sequence(old), Item::Sequence(new))) => {
                    self.sequence(record, node, old.as_ref(), new.as_ref())?;
                }
                (NodeKind::List, _) => self.entry::<Record>(record, node, change)?,
                (NodeKind::LeafList, _) => self.entry::<Value>(record, node, change)?,
                _ => self.single(record, node, change)?,
            }
            self.path.pop();
        }
        if let Some(annotations) = annotated {
            record.annotate(annotations.annotations_arc().cloned(), self.commit);
        }
        Ok(())
    }

    fn unfit(&self) -> DataError {
        let path = InstanceIdentifier { steps: self.path.clone() }.print(self.schema, false);
        DataError::new(
            ErrorTag::OperationFailed,
            path,
            "the tree is not the one that the diff was made of here",
        )
    }

    fn sequence(
        &self,
        record: &mut Record,
        node: NodeRef<'_>,
        old: Option<&Content>,
        new: Option<&Content>,
    ) -> Result<(), DataError> {
        if record.get(node.data_ordinal()) != old {
            return Err(self.unfit());
        }
        match new {
            Some(content) => record.set(slot(node, content.clone()), self.commit),
            None => _ = record.remove(node.data_ordinal(), self.commit),
        }
        Ok(())
    }

    fn single(&mut self, record: &mut Record, node: NodeRef<'_>, change: &Change) -> Result<(), DataError> {
        let ordinal = node.data_ordinal();
        let there = record.get(ordinal);
        match &change.kind {
            ChangeKind::Created(item) if there.is_none() => {
                record.set(slot(node, content(item)), self.commit);
            }
            ChangeKind::Deleted(item) if there == Some(&content(item)) => {
                record.remove(ordinal, self.commit);
            }
            ChangeKind::Replaced(old, new) if there == Some(&content(old)) => {
                record.set(slot(node, content(new)), self.commit);
            }
            ChangeKind::Inside(below) => {
                let Some(Content::Record(inner)) = there else { return Err(self.unfit()) };
                let mut inner = inner.clone();
                self.changes(&mut inner, below)?;
                record.set(slot(node, Content::Record(inner)), self.commit);
            }
            _ => return Err(self.unfit()),
        }
        Ok(())
    }

    fn entry<T: ApplyEntry>(
        &mut self,
        record: &mut Record,
        node: NodeRef<'_>,
        change: &Change,
    ) -> Result<(), DataError> {
        let list = ListAt::new(node);
        let key: Vec<&Value> = change.key.iter().collect();
        let there = list.get::<T>(record, &key).cloned();
        let new = match (&change.kind, there) {
            (ChangeKind::Deleted(item), Some(there)) if T::of(item).as_ref() == Some(&there) => {
                list.remove::<T>(record, &key, self.commit);
                return Ok(());
            }
            (ChangeKind::Created(item), None) => T::of(item).ok_or_else(|| self.unfit())?,
            (ChangeKind::Inside(below), Some(there)) => there.change(self, below)?,
            _ => return Err(self.unfit()),
        };
        let anchor: Vec<&Value>;
        let place = match change.moved.as_ref().and_then(|m| m.to.as_ref()) {
            None => Place::Keep,
            Some(Spot { after: None, .. }) => Place::First,
            Some(Spot { after: Some(key), .. }) => {
                anchor = key.iter().collect();
                Place::After(&anchor)
            }
        };
        list.put(record, new, place, self.commit).map_err(|_| self.unfit())
    }
}

fn slot(node: NodeRef<'_>, content: Content) -> Slot {
    Slot { node: node.id(), ordinal: node.data_ordinal(), content }
}

fn content(item: &Item) -> Content {
    match item {
        Item::Record(record) => Content::Record(record.clone()),
        Item::Value(value) => Content::Value(value.clone()),
        Item::Any(any) => Content::Any(std::sync::Arc::clone(any)),
        // Never asked: sequences are replaced whole.
        Item::Sequence(content) => content.clone().unwrap_or(Content::Value(Value::Empty)),
    }
}

/// An entry that a change can be made of or made to.
trait ApplyEntry: Entry {
    fn of(item: &Item) -> Option<Self>;
    fn change(self, run: &mut Run<'_>, below: &[Change]) -> Result<Self, DataError>;
}

impl ApplyEntry for Record {
    fn of(item: &Item) -> Option<Self> {
        if let Item::Record(record) = item { Some(record.clone()) } else { None }
    }

    fn change(mut self, run: &mut Run<'_>, below: &[Change]) -> Result<Self, DataError> {
        run.changes(&mut self, below)?;
        Ok(self)
    }
}

impl ApplyEntry for Value {
    fn of(item: &Item) -> Option<Self> {
        if let Item::Value(value) = item { Some(value.clone()) } else { None }
    }

    fn change(self, _: &mut Run<'_>, _: &[Change]) -> Result<Self, DataError> {
        Ok(self)
    }
}

//! Records of one layer that show all there is: nothing supplied, nothing hidden. They are written as they stand, without a
//! cursor for each node.

use crate::codec::CodecError;
use crate::event::{Shape, Sink};
use crate::tree::annotation::{Annotation, Of, with_attributes};
use crate::tree::list::{Entry as _, ListIter};
use crate::tree::names::full_name;
use crate::tree::{Content, Record, Slot};
use crate::view::encode::with_datum;
use std::cmp::Ordering;
use std::iter::Enumerate;
use std::slice;
use yang_schema::{ModuleId, NodeKind, NodeRef, Schema, Value};

/// What is left to write of what is in a record.
pub(super) struct Plain<'v> {
    record: &'v Record,
    slots: slice::Iter<'v, Slot>,
    several: Several<'v>,
}

/// What is left of the slot that is being written, where it has several entries.
enum Several<'v> {
    None,
    Records(NodeRef<'v>, ListIter<'v, Record>),
    Values(NodeRef<'v>, u32, Enumerate<ListIter<'v, Value>>),
}

/// What comes next in a record.
pub(super) enum Next<'v> {
    /// It has been written.
    Written,
    /// A container or list entry.
    Inner(NodeRef<'v>, &'v Record),
    End,
}

impl<'v> Plain<'v> {
    pub(super) fn of(record: &'v Record) -> Self {
        Self { record, slots: record.slots().iter(), several: Several::None }
    }

    /// What comes next, without nodes that `leave_out` names. `before` is called in front of what is written.
    pub(super) fn next(
        &mut self,
        schema: &'v Schema,
        sink: &mut dyn Sink,
        leave_out: impl Fn(NodeRef<'v>) -> bool,
        before: impl FnOnce(&mut dyn Sink) -> Result<(), CodecError>,
    ) -> Result<Next<'v>, CodecError> {
        loop {
            match &mut self.several {
                Several::Records(node, entries) => {
                    if let Some((_, entry)) = entries.next() {
                        return Ok(Next::Inner(*node, entry));
                    }
                }
                Several::Values(node, ordinal, values) => {
                    if let Some((nth, (_, value))) = values.next() {
                        before(sink)?;
                        let of = |of: &Of| match of {
                            Of::Node => Ordering::Equal,
                            Of::Entry(entry) => entry.cmp(value),
                            Of::Nth(n) => n.cmp(&nth),
                        };
                        let annotations = self.record.annotations().map_or(&[][..], |a| a.of(*ordinal, of));
                        write_value(*node, value, annotations, sink)?;
                        return Ok(Next::Written);
                    }
                }
                Several::None => {}
            }
            self.several = Several::None;
            let Some(slot) = self.slots.next() else { return Ok(Next::End) };
            let node = schema.node(slot.node);
            if leave_out(node) {
                continue;
            }
            match &slot.content {
                Content::Value(value) if node.kind() == NodeKind::Leaf => {
                    before(sink)?;
                    write_value(node, value, self.annotations(slot), sink)?;
                    return Ok(Next::Written);
                }
                Content::Value(_) | Content::Values(_) => {
                    let values = Value::in_content(&slot.content).iter().enumerate();
                    self.several = Several::Values(node, slot.ordinal, values);
                }
                Content::Record(record) => return Ok(Next::Inner(node, record)),
                Content::Entries(_) => {
                    self.several = Several::Records(node, Record::in_content(&slot.content).iter());
                }
                Content::Any(any) => {
                    before(sink)?;
                    any.write_node(node, self.annotations(slot), sink)?;
                    return Ok(Next::Written);
                }
                Content::Annotations(_) => {}
            }
        }
    }

    /// The annotations of a leaf, anydata or anyxml.
    fn annotations(&self, slot: &Slot) -> &'v [Annotation] {
        self.record.annotations().map_or(&[][..], |a| a.of(slot.ordinal, |_| Ordering::Equal))
    }
}

/// So many values are looked at for what those behind them will need.
const SAMPLE: usize = 64;

/// The modules of the identities among the first values in a record: others like them are likely to follow.
pub(super) fn modules_of_identities(record: &Record, schema: &Schema) -> Vec<ModuleId> {
    fn look(value: &Value, schema: &Schema, found: &mut Vec<ModuleId>) {
        if let Value::Identity(identity) = value {
            let module = schema.identity(*identity).module;
            if !found.contains(&module) {
                found.push(module);
            }
        }
    }
    fn sample(record: &Record, schema: &Schema, left: &mut usize, found: &mut Vec<ModuleId>) {
        for slot in record.slots() {
            let Some(less) = left.checked_sub(1) else { return };
            *left = less;
            match &slot.content {
                Content::Value(value) => look(value, schema, found),
                Content::Values(values) => {
                    values.iter().take(1).for_each(|(_, value)| look(value, schema, found));
                }
                Content::Record(record) => sample(record, schema, left, found),
                Content::Entries(entries) => {
                    entries.iter().take(2).for_each(|(_, entry)| sample(entry, schema, left, found));
                }
                Content::Any(_) | Content::Annotations(_) => {}
            }
        }
    }
    let mut found = Vec::new();
    sample(record, schema, &mut { SAMPLE }, &mut found);
    found
}

/// Writes a leaf or an entry of a leaf-list.
fn write_value(
    node: NodeRef<'_>,
    value: &Value,
    annotations: &[Annotation],
    sink: &mut dyn Sink,
) -> Result<(), CodecError> {
    let shape = if node.kind() == NodeKind::LeafList { Shape::LeafListEntry } else { Shape::Leaf };
    with_attributes(node.schema(), annotations, &[], |attributes| {
        with_datum(node, value, |datum| sink.leaf(full_name(node), shape, attributes, datum))
    })
}

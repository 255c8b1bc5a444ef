//! Annotations (RFC 7952) side by side.

use crate::tree::Record;
use crate::tree::annotation::{Annotation, Of};
use crate::tree::list::Entry;
use yang_schema::{NodeKind, NodeRef, Schema, Value};

/// The annotations of one node that are not the same in two records.
pub(crate) struct Noted<'r> {
    /// The child that is no record, by its ordinal, and which instance; none for the record itself.
    pub(crate) at: Option<(u32, &'r Of)>,
    pub(crate) old: &'r [Annotation],
    pub(crate) new: &'r [Annotation],
}

impl<'r> Noted<'r> {
    /// Do all that were there stay, perhaps with other values? What is merged can say that.
    pub(crate) fn only_adds(&self) -> bool {
        self.old
            .iter()
            .all(|old| self.new.iter().any(|new| new.module() == old.module() && new.name() == old.name()))
    }

    /// The child and its value, if it is one, in the record that has the new annotations.
    pub(crate) fn child<'s>(
        &self,
        schema: &'s Schema,
        record: &'r Record,
    ) -> Option<(NodeRef<'s>, Option<&'r Value>)> {
        let (ordinal, of) = self.at?;
        let slot = record.slots().iter().find(|s| s.ordinal == ordinal)?;
        let node = schema.node(slot.node);
        let value = match (node.kind(), of) {
            (_, Of::Entry(value)) => Some(value),
            (NodeKind::LeafList, Of::Nth(n)) => {
                Value::in_content(&slot.content).nth(*n).map(|(_, value)| value)
            }
            (NodeKind::LeafList, Of::Node) => None,
            _ => record.value(ordinal),
        };
        Some((node, value))
    }
}

/// All nodes of a record whose annotations another record has not, or has others of: the record itself first.
pub(crate) fn noted<'r>(from: &'r Record, to: &'r Record) -> Vec<Noted<'r>> {
    let own = |r: &'r Record| r.annotations().map(|a| a.own.as_slice()).unwrap_or_default();
    let below = |r: &'r Record| r.annotations().map(|a| a.below.as_slice()).unwrap_or_default();
    let mut found = vec![Noted { at: None, old: own(from), new: own(to) }];
    let (mut old, mut new) = (below(from).iter().peekable(), below(to).iter().peekable());
    loop {
        let key = |(ordinal, of, _): &'r (u32, Of, Vec<Annotation>)| (*ordinal, of.order());
        let order = match (old.peek(), new.peek()) {
            (None, None) => break,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(a), Some(b)) => key(a).cmp(&key(b)),
        };
        let a = if order.is_le() { old.next() } else { None };
        let b = if order.is_ge() { new.next() } else { None };
        let at = a.or(b).map(|(ordinal, of, _)| (*ordinal, of));
        let of = |side: Option<&'r (u32, Of, Vec<Annotation>)>| {
            side.map(|(.., a)| a.as_slice()).unwrap_or_default()
        };
        found.push(Noted { at, old: of(a), new: of(b) });
    }
    found.retain(|n| n.old != n.new);
    found
}

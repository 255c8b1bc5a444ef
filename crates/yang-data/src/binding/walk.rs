//! Clone, comparison and Debug as walks of the table: written once, not once a struct.

use super::{ChoiceNode, Node, Slot, SlotMut};
use std::fmt;

/// A copy. Used by derived code.
pub fn clone<T: Node + Default>(from: &T) -> T {
    let mut to = T::default();
    copy(from, &mut to);
    to
}

/// Copies all fields into a struct of the same type that was just made.
fn copy(from: &dyn Node, to: &mut dyn Node) {
    for index in 0..from.node_table().fields.len() {
        copy_slot(from.slot(index), to.slot_mut(index));
    }
}

fn copy_slot(from: Slot<'_>, to: SlotMut<'_>) {
    match (from, to) {
        (Slot::Leaf(from), SlotMut::Leaf(to)) => to.assign(from),
        (Slot::LeafList(from), SlotMut::LeafList(to)) => to.assign(from),
        (Slot::Container(from), SlotMut::Container(to)) => {
            if let Some(from) = from.get() {
                copy(from, to.make());
            }
        }
        (Slot::List(from), SlotMut::List(to)) => {
            for entry in from.entries() {
                // A list's keys are its own; filling cannot fail.
                let _ = to.push(&mut |new| {
                    copy(entry, new);
                    Ok(())
                });
            }
        }
        (Slot::Choice(from), SlotMut::Choice(to)) => {
            if let Some(from) = from.get()
                && let Some(to) = to.make(from.variant())
            {
                copy_slot(from.content(), to.content_mut());
            }
        }
        (Slot::Any(from), SlotMut::Any(to)) => {
            if let Some(content) = from.get() {
                to.set(content.clone());
            }
        }
        (Slot::Unknown(from), SlotMut::Unknown(to)) => to.clone_from(from),
        _ => {}
    }
}

/// Do two structs of one type hold the same data? A container without `presence` that is not there and one that is there
/// and empty are the same (RFC 7950 section 7.5.1). Used by derived code.
pub fn same(a: &dyn Node, b: &dyn Node) -> bool {
    let table = a.node_table();
    std::ptr::eq(table, b.node_table())
        && (0..table.fields.len()).all(|i| {
            let presence = table.fields[i].detail.presence.is_some();
            same_slot(&a.slot(i), &b.slot(i), presence)
        })
}

/// Do two choices of one type hold the same data? Used by derived code.
pub fn same_choice(a: &dyn ChoiceNode, b: &dyn ChoiceNode) -> bool {
    a.variant() == b.variant() && {
        let field = a.node_table().fields.get(a.variant());
        let presence = field.is_some_and(|f| f.detail.presence.is_some());
        same_slot(&a.content(), &b.content(), presence)
    }
}

fn same_slot(a: &Slot<'_>, b: &Slot<'_>, presence: bool) -> bool {
    match (a, b) {
        (Slot::Leaf(a), Slot::Leaf(b)) => match (a.get(), b.get()) {
            (Some(a), Some(b)) => a.same(b),
            (None, None) => true,
            _ => false,
        },
        (Slot::LeafList(a), Slot::LeafList(b)) => {
            a.len() == b.len()
                && (0..a.len()).all(|i| matches!((a.get(i), b.get(i)), (Some(a), Some(b)) if a.same(b)))
        }
        (Slot::Container(a), Slot::Container(b)) => match (a.get(), b.get()) {
            (Some(a), Some(b)) => same(a, b),
            (None, None) => true,
            (Some(one), None) | (None, Some(one)) => !presence && is_empty(one),
        },
        (Slot::List(a), Slot::List(b)) => a.same(*b),
        (Slot::Choice(a), Slot::Choice(b)) => match (a.get(), b.get()) {
            (Some(a), Some(b)) => same_choice(a, b),
            (None, None) => true,
            _ => false,
        },
        (Slot::Any(a), Slot::Any(b)) => a.get() == b.get(),
        (Slot::Unknown(a), Slot::Unknown(b)) => a == b,
        _ => true,
    }
}

/// Holds it no data at all, nor a presence container?
pub fn is_empty(node: &dyn Node) -> bool {
    let table = node.node_table();
    (0..table.fields.len()).all(|i| slot_is_empty(&node.slot(i), table.fields[i].detail.presence.is_some()))
}

pub(crate) fn slot_is_empty(slot: &Slot<'_>, presence: bool) -> bool {
    match slot {
        Slot::Leaf(leaf) => leaf.get().is_none(),
        Slot::LeafList(list) => list.is_empty(),
        Slot::Container(container) => match container.get() {
            Some(node) => !presence && is_empty(node),
            None => true,
        },
        Slot::List(list) => list.is_empty(),
        Slot::Choice(choice) => choice.get().is_none(),
        Slot::Any(any) => any.get().is_none(),
        Slot::Unknown(unknown) => unknown.is_empty(),
        Slot::Nothing => true,
    }
}

/// Shows the fields that are there. Used by derived code.
///
/// # Errors
/// Those of the formatter.
pub fn debug(node: &dyn Node, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let table = node.node_table();
    let mut out = f.debug_struct(name);
    let mut all = true;
    for (i, field) in table.fields.iter().enumerate() {
        let slot = node.slot(i);
        let absent = match &slot {
            Slot::Container(c) => c.get().is_none(),
            _ => slot_is_empty(&slot, true),
        };
        if absent {
            all = false;
        } else {
            out.field(field.rust, &Show(slot));
        }
    }
    if all { out.finish() } else { out.finish_non_exhaustive() }
}

/// Shows the case that is there. Used by derived code.
///
/// # Errors
/// Those of the formatter.
pub fn debug_choice(choice: &dyn ChoiceNode, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let name = choice.node_table().fields.get(choice.variant()).map_or("", |field| field.rust);
    f.debug_tuple(name).field(&Show(choice.content())).finish()
}

struct Show<'a>(Slot<'a>);

impl fmt::Debug for Show<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Slot::Leaf(leaf) => match leaf.get() {
                Some(value) => value.fmt(f),
                None => f.write_str("None"),
            },
            Slot::LeafList(list) => {
                f.debug_list().entries((0..list.len()).filter_map(|i| list.get(i))).finish()
            }
            Slot::Container(container) => match container.get() {
                Some(node) => ShowNode(node).fmt(f),
                None => f.write_str("None"),
            },
            Slot::List(list) => f.debug_list().entries(list.entries().map(ShowNode)).finish(),
            Slot::Choice(choice) => match choice.get() {
                Some(choice) => debug_choice(choice, f),
                None => f.write_str("None"),
            },
            Slot::Any(any) => fmt::Debug::fmt(&any.get(), f),
            Slot::Unknown(unknown) => fmt::Debug::fmt(unknown, f),
            Slot::Nothing => Ok(()),
        }
    }
}

/// A struct whose Rust name is not at hand shows its YANG name.
struct ShowNode<'a>(&'a dyn Node);

impl fmt::Debug for ShowNode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(self.0, self.0.node_table().name, f)
    }
}

//! `when` (RFC 7950 section 7.21.5).

use crate::view::cursor::Cursor;
use std::cell::Cell;
use yang_schema::{NodeRef, When, WhenContext};

/// Conditions that ask for defaults that have conditions: circles are forbidden (section 7.21.5), and a schema that has
/// one all the same must not exhaust the stack.
const NESTED: u32 = 32;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Do all conditions of a node hold, if it stood at this cursor? A condition that cannot be evaluated does not hold.
pub(crate) fn holds(at: &Cursor<'_>) -> bool {
    let node = at.node();
    node.whens().iter().all(|when| match (when.context, &at.up) {
        (WhenContext::Parent, Some(up)) => condition(when, node, up),
        _ => condition(when, node, at),
    })
}

/// Do all conditions of a choice or case hold? Their context is the closest data node above.
pub(crate) fn holds_at(up: &Cursor<'_>, node: NodeRef<'_>) -> bool {
    node.whens().iter().all(|when| condition(when, node, up))
}

fn condition(when: &When, of: NodeRef<'_>, context: &Cursor<'_>) -> bool {
    let depth = DEPTH.get();
    if depth >= NESTED {
        return false;
    }
    DEPTH.set(depth + 1);
    let holds = evaluate(when, &context.accessible_to(of));
    DEPTH.set(depth);
    holds
}

fn evaluate(when: &When, context: &Cursor<'_>) -> bool {
    crate::xpath::holds(when.xpath, context).unwrap_or(false)
}

//! When a node that nobody set appears: defaults in use (RFC 7950 sections 7.6.1 and 7.7.2) and containers without
//! presence (section 7.5.1).

use crate::view::cursor::Cursor;
use std::rc::Rc;
use yang_schema::{NodeKind, NodeRef};

/// May the view supply this data child of a node, by its choices and `when` conditions?
pub(crate) fn may_appear<'v>(up: &Rc<Cursor<'v>>, node: NodeRef<'v>) -> bool {
    if !matches!(up.data, super::cursor::Data::Records(_)) {
        return false;
    }
    // A container without presence may be pruned of all its children in one layer and not be there at all; what is
    // below it is asked for itself.
    if !node.whens().is_empty() && !super::when::holds(&up.nothing_below(node.id())) {
        return false;
    }
    let mut case = node.parent();
    while let Some(at) = case.filter(|n| matches!(n.kind(), NodeKind::Choice | NodeKind::Case)) {
        if !at.whens().is_empty() && !super::when::holds_at(up, at) {
            return false;
        }
        if at.kind() == NodeKind::Case && !case_in_use(up, at) {
            return false;
        }
        case = at.parent();
    }
    true
}

/// Does a node of the case exist, or is it the default case and no node of another exists (section 7.9.3)?
fn case_in_use<'v>(up: &Rc<Cursor<'v>>, case: NodeRef<'v>) -> bool {
    let Some(choice) = case.parent() else { return true };
    if is_chosen(up, case) {
        return true;
    }
    choice.default_case() == Some(case) && !choice.children().any(|other| is_chosen(up, other))
}

/// Is any node of a case set?
pub(crate) fn is_chosen(up: &Cursor<'_>, case: NodeRef<'_>) -> bool {
    let records = up.records();
    let is_set = |ordinal: &u32| records.iter().flatten().any(|r| r.get(*ordinal).is_some());
    case.schema().checks().case_ordinals(case.id()).iter().any(is_set)
}

//! `mandatory` of a leaf, anydata or anyxml (RFC 7950 section 7.6.5).

use super::walk::Walk;
use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::view::{push_step, when};
use yang_schema::value::seen;
use yang_schema::{CodeOf, NodeRef};

/// The node must exist if its parent does, unless its `when` does not hold. In the content of an rpc, action or
/// notification the fault is the sender's: an element is missing there.
pub(super) fn check<'v>(walk: &mut Walk<'v>, node: NodeRef<'v>, in_operation: bool) {
    if walk.is_set(node.data_ordinal()) {
        return;
    }
    let at = walk.cursor_for(node);
    if !when::holds(&at.nothing_below(node.id())) {
        return;
    }
    let tag = if in_operation { ErrorTag::MissingElement } else { ErrorTag::DataMissing };
    let mut path = at.path();
    push_step(&mut path, (!at.is_root()).then(|| at.node()), node);
    let message = seen::missing(node.kind().keyword(), node.name());
    let info = ErrorInfo::BadElement(node.name().to_owned());
    let error = DataError::new(tag, path, message).info(info);
    walk.errors.push(error.coded(node.schema(), node.code(CodeOf::Mandatory), false));
}

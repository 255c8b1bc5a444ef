//! `mandatory` of a leaf, anydata or anyxml (RFC 7950 section 7.6.5).

use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::view::{Cursor, push_step, when};
use yang_schema::NodeRef;

/// The node must exist if its parent does, unless its `when` does not hold. In the content of an rpc, action or
/// notification the fault is the sender's: an element is missing there.
pub(super) fn check(at: &Cursor<'_>, node: NodeRef<'_>, in_operation: bool, errors: &mut Vec<DataError>) {
    if !node.is_mandatory() || at.child(node.id()).is_some() || !when::holds(&at.nothing_below(node.id())) {
        return;
    }
    let tag = if in_operation { ErrorTag::MissingElement } else { ErrorTag::DataMissing };
    let mut path = at.path();
    push_step(&mut path, (!at.is_root()).then(|| at.node()), node);
    let message = format!("mandatory {} `{}` is missing", node.kind().keyword(), node.name());
    let info = ErrorInfo::BadElement(node.name().to_owned());
    errors.push(DataError::new(tag, path, message).info(info));
}

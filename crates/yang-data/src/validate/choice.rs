//! `choice` (RFC 7950 sections 7.9.4 and 15.6).

use super::walk::Walk;
use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::view::when;
use yang_schema::value::seen;
use yang_schema::{CodeOf, NodeId, NodeRef};

/// Gives back the case whose nodes exist: its own mandatory nodes are demanded then.
pub(super) fn check<'v>(walk: &mut Walk<'v>, choice: NodeRef<'v>) -> Option<NodeId> {
    let checks = choice.schema().checks();
    let is_chosen =
        |case: &NodeRef<'v>| checks.case_ordinals(case.id()).iter().any(|ordinal| walk.is_set(*ordinal));
    let mut chosen = choice.children().filter(is_chosen);
    let (first, second) = (chosen.next(), chosen.next());
    if let (Some(first), Some(second)) = (first, second) {
        let message = format!(
            "choice `{}` has nodes of case `{}` and of case `{}`",
            choice.name(),
            first.name(),
            second.name()
        );
        let error = DataError::new(ErrorTag::BadElement, walk.cursor().path(), message);
        walk.errors.push(error.coded(choice.schema(), choice.code(CodeOf::Node), false));
    }
    if first.is_none() && choice.is_mandatory() && when::holds_at(&walk.cursor_for(choice), choice) {
        let message = seen::missing_choice(choice.name());
        let error = DataError::new(ErrorTag::DataMissing, walk.cursor().path(), message)
            .app_tag("missing-choice")
            .info(ErrorInfo::MissingChoice(choice.name().to_owned()));
        walk.errors.push(error.coded(choice.schema(), choice.code(CodeOf::Mandatory), false));
    }
    first.map(NodeRef::id)
}

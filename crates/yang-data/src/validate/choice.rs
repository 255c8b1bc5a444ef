//! `choice` (RFC 7950 sections 7.9.4 and 15.6).

use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::view::{Cursor, in_use, when};
use yang_schema::NodeRef;

/// Gives back the case whose nodes exist: its own mandatory nodes are demanded then.
pub(super) fn check<'s>(
    at: &Cursor<'_>,
    choice: NodeRef<'s>,
    errors: &mut Vec<DataError>,
) -> Option<NodeRef<'s>> {
    let mut chosen = choice.children().filter(|case| in_use::is_chosen(at, *case));
    let first = chosen.next();
    if let (Some(first), Some(second)) = (first, chosen.next()) {
        let message = format!(
            "choice `{}` has nodes of case `{}` and of case `{}`",
            choice.name(),
            first.name(),
            second.name()
        );
        errors.push(DataError::new(ErrorTag::BadElement, at.path(), message));
    }
    if first.is_none() && choice.is_mandatory() && when::holds_at(at, choice) {
        let message = format!("no node of mandatory choice `{}` is there", choice.name());
        errors.push(
            DataError::new(ErrorTag::DataMissing, at.path(), message)
                .app_tag("missing-choice")
                .info(ErrorInfo::MissingChoice(choice.name().to_owned())),
        );
    }
    first
}

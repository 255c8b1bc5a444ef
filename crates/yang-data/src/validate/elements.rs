//! `min-elements` and `max-elements` (RFC 7950 sections 7.7.5, 7.7.6, 15.2 and 15.3).

use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::view::{Cursor, push_step, when};
use yang_schema::NodeRef;

pub(super) fn check(at: &Cursor<'_>, list: NodeRef<'_>, errors: &mut Vec<DataError>) {
    let (min, max) = (list.min_elements() as usize, list.max_elements().map(|m| m as usize));
    if min == 0 && max.is_none() {
        return;
    }
    let count = at.count_of(list.id());
    let (app_tag, message) = if max.is_some_and(|max| count > max) {
        ("too-many-elements", format!("and at most {} are allowed", max.unwrap_or(count)))
    } else if count < min && when::holds(&at.nothing_below(list.id())) {
        ("too-few-elements", format!("and at least {min} are demanded"))
    } else {
        return;
    };
    let mut path = at.path();
    push_step(&mut path, (!at.is_root()).then(|| at.node()), list);
    let entries = if count == 1 { "entry" } else { "entries" };
    let message = format!("{} `{}` has {count} {entries}, {message}", list.kind().keyword(), list.name());
    errors.push(
        DataError::new(ErrorTag::OperationFailed, path, message)
            .app_tag(app_tag)
            .info(ErrorInfo::BadElement(list.name().to_owned())),
    );
}

//! `min-elements` and `max-elements` (RFC 7950 sections 7.7.5, 7.7.6, 15.2 and 15.3).

use super::walk::{Layers, Walk};
use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::tree::Record;
use crate::tree::list::ListRef;
use crate::view::{push_step, when};
use yang_schema::value::seen;
use yang_schema::{CodeOf, NodeKind, NodeRef, Value};

pub(super) fn check<'v>(walk: &mut Walk<'v>, list: NodeRef<'v>) {
    let (min, max) = (list.min_elements() as usize, list.max_elements().map(|m| m as usize));
    if min == 0 && max.is_none() {
        return;
    }
    let count = count(walk, list);
    if count >= min && max.is_none_or(|max| count <= max) {
        return;
    }
    let at = walk.cursor_for(list);
    let (keyword, name) = (list.kind().keyword(), list.name());
    let (app_tag, of, message) = match max.filter(|max| count > *max) {
        Some(max) => ("too-many-elements", CodeOf::MaxElements, seen::too_many(keyword, name, count, max)),
        None if count < min && when::holds(&at.nothing_below(list.id())) => {
            ("too-few-elements", CodeOf::MinElements, seen::too_few(keyword, name, count, min))
        }
        None => return,
    };
    let mut path = at.path();
    push_step(&mut path, (!at.is_root()).then(|| at.node()), list);
    let error = DataError::new(ErrorTag::OperationFailed, path, message)
        .app_tag(app_tag)
        .info(ErrorInfo::BadElement(name.to_owned()))
        .coded(list.schema(), list.code(of), false);
    walk.errors.push(error);
}

/// How many entries there are; those of one list are not looked at to be counted.
fn count<'v>(walk: &mut Walk<'v>, list: NodeRef<'v>) -> usize {
    match (walk.layers(), list.kind()) {
        (Layers::One(_, record), NodeKind::List) => ListRef::<Record>::of(record, list.data_ordinal()).len(),
        (Layers::One(_, record), _) if list.defaults().is_empty() => {
            ListRef::<Value>::of(record, list.data_ordinal()).len()
        }
        _ => walk.cursor_for(list).count_of(list.id()),
    }
}

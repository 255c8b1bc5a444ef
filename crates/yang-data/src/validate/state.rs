//! State in a configuration datastore (RFC 7950 section 7.21.1): there must be none.

use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::tree::list::{Entry as _, ListRef};
use crate::tree::{Content, Record};
use crate::view::Cursor;
use yang_schema::Schema;

/// The fault of a node that is set and is state.
pub(super) fn fault(at: &Cursor<'_>) -> Option<DataError> {
    if !at.is_set() || !at.node().kind().is_data_node() || at.node().is_config() {
        return None;
    }
    let message = format!("`{}` is state, not configuration", at.node().name());
    let info = ErrorInfo::BadElement(at.node().name().to_owned());
    Some(DataError::new(ErrorTag::UnknownElement, at.path(), message).info(info))
}

/// The topmost nodes that are state, from a node down.
pub(super) fn check_below(at: &Cursor<'_>, errors: &mut Vec<DataError>) {
    if let Some(error) = fault(at) {
        errors.push(error);
        return;
    }
    // Most have none, which the records say without a cursor for each node and default.
    if at.records().into_iter().flatten().any(|record| has_state(at.schema(), record)) {
        for child in at.children().filter(Cursor::is_set) {
            check_below(&child, errors);
        }
    }
}

fn has_state(schema: &Schema, record: &Record) -> bool {
    record.slots().iter().any(|slot| {
        if !schema.node(slot.node).is_config() {
            return true;
        }
        if !schema.holds_state(slot.node) {
            return false;
        }
        match &slot.content {
            Content::Record(below) => has_state(schema, below),
            content @ Content::Entries(_) => {
                let entries: ListRef<'_, Record> = Record::in_content(content);
                entries.iter().any(|(_, entry)| has_state(schema, entry))
            }
            _ => false,
        }
    })
}

//! State in a configuration datastore (RFC 7950 section 7.21.1): there must be none.

use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::view::Cursor;

/// The fault of a node that is set and is state.
pub(super) fn fault(at: &Cursor<'_>) -> Option<DataError> {
    if !at.is_set() || !at.node().kind().is_data_node() || at.node().is_config() {
        return None;
    }
    let message = format!("`{}` is state, not configuration", at.node().name());
    let info = ErrorInfo::BadElement(at.node().name().to_owned());
    Some(DataError::new(ErrorTag::UnknownElement, at.path(), message).info(info))
}

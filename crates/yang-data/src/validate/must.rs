//! `must` (RFC 7950 sections 7.5.3 and 15.4).

use crate::error::{DataError, ErrorTag};
use crate::view::Cursor;
use crate::xpath;
use yang_schema::{CodeOf, Must, NodeRef};

/// Each expression is evaluated once for each node of the accessible tree, defaults included.
pub(super) fn check(at: &Cursor<'_>, node: NodeRef<'_>, errors: &mut Vec<DataError>) {
    errors.extend(node.musts().iter().filter_map(|must| fault(at, must)));
}

/// What is wrong with a node by one `must`.
pub(super) fn fault(at: &Cursor<'_>, must: &Must) -> Option<DataError> {
    let schema = at.schema();
    let text = schema.str(schema.xpath(must.xpath).text);
    let fault = match xpath::holds(must.xpath, at) {
        Ok(true) => return None,
        Ok(false) => format!("must `{text}` does not hold"),
        Err(error) => format!("must `{text}` cannot be evaluated: {error}"),
    };
    let message = schema.opt_str(must.info.error_message).map_or(fault, str::to_owned);
    let app_tag = schema.opt_str(must.info.error_app_tag).unwrap_or("must-violation");
    let code = must.info.code.map(|c| schema.code(c)).or_else(|| at.node().code(CodeOf::Node));
    let own = must.info.error_message.is_some();
    Some(
        DataError::new(ErrorTag::OperationFailed, at.path(), message)
            .app_tag(app_tag)
            .coded(schema, code, own),
    )
}

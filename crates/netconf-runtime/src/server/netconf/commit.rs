//! `commit` and `discard-changes` (RFC 6241 section 8.3.4). Confirmed commits (section 8.4) are not offered: their
//! parameters are unknown elements.

use super::params::Request;
use super::{Errors, one};
use crate::server::core::Core;
use crate::server::operation::Operation;

pub(super) fn commit(request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    request.finish(&core.schema).map_err(one)?;
    Ok(Operation::Commit)
}

pub(super) fn discard_changes(request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    request.finish(&core.schema).map_err(one)?;
    Ok(Operation::Discard)
}

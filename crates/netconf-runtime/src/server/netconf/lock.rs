//! `lock` and `unlock` (RFC 6241 sections 7.5 and 7.6).

use super::params::Request;
use super::{Errors, datastore, one};
use crate::server::core::Core;
use crate::server::operation::Operation;

pub(super) fn lock(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let target = request.require("target").map_err(one)?;
    request.finish(&core.schema).map_err(one)?;
    Ok(Operation::Lock(datastore::name(&target, core).map_err(one)?))
}

pub(super) fn unlock(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let target = request.require("target").map_err(one)?;
    request.finish(&core.schema).map_err(one)?;
    Ok(Operation::Unlock(datastore::name(&target, core).map_err(one)?))
}

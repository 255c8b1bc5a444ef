//! `kill-session` (RFC 6241 section 7.9).

use super::params::Request;
use super::{Errors, one};
use crate::rpc_error::{ErrorInfo, ErrorType, RpcError};
use crate::server::core::Core;
use crate::server::operation::Operation;

pub(super) fn parse(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let param = request.require("session-id").map_err(one)?;
    request.finish(&core.schema).map_err(one)?;
    let text = param.word().map_err(one)?;
    // session-id-type: a number from 1 on.
    match text.parse::<u32>() {
        Ok(id) if id > 0 => Ok(Operation::Kill(id)),
        _ => Err(one(RpcError::invalid_value(format!("{text:?} is no session-id"))
            .of_type(ErrorType::Protocol)
            .info(ErrorInfo::BadElement(param.qualified())))),
    }
}

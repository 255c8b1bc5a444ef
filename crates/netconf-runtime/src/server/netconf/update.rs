//! `update` (draft-ietf-netconf-privcand): brings a private candidate up to `running`.

use super::params::Request;
use super::{Errors, one};
use crate::datastore::Resolution;
use crate::rpc_error::{ErrorInfo, ErrorType, RpcError};
use crate::server::core::Core;
use crate::server::operation::Operation;

/// The namespace of the operation.
pub(super) const NAMESPACE: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-private-candidate";

/// The module that has it.
pub(super) const MODULE: &str = "ietf-netconf-private-candidate";

pub(super) fn parse(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let mode = request.take_in(NAMESPACE, "resolution-mode").map_err(one)?;
    request.finish(&core.schema).map_err(one)?;
    let Some(mode) = mode else { return Ok(Operation::Update(Resolution::default())) };
    let word = mode.word().map_err(one)?;
    match Resolution::ALL.into_iter().find(|resolution| resolution.as_str() == word) {
        Some(resolution) => Ok(Operation::Update(resolution)),
        None => Err(one(RpcError::invalid_value(format!("{word:?} is no <resolution-mode>"))
            .of_type(ErrorType::Protocol)
            .info(ErrorInfo::BadElement(mode.qualified())))),
    }
}

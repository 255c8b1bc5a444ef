//! `update` (draft-ietf-netconf-privcand): brings a private candidate up to `running`.

use super::params::Request;
use super::{Errors, one};
pub(super) use crate::protocol::private_candidate::{MODULE, NAMESPACE};

use crate::protocol::private_candidate::ResolutionMode;
use crate::rpc_error::{ErrorInfo, ErrorType, RpcError};
use crate::server::core::Core;
use crate::server::operation::Operation;

pub(super) fn parse(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let mode = request.take_in(NAMESPACE, "resolution-mode").map_err(one)?;
    request.finish(&core.schema).map_err(one)?;
    let Some(mode) = mode else { return Ok(Operation::Update(ResolutionMode::default())) };
    let word = mode.word().map_err(one)?;
    match ResolutionMode::from_name(word) {
        Some(mode) => Ok(Operation::Update(mode)),
        None => Err(one(RpcError::invalid_value(format!("{word:?} is no <resolution-mode>"))
            .of_type(ErrorType::Protocol)
            .info(ErrorInfo::BadElement(mode.qualified())))),
    }
}

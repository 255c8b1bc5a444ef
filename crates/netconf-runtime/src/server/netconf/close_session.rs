//! `close-session` (RFC 6241 section 7.8).

use super::params::Request;
use crate::rpc_error::RpcError;
use crate::server::core::Core;

/// It has no parameters.
pub(super) fn parse(request: Request<'_>, core: &Core) -> Result<(), RpcError> {
    request.finish(&core.schema)
}

//! `create-subscription` (RFC 5277 section 2.1.1). The stream keeps nothing, so that there is no replay: asking for it is
//! `operation-failed`, as the RFC says for a server without replay.

use super::params::Request;
use super::{Errors, filter, one};
use crate::rpc_error::{ErrorType, QualifiedName, RpcError};
use crate::server::core::Core;
use crate::server::notification::{NAMESPACE, STREAM};
use crate::server::operation::{Operation, Subscribe};

pub(super) fn parse(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let stream = match request.take_in(NAMESPACE, "stream").map_err(one)? {
        Some(param) => param.word().map_err(one)?.to_owned(),
        None => STREAM.to_owned(),
    };
    let filter = filter::take(&mut request, NAMESPACE, core).map_err(one)?;
    let start = request.take_in(NAMESPACE, "startTime").map_err(one)?;
    let stop = request.take_in(NAMESPACE, "stopTime").map_err(one)?;
    request.finish(&core.schema).map_err(one)?;
    match (start, stop) {
        (None, None) => Ok(Operation::Subscribe(Subscribe { stream, filter })),
        (None, Some(_)) => Err(one(RpcError::missing_element(QualifiedName::new(NAMESPACE, "startTime"))
            .message("<stopTime> ends a replay, which begins with <startTime>"))),
        (Some(_), _) => Err(one(RpcError::operation_failed("this server does not replay notifications")
            .of_type(ErrorType::Protocol))),
    }
}

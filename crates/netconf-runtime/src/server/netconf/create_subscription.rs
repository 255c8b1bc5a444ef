//! `create-subscription` (RFC 5277 section 2.1.1).

use super::params::{Param, Request};
use super::{Errors, filter, one};
use crate::rpc_error::{ErrorInfo, ErrorType, QualifiedName, RpcError};
use crate::server::core::Core;
use crate::server::notification::{NAMESPACE, STREAM};
use crate::server::operation::{Operation, Subscribe};
use crate::server::replay::Replay;
use crate::server::time;
use crate::xml::BASE_NAMESPACE;
use std::time::SystemTime;

pub(super) fn parse(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let stream = match request.take_in(NAMESPACE, "stream").map_err(one)? {
        Some(param) => param.word().map_err(one)?.to_owned(),
        None => STREAM.to_owned(),
    };
    let filter = match request.has(NAMESPACE, "filter") {
        true => filter::take(&mut request, NAMESPACE, core).map_err(one)?,
        // ncclient puts it into the namespace of NETCONF's own `filter`. Both mean the same.
        false => filter::take(&mut request, BASE_NAMESPACE, core).map_err(one)?,
    };
    let start = request.take_in(NAMESPACE, "startTime").map_err(one)?;
    let stop = request.take_in(NAMESPACE, "stopTime").map_err(one)?;
    request.finish(&core.schema).map_err(one)?;
    let replay = match (start, stop) {
        (None, None) => None,
        (None, Some(_)) => {
            let missing = RpcError::missing_element(QualifiedName::new(NAMESPACE, "startTime"));
            return Err(one(missing.message("<stopTime> ends a replay, which begins with <startTime>")));
        }
        (Some(start), stop) => {
            let start = time_of(&start).map_err(one)?;
            let stop = stop.as_ref().map(time_of).transpose().map_err(one)?;
            Some(Replay { start, stop })
        }
    };
    Ok(Operation::Subscribe(Subscribe { stream, filter, replay }))
}

fn time_of(param: &Param<'_>) -> Result<SystemTime, RpcError> {
    let word = param.word()?;
    time::parse(word).ok_or_else(|| {
        RpcError::invalid_value(format!("{word:?} is no date and time with a zone, as RFC 3339 writes them"))
            .of_type(ErrorType::Protocol)
            .info(ErrorInfo::BadElement(param.qualified()))
    })
}

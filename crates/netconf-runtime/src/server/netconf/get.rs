//! `get` and `get-config` (RFC 6241 sections 7.7 and 7.1), with `with-defaults` (RFC 6243).

use super::params::Request;
use super::{Errors, datastore, filter, one};
use crate::rpc_error::{ErrorInfo, ErrorType, RpcError};
use crate::server::core::Core;
use crate::server::operation::{Operation, Read, Source};
use crate::xml::BASE_NAMESPACE;
use yang_data::view::DefaultMode;

/// The namespace of `with-defaults` (RFC 6243 section 4.3).
const WITH_DEFAULTS: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults";

pub(super) fn get(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    read(&mut request, Source::State, core)
        .and_then(|read| request.finish(&core.schema).map(|()| read))
        .map_err(one)
}

pub(super) fn get_config(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let source = request.require("source").map_err(one)?;
    let source = Source::Datastore(datastore::name(&source).map_err(one)?);
    read(&mut request, source, core).and_then(|read| request.finish(&core.schema).map(|()| read)).map_err(one)
}

fn read(request: &mut Request<'_>, source: Source, core: &Core) -> Result<Operation, RpcError> {
    let filter = filter::take(request, BASE_NAMESPACE, core)?;
    let defaults = match request.take_in(WITH_DEFAULTS, "with-defaults")? {
        None => DefaultMode::Explicit,
        Some(param) => match param.word()? {
            "report-all" => DefaultMode::ReportAll,
            "report-all-tagged" => DefaultMode::ReportAllTagged,
            "trim" => DefaultMode::Trim,
            "explicit" => DefaultMode::Explicit,
            other => {
                return Err(RpcError::invalid_value(format!("{other:?} is no mode of with-defaults"))
                    .of_type(ErrorType::Protocol)
                    .info(ErrorInfo::BadElement(param.qualified())));
            }
        },
    };
    Ok(Operation::Read(Read { source, filter, defaults }))
}

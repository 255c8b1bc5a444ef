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
    let source = Source::Datastore(datastore::name(&source, core).map_err(one)?);
    read(&mut request, source, core).and_then(|read| request.finish(&core.schema).map(|()| read)).map_err(one)
}

fn read(request: &mut Request<'_>, source: Source, core: &Core) -> Result<Operation, RpcError> {
    let filter = filter::take(request, BASE_NAMESPACE, core)?;
    let defaults = with_defaults(request)?;
    Ok(Operation::Read(Read { source, filter, defaults }))
}

/// The mode of defaults that is asked for.
pub(super) fn with_defaults(request: &mut Request<'_>) -> Result<DefaultMode, RpcError> {
    let Some(param) = request.take_in(WITH_DEFAULTS, "with-defaults")? else {
        return Ok(DefaultMode::Explicit);
    };
    let word = param.word()?;
    DefaultMode::from_name(word).ok_or_else(|| {
        RpcError::invalid_value(format!("{word:?} is no mode of with-defaults"))
            .of_type(ErrorType::Protocol)
            .info(ErrorInfo::BadElement(param.qualified()))
    })
}

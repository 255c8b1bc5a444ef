//! `validate` (RFC 6241 section 8.6.4.1).

use super::params::Request;
use super::{Errors, datastore, one};
use crate::rpc_error::RpcError;
use crate::server::core::Core;
use crate::server::operation::{Operation, Subject};
use crate::xml::BASE_NAMESPACE;
use yang_data::event::{Event, Inside};
use yang_data::tree::{DecodeOptions, Tree};
use yang_schema::NodeId;

pub(super) fn parse(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let source = request.require("source").map_err(one)?;
    request.finish(&core.schema).map_err(one)?;
    if source.one_child().map_err(one)? != (BASE_NAMESPACE, "config") {
        let name = datastore::name(&source).map_err(one)?;
        return Ok(Operation::Validate(Subject::Datastore(name)));
    }
    let options = DecodeOptions { config_only: true, ..DecodeOptions::default() };
    let malformed = |e: &dyn std::fmt::Display| one(RpcError::malformed_message(e.to_string()));
    let tree = source
        .read(core.limits.codec, |source| {
            while !matches!(source.next()?, Event::Open { .. }) {}
            Ok(Tree::decode(&core.schema, NodeId::ROOT, &mut Inside::new(source), &options))
        })
        .and_then(|result| result)
        .map_err(|e: yang_data::codec::CodecError| malformed(&e))?
        .map_err(|errors| core.told(errors))?;
    Ok(Operation::Validate(Subject::Configuration(tree)))
}

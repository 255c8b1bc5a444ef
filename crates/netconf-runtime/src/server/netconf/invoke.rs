//! Rpcs of the modules (RFC 7950 section 7.14.4).

use super::params::Request;
use super::{Errors, not_supported, one};
use crate::rpc_error::RpcError;
use crate::server::core::Core;
use crate::server::operation::Operation;
use yang_data::event::{Event, Inside, Source};
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::xml::SliceSource;
use yang_schema::NodeKind;

pub(super) fn parse(request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let schema = &core.schema;
    let Some(module) = schema.find_namespace(&request.namespace) else {
        let namespace = request.namespace.clone();
        let message = format!("the namespace {namespace:?} is not known here");
        return Err(one(RpcError::unknown_namespace(request.qualified(), namespace).message(message)));
    };
    let rpc = schema.find_rpc(module, request.name);
    let input = rpc.and_then(|rpc| rpc.children().find(|c| c.kind() == NodeKind::Input));
    let Some(input) = input else { return Err(one(not_supported(request.name))) };
    let mut source = SliceSource::new(request.document, core.limits.codec);
    let malformed = |e: yang_data::codec::CodecError| one(RpcError::malformed_message(e.to_string()));
    while !matches!(source.next().map_err(malformed)?, Event::Open { .. }) {}
    let options = DecodeOptions::default();
    let tree = Tree::decode(schema, input.id(), &mut Inside::new(&mut source), &options);
    Ok(Operation::Invoke(tree.map_err(|errors| core.told(errors))?))
}

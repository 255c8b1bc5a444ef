//! Rpcs of the modules (RFC 7950 section 7.14.4), and actions (section 7.15.2).

use super::params::Request;
use super::{Errors, not_supported, one};
use crate::rpc_error::{QualifiedName, RpcError};
use crate::server::core::Core;
use crate::server::operation::{Invocation, Operation};
use yang_data::codec::CodecError;
use yang_data::event::{Event, Inside, Source};
use yang_data::operation::OperationKind;
use yang_data::tree::DecodeOptions;
use yang_data::xml::SliceSource;

pub(super) fn rpc(request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let schema = &core.schema;
    let Some(module) = schema.find_namespace(&request.namespace) else {
        let namespace = request.namespace.clone();
        let message = format!("the namespace {namespace:?} is not known here");
        return Err(one(RpcError::unknown_namespace(request.qualified(), namespace).message(message)));
    };
    if schema.find_rpc(module, request.name).is_none() {
        return Err(one(not_supported(request.name)));
    }
    // The operation is all that the document holds.
    let mut source = SliceSource::new(request.document, core.limits.codec);
    read(&mut source, core)
}

/// `action`: the nodes down to the one that it is invoked on, and in that the action.
pub(super) fn action(request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    // Only one can be invoked; a second one has a tag of its own to be told by.
    if let Some((namespace, name)) = request.second() {
        let message = "one action can be invoked in one rpc";
        return Err(one(RpcError::bad_element(QualifiedName::new(namespace, name)).message(message)));
    }
    let mut source = SliceSource::new(request.document, core.limits.codec);
    while !matches!(source.next().map_err(malformed)?, Event::Open { .. }) {}
    let action = read(&mut Inside::new(&mut source), core)?;
    // An rpc of a module stands in no node, and is asked for by its own name: so are the rules of access control.
    if let Operation::Invoke(invocation) = &action
        && invocation.parent().is_none()
    {
        let rpc = invocation.node();
        let element = QualifiedName::new(rpc.namespace(), rpc.name());
        let message = format!("{} is an rpc, and no action", rpc.name());
        return Err(one(RpcError::unknown_element(element).message(message)));
    }
    Ok(action)
}

fn read(source: &mut dyn Source, core: &Core) -> Result<Operation, Errors> {
    let kind = OperationKind::Request;
    let read = Invocation::decode(&core.schema, kind, source, &DecodeOptions::default());
    read.map(Operation::Invoke).map_err(|errors| core.told(errors))
}

fn malformed(error: CodecError) -> Errors {
    one(RpcError::malformed_message(error.to_string()))
}

//! `copy-config` and `delete-config` (RFC 6241 sections 7.3 and 7.4).

use super::params::{Param, Request};
use super::{Errors, datastore, get, one, source};
use crate::datastore::Name;
use crate::rpc_error::{ErrorType, QualifiedName, RpcError};
use crate::server::core::Core;
use crate::server::operation::{Copy, Operation, Target};

pub(super) async fn copy_config(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let target = request.require("target").map_err(one)?;
    let target = self::target(&target, core)?;
    if let Target::Datastore(Name::Running) = target
        && !core.writable_running
    {
        return Err(one(RpcError::unknown_element(QualifiedName::base("running"))
            .message("this server does not have the capability :writable-running")));
    }
    let source = request.require("source").map_err(one)?;
    let defaults = get::with_defaults(&mut request).map_err(one)?;
    request.finish(&core.schema).map_err(one)?;
    if let Target::Url(target) = &target
        && source.one_child().map_err(one)?.is_base("url")
        && *target == core.urls()?.parse(&source.child_text().map_err(one)?).map_err(one)?
    {
        let message = "a URL cannot be copied onto itself";
        return Err(one(RpcError::invalid_value(message).of_type(ErrorType::Protocol)));
    }
    let source = source::parse(&source, core).await?;
    Ok(Operation::Copy(Copy { target, source, defaults }))
}

pub(super) fn delete_config(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let target = request.require("target").map_err(one)?;
    request.finish(&core.schema).map_err(one)?;
    // Section 7.4: "The <running> configuration datastore cannot be deleted."
    let child = target.one_child().map_err(one)?;
    if child.is_base("startup") || child.is_base("url") {
        return Ok(Operation::Delete(self::target(&target, core)?));
    }
    Err(one(RpcError::unknown_element(child.qualified())
        .message(format!("<{}> cannot be deleted; startup and files can", child.name))))
}

fn target(param: &Param<'_>, core: &Core) -> Result<Target, Errors> {
    if !param.one_child().map_err(one)?.is_base("url") {
        return Ok(Target::Datastore(datastore::name(param, core).map_err(one)?));
    }
    let text = param.child_text().map_err(one)?;
    Ok(Target::Url(core.urls()?.parse(&text).map_err(one)?))
}

//! Names of datastores in `source` and `target`.

use super::params::Param;
use crate::datastore::{Name, no_startup};
use crate::rpc_error::{QualifiedName, RpcError};
use crate::server::core::Core;
use crate::xml::BASE_NAMESPACE;

/// The datastore that a parameter names.
pub(super) fn name(param: &Param<'_>, core: &Core) -> Result<Name, RpcError> {
    match param.one_child()? {
        (BASE_NAMESPACE, "running") => Ok(Name::Running),
        (BASE_NAMESPACE, "candidate") => Ok(Name::Candidate),
        (BASE_NAMESPACE, "startup") if core.datastores.snapshot().startup.is_some() => Ok(Name::Startup),
        (BASE_NAMESPACE, "startup") => Err(no_startup()),
        (namespace, name) => Err(unknown(param, namespace, name)),
    }
}

pub(super) fn unknown(param: &Param<'_>, namespace: &str, name: &str) -> RpcError {
    let element = QualifiedName::new(namespace, name);
    match (namespace, name) {
        (BASE_NAMESPACE, "url") => {
            RpcError::unknown_element(element).message(format!("<{}> names no file", param.name))
        }
        _ => RpcError::unknown_element(element)
            .message(format!("<{name}> is no datastore that <{}> can name", param.name)),
    }
}

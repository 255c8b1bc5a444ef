//! Names of datastores in `source` and `target`.

use super::params::Param;
use crate::datastore::Name;
use crate::rpc_error::{QualifiedName, RpcError};
use crate::xml::BASE_NAMESPACE;

/// The datastore that a parameter names.
pub(super) fn name(param: &Param<'_>) -> Result<Name, RpcError> {
    match param.one_child()? {
        (BASE_NAMESPACE, "running") => Ok(Name::Running),
        (BASE_NAMESPACE, "candidate") => Ok(Name::Candidate),
        (namespace, name) => Err(unknown(param, namespace, name)),
    }
}

/// What a server does not have is not in its schema: `startup` and `url` hang on features of ietf-netconf.
pub(super) fn unknown(param: &Param<'_>, namespace: &str, name: &str) -> RpcError {
    let element = QualifiedName::new(namespace, name);
    match (namespace, name) {
        (BASE_NAMESPACE, "startup" | "url") => RpcError::unknown_element(element)
            .message(format!("this server does not have the capability :{name}")),
        _ => RpcError::unknown_element(element)
            .message(format!("<{name}> is no datastore that <{}> can name", param.name)),
    }
}

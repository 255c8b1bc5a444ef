//! Names of datastores in `source` and `target`.

use super::params::Param;
use crate::datastore::{Name, no_startup};
use crate::rpc_error::RpcError;
use crate::server::core::Core;
use crate::xml::BASE_NAMESPACE;

/// The datastore that a parameter names.
pub(super) fn name(param: &Param<'_>, core: &Core) -> Result<Name, RpcError> {
    let child = param.one_child()?;
    let name = match (child.namespace.as_str(), child.name) {
        (BASE_NAMESPACE, "running") => Name::Running,
        (BASE_NAMESPACE, "candidate") => Name::Candidate,
        (BASE_NAMESPACE, "startup") if core.datastores.snapshot().startup.is_some() => Name::Startup,
        (BASE_NAMESPACE, "startup") => return Err(no_startup()),
        (BASE_NAMESPACE, "url") => {
            return Err(RpcError::unknown_element(child.qualified())
                .message(format!("<{}> names no file", param.name)));
        }
        (_, name) => {
            return Err(RpcError::unknown_element(child.qualified())
                .message(format!("<{name}> is no datastore that <{}> can name", param.name)));
        }
    };
    param.one_name()?;
    Ok(name)
}

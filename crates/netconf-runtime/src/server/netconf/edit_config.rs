//! `edit-config` (RFC 6241 section 7.2).

use super::params::{Param, Request};
use super::{Errors, datastore, one};
use crate::datastore::{EditRequest, Name, TestOption};
use crate::rpc_error::{ErrorInfo, ErrorType, QualifiedName, RpcError};
use crate::server::core::Core;
use crate::server::operation::{Edit, Operation};
use yang_data::edit::{DefaultOperation, Edit as DataEdit, ErrorOption};

pub(super) async fn parse(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let target = request.require("target").map_err(one)?;
    let target = self::target(&target, core).map_err(one)?;
    let default_operation = option(&mut request, "default-operation", DefaultOperation::from_name)?;
    let test = option(&mut request, "test-option", |word| match word {
        "test-then-set" => Some(TestOption::TestThenSet),
        "set" => Some(TestOption::Set),
        "test-only" => Some(TestOption::TestOnly),
        _ => None,
    })?;
    let on_error = option(&mut request, "error-option", ErrorOption::from_name)?;
    let url = request.take("url").map_err(one)?;
    let edit = match url {
        // RFC 6241 section 8.8.5.1: it stands instead of `config`.
        Some(url) => {
            request.finish(&core.schema).map_err(one)?;
            let url = core.urls()?.parse(url.word().map_err(one)?).map_err(one)?;
            core.urls()?.read_edit(url, &core.schema).await?
        }
        None => {
            let config = request.require("config").map_err(one)?;
            let commit = core.datastores.next_commit();
            request.finish(&core.schema).map_err(one)?;
            no_operation(&config).map_err(one)?;
            config
                .read(core.limits.codec, |source| DataEdit::decode_for(&core.schema, source, commit))
                .map_err(|e| one(RpcError::malformed_message(e.to_string())))?
                .map_err(|errors| core.told(errors))?
        }
    };
    Ok(Operation::Edit(Edit {
        target,
        request: EditRequest {
            edit,
            default_operation: default_operation.unwrap_or_default(),
            test: test.unwrap_or_default(),
            on_error: on_error.unwrap_or_default(),
        },
    }))
}

/// Section 7.2: the attribute `operation` stands on elements inside of `config`. On `config` itself it would be passed over, and what
/// the client meant would not be done.
fn no_operation(config: &Param<'_>) -> Result<(), RpcError> {
    match config.attributes.iter().find(|(_, name, _)| name == "operation") {
        None => Ok(()),
        Some((namespace, name, _)) => {
            let attribute = QualifiedName::new(namespace.clone(), name.clone());
            Err(RpcError::unknown_attribute(attribute, config.qualified())
                .message("<config> has no operation of its own; <default-operation> says what is meant"))
        }
    }
}

/// The datastore to edit.
fn target(param: &Param<'_>, core: &Core) -> Result<Name, RpcError> {
    match datastore::name(param, core)? {
        Name::Running if !core.writable_running => {
            Err(RpcError::unknown_element(QualifiedName::base("running"))
                .message("this server does not have the capability :writable-running"))
        }
        // Section 7.2: startup is written by copy-config.
        Name::Startup => Err(RpcError::unknown_element(QualifiedName::base("startup"))
            .message("<edit-config> edits running and candidate; startup is written by <copy-config>")),
        name => Ok(name),
    }
}

/// A parameter that is one of a few words.
fn option<T>(
    request: &mut Request<'_>,
    name: &str,
    from_name: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Errors> {
    let Some(param) = request.take(name).map_err(one)? else { return Ok(None) };
    let word = param.word().map_err(one)?;
    match from_name(word) {
        Some(value) => Ok(Some(value)),
        None => Err(one(RpcError::invalid_value(format!("{word:?} is no <{name}>"))
            .of_type(ErrorType::Protocol)
            .info(ErrorInfo::BadElement(param.qualified())))),
    }
}

//! Calling the rpcs of modules (RFC 7950 section 7.14): both input and output are held to the model.

use super::core::Core;
use super::operation::Outcome;
use crate::handler::Cx;
use crate::rpc_error::RpcError;
use std::sync::Arc;
use std::time::Instant;
use yang_data::tree::Tree;
use yang_data::validate::{ValidateOptions, validate};
use yang_data::view::View;
use yang_schema::{NodeRef, TypeDetail, TypeRef};

/// Calls the handler of the rpc at whose `input` the tree is.
pub(super) async fn invoke(core: &Core, cx: &Cx, input: Tree) -> Result<Outcome, Vec<RpcError>> {
    let schema = &core.schema;
    let Some(rpc) = schema.node(input.at()).parent() else {
        return Err(vec![RpcError::operation_failed("this is no rpc's input")]);
    };
    let name = rpc.name();
    let Some(handler) = core.rpcs.get(&rpc.id()) else {
        let message = format!("the rpc {name} is part of the model, but this server does not implement it");
        return Err(vec![RpcError::operation_not_supported(message)]);
    };

    check(core, cx, &input).await?.map_err(|errors| core.told(errors))?;

    let limit = core.limits.rpc;
    let work = handler(cx.until(Instant::now() + limit), input);
    // In a task of its own: a handler that dies costs its request, not the session.
    let mut task = AbortOnDrop(tokio::spawn(work));
    let output = match tokio::time::timeout(limit, &mut task.0).await {
        Ok(Ok(result)) => result.map_err(|e| vec![e])?,
        Ok(Err(error)) => {
            tracing::error!(rpc = name, %error, "the handler of an rpc died");
            return Err(vec![RpcError::operation_failed(format!("the handler of {name} died"))]);
        }
        Err(_) => {
            return Err(vec![RpcError::operation_failed(format!(
                "the handler of {name} did not answer within {limit:?} (limit `rpc`)"
            ))]);
        }
    };

    let is_output = schema.node(output.at()).parent() == Some(rpc);
    let faults = if is_output { check(core, cx, &output).await? } else { Ok(()) };
    match faults {
        Ok(()) if is_output => Ok(Outcome::Output(output)),
        Ok(()) => {
            Err(vec![RpcError::operation_failed(format!("the handler of {name} gave no output of it"))])
        }
        Err(faults) => {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            tracing::error!(rpc = name, fault = first, "the output of an rpc breaks its model");
            let message = format!("the output of {name} breaks its model: {first}");
            Err(vec![RpcError::operation_failed(message)])
        }
    }
}

/// A session that ends takes its running rpc with it.
struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

type Faults = Result<(), Vec<yang_data::error::DataError>>;

/// Checks input or output. Its expressions see `running` and, where they look around, state (RFC 7950 section 6.4.1).
async fn check(core: &Core, cx: &Cx, content: &Tree) -> Result<Faults, Vec<RpcError>> {
    let mut view = View::new(Arc::clone(&core.schema)).layer(&core.datastores.snapshot().running);
    if looks_around(core.schema.node(content.at()))
        && let Some(state) = core.state.collect(cx, &core.schema, &core.limits).await.map_err(|e| vec![e])?
    {
        view = view.layer(&state);
    }
    let errors = validate(&view.operation(content, None), &ValidateOptions::default());
    Ok(if errors.is_empty() { Ok(()) } else { Err(errors) })
}

/// Does anything in there read data outside?
fn looks_around(node: NodeRef<'_>) -> bool {
    fn refers(t: TypeRef<'_>) -> bool {
        matches!(t.detail(), TypeDetail::Leafref { .. } | TypeDetail::InstanceIdentifier { .. })
            || t.members().any(refers)
    }
    std::iter::once(node)
        .chain(node.descendants())
        .any(|n| !n.musts().is_empty() || !n.whens().is_empty() || n.type_().is_some_and(refers))
}

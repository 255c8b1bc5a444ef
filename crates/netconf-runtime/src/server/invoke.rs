//! Calling the rpcs and actions of modules (RFC 7950 sections 7.14 and 7.15): both input and output are held to the model.

use super::core::Core;
use super::error;
use super::operation::{Invocation, Outcome};
use super::state::Wants;
use crate::handler::Cx;
use crate::nacm::{Action, denied_at};
use crate::rpc_error::RpcError;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;
use tracing::Instrument as _;
use yang_data::tree::Tree;
use yang_data::validate::{ValidateOptions, validate};
use yang_data::view::{DefaultMode, View};
use yang_schema::value::InstanceIdentifier;
use yang_schema::{NodeId, NodeRef};

type Errors = Vec<RpcError>;

/// Calls the handler of an rpc or action.
pub(super) async fn invoke(core: &Core, cx: &Cx, invocation: Invocation) -> Result<Outcome, Errors> {
    let operation = invocation.node();
    let place = Place { id: operation.id(), word: operation.kind().keyword(), name: operation.data_path() };
    let limit = core.limits.rpc;
    let handler_cx = || cx.until(Instant::now() + limit);
    let work = match invocation.parent() {
        None => {
            let Some(handler) = core.rpcs.get(&place.id) else { return Err(not_supported(&place)) };
            check(core, cx, &invocation, invocation.tree()).await?.map_err(|errors| core.told(errors))?;
            handler(handler_cx(), invocation.tree().clone())
        }
        Some(at) => {
            // Who may not run it is not told whether anybody could.
            may_run(core, cx, operation, at)?;
            let Some(handler) = core.actions.get(&place.id) else { return Err(not_supported(&place)) };
            exists(core, cx, at).await?;
            check(core, cx, &invocation, invocation.tree()).await?.map_err(|errors| core.told(errors))?;
            handler(handler_cx(), at.clone(), invocation.tree().clone())
        }
    };

    // In a task of its own: a handler that dies costs its request, not the session.
    let mut task = AbortOnDrop(tokio::spawn(work.instrument(tracing::Span::current())));
    let output = match tokio::time::timeout(limit, &mut task.0).await {
        Ok(Ok(result)) => result.map_err(|e| vec![e])?,
        Ok(Err(error)) => {
            tracing::error!(operation = place.name, %error, "the handler of an operation died");
            return Err(failed(format!("the handler of {} died", place.name)));
        }
        Err(_) => {
            let message =
                format!("the handler of {} did not answer within {limit:?} (limit `rpc`)", place.name);
            return Err(failed(message));
        }
    };

    let is_output = core.schema.node(output.at()).parent().map(NodeRef::id) == Some(place.id);
    if !is_output {
        return Err(failed(format!("the handler of {} gave no output of it", place.name)));
    }
    match check(core, cx, &invocation, &output).await? {
        Ok(()) => Ok(Outcome::Output(output)),
        Err(faults) => {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            tracing::error!(
                operation = place.name,
                fault = first,
                "the output of an operation breaks its model"
            );
            Err(failed(format!("the output of {} breaks its model: {first}", place.name)))
        }
    }
}

/// An rpc or action, for words about it.
struct Place {
    id: NodeId,
    word: &'static str,
    name: String,
}

fn failed(message: String) -> Errors {
    vec![RpcError::operation_failed(message)]
}

fn not_supported(place: &Place) -> Errors {
    let Place { word, name, .. } = place;
    let message = format!("the {word} {name} is part of the model, but this server does not implement it");
    vec![RpcError::operation_not_supported(message)]
}

/// An action is invoked on a node that is there (RFC 7950 section 7.15), in the configuration or in the state of the device.
async fn exists(core: &Core, cx: &Cx, at: &InstanceIdentifier) -> Result<(), Errors> {
    let running = core.datastores.snapshot();
    let mut view =
        View::new(Arc::clone(&core.schema)).layer(&running.running).defaults(DefaultMode::ReportAll);
    if view.find(at).is_some() {
        return Ok(());
    }
    let wants = Wants::of_instance(&core.schema, at);
    if let Some(state) = core.state.collect(cx, &core.schema, &wants, &core.limits).await? {
        view = view.layer(&state);
    }
    let mut steps = Vec::new();
    for step in &at.steps {
        steps.push(step.clone());
        let here = InstanceIdentifier { steps: steps.clone() };
        if view.find(&here).is_none() {
            let path = here.print(&*core.schema, false);
            let message = format!("there is no {path}");
            let mut fault = RpcError::data_missing(message);
            fault.path = error::error_path(&path, &core.schema).map(Box::new);
            return Err(vec![fault]);
        }
    }
    Ok(())
}

/// May the user run an action (RFC 8341 section 3.4.4)? He reads all nodes on the way to it, and no rule keeps him from it.
fn may_run(core: &Core, cx: &Cx, action: NodeRef<'_>, at: &InstanceIdentifier) -> Result<(), Errors> {
    let (Some(access), Some(nacm)) = (cx.access(), &core.nacm) else { return Ok(()) };
    let reads = (1..=at.steps.len()).all(|n| {
        let here = InstanceIdentifier { steps: at.steps[..n].to_vec() };
        access.may(Action::Read, at.steps[n - 1].node, || here)
    });
    if reads && access.may(Action::Execute, action.id(), || at.clone()) {
        return Ok(());
    }
    nacm.denied().operations.fetch_add(1, Ordering::Relaxed);
    let path = at.print(&*core.schema, false);
    Err(vec![denied_at(access, &format!("run the action {} of", action.name()), &path, &core.schema)])
}

/// A session that ends takes its running rpc with it.
struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

type Faults = Result<(), Vec<yang_data::error::DataError>>;

/// Checks input or output. Its expressions see `running` and, where they look at it, state (RFC 7950 section 6.4.1).
async fn check(core: &Core, cx: &Cx, invocation: &Invocation, content: &Tree) -> Result<Faults, Errors> {
    let mut view = View::new(Arc::clone(&core.schema)).layer(&core.datastores.snapshot().running);
    let wants = Wants::of_constraints(&core.schema, core.schema.node(content.at()));
    if let Some(state) = core.state.collect(cx, &core.schema, &wants, &core.limits).await? {
        view = view.layer(&state);
    }
    let view = view.operation(content, invocation.parent().cloned());
    let errors = validate(&view, &ValidateOptions::default());
    Ok(if errors.is_empty() { Ok(()) } else { Err(errors) })
}

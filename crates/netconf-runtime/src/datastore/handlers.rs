//! Calling configuration handlers: each call in a task of its own and with a deadline, so that one that is slow or dies
//! costs its own commit and nothing else. An error names the handler and the limit.

use super::Handler;
use crate::handler::{BoxFuture, Change, ConfigHandler};
use crate::rpc_error::RpcError;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::Instrument as _;

/// What a handler is called for. Its name is that of its limit, too.
#[derive(Clone, Copy, Debug)]
pub(super) enum Phase {
    Amend,
    Prepare,
    Apply,
    Abort,
}

impl Phase {
    fn name(self) -> &'static str {
        match self {
            Phase::Amend => "amend",
            Phase::Prepare => "prepare",
            Phase::Apply => "apply",
            Phase::Abort => "abort",
        }
    }
}

/// Calls a handler.
pub(super) async fn call<T: Send + 'static>(
    handler: &Handler,
    phase: Phase,
    change: &Change,
    limit: Duration,
    work: impl for<'a> FnOnce(&'a dyn ConfigHandler, &'a Change) -> BoxFuture<'a, Result<T, RpcError>>
    + Send
    + 'static,
) -> Result<T, RpcError> {
    let name = handler.entry.handler.name().to_owned();
    let callee: Arc<dyn ConfigHandler> = Arc::clone(&handler.entry.handler);
    let deadline = Instant::now() + limit;
    let change = Change { cx: change.cx.until(deadline), node: handler.node, ..change.clone() };
    let span = change.cx.span();
    let work = async move { work(&*callee, &change).await };
    let mut task = tokio::spawn(work.instrument(span));
    match tokio::time::timeout(limit, &mut task).await {
        Ok(Ok(result)) => result,
        Ok(Err(error)) => {
            tracing::error!(handler = %name, phase = phase.name(), %error, "a configuration handler died");
            Err(RpcError::operation_failed(format!(
                "the configuration handler {name:?} died in {}",
                phase.name()
            )))
        }
        Err(_) => {
            task.abort();
            Err(RpcError::operation_failed(format!(
                "the configuration handler {name:?} did not finish {} within {limit:?} (limit `{}`)",
                phase.name(),
                phase.name()
            )))
        }
    }
}

//! State: providers are asked when it is read, and what they say becomes one layer over the configuration.

use super::Limits;
use crate::handler::{Cx, StateEntry};
use crate::rpc_error::RpcError;
use std::sync::Arc;
use std::time::Instant;
use yang_data::tree::Tree;
use yang_data::view::{Cursor, View};
use yang_schema::{NodeKind, Schema};

/// The providers of a device.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) providers: Vec<StateEntry>,
}

impl State {
    /// All state there is; `None` if nobody provides any.
    pub(crate) async fn collect(
        &self,
        cx: &Cx,
        schema: &Arc<Schema>,
        limits: &Limits,
    ) -> Result<Option<Tree>, RpcError> {
        let deadline = Instant::now() + limits.state;
        let cx = cx.until(deadline);
        // All at once: what one waits for need not delay the others.
        let tasks: Vec<_> = self
            .providers
            .iter()
            .map(|entry| {
                let work = (entry.provider)(cx.clone(), Arc::clone(schema));
                (entry, tokio::spawn(tokio::time::timeout(limits.state, work)))
            })
            .collect();
        let mut all: Option<Tree> = None;
        for (entry, task) in tasks {
            let path = &entry.path;
            let part = match task.await {
                Ok(Ok(part)) => part?,
                Ok(Err(_)) => {
                    let limit = limits.state;
                    return Err(RpcError::operation_failed(format!(
                        "the state provider of {path} did not answer within {limit:?} (limit `state`)"
                    )));
                }
                Err(error) => {
                    tracing::error!(path, %error, "a state provider died");
                    return Err(RpcError::operation_failed(format!("the state provider of {path} died")));
                }
            };
            no_configuration(path, &part)?;
            all = Some(match all {
                None => part,
                Some(all) => all.overlay(&part),
            });
        }
        Ok(all)
    }
}

/// Configuration is not for a provider of state to invent: it would hide what users set.
fn no_configuration(path: &str, part: &Tree) -> Result<(), RpcError> {
    let view = View::of(part);
    let mut stack: Vec<Cursor<'_>> = view.root().children().collect();
    while let Some(at) = stack.pop() {
        let node = at.node();
        if !node.is_config() {
            continue;
        }
        match node.kind() {
            NodeKind::Container | NodeKind::List => stack.extend(at.children()),
            NodeKind::Leaf if node.is_key() => {}
            _ => {
                let at = at.path();
                tracing::error!(provider = path, at, "a state provider gives configuration");
                return Err(RpcError::operation_failed(format!(
                    "the state provider of {path} gives {at}, which is configuration"
                )));
            }
        }
    }
    Ok(())
}

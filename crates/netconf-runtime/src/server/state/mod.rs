//! State: providers are asked when it is read, each only for what the request can see of it, and what they say becomes one layer
//! over the configuration.

mod want;

pub(crate) use want::{Pattern, Wants};

use super::Limits;
use super::error::error_path;
use crate::handler::{Cx, StateEntry, StateSender};
use crate::rpc_error::RpcError;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::Instrument as _;
use yang_data::tree::Tree;
use yang_data::view::{Cursor, View};
use yang_schema::{NodeKind, Schema};

/// Pieces of state that may wait to be taken over: a provider that is faster waits.
const PIECES: usize = 16;

/// How long after their deadline providers are taken to be over.
const GRACE: Duration = Duration::from_millis(100);

/// The providers of a device.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) providers: Vec<StateEntry>,
}

/// A provider that was asked.
struct Asked<'a> {
    path: &'a str,
    task: AbortOnDrop,
    /// What was wrong with what it said.
    fault: Option<RpcError>,
}

/// Who waits no longer for a provider lets it go.
struct AbortOnDrop(JoinHandle<Result<Result<(), RpcError>, tokio::time::error::Elapsed>>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl State {
    /// Does anybody provide some of what is wanted?
    pub(crate) fn provides(&self, schema: &Schema, wants: &Wants) -> bool {
        let concerns = |entry: &StateEntry| {
            schema.find(&entry.path).is_some_and(|node| wants.patterns(schema, node).is_some())
        };
        self.providers.iter().any(concerns)
    }

    /// What there is of the state that is wanted; `None` if nobody provides any. An error names the place of each provider that
    /// failed.
    pub(crate) async fn collect(
        &self,
        cx: &Cx,
        schema: &Arc<Schema>,
        wants: &Wants,
        limits: &Limits,
    ) -> Result<Option<Tree>, Vec<RpcError>> {
        let cx = cx.until(Instant::now() + limits.state);
        // All at once: what one waits for need not delay the others.
        let (sender, mut pieces) = mpsc::channel(PIECES);
        let mut asked: Vec<Asked<'_>> = Vec::new();
        for entry in &self.providers {
            let patterns = schema.find(&entry.path).and_then(|node| wants.patterns(schema, node));
            let Some(patterns) = patterns else { continue };
            let to = StateSender::new(Arc::clone(schema), patterns.into(), asked.len(), sender.clone());
            let work = (entry.provider)(cx.clone(), to).instrument(tracing::Span::current());
            let task = AbortOnDrop(tokio::spawn(tokio::time::timeout(limits.state, work)));
            asked.push(Asked { path: &entry.path, task, fault: None });
        }
        drop(sender);
        let mut all: Option<Tree> = None;
        let mut room = limits.state_nodes;
        // By then all providers have ended; only one that gave its sender away is not waited for.
        let end_of_all = tokio::time::Instant::now() + limits.state + GRACE;
        while let Ok(Some((from, piece))) = tokio::time::timeout_at(end_of_all, pieces.recv()).await {
            let Some(asked) = asked.get_mut(from).filter(|asked| asked.fault.is_none()) else { continue };
            match check(asked.path, &piece).and_then(|nodes| take(&mut room, nodes, limits)) {
                Ok(()) => {
                    all = Some(match all.take() {
                        None => piece,
                        Some(all) => all.overlay(&piece),
                    });
                }
                Err(fault) => {
                    asked.task.0.abort();
                    asked.fault = Some(fault);
                }
            }
        }
        let mut errors = Vec::new();
        for mut asked in asked {
            let outcome = match asked.fault.take() {
                Some(fault) => Err(fault),
                None => end(&mut asked, limits).await,
            };
            if let Err(mut error) = outcome {
                if error.path.is_none() {
                    error.path = error_path(asked.path, schema).map(Box::new);
                }
                errors.push(error);
            }
        }
        if errors.is_empty() { Ok(all) } else { Err(errors) }
    }
}

/// Bounds what one request gathers.
fn take(room: &mut usize, nodes: usize, limits: &Limits) -> Result<(), RpcError> {
    *room = room.checked_sub(nodes).ok_or_else(|| {
        let most = limits.state_nodes;
        RpcError::too_big(format!("the state is more than {most} nodes (limit `state_nodes`)"))
    })?;
    Ok(())
}

/// How a provider ended.
async fn end(asked: &mut Asked<'_>, limits: &Limits) -> Result<(), RpcError> {
    let path = asked.path;
    match (&mut asked.task.0).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => {
            let limit = limits.state;
            Err(RpcError::operation_failed(format!(
                "the state provider of {path} did not answer within {limit:?} (limit `state`)"
            )))
        }
        Err(error) => {
            tracing::error!(path, %error, "a state provider died");
            Err(RpcError::operation_failed(format!("the state provider of {path} died")))
        }
    }
}

/// Counts the nodes of a piece of state. Configuration is not for a provider of state to invent: it would hide what users set.
fn check(path: &str, piece: &Tree) -> Result<usize, RpcError> {
    let view = View::of(piece);
    let mut stack: Vec<Cursor<'_>> = view.root().children().collect();
    let mut nodes = 0;
    while let Some(at) = stack.pop() {
        nodes += 1;
        let node = at.node();
        match node.kind() {
            NodeKind::Container | NodeKind::List => stack.extend(at.children()),
            _ if !node.is_config() => {}
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
    Ok(nodes)
}

//! Handlers amend a change: one round, before it is validated.

use super::handlers::{Phase, call};
use super::{Datastores, Errors, Writer, one};
use crate::handler::{Change, Cx};
use crate::rpc_error::RpcError;
use crate::server::error;
use std::sync::Arc;
use yang_data::diff::{Changed, diff};
use yang_data::merge::merge3;
use yang_data::tree::Tree;
use yang_schema::NodeId;

impl Datastores {
    /// What a change of `running` comes to with what its handlers add; `None` where they add nothing.
    pub(super) async fn amend(
        &self,
        writer: &Writer,
        change: &Change,
        touched: &[Changed],
    ) -> Result<Option<Tree>, Errors> {
        let (asked, commit) = (&change.after, writer.head.0 + 1);
        let mut amended: Option<Tree> = None;
        for handler in self.concerned(touched) {
            let ask = call(&handler, Phase::Amend, change, self.limits.amend, |h, change| h.amend(change));
            let amendment = ask.await.map_err(one)?;
            if amendment.is_empty() {
                continue;
            }
            let name = handler.entry.handler.name();
            let own = amendment.apply(asked, commit).map_err(|why| unusable(name, &why))?;
            amended = Some(match &amended {
                None => own,
                // Each was shown what was asked for; what they make of it goes together, or does not.
                Some(others) => merge3(asked, others, &own, commit).map_err(|conflicts| {
                    let first = conflicts.first().map(ToString::to_string).unwrap_or_default();
                    unusable(name, &format!("another handler wants something else: {first}"))
                })?,
            });
        }
        let Some(amended) = amended.filter(|amended| !amended.same(asked)) else { return Ok(None) };
        let settled = writer.valid.settle(&amended, commit);
        Ok(Some(settled.map_err(|errors| error::rpc_errors(errors, &self.schema))?.tree))
    }

    /// What `running` would be, were it made what `after` is.
    pub(super) async fn foreseen(&self, writer: &Writer, cx: &Cx, after: &Tree) -> Result<Tree, Errors> {
        if self.handlers.is_empty() {
            return Ok(after.clone());
        }
        let before = self.snapshot().running.clone();
        let diff = Arc::new(diff(&before, after));
        let change = Change { cx: cx.clone(), node: NodeId::ROOT, before, after: after.clone(), diff };
        let touched = change.diff.changes();
        Ok(self.amend(writer, &change, &touched).await?.unwrap_or(change.after))
    }
}

/// What a handler adds cannot be added: a fault of the device.
fn unusable(handler: &str, why: &dyn std::fmt::Display) -> Errors {
    tracing::error!(handler, %why, "what a configuration handler adds to a change cannot be added");
    one(RpcError::operation_failed(format!(
        "what the configuration handler {handler:?} adds to the change cannot be added: {why}"
    )))
}

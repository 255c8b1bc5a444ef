//! The pipeline that every change of `running` goes through.

use super::confirmed_commit::Pending;
use super::handlers::{Phase, call};
use super::persist::{Changes, PersistError};
use super::{ApplyFault, Datastores, Errors, Handler, Name, Writer, one};
use crate::handler::{Change, Cx, Publisher};
use crate::rpc_error::RpcError;
use crate::server::{tell_apply_failed, tell_apply_recovered};
use crate::store::{Confirmed, Head, Record, Stamp, StoreError, Write};
use std::sync::{Arc, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use yang_data::diff::{Changed, diff};
use yang_data::tree::Tree;
use yang_data::view::View;
use yang_schema::{NodeId, Schema};

/// A change of `running` that is asked for.
pub(super) struct Commit {
    /// By whom.
    pub(super) cx: Cx,
    /// The configuration as it shall be.
    pub(super) after: Tree,
    /// What the user says about it.
    pub(super) comment: Option<String>,
    /// What becomes of the confirmed commit that waits.
    pub(super) confirmation: Confirmation,
    /// It goes back to what was promised: no handler can refuse it.
    pub(super) forced: bool,
}

impl Commit {
    /// A plain one.
    pub(super) fn new(cx: Cx, after: Tree) -> Self {
        Self { cx, after, comment: None, confirmation: Confirmation::Keep, forced: false }
    }
}

/// What a commit means for the confirmed commit that waits (RFC 6241 section 8.4).
pub(super) enum Confirmation {
    /// Nothing: it goes on waiting.
    Keep,
    /// This one waits from now on.
    Wait(Pending),
    /// None waits any more.
    Settle,
}

impl Confirmation {
    /// What waits afterwards.
    fn after<'a>(&'a self, before: Option<&'a Pending>) -> Option<&'a Pending> {
        match self {
            Confirmation::Keep => before,
            Confirmation::Wait(pending) => Some(pending),
            Confirmation::Settle => None,
        }
    }
}

/// How many commits pass between two looks at the length of the log.
const PRUNE_EVERY: u64 = 64;

impl Datastores {
    /// Makes `running` what a commit says, or changes nothing and says why not.
    pub(super) async fn transact(&self, writer: &mut Writer, commit: Commit) -> Result<(), Errors> {
        let before = self.snapshot().running.clone();
        let Commit { cx, after, comment, confirmation, forced } = commit;
        let asked = Arc::new(diff(&before, &after));
        let waits = confirmation.after(writer.pending.as_ref()).map(Pending::recorded);
        // What waits stands in the log: also where nothing else changes, the log is to say it.
        let log_stands = waits == writer.pending.as_ref().map(Pending::recorded);
        if asked.is_empty() && log_stands {
            return Ok(());
        }
        let mut change = Change { cx, node: NodeId::ROOT, before, after, diff: asked };
        let mut touched = change.diff.changes();
        // Who goes back to what was promised needs no leave, and what it was is what it shall be.
        if !forced {
            self.check_access(&change.cx, &change.before, &change.after, &touched)?;
            if let Some(amended) = self.amend(writer, &change, &touched).await? {
                change.diff = Arc::new(diff(&change.before, &amended));
                change.after = amended;
                touched = change.diff.changes();
                // A handler may undo what was asked for.
                if touched.is_empty() && log_stands {
                    return Ok(());
                }
            }
        }
        let rules = match self.nacm.get() {
            Some(nacm) => nacm.changed(&change.after, &touched)?,
            None => None,
        };
        let valid = self.validate_change(writer, &change.after).await?;

        let concerned = self.concerned(&touched);
        self.prepare(&concerned, &change, forced).await.map_err(one)?;

        let head = match self.write(writer, &change, &touched, comment, waits).await {
            Ok(head) => head,
            Err(error) => {
                writer.names.forget();
                self.abort(&concerned, &change).await;
                return Err(one(error.refusal("the commit")));
            }
        };
        writer.names.settle();
        writer.head = head;
        writer.valid = valid;
        match confirmation {
            Confirmation::Keep => {}
            Confirmation::Wait(pending) => writer.pending = Some(pending),
            Confirmation::Settle => writer.pending = None,
        }
        // No way back from here.
        if let (Some(nacm), Some(rules)) = (self.nacm.get(), rules) {
            nacm.set(rules);
        }
        self.published.update(|snapshot| snapshot.with_running(change.after.clone(), head));
        if let Some(events) = self.events.get()
            && !touched.is_empty()
        {
            events.config_changed(change.cx.session(), Name::Running.as_str(), &touched);
        }
        self.apply(&concerned, &change).await;
        self.prune(writer).await;
        Ok(())
    }

    /// Handlers whose place something changes at: at it, below it, or above it by coming or going whole.
    pub(super) fn concerned(&self, touched: &[Changed]) -> Vec<Handler> {
        let is_at_or_below = |schema: &Schema, node: NodeId, top: NodeId| {
            std::iter::successors(Some(schema.node(node)), |n| n.parent()).any(|n| n.id() == top)
        };
        let concerns = |handler: &&Handler| {
            touched.iter().any(|change| {
                let node = change.path.steps.last().map_or(NodeId::ROOT, |s| s.node);
                is_at_or_below(&self.schema, node, handler.node)
                    || is_at_or_below(&self.schema, handler.node, node)
            })
        };
        self.handlers.iter().filter(concerns).cloned().collect()
    }

    /// Asks all; the first refusal makes those asked before it abort, and the one that may have died half way too. What is
    /// forced nobody refuses.
    async fn prepare(&self, concerned: &[Handler], change: &Change, forced: bool) -> Result<(), RpcError> {
        for (i, handler) in concerned.iter().enumerate() {
            let ask =
                call(handler, Phase::Prepare, change, self.limits.prepare, |h, change| h.prepare(change));
            if let Err(error) = ask.await {
                if forced {
                    let handler = handler.entry.handler.name();
                    tracing::error!(handler, %error, "a configuration handler refuses to go back; it has to");
                    continue;
                }
                self.abort(&concerned[..=i], change).await;
                return Err(error);
            }
        }
        Ok(())
    }

    /// Tells all, the last one first.
    async fn abort(&self, concerned: &[Handler], change: &Change) {
        for handler in concerned.iter().rev() {
            let tell = call(handler, Phase::Abort, change, self.limits.abort, |h, change| {
                Box::pin(async move {
                    h.abort(change).await;
                    Ok(())
                })
            });
            if let Err(error) = tell.await {
                tracing::error!(%error, "a configuration handler failed to abort");
            }
        }
    }

    /// Tells all; none can refuse. What fails is logged, and kept for those who ask.
    pub(super) async fn apply(&self, concerned: &[Handler], change: &Change) {
        let commit = self.snapshot().commit;
        for handler in concerned {
            let tell = call(handler, Phase::Apply, change, self.limits.apply, |h, change| h.apply(change));
            let applied = tell.await;
            self.note_applied(handler.entry.handler.name(), commit, applied);
        }
    }

    /// Keeps and tells how a handler fared.
    fn note_applied(&self, handler: &str, commit: Head, applied: Result<(), RpcError>) {
        let faults = || self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let hub = self.publisher.get().map(Publisher::hub);
        match applied {
            Ok(()) => {
                let was_faulty = faults().remove(handler).is_some();
                if let Some(hub) = hub.filter(|_| was_faulty) {
                    tell_apply_recovered(hub, handler, commit);
                }
            }
            Err(error) => {
                tracing::error!(handler, %error, "a configuration handler failed to apply; the commit stands");
                let name = handler.to_owned();
                let fault = ApplyFault { handler: name.clone(), commit, since: SystemTime::now(), error };
                faults().insert(name, fault.clone());
                if let Some(hub) = hub {
                    tell_apply_failed(hub, &fault);
                }
            }
        }
    }

    async fn write(
        &self,
        writer: &mut Writer,
        change: &Change,
        touched: &[Changed],
        comment: Option<String>,
        waits: Option<Confirmed>,
    ) -> Result<Head, WriteError> {
        let (before, after) = (View::of(&change.before), View::of(&change.after));
        let mut changes = Changes::new(&before, &after, &mut writer.names);
        for change in touched {
            changes.touch(change)?;
        }
        let writes = changes.finish();
        let mut record = record(Some(&change.cx), writer, writes, comment);
        record.stamp.confirmed = waits;
        Ok(self.store.append(writer.head, record).await?)
    }

    /// Lets the log forget what is older than the limit.
    async fn prune(&self, writer: &Writer) {
        let head = writer.head;
        // What a confirmed commit may go back over is kept.
        let keep = writer.pending.as_ref().map_or(u64::MAX, |pending| pending.rollback_to().0);
        if head.0.is_multiple_of(PRUNE_EVERY)
            && let Some(upto) = head.0.checked_sub(self.limits.history).map(|upto| upto.min(keep))
            && let Err(error) = self.store.checkpoint(Head(upto)).await
        {
            tracing::warn!(%error, "the log of commits could not be shortened");
        }
    }
}

/// Why a commit is not on disk.
#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    #[error(transparent)]
    Persist(#[from] PersistError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl WriteError {
    /// What the client is told: what could not be written, and that its datastore is as it was.
    pub(super) fn refusal(&self, what: &str) -> RpcError {
        tracing::error!(error = %self, "{what} could not be written");
        let message = format!("{what} could not be written, and the configuration is as it was: {self}");
        match self {
            Self::Store(error) if error.is_full() => RpcError::resource_denied(message),
            _ => RpcError::operation_failed(message),
        }
    }
}

/// The record of a commit; without a context it is the server's own.
pub(super) fn record(
    cx: Option<&Cx>,
    writer: &Writer,
    writes: Vec<Write>,
    comment: Option<String>,
) -> Record {
    Record { stamp: stamp(cx, writer.head, comment), names: writer.names.new_names(), writes }
}

/// Who commits after `head`, and when.
pub(super) fn stamp(cx: Option<&Cx>, head: Head, comment: Option<String>) -> Stamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Stamp {
        // The time makes it differ from what another life of the store gave the same number.
        transaction: format!("{}-{:x}", head.0 + 1, since.as_nanos()),
        time_ms: now_ms(),
        user: cx.map_or_else(String::new, |cx| cx.user().to_owned()),
        session: cx.map_or(0, Cx::session_id),
        comment,
        confirmed: None,
    }
}

/// Milliseconds since 1970.
pub(super) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

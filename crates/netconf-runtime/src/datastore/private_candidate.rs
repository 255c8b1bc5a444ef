//! Private candidates (draft-ietf-netconf-privcand): a session that says so has a candidate of its own.
//!
//! It branches from `running` when it is first needed, and does not follow it: what others commit is taken over by `update`, and by
//! each `commit` before it writes. What both changed in different ways since then is a *conflict*. It ends with its session.

use super::{Datastores, Draft, Errors, Lock, LockFault, Writer, detached, one};
use crate::handler::Cx;
use crate::protocol::private_candidate::ResolutionMode;
use crate::rpc_error::{ErrorType, RpcError};
use crate::server::error;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use yang_data::merge::{Side, merge3_preferring};
use yang_data::tree::Tree;

/// Conflicts that are told of one merge.
const TOLD: usize = 20;

/// A session's own candidate.
#[derive(Clone)]
pub(super) struct Private {
    /// `running` as it was when this branched from it or was last brought up to it.
    pub(super) base: Tree,
    pub(super) candidate: Tree,
    /// What it takes to edit it again at the cost of the edit.
    pub(super) draft: Option<Draft>,
    locked: Option<Lock>,
}

impl Private {
    fn of(running: &Tree) -> Self {
        Self { base: running.clone(), candidate: running.clone(), draft: None, locked: None }
    }

    fn is_modified(&self) -> bool {
        !self.candidate.same(&self.base)
    }
}

/// The private candidates of all sessions that may have one; `None` until it is needed.
#[derive(Default)]
pub(super) struct Privates(Mutex<BTreeMap<u32, Option<Private>>>);

impl Privates {
    fn all(&self) -> MutexGuard<'_, BTreeMap<u32, Option<Private>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn session_opened(&self, session: u32) {
        self.all().insert(session, None);
    }

    /// The lock on the session's own.
    pub(super) fn lock_of(&self, session: u32) -> Option<Lock> {
        self.all().get(&session)?.as_ref()?.locked
    }

    pub(super) fn session_ended(&self, session: u32) {
        let gone = self.all().remove(&session);
        // A large tree takes its time to go.
        drop(gone);
    }
}

impl Datastores {
    /// A session opens that has a candidate of its own.
    pub(crate) fn session_has_private_candidate(&self, session: u32) {
        self.privates.session_opened(session);
    }

    /// The session's own candidate, if it has that instead of the one that all share. It branches now, if it did not before.
    ///
    /// # Errors
    /// The session has ended meanwhile, and its candidate with it.
    pub(super) fn private(&self, cx: &Cx) -> Result<Option<Private>, RpcError> {
        if !cx.has_private_candidate() {
            return Ok(None);
        }
        let running = &self.snapshot().running;
        match self.privates.all().get_mut(&cx.session_id()) {
            Some(private) => Ok(Some(private.get_or_insert_with(|| Private::of(running)).clone())),
            None => Err(RpcError::operation_failed("the session is over, and its candidate with it")),
        }
    }

    /// Changes it. A session that ended meanwhile has none any more.
    pub(super) fn set_private(&self, cx: &Cx, change: impl FnOnce(&mut Private)) {
        if let Some(Some(private)) = self.privates.all().get_mut(&cx.session_id()) {
            change(private);
        }
    }

    /// Back to what it branched from.
    pub(super) fn discard_private(&self, cx: &Cx) {
        self.set_private(cx, |private| {
            private.candidate = private.base.clone();
            private.draft = None;
        });
    }

    /// `lock` of it: there is nobody to keep out, and the rules are those of the other one (RFC 6241 section 7.5).
    pub(super) fn lock_private(&self, cx: &Cx, private: &Private) -> Result<(), LockFault> {
        if private.locked.is_some() {
            return Err(LockFault::Held(cx.session_id()));
        }
        if private.is_modified() {
            return Err(LockFault::Modified);
        }
        let lock = Lock::of(cx.session_id());
        self.set_private(cx, |private| private.locked = Some(lock));
        Ok(())
    }

    pub(super) fn unlock_private(&self, cx: &Cx, private: &Private) -> Result<(), LockFault> {
        if private.locked.is_none() {
            return Err(LockFault::NotLocked);
        }
        self.set_private(cx, |private| private.locked = None);
        self.discard_private(cx);
        Ok(())
    }

    /// It has been committed: it is `running` again.
    pub(super) fn rebase_private(&self, cx: &Cx) {
        let running = self.snapshot().running.clone();
        self.set_private(cx, |private| {
            *private = Private { locked: private.locked, ..Private::of(&running) }
        });
    }

    /// The candidate with what was committed since it branched.
    pub(super) fn merged(
        &self,
        writer: &Writer,
        private: &Private,
        resolution: ResolutionMode,
    ) -> Result<Tree, Errors> {
        let running = self.snapshot().running.clone();
        let side = match resolution {
            ResolutionMode::PreferCandidate => Side::Mine,
            ResolutionMode::PreferRunning | ResolutionMode::RevertOnConflict => Side::Theirs,
        };
        let commit = writer.head.0 + 1;
        let (merged, conflicts) =
            merge3_preferring(side, &private.base, &private.candidate, &running, commit);
        if resolution == ResolutionMode::RevertOnConflict && !conflicts.is_empty() {
            let told = conflicts.into_iter().take(TOLD).map(|conflict| {
                let message = format!(
                    "the private candidate and running changed this since they were one: {}",
                    conflict.message
                );
                let mut told = error::rpc_error(conflict, &self.schema);
                told.tag = crate::rpc_error::ErrorTag::OperationFailed;
                told.app_tag = Some("conflict".into());
                told.message = Some(message.into());
                told
            });
            return Err(told.collect());
        }
        // What others committed may have taken away what a node depends on (RFC 7950 section 8.2).
        let settled = writer.valid.settle(&merged, commit);
        settled.map(|settled| settled.tree).map_err(|errors| error::rpc_errors(errors, &self.schema))
    }

    /// `update`: brings the session's own candidate up to `running`.
    pub(crate) async fn update(self: &Arc<Self>, cx: Cx, resolution: ResolutionMode) -> Result<(), Errors> {
        let this = Arc::clone(self);
        detached(async move {
            let writer = this.writer().await;
            let Some(private) = this.private(&cx).map_err(one)? else {
                let message = "this session has no private candidate: its hello did not ask for one";
                return Err(one(RpcError::operation_not_supported(message).of_type(ErrorType::Protocol)));
            };
            let candidate = this.merged(&writer, &private, resolution)?;
            let base = this.snapshot().running.clone();
            this.set_private(&cx, |private| {
                *private = Private { base, candidate, draft: None, locked: private.locked };
            });
            Ok(())
        })
        .await
    }
}

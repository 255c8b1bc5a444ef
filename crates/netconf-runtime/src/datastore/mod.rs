//! The configuration datastores `running` and `candidate` (RFC 6241 sections 5.1 and 8.3), transactional and durable.
//!
//! Publishing swaps one [`Snapshot`]; readers hold theirs as long as they like and see nothing half done. There is one
//! writer at a time. All that changes `running` goes through one pipeline:
//!
//! ```text
//! edit -> diff -> validate -> prepare -> durable write -> publish -> apply -> reply
//! ```
//!
//! A refusal before the durable write leaves nothing changed; after it, nothing can refuse. Who may change what (NACM) is
//! asked between diff and validation, once there is somebody to ask.

mod commit;
mod handlers;
mod lock;
mod open;
mod persist;
mod snapshot;
#[cfg(test)]
mod tests;

pub use open::OpenError;
pub(crate) use snapshot::Published;
pub use snapshot::Snapshot;

use crate::handler::{ConfigEntry, Cx};
use crate::rpc_error::RpcError;
use crate::server::{Limits, error};
use crate::store::{Head, Store};
use commit::Commit;
use lock::{LockFault, Locks};
use persist::Names;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::MutexGuard;
use yang_data::edit::{ApplyOptions, DefaultOperation, Edit, ErrorOption};
use yang_data::tree::Tree;
use yang_data::validate::{Draft, ValidateOptions, Validated, validate};
use yang_data::view::View;
use yang_schema::{NodeId, Schema};

/// A configuration datastore.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Name {
    /// What is in effect.
    Running,
    /// What is being prepared, shared by all sessions.
    Candidate,
}

impl Name {
    pub(crate) const ALL: [Name; 2] = [Name::Running, Name::Candidate];

    /// The RFC's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Name::Running => "running",
            Name::Candidate => "candidate",
        }
    }
}

/// How far an edit goes (RFC 6241 section 7.2, `test-option`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum TestOption {
    /// As the datastore demands: `running` is valid after each edit, the candidate when it is committed (RFC 7950 section
    /// 8.3.3).
    #[default]
    Unsaid,
    /// `test-then-set`.
    TestThenSet,
    /// `set`.
    Set,
    /// `test-only`.
    TestOnly,
}

/// An edit of a datastore, with its options (RFC 6241 section 7.2).
pub(crate) struct EditRequest {
    /// What shall change.
    pub(crate) edit: Edit,
    /// What is meant where the edit says nothing.
    pub(crate) default_operation: DefaultOperation,
    /// How far it goes.
    pub(crate) test: TestOption,
    /// What is done after an error.
    pub(crate) on_error: ErrorOption,
}

/// The datastores of a server.
pub(crate) struct Datastores {
    schema: Arc<Schema>,
    published: Published,
    store: Arc<dyn Store>,
    handlers: Vec<Handler>,
    limits: Limits,
    writer: tokio::sync::Mutex<Writer>,
    /// Configuration handlers whose last apply failed, by name.
    faults: Mutex<BTreeMap<String, ApplyFault>>,
    /// Sessions that are over and whose locks the next writer takes back.
    ended: Mutex<BTreeSet<u32>>,
}

/// A configuration handler that did not do what a commit says: the commit stands, and the device is not as it is configured.
/// It is over when the handler has applied a later commit.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct ApplyFault {
    /// The name of the handler.
    pub handler: String,
    /// The commit that it failed to apply.
    pub commit: Head,
    /// Why.
    pub error: RpcError,
}

/// A configuration handler and its place in the schema.
#[derive(Clone)]
struct Handler {
    entry: ConfigEntry,
    node: NodeId,
}

/// What only the writer touches.
struct Writer {
    locks: Locks,
    names: Names,
    head: Head,
    /// `running`, and what it takes to validate a change of it at the cost of the change.
    valid: Validated,
    /// The candidate that was edited last, and what it takes to edit it again at the cost of the edit.
    draft: Option<Draft>,
}

type Errors = Vec<RpcError>;

impl Datastores {
    /// What readers see now.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.published.get()
    }

    /// The handlers whose last apply failed.
    pub(crate) fn faults(&self) -> Vec<ApplyFault> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Waits for the writer's place, and takes the locks of ended sessions back.
    async fn writer(&self) -> MutexGuard<'_, Writer> {
        let mut writer = self.writer.lock().await;
        self.reap(&mut writer);
        writer
    }

    fn discard_candidate(&self, writer: &mut Writer) {
        writer.draft = None;
        self.published.update(Snapshot::discard);
    }

    fn reap(&self, writer: &mut Writer) {
        let ended = std::mem::take(&mut *self.ended.lock().unwrap_or_else(PoisonError::into_inner));
        for session in ended {
            // RFC 6241 section 8.3.5.2: changes to a locked candidate go with the lock, however that ends.
            if writer.locks.release(session).contains(&Name::Candidate) {
                self.discard_candidate(writer);
            }
        }
    }

    /// Waits for the transaction that runs, if one does.
    pub(crate) async fn idle(&self) {
        drop(self.writer().await);
    }

    /// A session is over.
    pub(crate) fn session_ended(self: &Arc<Self>, session: u32) {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).insert(session);
        match self.writer.try_lock() {
            Ok(mut writer) => self.reap(&mut writer),
            // Somebody writes; whoever comes next sees to it, at the latest this one.
            Err(_) => {
                let this = Arc::clone(self);
                tokio::spawn(async move { drop(this.writer().await) });
            }
        }
    }

    /// `lock` (RFC 6241 section 7.5).
    pub(crate) async fn lock(&self, name: Name, session: u32) -> Result<(), RpcError> {
        let mut writer = self.writer().await;
        let modified = name == Name::Candidate && self.snapshot().candidate_modified;
        writer.locks.lock(name, session, modified).map_err(|fault| match fault {
            LockFault::Held(holder) => {
                RpcError::lock_denied(holder, format!("session {holder} holds the lock on {}", name.as_str()))
            }
            // No session holds the lock: what denies it is the state of the datastore (section 7.5).
            _ => RpcError::lock_denied(
                0,
                "the candidate holds changes that are neither committed nor discarded",
            ),
        })
    }

    /// `unlock` (RFC 6241 section 7.6).
    pub(crate) async fn unlock(&self, name: Name, session: u32) -> Result<(), RpcError> {
        let mut writer = self.writer().await;
        writer.locks.unlock(name, session).map_err(|fault| match fault {
            LockFault::Held(holder) => {
                RpcError::lock_denied(holder, format!("session {holder} holds the lock on {}", name.as_str()))
            }
            _ => RpcError::operation_failed(format!("{} is not locked", name.as_str())),
        })?;
        if name == Name::Candidate {
            self.discard_candidate(&mut writer);
        }
        Ok(())
    }

    /// Is a datastore locked by another session?
    fn check_lock(writer: &Writer, name: Name, session: u32) -> Result<(), RpcError> {
        match writer.locks.hindrance(name, session) {
            None => Ok(()),
            // RFC 6241 section 8.3.4.1 names the tag.
            Some(holder) => {
                Err(RpcError::in_use(format!("session {holder} holds the lock on {}", name.as_str())))
            }
        }
    }

    /// `edit-config` on a datastore (RFC 6241 section 7.2).
    pub(crate) async fn edit(
        self: &Arc<Self>,
        cx: Cx,
        target: Name,
        request: EditRequest,
    ) -> Result<(), Errors> {
        let this = Arc::clone(self);
        detached(async move {
            let mut writer = this.writer().await;
            Self::check_lock(&writer, target, cx.session_id()).map_err(one)?;
            let snapshot = this.snapshot();
            let before = match target {
                Name::Running => &snapshot.running,
                Name::Candidate => &snapshot.candidate,
            };
            let EditRequest { edit, default_operation, test, on_error } = request;
            let commit = writer.head.0 + 1;
            let told = |errors| error::rpc_errors(errors, &this.schema);
            let options = ApplyOptions { default_operation, commit };
            let (after, errors) = edit.apply_with(before, &options, on_error);
            let errors = told(errors);
            if after.same(before) {
                return if errors.is_empty() { Ok(()) } else { Err(errors) };
            }
            let draft = match &writer.draft {
                Some(draft) if draft.tree().same(before) => draft.clone(),
                _ => writer.valid.draft(before),
            };
            let after = draft.settle(&after, commit).map_err(told)?.tree;
            if matches!(test, TestOption::TestThenSet | TestOption::TestOnly) {
                this.validate_change(&writer, &after).await?;
            }
            match (test, target) {
                (TestOption::TestOnly, _) => {}
                (_, Name::Running) => {
                    this.transact(&mut writer, Commit { cx, after, comment: None }).await?;
                }
                (_, Name::Candidate) => {
                    writer.draft = Some(draft.change(&after));
                    this.published.update(|snapshot| snapshot.with_candidate(after));
                }
            }
            // What was done before or beside an error stays, where the error option says so.
            if errors.is_empty() { Ok(()) } else { Err(errors) }
        })
        .await
    }

    /// `commit` (RFC 6241 section 8.3.4.1).
    pub(crate) async fn commit(self: &Arc<Self>, cx: Cx) -> Result<(), Errors> {
        let this = Arc::clone(self);
        detached(async move {
            let mut writer = this.writer().await;
            for name in Name::ALL {
                Self::check_lock(&writer, name, cx.session_id()).map_err(one)?;
            }
            let after = this.snapshot().candidate.clone();
            this.transact(&mut writer, Commit { cx, after, comment: None }).await?;
            this.discard_candidate(&mut writer);
            Ok(())
        })
        .await
    }

    /// `discard-changes` (RFC 6241 section 8.3.4.2).
    pub(crate) async fn discard(&self, session: u32) -> Result<(), RpcError> {
        let mut writer = self.writer().await;
        Self::check_lock(&writer, Name::Candidate, session)?;
        self.discard_candidate(&mut writer);
        Ok(())
    }

    /// Validates a configuration that was made from `running`, at the cost of what is different.
    async fn validate_change(&self, writer: &Writer, after: &Tree) -> Result<Validated, Errors> {
        let (valid, after) = (writer.valid.clone(), after.clone());
        // A large change takes its time: not on a thread that others need.
        let work = move || {
            let changed = valid.change(&after);
            // In tests, what looks at all is asked as well.
            #[cfg(test)]
            {
                let options = ValidateOptions { config_only: true, ..ValidateOptions::default() };
                let full = validate(&View::of(&after), &options);
                assert_eq!(changed.as_ref().err().map_or(0, Vec::len), full.len(), "{changed:?}\n{full:?}");
            }
            changed
        };
        let changed = tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| one(RpcError::operation_failed("validation ended without a result")))?;
        changed.map_err(|errors| error::rpc_errors(errors, &self.schema))
    }

    /// Does a configuration satisfy all constraints (RFC 7950 section 8)?
    pub(crate) async fn validate(&self, configuration: &Tree) -> Result<(), Errors> {
        let view = View::of(configuration);
        let options = ValidateOptions { config_only: true, ..ValidateOptions::default() };
        let work = move || validate(&view, &options);
        // A large configuration takes its time: not on a thread that others need.
        let errors = tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| one(RpcError::operation_failed("validation ended without a result")))?;
        if errors.is_empty() { Ok(()) } else { Err(error::rpc_errors(errors, &self.schema)) }
    }
}

fn one(error: RpcError) -> Errors {
    vec![error]
}

/// Runs work to its end, also if nobody waits for it any more: a session that breaks off must not leave a commit half way
/// between the disk and the readers.
async fn detached<T: Send + 'static>(
    work: impl Future<Output = Result<T, Errors>> + Send + 'static,
) -> Result<T, Errors> {
    match tokio::spawn(work).await {
        Ok(result) => result,
        Err(error) => {
            tracing::error!(%error, "a transaction broke off");
            Err(one(RpcError::operation_failed("the server failed within the transaction")))
        }
    }
}

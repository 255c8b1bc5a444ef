//! The configuration datastores `running`, `candidate` and `startup` (RFC 6241 sections 5.1, 8.3 and 8.7), transactional and
//! durable.
//!
//! Publishing swaps one [`Snapshot`]; readers hold theirs as long as they like and see nothing half done. There is one
//! writer at a time. All that changes `running` goes through one pipeline:
//!
//! ```text
//! edit -> diff -> amend -> validate -> prepare -> durable write -> publish -> apply -> reply
//! ```
//!
//! A refusal before the durable write leaves nothing changed; after it, nothing can refuse. Who may change what (NACM) is
//! asked between diff and amendment: what handlers add is the device's own.

mod amend;
mod commit;
mod confirmed_commit;
mod copy;
mod edit;
mod handlers;
mod lock;
mod open;
mod persist;
mod private_candidate;
mod rollback;
mod snapshot;
#[cfg(test)]
mod tests;
mod turn;

pub(crate) use open::Beginning;
pub use open::OpenError;
pub use rollback::running_at;
pub(crate) use snapshot::Published;
pub use snapshot::Snapshot;

pub(crate) use confirmed_commit::CommitRequest;
pub(crate) use edit::EditRequest;
pub use edit::TestOption;
pub(crate) use persist::{StoredName, StoredNote, StoredText, attributes};

use crate::handler::{ConfigEntry, Cx, Publisher};
use crate::nacm::Nacm;
use crate::rpc_error::{QualifiedName, RpcError};
use crate::server::{BaseNotifications, ConfirmEvent, Limits, error};
use crate::store::{Head, Store};
use confirmed_commit::Pending;
use lock::{Lock, LockFault, Locks};
use persist::Names;
use private_candidate::Privates;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::SystemTime;
use tokio::sync::MutexGuard;
use turn::{Turn, Turns};
use yang_data::diff::{Changed, diff};
use yang_data::error::DataError;
use yang_data::tree::Tree;
use yang_data::validate::{Draft, ValidateOptions, Validated, validate};
use yang_data::view::View;
use yang_schema::{NodeId, Schema};

/// A configuration datastore.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Name {
    /// What is in effect.
    Running,
    /// What is being prepared, shared by all sessions but those that have one of their own.
    Candidate,
    /// What will be in effect after the next start (RFC 6241 section 8.7).
    Startup,
}

impl Name {
    pub(crate) const ALL: [Name; 3] = [Name::Running, Name::Candidate, Name::Startup];

    /// The RFC's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Name::Running => "running",
            Name::Candidate => "candidate",
            Name::Startup => "startup",
        }
    }
}

/// The datastores of a server.
pub(crate) struct Datastores {
    schema: Arc<Schema>,
    published: Published,
    store: Arc<dyn Store>,
    handlers: Vec<Handler>,
    limits: Limits,
    writer: tokio::sync::Mutex<Writer>,
    /// Only who has the writer changes them; whoever wants to know who holds them need not wait for it.
    locks: Mutex<Locks>,
    /// Configuration handlers whose last apply failed, by name.
    faults: Mutex<BTreeMap<String, ApplyFault>>,
    /// The candidates that sessions have of their own.
    privates: Privates,
    /// Sessions that are over and whose locks the next writer takes back.
    ended: Mutex<BTreeSet<u32>>,
    /// Requests that wait for the writer's place.
    turns: Turns,
    /// For what the server does by itself; there once it has started.
    publisher: OnceLock<Publisher>,
    /// Tells of what becomes of the datastores, where the modules have words for it.
    events: OnceLock<Arc<BaseNotifications>>,
    /// Who may change what, if that is asked at all.
    nacm: OnceLock<Arc<Nacm>>,
    /// What a migration had to say when the store was opened.
    notes: Vec<String>,
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
    /// When that was.
    pub since: SystemTime,
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
    names: Names,
    head: Head,
    /// `running`, and what it takes to validate a change of it at the cost of the change.
    valid: Validated,
    /// The candidate before its last edit, and what it takes to edit it again at the cost of both edits.
    draft: Option<Draft>,
    /// The confirmed commit that waits.
    pending: Option<Pending>,
    /// Confirmed commits so far: a timer knows its own by the number.
    confirmed: u64,
}

type Errors = Vec<RpcError>;

impl Datastores {
    /// What readers see now.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.published.get()
    }

    /// The number that the next commit has, if nobody else's comes in between.
    pub(crate) fn next_commit(&self) -> u64 {
        self.snapshot().commit.0 + 1
    }

    /// The handlers whose last apply failed.
    pub(crate) fn faults(&self) -> Vec<ApplyFault> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Waits for the writer's place, and takes back what ended sessions held: locks, and a confirmed commit that nobody else can
    /// confirm.
    async fn writer(&self) -> MutexGuard<'_, Writer> {
        let mut writer = self.writer.lock().await;
        self.reap(&mut writer);
        if writer.pending.as_ref().is_some_and(Pending::is_orphaned) {
            self.revert(&mut writer, "its session ended", ConfirmEvent::Cancel).await;
        }
        writer
    }

    /// Who holds which lock.
    fn locks(&self) -> std::sync::MutexGuard<'_, Locks> {
        self.locks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lock on a datastore as a session sees it, without those that ended sessions held.
    pub(crate) fn lock_on(&self, name: Name, cx: &Cx) -> Option<Lock> {
        if name == Name::Candidate && cx.has_private_candidate() {
            return self.privates.lock_of(cx.session_id());
        }
        let lock = self.locks().get(name)?;
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        (!ended.contains(&lock.session)).then_some(lock)
    }

    /// The content of a datastore, to a session.
    ///
    /// # Errors
    /// The server does not have it.
    pub(crate) fn content(&self, cx: &Cx, name: Name) -> Result<Tree, RpcError> {
        if name == Name::Candidate
            && let Some(private) = self.private(cx)?
        {
            return Ok(private.candidate);
        }
        self.snapshot().content(name).cloned().ok_or_else(no_startup)
    }

    /// Makes the candidate of a session what it is made of.
    fn discard_candidate_of(&self, writer: &mut Writer, cx: &Cx) {
        if cx.has_private_candidate() {
            self.discard_private(cx);
        } else {
            self.discard_candidate(writer);
        }
    }

    fn discard_candidate(&self, writer: &mut Writer) {
        writer.draft = None;
        self.published.update(Snapshot::discard);
    }

    /// Takes back the locks of ended sessions, and notes whether one of them left a confirmed commit behind.
    fn reap(&self, writer: &mut Writer) {
        let ended = std::mem::take(&mut *self.ended.lock().unwrap_or_else(PoisonError::into_inner));
        for session in ended {
            if let Some(pending) = &mut writer.pending {
                pending.session_ended(session);
            }
            // RFC 6241 section 8.3.5.2: changes to a locked candidate go with the lock, however that ends.
            let released = self.locks().release(session);
            if released.contains(&Name::Candidate) {
                self.discard_candidate(writer);
            }
        }
    }

    /// Waits for the transaction that runs, if one does.
    pub(crate) async fn idle(self: &Arc<Self>) {
        let this = Arc::clone(self);
        _ = detached(async move {
            drop(this.writer().await);
            Ok(())
        })
        .await;
    }

    /// A session is over.
    pub(crate) fn session_ended(self: &Arc<Self>, session: u32) {
        self.turns.session_ended(session);
        self.privates.session_ended(session);
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).insert(session);
        if let Ok(mut writer) = self.writer.try_lock() {
            self.reap(&mut writer);
            if !writer.pending.as_ref().is_some_and(Pending::is_orphaned) {
                return;
            }
        }
        // Somebody writes, or there is a commit to take back; whoever comes next sees to it, at the latest this one.
        let this = Arc::clone(self);
        tokio::spawn(async move { drop(this.writer().await) });
    }

    /// `lock` (RFC 6241 section 7.5).
    pub(crate) async fn lock(self: &Arc<Self>, name: Name, cx: Cx) -> Result<(), Errors> {
        let (this, turn) = (Arc::clone(self), Turn::of(self, cx.session_id()));
        detached(async move {
            let writer = this.writer().await;
            turn.come().and_then(|()| this.give_lock(&writer, name, &cx)).map_err(one)
        })
        .await
    }

    fn give_lock(&self, writer: &Writer, name: Name, cx: &Cx) -> Result<(), RpcError> {
        let session = cx.session_id();
        let snapshot = self.snapshot();
        snapshot.content(name).ok_or_else(no_startup)?;
        // Section 7.5 names this condition and not who holds what: there is no lock.
        if name == Name::Running && writer.pending.as_ref().is_some_and(|p| !p.belongs_to(session)) {
            let message = "a confirmed commit of another session waits for its confirmation";
            return Err(RpcError::lock_denied(writer.pending.as_ref().map_or(0, Pending::session), message));
        }
        let private = if name == Name::Candidate { self.private(cx)? } else { None };
        let locked = match private {
            Some(private) => self.lock_private(cx, &private),
            None => {
                let modified = name == Name::Candidate && snapshot.candidate_modified;
                self.locks().lock(name, session, modified)
            }
        };
        locked.map_err(|fault| match fault {
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
    pub(crate) async fn unlock(self: &Arc<Self>, name: Name, cx: Cx) -> Result<(), Errors> {
        let this = Arc::clone(self);
        detached(async move { this.take_lock(&mut *this.writer().await, name, &cx).map_err(one) }).await
    }

    fn take_lock(&self, writer: &mut Writer, name: Name, cx: &Cx) -> Result<(), RpcError> {
        let private = if name == Name::Candidate { self.private(cx)? } else { None };
        let unlocked = match &private {
            Some(private) => self.unlock_private(cx, private),
            None => self.locks().unlock(name, cx.session_id()),
        };
        unlocked.map_err(|fault| match fault {
            LockFault::Held(holder) => {
                RpcError::lock_denied(holder, format!("session {holder} holds the lock on {}", name.as_str()))
            }
            _ => RpcError::operation_failed(format!("{} is not locked", name.as_str())),
        })?;
        if name == Name::Candidate && private.is_none() {
            self.discard_candidate(writer);
        }
        Ok(())
    }

    /// Is a datastore locked by another session?
    fn check_lock(&self, name: Name, cx: &Cx) -> Result<(), RpcError> {
        // Nobody else sees it.
        if name == Name::Candidate && cx.has_private_candidate() {
            return Ok(());
        }
        let session = cx.session_id();
        match self.locks().hindrance(name, session) {
            None => Ok(()),
            // RFC 6241 section 8.3.4.1 names the tag.
            Some(holder) => {
                Err(RpcError::in_use(format!("session {holder} holds the lock on {}", name.as_str())))
            }
        }
    }

    /// Asks for access control from now on. The first time counts.
    pub(crate) fn control(&self, nacm: Arc<Nacm>) {
        _ = self.nacm.set(nacm);
    }

    /// May the user change this (RFC 8341 section 3.4.5)?
    fn check_access(&self, cx: &Cx, before: &Tree, after: &Tree, changes: &[Changed]) -> Result<(), Errors> {
        let Some(access) = cx.access() else { return Ok(()) };
        access.check_changes(before, after, changes).inspect_err(|_| {
            if let Some(nacm) = self.nacm.get() {
                nacm.count_write();
            }
        })
    }

    /// The same of whatever is different, which is only looked for where access is controlled.
    fn check_difference(&self, cx: &Cx, before: &Tree, after: &Tree) -> Result<(), Errors> {
        match cx.access() {
            None => Ok(()),
            Some(_) => self.check_access(cx, before, after, &diff(before, after).changes()),
        }
    }

    /// What a user is told of the faults of an edit.
    fn told_of(&self, cx: &Cx, errors: Vec<DataError>) -> Errors {
        let Some(access) = cx.access() else { return error::rpc_errors(errors, &self.schema) };
        let mut denied = false;
        let told = errors.into_iter().map(|error| match access.veiled(&error, &self.schema) {
            Some(veiled) => {
                denied = true;
                veiled
            }
            None => error::rpc_error(error, &self.schema),
        });
        let told = told.collect();
        if denied && let Some(nacm) = self.nacm.get() {
            nacm.count_write();
        }
        told
    }

    /// `discard-changes` (RFC 6241 section 8.3.4.2).
    pub(crate) async fn discard(self: &Arc<Self>, cx: Cx) -> Result<(), Errors> {
        let this = Arc::clone(self);
        detached(async move {
            let mut writer = this.writer().await;
            this.check_lock(Name::Candidate, &cx).map_err(one)?;
            this.discard_candidate_of(&mut writer, &cx);
            Ok(())
        })
        .await
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

    /// Would the candidate do as `running` (RFC 6241 section 8.6)?
    pub(crate) async fn validate_candidate(self: &Arc<Self>, cx: Cx) -> Result<(), Errors> {
        let this = Arc::clone(self);
        detached(async move {
            let writer = this.writer().await;
            let candidate = this.content(&cx, Name::Candidate).map_err(one)?;
            let after = this.foreseen(&writer, &cx, &candidate).await?;
            this.validate_change(&writer, &after).await.map(drop)
        })
        .await
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

/// `startup` is asked for, and the server has none.
pub(crate) fn no_startup() -> RpcError {
    RpcError::unknown_element(QualifiedName::base("startup"))
        .message("this server does not have the capability :startup")
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

//! `commit` and `cancel-commit`, and the confirmed commit (RFC 6241 sections 8.3.4.1 and 8.4).
//!
//! ```text
//!                 commit confirmed                    commit, of the one it belongs to
//!   nothing waits ----------------> a commit waits ---------------------------------> nothing waits
//!                                    |   ^  |
//!                   commit confirmed |   |  | the time is over, cancel-commit, its session ends, the server starts again
//!                  (the first backup +---+  +-----------------------------------------> nothing waits, running as before
//!                   and a new time)
//! ```
//!
//! It belongs to the session that sent it, or with `persist` to whoever knows the token. Every record in the log says what
//! waits after it, so a server that starts knows what to take back.

use super::commit::{Commit, Confirmation};
use super::turn::Turn;
use super::{Datastores, Errors, Name, Writer, detached, one};
use crate::handler::Cx;
use crate::protocol::private_candidate::ResolutionMode;
use crate::rpc_error::{ErrorInfo, ErrorType, QualifiedName, RpcError};
use crate::server::ConfirmEvent;
use crate::server::service::SessionInfo;
use crate::store::{Confirmed, Head};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::time::Instant;
use yang_data::tree::Tree;

/// How soon taking back is tried again when the store did not take it.
const RETRY: Duration = Duration::from_secs(5);

/// A `commit`.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct CommitRequest {
    /// It waits so long for its confirmation.
    pub(crate) confirm_timeout: Option<Duration>,
    /// Whoever knows this may confirm it, and no session's end takes it back.
    pub(crate) persist: Option<String>,
    /// What an earlier commit said as `persist`.
    pub(crate) persist_id: Option<String>,
    /// What the user says about it.
    pub(crate) comment: Option<String>,
}

/// A confirmed commit that waits.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    /// `running` as it was before the first of them.
    before: Tree,
    /// The head that goes with it.
    rollback_to: Head,
    owner: Owner,
    /// The session that sent it.
    session: SessionInfo,
    until: Instant,
    /// The same, in milliseconds since 1970.
    deadline_ms: u64,
    /// Which one it is, for its timer.
    number: u64,
    /// The session that alone could confirm it is over.
    orphaned: bool,
}

/// Who may confirm it.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Owner {
    Session(u32),
    Token(String),
}

impl Pending {
    /// What the log says of it.
    pub(super) fn recorded(&self) -> Confirmed {
        let persist_id = match &self.owner {
            Owner::Session(_) => None,
            Owner::Token(token) => Some(token.clone()),
        };
        Confirmed { persist_id, deadline_ms: self.deadline_ms, rollback_to: self.rollback_to }
    }

    /// The head that must not be forgotten.
    pub(super) fn rollback_to(&self) -> Head {
        self.rollback_to
    }

    /// The session that sent it.
    pub(super) fn session(&self) -> u32 {
        self.session.id
    }

    /// A session is over: does this end with it?
    pub(super) fn session_ended(&mut self, session: u32) {
        self.orphaned |= self.owner == Owner::Session(session);
    }

    /// Is nobody left who could confirm it?
    pub(super) fn is_orphaned(&self) -> bool {
        self.orphaned
    }

    /// Is it this session's own?
    pub(super) fn belongs_to(&self, session: u32) -> bool {
        self.session.id == session
    }

    /// May a request go on with it?
    fn check(&self, session: u32, persist_id: Option<&str>) -> Result<(), RpcError> {
        match (&self.owner, persist_id) {
            (Owner::Token(token), Some(id)) if token == id => Ok(()),
            (Owner::Session(_), None) if self.belongs_to(session) => Ok(()),
            (_, Some(_)) => Err(wrong_persist_id("no confirmed commit that waits has this persist-id")),
            (Owner::Token(_), None) => Err(RpcError::missing_element(QualifiedName::base("persist-id"))
                .message(
                    "a confirmed commit with <persist> waits; who goes on with it says its <persist-id>",
                )),
            (Owner::Session(owner), None) => Err(RpcError::in_use(format!(
                "a confirmed commit of session {owner} waits, and only that session can confirm it"
            ))
            .of_type(ErrorType::Protocol)),
        }
    }
}

fn wrong_persist_id(why: &str) -> RpcError {
    RpcError::invalid_value(why)
        .of_type(ErrorType::Protocol)
        .info(ErrorInfo::BadElement(QualifiedName::base("persist-id")))
}

impl Datastores {
    /// `commit` (RFC 6241 section 8.3.4.1).
    pub(crate) async fn commit(self: &Arc<Self>, cx: Cx, request: CommitRequest) -> Result<(), Errors> {
        let (this, turn) = (Arc::clone(self), Turn::of(self, cx.session_id()));
        detached(async move {
            let mut writer = this.writer().await;
            turn.come().map_err(one)?;
            for name in [Name::Running, Name::Candidate] {
                this.check_lock(name, &cx).map_err(one)?;
            }
            let private = this.private(&cx).map_err(one)?;
            let CommitRequest { confirm_timeout, persist, persist_id, comment } = request;
            match (&writer.pending, persist_id.as_deref()) {
                (Some(pending), id) => pending.check(cx.session_id(), id).map_err(one)?,
                (None, Some(_)) => return Err(one(wrong_persist_id("no confirmed commit waits"))),
                (None, None) => {}
            }
            let event = match (&writer.pending, confirm_timeout) {
                (None, None) => None,
                (None, Some(timeout)) => Some(ConfirmEvent::Start(timeout)),
                (Some(_), Some(timeout)) => Some(ConfirmEvent::Extend(timeout)),
                (Some(_), None) => Some(ConfirmEvent::Complete),
            };
            let confirmation = match confirm_timeout {
                None => Confirmation::Settle,
                Some(timeout) => {
                    Confirmation::Wait(this.waiting(&mut writer, cx.session(), persist, timeout))
                }
            };
            let candidate = match &private {
                Some(private) => this.merged(&writer, private, ResolutionMode::default())?,
                None => this.snapshot().candidate.clone(),
            };
            let commit = Commit { comment, confirmation, ..Commit::new(cx.clone(), candidate) };
            this.transact(&mut writer, commit).await?;
            match private {
                Some(_) => this.rebase_private(&cx),
                None => this.discard_candidate(&mut writer),
            }
            if confirm_timeout.is_some()
                && let Some(pending) = &writer.pending
            {
                this.watch(pending);
            }
            if let (Some(events), Some(event)) = (this.events.get(), event) {
                events.confirmed_commit(cx.session(), event);
            }
            Ok(())
        })
        .await
    }

    /// `cancel-commit` (RFC 6241 section 8.4.4.1).
    pub(crate) async fn cancel_commit(
        self: &Arc<Self>,
        cx: Cx,
        persist_id: Option<String>,
    ) -> Result<(), Errors> {
        let this = Arc::clone(self);
        detached(async move {
            let mut writer = this.writer().await;
            let Some(pending) = &writer.pending else {
                return Err(one(match persist_id {
                    Some(_) => wrong_persist_id("no confirmed commit waits"),
                    None => {
                        RpcError::operation_failed("no confirmed commit waits").of_type(ErrorType::Protocol)
                    }
                }));
            };
            pending.check(cx.session_id(), persist_id.as_deref()).map_err(one)?;
            this.check_lock(Name::Running, &cx).map_err(one)?;
            let by = cx.session().clone();
            this.take_back(&mut writer, cx, "the confirmed commit was cancelled").await?;
            if let Some(events) = this.events.get() {
                events.confirmed_commit(&by, ConfirmEvent::Cancel);
            }
            Ok(())
        })
        .await
    }

    /// What waits after a confirmed commit. A follow-up keeps the first backup.
    fn waiting(
        &self,
        writer: &mut Writer,
        session: &SessionInfo,
        persist: Option<String>,
        timeout: Duration,
    ) -> Pending {
        let (before, rollback_to) = match &writer.pending {
            Some(first) => (first.before.clone(), first.rollback_to),
            None => (self.snapshot().running.clone(), writer.head),
        };
        writer.confirmed += 1;
        let timeout_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        Pending {
            before,
            rollback_to,
            owner: persist.map_or(Owner::Session(session.id), Owner::Token),
            session: session.clone(),
            // A time past all reckoning never comes.
            until: Instant::now().checked_add(timeout).unwrap_or_else(far_away),
            deadline_ms: super::commit::now_ms().saturating_add(timeout_ms),
            number: writer.confirmed,
            orphaned: false,
        }
    }

    /// Takes a commit back when its time is over, unless it is another one that waits by then.
    fn watch(self: &Arc<Self>, pending: &Pending) {
        let (this, until, number): (Weak<Self>, _, _) = (Arc::downgrade(self), pending.until, pending.number);
        tokio::spawn(async move {
            let mut until = until;
            loop {
                tokio::time::sleep_until(until).await;
                let Some(this) = this.upgrade() else { return };
                let mut writer = this.writer().await;
                if writer.pending.as_ref().is_none_or(|p| p.number != number)
                    || this.revert(&mut writer, "it was not confirmed in time", ConfirmEvent::Timeout).await
                {
                    return;
                }
                until = Instant::now() + RETRY;
            }
        });
    }

    /// Takes the commit that waits back, in the server's own name. Did it work?
    pub(super) async fn revert(&self, writer: &mut Writer, why: &str, event: ConfirmEvent) -> bool {
        // Without a publisher nothing has started, and nothing waits.
        let Some(publisher) = self.publisher.get() else { return false };
        let cx = Cx::of_server(publisher.clone());
        let comment = format!("a confirmed commit was taken back: {why}");
        let whose = writer.pending.as_ref().map(|pending| pending.session.clone());
        match self.take_back(writer, cx, &comment).await {
            Ok(()) => {
                if let (Some(events), Some(whose)) = (self.events.get(), whose) {
                    events.confirmed_commit(&whose, event);
                }
                tracing::warn!("{comment}");
                true
            }
            Err(errors) => {
                for error in errors {
                    tracing::error!(%error, "a confirmed commit could not be taken back ({why}); it is tried again");
                }
                false
            }
        }
    }

    async fn take_back(&self, writer: &mut Writer, cx: Cx, comment: &str) -> Result<(), Errors> {
        let Some(pending) = writer.pending.clone() else { return Ok(()) };
        let commit = Commit {
            comment: Some(comment.to_owned()),
            confirmation: Confirmation::Settle,
            forced: true,
            ..Commit::new(cx, pending.before)
        };
        self.transact(writer, commit).await
    }
}

/// Thirty years.
fn far_away() -> Instant {
    Instant::now() + Duration::from_secs(30 * 365 * 86_400)
}

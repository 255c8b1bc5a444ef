//! commit and cancel-commit: RFC 6241 sections 8.3.4.1 and 8.4.

use super::{Session, element, sent_by_await};
use crate::client::Error;
use crate::client::driver::OnDrop;
use crate::protocol::capability::{COMMIT_COMMENT, CONFIRMED_COMMIT, CONFIRMED_COMMIT_1_0};
use crate::xml::escape_text;
use std::time::Duration;

/// A commit that is to be confirmed, and that is being put together; awaiting it sends it.
#[derive(Clone, Debug)]
#[must_use = "it is sent when it is awaited"]
pub struct CommitConfirmed {
    session: Session,
    timeout: Option<Duration>,
    persist: Option<String>,
    /// It follows up a commit with this persist-id.
    follows: Option<String>,
    comment: Option<String>,
}

impl CommitConfirmed {
    /// Sets how long the device waits for the confirmation, in whole seconds; ten minutes if it is not said.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Lets the commit outlive this session: any session that knows this id may confirm it.
    pub fn persist(mut self, id: impl Into<String>) -> Self {
        self.persist = Some(id.into());
        self
    }

    /// Says what it is for, in the device's log: see [`Session::commit_with_comment`].
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    fn body(&self) -> Result<String, Error> {
        let mut body = String::from("<commit><confirmed/>");
        if let Some(timeout) = self.timeout {
            let seconds = timeout.as_secs() + u64::from(timeout.subsec_nanos() > 0);
            if !(1..=u64::from(u32::MAX)).contains(&seconds) {
                let message =
                    format!("a confirm-timeout of {timeout:?} is not between 1 and {} seconds", u32::MAX);
                return Err(Error::Caller(message));
            }
            element(&mut body, "confirm-timeout", &seconds.to_string());
        }
        if let Some(id) = &self.persist {
            element(&mut body, "persist", id);
        }
        if let Some(id) = &self.follows {
            element(&mut body, "persist-id", id);
        }
        put_comment(&mut body, self.comment.as_deref());
        body.push_str("</commit>");
        Ok(body)
    }

    /// Sends it.
    ///
    /// # Errors
    /// See [`Error`]. If the reply is lost, it is [`Error::Unknown`]; the device takes the commit back when its time is over.
    pub async fn send(self) -> Result<ConfirmedCommit, Error> {
        let what = "a commit that is to be confirmed";
        self.session.require_candidate(what)?;
        let persistent = self.persist.is_some() || self.follows.is_some();
        // The older version knows nothing of persist (appendix F of RFC 6241), nor of cancel-commit.
        let needed: &[_] =
            if persistent { &[CONFIRMED_COMMIT] } else { &[CONFIRMED_COMMIT, CONFIRMED_COMMIT_1_0] };
        self.session.capabilities().require(what, needed)?;
        self.session.require_comment(self.comment.as_deref())?;
        let body = self.body()?;
        // What persists is known by the id it was given last.
        let id = self.persist.or(self.follows);
        let can_cancel = self.session.capabilities().has(CONFIRMED_COMMIT);
        let cancel = can_cancel.then(|| cancel(id.as_deref()));
        let undo = move |_: &_| Some(("cancel-commit", cancel?));
        let (_, cancel) = self.session.call_undoable("commit", &body, undo).await?;
        Ok(ConfirmedCommit { session: self.session, id, comment: None, cancel })
    }
}

sent_by_await!(CommitConfirmed => ConfirmedCommit);

fn put_comment(body: &mut String, comment: Option<&str>) {
    let Some(comment) = comment else { return };
    body.push_str(&format!("<comment xmlns=\"{COMMIT_COMMENT}\">"));
    escape_text(body, comment);
    body.push_str("</comment>");
}

fn cancel(id: Option<&str>) -> String {
    let mut body = String::from("<cancel-commit>");
    if let Some(id) = id {
        element(&mut body, "persist-id", id);
    }
    body.push_str("</cancel-commit>");
    body
}

/// A commit that is in effect until its time is over: it is to be confirmed.
///
/// Dropping it takes the commit back: the request is queued then, since dropping cannot wait for the reply. (A device that has
/// `:confirmed-commit:1.0` only takes it back when the time is over, or the session ends.)
#[derive(Debug)]
#[must_use = "the commit is taken back when this is dropped"]
pub struct ConfirmedCommit {
    session: Session,
    id: Option<String>,
    comment: Option<String>,
    cancel: OnDrop,
}

impl ConfirmedCommit {
    /// The id by which other sessions may confirm it, if it has one.
    #[must_use]
    pub fn persist_id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Says what the confirmation is for, in the device's log: see [`Session::commit_with_comment`].
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.comment = Some(comment.into());
        self
    }

    /// Makes it stay.
    ///
    /// # Errors
    /// See [`Error`]. If the device refuses, the commit is taken back; if the reply is lost, it is [`Error::Unknown`].
    pub async fn confirm(mut self) -> Result<(), Error> {
        self.session.require_comment(self.comment.as_deref())?;
        let mut body = String::from("<commit>");
        if let Some(id) = &self.id {
            element(&mut body, "persist-id", id);
        }
        put_comment(&mut body, self.comment.as_deref());
        body.push_str("</commit>");
        let done = self.session.command("commit", &body).await;
        // What was confirmed cannot be taken back, so where that is unknown, asking for it does no harm.
        if done.is_ok() {
            self.cancel.disarm();
        }
        done
    }

    /// Gives it so much time from now on; what the candidate holds meanwhile is committed along, and taken back along.
    ///
    /// # Errors
    /// See [`Error`]. The commit is then as it was.
    pub async fn extend(&mut self, timeout: Duration) -> Result<(), Error> {
        let again = CommitConfirmed {
            session: self.session.clone(),
            timeout: Some(timeout),
            persist: None,
            follows: self.id.clone(),
            comment: None,
        };
        // Not as something that would be taken back by itself: this guard stands for both.
        self.session.command("commit", &again.body()?).await
    }

    /// Takes it back, and waits until the device has said so.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn cancel(mut self) -> Result<(), Error> {
        let done = self.session.cancel_commit(self.id.as_deref()).await;
        if matches!(done, Ok(()) | Err(Error::Rpc(_))) {
            self.cancel.disarm();
        }
        done
    }

    /// Lets go of it without taking it back, and gives the id by which [`Session::resume_commit`] takes it up again, in this
    /// session or another. Without an id it ends with this session.
    #[must_use]
    pub fn detach(mut self) -> Option<String> {
        self.cancel.disarm();
        self.id.take()
    }
}

impl Session {
    /// Makes the candidate running (section 8.3.4.1).
    ///
    /// # Errors
    /// See [`Error`]. If the reply is lost, it is [`Error::Unknown`].
    pub async fn commit(&self) -> Result<(), Error> {
        self.require_candidate("commit")?;
        self.command("commit", "<commit/>").await
    }

    /// The same, with what the device's log is to say of it. RFC 6241 has no word for that: a device of ours takes it that implements
    /// the module netconf-commit-comment.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::NotSupported`] if the device takes no comments.
    pub async fn commit_with_comment(&self, comment: &str) -> Result<(), Error> {
        self.require_candidate("commit")?;
        self.require_comment(Some(comment))?;
        let mut body = String::from("<commit>");
        put_comment(&mut body, Some(comment));
        body.push_str("</commit>");
        self.command("commit", &body).await
    }

    fn require_comment(&self, comment: Option<&str>) -> Result<(), Error> {
        match comment {
            None => Ok(()),
            Some(_) => self.capabilities().require("a comment on a commit", &[COMMIT_COMMENT]),
        }
    }

    /// Makes the candidate running for a time, within which it is to be confirmed (section 8.4).
    pub fn commit_confirmed(&self) -> CommitConfirmed {
        CommitConfirmed { session: self.clone(), timeout: None, persist: None, follows: None, comment: None }
    }

    /// Takes up a commit that was begun with this persist-id and let go of: see [`ConfirmedCommit::detach`].
    ///
    /// # Errors
    /// [`Error::NotSupported`]: the device has no such commits. Whether it has this one shows when it is confirmed.
    pub fn resume_commit(&self, persist_id: impl Into<String>) -> Result<ConfirmedCommit, Error> {
        self.capabilities().require("a commit that outlives its session", &[CONFIRMED_COMMIT])?;
        let id = persist_id.into();
        let cancel = self.on_drop("cancel-commit", cancel(Some(&id)));
        Ok(ConfirmedCommit { session: self.clone(), id: Some(id), comment: None, cancel })
    }

    /// Takes back a commit that is not confirmed yet: that of this session, or the one with this persist-id (section 8.4.4.1).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn cancel_commit(&self, persist_id: Option<&str>) -> Result<(), Error> {
        self.capabilities().require("cancel-commit", &[CONFIRMED_COMMIT])?;
        self.command("cancel-commit", &cancel(persist_id)).await
    }
}

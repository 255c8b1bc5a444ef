//! lock and unlock: RFC 6241 sections 7.5 and 7.6.

use super::{Datastore, Session};
use crate::client::Error;
use crate::client::driver::OnDrop;

/// A lock that is given back when this is dropped: the request is queued then, since dropping cannot wait for the reply.
#[derive(Debug)]
#[must_use = "the lock is given back when this is dropped"]
pub struct LockGuard {
    session: Session,
    datastore: Datastore,
    release: OnDrop,
}

impl LockGuard {
    /// What is locked.
    #[must_use]
    pub fn datastore(&self) -> &Datastore {
        &self.datastore
    }

    /// Gives the lock back, and waits until the device has said so.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn unlock(mut self) -> Result<(), Error> {
        let done = self.session.unlock(self.datastore.clone()).await;
        // Where it is not known whether the request arrived, one more does no harm: this session has no other such lock.
        if matches!(done, Ok(()) | Err(Error::Rpc(_))) {
            self.release.disarm();
        }
        done
    }

    /// Keeps the lock until it is given back by [`Session::unlock`], or the session ends.
    pub fn keep(mut self) {
        self.release.disarm();
    }
}

impl Session {
    /// Locks a datastore against all other sessions (section 7.5).
    ///
    /// # Errors
    /// See [`Error`]. If another session has the lock, the error-tag is `lock-denied` and
    /// [`crate::RpcError::session_id`] says which.
    pub async fn lock(&self, target: Datastore) -> Result<(), Error> {
        self.on("lock", "target", &target, target.capability()).await
    }

    /// The same, and the lock is given back when what this returns is dropped. If the call itself is dropped after it was sent,
    /// the lock is given back when it comes.
    ///
    /// # Errors
    /// See [`Session::lock`].
    pub async fn lock_guard(&self, target: Datastore) -> Result<LockGuard, Error> {
        self.capabilities().require(&format!("lock of {target}"), target.capability())?;
        let mut body = String::new();
        target.write("target", &mut body);
        let unlock = format!("<unlock>{body}</unlock>");
        let lock = format!("<lock>{body}</lock>");
        let (_, release) = self.call_undoable("lock", &lock, move |_| Some(("unlock", unlock))).await?;
        Ok(LockGuard { session: self.clone(), datastore: target, release })
    }

    /// Gives a lock back (section 7.6).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn unlock(&self, target: Datastore) -> Result<(), Error> {
        self.on("unlock", "target", &target, target.capability()).await
    }
}

//! Locks on whole datastores (RFC 6241 sections 7.5, 7.6 and 8.3.5). A lock belongs to a session and ends with it.

use super::Name;
use std::time::SystemTime;

/// Who holds which lock.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Locks {
    running: Option<Lock>,
    candidate: Option<Lock>,
    startup: Option<Lock>,
}

/// A lock on a whole datastore.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Lock {
    /// Who holds it.
    pub(crate) session: u32,
    /// Since when.
    pub(crate) since: SystemTime,
}

impl Lock {
    /// From now on.
    pub(super) fn of(session: u32) -> Self {
        Self { session, since: SystemTime::now() }
    }
}

/// Why a lock is not given or not released.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LockFault {
    /// A session holds it, possibly the one that asks.
    Held(u32),
    /// The candidate holds changes that are neither committed nor discarded (section 7.5).
    Modified,
    /// It is not locked.
    NotLocked,
}

impl Locks {
    fn slot(&mut self, name: Name) -> &mut Option<Lock> {
        match name {
            Name::Running => &mut self.running,
            Name::Candidate => &mut self.candidate,
            Name::Startup => &mut self.startup,
        }
    }

    /// The lock on a datastore.
    pub(crate) fn get(&self, name: Name) -> Option<Lock> {
        match name {
            Name::Running => self.running,
            Name::Candidate => self.candidate,
            Name::Startup => self.startup,
        }
    }

    /// The session that holds a lock.
    pub(crate) fn holder(&self, name: Name) -> Option<u32> {
        self.get(name).map(|lock| lock.session)
    }

    /// The session that keeps `session` from changing a datastore.
    pub(crate) fn hindrance(&self, name: Name, session: u32) -> Option<u32> {
        self.holder(name).filter(|&holder| holder != session)
    }

    /// Gives the lock to a session. `modified`: does the datastore hold changes that are not committed?
    pub(crate) fn lock(&mut self, name: Name, session: u32, modified: bool) -> Result<(), LockFault> {
        match self.holder(name) {
            Some(holder) => Err(LockFault::Held(holder)),
            None if modified => Err(LockFault::Modified),
            None => {
                *self.slot(name) = Some(Lock::of(session));
                Ok(())
            }
        }
    }

    /// Takes the lock back from a session.
    pub(crate) fn unlock(&mut self, name: Name, session: u32) -> Result<(), LockFault> {
        match self.holder(name) {
            None => Err(LockFault::NotLocked),
            Some(holder) if holder != session => Err(LockFault::Held(holder)),
            Some(_) => {
                *self.slot(name) = None;
                Ok(())
            }
        }
    }

    /// Takes all locks of a session back; says which it held.
    pub(crate) fn release(&mut self, session: u32) -> Vec<Name> {
        let held: Vec<Name> = Name::ALL.into_iter().filter(|&n| self.holder(n) == Some(session)).collect();
        for &name in &held {
            *self.slot(name) = None;
        }
        held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_session_at_a_time_not_even_the_same_twice() {
        let mut locks = Locks::default();
        assert_eq!(locks.lock(Name::Running, 3, false), Ok(()));
        assert_eq!(locks.lock(Name::Running, 3, false), Err(LockFault::Held(3)));
        assert_eq!(locks.lock(Name::Running, 4, false), Err(LockFault::Held(3)));
        assert_eq!(locks.lock(Name::Candidate, 4, false), Ok(()));
        assert_eq!(locks.hindrance(Name::Running, 3), None);
        assert_eq!(locks.hindrance(Name::Running, 4), Some(3));
    }

    #[test]
    fn a_candidate_with_changes_cannot_be_locked() {
        let mut locks = Locks::default();
        assert_eq!(locks.lock(Name::Candidate, 3, true), Err(LockFault::Modified));
        assert_eq!(locks.holder(Name::Candidate), None);
    }

    #[test]
    fn only_the_holder_unlocks() {
        let mut locks = Locks::default();
        assert_eq!(locks.unlock(Name::Running, 3), Err(LockFault::NotLocked));
        locks.lock(Name::Running, 3, false).unwrap();
        assert_eq!(locks.unlock(Name::Running, 4), Err(LockFault::Held(3)));
        assert_eq!(locks.unlock(Name::Running, 3), Ok(()));
    }

    #[test]
    fn locks_end_with_their_session() {
        let mut locks = Locks::default();
        locks.lock(Name::Running, 3, false).unwrap();
        locks.lock(Name::Candidate, 3, false).unwrap();
        assert_eq!(locks.release(4), []);
        assert_eq!(locks.release(3), [Name::Running, Name::Candidate]);
        assert_eq!(locks.lock(Name::Running, 4, false), Ok(()));
    }
}

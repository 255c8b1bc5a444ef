//! What readers see: one pointer to all datastores as of one moment.

use super::Name;
use crate::store::Head;
use std::sync::{Arc, PoisonError, RwLock};
use yang_data::tree::Tree;

/// All datastores as of one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// `running`.
    pub running: Tree,
    /// `candidate`.
    pub candidate: Tree,
    /// `startup`, if the server has it.
    pub startup: Option<Tree>,
    /// Holds the candidate changes that are neither committed nor discarded?
    pub candidate_modified: bool,
    /// The newest commit: what it changed is in here.
    pub commit: Head,
}

impl Snapshot {
    /// The content of a datastore; `None` if the server does not have it.
    #[must_use]
    pub fn content(&self, name: Name) -> Option<&Tree> {
        match name {
            Name::Running => Some(&self.running),
            Name::Candidate => Some(&self.candidate),
            Name::Startup => self.startup.as_ref(),
        }
    }

    /// The same with the candidate as `running` is.
    pub(super) fn discard(&self) -> Self {
        Self { candidate: self.running.clone(), candidate_modified: false, ..self.clone() }
    }

    pub(super) fn with_candidate(&self, candidate: Tree) -> Self {
        let candidate_modified = self.candidate_modified || !candidate.same(&self.running);
        Self { candidate, candidate_modified, ..self.clone() }
    }

    /// The same with another `running`. A candidate without changes follows it.
    pub(super) fn with_running(&self, running: Tree, commit: Head) -> Self {
        let candidate = if self.candidate_modified { self.candidate.clone() } else { running.clone() };
        Self { running, candidate, commit, ..self.clone() }
    }

    /// The same with another `startup`.
    pub(super) fn with_startup(&self, startup: Tree, commit: Head) -> Self {
        Self { startup: Some(startup), commit, ..self.clone() }
    }
}

/// Where the current snapshot is found.
#[derive(Clone)]
pub(crate) struct Published {
    current: Arc<RwLock<Arc<Snapshot>>>,
}

impl Published {
    pub(super) fn new(snapshot: Snapshot) -> Self {
        Self { current: Arc::new(RwLock::new(Arc::new(snapshot))) }
    }

    pub(crate) fn get(&self) -> Arc<Snapshot> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Swaps the snapshot for one made of it. Only the writer calls this.
    pub(super) fn update(&self, next: impl FnOnce(&Snapshot) -> Snapshot) {
        let next = Arc::new(next(&self.get()));
        let old = std::mem::replace(&mut *self.current.write().unwrap_or_else(PoisonError::into_inner), next);
        // Nobody may hold the old one any more, and a large tree takes its time to go: not here, if there is elsewhere.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn_blocking(move || drop(old));
        }
    }
}

//! Who is connected: the sessions of all listeners of a server.

use super::service::{CloseReason, Refused, SessionHandle, SessionInfo, Traffic};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;
use tokio::sync::watch;

/// The open sessions.
pub(crate) struct Sessions {
    state: Mutex<State>,
    /// How many are open: whoever shuts down waits for none.
    count: watch::Sender<usize>,
    most: usize,
    /// Since when there may be any.
    since: SystemTime,
}

#[derive(Default)]
struct State {
    last_id: u32,
    open: BTreeMap<u32, Session>,
    stopping: bool,
    /// Without what passed on the sessions that are open.
    statistics: Statistics,
}

struct Session {
    info: SessionInfo,
    handle: Arc<dyn SessionHandle>,
    login: SystemTime,
}

/// A session that is open.
pub(crate) struct Open {
    pub(crate) info: SessionInfo,
    /// Since when.
    pub(crate) login: SystemTime,
    pub(crate) traffic: Traffic,
}

/// What was counted since the server started (RFC 6022 section 2.1.5).
#[derive(Clone, Copy, Default)]
pub(crate) struct Statistics {
    /// Peers that were greeted.
    pub(crate) in_sessions: u32,
    /// Peers whose answer was no hello.
    pub(crate) in_bad_hellos: u32,
    /// Sessions that ended though nobody wanted them to.
    pub(crate) dropped_sessions: u32,
    /// What passed on all sessions.
    pub(crate) traffic: Traffic,
}

impl Sessions {
    pub(crate) fn new(most: usize) -> Self {
        Self { state: Mutex::default(), count: watch::Sender::new(0), most, since: SystemTime::now() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An id that no session of this server had.
    pub(crate) fn next_id(&self) -> Result<u32, Refused> {
        let mut state = self.state();
        if state.stopping {
            return Err(Refused::ShuttingDown);
        }
        if state.open.len() >= self.most {
            return Err(Refused::TooManySessions(self.most));
        }
        // 1 to 4294967295 (RFC 6241 section 7.9, session-id-type). After four thousand million sessions the count starts
        // again, past those that are open.
        loop {
            state.last_id = state.last_id.checked_add(1).unwrap_or(1);
            let id = state.last_id;
            if !state.open.contains_key(&id) {
                state.statistics.in_sessions = state.statistics.in_sessions.wrapping_add(1);
                return Ok(id);
            }
        }
    }

    /// A peer was greeted, and its answer was no hello.
    pub(crate) fn bad_hello(&self) {
        let statistics = &mut self.state().statistics;
        statistics.in_bad_hellos = statistics.in_bad_hellos.wrapping_add(1);
    }

    /// A session opens. One that comes while the server stops is told so at once.
    pub(crate) fn open(&self, info: SessionInfo, handle: Arc<dyn SessionHandle>) {
        let mut state = self.state();
        if state.stopping {
            handle.close(CloseReason::Shutdown);
        }
        state.open.insert(info.id, Session { info, handle, login: SystemTime::now() });
        self.count.send_replace(state.open.len());
    }

    pub(crate) fn close(&self, id: u32, reason: &CloseReason) {
        let mut state = self.state();
        if let Some(session) = state.open.remove(&id) {
            state.statistics.traffic += session.handle.traffic();
            if matches!(reason, CloseReason::Dropped | CloseReason::Failed(_)) {
                state.statistics.dropped_sessions = state.statistics.dropped_sessions.wrapping_add(1);
            }
        }
        self.count.send_replace(state.open.len());
    }

    /// Ends another session; `false` if there is none of that id.
    pub(crate) fn kill(&self, id: u32, by: u32) -> bool {
        let handle = self.state().open.get(&id).map(|s| Arc::clone(&s.handle));
        match handle {
            Some(handle) => {
                handle.close(CloseReason::Killed { by });
                true
            }
            None => false,
        }
    }

    /// Takes no more sessions and ends those that are open.
    pub(crate) fn stop(&self) {
        let handles: Vec<_> = {
            let mut state = self.state();
            state.stopping = true;
            state.open.values().map(|s| Arc::clone(&s.handle)).collect()
        };
        for handle in handles {
            handle.close(CloseReason::Shutdown);
        }
    }

    /// Waits until no session is open.
    pub(crate) async fn gone(&self) {
        let mut count = self.count.subscribe();
        // The sender lives as long as `self`.
        let _ = count.wait_for(|&n| n == 0).await;
    }

    /// Who is connected.
    pub(crate) fn list(&self) -> Vec<SessionInfo> {
        self.state().open.values().map(|s| s.info.clone()).collect()
    }

    /// The same, with what is known of each.
    pub(crate) fn open_now(&self) -> Vec<Open> {
        let open = |session: &Session| Open {
            info: session.info.clone(),
            login: session.login,
            traffic: session.handle.traffic(),
        };
        self.state().open.values().map(open).collect()
    }

    /// Since when the server runs.
    pub(crate) fn since(&self) -> SystemTime {
        self.since
    }

    /// What was counted since then.
    pub(crate) fn statistics(&self) -> Statistics {
        let state = self.state();
        let mut statistics = state.statistics;
        state.open.values().for_each(|session| statistics.traffic += session.handle.traffic());
        statistics
    }
}

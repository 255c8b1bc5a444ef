//! Who is connected: the sessions of all listeners of a server.

use super::service::{CloseReason, Refused, SessionHandle, SessionInfo};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The open sessions.
pub(crate) struct Sessions {
    state: Mutex<State>,
    /// How many are open: whoever shuts down waits for none.
    count: watch::Sender<usize>,
    most: usize,
}

#[derive(Default)]
struct State {
    last_id: u32,
    open: BTreeMap<u32, Session>,
    stopping: bool,
}

struct Session {
    info: SessionInfo,
    handle: Arc<dyn SessionHandle>,
}

impl Sessions {
    pub(crate) fn new(most: usize) -> Self {
        Self { state: Mutex::default(), count: watch::Sender::new(0), most }
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
                return Ok(id);
            }
        }
    }

    /// A session opens. One that comes while the server stops is told so at once.
    pub(crate) fn open(&self, info: SessionInfo, handle: Arc<dyn SessionHandle>) {
        let mut state = self.state();
        if state.stopping {
            handle.close(CloseReason::Shutdown);
        }
        state.open.insert(info.id, Session { info, handle });
        self.count.send_replace(state.open.len());
    }

    pub(crate) fn close(&self, id: u32) {
        let mut state = self.state();
        state.open.remove(&id);
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
}

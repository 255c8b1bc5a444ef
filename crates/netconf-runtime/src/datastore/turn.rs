//! Requests that wait for the writer's place and must not outlive their session: a lock or a confirmed commit of a session that is
//! over would be nobody's, and nobody would take it back (RFC 6241 sections 7.5 and 8.4.1).

use super::Datastores;
use crate::rpc_error::RpcError;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The sessions with requests that wait.
#[derive(Default)]
pub(super) struct Turns(Mutex<BTreeMap<u32, Waiting>>);

#[derive(Default)]
struct Waiting {
    requests: usize,
    /// Is the session over?
    over: bool,
}

impl Turns {
    fn with<T>(&self, look: impl FnOnce(&mut BTreeMap<u32, Waiting>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A session is over: what waits of it is not begun.
    pub(super) fn session_ended(&self, session: u32) {
        self.with(|turns| {
            if let Some(waiting) = turns.get_mut(&session) {
                waiting.over = true;
            }
        });
    }
}

/// A request that waits, from the moment on that its session hands it over.
pub(super) struct Turn {
    datastores: Arc<Datastores>,
    session: u32,
}

impl Turn {
    pub(super) fn of(datastores: &Arc<Datastores>, session: u32) -> Self {
        datastores.turns.with(|turns| turns.entry(session).or_default().requests += 1);
        Self { datastores: Arc::clone(datastores), session }
    }

    /// Is there still a session that it is for? Asked with the writer's place: whoever ends later is seen to by who comes next.
    pub(super) fn come(&self) -> Result<(), RpcError> {
        if self.datastores.turns.with(|turns| turns.get(&self.session).is_some_and(|w| w.over)) {
            return Err(RpcError::operation_failed("the session ended before its request had its turn"));
        }
        Ok(())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.datastores.turns.with(|turns| {
            if let Some(waiting) = turns.get_mut(&self.session) {
                waiting.requests -= 1;
                if waiting.requests == 0 {
                    turns.remove(&self.session);
                }
            }
        });
    }
}

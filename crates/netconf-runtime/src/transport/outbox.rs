//! What a service holds of a session: its notifications on their way out, and the way to end it.

use crate::protocol::Limits;
use crate::server::service::{CloseReason, NotifyError, SessionHandle};
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The queue between a service and its session loop.
#[derive(Debug)]
pub(super) struct Outbox {
    state: Mutex<State>,
    most: usize,
    most_bytes: usize,
    queued: Notify,
    closing: Notify,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Bytes>,
    bytes: usize,
    closed: Option<CloseReason>,
}

impl Outbox {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            state: Mutex::default(),
            most: limits.queued_notifications,
            most_bytes: limits.queued_notification_bytes,
            queued: Notify::new(),
            closing: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the oldest notification.
    pub(super) fn take(&self) -> Option<Bytes> {
        let mut state = self.state();
        let message = state.queue.pop_front()?;
        state.bytes -= message.len();
        Some(message)
    }

    /// Waits for a notification. Only the session loop calls it.
    pub(super) async fn filled(&self) {
        while self.state().queue.is_empty() {
            self.queued.notified().await;
        }
    }

    /// Waits for the end that the service wants. Only the session loop calls it.
    pub(super) async fn closed(&self) -> CloseReason {
        loop {
            if let Some(reason) = self.state().closed.clone() {
                return reason;
            }
            self.closing.notified().await;
        }
    }
}

impl SessionHandle for Outbox {
    fn notify(&self, message: Bytes) -> Result<(), NotifyError> {
        let mut state = self.state();
        if state.closed.is_some() {
            return Err(NotifyError::Closed);
        }
        if state.queue.len() >= self.most {
            return Err(NotifyError::Full(format!("limit `queued_notifications` of {}", self.most)));
        }
        if state.bytes + message.len() > self.most_bytes {
            let limit = format!("limit `queued_notification_bytes` of {}", self.most_bytes);
            return Err(NotifyError::Full(limit));
        }
        state.bytes += message.len();
        state.queue.push_back(message);
        drop(state);
        self.queued.notify_one();
        Ok(())
    }

    fn close(&self, reason: CloseReason) {
        let mut state = self.state();
        if state.closed.is_none() {
            state.closed = Some(reason);
            drop(state);
            self.closing.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_says_which_limit() {
        let mut limits = Limits::default();
        (limits.queued_notifications, limits.queued_notification_bytes) = (2, 10);
        let outbox = Outbox::new(&limits);
        assert_eq!(outbox.notify(Bytes::from_static(b"12345678")), Ok(()));
        let full = outbox.notify(Bytes::from_static(b"123")).unwrap_err();
        assert!(full.to_string().contains("queued_notification_bytes"), "{full}");
        assert_eq!(outbox.notify(Bytes::from_static(b"12")), Ok(()));
        let full = outbox.notify(Bytes::new()).unwrap_err();
        assert!(full.to_string().contains("`queued_notifications`"), "{full}");
        assert_eq!(outbox.take().as_deref(), Some(&b"12345678"[..]));
        assert_eq!(outbox.notify(Bytes::from_static(b"12345678")), Ok(()));
        outbox.close(CloseReason::Killed { by: 4 });
        outbox.close(CloseReason::Shutdown);
        assert_eq!(outbox.notify(Bytes::new()), Err(NotifyError::Closed));
        assert_eq!(outbox.state().closed, Some(CloseReason::Killed { by: 4 }));
    }
}

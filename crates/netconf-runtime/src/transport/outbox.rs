//! What a service holds of a session: its notifications on their way out, and the way to end it.

use crate::protocol::Limits;
use crate::server::service::{BoxFuture, CloseReason, NotifyError, SessionHandle, Traffic};
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The queue between a service and its session loop.
#[derive(Debug)]
pub(super) struct Outbox {
    state: Mutex<State>,
    most: usize,
    most_bytes: usize,
    queued: Notify,
    taken: Notify,
    closing: Notify,
    counters: Arc<Counters>,
}

/// What has passed on a session.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) in_rpcs: Counter,
    pub(super) in_bad_rpcs: Counter,
    pub(super) out_rpc_errors: Counter,
    pub(super) out_notifications: Counter,
}

/// It goes round.
#[derive(Debug, Default)]
pub(super) struct Counter(AtomicU32);

impl Counter {
    pub(super) fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn get(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
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
            taken: Notify::new(),
            closing: Notify::new(),
            counters: Arc::default(),
        }
    }

    /// Where the session loop counts.
    pub(super) fn counters(&self) -> Arc<Counters> {
        Arc::clone(&self.counters)
    }

    /// Is at most half of the queue in use, or nothing to be queued any more?
    fn has_room(&self) -> bool {
        let state = self.state();
        let half_empty = state.queue.len() <= self.most / 2 && state.bytes <= self.most_bytes / 2;
        half_empty || state.closed.is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the oldest notification.
    pub(super) fn take(&self) -> Option<Bytes> {
        let mut state = self.state();
        let message = state.queue.pop_front()?;
        state.bytes -= message.len();
        drop(state);
        self.taken.notify_waiters();
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
            self.taken.notify_waiters();
        }
    }

    fn room(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            loop {
                let taken = self.taken.notified();
                // What is taken from here on wakes it.
                if self.has_room() {
                    return;
                }
                taken.await;
            }
        })
    }

    fn traffic(&self) -> Traffic {
        Traffic {
            in_rpcs: self.counters.in_rpcs.get(),
            in_bad_rpcs: self.counters.in_bad_rpcs.get(),
            out_rpc_errors: self.counters.out_rpc_errors.get(),
            out_notifications: self.counters.out_notifications.get(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::task::Poll;

    #[tokio::test]
    async fn who_waits_for_room_goes_on_when_half_is_taken_or_the_session_is_over() {
        let mut limits = Limits::default();
        (limits.queued_notifications, limits.queued_notification_bytes) = (4, 10);
        for end in [false, true] {
            let outbox = Outbox::new(&limits);
            outbox.room().await;
            outbox.notify(Bytes::from_static(b"123")).unwrap();
            outbox.notify(Bytes::from_static(b"1234")).unwrap();
            let mut room = outbox.room();
            poll_fn(|cx| {
                assert!(room.as_mut().poll(cx).is_pending(), "7 of 10 bytes");
                Poll::Ready(())
            })
            .await;
            if end {
                outbox.close(CloseReason::Shutdown);
            } else {
                outbox.take().unwrap();
            }
            room.await;
        }
    }

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

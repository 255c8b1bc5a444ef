//! Notifications as a stream: RFC 5277.

use super::Error;
use crate::protocol::Notification;
use futures_core::Stream;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::mpsc;

/// A subscriber was too slow: so many notifications were thrown away (limit `pending_notifications`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0} notifications came faster than they were taken, and are lost (limit `pending_notifications`)")]
pub struct Missed(pub u64);

/// What a subscriber is told.
pub(super) enum Item {
    Notification(Arc<Notification>),
    Missed(Missed),
    Ended(Error),
}

/// Notifications as they come. The stream ends with the session: with an error if that did not end properly.
#[derive(Debug)]
pub struct Notifications {
    receiver: mpsc::Receiver<Item>,
}

/// The sending end of a [`Notifications`].
#[derive(Debug)]
pub(super) struct Subscriber {
    sender: mpsc::Sender<Item>,
    missed: u64,
}

impl Notifications {
    pub(super) fn new(most: usize) -> (Subscriber, Self) {
        // One place more: for the count of what was missed, or for the end.
        let (sender, receiver) =
            mpsc::channel(most.saturating_add(1).min(tokio::sync::Semaphore::MAX_PERMITS));
        (Subscriber { sender, missed: 0 }, Self { receiver })
    }

    /// The next one; `None` when the session has ended properly.
    ///
    /// # Errors
    /// [`Error::Caller`] tells how many were lost by taking them too slowly; others, how the session ended.
    pub async fn next(&mut self) -> Option<Result<Arc<Notification>, Error>> {
        self.receiver.recv().await.map(convert)
    }
}

fn convert(item: Item) -> Result<Arc<Notification>, Error> {
    match item {
        Item::Notification(notification) => Ok(notification),
        Item::Missed(missed) => Err(Error::Caller(missed.to_string())),
        Item::Ended(error) => Err(error),
    }
}

impl Stream for Notifications {
    type Item = Result<Arc<Notification>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.receiver.poll_recv(cx).map(|item| item.map(convert))
    }
}

impl Subscriber {
    /// Hands one on, without waiting; false if nobody takes any more.
    pub(super) fn send(&mut self, notification: &Arc<Notification>) -> bool {
        if self.missed > 0 && self.sender.capacity() > 1 && self.try_send(Item::Missed(Missed(self.missed))) {
            self.missed = 0;
        }
        let room = self.sender.capacity() > 1 && self.missed == 0;
        if !(room && self.try_send(Item::Notification(Arc::clone(notification)))) {
            self.missed += 1;
        }
        !self.sender.is_closed()
    }

    fn try_send(&self, item: Item) -> bool {
        self.sender.try_send(item).is_ok()
    }

    pub(super) fn end(self, error: Option<&Error>) {
        if let Some(error) = error {
            self.try_send(Item::Ended(error.clone()));
        } else if self.missed > 0 {
            self.try_send(Item::Missed(Missed(self.missed)));
        }
    }
}

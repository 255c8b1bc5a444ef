//! Replay (RFC 5277 section 3.3): what the stream keeps, and how a subscription catches up with it.
//!
//! The log is in memory and begins with the server. It keeps messages as they were sent; who may see which of them, and which of them a
//! filter picks, is asked when they are replayed. A subscription that begins in the past reads the log as fast as its session is read,
//! and becomes a live one where it finds no more: nothing is told twice, and nothing is left out. If the log loses what
//! such a subscription has not read yet, its session ends, since a gap that nobody tells of would be worse.

use super::notification::{Hub, NAMESPACE, Phase, Subscription};
use super::service::{CloseReason, NotifyError};
use super::time::{now, timestamp};
use bytes::Bytes;
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use std::time::SystemTime;
use tracing::Instrument as _;
use yang_data::operation::{Operation, OperationKind};
use yang_data::tree::DecodeOptions;
use yang_data::xml::SliceSource;
use yang_schema::Schema;

/// The namespace of `replayComplete` and `notificationComplete` (section 3.4).
const MANAGEMENT: &str = "urn:ietf:params:xml:ns:netmod:notification";

/// Notifications that are taken from the log at once.
const BATCH: u64 = 64;

/// So many notifications are looked at before others have their turn.
const GIVES_WAY: u64 = 16;

/// Which part of the past a subscription asks for (section 2.1.1).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Replay {
    pub(crate) start: SystemTime,
    /// When the subscription ends; `None` is with its session.
    pub(crate) stop: Option<SystemTime>,
}

/// A notification that has been sent.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) time: SystemTime,
    pub(super) message: Bytes,
    /// Where in the message its content stands.
    pub(super) content: Range<usize>,
}

impl Kept {
    /// The notification as its filter sees it.
    pub(super) fn operation(&self, schema: &Arc<Schema>) -> Option<Operation> {
        let mut source =
            SliceSource::new(&self.message[self.content.clone()], yang_data::codec::Limits::default());
        let options = DecodeOptions::default();
        match Operation::decode(schema, OperationKind::Notification, &mut source, &options) {
            Ok(operation) => Some(operation),
            Err(errors) => {
                let error = errors.first().map(ToString::to_string).unwrap_or_default();
                tracing::error!(error, "a notification cannot be read again for its replay");
                None
            }
        }
    }
}

/// What a stream keeps.
pub(super) struct Log {
    kept: VecDeque<Kept>,
    bytes: usize,
    /// The number of the first one that is kept. Each has its own, from 0 on.
    first: u64,
    created: SystemTime,
    /// The time of the last one that is kept no more.
    aged: Option<SystemTime>,
    most: usize,
    most_bytes: usize,
}

/// What was asked for is not kept any more.
#[derive(Debug)]
pub(super) struct Aged;

impl Log {
    /// A log of so many notifications and bytes; of none if either is 0.
    pub(super) fn new(most: usize, most_bytes: usize) -> Self {
        let kept = VecDeque::new();
        Self { kept, bytes: 0, first: 0, created: now(), aged: None, most, most_bytes }
    }

    /// Does it keep any?
    pub(super) fn is_on(&self) -> bool {
        self.most > 0 && self.most_bytes > 0
    }

    /// Since when it is kept, and the time of the last one that it has lost.
    pub(super) fn times(&self) -> (SystemTime, Option<SystemTime>) {
        (self.created, self.aged)
    }

    /// The number of the one that comes next.
    pub(super) fn next(&self) -> u64 {
        self.first + self.kept.len() as u64
    }

    /// Keeps one; the oldest go to make room for it.
    pub(super) fn push(&mut self, kept: Kept) {
        self.bytes += kept.message.len();
        self.kept.push_back(kept);
        while self.kept.len() > self.most || self.bytes > self.most_bytes {
            let Some(oldest) = self.kept.pop_front() else { break };
            self.bytes -= oldest.message.len();
            self.first += 1;
            self.aged = Some(oldest.time);
        }
    }

    /// The number of the first one of this time or later.
    pub(super) fn since(&self, time: SystemTime) -> u64 {
        let earlier = self.kept.iter().take_while(|kept| kept.time < time).count();
        self.first + earlier as u64
    }

    /// Some of those from one number on, before another.
    pub(super) fn some(&self, from: u64, before: u64) -> Result<Vec<Kept>, Aged> {
        let end = before.min(self.next()).min(from.saturating_add(BATCH));
        if from >= end {
            return Ok(Vec::new());
        }
        let at = from.checked_sub(self.first).ok_or(Aged)?;
        let index = |n: u64| usize::try_from(n).map_err(|_| Aged);
        Ok(self.kept.range(index(at)?..index(end - self.first)?).cloned().collect())
    }
}

/// `replayComplete` or `notificationComplete`, which no filter and no rule holds back (section 3.3.2; RFC 8341 section 3.4.6).
fn complete(name: &str) -> Bytes {
    let time = timestamp(now());
    Bytes::from(format!(
        "<notification xmlns=\"{NAMESPACE}\"><eventTime>{time}</eventTime><{name} xmlns=\"{MANAGEMENT}\"/></notification>"
    ))
}

/// Why a replay goes no further.
enum Stopped {
    /// The session is over.
    Over,
    /// It must end, for this reason.
    Failed(String),
}

/// A subscription that begins in the past.
pub(super) struct CatchUp {
    pub(super) hub: Arc<Hub>,
    pub(super) session: u32,
    pub(super) subscription: Arc<Subscription>,
    pub(super) replay: Replay,
    /// The number of the next notification that it reads.
    pub(super) at: u64,
    /// The number of the first one that came after it.
    pub(super) end: u64,
}

impl CatchUp {
    /// Replays, and ends the subscription when its time is over.
    pub(super) async fn run(mut self) {
        let span = tracing::info_span!("replay", session = self.session);
        let done = async { self.catch_up().await }.instrument(span).await;
        if let Err(Stopped::Failed(why)) = done {
            tracing::warn!(session = self.session, "{why}");
            self.hub.session_ended(self.session);
            self.subscription.handle.close(CloseReason::Failed(why));
        }
    }

    async fn catch_up(&mut self) -> Result<(), Stopped> {
        while self.step(self.end).await? {}
        self.send(complete("replayComplete")).await?;
        let Some(stop) = self.replay.stop else {
            while !self.is_live() {
                self.step(u64::MAX).await?;
            }
            return Ok(());
        };
        loop {
            let left = stop.duration_since(SystemTime::now()).unwrap_or_default();
            if left.is_zero() {
                break;
            }
            // What came while the past was told, and then what comes.
            if self.is_live() {
                tokio::time::sleep(left).await;
            } else {
                self.step(u64::MAX).await?;
            }
        }
        // What came up to then and has not been told yet, if it never was a live one.
        if self.subscription.phase() == Phase::Replaying {
            while self.step(u64::MAX).await? {}
        }
        self.subscription.handle.room().await;
        self.hub.complete(self.session, &self.subscription, complete("notificationComplete"));
        Ok(())
    }

    /// Makes it a live one if it has read all that there is.
    fn is_live(&self) -> bool {
        let log = self.hub.log();
        if self.at < log.next() {
            return false;
        }
        self.subscription.go_live();
        true
    }

    /// Tells some of those before a number; were there any?
    async fn step(&mut self, before: u64) -> Result<bool, Stopped> {
        let Ok(some) = self.hub.log().some(self.at, before) else {
            let why = "notifications are kept no longer than the session takes to read them (limits `replay_entries`, `replay_bytes`)";
            return Err(Stopped::Failed(why.to_owned()));
        };
        let Replay { start, stop } = self.replay;
        let any = !some.is_empty();
        for kept in some {
            self.at += 1;
            // A clock may have been set back.
            let is_meant = kept.time >= start && stop.is_none_or(|stop| kept.time <= stop);
            if is_meant && self.hub.passes_again(self.session, &self.subscription, &kept) {
                self.send(kept.message).await?;
            }
            // What is not sent takes its time, too, and a session that is over does not wait for the end of the log.
            if self.at.is_multiple_of(GIVES_WAY) {
                tokio::task::yield_now().await;
            }
        }
        Ok(any)
    }

    async fn send(&self, message: Bytes) -> Result<(), Stopped> {
        self.subscription.handle.room().await;
        match self.subscription.handle.notify(message) {
            Ok(()) => Ok(()),
            Err(NotifyError::Closed) => Err(Stopped::Over),
            Err(NotifyError::Full(limit)) => {
                Err(Stopped::Failed(format!("a notification is more than is queued for a session ({limit})")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn kept(second: u64, size: usize) -> Kept {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
        Kept { time, message: Bytes::from(vec![b'x'; size]), content: 0..size }
    }

    fn seconds(log: &Log, from: u64, before: u64) -> Vec<u64> {
        let since = |kept: &Kept| kept.time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        log.some(from, before).unwrap().iter().map(since).collect()
    }

    #[test]
    fn the_oldest_go_when_there_are_more_than_the_limits_say() {
        let mut by_number = Log::new(3, usize::MAX);
        (1..=5).for_each(|n| by_number.push(kept(n, 10)));
        assert_eq!((by_number.first, by_number.next()), (2, 5));
        assert_eq!(seconds(&by_number, 2, u64::MAX), [3, 4, 5]);
        assert_eq!(by_number.times().1, Some(kept(2, 0).time));

        let mut by_bytes = Log::new(usize::MAX, 25);
        (1..=5).for_each(|n| by_bytes.push(kept(n, 10)));
        assert_eq!(seconds(&by_bytes, 3, u64::MAX), [4, 5]);
        // One that is larger than all the room is not kept, and nothing before it.
        by_bytes.push(kept(6, 26));
        assert_eq!((by_bytes.first, by_bytes.next(), by_bytes.bytes), (6, 6, 0));
        by_bytes.push(kept(7, 25));
        assert_eq!(seconds(&by_bytes, 6, u64::MAX), [7]);
    }

    #[test]
    fn what_is_gone_is_not_passed_over_in_silence() {
        let mut log = Log::new(2, usize::MAX);
        (1..=3).for_each(|n| log.push(kept(n, 1)));
        assert!(log.some(0, u64::MAX).is_err());
        assert_eq!(seconds(&log, 1, 2), [2]);
        assert_eq!(seconds(&log, 3, u64::MAX), Vec::<u64>::new());
    }

    #[test]
    fn a_time_is_found() {
        let mut log = Log::new(10, usize::MAX);
        [10, 20, 20, 30].into_iter().for_each(|n| log.push(kept(n, 1)));
        let since = |second| log.since(kept(second, 0).time);
        assert_eq!([since(0), since(10), since(11), since(20), since(30), since(31)], [0, 0, 1, 1, 3, 4]);
    }

    #[test]
    fn none_are_kept_where_a_limit_says_so() {
        assert!(!Log::new(0, 100).is_on() && !Log::new(100, 0).is_on() && Log::new(1, 1).is_on());
    }
}

//! A device that is kept in reach: a new session when the old one is over, with back-off; reads that are asked again, and
//! subscriptions that are taken up where they broke off. What may change something is never repeated.

use super::{Error, Interceptor, Notifications, Session};
use crate::protocol::Notification;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long to wait between attempts to connect.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Backoff {
    /// Before the second attempt.
    pub first: Duration,
    /// At most.
    pub most: Duration,
    /// How many attempts are made before the error is given to who asked; `None`: no end.
    pub attempts: Option<usize>,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: Duration::from_millis(200), most: Duration::from_secs(30), attempts: Some(10) }
    }
}

impl Backoff {
    /// Sets how many attempts are made; `None`: no end.
    #[must_use]
    pub fn attempts(mut self, attempts: impl Into<Option<usize>>) -> Self {
        self.attempts = attempts.into();
        self
    }

    /// Sets the first and the longest wait.
    #[must_use]
    pub fn between(mut self, first: Duration, most: Duration) -> Self {
        (self.first, self.most) = (first, most);
        self
    }

    /// The wait after so many failures: twice as long each time, and between a half and the whole of it, so that many clients of
    /// a device that was away do not come back at one moment.
    fn after(&self, failures: usize) -> Duration {
        let doubled = self.first.saturating_mul(1 << failures.saturating_sub(1).min(20));
        let wait = doubled.min(self.most);
        // A number that differs between clients is enough: it need not be unpredictable.
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        wait / 2 + wait.mul_f64(f64::from(now.subsec_nanos() % 1000) / 2000.0)
    }
}

/// How to get a session.
pub trait Connect: Send + Sync + 'static {
    /// Connects.
    fn connect(&self) -> Pin<Box<dyn Future<Output = Result<Session, Error>> + Send + '_>>;
}

impl<F, C> Connect for C
where
    C: Fn() -> F + Send + Sync + 'static,
    F: Future<Output = Result<Session, Error>> + Send + 'static,
{
    fn connect(&self) -> Pin<Box<dyn Future<Output = Result<Session, Error>> + Send + '_>> {
        Box::pin(self())
    }
}

/// A device that is connected to again when a session is over. Clones share the session.
#[derive(Clone)]
pub struct Reconnecting {
    inner: Arc<Inner>,
}

struct Inner {
    connect: Box<dyn Connect>,
    backoff: Backoff,
    interceptors: Vec<Arc<dyn Interceptor>>,
    current: Mutex<Current>,
}

#[derive(Default)]
struct Current {
    session: Option<Session>,
    connected: bool,
}

impl std::fmt::Debug for Reconnecting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reconnecting").field("backoff", &self.inner.backoff).finish_non_exhaustive()
    }
}

impl Reconnecting {
    /// Nothing is connected yet.
    #[must_use]
    pub fn new(connect: impl Connect, backoff: Backoff) -> Self {
        Self::with_interceptors(connect, backoff, Vec::new())
    }

    /// The same, telling these of new sessions. (Those of the sessions themselves are given where they are opened.)
    #[must_use]
    pub fn with_interceptors(
        connect: impl Connect,
        backoff: Backoff,
        interceptors: Vec<Arc<dyn Interceptor>>,
    ) -> Self {
        let inner = Inner { connect: Box::new(connect), backoff, interceptors, current: Mutex::default() };
        Self { inner: Arc::new(inner) }
    }

    /// The session, or a new one if it is over. Many who ask at one time get one.
    ///
    /// # Errors
    /// The last attempt's, when there are no more; at once what another attempt would not help against: a login that is
    /// refused, a host that is not the one meant.
    pub async fn session(&self) -> Result<Session, Error> {
        let mut current = self.inner.current.lock().await;
        if let Some(session) = current.session.as_ref().filter(|s| s.ended().is_none()) {
            return Ok(session.clone());
        }
        let mut failures = 0;
        loop {
            let error = match self.inner.connect.connect().await {
                Ok(session) => {
                    if std::mem::replace(&mut current.connected, true) {
                        self.inner.interceptors.iter().for_each(|i| i.reconnected(&session));
                    }
                    current.session = Some(session.clone());
                    return Ok(session);
                }
                Err(error) => error,
            };
            failures += 1;
            let enough = self.inner.backoff.attempts.is_some_and(|most| failures >= most.max(1));
            if enough || !error.is_worth_another_attempt() {
                return Err(error);
            }
            let wait = self.inner.backoff.after(failures);
            tracing::debug!("attempt {failures} to connect failed, the next comes in {wait:?}: {error}");
            tokio::time::sleep(wait).await;
        }
    }

    /// Does something that may be done twice: reads. It is done again, in a new session, when the session ended in the middle of it. A
    /// write whose outcome is unknown ([`Error::Unknown`]) is given back to the caller even here.
    ///
    /// # Errors
    /// Those of the work, and of connecting.
    pub async fn idempotent<T, F>(&self, work: impl Fn(Session) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut rounds = 0;
        loop {
            let session = self.session().await?;
            let error = match work(session).await {
                Err(error) if error.is_session_over() && !error.is_outcome_unknown() => error,
                done => return done,
            };
            rounds += 1;
            if self.inner.backoff.attempts.is_some_and(|most| rounds >= most.max(1)) {
                return Err(error);
            }
            // A device that lets in and then cuts off is not asked without a pause either.
            tokio::time::sleep(self.inner.backoff.after(rounds)).await;
        }
    }

    /// Subscribes to a stream of events (RFC 5277), and again after each loss of the session: with what came to pass meanwhile, where the
    /// device keeps it.
    ///
    /// # Errors
    /// Those of connecting and of create-subscription.
    pub async fn subscribe(
        &self,
        stream: impl Into<String>,
        filter: Option<super::Filter>,
    ) -> Result<ResumedNotifications, Error> {
        let mut notifications = ResumedNotifications {
            device: self.clone(),
            stream: stream.into(),
            filter,
            current: None,
            last: None,
            at_last: Vec::new(),
        };
        notifications.begin().await?;
        Ok(notifications)
    }
}

/// What comes out of a subscription that outlives its sessions.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Resumed {
    /// An event.
    Notification(Arc<Notification>),
    /// There is a new session, and past events were asked for: nothing is lost that the device still had.
    Replayed,
    /// There is a new session, and the device does not tell past events: some may be lost.
    Gap,
}

/// Notifications over the loss of sessions: see [`Reconnecting::subscribe`].
#[derive(Debug)]
pub struct ResumedNotifications {
    device: Reconnecting,
    stream: String,
    filter: Option<super::Filter>,
    current: Option<Notifications>,
    /// The time of the last event, and the texts of those at that time: a replay from then on brings them again.
    last: Option<String>,
    at_last: Vec<String>,
}

impl ResumedNotifications {
    /// The next; never none, as long as sessions can be had.
    ///
    /// # Errors
    /// Those of [`Notifications::next`] that say what was missed; those of connecting and subscribing anew, after which the next
    /// call tries again.
    pub async fn next(&mut self) -> Result<Resumed, Error> {
        loop {
            let Some(current) = &mut self.current else { return self.begin().await };
            match current.next().await {
                Some(Ok(notification)) => {
                    if notification.event.local() == "replayComplete" || !self.is_new(&notification) {
                        continue;
                    }
                    return Ok(Resumed::Notification(notification));
                }
                Some(Err(error)) if !error.is_session_over() => return Err(error),
                Some(Err(_)) | None => self.current = None,
            }
        }
    }

    /// Whether it has not been told. Only events at the time of the last one come twice.
    fn is_new(&mut self, notification: &Notification) -> bool {
        let text = notification.as_str();
        if self.last.as_deref() != Some(notification.event_time.as_str()) {
            self.last = Some(notification.event_time.clone());
            self.at_last.clear();
        } else if self.at_last.iter().any(|t| t == text) {
            return false;
        }
        // So many of one moment are remembered; it is a bound, which devices that count seconds may reach.
        if self.at_last.len() < 1000 {
            self.at_last.push(text.to_owned());
        }
        true
    }

    async fn begin(&mut self) -> Result<Resumed, Error> {
        let session = self.device.session().await?;
        let subscription = || {
            let subscription = session.create_subscription().stream(self.stream.as_str());
            match &self.filter {
                Some(filter) => subscription.filter(filter.clone()),
                None => subscription,
            }
        };
        if let Some(last) = &self.last {
            match subscription().start_time(last.as_str()).await {
                Ok(notifications) => {
                    self.current = Some(notifications);
                    return Ok(Resumed::Replayed);
                }
                // The device keeps no events, or not this long.
                Err(Error::Rpc(errors)) => tracing::debug!("no replay: {errors}"),
                Err(error) => return Err(error),
            }
        }
        self.current = Some(subscription().await?);
        Ok(Resumed::Gap)
    }
}

//! The server's side of call home: RFC 8071 section 4. It calls until a client answers, and calls again when the connection is
//! over, for as long as it runs: at once, or at the next of the times that are agreed on (`persistent` and `periodic` of
//! ietf-netconf-server).

use crate::protocol::Limits;
use crate::transport::listener::Running;
use crate::transport::tcp;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tracing::{Instrument as _, debug, info, info_span};

/// Whom to call, and how often.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct CallHome {
    /// Where clients wait: `host:port`, tried in this order.
    pub clients: Vec<String>,
    /// How long one may take to answer.
    pub timeout: Duration,
    /// How long to wait when none answered, or when a connection is over. It doubles each time that nobody logs in.
    pub wait: Duration,
    /// How long to wait at most.
    pub longest_wait: Duration,
    /// When it calls, if it does not keep a connection all the time.
    pub periodic: Option<Periodic>,
}

/// Connections for a while, again and again: for devices that cannot hold one all the time.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Periodic {
    /// How long it is from one connection to the next.
    pub period: Duration,
    /// A time that is whole periods away from each connection. Without one the first begins at once.
    pub anchor: Option<SystemTime>,
    /// How long a session may be idle before it is ended, and the connection with it: see
    /// [`Limits::idle_timeout`](crate::protocol::Limits::idle_timeout). `None`: for ever.
    pub idle_timeout: Option<Duration>,
}

impl Periodic {
    /// So often; sessions that are idle for three minutes end.
    #[must_use]
    pub fn new(period: Duration) -> Self {
        Self { period, anchor: None, idle_timeout: Some(Duration::from_secs(180)) }
    }

    /// Sets a time that is whole periods away from each connection.
    #[must_use]
    pub fn anchor(mut self, time: SystemTime) -> Self {
        self.anchor = Some(time);
        self
    }

    /// Sets how long a session may be idle.
    #[must_use]
    pub fn idle_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.idle_timeout = limit.into();
        self
    }

    /// The first time after `after` at which there is a connection, with whole periods between it and `anchor`.
    fn next(&self, anchor: SystemTime, after: SystemTime) -> SystemTime {
        // Not to wait at all would be a flood.
        let period = self.period.max(Duration::from_millis(1)).as_nanos();
        let wait = match after.duration_since(anchor) {
            Ok(since) => period - since.as_nanos() % period,
            Err(until) => match until.duration().as_nanos() % period {
                0 => period,
                rest => rest,
            },
        };
        after + Duration::from_nanos(u64::try_from(wait).unwrap_or(u64::MAX))
    }
}

impl CallHome {
    /// These clients, each `host:port`.
    #[must_use]
    pub fn new<C: Into<String>>(clients: impl IntoIterator<Item = C>) -> Self {
        Self {
            clients: clients.into_iter().map(Into::into).collect(),
            timeout: Duration::from_secs(10),
            wait: Duration::from_secs(1),
            longest_wait: Duration::from_secs(300),
            periodic: None,
        }
    }

    /// Calls at such times only, and not again as soon as a connection is over.
    #[must_use]
    pub fn periodic(mut self, periodic: Periodic) -> Self {
        self.periodic = Some(periodic);
        self
    }

    /// What peers may cost who are called like this.
    pub(crate) fn bound(&self, limits: &mut Limits) {
        if let Some(periodic) = &self.periodic {
            limits.idle_timeout = periodic.idle_timeout;
        }
    }

    /// Sets how long to wait at first and at most.
    #[must_use]
    pub fn wait(mut self, wait: Duration, longest_wait: Duration) -> Self {
        (self.wait, self.longest_wait) = (wait, longest_wait);
        self
    }
}

/// How long to wait before the next round: twice as long each time, up to a bound, and not all servers alike.
#[derive(Debug)]
struct BackOff {
    first: Duration,
    most: Duration,
    next: Duration,
}

impl BackOff {
    fn new(options: &CallHome) -> Self {
        // Not to wait at all would be a flood.
        let first = options.wait.max(Duration::from_millis(1));
        Self { first, most: options.longest_wait.max(first), next: first }
    }

    /// Somebody logged in: the next wait is a short one again.
    fn reset(&mut self) {
        self.next = self.first;
    }

    /// The next wait, between three and five quarters of what it is nominally.
    fn wait(&mut self, random: u64) -> Duration {
        let wait = self.next;
        self.next = (wait * 2).min(self.most);
        wait * 3 / 4 + wait / 2 * (random % 1024) as u32 / 1024
    }
}

/// Different in each process and at each call; nothing depends on its being good.
fn random() -> u64 {
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}

/// Calls, and calls again. `serve` has a connection to its end, and says whether somebody logged in.
pub(crate) fn start<F: Future<Output = bool> + Send + 'static>(
    options: CallHome,
    serve: impl Fn(TcpStream, SocketAddr, watch::Receiver<bool>) -> F + Send + Sync + 'static,
) -> io::Result<Running> {
    if options.clients.is_empty() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "there is nobody to call"));
    }
    Ok(Running::start(move |stopping| call(options, stopping, serve)))
}

async fn call<F: Future<Output = bool> + Send>(
    options: CallHome,
    mut stopping: watch::Receiver<bool>,
    serve: impl Fn(TcpStream, SocketAddr, watch::Receiver<bool>) -> F + Sync,
) {
    let mut back_off = BackOff::new(&options);
    let anchor = options.periodic.as_ref().and_then(|p| p.anchor);
    let begun = SystemTime::now();
    // When the next connection is due.
    let mut due = match (&options.periodic, anchor) {
        (Some(periodic), Some(anchor)) => periodic.next(anchor, begun),
        _ => begun,
    };
    loop {
        let wait = due.duration_since(SystemTime::now()).unwrap_or_default();
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
        let mut reached = false;
        for client in &options.clients {
            let dialled = tokio::select! {
                dialled = dial(client, options.timeout) => dialled,
                _ = stopping.wait_for(|stop| *stop) => return,
            };
            let (socket, address) = match dialled {
                Ok(connected) => connected,
                Err(error) => {
                    debug!(client, "nobody answers: {error}");
                    continue;
                }
            };
            info!(client, %address, "called home");
            let entered =
                serve(socket, address, stopping.clone()).instrument(info_span!("home", client)).await;
            if *stopping.borrow() {
                return;
            }
            if entered {
                back_off.reset();
                reached = true;
                break;
            }
        }
        let now = SystemTime::now();
        let again = now + back_off.wait(random());
        due = match &options.periodic {
            // The clock that says when may be behind the one that waits: what was due has been.
            Some(periodic) if reached => periodic.next(anchor.unwrap_or(begun), now.max(due)),
            Some(periodic) => again.min(periodic.next(anchor.unwrap_or(begun), now)),
            None => again,
        };
    }
}

async fn dial(client: &str, timeout: Duration) -> io::Result<(TcpStream, SocketAddr)> {
    let socket = tokio::time::timeout(timeout, tcp::connect(client)).await??;
    let address = socket.peer_addr()?;
    Ok((socket, address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_bound_and_begin_anew() {
        let seconds = Duration::from_secs;
        let mut back_off = BackOff::new(&CallHome::new(["x:1"]).wait(seconds(4), seconds(20)));
        let mut nominal = Vec::new();
        for _ in 0..4 {
            nominal.push(back_off.next.as_secs());
            back_off.wait(0);
        }
        assert_eq!(nominal, [4, 8, 16, 20]);
        back_off.reset();
        assert_eq!(back_off.wait(0), seconds(3));
        back_off.reset();
        let longest = back_off.wait(1023);
        assert!(longest > Duration::from_millis(4990) && longest < seconds(5), "{longest:?}");
        // What would be a flood is none.
        let mut none = BackOff::new(&CallHome::new(["x:1"]).wait(Duration::ZERO, Duration::ZERO));
        assert!(none.wait(512) >= Duration::from_micros(750));
    }

    #[test]
    fn connections_are_whole_periods_away_from_the_anchor() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let hourly = Periodic::new(Duration::from_secs(3600));
        for (after, next) in [(1000, 4600), (999, 1000), (4599, 4600), (4600, 8200), (7201, 8200), (0, 1000)]
        {
            assert_eq!(hourly.next(at(1000), at(after)), at(next), "after {after}");
        }
        // The anchor may lie ahead, by any number of periods.
        assert_eq!(hourly.next(at(36_010), at(3600)), at(3610));
        assert_eq!(hourly.next(at(36_010), at(3610)), at(7210));
        let none = Periodic::new(Duration::ZERO);
        assert!(none.next(at(5), at(5)) > at(5));
    }
}

//! The server's side of call home: RFC 8071 section 4. It calls until a client answers, and calls again when the connection is
//! over, for as long as it runs.

use crate::transport::listener::Running;
use crate::transport::tcp;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
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
    loop {
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
                break;
            }
        }
        let wait = back_off.wait(random());
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
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
}

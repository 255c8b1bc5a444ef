//! All that ends by the clock, at both ends. Time is simulated: nobody waits, and a deadline is met to the second.

use super::*;
use crate::server::service::BoxFuture;
use crate::transport::ssh::client::connect_over;
use crate::transport::ssh::server::{Authenticator, Front};
use russh::server::{Auth, ChannelOpenHandle};
use std::net::SocketAddr;
use tokio::io::{DuplexStream, duplex};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

const SECOND: Duration = Duration::from_secs(1);

const HOUR: Duration = Duration::from_secs(3600);

/// A server for one connection in memory.
struct InMemory {
    toy: Arc<Toy>,
    /// Says at its end whether somebody logged in.
    served: JoinHandle<bool>,
    stop: watch::Sender<bool>,
}

fn in_memory(options: SshServerOptions) -> (InMemory, DuplexStream) {
    let toy = Toy::new();
    let front = Front::new(options, Arc::new(Arc::clone(&toy))).unwrap();
    let (near, far) = duplex(1 << 20);
    let (stop, stopping) = watch::channel(false);
    let served = tokio::spawn(front.connection(far, ([127, 0, 0, 1], 1).into(), stopping));
    (InMemory { toy, served, stop }, near)
}

fn for_ann() -> SshServerOptions {
    let users = Users::new().user("ann", User::new().password("secret"));
    SshServerOptions::with_new_host_key(users).unwrap()
}

/// Carries a connection until it is frozen, which is by the first message: then both of its ends stand, and nothing goes through.
/// Without a message it is cut off.
fn middle(mut far: DuplexStream) -> (DuplexStream, oneshot::Sender<()>) {
    let (near, mut middle) = duplex(1 << 20);
    let (freeze, frozen) = oneshot::channel();
    tokio::spawn(async move {
        let frozen = tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut middle, &mut far) => return,
            frozen = frozen => frozen,
        };
        if frozen.is_ok() {
            std::future::pending().await
        }
    });
    (near, freeze)
}

type Bare = russh::client::Handle<AnyHost>;

/// A client that has not logged in.
async fn greeted(stream: DuplexStream) -> Bare {
    russh::client::connect_stream(Arc::new(Config::default()), stream, AnyHost).await.unwrap()
}

/// One that has.
async fn entered(stream: DuplexStream) -> Bare {
    let mut handle = greeted(stream).await;
    assert!(handle.authenticate_password("ann", "secret").await.unwrap().success());
    handle
}

async fn channel(handle: &Bare) -> russh::ChannelStream<russh::client::Msg> {
    let channel = handle.channel_open_session().await.unwrap();
    channel.request_subsystem(true, SUBSYSTEM).await.unwrap();
    channel.into_stream()
}

async fn session(handle: &Bare) -> Session {
    Session::open(channel(handle).await, Options::default()).await.unwrap()
}

/// What took so long took no longer than it had to. A peer that is told of the end has some time to follow, by the limit `linger`.
fn took(begun: Instant, nominal: Duration) {
    let (took, linger) = (begun.elapsed(), Limits::default().linger);
    assert!((nominal..=nominal + linger + SECOND).contains(&took), "{took:?}, not {nominal:?}");
}

#[tokio::test(start_paused = true)]
async fn a_login_takes_only_so_long_wherever_it_stands() {
    let limit = Duration::from_secs(17);
    let options = || for_ann().limits(Limits { login_timeout: limit, ..Limits::default() });
    // Nothing comes, or the version and no more.
    for said in ["", "SSH-2.0-x", "SSH-2.0-x\r\n"] {
        let begun = Instant::now();
        let (server, mut near) = in_memory(options());
        near.write_all(said.as_bytes()).await.unwrap();
        assert!(!server.served.await.unwrap());
        took(begun, limit);
        timeout(SECOND, near.read_to_end(&mut Vec::new())).await.unwrap().unwrap();
    }
    for state in ["keys", "refused", "asked"] {
        let begun = Instant::now();
        let (server, near) = in_memory(options());
        let mut handle = greeted(near).await;
        match state {
            "refused" => assert!(!handle.authenticate_password("ann", "guess").await.unwrap().success()),
            "asked" => _ = handle.authenticate_keyboard_interactive_start("ann", None).await.unwrap(),
            _ => {}
        }
        assert!(!server.served.await.unwrap(), "{state}");
        took(begun, limit);
        for _ in 0..100 {
            sleep(SECOND / 10).await;
        }
        // This client, when asked, does not look at its socket before it has answered.
        assert!(handle.is_closed() || state == "asked", "{state}");
        assert!(server.toy.sessions.lock().unwrap().is_empty());
    }
    // Who is in at the last moment is in.
    let (server, near) = in_memory(options());
    let mut handle = greeted(near).await;
    sleep(limit - SECOND).await;
    assert!(handle.authenticate_password("ann", "secret").await.unwrap().success());
    sleep(HOUR).await;
    session(&handle).await.get().await.unwrap();
    assert!(!server.served.is_finished());
}

/// Guessing costs time, from the first guess on; to ask which methods there are does not.
#[tokio::test(start_paused = true)]
async fn a_login_that_fails_takes_its_time() {
    let limits = Limits { login_delay: 2 * SECOND, ..Limits::default() };
    let (_server, near) = in_memory(for_ann().limits(limits));
    let mut handle = greeted(near).await;
    let begun = Instant::now();
    assert!(!handle.authenticate_none("ann").await.unwrap().success());
    assert!(begun.elapsed() < SECOND);
    assert!(!handle.authenticate_password("ann", "guess").await.unwrap().success());
    took(begun, 2 * SECOND);
    let begun = Instant::now();
    assert!(handle.authenticate_password("ann", "secret").await.unwrap().success());
    assert!(begun.elapsed() < SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_says_no_hello_ends_alone() {
    let limits = Limits { hello_timeout: 11 * SECOND, ..Limits::default() };
    let (server, near) = in_memory(for_ann().limits(limits));
    let handle = entered(near).await;
    sleep(HOUR).await;
    let begun = Instant::now();
    let mut silent = channel(&handle).await;
    let mut said = Vec::new();
    silent.read_to_end(&mut said).await.unwrap();
    took(begun, 11 * SECOND);
    assert!(said.starts_with(b"<hello") || said.starts_with(b"<?xml"), "{}", String::from_utf8_lossy(&said));
    session(&handle).await.get().await.unwrap();
    assert_eq!(server.toy.sessions.lock().unwrap().len(), 1);
}

/// A connection without a session is idle, and so is a session without a request.
#[tokio::test(start_paused = true)]
async fn a_connection_may_be_idle_for_so_long() {
    let limit = Duration::from_secs(300);
    let options = || for_ann().limits(Limits { idle_timeout: Some(limit), ..Limits::default() });
    let (server, near) = in_memory(options());
    let handle = entered(near).await;
    let begun = Instant::now();
    assert!(server.served.await.unwrap());
    took(begun, limit);
    drop(handle);
    // While there is a session that is used there is no end, and after it the time begins anew.
    let (server, near) = in_memory(options());
    let handle = entered(near).await;
    sleep(limit - SECOND).await;
    let used = session(&handle).await;
    for _ in 0..10 {
        sleep(limit - SECOND).await;
        used.get().await.unwrap();
    }
    used.close().await.unwrap();
    let begun = Instant::now();
    assert!(server.served.await.unwrap());
    took(begun, limit);
    // Without the limit it may be as long as it likes.
    let (server, near) = in_memory(for_ann());
    let handle = entered(near).await;
    sleep(24 * HOUR).await;
    session(&handle).await.get().await.unwrap();
    assert!(!server.served.is_finished());
}

/// A peer that is frozen answers no heartbeat; one that answers may be silent for as long as it likes; one that is gone is noticed at once.
#[tokio::test(start_paused = true)]
async fn the_server_notices_a_client_that_is_frozen_or_gone() {
    for heartbeat in [Heartbeat::default(), Heartbeat { interval: 7 * SECOND, misses: 2 }] {
        for is_frozen in [true, false] {
            let mut options = for_ann();
            options.heartbeat = Some(heartbeat);
            let (server, far) = in_memory(options);
            let (near, freeze) = middle(far);
            let handle = entered(near).await;
            let session = session(&handle).await;
            sleep(HOUR).await;
            session.rpc_xml("<get/>").await.unwrap();
            let begun = Instant::now();
            if is_frozen {
                freeze.send(()).unwrap();
            } else {
                drop(freeze);
            }
            assert!(server.served.await.unwrap());
            let took = begun.elapsed();
            let misses = heartbeat.interval * heartbeat.misses as u32;
            if is_frozen {
                assert!((misses..=misses + 2 * heartbeat.interval).contains(&took), "{took:?}");
            } else {
                assert!(took < SECOND, "{took:?}");
            }
            assert_eq!(server.toy.end_of(1).await, CloseReason::Dropped);
        }
    }
    // Without heartbeats it is left to TCP, which in memory notices nothing.
    let mut options = for_ann();
    options.heartbeat = None;
    let (server, far) = in_memory(options);
    let (near, freeze) = middle(far);
    let handle = entered(near).await;
    let _session = session(&handle).await;
    freeze.send(()).unwrap();
    sleep(24 * HOUR).await;
    assert!(!server.served.is_finished() && server.toy.ends.lock().unwrap().is_empty());
}

/// The end of the server waits for its peers, but not for one that takes nothing any more.
#[tokio::test(start_paused = true)]
async fn a_frozen_client_does_not_hold_up_the_end() {
    let mut options = for_ann().limits(Limits { linger: 4 * SECOND, ..Limits::default() });
    options.heartbeat = None;
    let (server, far) = in_memory(options);
    let (near, freeze) = middle(far);
    let handle = entered(near).await;
    let _session = session(&handle).await;
    freeze.send(()).unwrap();
    sleep(SECOND).await;
    let begun = Instant::now();
    server.stop.send(true).unwrap();
    assert!(server.served.await.unwrap());
    // Its session, the goodbye, and the socket have that time each.
    assert!(begun.elapsed() <= 13 * SECOND, "{:?}", begun.elapsed());
}

/// A server that never says whether somebody may come in.
struct Undecided;

impl Authenticator for Undecided {
    fn password<'a>(&'a self, _: &'a str, _: &'a str, _: SocketAddr) -> BoxFuture<'a, bool> {
        Box::pin(std::future::pending())
    }

    fn public_key<'a>(&'a self, _: &'a str, _: &'a PublicKey, _: SocketAddr) -> BoxFuture<'a, bool> {
        Box::pin(std::future::pending())
    }
}

/// A server that takes each channel, and does not answer what is asked of it.
struct Taciturn;

impl russh::server::Handler for Taciturn {
    type Error = russh::Error;

    async fn auth_password(&mut self, _: &str, _: &str) -> Result<Auth, russh::Error> {
        Ok(Auth::Accept)
    }

    async fn channel_open_session(
        &mut self,
        _: russh::Channel<russh::server::Msg>,
        reply: ChannelOpenHandle,
        _: &mut russh::server::Session,
    ) -> Result<(), russh::Error> {
        reply.accept().await;
        Ok(())
    }

    async fn subsystem_request(
        &mut self,
        _: russh::ChannelId,
        _: &str,
        _: &mut russh::server::Session,
    ) -> Result<(), russh::Error> {
        Ok(())
    }
}

fn ann() -> SshOptions {
    SshOptions::new("ann").password("secret").host_key(HostKeyCheck::DangerouslyAcceptAnyKey)
}

#[tokio::test(start_paused = true)]
async fn connecting_takes_only_so_long_wherever_it_stands() {
    let limit = 23 * SECOND;
    for state in ["silent", "version", "login", "channel"] {
        let (near, far) = duplex(1 << 20);
        let (through, served) = duplex(1 << 20);
        let ((mut from, mut to), (mut back, mut forth)) = (tokio::io::split(far), tokio::io::split(served));
        tokio::spawn(async move { tokio::io::copy(&mut back, &mut to).await });
        // This ends when the client has let go of the connection.
        let let_go = tokio::spawn(async move { tokio::io::copy(&mut from, &mut forth).await });
        let mut through = Some(through);
        match state {
            "silent" => {}
            "version" => through.as_mut().unwrap().write_all(b"SSH-2.0-x\r\n").await.unwrap(),
            "login" => {
                let options = SshServerOptions::with_new_host_key(Undecided).unwrap();
                let front = Front::new(options, Arc::new(Toy::new())).unwrap();
                let (stop, stopping) = watch::channel(false);
                let served = front.connection(through.take().unwrap(), ([127, 0, 0, 1], 1).into(), stopping);
                tokio::spawn(async move { (served.await, stop) });
            }
            _ => {
                let config = russh::server::Config {
                    keys: vec![(*PrivateKey::generate().unwrap().0).clone()],
                    ..Default::default()
                };
                let through = through.take().unwrap();
                tokio::spawn(async move {
                    let running = russh::server::run_stream(Arc::new(config), through, Taciturn).await;
                    _ = running.unwrap().await;
                });
            }
        }
        let begun = Instant::now();
        let error = connect_over(near, "dev", &ann().connect_timeout(limit)).await.unwrap_err();
        took(begun, limit);
        assert!(matches!(&error, SshError::TimedOut { limit: l, .. } if *l == limit), "{state}: {error}");
        timeout(10 * SECOND, let_go).await.expect(state).unwrap().ok();
    }
}

/// The same at the other end: a frozen server is told from one that is gone.
#[tokio::test(start_paused = true)]
async fn the_client_notices_a_server_that_is_frozen_or_gone() {
    for heartbeat in [Heartbeat::default(), Heartbeat { interval: 7 * SECOND, misses: 2 }] {
        for is_frozen in [true, false] {
            let (_server, far) = in_memory(for_ann());
            let (near, freeze) = middle(far);
            let stream = connect_over(near, "dev", &ann().heartbeat(heartbeat)).await.unwrap();
            let session = Session::open(stream, Options::default().timeout(None)).await.unwrap();
            // It may think about one request for as long as it likes, as long as it is alive.
            assert!(session.rpc_xml("<sleep>36000000</sleep>").await.unwrap().ok);
            let waiting = tokio::spawn({
                let session = session.clone();
                async move { session.rpc_xml("<never/>").await }
            });
            sleep(SECOND).await;
            let begun = Instant::now();
            if is_frozen {
                freeze.send(()).unwrap();
            } else {
                drop(freeze);
            }
            let error = waiting.await.unwrap().unwrap_err();
            let Error::Unknown { cause, .. } = &error else { panic!("{error}") };
            let Error::Transport(cause) = &**cause else { panic!("{error}") };
            let (took, misses) = (begun.elapsed(), heartbeat.interval * heartbeat.misses as u32);
            if is_frozen {
                assert_eq!(cause.kind, TransportErrorKind::Frozen, "{error}");
                assert!(error.to_string().contains(&format!("{} heartbeats", heartbeat.misses)), "{error}");
                assert!((misses..=misses + 2 * heartbeat.interval).contains(&took), "{took:?}");
            } else {
                assert_eq!(cause.kind, TransportErrorKind::ClosedByPeer, "{error}");
                assert!(took < SECOND, "{took:?}");
            }
            assert!(session.ended().is_some());
        }
    }
    // Without heartbeats a call ends by its own time, and the session does not.
    let (_server, far) = in_memory(for_ann());
    let (near, freeze) = middle(far);
    let stream = connect_over(near, "dev", &ann().heartbeat(None)).await.unwrap();
    let session = Session::open(stream, Options::default()).await.unwrap();
    freeze.send(()).unwrap();
    let begun = Instant::now();
    let error = session.with_timeout(100 * SECOND).get().await.unwrap_err();
    took(begun, 100 * SECOND);
    assert!(matches!(error, Error::TimedOut { .. }), "{error}");
    sleep(24 * HOUR).await;
    assert!(session.ended().is_none());
}

/// SSH is alive and NETCONF is not: heartbeats do not see it, the calls' own time does.
#[tokio::test(start_paused = true)]
async fn a_server_that_only_ssh_is_alive_of() {
    let (server, near) = in_memory(for_ann());
    let stream = connect_over(near, "dev", &ann()).await.unwrap();
    let session = Session::open(stream, Options::default().timeout(90 * SECOND)).await.unwrap();
    let begun = Instant::now();
    let error = session.rpc_xml("<never/>").await.unwrap_err();
    took(begun, 90 * SECOND);
    assert!(error.is_outcome_unknown() && !error.is_session_over(), "{error}");
    assert!(session.ended().is_none() && !server.served.is_finished());
}

/// Whoever drops a session to a frozen server is rid of it, and of the socket.
#[tokio::test(start_paused = true)]
async fn a_frozen_server_does_not_hold_up_who_drops_the_session() {
    let (_server, far) = in_memory(for_ann());
    let (near, mut between) = duplex(1 << 20);
    let (freeze, frozen) = oneshot::channel::<()>();
    let let_go = tokio::spawn(async move {
        let mut far = far;
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut between, &mut far) => panic!("it was not frozen"),
            _ = frozen => {}
        }
        // From now on it reads, and answers nothing.
        between.read_to_end(&mut Vec::new()).await
    });
    let stream = connect_over(near, "dev", &ann().heartbeat(None)).await.unwrap();
    let session = Session::open(stream, Options::default()).await.unwrap();
    freeze.send(()).unwrap();
    sleep(SECOND).await;
    drop(session);
    timeout(15 * SECOND, let_go).await.expect("the connection ends").unwrap().unwrap();
}

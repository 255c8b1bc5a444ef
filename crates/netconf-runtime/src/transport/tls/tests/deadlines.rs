//! All that ends by the clock, at both ends. Time is simulated: nobody waits, and a deadline is met to the second.

use super::*;
use crate::client::Error;
use crate::protocol::ProtocolError;
use crate::transport::tls::server::Front;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

const SECOND: Duration = Duration::from_secs(1);

const HOUR: Duration = Duration::from_secs(3600);

/// A server for one connection in memory, whose clients are who their names say.
struct InMemory {
    authority: Authority,
    toy: Arc<Toy>,
    /// Says at its end whether there was a session.
    served: JoinHandle<bool>,
    stop: watch::Sender<bool>,
}

impl InMemory {
    fn new(limits: Limits) -> (Self, DuplexStream) {
        let authority = Authority::new("authority");
        let map = CertToName::new().entry(1, authority.fingerprint(), MapType::CommonName);
        let (identity, _) = authority.end("server", vec![dns("localhost")], "");
        let options = TlsServerOptions::new(identity, authority.certificates(), map).limits(limits);
        let toy = Toy::new();
        let front = Front::new(options, Arc::new(Arc::clone(&toy))).unwrap();
        let (near, far) = duplex(1 << 20);
        let (stop, stopping) = watch::channel(false);
        let served = tokio::spawn(front.connection(far, "here".to_owned(), stopping));
        (Self { authority, toy, served, stop }, near)
    }

    fn options(&self) -> TlsOptions {
        let (identity, _) = self.authority.end("ann", Vec::new(), "");
        TlsOptions::new(identity, self.authority.certificates())
    }
}

/// What took so long took no longer than it had to.
fn took(begun: Instant, nominal: Duration) {
    let took = begun.elapsed();
    assert!((nominal..nominal + 3 * SECOND).contains(&took), "{took:?}, not {nominal:?}");
}

#[tokio::test(start_paused = true)]
async fn a_login_takes_only_so_long_wherever_it_stands() {
    let limits = Limits { login_timeout: 17 * SECOND, ..Limits::default() };
    // Nothing comes; the head of a record, whose rest does not come; all of a client's greeting, to which it does not take the answer.
    for state in ["silent", "head", "greeted"] {
        let (server, mut near) = InMemory::new(limits.clone());
        let begun = Instant::now();
        match state {
            "head" => near.write_all(&[22, 3, 1, 1, 0]).await.unwrap(),
            "greeted" => {
                let (client, mut between) = duplex(1 << 20);
                let options = server.options().timeout(HOUR);
                tokio::spawn(async move { over(client, "localhost", &options).await.map(drop) });
                let mut greeting = vec![0; 16 << 10];
                let length = between.read(&mut greeting).await.unwrap();
                near.write_all(&greeting[..length]).await.unwrap();
                std::mem::forget(between);
            }
            _ => {}
        }
        assert!(!server.served.await.unwrap(), "{state}");
        took(begun, 17 * SECOND);
        timeout(SECOND, near.read_to_end(&mut Vec::new())).await.unwrap().unwrap();
        assert!(server.toy.sessions.lock().unwrap().is_empty());
    }
    // What is no TLS is not waited for.
    let (server, mut near) = InMemory::new(limits);
    let begun = Instant::now();
    near.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    assert!(!server.served.await.unwrap());
    assert!(begun.elapsed() < SECOND);
}

/// Who is in has to say hello, then, and may be silent after that.
#[tokio::test(start_paused = true)]
async fn hello_has_a_time_of_its_own() {
    let limits = Limits { login_timeout: 17 * SECOND, hello_timeout: 11 * SECOND, ..Limits::default() };
    let (server, near) = InMemory::new(limits.clone());
    let mut stream = over(near, "localhost", &server.options()).await.unwrap();
    let begun = Instant::now();
    let mut said = Vec::new();
    _ = stream.read_to_end(&mut said).await;
    took(begun, 11 * SECOND);
    assert!(!said.is_empty(), "the server greets at once");
    server.served.await.unwrap();
    assert!(server.toy.sessions.lock().unwrap().is_empty());

    let (server, near) = InMemory::new(limits);
    let stream = over(near, "localhost", &server.options()).await.unwrap();
    let session = Session::open(stream, Options::default()).await.unwrap();
    sleep(24 * HOUR).await;
    session.get().await.unwrap();
    assert!(!server.served.is_finished());
}

#[tokio::test(start_paused = true)]
async fn a_session_may_be_idle_for_so_long() {
    let limits = Limits { idle_timeout: Some(300 * SECOND), ..Limits::default() };
    let (server, near) = InMemory::new(limits);
    let stream = over(near, "localhost", &server.options()).await.unwrap();
    let session = Session::open(stream, Options::default()).await.unwrap();
    for _ in 0..5 {
        sleep(299 * SECOND).await;
        session.get().await.unwrap();
    }
    let begun = Instant::now();
    assert!(server.served.await.unwrap());
    took(begun, 300 * SECOND);
    let end = server.toy.end_of(1).await;
    assert!(matches!(&end, CloseReason::Failed(why) if why.contains("`idle_timeout`")), "{end}");
}

/// The end of the server does not wait for one who has not come in.
#[tokio::test(start_paused = true)]
async fn the_end_waits_for_no_login() {
    let (server, _near) = InMemory::new(Limits::default());
    sleep(SECOND).await;
    let begun = Instant::now();
    server.stop.send(true).unwrap();
    assert!(!server.served.await.unwrap());
    assert!(begun.elapsed() < SECOND);
}

#[tokio::test(start_paused = true)]
async fn connecting_takes_only_so_long_wherever_it_stands() {
    let authority = Authority::new("authority");
    let (identity, _) = authority.end("ann", Vec::new(), "");
    let options = TlsOptions::new(identity, authority.certificates()).timeout(23 * SECOND);
    // Nothing comes, or the head of a record.
    for said in [&[][..], &[22, 3, 3, 0, 100]] {
        let (near, mut far) = duplex(1 << 20);
        far.write_all(said).await.unwrap();
        let begun = Instant::now();
        let error = over(near, "localhost", &options).await.unwrap_err();
        took(begun, 23 * SECOND);
        assert!(matches!(&error, TlsError::TimedOut { what: "the TLS handshake", .. }), "{error}");
        // The client has let go of it.
        timeout(SECOND, far.read_to_end(&mut Vec::new())).await.unwrap().unwrap();
    }
    // What is no TLS is not waited for.
    let (near, mut far) = duplex(1 << 20);
    far.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    let begun = Instant::now();
    let error = over(near, "localhost", &options).await.unwrap_err();
    assert!(matches!(&error, TlsError::Handshake(_)) && begun.elapsed() < SECOND, "{error}");
    assert!(error.to_string().contains("something else"), "{error}");
    let (near, far) = duplex(1 << 20);
    drop(far);
    let error = over(near, "localhost", &options).await.unwrap_err();
    assert!(matches!(&error, TlsError::Io { .. }), "{error}");
}

/// A server that speaks TLS and not NETCONF.
#[tokio::test(start_paused = true)]
async fn a_server_that_says_no_hello() {
    let authority = Authority::new("authority");
    let (identity, _) = authority.end("server", vec![dns("localhost")], "");
    let (near, far) = duplex(1 << 20);
    let acceptor = identity.acceptor();
    let served = tokio::spawn(async move {
        let mut stream = acceptor.accept(far).await.unwrap();
        let mut said = Vec::new();
        _ = stream.read_to_end(&mut said).await;
        said
    });
    let (identity, _) = authority.end("ann", Vec::new(), "");
    let stream = over(near, "localhost", &TlsOptions::new(identity, authority.certificates())).await.unwrap();
    let begun = Instant::now();
    let mut options = Options::default();
    options.limits.hello_timeout = 11 * SECOND;
    let error = Session::open(stream, options).await.unwrap_err();
    took(begun, 11 * SECOND);
    assert!(matches!(error, Error::Protocol(ProtocolError::HelloTimeout(_))), "{error}");
    assert!(!timeout(SECOND, served).await.unwrap().unwrap().is_empty());
}

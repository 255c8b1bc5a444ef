//! The client against a server of our own, and against servers that only log in.

use super::*;
use crate::client::{Error, Fault, Options, Session, TransportErrorKind};
use crate::protocol::Limits;
use crate::transport::ssh::server::{Listener, SshServerOptions, User, Users, listen};
use crate::transport::toy::Toy;
use russh::server::{Auth, ChannelOpenHandle, Response};
use russh::{Channel, ChannelId, MethodKind, MethodSet};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

async fn device() -> (Listener, PublicKey) {
    let host_key = PrivateKey::generate().unwrap();
    let users = Users::new().user("ann", User::new().password("secret"));
    let limits = Limits { login_delay: Duration::from_millis(10), ..Limits::default() };
    let options = SshServerOptions::new(host_key.clone(), users).limits(limits);
    let listener = listen("127.0.0.1:0", options, Arc::new(Toy::new())).await.unwrap();
    (listener, host_key.public_key())
}

fn ann(key: &PublicKey) -> SshOptions {
    SshOptions::new("ann").password("secret").host_key(HostKeyCheck::Key(key.clone()))
}

/// Carries a connection until it is told to stop: then the connection stands, and nothing comes any more.
async fn proxy(to: std::net::SocketAddr) -> (std::net::SocketAddr, Arc<tokio::sync::Notify>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = Arc::new(tokio::sync::Notify::new());
    let stopped = Arc::clone(&stop);
    tokio::spawn(async move {
        let (mut near, _) = listener.accept().await.unwrap();
        let mut far = TcpStream::connect(to).await.unwrap();
        tokio::select! {
            _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
            () = stopped.notified() => std::future::pending().await,
        }
    });
    (address, stop)
}

#[tokio::test]
async fn a_frozen_peer_is_told_from_a_dead_one() {
    let (listener, key) = device().await;
    let heartbeat = Heartbeat { interval: Duration::from_millis(30), misses: 2 };
    let (address, stop) = proxy(listener.local_addr()).await;
    let session = Session::connect_ssh(address, ann(&key).heartbeat(heartbeat)).await.unwrap();
    // A heartbeat that is answered keeps it.
    tokio::time::sleep(Duration::from_millis(300)).await;
    session.get().await.unwrap();
    stop.notify_one();
    let error = session.get().await.unwrap_err();
    let Error::Transport(cause) = &error else { panic!("{error}") };
    assert_eq!(cause.kind, TransportErrorKind::Frozen, "{error}");
    assert!(error.to_string().contains("2 heartbeats"), "{error}");
    // One that is gone says so, or its system does.
    let session = Session::connect_ssh(listener.local_addr(), ann(&key)).await.unwrap();
    let waiting = tokio::spawn(async move { session.rpc_xml("<never/>").await });
    tokio::time::sleep(Duration::from_millis(20)).await;
    drop(listener);
    let error = waiting.await.unwrap().unwrap_err();
    assert!(error.is_session_over() && !error.to_string().contains("frozen"), "{error}");
}

#[tokio::test]
async fn over_a_stream_that_stands() {
    let (listener, key) = device().await;
    let (near, mut far) = tokio::io::duplex(1000);
    let to = listener.local_addr();
    tokio::spawn(async move {
        let mut socket = TcpStream::connect(to).await.unwrap();
        tokio::io::copy_bidirectional(&mut far, &mut socket).await
    });
    let stream = connect_over(near, "called-home", &ann(&key)).await.unwrap();
    let session = Session::open(stream, Options::default()).await.unwrap();
    session.get().await.unwrap();
}

#[tokio::test]
async fn algorithms() {
    let (listener, key) = device().await;
    let connect = |options: SshOptions| Session::connect_ssh(listener.local_addr(), options);
    connect(ann(&key).host_key_algorithms(["ssh-ed25519"]).compression(true)).await.unwrap();
    // The server has none of this kind.
    let error = connect(ann(&key).host_key_algorithms(["rsa-sha2-512"])).await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error}");
    let error = connect(ann(&key).host_key_algorithms(["nonsense"])).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Caller);
    assert!(error.to_string().contains("nonsense"), "{error}");
}

/// What is known of a host is asked for first.
#[test]
fn known_algorithms_come_first() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("known_hosts");
    let rsa = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAYQDPXWrcoAqBXZnsDS+pzK0u8j4Mvhve4Xf5bkhVWXOfEQXfG/iTUCLlVfUeaUeZGmhAQH0NB2IVIQRAmcQXSMN9hNZmgrkPmhzmI0nIXfQ0fUqVdLDeoGoQe3hkuPfCF3U=";
    let options = |check| SshOptions::new("ann").host_key(check);
    let first = |check: HostKeyCheck| {
        let preferred = options(check).preferred(&Target::from("dev:22")).unwrap();
        (preferred.key[0].clone(), preferred.host_key_certificates.len())
    };
    assert_eq!(first(HostKeyCheck::KnownHostsFile(path.clone())), (Algorithm::Ed25519, 0));
    if PublicKey::parse(rsa).is_ok() {
        std::fs::write(&path, format!("dev {rsa}\n")).unwrap();
        let (algorithm, _) = first(HostKeyCheck::KnownHostsFile(path.clone()));
        assert!(matches!(algorithm, Algorithm::Rsa { .. }), "{algorithm}");
    }
    let authority = PrivateKey::generate().unwrap().public_key().to_openssh().unwrap();
    std::fs::write(&path, format!("@cert-authority * {authority}\n")).unwrap();
    assert!(first(HostKeyCheck::KnownHostsFile(path)).1 > 0);
}

/// A server that logs in by questions, and has no subsystem: who gets as far as that is in.
struct Asks {
    /// So many rounds, each of two questions; none asks for the password alone.
    rounds: usize,
    asked: usize,
}

impl russh::server::Handler for Asks {
    type Error = russh::Error;

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, russh::Error> {
        let answers: Vec<String> =
            response.into_iter().flatten().map(|bytes| String::from_utf8(bytes.to_vec()).unwrap()).collect();
        if self.rounds == 0 && self.asked == 0 {
            self.asked = 1;
            let prompts = vec![("Password: ".into(), false)].into();
            return Ok(Auth::Partial { name: "".into(), instructions: "".into(), prompts });
        }
        if self.rounds == 0 {
            return Ok(if answers == ["secret"] { Auth::Accept } else { Auth::reject() });
        }
        if self.asked > 0 && answers != [format!("{user}{}", self.asked), "yes".to_owned()] {
            return Ok(Auth::reject());
        }
        if self.asked == self.rounds {
            return Ok(Auth::Accept);
        }
        self.asked += 1;
        let prompts = vec![("Code: ".into(), false), ("Sure? ".into(), true)].into();
        Ok(Auth::Partial { name: "two".into(), instructions: "factors".into(), prompts })
    }

    async fn channel_open_session(
        &mut self,
        _: Channel<russh::server::Msg>,
        reply: ChannelOpenHandle,
        _: &mut russh::server::Session,
    ) -> Result<(), russh::Error> {
        reply.accept().await;
        Ok(())
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        _: &str,
        session: &mut russh::server::Session,
    ) -> Result<(), russh::Error> {
        session.channel_failure(channel)
    }
}

async fn asks(rounds: usize, options: SshOptions) -> SshError {
    let key = PrivateKey::generate().unwrap();
    let config = russh::server::Config {
        keys: vec![(*key.0).clone()],
        methods: MethodSet::from(&[MethodKind::KeyboardInteractive][..]),
        auth_rejection_time: Duration::ZERO,
        auth_rejection_time_initial: Some(Duration::ZERO),
        ..Default::default()
    };
    let (near, far) = tokio::io::duplex(100_000);
    tokio::spawn(async move {
        let running = russh::server::run_stream(Arc::new(config), far, Asks { rounds, asked: 0 }).await;
        if let Ok(running) = running {
            _ = running.await;
        }
    });
    let options = options.host_key(HostKeyCheck::Key(key.public_key()));
    connect_over(near, "dev", &options).await.expect_err("no subsystem")
}

/// RFC 4256 section 3.
#[tokio::test]
async fn questions_and_answers() {
    let right = || {
        let round = std::sync::atomic::AtomicUsize::new(1);
        SshOptions::new("ann").questions(move |questions| {
            assert_eq!((questions.name.as_str(), questions.instructions.as_str()), ("two", "factors"));
            assert_eq!(questions.prompts, [("Code: ".to_owned(), false), ("Sure? ".to_owned(), true)]);
            let round = round.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            vec![format!("ann{round}"), "yes".to_owned()]
        })
    };
    assert!(matches!(asks(1, right()).await, SshError::Subsystem));
    assert!(matches!(asks(3, right()).await, SshError::Subsystem));
    let wrong = asks(1, SshOptions::new("ann").questions(|_| Vec::new())).await;
    assert!(matches!(&wrong, SshError::Login { tried, .. } if tried == &["keyboard-interactive"]), "{wrong}");
    // Endless questions have an end.
    let endless = asks(1000, right()).await;
    assert!(endless.to_string().contains("rounds"), "{endless}");
}

/// Many servers ask for the password instead of taking it by its own method.
#[tokio::test]
async fn a_password_answers_the_question_for_it() {
    let in_ = asks(0, SshOptions::new("ann").password("secret")).await;
    assert!(matches!(in_, SshError::Subsystem), "{in_}");
    let out = asks(0, SshOptions::new("ann").password("guess")).await;
    assert!(matches!(out, SshError::Login { .. }), "{out}");
    // It answers no other questions.
    let out = asks(1, SshOptions::new("ann").password("secret")).await;
    assert!(matches!(out, SshError::Login { .. }), "{out}");
}

#[tokio::test]
async fn an_agent_that_is_not_there() {
    let (listener, key) = device().await;
    let dir = tempfile::tempdir().unwrap();
    let options = SshOptions::new("ann").host_key(HostKeyCheck::Key(key)).agent_at(dir.path().join("none"));
    let error = Session::connect_ssh(listener.local_addr(), options.clone()).await.unwrap_err();
    assert!(matches!(&error, Error::Login(said) if said.contains("there is no agent")), "{error}");
    // What comes after it is tried.
    Session::connect_ssh(listener.local_addr(), options.password("secret")).await.unwrap();
}

#[tokio::test]
async fn a_jump_host_that_is_not_there() {
    let (listener, key) = device().await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let options = ann(&key).jump(closed, SshOptions::new("ann"));
    let error = Session::connect_ssh(listener.local_addr(), options).await.unwrap_err();
    let Error::Transport(cause) = &error else { panic!("{error}") };
    assert_eq!(cause.kind, TransportErrorKind::Refused);
    assert!(error.to_string().contains("jump host"), "{error}");
    // Our server is none.
    let options = ann(&key).jump(listener.local_addr(), ann(&key));
    let error = Session::connect_ssh(listener.local_addr(), options).await.unwrap_err();
    assert!(error.to_string().contains("jump host"), "{error}");
}

/// Whoever is there instead of a device: what it says is told, and that it says nothing is, too.
#[tokio::test(start_paused = true)]
async fn a_server_that_is_no_ssh() {
    for (says, closes, told) in [
        ("HTTP/1.1 400 Bad Request\r\n\r\n", true, "\"HTTP/1.1 400 Bad Request\", which is not SSH"),
        ("HTTP/1.1 400 Bad Request\r\n\r\n", false, "within 30s: it says \"HTTP/1.1 400 Bad Request\""),
        ("", true, "it says nothing"),
        ("", false, "within 30s: it says nothing"),
    ] {
        let (near, mut far) = tokio::io::duplex(10_000);
        let server = tokio::spawn(async move {
            far.write_all(says.as_bytes()).await.unwrap();
            if closes {
                far.shutdown().await.unwrap();
            }
            _ = far.read_to_end(&mut Vec::new()).await;
        });
        let error = connect_over(near, "dev", &SshOptions::new("ann").password("secret")).await.unwrap_err();
        assert!(error.to_string().contains(told), "no {told:?} in {error}");
        assert!(matches!(Error::from(error), Error::Transport(_)));
        server.await.unwrap();
    }
}

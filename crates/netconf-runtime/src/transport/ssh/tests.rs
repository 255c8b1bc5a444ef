//! SSH over loopback: our client and our server.

mod deadlines;
mod login;

use super::client::{HostKeyCheck, HostKeyError, SshError, SshOptions, connect};
use super::server::{Listener, SshServerOptions, User, Users, listen};
use super::*;
use crate::client::{Error, Fault, Options, Session, TransportErrorKind};
use crate::protocol::Limits;
use crate::server::service::{CloseReason, TransportKind};
use crate::transport::toy::Toy;
use russh::client::{Config, Handler};
use russh::keys::PublicKeyOrCertificate;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

struct Fixture {
    toy: Arc<Toy>,
    listener: Listener,
    host_key: PublicKey,
    user_key: PrivateKey,
}

async fn fixture_with(limits: Limits) -> Fixture {
    let (host_key, user_key) = (PrivateKey::generate().unwrap(), PrivateKey::generate().unwrap());
    let ann = User::new().password("secret").key(user_key.public_key());
    let options = SshServerOptions::new(host_key.clone(), Users::new().user("ann", ann)).limits(limits);
    let toy = Toy::new();
    let listener = listen("127.0.0.1:0", options, Arc::new(Arc::clone(&toy))).await.unwrap();
    Fixture { toy, listener, host_key: host_key.public_key(), user_key }
}

fn limits() -> Limits {
    Limits { login_delay: Duration::from_millis(10), ..Limits::default() }
}

async fn fixture() -> Fixture {
    fixture_with(limits()).await
}

impl Fixture {
    fn options(&self) -> SshOptions {
        SshOptions::new("ann").host_key(HostKeyCheck::Key(self.host_key.clone()))
    }

    async fn session(&self) -> Session {
        let options = self.options().password("secret");
        Session::connect_ssh(self.listener.local_addr(), options).await.unwrap()
    }

    async fn refused(&self, options: SshOptions) -> Error {
        Session::connect_ssh(self.listener.local_addr(), options).await.unwrap_err()
    }
}

#[tokio::test]
async fn password_and_key() {
    let fixture = fixture().await;
    for options in [fixture.options().password("secret"), fixture.options().key(fixture.user_key.clone())] {
        let session = Session::connect_ssh(fixture.listener.local_addr(), options).await.unwrap();
        let reply = session.rpc_xml("<get>hello</get>").await.unwrap();
        assert_eq!(reply.data().unwrap().as_str(), "<data>hello</data>");
        session.close().await.unwrap();
        assert_eq!(fixture.toy.end_of(session.id()).await, CloseReason::Requested);
    }
    {
        let sessions = fixture.toy.sessions.lock().unwrap();
        assert_eq!((sessions[0].0.user.as_str(), sessions[0].0.transport), ("ann", TransportKind::Ssh));
    }
    fixture.listener.shutdown().await;
}

#[tokio::test]
async fn wrong_credentials() {
    let fixture = fixture().await;
    let error = fixture.refused(fixture.options().password("guess")).await;
    assert_eq!(error.fault(), Fault::Caller);
    let said = error.to_string();
    assert!(
        said.contains("ann") && said.contains("tried password") && said.contains("publickey, password"),
        "{said}"
    );
    assert!(!said.contains("guess"));
    let stranger = PrivateKey::generate().unwrap();
    assert!(matches!(fixture.refused(fixture.options().key(stranger.clone())).await, Error::Login(_)));
    // Who has nothing to log in with is told what is needed.
    let said = fixture.refused(fixture.options()).await.to_string();
    assert!(said.contains("tried nothing, the server takes publickey, password"), "{said}");
    let mut other = fixture.options().password("secret");
    other.user = "bob".to_owned();
    assert!(matches!(fixture.refused(other).await, Error::Login(_)));
    // What fails first does not spoil what comes next.
    let both = fixture.options().key(stranger).password("secret");
    let session = Session::connect_ssh(fixture.listener.local_addr(), both).await.unwrap();
    session.get().await.unwrap();
    assert_eq!(fixture.toy.sessions.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn attempts_are_counted() {
    let mut limits = limits();
    limits.login_attempts = 2;
    let fixture = fixture_with(limits).await;
    let mut options = fixture.options();
    for _ in 0..5 {
        options = options.password("guess");
    }
    let error = fixture.refused(options.password("secret")).await;
    assert!(error.is_session_over() || matches!(error, Error::Login(_)), "{error}");
}

#[tokio::test]
async fn hosts_must_prove_themselves() {
    let fixture = fixture().await;
    let other = PrivateKey::generate().unwrap().public_key();
    let wrong = fixture.options().password("secret").host_key(HostKeyCheck::Key(other));
    let error = fixture.refused(wrong).await;
    assert!(matches!(error, Error::HostKey(HostKeyError::Changed { .. })), "{error}");
    assert!(error.to_string().contains(&fixture.host_key.fingerprint()), "{error}");
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("known_hosts");
    let check = HostKeyCheck::KnownHostsFile(file.clone());
    let options = fixture.options().password("secret").host_key(check);
    let error = fixture.refused(options.clone()).await;
    assert!(matches!(error, Error::HostKey(HostKeyError::Unknown { .. })), "{error}");
    assert_eq!(fixture.toy.begun.load(Ordering::SeqCst), 0);
    let port = fixture.listener.local_addr().port();
    let line = format!("[127.0.0.1]:{port} {}\n", fixture.host_key.to_openssh().unwrap());
    std::fs::write(&file, line).unwrap();
    for options in [
        options.clone(),
        options.clone().host_key(HostKeyCheck::Fingerprint(fixture.host_key.fingerprint())),
        options.host_key(HostKeyCheck::DangerouslyAcceptAnyKey),
    ] {
        Session::connect_ssh(fixture.listener.local_addr(), options).await.unwrap();
    }
}

#[tokio::test]
async fn nobody_there() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // It accepts, by the kernel, and says nothing.
    let options = SshOptions::new("ann").password("x").connect_timeout(Duration::from_millis(100));
    let error = Session::connect_ssh(address, options.clone()).await.unwrap_err();
    assert!(matches!(&error, Error::Transport(e) if e.kind == TransportErrorKind::TimedOut), "{error}");
    drop(listener);
    let error = Session::connect_ssh(address, options.clone()).await.unwrap_err();
    assert!(matches!(&error, Error::Transport(e) if e.kind == TransportErrorKind::Refused), "{error}");
    assert_eq!(error.fault(), Fault::Transport);
    let error = connect("127.0.0.1:0", &options).await.unwrap_err();
    assert!(matches!(error, SshError::Io(_)), "{error}");
}

struct AnyHost;

impl Handler for AnyHost {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

/// A client that can ask for anything.
async fn bare(fixture: &Fixture) -> russh::client::Handle<AnyHost> {
    let config = Arc::new(Config::default());
    let mut handle = russh::client::connect(config, fixture.listener.local_addr(), AnyHost).await.unwrap();
    assert!(handle.authenticate_password("ann", "secret").await.unwrap().success());
    handle
}

#[tokio::test]
async fn only_the_subsystem_netconf() {
    let fixture = fixture().await;
    let handle = bare(&fixture).await;
    let refused = |message| matches!(message, Some(russh::ChannelMsg::Failure));
    for what in 0..5 {
        let mut channel = handle.channel_open_session().await.unwrap();
        match what {
            0 => channel.request_subsystem(true, "sftp").await.unwrap(),
            1 => channel.request_shell(true).await.unwrap(),
            2 => channel.exec(true, "id").await.unwrap(),
            3 => channel.set_env(true, "A", "b").await.unwrap(),
            _ => channel.request_pty(true, "vt100", 80, 25, 0, 0, &[]).await.unwrap(),
        }
        loop {
            match channel.wait().await {
                Some(russh::ChannelMsg::WindowAdjusted { .. }) => {}
                message => {
                    assert!(refused(message), "request {what} was not refused");
                    break;
                }
            }
        }
        channel.close().await.unwrap();
    }
    assert!(handle.channel_open_direct_tcpip("localhost", 22, "localhost", 1).await.is_err());
    assert!(fixture.toy.sessions.lock().unwrap().is_empty());
}

#[tokio::test]
async fn several_sessions_on_a_connection() {
    let mut limits = limits();
    limits.channels = 3;
    let fixture = fixture_with(limits).await;
    let handle = bare(&fixture).await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        let channel = handle.channel_open_session().await.unwrap();
        channel.request_subsystem(true, SUBSYSTEM).await.unwrap();
        sessions.push(Session::open(channel.into_stream(), Options::default()).await.unwrap());
    }
    assert!(handle.channel_open_session().await.is_err(), "limit `channels`");
    for session in &sessions {
        session.get().await.unwrap();
    }
    let ids: std::collections::BTreeSet<_> = sessions.iter().map(Session::id).collect();
    assert_eq!(ids.len(), 3);
    sessions[0].close().await.unwrap();
    assert_eq!(fixture.toy.end_of(sessions[0].id()).await, CloseReason::Requested);
    sessions[1].get().await.unwrap();
}

#[tokio::test]
async fn a_connection_that_breaks_ends_the_session() {
    let fixture = fixture().await;
    let handle = bare(&fixture).await;
    let channel = handle.channel_open_session().await.unwrap();
    channel.request_subsystem(true, SUBSYSTEM).await.unwrap();
    let session = Session::open(channel.into_stream(), Options::default()).await.unwrap();
    handle.disconnect(russh::Disconnect::ByApplication, "", "en").await.unwrap();
    assert_eq!(fixture.toy.end_of(session.id()).await, CloseReason::Dropped);
}

#[tokio::test]
async fn killed_from_the_server() {
    let fixture = fixture().await;
    let session = fixture.session().await;
    let waiting = tokio::spawn({
        let session = session.clone();
        async move { session.commit().await }
    });
    while fixture.toy.begun.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    fixture.toy.close(session.id(), CloseReason::Killed { by: 7 });
    let error = waiting.await.unwrap().unwrap_err();
    assert!(error.is_outcome_unknown() && error.is_session_over(), "{error}");
}

#[tokio::test]
async fn shutdown_waits_for_sessions_but_not_for_ever() {
    let mut limits = limits();
    limits.linger = Duration::from_millis(200);
    let fixture = fixture_with(limits).await;
    let session = fixture.session().await;
    let address = fixture.listener.local_addr();
    fixture.listener.shutdown().await;
    assert!(TcpStream::connect(address).await.is_err());
    assert!(session.get().await.is_err());
    assert_eq!(fixture.toy.end_of(session.id()).await, CloseReason::Dropped);
}

#[tokio::test]
async fn connections_are_counted() {
    let mut limits = limits();
    limits.connections = 1;
    let fixture = fixture_with(limits).await;
    let first = fixture.session().await;
    assert!(
        Session::connect_ssh(fixture.listener.local_addr(), fixture.options().password("secret"))
            .await
            .is_err()
    );
    first.get().await.unwrap();
}

/// Both sides send as much as they can: requests that are large, replies that are larger, and nobody waits for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn full_duplex_does_not_deadlock() {
    let fixture = fixture().await;
    let mut options = Options::default();
    options.limits.pipelined_bytes = 64 << 20;
    let ssh = fixture.options().password("secret");
    let session = Session::connect_ssh_with(fixture.listener.local_addr(), ssh, options).await.unwrap();
    let text: Arc<str> = "y".repeat(200_000).into();
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let (session, text) = (session.clone(), Arc::clone(&text));
            tokio::spawn(async move {
                let reply = session.rpc_xml(&format!("<get>{text}</get>")).await.unwrap();
                assert_eq!(reply.data().unwrap().as_str().len(), text.len() + "<data></data>".len());
            })
        })
        .collect();
    let all = async {
        for call in calls {
            call.await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(60), all).await.expect("10 MB each way went through");
    session.close().await.unwrap();
}

/// A client that sends without reading stalls itself alone, and its session ends with its connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_does_not_read_stalls_itself() {
    let fixture = fixture().await;
    let socket = TcpStream::connect(fixture.listener.local_addr()).await.unwrap();
    let (stream, cutter) = stream::BufferedStream::new(socket, Duration::from_secs(1));
    let mut handle =
        russh::client::connect_stream(Arc::new(Config::default()), stream, AnyHost).await.unwrap();
    assert!(handle.authenticate_password("ann", "secret").await.unwrap().success());
    let channel = handle.channel_open_session().await.unwrap();
    channel.request_subsystem(true, SUBSYSTEM).await.unwrap();
    let hello = "<hello xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"><capabilities><capability>\
        urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>]]>]]>";
    let rpc = "<rpc message-id=\"1\" xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"><big>100000</big></rpc>]]>]]>";
    let mut writer = channel.make_writer();
    let flood = async {
        writer.write_all(hello.as_bytes()).await.unwrap();
        while writer.write_all(rpc.repeat(1000).as_bytes()).await.is_ok() {}
    };
    assert!(tokio::time::timeout(Duration::from_secs(1), flood).await.is_err(), "it could send for ever");
    let begun = fixture.toy.begun.load(Ordering::SeqCst);
    assert!(begun < 500, "{begun} requests were served whose replies nobody reads");
    let first = fixture.toy.sessions.lock().unwrap()[0].0.id;
    fixture.session().await.get().await.unwrap();
    cutter.cut();
    assert_eq!(fixture.toy.end_of(first).await, CloseReason::Dropped);
}

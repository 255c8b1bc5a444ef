//! A client that outlives its sessions, against servers that go and come back: over TCP and SSH, with a durable store.

use netconf_runtime::client::{
    Backoff, Data, Datastore, Error, HostKeyCheck, Reconnecting, Resumed, Session, SshOptions,
    TransportErrorKind,
};
use netconf_runtime::server::Server;
use netconf_runtime::transport::ssh::server::{User, Users};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use yang_data::codec::Limits;
use yang_data::event::{Event, Inside, Source as _};
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::xml::SliceSource;
use yang_schema::Schema;

const MODEL: &str = "module box { namespace urn:box; prefix b;
  container box { leaf label { type string; } }
  notification opened { leaf times { type uint32; } } }";

fn schema() -> Arc<Schema> {
    Arc::new(yang_parser::Compiler::new().source("box.yang", MODEL).compile().schema.unwrap())
}

/// Bytes of a value that is large.
const LARGE: usize = 14 << 20;

/// A device with a durable store.
async fn device(directory: &Path) -> Server {
    let users = Users::new().user("ann", User::new().password("secret"));
    let builder = Server::builder(schema()).directory(directory).users(users).access_control(false);
    builder.writable_running(true).build().await.unwrap()
}

fn label(text: &str) -> String {
    format!("<box xmlns='urn:box'><label>{text}</label></box>")
}

async fn commits(server: &Server) -> usize {
    server.history(100).await.unwrap().len()
}

fn ann() -> SshOptions {
    SshOptions::new("ann").password("secret").host_key(HostKeyCheck::DangerouslyAcceptAnyKey)
}

fn quick() -> Backoff {
    Backoff::default().between(Duration::from_millis(5), Duration::from_millis(20)).attempts(None)
}

fn reconnecting(to: SocketAddr, backoff: Backoff) -> Reconnecting {
    Reconnecting::new(move || Session::connect_ssh(to, ann()), backoff)
}

async fn read(device: &Reconnecting) -> Result<String, Error> {
    let get = |session: Session| async move { session.get_config(Datastore::Running).await };
    device.idempotent(get).await.map(|data: Data| data.xml().into_owned())
}

/// What a wire does with what comes over it.
#[derive(Clone, Copy)]
struct Mode {
    /// Where it leads to; nobody is there without.
    to: Option<SocketAddr>,
    requests: bool,
    replies: bool,
    /// How often all that went over it was cut off.
    cuts: usize,
}

/// The network between.
struct Wire {
    address: SocketAddr,
    mode: watch::Sender<Mode>,
}

impl Wire {
    async fn new(to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (mode, modes) = watch::channel(Mode { to: Some(to), requests: true, replies: true, cuts: 0 });
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let modes = modes.clone();
                tokio::spawn(async move {
                    let Some(to) = modes.borrow().to else { return };
                    let Ok(far) = TcpStream::connect(to).await else { return };
                    let ((from_near, to_near), (from_far, to_far)) = (near.into_split(), far.into_split());
                    tokio::select! {
                        () = carry(from_near, to_far, modes.clone(), |mode| mode.requests) => {}
                        () = carry(from_far, to_near, modes, |mode| mode.replies) => {}
                    }
                });
            }
        });
        Self { address, mode }
    }

    fn passes(&self, requests: bool, replies: bool) {
        self.mode.send_modify(|mode| (mode.requests, mode.replies) = (requests, replies));
    }

    fn leads_to(&self, to: Option<SocketAddr>) {
        self.mode.send_modify(|mode| mode.to = to);
    }

    /// Cuts off what there is, and lets through what comes.
    fn cut(&self) {
        self.mode.send_modify(|mode| {
            (mode.requests, mode.replies) = (true, true);
            mode.cuts += 1;
        });
    }
}

/// Carries one direction until it is cut off.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut modes: watch::Receiver<Mode>,
    passes: fn(&Mode) -> bool,
) {
    let cuts = modes.borrow().cuts;
    let mut buffer = vec![0; 16 << 10];
    loop {
        let read = tokio::select! {
            read = from.read(&mut buffer) => read.unwrap_or(0),
            _ = modes.wait_for(|mode| mode.cuts > cuts) => return,
        };
        if read == 0 {
            return;
        }
        let Ok(mode) = modes.wait_for(|mode| mode.cuts > cuts || passes(mode)).await.map(|mode| *mode) else {
            return;
        };
        if mode.cuts > cuts || to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_goes_and_comes_back_between_two_reads() {
    let directory = tempfile::tempdir().unwrap();
    let server = device(directory.path()).await;
    let address = server.listen_ssh("127.0.0.1:0").await.unwrap();
    let client = reconnecting(address, quick());
    let first = client.session().await.unwrap();
    first.edit_config(Datastore::Running).config_xml(label("kept")).await.unwrap();
    assert!(read(&client).await.unwrap().contains("kept"));
    server.shutdown().await;
    // Nobody is there, and it is asked all the same.
    let reading = tokio::spawn({
        let client = client.clone();
        async move { read(&client).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!reading.is_finished());
    let server = device(directory.path()).await;
    server.listen_ssh(address).await.unwrap();
    assert!(reading.await.unwrap().unwrap().contains("kept"));
    assert!(first.ended().is_some() && client.session().await.unwrap().ended().is_none());
    // All who ask get one session.
    assert_eq!(server.sessions().len(), 1);
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_that_is_cut_off_is_asked_again() {
    let directory = tempfile::tempdir().unwrap();
    let server = device(directory.path()).await;
    let wire = Wire::new(server.listen_ssh("127.0.0.1:0").await.unwrap()).await;
    let client = reconnecting(wire.address, quick());
    let session = client.session().await.unwrap();
    // More than waits in windows and buffers on the way.
    session.edit_config(Datastore::Running).config_xml(label(&"x".repeat(LARGE))).await.unwrap();
    for (requests, replies) in [(true, false), (false, true)] {
        let before = client.session().await.unwrap();
        wire.passes(requests, replies);
        let reading = tokio::spawn({
            let client = client.clone();
            async move { read(&client).await }
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!reading.is_finished());
        wire.cut();
        assert!(reading.await.unwrap().unwrap().len() > LARGE);
        assert_ne!(client.session().await.unwrap().id(), before.id());
    }
    // In the middle of the reply: a part of it has come.
    let session = client.session().await.unwrap();
    let mut pieces = session.get_config(Datastore::Running).pieces().await.unwrap();
    wire.cut();
    let mut last = Ok(());
    while let Some(piece) = pieces.next().await {
        last = piece.map(drop);
    }
    assert!(last.unwrap_err().is_session_over());
    assert!(read(&client).await.unwrap().len() > LARGE);
}

/// RFC 6241 has no way to ask what became of a request: who sent it is told that it is unknown, and nothing is sent again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_that_is_cut_off_is_never_repeated() {
    let directory = tempfile::tempdir().unwrap();
    let server = device(directory.path()).await;
    let wire = Wire::new(server.listen_ssh("127.0.0.1:0").await.unwrap()).await;
    let client = reconnecting(wire.address, quick());
    client.session().await.unwrap();
    // The reply is lost, or the request is: from here the two look alike.
    for (requests, replies, text, more) in [(true, false, "done", 1), (false, true, "not done", 0)] {
        client.session().await.unwrap();
        let before = commits(&server).await;
        wire.passes(requests, replies);
        let tries = Arc::new(AtomicUsize::new(0));
        let editing = tokio::spawn({
            let (client, tries) = (client.clone(), Arc::clone(&tries));
            async move {
                let edit = |session: Session| {
                    tries.fetch_add(1, Ordering::SeqCst);
                    async move { session.edit_config(Datastore::Running).config_xml(label(text)).await }
                };
                client.idempotent(edit).await
            }
        });
        while tries.load(Ordering::SeqCst) == 0 || commits(&server).await < before + more {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(!editing.is_finished());
        wire.cut();
        let error = editing.await.unwrap().unwrap_err();
        assert!(error.is_outcome_unknown() && error.is_session_over(), "{error}");
        assert!(error.to_string().contains("edit-config"), "{error}");
        // Who wants to know reads.
        assert_eq!(read(&client).await.unwrap().contains(&format!(">{text}<")), more == 1);
        assert_eq!((tries.load(Ordering::SeqCst), commits(&server).await), (1, before + more));
    }
}

fn publish(server: &Server, times: u32) {
    let text = format!("<x xmlns='urn:box'><times>{times}</times></x>");
    let mut source = SliceSource::new(text.as_bytes(), Limits::default());
    while !matches!(source.next().unwrap(), Event::Open { .. }) {}
    let schema = server.schema();
    let node = schema.find("/box:opened").unwrap().id();
    let tree = Tree::decode(schema, node, &mut Inside::new(&mut source), &DecodeOptions::default()).unwrap();
    server.publisher().publish_tree(&tree).unwrap();
}

/// RFC 5277 section 3.3: what came to pass while there was no session is told in the next, and nothing twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_goes_on_in_the_next_session() {
    let directory = tempfile::tempdir().unwrap();
    let server = device(directory.path()).await;
    let address = server.listen_ssh("127.0.0.1:0").await.unwrap();
    let wire = Wire::new(address).await;
    let client = reconnecting(wire.address, quick());
    let mut events = client.subscribe("NETCONF", None).await.unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let listening = tokio::spawn({
        let told = Arc::clone(&told);
        async move {
            loop {
                let word = match events.next().await.unwrap() {
                    Resumed::Notification(notification) => {
                        let text = notification.as_str().to_owned();
                        text.split_once("<times>").unwrap().1.split_once('<').unwrap().0.to_owned()
                    }
                    other => format!("{other:?}"),
                };
                told.lock().unwrap().push(word);
            }
        }
    });
    let until = async |last: &str| {
        while told.lock().unwrap().last().is_none_or(|word| word != last) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    (1..=3).for_each(|times| publish(&server, times));
    until("3").await;
    // The wire is cut, for a while.
    wire.leads_to(None);
    wire.cut();
    (4..=6).for_each(|times| publish(&server, times));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(told.lock().unwrap().len(), 3);
    wire.leads_to(Some(address));
    until("6").await;
    publish(&server, 7);
    until("7").await;
    assert_eq!(*told.lock().unwrap(), ["1", "2", "3", "Replayed", "4", "5", "6", "7"]);
    // The server itself goes, and with it what it kept in memory of the past.
    wire.leads_to(None);
    server.shutdown().await;
    let server = device(directory.path()).await;
    publish(&server, 8);
    wire.leads_to(Some(server.listen_ssh("127.0.0.1:0").await.unwrap()));
    until("8").await;
    publish(&server, 9);
    until("9").await;
    assert_eq!(told.lock().unwrap()[8..], ["Replayed", "8", "9"]);
    listening.abort();
}

/// Each wait is twice as long as the one before, up to a bound, and shorter by up to a half; then there is an end.
#[tokio::test(start_paused = true)]
async fn waits_grow_and_attempts_end() {
    let seconds = Duration::from_secs;
    let attempts = Arc::new(Mutex::new(Vec::new()));
    let connect = {
        let attempts = Arc::clone(&attempts);
        move || {
            attempts.lock().unwrap().push(tokio::time::Instant::now());
            async { Err(std::io::Error::from(std::io::ErrorKind::ConnectionRefused).into()) }
        }
    };
    let client = Reconnecting::new(connect, Backoff::default().between(seconds(4), seconds(20)).attempts(6));
    let error = client.session().await.unwrap_err();
    assert!(matches!(&error, Error::Transport(e) if e.kind == TransportErrorKind::Refused), "{error}");
    let waits: Vec<Duration> = attempts.lock().unwrap().windows(2).map(|pair| pair[1] - pair[0]).collect();
    let nominal = [4, 8, 16, 20, 20].map(seconds);
    assert_eq!(waits.len(), nominal.len());
    for (wait, nominal) in waits.iter().zip(nominal) {
        // The clock that is simulated counts milliseconds.
        assert!(
            (nominal / 2..=nominal + Duration::from_millis(1)).contains(wait),
            "{wait:?}, not {nominal:?}"
        );
    }
    // Who asks again has attempts again.
    client.session().await.unwrap_err();
    assert_eq!(attempts.lock().unwrap().len(), 12);
}

/// A real port that nobody listens on; a server that lets in and cuts off at once is not asked for ever, either.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_gives_up() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = read(&reconnecting(closed, quick().attempts(3))).await.unwrap_err();
    assert!(matches!(&error, Error::Transport(e) if e.kind == TransportErrorKind::Refused), "{error}");
    let directory = tempfile::tempdir().unwrap();
    let server = device(directory.path()).await;
    let wire = Wire::new(server.listen_ssh("127.0.0.1:0").await.unwrap()).await;
    let client = reconnecting(wire.address, quick().attempts(3));
    let tries = AtomicUsize::new(0);
    let work = |session: Session| {
        tries.fetch_add(1, Ordering::SeqCst);
        wire.passes(true, false);
        let wire = &wire;
        async move {
            let (got, ()) = tokio::join!(session.get(), async { wire.cut() });
            got
        }
    };
    let error = client.idempotent(work).await.unwrap_err();
    assert!(error.is_session_over() && !error.is_outcome_unknown(), "{error}");
    assert_eq!(tries.load(Ordering::SeqCst), 3);
}

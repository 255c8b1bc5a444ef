//! Much data, both ways at once, over each transport. `CI_SCALE` says how much: at 100, 200 MB each way and replies of 1 GB.

use super::ssh::client::{HostKeyCheck, SshOptions};
use super::ssh::server::{SshServerOptions, User, Users};
use super::ssh::{self, Rekey};
use super::tls::tests::{Authority, dns};
use super::tls::{self, CertToName, MapType};
use super::toy::Toy;
use super::unix::{self, server::UnixServerOptions};
use super::{Peer, Stream, memory, read_some, serve};
use crate::client::{Options, Session};
use crate::protocol::capability::BASE_1_1;
use crate::protocol::message::Rpc;
use crate::protocol::{Event, Limits, Session as Protocol};
use crate::server::service::{Service, TransportKind};
use bytes::BytesMut;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt as _;

fn scale() -> usize {
    std::env::var("CI_SCALE").ok().and_then(|s| s.parse().ok()).unwrap_or(1)
}

const TRANSPORTS: [&str; 4] = ["memory", "ssh", "tls", "unix"];

/// A connection to a service over a transport, with what must live as long as it does.
async fn connect(transport: &str, service: Arc<dyn Service>) -> (Box<dyn Stream>, Box<dyn Send>) {
    match transport {
        "ssh" => {
            let users = Users::new().user("ann", User::new().password("secret"));
            let mut options = SshServerOptions::with_new_host_key(users).unwrap();
            options.rekey = Rekey { bytes: 1 << 20, ..Rekey::default() };
            let listener = ssh::server::listen("127.0.0.1:0", options, service).await.unwrap();
            let options =
                SshOptions::new("ann").password("secret").host_key(HostKeyCheck::DangerouslyAcceptAnyKey);
            let stream = ssh::client::connect(listener.local_addr(), &options).await.unwrap();
            (Box::new(stream), Box::new(listener))
        }
        "tls" => {
            let authority = Authority::new("authority");
            let map = CertToName::new().entry(1, authority.fingerprint(), MapType::CommonName);
            let (identity, _) = authority.end("server", vec![dns("localhost")], "");
            let options = tls::server::TlsServerOptions::new(identity, authority.certificates(), map);
            let listener = tls::server::listen("127.0.0.1:0", options, service).await.unwrap();
            let (identity, _) = authority.end("ann", Vec::new(), "");
            let options = tls::client::TlsOptions::new(identity, authority.certificates());
            let port = listener.local_addr().port();
            let stream = tls::client::connect("localhost", port, &options).await.unwrap();
            (Box::new(stream), Box::new(listener))
        }
        "unix" => {
            let directory = tempfile::tempdir().unwrap();
            let options = UnixServerOptions::default().user(|_| Some("ann".to_owned()));
            let listener = unix::server::listen(directory.path().join("s"), options, service).unwrap();
            let stream = unix::connect(listener.local_addr()).await.unwrap();
            (Box::new(stream), Box::new((listener, directory)))
        }
        _ => {
            let (near, far) = memory();
            let (reader, writer) = tokio::io::split(far);
            let peer = Peer {
                user: "ann".into(),
                groups: Vec::new(),
                address: "here".into(),
                transport: TransportKind::Memory,
            };
            tokio::spawn(serve(reader, writer, service, peer, Limits::default()));
            (Box::new(near), Box::new(()))
        }
    }
}

/// Requests and replies of the same size, many on their way: neither end may wait for the other to read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_ways_at_once() {
    let toy = Toy::new();
    let (size, count) = (256 << 10, 8 * scale());
    for transport in TRANSPORTS {
        let (stream, _alive) = connect(transport, Arc::new(Arc::clone(&toy))).await;
        let session = Session::open(stream, Options::default()).await.unwrap().with_timeout(None);
        let operation: Arc<str> = format!("<get>{}</get>", "x".repeat(size)).into();
        let calls: Vec<_> = (0..count)
            .map(|_| {
                let (session, operation) = (session.clone(), Arc::clone(&operation));
                tokio::spawn(async move { session.rpc_xml(&operation).await })
            })
            .collect();
        for call in calls {
            let reply = call.await.unwrap().unwrap_or_else(|e| panic!("{transport}: {e}"));
            assert_eq!(reply.data().unwrap().as_str().len(), size + 13, "{transport}");
        }
        session.close().await.unwrap();
    }
}

/// A client made of the protocol alone, which has asked for a reply.
async fn asking(stream: &mut Box<dyn Stream>, operation: &str) -> Protocol {
    let mut session = Protocol::client(vec![BASE_1_1.to_owned()], Limits::default(), Instant::now());
    let mut buffer = BytesMut::new();
    let send = async |session: &mut Protocol, stream: &mut Box<dyn Stream>| {
        while let Some(bytes) = session.poll_transmit() {
            stream.write_all(&bytes).await.unwrap();
        }
        stream.flush().await.unwrap();
    };
    send(&mut session, stream).await;
    while !matches!(session.poll_event().unwrap(), Some(Event::Hello(..))) {
        let bytes = read_some(stream, &mut buffer).await.unwrap();
        assert!(!bytes.is_empty(), "the stream ended before the hello");
        session.receive(bytes);
    }
    session.send(Rpc::write("1", operation)).unwrap();
    send(&mut session, stream).await;
    session
}

/// A reply that is larger than what either end may hold: it is never there whole, as long as nobody reads it or while it is
/// read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_reply_is_never_in_memory() {
    let toy = Toy::new();
    // Each piece has some 64 KiB.
    let pieces = 160 * scale().max(2);
    for transport in TRANSPORTS {
        let (mut stream, _alive) = connect(transport, Arc::new(Arc::clone(&toy))).await;
        toy.made.store(0, Ordering::SeqCst);
        let mut session = asking(&mut stream, &format!("<fat>{pieces}</fat>")).await;
        // Nobody reads, and so it stands still, at what buffers and windows hold.
        let mut before = 0;
        while before == 0 || toy.made.load(Ordering::SeqCst) != before {
            before = toy.made.load(Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let most = 200;
        assert!(before < most, "{transport}: {before} pieces were made for nobody");
        let (mut read, mut buffer) = (0, BytesMut::new());
        loop {
            match session.poll_event_with(&mut |_| true).unwrap() {
                Some(Event::ReplyPiece(piece)) => {
                    read += piece.len();
                    let ahead = toy.made.load(Ordering::SeqCst).saturating_sub(read >> 16);
                    assert!(ahead < most, "{transport}: {ahead} pieces ahead");
                }
                Some(Event::ReplyEnd(end)) => break assert!(!end.is_error()),
                Some(_) => {}
                None => {
                    let bytes = read_some(&mut stream, &mut buffer).await.unwrap();
                    assert!(!bytes.is_empty(), "{transport}: the stream ended after {read} bytes");
                    session.receive(bytes);
                }
            }
        }
        assert!(read > pieces << 16, "{transport}: {read}");
    }
}

//! Replies that are made while they are sent (RFC 6242 section 4.2: a message may come in any number of chunks).

use super::device::server;
use super::peer::Peer;
use crate::protocol::Limits;
use crate::protocol::message::Rpc;
use crate::protocol::{Event, Session, capability};
use crate::server::Server;
use crate::server::service::TransportKind;
use crate::transport::{memory, read_some, serve};
use crate::xml::BASE_NAMESPACE;
use bytes::BytesMut;
use std::time::{Duration, Instant};
use tokio::io::{AsyncWriteExt as _, DuplexStream};

const ENTRIES: usize = 4000;

async fn large() -> (Server, Peer) {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    let entry = |n| format!("<interface><name>eth{n}</name><mtu>{}</mtu></interface>", 1000 + n % 400);
    let entries: String = (0..ENTRIES).map(entry).collect();
    peer.edit("running", &format!("<interfaces xmlns='urn:device'>{entries}</interfaces>")).await;
    (server, peer)
}

fn is_streamed(reply: &str) -> bool {
    reply.starts_with(&format!("<data xmlns=\"{BASE_NAMESPACE}\"><interfaces xmlns=\"urn:device\">"))
        && reply.ends_with("</interfaces></data>")
}

#[tokio::test]
async fn all_of_it_comes() {
    let (_server, mut peer) = large().await;
    let whole = peer.config("running").await;
    assert!(is_streamed(&whole), "{}", &whole[..100]);
    for n in [0, 1, 999, ENTRIES - 1] {
        assert_eq!(whole.matches(&format!("<name>eth{n}</name>")).count(), 1, "{n}");
    }
    assert_eq!(whole.matches("<interface>").count(), ENTRIES);
    assert_eq!(whole.matches("</interface>").count(), ENTRIES);
}

#[tokio::test]
async fn what_filters_select_comes_in_the_same_way() {
    let (_server, mut peer) = large().await;
    let ask = |filter: &str| format!("<source><running/></source>{filter}");
    let names =
        ask("<filter><interfaces xmlns='urn:device'><interface><name/></interface></interfaces></filter>");
    let names = peer.ask("get-config", &names).await;
    assert!(is_streamed(&names));
    assert_eq!((names.matches("<name>").count(), names.matches("<mtu>").count()), (ENTRIES, 0));
    let half = ask(
        "<filter type='xpath' xmlns:d='urn:device' select='/d:interfaces/d:interface[d:mtu &lt; 1200]'/>",
    );
    let half = peer.ask("get-config", &half).await;
    assert!(is_streamed(&half));
    assert_eq!(half.matches("<mtu>").count(), ENTRIES / 2);
    // And what is small comes at once.
    let one = ask(
        "<filter type='xpath' xmlns:d='urn:device' select='/d:interfaces/d:interface[d:name=\"eth7\"]'/>",
    );
    let one = peer.ask("get-config", &one).await;
    assert!(one.starts_with("<data><interfaces") && one.len() < 200, "{one}");
}

/// A session that has asked for all, and has read nothing yet.
async fn asking(server: &Server) -> (DuplexStream, Session) {
    let (mut near, far) = memory();
    let (reader, writer) = tokio::io::split(far);
    let peer = crate::transport::Peer {
        user: "ann".to_owned(),
        groups: Vec::new(),
        address: "here".to_owned(),
        transport: TransportKind::Memory,
    };
    tokio::spawn(serve(reader, writer, server.service(), peer, Limits::default()));
    let mut session =
        Session::client(vec![capability::BASE_1_1.to_owned()], Limits::default(), Instant::now());
    let mut buffer = BytesMut::new();
    while !matches!(session.poll_event().unwrap(), Some(Event::Hello(..))) {
        session.receive(read_some(&mut near, &mut buffer).await.unwrap());
    }
    session.send(Rpc::write("1", "<get-config><source><running/></source></get-config>")).unwrap();
    while let Some(bytes) = session.poll_transmit() {
        near.write_all(&bytes).await.unwrap();
    }
    (near, session)
}

#[tokio::test]
async fn peers_that_do_not_read_hold_up_nobody_else() {
    let (server, mut peer) = large().await;
    let mut sleepers = Vec::new();
    for _ in 0..40 {
        sleepers.push(asking(&server).await);
    }
    // Their replies are begun, and stand still.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let (mut awake, mut session) = asking(&server).await;
    let mut buffer = BytesMut::new();
    let reply = loop {
        match session.poll_event().unwrap() {
            Some(Event::Reply(reply)) => break reply,
            _ => session.receive(read_some(&mut awake, &mut buffer).await.unwrap()),
        }
    };
    assert_eq!(reply.data().unwrap().as_str().matches("<interface>").count(), ENTRIES);
    // What they are told is what there was when they asked.
    peer.edit(
        "running",
        "<interfaces xmlns='urn:device'><interface><name>new</name></interface></interfaces>",
    )
    .await;
    let (mut late, mut session) = sleepers.pop().unwrap();
    let reply = loop {
        match session.poll_event().unwrap() {
            Some(Event::Reply(reply)) => break reply,
            _ => session.receive(read_some(&mut late, &mut buffer).await.unwrap()),
        }
    };
    assert_eq!(reply.data().unwrap().as_str().matches("<interface>").count(), ENTRIES);
}

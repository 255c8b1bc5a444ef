//! Notifications (RFC 5277).

use super::device::{builder, node, server, tree};
use super::peer::{Peer, refused};
use crate::handler::{Handlers, Registry};
use crate::server::service::CloseReason;
use crate::server::{Limits, Server};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::xml::SliceSource;
use yang_schema::{NodeId, Schema};

const NS: &str = "urn:ietf:params:xml:ns:netconf:notification:1.0";

fn subscribe(params: &str) -> String {
    format!("<create-subscription xmlns='{NS}'>{params}</create-subscription>")
}

fn alarm(server: &crate::server::Server, severity: u8) {
    let xml = format!("<severity xmlns='urn:device'>{severity}</severity>");
    server.publisher().publish_tree(&tree(node("/device:alarm"), &xml)).unwrap();
}

// Section 4: the notification element holds eventTime and the content.
#[tokio::test]
async fn who_subscribed_is_told() {
    let server = server().await;
    let (mut one, two) = (Peer::connect(&server), Peer::connect(&server));
    assert_eq!(one.send(&subscribe("<stream>NETCONF</stream>")).await, "ok");
    alarm(&server, 3);
    let told = one.notifications();
    let [told] = told.as_slice() else { panic!("{told:?}") };
    let start = format!("<notification xmlns=\"{NS}\"><eventTime>20");
    let end = "Z</eventTime><alarm xmlns=\"urn:device\"><severity>3</severity></alarm></notification>";
    assert!(told.starts_with(&start) && told.ends_with(end), "{told}");
    assert!(two.notifications().is_empty());
    // Operations go on in between (:interleave).
    assert_eq!(one.config("running").await, "<data></data>");
}

#[tokio::test]
async fn handlers_publish() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.send(&subscribe("")).await, "ok");
    assert_eq!(peer.send("<ping xmlns='urn:device'><host>alarm</host></ping>").await, "ok");
    assert!(peer.notifications()[0].contains("<severity>7</severity><text>hot</text>"));
}

// Section 3.6: a notification passes whole or not at all.
#[tokio::test]
async fn filters_pick_notifications() {
    let server = server().await;
    for filter in [
        "<filter type='subtree'><alarm xmlns='urn:device'><severity>7</severity></alarm></filter>",
        "<filter xmlns:d='urn:device' type='xpath' select='/d:alarm[d:severity > 5]/d:severity'/>",
    ] {
        let mut peer = Peer::connect(&server);
        assert_eq!(peer.send(&subscribe(filter)).await, "ok");
        alarm(&server, 3);
        assert!(peer.notifications().is_empty(), "{filter}");
        server
            .publisher()
            .publish_tree(&tree(
                node("/device:alarm"),
                "<severity xmlns='urn:device'>7</severity><text xmlns='urn:device'>x</text>",
            ))
            .unwrap();
        assert!(peer.notifications()[0].contains("<text>x</text>"), "{filter}");
        server.publisher().publish_tree(&tree(node("/device:calm"), "")).unwrap();
        assert!(peer.notifications().is_empty(), "{filter}");
    }
}

// Section 2.1.1.
#[tokio::test]
async fn subscriptions_are_checked() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    refused(&peer.send(&subscribe("<stream>SNMP</stream>")).await, "protocol invalid-value");
    refused(
        &peer.send(&subscribe("<stopTime>2026-01-01T00:00:00Z</stopTime>")).await,
        "protocol missing-element [bad-element startTime]",
    );
    refused(&peer.send(&subscribe("<speed>1</speed>")).await, "protocol unknown-element [bad-element speed]");
    refused(&peer.send(&subscribe("<filter type='xpath' select='///'/>")).await, "protocol invalid-value");
    assert_eq!(peer.send(&subscribe("")).await, "ok");
    refused(&peer.send(&subscribe("")).await, "protocol operation-failed");
}

#[tokio::test]
async fn a_notification_that_breaks_its_model_is_not_sent() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.send(&subscribe("")).await, "ok");
    let error = server.publisher().publish_tree(&tree(node("/device:alarm"), "")).unwrap_err();
    assert_eq!(error.tag, crate::ErrorTag::MissingElement);
    assert!(peer.notifications().is_empty());
}

#[tokio::test]
async fn a_session_that_does_not_read_is_ended() {
    let server = builder().build().await.unwrap();
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.send(&subscribe("")).await, "ok");
    peer.take_no_more_than(2);
    for severity in 0..4 {
        alarm(&server, severity);
    }
    assert_eq!(peer.notifications().len(), 2);
    assert!(matches!(peer.told_to_close(), Some(CloseReason::Failed(why)) if why.contains("notifications")));
}

/// A model whose notifications read state.
const LINKS: &str = "module links {
  yang-version 1.1; namespace 'urn:links'; prefix l;
  list link { key name; config false; leaf name { type string; } leaf up { type boolean; } }
  notification lost {
    leaf link { type leafref { path '/l:link/l:name'; } }
    must \"/l:link[l:name = current()/l:link]/l:up = 'false'\" { error-app-tag still-up; }
  }
  notification tick { leaf count { type uint8; } }
}";

/// Links of which `a` is down, once it is asked for them.
struct Links {
    slow: bool,
    asked: AtomicBool,
}

impl Handlers for Links {
    fn register(self: Arc<Self>, registry: &mut Registry) {
        registry.state_tree("/links:link", move |_, out| {
            let this = Arc::clone(&self);
            Box::pin(async move {
                this.asked.store(true, Ordering::Relaxed);
                if this.slow {
                    std::future::pending::<()>().await;
                }
                let state = "<link xmlns='urn:links'><name>a</name><up>false</up></link>\
                             <link xmlns='urn:links'><name>b</name><up>true</up></link>";
                let piece = decode(out.schema(), NodeId::ROOT, state);
                out.send_tree(piece).await
            })
        });
    }
}

/// A tree of what stands at a node.
pub(super) fn decode(schema: &Arc<Schema>, at: NodeId, xml: &str) -> Tree {
    let text = format!("<x>{xml}</x>");
    let mut source = SliceSource::new(text.as_bytes(), yang_data::codec::Limits::default());
    yang_data::event::Source::next(&mut source).unwrap();
    let mut inside = yang_data::event::Inside::new(&mut source);
    Tree::decode(schema, at, &mut inside, &DecodeOptions::default()).unwrap()
}

async fn links(slow: bool) -> (Server, Arc<Links>, Peer) {
    let schema = yang_parser::Compiler::new().source("links.yang", LINKS).compile().schema.unwrap();
    let device = Arc::new(Links { slow, asked: AtomicBool::new(false) });
    let limits = Limits { notifications: 2, state: Duration::from_secs(1), ..Limits::default() };
    let server = Server::builder(schema).handlers(Arc::clone(&device)).limits(limits).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.send(&subscribe("")).await, "ok");
    (server, device, peer)
}

fn publish(server: &Server, name: &str, content: &str) -> Result<(), crate::RpcError> {
    let node = server.schema().find(&format!("/links:{name}")).unwrap().id();
    server.publisher().publish_tree(&decode(server.schema(), node, content))
}

fn lost(server: &Server, link: &str) -> Result<(), crate::RpcError> {
    publish(server, "lost", &format!("<link xmlns='urn:links'>{link}</link>"))
}

// RFC 7950 section 6.4.1: the accessible tree of a notification is the notification, all state and running.
#[tokio::test(start_paused = true)]
async fn constraints_of_a_notification_see_state() {
    let (server, device, peer) = links(false).await;
    lost(&server, "a").unwrap();
    // This one reads none, and stays in its place.
    publish(&server, "tick", "<count xmlns='urn:links'>1</count>").unwrap();
    assert!(peer.notifications().is_empty());
    tokio::time::sleep(Duration::from_millis(1)).await;
    let told = peer.notifications();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("<link>a</link>") && told[1].contains("<count>1</count>"), "{told:?}");
    assert!(device.asked.load(Ordering::Relaxed));
    // What breaks the model is not sent: there is no such link, or it is up.
    lost(&server, "c").unwrap();
    lost(&server, "b").unwrap();
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert!(peer.notifications().is_empty());
    // With nothing in front of it, it goes at once.
    publish(&server, "tick", "<count xmlns='urn:links'>2</count>").unwrap();
    assert_eq!(peer.notifications().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_does_not_answer_holds_up_no_more_than_its_limit() {
    let (server, _, peer) = links(true).await;
    lost(&server, "a").unwrap();
    tokio::time::sleep(Duration::from_millis(1)).await;
    for count in 1..=2 {
        publish(&server, "tick", &format!("<count xmlns='urn:links'>{count}</count>")).unwrap();
    }
    let error = publish(&server, "tick", "<count xmlns='urn:links'>3</count>").unwrap_err();
    assert_eq!(error.tag, crate::ErrorTag::ResourceDenied);
    assert!(error.message.unwrap().contains("limit `notifications`"));
    tokio::time::sleep(Duration::from_secs(2)).await;
    let told = peer.notifications();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("<count>1</count>") && told[1].contains("<count>2</count>"), "{told:?}");
}

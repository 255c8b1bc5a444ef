//! Rpcs of modules (RFC 7950 section 7.14).

use super::device::{builder, schema, server};
use super::peer::{Peer, refused};
use crate::handler::{Handlers, Registry};
use crate::server::service::RpcAttribute;
use crate::server::{Limits, Server};
use std::sync::Arc;
use std::time::Duration;

fn ping(params: &str) -> String {
    format!("<ping xmlns='urn:device'>{params}</ping>")
}

#[tokio::test]
async fn input_goes_in_and_output_comes_out() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    assert_eq!(
        peer.send(&ping("<host>there</host><count>5</count>")).await,
        "<answer xmlns=\"urn:device\">there for admin of 1</answer>"
    );
    // Section 7.14.4: "no output parameters: a single <ok/>".
    assert_eq!(peer.send("<reset xmlns='urn:device'/>").await, "ok");
}

#[tokio::test]
async fn input_is_held_to_its_model() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    refused(&peer.send(&ping("")).await, "application missing-element /d:ping");
    refused(
        &peer.send(&ping("<host>x</host><count>6</count>")).await,
        "application invalid-value /d:ping/d:count",
    );
    refused(&peer.send(&ping("<host>x</host><ttl>6</ttl>")).await, "application unknown-element /d:ping");
    refused(
        &peer.send(&ping("<host>x</host><host>y</host>")).await,
        "application bad-element /d:ping/d:host",
    );
    // A leafref in input leads into running (section 6.4.1).
    refused(
        &peer.send(&ping("<host>x</host><from>eth7</from>")).await,
        "application data-missing (instance-required) /d:ping/d:from",
    );
    peer.edit(
        "running",
        "<interfaces xmlns='urn:device'><interface><name>eth7</name></interface></interfaces>",
    )
    .await;
    assert!(peer.send(&ping("<host>x</host><from>eth7</from>")).await.contains("x for admin"));
}

#[tokio::test]
async fn what_a_handler_says_is_told_and_what_it_does_wrong_too() {
    let limits = Limits { rpc: Duration::from_millis(50), ..Limits::default() };
    let server = builder().limits(limits).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    let mut host = async |name: &str| peer.send(&ping(&format!("<host>{name}</host>"))).await;
    refused(&host("refuse").await, "application resource-denied (tired): no more pings today");
    refused(&host("panic").await, "application operation-failed: the handler of /device:ping died");
    refused(
        &host("sleep").await,
        "application operation-failed: the handler of /device:ping did not answer within 50ms (limit `rpc`)",
    );
    refused(&host("long").await, "application operation-failed");
    assert!(host("still-there").await.contains("still-there for admin"));
}

#[tokio::test]
async fn what_nobody_does_is_not_supported() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    refused(&peer.send("<nothing xmlns='urn:device'/>").await, "protocol operation-not-supported");
    refused(&peer.send("<unheard-of xmlns='urn:device'/>").await, "protocol operation-not-supported");
    refused(
        &peer.send("<x xmlns='urn:nobody'/>").await,
        "protocol unknown-namespace [bad-element x] [bad-namespace urn:nobody]",
    );
    refused(&peer.ask("make-coffee", "").await, "protocol operation-not-supported");
}

#[tokio::test]
async fn a_handler_knows_for_whom_it_works() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let attribute = RpcAttribute {
        namespace: "urn:ietf:params:xml:ns:netconf:w3ctc:1.0".to_owned(),
        name: "traceparent".to_owned(),
        value: format!("00-{trace}-00f067aa0ba902b7-01"),
    };
    let answer = |text: &str| format!("<answer xmlns=\"urn:device\">{text}</answer>");
    assert_eq!(peer.send(&ping("<host>who</host>")).await, answer("admin at here by memory"));
    assert_eq!(peer.send_with(vec![attribute], &ping("<host>trace</host>")).await, answer(trace));
    // Without one, each request has its own.
    let one = peer.send(&ping("<host>trace</host>")).await;
    assert_ne!(one, peer.send(&ping("<host>trace</host>")).await);
}

/// Says that it is all there is.
struct Complete {
    unsupported: &'static [&'static str],
}

impl Handlers for Complete {
    fn register(self: Arc<Self>, registry: &mut Registry) {
        self.unsupported.iter().for_each(|module| registry.unsupported(module));
        registry.complete();
    }
}

#[tokio::test]
async fn what_nobody_handles_is_said_or_the_server_is_not_built() {
    let build = |unsupported| Server::builder(schema()).handlers(Arc::new(Complete { unsupported })).build();
    let error = build(&[]).await.err().unwrap().to_string();
    assert!(error.contains("nobody handles the rpc /device:ping"), "{error}");
    assert!(error.contains("nobody handles the rpc /device:reset"), "{error}");
    let error = build(&["other"]).await.err().unwrap().to_string();
    assert!(error.contains("other is said to be unsupported"), "{error}");
    let server = build(&["device"]).await.unwrap();
    let mut peer = Peer::connect(&server);
    refused(&peer.send(&ping("<host>x</host>")).await, "protocol operation-not-supported");
    // What another part of the device handles is not missing.
    let error =
        builder().handlers(Arc::new(Complete { unsupported: &[] })).build().await.err().unwrap().to_string();
    assert!(error.contains("/device:nothing") && !error.contains("/device:ping"), "{error}");
}

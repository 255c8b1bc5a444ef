//! Rpcs of modules (RFC 7950 section 7.14).

use super::device::{builder, server};
use super::peer::{Peer, refused};
use crate::server::Limits;
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
    refused(&host("panic").await, "application operation-failed: the handler of ping died");
    refused(
        &host("sleep").await,
        "application operation-failed: the handler of ping did not answer within 50ms (limit `rpc`)",
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
    for operation in ["copy-config", "delete-config", "cancel-commit", "make-coffee"] {
        refused(&peer.ask(operation, "").await, "protocol operation-not-supported");
    }
}

//! Notifications (RFC 5277).

use super::device::{builder, node, server, tree};
use super::peer::{Peer, refused};
use crate::server::service::CloseReason;

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
        &peer.send(&subscribe("<startTime>2026-01-01T00:00:00Z</startTime>")).await,
        "protocol operation-failed: this server does not replay",
    );
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

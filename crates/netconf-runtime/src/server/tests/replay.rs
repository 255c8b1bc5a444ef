//! Replay of notifications (RFC 5277 section 3.3).

use super::device::{builder, node, tree};
use super::notifications::decode;
use super::peer::{Peer, refused};
use crate::server::service::CloseReason;
use crate::server::time::timestamp;
use crate::server::{Limits, Server};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

const NS: &str = "urn:ietf:params:xml:ns:netconf:notification:1.0";

/// When all that is told here had not happened yet.
const LONG_AGO: &str = "<startTime>2020-01-01T00:00:00Z</startTime>";

fn subscribe(params: &str) -> String {
    format!("<create-subscription xmlns='{NS}'>{params}</create-subscription>")
}

fn alarm(server: &Server, severity: u8) {
    let xml = format!("<severity xmlns='urn:device'>{severity}</severity>");
    server.publisher().publish_tree(&tree(node("/device:alarm"), &xml)).unwrap();
}

async fn server() -> Server {
    builder().build().await.unwrap()
}

/// What a message is about: a severity, or the name of the event.
fn word(message: &str) -> String {
    assert!(message.starts_with(&format!("<notification xmlns=\"{NS}\"><eventTime>20")), "{message}");
    let (_, event) = message.split_once("</eventTime><").unwrap();
    match event.split_once("<severity>") {
        Some((_, severity)) => severity.split_once('<').unwrap().0.to_owned(),
        None => {
            let event = event.strip_suffix("</notification>").unwrap();
            let own = " xmlns=\"urn:ietf:params:xml:ns:netmod:notification\"/>";
            event.strip_suffix(own).unwrap_or_else(|| panic!("{message}")).to_owned()
        }
    }
}

/// What comes until a message is there that has this word.
async fn until(peer: &Peer, last: &str) -> Vec<String> {
    let mut words = Vec::new();
    while words.last().is_none_or(|word| word != last) {
        words.extend(peer.notifications().iter().map(|message| word(message)));
        tokio::task::yield_now().await;
    }
    words
}

/// The time of the next one to come that differs from that of all before.
async fn later() -> String {
    tokio::time::sleep(Duration::from_millis(3)).await;
    timestamp(SystemTime::now())
}

// Section 3.3.2: what is kept, then replayComplete, then what happens.
#[tokio::test]
async fn the_past_is_told_and_then_what_happens() {
    let server = server().await;
    (1..=3).for_each(|severity| alarm(&server, severity));
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.send(&subscribe(LONG_AGO)).await, "ok");
    assert_eq!(until(&peer, "replayComplete").await, ["1", "2", "3", "replayComplete"]);
    alarm(&server, 4);
    assert_eq!(until(&peer, "4").await, ["4"]);
    // One subscription a session, as ever.
    refused(&peer.send(&subscribe("")).await, "protocol operation-failed");
    // Who does not ask for the past is not told it.
    let mut other = Peer::connect(&server);
    assert_eq!(other.send(&subscribe("")).await, "ok");
    alarm(&server, 5);
    assert_eq!(until(&other, "5").await, ["5"]);
}

#[tokio::test]
async fn a_replay_begins_where_it_is_asked_to() {
    let server = server().await;
    alarm(&server, 1);
    let start = later().await;
    alarm(&server, 2);
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.send(&subscribe(&format!("<startTime>{start}</startTime>"))).await, "ok");
    assert_eq!(until(&peer, "replayComplete").await, ["2", "replayComplete"]);
}

// What happens between the request and the end of the replay comes once, behind it.
#[tokio::test]
async fn nothing_is_lost_or_told_twice_between_the_past_and_the_present() {
    let server = server().await;
    (0..100).for_each(|severity| alarm(&server, severity));
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.send(&subscribe(LONG_AGO)).await, "ok");
    // The replay has not begun: its task has not had its turn.
    (100..200).for_each(|severity| alarm(&server, severity));
    let mut told = until(&peer, "199").await;
    (200..=210).for_each(|severity| alarm(&server, severity));
    told.extend(until(&peer, "210").await);
    let mut expected: Vec<String> = (0..=210).map(|n| n.to_string()).collect();
    expected.insert(100, "replayComplete".to_owned());
    assert_eq!(told, expected);
}

// "If stopTime is in the past": it is over at once, and the session has none any more.
#[tokio::test]
async fn a_replay_ends_at_its_stop_time() {
    let server = server().await;
    alarm(&server, 1);
    let stop = later().await;
    tokio::time::sleep(Duration::from_millis(3)).await;
    alarm(&server, 2);
    let mut peer = Peer::connect(&server);
    let request = subscribe(&format!("{LONG_AGO}<stopTime>{stop}</stopTime>"));
    for _ in 0..2 {
        assert_eq!(peer.send(&request).await, "ok");
        let told = until(&peer, "notificationComplete").await;
        assert_eq!(told, ["1", "replayComplete", "notificationComplete"]);
    }
    alarm(&server, 3);
    assert!(peer.notifications().is_empty());
}

#[tokio::test]
async fn a_stop_time_that_is_to_come_ends_the_subscription_then() {
    let server = server().await;
    alarm(&server, 1);
    let stop = timestamp(SystemTime::now() + Duration::from_millis(400));
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.send(&subscribe(&format!("{LONG_AGO}<stopTime>{stop}</stopTime>"))).await, "ok");
    assert_eq!(until(&peer, "replayComplete").await, ["1", "replayComplete"]);
    alarm(&server, 2);
    let mut told = Vec::new();
    while told.last().is_none_or(|word| word != "notificationComplete") {
        told.extend(peer.notifications().iter().map(|message| word(message)));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(told, ["2", "notificationComplete"]);
    alarm(&server, 3);
    assert!(peer.notifications().is_empty());
    assert_eq!(peer.send(&subscribe("")).await, "ok", "the session is as before");
}

// Section 3.6, and RFC 8341 section 3.4.6: neither holds back the ends.
#[tokio::test]
async fn filters_pick_of_the_past_too() {
    let server = server().await;
    [3, 7, 4, 9].into_iter().for_each(|severity| alarm(&server, severity));
    server.publisher().publish_tree(&tree(node("/device:calm"), "")).unwrap();
    for filter in [
        "<filter xmlns:d='urn:device' type='xpath' select='/d:alarm[d:severity > 5]'/>",
        "<filter><alarm xmlns='urn:device'><severity>7</severity></alarm><alarm xmlns='urn:device'><severity>9</severity></alarm></filter>",
    ] {
        let mut peer = Peer::connect(&server);
        assert_eq!(peer.send(&subscribe(&format!("{filter}{LONG_AGO}"))).await, "ok");
        assert_eq!(until(&peer, "replayComplete").await, ["7", "9", "replayComplete"], "{filter}");
    }
}

// Section 2.1.1: its error answers.
#[tokio::test]
async fn times_are_checked() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    let start = |time: &str| format!("<startTime>{time}</startTime>");
    let stop = |time: &str| format!("<stopTime>{time}</stopTime>");
    for (params, expected) in [
        (start("2999-01-01T00:00:00Z"), "protocol bad-element [bad-element startTime]"),
        (
            start("2020-01-01T00:00:00Z") + &stop("2019-12-31T23:59:59Z"),
            "protocol bad-element [bad-element stopTime]",
        ),
        // The zone counts.
        (
            start("2020-01-01T00:00:00Z") + &stop("2020-01-01T00:59:59+01:00"),
            "protocol bad-element [bad-element stopTime]",
        ),
        (stop("2020-01-01T00:00:00Z"), "protocol missing-element [bad-element startTime]"),
        (start("yesterday"), "protocol invalid-value [bad-element startTime]"),
        (start("2020-01-01T00:00:00"), "protocol invalid-value [bad-element startTime]"),
        (
            LONG_AGO.to_owned() + &stop("2020-02-30T00:00:00Z"),
            "protocol invalid-value [bad-element stopTime]",
        ),
        (start("2020-01-01T00:00:00Z") + "<stream>SNMP</stream>", "protocol invalid-value"),
    ] {
        refused(&peer.send(&subscribe(&params)).await, expected);
    }
    assert_eq!(peer.send(&subscribe(LONG_AGO)).await, "ok", "none of them left anything behind");
}

#[tokio::test]
async fn a_server_without_a_log_says_so() {
    for limits in
        [Limits { replay_entries: 0, ..Limits::default() }, Limits { replay_bytes: 0, ..Limits::default() }]
    {
        let server = builder().limits(limits).build().await.unwrap();
        let mut peer = Peer::connect(&server);
        let reply = peer.send(&subscribe(LONG_AGO)).await;
        refused(&reply, "protocol operation-failed: this server does not replay notifications");
    }
}

#[tokio::test]
async fn the_log_keeps_as_many_as_its_limits_say() {
    let server = builder().limits(Limits { replay_entries: 2, ..Limits::default() }).build().await.unwrap();
    (1..=3).for_each(|severity| alarm(&server, severity));
    let mut peer = Peer::connect(&server);
    // "the replay will begin with the earliest available notification"
    assert_eq!(peer.send(&subscribe(LONG_AGO)).await, "ok");
    assert_eq!(until(&peer, "replayComplete").await, ["2", "3", "replayComplete"]);
}

// A gap that nobody tells of would be worse than an end.
#[tokio::test]
async fn who_does_not_keep_up_with_the_log_is_ended() {
    for limits in
        [Limits { replay_entries: 2, ..Limits::default() }, Limits { replay_bytes: 400, ..Limits::default() }]
    {
        let server = builder().limits(limits).build().await.unwrap();
        alarm(&server, 1);
        let mut peer = Peer::connect(&server);
        assert_eq!(peer.send(&subscribe(LONG_AGO)).await, "ok");
        (2..=9).for_each(|severity| alarm(&server, severity));
        while peer.told_to_close().is_none() {
            tokio::task::yield_now().await;
        }
        let Some(CloseReason::Failed(why)) = peer.told_to_close() else { panic!("it is a failure") };
        assert!(why.contains("`replay_entries`, `replay_bytes`"), "{why}");
    }
}

// A session that takes no more of the past than of the present.
#[tokio::test]
async fn who_does_not_read_the_past_is_ended() {
    let server = server().await;
    (1..=3).for_each(|severity| alarm(&server, severity));
    let mut peer = Peer::connect(&server);
    peer.take_no_more_than(2);
    assert_eq!(peer.send(&subscribe(LONG_AGO)).await, "ok");
    while peer.told_to_close().is_none() {
        tokio::task::yield_now().await;
    }
    assert!(matches!(peer.told_to_close(), Some(CloseReason::Failed(why)) if why.contains("notifications")));
}

// Who comes back finds what it missed, be it as another session.
#[tokio::test]
async fn a_session_that_ends_takes_its_replay_along() {
    let server = server().await;
    (0..100).for_each(|severity| alarm(&server, severity));
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.send(&subscribe(LONG_AGO)).await, "ok");
    peer.end(CloseReason::Dropped);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(peer.notifications().is_empty());
}

// Access control is asked when it is told, not when it happened.
#[tokio::test]
async fn rules_hold_for_the_past_as_they_are_now() {
    let compiled = yang_parser::Compiler::new()
        .source("device.yang", include_str!("device.yang"))
        .module("ietf-netconf-acm")
        .compile();
    let server = Server::builder(compiled.schema.unwrap()).recovery_user("root").build().await.unwrap();
    let publish = |name: &str, content: &str| {
        let node = server.schema().find(&format!("/device:{name}")).unwrap().id();
        server.publisher().publish_tree(&decode(server.schema(), node, content)).unwrap();
    };
    publish("alarm", "<severity xmlns='urn:device'>1</severity>");
    publish("calm", "");
    let mut root = Peer::connect_as(&server, "root");
    root.edit(
        "running",
        "<nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm'><groups><group><name>staff</name>\
         <user-name>ann</user-name></group></groups><rule-list><name>1</name><group>*</group><rule><name>1</name>\
         <module-name>device</module-name><notification-name>alarm</notification-name><action>deny</action></rule></rule-list></nacm>",
    )
    .await;
    let mut ann = Peer::connect_as(&server, "ann");
    assert_eq!(ann.send(&subscribe(LONG_AGO)).await, "ok");
    let mut told = Vec::new();
    while told.last().is_none_or(|last: &String| !last.contains("<replayComplete")) {
        told.extend(ann.notifications());
        tokio::task::yield_now().await;
    }
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("<calm"), "{told:?}");
    let denied = root
        .ask("get", "<filter><nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm'/></filter>")
        .await;
    assert!(denied.contains("<denied-notifications>1</denied-notifications>"), "{denied}");
}

// Section 3.4: what is told of the stream.
#[tokio::test]
async fn the_stream_says_what_it_keeps() {
    let compiled = yang_parser::Compiler::new()
        .source("device.yang", include_str!("device.yang"))
        .module("nc-notifications")
        .compile();
    let schema = Arc::new(compiled.schema.unwrap());
    let filter = "<filter><netconf xmlns='urn:ietf:params:xml:ns:netmod:notification'/></filter>";
    let calm = |server: &Server| {
        let node = schema.find("/device:calm").unwrap().id();
        server.publisher().publish_tree(&decode(&schema, node, "")).unwrap();
    };
    let with = |limits| Server::builder(Arc::clone(&schema)).limits(limits).build();
    let server = with(Limits { replay_entries: 1, ..Limits::default() }).await.unwrap();
    let mut peer = Peer::connect(&server);
    let reply = peer.ask("get", filter).await;
    assert!(reply.contains("<name>NETCONF</name><description>"), "{reply}");
    assert!(reply.contains("<replaySupport>true</replaySupport><replayLogCreationTime>20"), "{reply}");
    assert!(!reply.contains("replayLogAgedTime"), "{reply}");
    calm(&server);
    calm(&server);
    assert!(peer.ask("get", filter).await.contains("<replayLogAgedTime>20"));
    let server = with(Limits { replay_entries: 0, ..Limits::default() }).await.unwrap();
    let reply = Peer::connect(&server).ask("get", filter).await;
    assert!(reply.contains("<replaySupport>false</replaySupport></stream>"), "{reply}");
}

// The two ends together: what came to pass while the client was away is told when it is back, and nothing twice.
#[cfg(all(feature = "client", feature = "mock"))]
#[tokio::test]
async fn a_client_that_comes_back_is_told_what_it_missed() {
    use crate::client::{Backoff, Reconnecting, Resumed};
    let server = Arc::new(server().await);
    let home = Arc::clone(&server);
    let connect = move || {
        let server = Arc::clone(&home);
        async move { crate::mock::connect(&server, "ann").await }
    };
    let quick = Backoff::default().between(Duration::from_millis(1), Duration::from_millis(5));
    let mut events = Reconnecting::new(connect, quick).subscribe("NETCONF", None).await.unwrap();
    let mut told = Vec::new();
    for round in 0_u8..5 {
        alarm(&server, 10 * round);
        alarm(&server, 10 * round + 1);
        while told.len() < usize::from(round) * 3 + 2 {
            match events.next().await.unwrap() {
                Resumed::Notification(event) => told.push(word(event.as_str())),
                Resumed::Replayed => assert!(round > 0, "there was nothing to come back to"),
                Resumed::Gap => panic!("the server keeps what it tells"),
            }
        }
        // The session is killed, and the server goes on.
        let mut killer = Peer::connect(&server);
        for session in server.sessions().iter().filter(|session| session.user == "ann") {
            killer.ask("kill-session", &format!("<session-id>{}</session-id>", session.id)).await;
        }
        alarm(&server, 10 * round + 2);
        while told.len() < usize::from(round) * 3 + 3 {
            match events.next().await {
                Ok(Resumed::Notification(event)) => told.push(word(event.as_str())),
                Ok(Resumed::Replayed) => {}
                Ok(Resumed::Gap) => panic!("the server keeps what it tells"),
                Err(error) => assert!(error.is_session_over(), "{error}"),
            }
        }
    }
    let expected: Vec<String> =
        (0..5).flat_map(|round| (0..3).map(move |n| (10 * round + n).to_string())).collect();
    assert_eq!(told, expected);
}

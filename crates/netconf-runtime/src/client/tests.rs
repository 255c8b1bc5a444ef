//! The client against the toy service and against peers made by hand.

mod operations;
mod pieces;

use super::*;
use crate::protocol::capability::{BASE_1_0, CANDIDATE, STARTUP};
use crate::protocol::{Limits, Version};
use crate::rpc_error::ErrorTag;
use crate::server::service::{CloseReason, TransportKind};
use crate::transport::toy::Toy;
use crate::transport::{Peer, memory, serve};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

async fn session(toy: &Arc<Toy>, options: Options) -> Session {
    let (near, far) = memory();
    let (reader, writer) = tokio::io::split(far);
    let peer = Peer {
        user: "ann".into(),
        groups: Vec::new(),
        address: "here".into(),
        transport: TransportKind::Memory,
    };
    tokio::spawn(serve(reader, writer, Arc::new(Arc::clone(toy)), peer, Limits::default()));
    Session::open(near, options).await.unwrap()
}

/// A server made by hand: its hello, and then what the test writes.
async fn by_hand(capabilities: &str) -> (Session, DuplexStream) {
    let (near, mut far) = memory();
    let hello = format!(
        "<hello xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"><capabilities><capability>{BASE_1_0}</capability>\
         {capabilities}</capabilities><session-id>3</session-id></hello>]]>]]>"
    );
    far.write_all(hello.as_bytes()).await.unwrap();
    let session = Session::open(near, Options::default()).await.unwrap();
    read_message(&mut far).await;
    (session, far)
}

async fn read_message(stream: &mut DuplexStream) -> String {
    let mut text = Vec::new();
    while !text.ends_with(b"]]>]]>") {
        text.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(text).unwrap()
}

async fn write_reply(stream: &mut DuplexStream, attributes: &str, body: &str) {
    let reply = format!(
        "<rpc-reply {attributes} xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\">{body}</rpc-reply>]]>]]>"
    );
    stream.write_all(reply.as_bytes()).await.unwrap();
}

#[tokio::test]
async fn calls_are_pipelined() {
    let toy = Toy::new();
    let session = session(&toy, Options::default()).await;
    assert_eq!((session.id(), session.version()), (1, Version::V1_1));
    assert!(session.capabilities().has(CANDIDATE) && !session.capabilities().has(STARTUP));
    let calls: Vec<_> = (0..200)
        .map(|n| {
            let session = session.clone();
            tokio::spawn(async move {
                let reply = session.rpc_xml(&format!("<get>{n}</get>")).await.unwrap();
                assert_eq!(reply.data().unwrap().as_str(), format!("<data>{n}</data>"));
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    session.close().await.unwrap();
    assert_eq!(toy.end_of(1).await, CloseReason::Requested);
    assert!(matches!(session.get().await, Err(Error::Closed)));
}

#[tokio::test]
async fn errors_and_warnings() {
    let toy = Toy::new();
    let session = session(&toy, Options::default()).await;
    let error = session.rpc_xml("<fail/>").await.unwrap_err();
    assert_eq!(error.fault(), Fault::Device);
    assert_eq!(error.rpc_errors().len(), 2);
    assert_eq!(error.rpc_errors()[0].tag, ErrorTag::InvalidValue);
    assert!(error.to_string().contains("invalid-value (toy): no; data-exists"), "{error}");
    let warned = session.rpc_xml("<warn/>").await.unwrap();
    assert_eq!(warned.errors.len(), 1);
}

#[tokio::test]
async fn what_cannot_be_sent_is_not() {
    let toy = Toy::new();
    let session = session(&toy, Options::default()).await;
    for bad in ["", "text", "<a/><b/>", "<a>", "<?xml version='1.0'?><a/>", "<p:a/>"] {
        let error = session.rpc_xml(bad).await.unwrap_err();
        assert_eq!(error.fault(), Fault::Caller, "{bad}: {error}");
    }
    for (error, capability) in [
        (session.get_config(Datastore::Startup).await.unwrap_err(), "startup:1.0"),
        (session.edit_config(Datastore::Running).await.unwrap_err(), "writable-running:1.0"),
        (session.get().filter(Filter::xpath("/x", [("", "")])).await.unwrap_err(), "xpath:1.0"),
        (session.get().with_defaults(WithDefaults::Trim).await.unwrap_err(), "with-defaults:1.0"),
        (
            session
                .edit_config(Datastore::Candidate)
                .error_option(ErrorOption::RollbackOnError)
                .await
                .unwrap_err(),
            "rollback-on-error:1.0",
        ),
        (session.lock(Datastore::Url("file:x".into())).await.unwrap_err(), "url:1.0"),
    ] {
        assert!(matches!(error, Error::NotSupported { .. }), "{error}");
        assert!(error.to_string().contains(capability), "{error}");
    }
    assert_eq!(toy.begun.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn operations_say_what_the_rfc_says() {
    let capabilities = ["candidate:1.0", "startup:1.0", "validate:1.1", "rollback-on-error:1.0", "xpath:1.0"]
        .map(|c| format!("<capability>urn:ietf:params:netconf:capability:{c}</capability>"))
        .concat()
        + "<capability>urn:ietf:params:netconf:capability:with-defaults:1.0?basic-mode=explicit&amp;also-supported=trim</capability>";
    let (session, mut far) = by_hand(&capabilities).await;
    assert_eq!(session.version(), Version::V1_0);
    let device = tokio::spawn(async move {
        let mut seen = Vec::new();
        for id in 1..=6 {
            let message = read_message(&mut far).await;
            let start = message.find('>').unwrap() + 1;
            seen.push(message[start..message.len() - "</rpc>]]>]]>".len()].to_owned());
            let body = if message.contains("<get") { "<data/>" } else { "<ok/>" };
            write_reply(&mut far, &format!("message-id='{id}'"), body).await;
        }
        seen
    });
    session.lock(Datastore::Candidate).await.unwrap();
    session
        .edit_config(Datastore::Candidate)
        .default_operation(DefaultOperation::None)
        .test_option(TestOption::TestThenSet)
        .error_option(ErrorOption::RollbackOnError)
        .config_xml("<a xmlns='u'/>")
        .await
        .unwrap();
    session.validate(Datastore::Candidate).await.unwrap();
    session.commit().await.unwrap();
    session.get_config(Datastore::Startup).filter(Filter::subtree("<a xmlns='u'/>")).await.unwrap();
    session.get().with_defaults(WithDefaults::Trim).await.unwrap();
    assert!(matches!(
        session.get().with_defaults(WithDefaults::ReportAll).await,
        Err(Error::NotSupported { .. })
    ));
    assert_eq!(
        device.await.unwrap(),
        [
            "<lock><target><candidate/></target></lock>",
            "<edit-config><target><candidate/></target><default-operation>none</default-operation>\
             <test-option>test-then-set</test-option><error-option>rollback-on-error</error-option>\
             <config><a xmlns='u'/></config></edit-config>",
            "<validate><source><candidate/></source></validate>",
            "<commit/>",
            "<get-config><source><startup/></source><filter type=\"subtree\"><a xmlns='u'/></filter></get-config>",
            "<get><with-defaults xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults\">trim</with-defaults></get>",
        ]
    );
}

#[tokio::test]
async fn a_lost_commit_is_unknown() {
    let toy = Toy::new();
    let session = session(&toy, Options::default()).await;
    let hasty = session.with_timeout(Duration::from_millis(30));
    let error = hasty.commit().await.unwrap_err();
    assert!(error.is_outcome_unknown() && !error.is_session_over(), "{error}");
    assert!(
        error.to_string().contains("the outcome of commit is unknown: no reply to commit came within"),
        "{error}"
    );
    // A read that gets no reply changes nothing.
    let error = hasty.get().await.unwrap_err();
    assert!(matches!(error, Error::TimedOut { .. }), "{error}");
    let waiting = tokio::spawn(async move { session.commit().await });
    tokio::time::sleep(Duration::from_millis(20)).await;
    toy.close(1, CloseReason::Killed { by: 2 });
    let error = waiting.await.unwrap().unwrap_err();
    assert!(error.is_outcome_unknown() && error.is_session_over(), "{error}");
    assert_eq!(error.fault(), Fault::Transport);
    // After that nothing is sent, and so nothing is unknown.
    let error = hasty.commit().await.unwrap_err();
    assert!(!error.is_outcome_unknown(), "{error}");
}

#[tokio::test]
async fn a_dropped_call_leaves_the_session_whole() {
    let toy = Toy::new();
    let session = session(&toy, Options::default()).await;
    let slow = tokio::time::timeout(Duration::from_millis(20), session.rpc_xml("<sleep>100</sleep>")).await;
    assert!(slow.is_err());
    let reply = session.rpc_xml("<get>after</get>").await.unwrap();
    assert_eq!(reply.data().unwrap().as_str(), "<data>after</data>");
}

#[tokio::test]
async fn pipelining_is_bounded() {
    let toy = Toy::new();
    let mut options = Options::default();
    (options.limits.pipelined_rpcs, options.limits.pipelined_bytes) = (3, 100);
    let session = session(&toy, options).await;
    let calls: Vec<_> = (0..10)
        .map(|_| {
            let session = session.clone();
            tokio::spawn(async move { session.rpc_xml("<never/>").await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(session.ended().map(|e| e.to_string()), None);
    // Those that were not sent time out as such.
    let error = session.with_timeout(Duration::from_millis(10)).commit().await.unwrap_err();
    assert!(matches!(error, Error::TimedOut { .. }), "{error}");
    // A request above the limit is sent alone.
    calls.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_request_above_the_limit_goes_alone() {
    let toy = Toy::new();
    let mut options = Options::default();
    options.limits.pipelined_bytes = 10;
    let session = session(&toy, options).await;
    let text = "x".repeat(100_000);
    let reply = session.rpc_xml(&format!("<get>{text}</get>")).await.unwrap();
    assert_eq!(reply.data().unwrap().as_str().len(), text.len() + "<data></data>".len());
}

#[tokio::test]
async fn notifications_as_they_come() {
    let toy = Toy::new();
    let session = session(&toy, Options::default()).await;
    let mut early = session.notifications_xml();
    let mut events = session.create_subscription().await.unwrap();
    session.rpc_xml("<notify>3</notify>").await.unwrap();
    for stream in [&mut early, &mut events] {
        assert_eq!(stream.next().await.unwrap().unwrap().event.local(), "first");
        for n in 0..3 {
            let event = stream.next().await.unwrap().unwrap();
            assert_eq!(event.event_time, "2024-01-01T00:00:00Z");
            assert!(event.event.as_str().contains(&format!("<n>{n}</n>")));
        }
    }
    session.close().await.unwrap();
    assert!(events.next().await.is_none(), "a proper end");
    assert!(session.notifications_xml().next().await.is_none());
}

#[tokio::test]
async fn a_slow_subscriber_is_told_what_it_missed() {
    let toy = Toy::new();
    let mut options = Options::default();
    options.limits.pending_notifications = 4;
    let session = session(&toy, options).await;
    let mut events = session.notifications_xml();
    session.rpc_xml("<notify>10</notify>").await.unwrap();
    // Notifications and replies come by different ways: when the last is there is not known otherwise.
    tokio::time::sleep(Duration::from_millis(50)).await;
    for _ in 0..4 {
        events.next().await.unwrap().unwrap();
    }
    session.rpc_xml("<notify>1</notify>").await.unwrap();
    let missed = events.next().await.unwrap().unwrap_err();
    assert!(missed.to_string().starts_with("6 notifications"), "{missed}");
    events.next().await.unwrap().unwrap();
    toy.close(1, CloseReason::Killed { by: 2 });
    let end = events.next().await.unwrap().unwrap_err();
    assert!(matches!(&end, Error::Transport(e) if e.kind == TransportErrorKind::ClosedByPeer), "{end}");
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn foreign_replies() {
    let (session, mut far) = by_hand("").await;
    let device = tokio::spawn(async move {
        // No message-id: the oldest request is meant. Then one that nobody waits for, and then the real one.
        read_message(&mut far).await;
        write_reply(&mut far, "", "<rpc-error><error-tag>missing-attribute</error-tag></rpc-error>").await;
        read_message(&mut far).await;
        write_reply(&mut far, "message-id='77'", "<ok/>").await;
        write_reply(&mut far, "message-id='2'", "<data/>").await;
        read_message(&mut far).await;
        write_reply(&mut far, "message-id='3'", "<nonsense/>").await;
        read_message(&mut far).await;
        far.write_all(b"<rpc-reply]]>]]>").await.unwrap();
        far
    });
    assert!(matches!(session.get().await, Err(Error::Rpc(_))));
    session.get().await.unwrap();
    let error = session.unlock(Datastore::Running).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Peer);
    let error = session.get().await.unwrap_err();
    assert!(matches!(error, Error::Protocol(_)), "{error}");
    assert_eq!((error.fault(), error.is_session_over()), (Fault::Peer, true));
    assert!(matches!(session.get().await, Err(Error::Protocol(_))));
    let error = session.rpc_xml("<x a=']]>]]>'/>").await.unwrap_err();
    assert_eq!(error.fault(), Fault::Caller);
    drop(device);
}

#[tokio::test]
async fn peers_that_are_no_netconf() {
    for (greeting, says) in [
        ("SSH-2.0-x\n", "the peer closed"),
        ("<a/>]]>]]>", "came first"),
        ("", "the peer closed"),
        ("<hello", "inside of a message"),
    ] {
        let (near, mut far) = memory();
        far.write_all(greeting.as_bytes()).await.unwrap();
        far.shutdown().await.unwrap();
        let error = Session::open(near, Options::default()).await.unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains(says) || greeting.starts_with("SSH"), "{greeting}: {shown}");
    }
    let (near, _far) = memory();
    let mut options = Options::default();
    options.limits.hello_timeout = Duration::from_millis(30);
    let error = Session::open(near, options).await.unwrap_err();
    assert!(error.to_string().contains("hello_timeout"), "{error}");
}

#[tokio::test]
async fn dropping_the_last_handle_ends_the_session() {
    let toy = Toy::new();
    let session = session(&toy, Options::default()).await;
    let clone = session.clone();
    drop(session);
    clone.get().await.unwrap();
    drop(clone);
    assert_eq!(toy.end_of(1).await, CloseReason::Dropped);
}

//! The session loop, byte by byte over a pair in memory.

use super::toy::Toy;
use super::*;
use crate::protocol::capability::{BASE_1_0, BASE_1_1};
use crate::protocol::message::Rpc;
use crate::protocol::{Event, Limits, Reply, Session};
use crate::rpc_error::ErrorTag;
use crate::server::service::{CloseReason, TransportKind};
use bytes::{Bytes, BytesMut};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinHandle;

/// A client that is made of the protocol alone.
struct Raw {
    stream: DuplexStream,
    session: Session,
    buffer: BytesMut,
    served: JoinHandle<CloseReason>,
}

fn serve_on(stream: DuplexStream, toy: &Arc<Toy>, limits: Limits) -> JoinHandle<CloseReason> {
    let (reader, writer) = tokio::io::split(stream);
    let peer = Peer {
        user: "ann".into(),
        groups: Vec::new(),
        address: "here".into(),
        transport: TransportKind::Memory,
    };
    tokio::spawn(serve(reader, writer, Arc::new(Arc::clone(toy)), peer, limits))
}

impl Raw {
    async fn new(toy: &Arc<Toy>, limits: Limits, version: &str) -> Self {
        let (stream, far) = memory();
        let served = serve_on(far, toy, limits);
        let session = Session::client(vec![version.to_owned()], Limits::default(), Instant::now());
        let mut raw = Self { stream, session, buffer: BytesMut::new(), served };
        raw.flush().await;
        assert!(matches!(raw.event().await, Some(Event::Hello(..))));
        raw
    }

    async fn flush(&mut self) {
        while let Some(bytes) = self.session.poll_transmit() {
            self.stream.write_all(&bytes).await.unwrap();
        }
    }

    async fn send(&mut self, id: &str, operation: &str) {
        self.session.send(Rpc::write(id, operation)).unwrap();
        self.flush().await;
    }

    async fn raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// The next event; `None` at the end.
    async fn event(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.session.poll_event().unwrap() {
                return Some(event);
            }
            let bytes = read_some(&mut self.stream, &mut self.buffer).await.unwrap();
            if bytes.is_empty() {
                return None;
            }
            self.session.receive(bytes);
        }
    }

    async fn reply(&mut self) -> Box<Reply> {
        match self.event().await {
            Some(Event::Reply(reply)) => reply,
            other => panic!("no reply: {other:?}"),
        }
    }

    async fn end(self) -> CloseReason {
        drop(self.stream);
        self.served.await.unwrap()
    }
}

#[tokio::test]
async fn replies_come_in_order_and_repeat_attributes() {
    for version in [BASE_1_0, BASE_1_1] {
        let toy = Toy::new();
        let mut raw = Raw::new(&toy, Limits::default(), version).await;
        raw.send("1", "<sleep>20</sleep>").await;
        raw.send("2", "<get>x</get>").await;
        raw.send("3", "<fail/>").await;
        assert_eq!(raw.reply().await.message_id.as_deref(), Some("1"));
        let second = raw.reply().await;
        assert_eq!(second.message_id.as_deref(), Some("2"));
        assert_eq!(second.data().unwrap().as_str(), "<data>x</data>");
        let third = raw.reply().await;
        let tags: Vec<_> = third.errors.iter().map(|e| e.tag.clone()).collect();
        assert_eq!(tags, [ErrorTag::InvalidValue, ErrorTag::DataExists]);
        assert_eq!(raw.end().await, CloseReason::Dropped);
        assert_eq!(*toy.ends.lock().unwrap(), [(1, CloseReason::Dropped)]);
    }
}

#[tokio::test]
async fn close_session_is_answered_and_ends() {
    let toy = Toy::new();
    let mut raw = Raw::new(&toy, Limits::default(), BASE_1_1).await;
    raw.send("1", "<close-session/>").await;
    raw.send("2", "<get/>").await;
    assert!(raw.reply().await.ok);
    assert!(raw.event().await.is_none(), "nothing is answered after it");
    assert_eq!(raw.end().await, CloseReason::Requested);
    assert_eq!(toy.begun.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_was_sent_before_the_end_is_answered() {
    let toy = Toy::new();
    let mut raw = Raw::new(&toy, Limits::default(), BASE_1_1).await;
    raw.send("1", "<sleep>20</sleep>").await;
    raw.send("2", "<get/>").await;
    raw.stream.shutdown().await.unwrap();
    assert!(raw.reply().await.ok);
    assert!(raw.reply().await.data().is_some());
    assert!(raw.event().await.is_none());
    assert_eq!(raw.end().await, CloseReason::Dropped);
}

#[tokio::test]
async fn bad_messages_are_answered_in_their_turn() {
    let toy = Toy::new();
    let mut raw = Raw::new(&toy, Limits::default(), BASE_1_1).await;
    raw.send("1", "<sleep>20</sleep>").await;
    raw.raw(b"\n#4\n<rpc\n##\n").await;
    raw.send("2", "<get/>").await;
    assert!(raw.reply().await.ok);
    let bad = raw.reply().await;
    assert_eq!((bad.message_id.as_deref(), &bad.errors[0].tag), (None, &ErrorTag::MalformedMessage));
    assert!(raw.reply().await.data().is_some());
}

#[tokio::test]
async fn bad_framing_ends_the_session() {
    let toy = Toy::new();
    let mut raw = Raw::new(&toy, Limits::default(), BASE_1_1).await;
    raw.send("1", "<get/>").await;
    raw.raw(b"\n#0\n").await;
    assert!(raw.reply().await.data().is_some());
    assert!(raw.event().await.is_none());
    let reason = raw.end().await;
    assert!(matches!(&reason, CloseReason::Failed(why) if why.contains("zero")), "{reason}");
    assert_eq!(*toy.ends.lock().unwrap(), [(1, reason)]);
}

#[tokio::test]
async fn killing_drops_the_request_that_runs() {
    let toy = Toy::new();
    let mut raw = Raw::new(&toy, Limits::default(), BASE_1_1).await;
    raw.send("1", "<never/>").await;
    while toy.begun.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    toy.close(1, CloseReason::Killed { by: 9 });
    assert!(raw.event().await.is_none());
    assert_eq!(raw.end().await, CloseReason::Killed { by: 9 });
    assert_eq!(*toy.ends.lock().unwrap(), [(1, CloseReason::Killed { by: 9 })]);
}

#[tokio::test]
async fn dropping_the_session_tells_the_service() {
    let toy = Toy::new();
    let mut raw = Raw::new(&toy, Limits::default(), BASE_1_1).await;
    raw.send("1", "<never/>").await;
    raw.served.abort();
    assert_eq!(toy.end_of(1).await, CloseReason::Dropped);
    assert!(raw.event().await.is_none());
}

#[tokio::test]
async fn notifications_come_between_replies() {
    let toy = Toy::new();
    let mut raw = Raw::new(&toy, Limits::default(), BASE_1_1).await;
    raw.send("1", "<create-subscription/>").await;
    assert!(raw.reply().await.ok, "the reply comes before the first notification");
    assert!(matches!(raw.event().await, Some(Event::Notification(n)) if n.event.local() == "first"));
    // While a request runs they come, too.
    raw.send("2", "<never/>").await;
    let handle = Arc::clone(&toy.sessions.lock().unwrap()[0].1);
    handle.notify(crate::protocol::Notification::write("now", "<e xmlns='urn:e'/>")).unwrap();
    assert!(matches!(raw.event().await, Some(Event::Notification(n)) if n.event.local() == "e"));
}

#[tokio::test(start_paused = true)]
async fn a_session_may_be_idle_for_so_long() {
    let toy = Toy::new();
    let limits = Limits { idle_timeout: Some(Duration::from_secs(60)), ..Limits::default() };
    let mut raw = Raw::new(&toy, limits.clone(), BASE_1_1).await;
    for id in 1..4 {
        tokio::time::sleep(Duration::from_secs(50)).await;
        raw.send(&id.to_string(), "<get/>").await;
        assert!(raw.reply().await.data().is_some());
    }
    // A request that takes its time is not idle.
    raw.send("4", "<sleep>100000</sleep>").await;
    assert!(raw.reply().await.ok);
    assert!(raw.event().await.is_none());
    let reason = raw.end().await;
    assert!(matches!(&reason, CloseReason::Failed(why) if why.contains("`idle_timeout`")), "{reason}");
    // One that waits for notifications is not, either.
    let mut raw = Raw::new(&toy, limits, BASE_1_1).await;
    raw.send("1", "<create-subscription/>").await;
    assert!(raw.reply().await.ok);
    assert!(matches!(raw.event().await, Some(Event::Notification(_))));
    tokio::time::sleep(Duration::from_secs(100_000)).await;
    raw.send("2", "<get/>").await;
    assert!(raw.reply().await.data().is_some());
}

#[tokio::test]
async fn a_peer_that_does_not_read_costs_bounded_memory() {
    let toy = Toy::new();
    let mut limits = Limits::default();
    (limits.queued_rpcs, limits.queued_notifications) = (4, 50);
    let mut raw = Raw::new(&toy, limits, BASE_1_1).await;
    // The replies fill the way back, and then the requests stop being read.
    let flood = async {
        for n in 0.. {
            raw.send(&n.to_string(), "<big>30000</big>").await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_millis(300), flood).await.is_err());
    let begun = toy.begun.load(Ordering::SeqCst);
    assert!((2..20).contains(&begun), "{begun} requests were begun");
    let handle = Arc::clone(&toy.sessions.lock().unwrap()[0].1);
    let message = crate::protocol::Notification::write("now", "<e xmlns='urn:e'/>");
    let taken = (0..100).take_while(|_| handle.notify(message.clone()).is_ok()).count();
    assert!((50..60).contains(&taken), "{taken} notifications were taken");
    // And it goes on when the peer reads.
    for _ in 0..begun {
        raw.event().await.unwrap();
    }
    assert!(toy.begun.load(Ordering::SeqCst) > begun);
}

#[tokio::test]
async fn queued_bytes_are_bounded() {
    let toy = Toy::new();
    let limits = Limits { queued_bytes: 1000, ..Limits::default() };
    let mut raw = Raw::new(&toy, limits, BASE_1_1).await;
    raw.send("0", "<never/>").await;
    let padded = format!("<get>{}</get>", "x".repeat(20_000));
    let flood = async {
        for n in 1.. {
            raw.send(&n.to_string(), &padded).await;
        }
        0
    };
    assert!(tokio::time::timeout(Duration::from_millis(200), flood).await.is_err());
}

#[tokio::test]
async fn hello_must_come_in_time_and_refusals_close() {
    let limits = Limits { hello_timeout: Duration::from_millis(50), ..Limits::default() };
    let (mut near, far) = memory();
    let toy = Toy::new();
    let reason = serve_on(far, &toy, limits).await.unwrap();
    assert!(matches!(&reason, CloseReason::Failed(why) if why.contains("hello_timeout")), "{reason}");
    let mut hello = BytesMut::new();
    let bytes = read_some(&mut near, &mut hello).await.unwrap();
    assert!(bytes.starts_with(b"<hello"), "the server greets at once");
    assert_eq!(read_some(&mut near, &mut hello).await.unwrap(), Bytes::new());

    let full = Arc::new(Toy { full: true, ..Toy::default() });
    let (mut near, far) = memory();
    let reason = serve_on(far, &full, Limits::default()).await.unwrap();
    assert!(matches!(&reason, CloseReason::Failed(why) if why.contains("limit")), "{reason}");
    assert_eq!(read_some(&mut near, &mut hello).await.unwrap(), Bytes::new());
    assert!(toy.ends.lock().unwrap().is_empty() && full.ends.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_reply_that_is_made_while_it_is_sent() {
    for version in [BASE_1_0, BASE_1_1] {
        let toy = Toy::new();
        let mut raw = Raw::new(&toy, Limits::default(), version).await;
        raw.send("1", "<stream>1000</stream>").await;
        raw.send("2", "<stream>-1</stream>").await;
        raw.send("3", "<get>x</get>").await;
        let reply = raw.reply().await;
        let data = reply.data().unwrap().as_str();
        assert_eq!(data.matches("<piece>").count(), 1000);
        assert!(data.contains("<piece>999</piece></data>"), "{data}");
        let error = raw.reply().await;
        assert_eq!(
            error.errors[0].tag,
            ErrorTag::ResourceDenied,
            "an error instead of the first piece is the reply"
        );
        assert!(raw.reply().await.data().is_some());
    }
}

#[tokio::test]
async fn a_stream_that_fails_ends_the_session() {
    let toy = Toy::new();
    let mut raw = Raw::new(&toy, Limits::default(), BASE_1_1).await;
    raw.send("1", "<torn/>").await;
    let ended = raw.served.await.unwrap();
    assert!(matches!(&ended, CloseReason::Failed(why) if why.contains("finished")), "{ended}");
    let mut rest = Vec::new();
    raw.stream.read_to_end(&mut rest).await.unwrap();
    assert!(rest.ends_with(b"<piece/>"), "what was made is sent, and its end is not");
}

#[tokio::test]
async fn a_stream_waits_for_its_peer() {
    let toy = Toy::new();
    let mut raw = Raw::new(&toy, Limits::default(), BASE_1_1).await;
    raw.send("1", "<stream>1000000</stream>").await;
    let mut before = usize::MAX;
    let made = loop {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let made = toy.made.load(Ordering::SeqCst);
        if made == before && made > 0 {
            break made;
        }
        before = made;
    };
    assert!(made < 20_000, "{made} pieces were made for a peer that does not read");
    // The session can be killed meanwhile.
    toy.close(1, CloseReason::Killed { by: 9 });
    assert_eq!(toy.end_of(1).await, CloseReason::Killed { by: 9 });
}

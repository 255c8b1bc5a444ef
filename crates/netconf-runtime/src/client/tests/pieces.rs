//! Replies in pieces, what stands beside a session, and sessions one after the other.

use super::super::*;
use super::{by_hand, read_message, session, write_reply};
use crate::protocol::Notification;
use crate::transport::toy::Toy;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;

async fn all(pieces: &mut Pieces) -> Result<String, Error> {
    let mut text = String::new();
    while let Some(piece) = pieces.next().await {
        text.push_str(std::str::from_utf8(&piece?).unwrap());
    }
    Ok(text)
}

#[tokio::test]
async fn a_reply_in_pieces() {
    let (session, mut far) = by_hand("").await;
    let peer = tokio::spawn(async move {
        read_message(&mut far).await;
        let text = "x".repeat(300_000);
        write_reply(
            &mut far,
            "message-id='1' y='z' xmlns:p='urn:p'",
            &format!("<data><p:a>{text}</p:a></data><rpc-error><error-tag>in-use</error-tag><error-severity>warning</error-severity></rpc-error>"),
        )
        .await;
        for (id, body) in
            [(2, "<rpc-error><error-tag>in-use</error-tag></rpc-error>"), (3, "<ok/>"), (4, "<data/>")]
        {
            read_message(&mut far).await;
            write_reply(&mut far, &format!("message-id='{id}'"), body).await;
        }
        far
    });
    let mut pieces = session.rpc_pieces("<get/>").await.unwrap();
    assert_eq!(pieces.attributes()[0].value, "z");
    assert!(pieces.open_tag().contains("xmlns:p=\"urn:p\""), "{}", pieces.open_tag());
    let tag = pieces.standalone("<data xmlns='urn:d'>");
    assert!(tag.starts_with("<data ") && tag.contains("xmlns:p=\"urn:p\""), "{tag}");
    assert!(!tag.contains("netconf:base") && tag.ends_with(" xmlns='urn:d'>"), "{tag}");
    let text = all(&mut pieces).await.unwrap();
    assert!(text.starts_with("<data><p:a>xxx") && text.ends_with("xxx</p:a></data>"), "{}", text.len());
    assert_eq!(text.len(), 300_000 + "<data><p:a></p:a></data>".len());
    assert_eq!((pieces.warnings().len(), pieces.is_ok()), (1, false));
    assert!(pieces.elapsed().is_some());
    // Errors without content are the call's.
    assert!(matches!(session.rpc_pieces("<get/>").await, Err(Error::Rpc(_))));
    let mut ok = session.rpc_pieces("<x/>").await.unwrap();
    assert_eq!(all(&mut ok).await.unwrap(), "");
    assert!(ok.is_ok());
    session.get().await.unwrap();
    drop(peer.await.unwrap());
}

/// What nobody takes any more is thrown away, and the session goes on.
#[tokio::test]
async fn pieces_for_nobody() {
    let toy = Toy::new();
    let session = session(&toy, Options::default()).await;
    let pieces = session.rpc_pieces("<big>2000000</big>").await.unwrap();
    drop(pieces);
    let reply = session.rpc_xml("<get>after</get>").await.unwrap();
    assert_eq!(reply.data().unwrap().as_str(), "<data>after</data>");
    // One that is not taken holds up the others, until it is.
    let mut pieces = session.rpc_pieces("<big>2000000</big>").await.unwrap();
    let waiting = session.with_timeout(Duration::from_millis(30));
    assert!(matches!(waiting.rpc_xml("<get/>").await, Err(Error::TimedOut { .. })));
    assert_eq!(all(&mut pieces).await.unwrap().len(), 2_000_000 + "<data></data>".len());
    session.rpc_xml("<get/>").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ends_in_the_middle() {
    // Whoever is quick sees the end before the session knows of it.
    for _ in 0..100 {
        let (session, mut far) = by_hand("").await;
        let peer = tokio::spawn(async move {
            read_message(&mut far).await;
            far.write_all(
                b"<rpc-reply message-id='1' xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'><data><a>1</a>",
            )
            .await
            .unwrap();
        });
        let mut pieces = session.rpc_pieces("<get/>").await.unwrap();
        let error = all(&mut pieces).await.unwrap_err();
        assert!(matches!(error, Error::Protocol(_)), "{error}");
        assert!(pieces.next().await.is_none());
        peer.await.unwrap();
    }
}

#[derive(Default)]
struct Witness {
    seen: Mutex<Vec<String>>,
    name: &'static str,
    refuse: bool,
}

impl Witness {
    fn say(&self, what: String) {
        self.seen.lock().unwrap().push(format!("{}{what}", self.name));
    }
}

impl Interceptor for Witness {
    fn before_rpc(&self, request: &mut Request) -> Result<(), Error> {
        self.say(format!("before {}", request.operation));
        if self.refuse && request.operation == "commit" {
            return Err(Error::Caller("not today".to_owned()));
        }
        request.attribute("xmlns:t", "urn:trace");
        request.attribute("t:id", "a\"b");
        request.xml = request.xml.replace("old", "new");
        Ok(())
    }

    fn after_rpc(&self, request: &Request, outcome: Outcome<'_>) {
        let how = match outcome {
            Outcome::Reply(response) => format!("{} bytes", response.as_str().len().min(1)),
            Outcome::Streamed => "pieces".to_owned(),
            Outcome::Failed(error) => error.to_string(),
        };
        self.say(format!("after {}: {how}", request.operation));
    }

    fn notification(&self, id: u32, notification: &Arc<Notification>) {
        self.say(format!("notification {id} {}", notification.event.local()));
    }

    fn disconnected(&self, id: u32, reason: &Error) {
        self.say(format!("disconnected {id} {reason}"));
    }

    fn reconnected(&self, session: &Session) {
        self.say(format!("reconnected {}", session.id()));
    }
}

#[tokio::test]
async fn interceptors() {
    let toy = Toy::new();
    let witness = Arc::new(Witness { refuse: true, ..Witness::default() });
    let session = session(&toy, Options::default().interceptor(Arc::clone(&witness) as _)).await;
    let reply = session.rpc_xml("<get>old</get>").await.unwrap();
    assert_eq!(reply.data().unwrap().as_str(), "<data>new</data>");
    // A reply repeats the attributes.
    assert_eq!(
        (reply.attributes[0].namespace.as_str(), reply.attributes[0].value.as_str()),
        ("urn:trace", "a\"b")
    );
    let error = session.commit().await.unwrap_err();
    assert_eq!((error.to_string().as_str(), error.fault()), ("not today", Fault::Caller));
    let mut events = session.notifications_xml();
    session.rpc_xml("<notify>1</notify>").await.unwrap();
    events.next().await.unwrap().unwrap();
    session.rpc_pieces("<get/>").await.unwrap();
    session.close().await.unwrap();
    let mut seen = witness.seen.lock().unwrap().clone();
    // The server may have closed the transport before the reply is read.
    seen[9..].sort_unstable();
    assert_eq!(
        seen,
        [
            "before get",
            "after get: 1 bytes",
            "before commit",
            "before notify",
            "notification 1 tick",
            "after notify: 1 bytes",
            "before get",
            "after get: pieces",
            "before close-session",
            "after close-session: 1 bytes",
            "disconnected 1 the session is closed",
        ]
    );
    assert_eq!(toy.begun.load(Ordering::SeqCst), 4);
}

/// Attributes that would break the message are the interceptor's fault, and nothing is sent.
#[tokio::test]
async fn attributes_that_cannot_be() {
    struct Adds(&'static str);
    impl Interceptor for Adds {
        fn before_rpc(&self, request: &mut Request) -> Result<(), Error> {
            request.attribute(self.0, "x");
            Ok(())
        }
    }
    for name in ["message-id", "xmlns", "p:undeclared", "a b", "><x"] {
        let toy = Toy::new();
        let session = session(&toy, Options::default().interceptor(Arc::new(Adds(name)))).await;
        let error = session.get().await.unwrap_err();
        assert_eq!(error.fault(), Fault::Caller, "{name}: {error}");
        assert_eq!(toy.begun.load(Ordering::SeqCst), 0);
    }
}

fn quick() -> Backoff {
    Backoff::default().between(Duration::from_millis(1), Duration::from_millis(2))
}

#[tokio::test]
async fn a_device_that_comes_back() {
    let toy = Toy::new();
    let (calls, witness) = (Arc::new(AtomicUsize::new(0)), Arc::new(Witness::default()));
    let connect = {
        let (toy, calls) = (Arc::clone(&toy), Arc::clone(&calls));
        move || {
            let (toy, call) = (Arc::clone(&toy), calls.fetch_add(1, Ordering::SeqCst));
            async move {
                // The second attempt fails.
                if call == 1 {
                    return Err(std::io::Error::from(std::io::ErrorKind::ConnectionRefused).into());
                }
                Ok(session(&toy, Options::default()).await)
            }
        }
    };
    let device = Reconnecting::with_interceptors(connect, quick(), vec![Arc::clone(&witness) as _]);
    let first = device.session().await.unwrap();
    assert_eq!(device.session().await.unwrap().id(), first.id());
    // The session ends in the middle of a read: it is asked again.
    let tries = AtomicUsize::new(0);
    let read = device.idempotent(|session| {
        let (toy, first_try) = (&toy, tries.fetch_add(1, Ordering::SeqCst) == 0);
        async move {
            if first_try {
                let id = session.id();
                let (reply, ()) = tokio::join!(session.rpc_xml("<get><never/></get>"), async {
                    toy.close(id, crate::server::service::CloseReason::Killed { by: 9 });
                });
                _ = reply;
                return Err(session.get().await.unwrap_err());
            }
            session.rpc_xml("<get>again</get>").await
        }
    });
    assert_eq!(read.await.unwrap().data().unwrap().as_str(), "<data>again</data>");
    assert_eq!(calls.load(Ordering::SeqCst), 3);
    assert_eq!(*witness.seen.lock().unwrap(), ["reconnected 2"]);
}

#[tokio::test]
async fn a_write_is_never_repeated() {
    let toy = Toy::new();
    let connect = {
        let toy = Arc::clone(&toy);
        move || {
            let toy = Arc::clone(&toy);
            async move { Ok(session(&toy, Options::default()).await) }
        }
    };
    let device = Reconnecting::new(connect, quick());
    let tries = AtomicUsize::new(0);
    let error = device
        .idempotent(|session| {
            tries.fetch_add(1, Ordering::SeqCst);
            let toy = &toy;
            async move {
                let id = session.id();
                let commit = session.commit();
                let (done, ()) = tokio::join!(commit, async {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    toy.close(id, crate::server::service::CloseReason::Killed { by: 9 });
                });
                done
            }
        })
        .await
        .unwrap_err();
    assert!(error.is_outcome_unknown(), "{error}");
    assert_eq!(tries.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn attempts_have_an_end() {
    for (error, attempts) in [
        (Error::from(std::io::Error::from(std::io::ErrorKind::ConnectionRefused)), 3),
        (Error::Login("no".to_owned()), 1),
    ] {
        let calls = Arc::new(AtomicUsize::new(0));
        let connect = {
            let calls = Arc::clone(&calls);
            move || {
                calls.fetch_add(1, Ordering::SeqCst);
                let error = error.clone();
                async move { Err(error) }
            }
        };
        assert!(Reconnecting::new(connect, quick().attempts(3)).session().await.is_err());
        assert_eq!(calls.load(Ordering::SeqCst), attempts);
    }
}

/// RFC 5277 section 3.3: replay from the last event on, which comes again and is told once.
#[tokio::test]
async fn subscriptions_go_on() {
    let notification = |time: &str, name: &str| {
        format!(
            "<notification xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'><eventTime>{time}</eventTime><{name} xmlns='u'/></notification>]]>]]>"
        )
    };
    let connects = Arc::new(AtomicUsize::new(0));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let connect = {
        let (connects, asked) = (Arc::clone(&connects), Arc::clone(&asked));
        move || {
            let (round, asked) = (connects.fetch_add(1, Ordering::SeqCst), Arc::clone(&asked));
            async move {
                let capability =
                    "<capability>urn:ietf:params:netconf:capability:notification:1.0</capability>";
                let (session, mut far) = by_hand(capability).await;
                tokio::spawn(async move {
                    let request = read_message(&mut far).await;
                    asked.lock().unwrap().push(request.contains("<startTime>t2<"));
                    let refused = "<rpc-error><error-tag>operation-failed</error-tag></rpc-error>";
                    let last = round == 2;
                    write_reply(&mut far, "message-id='1'", if last { refused } else { "<ok/>" }).await;
                    if last {
                        read_message(&mut far).await;
                        write_reply(&mut far, "message-id='2'", "<ok/>").await;
                    }
                    let events = match round {
                        0 => vec![("t1", "a"), ("t2", "b"), ("t2", "c")],
                        1 => vec![("t2", "b"), ("t2", "c"), ("t2", "d"), ("t9", "replayComplete")],
                        _ => vec![("t3", "e")],
                    };
                    for (time, name) in events {
                        far.write_all(notification(time, name).as_bytes()).await.unwrap();
                    }
                    if last {
                        std::future::pending::<()>().await;
                    }
                });
                Ok(session)
            }
        }
    };
    let device = Reconnecting::new(connect, quick());
    let mut events = device.subscribe("NETCONF", None).await.unwrap();
    let mut told = Vec::new();
    while told.len() < 7 {
        told.push(match events.next().await.unwrap() {
            Resumed::Notification(n) => n.event.local().to_owned(),
            Resumed::Replayed => "replayed".to_owned(),
            Resumed::Gap => "gap".to_owned(),
        });
    }
    assert_eq!(told, ["a", "b", "c", "replayed", "d", "gap", "e"]);
    assert_eq!(*asked.lock().unwrap(), [false, true, true]);
}

/// A reply that is decoded while it comes.
#[tokio::test]
async fn a_typed_reply_while_it_comes() {
    use yang_data::binding::Options as Decoding;
    let (session, mut far) = by_hand("").await;
    let peer = tokio::spawn(async move {
        read_message(&mut far).await;
        let entries: String = (0..5000).map(|n| format!("<e><k>{n}</k></e>")).collect();
        write_reply(&mut far, "message-id='1'", &format!("<data><c xmlns='urn:m'>{entries}</c></data>"))
            .await;
        for (id, body) in [
            (2, "<rpc-error><error-tag>in-use</error-tag></rpc-error>"),
            (3, "<ok/>"),
            (4, "<data><c xmlns='urn:m'><e><k>no number</k></e></c></data>"),
            (5, "<data/>"),
        ] {
            read_message(&mut far).await;
            write_reply(&mut far, &format!("message-id='{id}'"), body).await;
        }
        read_message(&mut far).await;
        far.write_all(b"\n#120\n<rpc-reply message-id='6' xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'><data><c xmlns='urn:m'><e>").await.unwrap();
    });
    let options = Decoding::default();
    let all: list::C = session.get().decode(&options).await.unwrap();
    assert_eq!(all.e.iter().map(|e| e.k).collect::<Vec<_>>(), (0..5000).collect::<Vec<u32>>());
    assert!(matches!(session.get().decode::<list::C>(&options).await, Err(Error::Rpc(_))));
    let none = session.get().decode::<list::C>(&options).await.err().unwrap();
    assert!(matches!(&none, Error::Reply(why) if why.contains("no `data`")), "{none}");
    let unfit = session.get().decode::<list::C>(&options).await.err().unwrap();
    assert!(matches!(&unfit, Error::Reply(_)), "{unfit}");
    let missing = session.get().decode::<list::C>(&options).await.err().unwrap();
    assert!(matches!(&missing, Error::Reply(why) if why.contains("missing")), "{missing}");
    // One that breaks off is told as what it is.
    let lost = session.get().decode::<list::C>(&options).await.err().unwrap();
    assert!(lost.is_session_over(), "{lost}");
    peer.await.unwrap();
}

mod list {
    use crate::binding::{List, Module, Yang};

    const M: Module = Module::new("m", "urn:m");

    #[derive(Default, Yang)]
    #[yang(container, module = M, crate = ::yang_data)]
    pub(super) struct C {
        #[yang(list)]
        pub(super) e: List<E>,
    }

    #[derive(Default, Yang)]
    #[yang(list, key = "k", module = M, crate = ::yang_data)]
    pub(super) struct E {
        #[yang(leaf)]
        pub(super) k: u32,
    }
}

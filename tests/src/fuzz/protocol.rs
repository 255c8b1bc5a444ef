//! What a peer of NETCONF sends: frames, messages, whole sessions.

use netconf_runtime::protocol::framing::{Deframer, Piece, frame};
use netconf_runtime::protocol::message::Rpc;
use netconf_runtime::protocol::{Event, Hello, Limits, Reply, Session, Version, capability};
use netconf_runtime::{RpcError, protocol::Notification};
use std::time::Instant;

/// The messages of a stream that comes in pieces of a size, and what went wrong.
fn messages(version: Version, stream: &[u8], piece: usize) -> (Vec<Vec<u8>>, Vec<u8>, Option<String>) {
    let mut deframer = Deframer::default();
    deframer.switch(version);
    let (mut all, mut current) = (Vec::new(), Vec::new());
    for piece in stream.chunks(piece.max(1)) {
        deframer.push(piece.to_vec().into());
        loop {
            match deframer.poll() {
                Ok(Some(Piece::Data(data))) => current.extend_from_slice(&data),
                Ok(Some(Piece::End)) => all.push(std::mem::take(&mut current)),
                Ok(None) => break,
                Err(error) => return (all, current, Some(error.to_string())),
            }
        }
    }
    (all, current, None)
}

/// The first byte says the version and how the rest is cut. However it is cut, it is the same; what was read is written, and
/// read again.
pub fn framing(data: &[u8]) {
    let Some((&kind, stream)) = data.split_first() else { return };
    let version = if kind & 1 == 0 { Version::V1_0 } else { Version::V1_1 };
    let whole = messages(version, stream, usize::MAX);
    assert_eq!(messages(version, stream, usize::from(kind >> 1)), whole);
    for message in whole.0.iter().filter(|message| !message.is_empty()) {
        let mut framed: Vec<bytes::Bytes> = Vec::new();
        if frame(version, message.clone().into(), &mut framed).is_ok() {
            let (again, rest, error) = messages(version, &framed.concat(), 7);
            // White space in front of a message of version 1.0 is none of it.
            let start = message.iter().position(|b| version == Version::V1_1 || !b.is_ascii_whitespace());
            assert_eq!(
                (again, rest, error),
                (vec![message[start.unwrap_or(0)..].to_vec()], Vec::new(), None)
            );
        }
    }
}

pub(super) fn large_frames() -> Vec<(&'static str, Vec<u8>)> {
    let one = |text: &[u8], count| [b"\x01".to_vec(), text.repeat(count), b"\n##\n".to_vec()].concat();
    vec![
        ("100,000 chunks of a byte", one(b"\n#1\nx", 100_000)),
        ("100,000 messages", [b"\x01".to_vec(), b"\n#1\nx\n##\n".repeat(100_000)].concat()),
        ("a million brackets", [b"\x00".to_vec(), b"]".repeat(1_000_000)].concat()),
        ("many marks that end too early", [b"\x0e".to_vec(), b"]]>]]".repeat(200_000)].concat()),
    ]
}

/// A message to each who could read it. What is understood is answered, and the answer is understood, with all that it
/// repeats.
pub fn message(data: &[u8]) {
    let bytes = || bytes::Bytes::copy_from_slice(data);
    if let Ok(hello) = Hello::from_xml(data) {
        let again = Hello::from_xml(hello.to_xml().as_bytes()).expect("a hello is read that was written");
        assert_eq!(again, hello);
    }
    if let Ok(reply) = Reply::read(bytes()) {
        assert_eq!(reply.as_str().as_bytes(), data);
        reply.errors.iter().for_each(|e| _ = e.to_string());
    }
    for version in [Version::V1_0, Version::V1_1] {
        match Rpc::read(bytes(), version) {
            Ok(rpc) => {
                let standalone = rpc.operation.standalone();
                let operation = format!("<x>{standalone}</x>");
                assert!(Rpc::read(Rpc::write("1", &operation), version).is_ok(), "{operation}");
                let streamed =
                    [&rpc.echo.open_tag()[..], b"<ok xmlns=\"urn:x\"/>", &rpc.echo.close_tag()].concat();
                let errors = rpc.echo.errors(&[RpcError::in_use("x")]);
                for answer in [rpc.echo.ok(), rpc.echo.reply(b"<data/>"), errors, streamed.into()] {
                    let reply = Reply::read(answer).expect("the answer is read");
                    assert_eq!(reply.message_id.as_deref(), Some(rpc.message_id.as_str()));
                    assert_eq!(reply.attributes, rpc.attributes);
                }
            }
            Err(invalid) => {
                let errors = std::slice::from_ref(&invalid.error);
                let reply = Reply::read(invalid.echo.errors(errors)).expect("the answer is read");
                assert_eq!(reply.errors[0].tag, invalid.error.tag);
            }
        }
    }
    if let Ok(text) = std::str::from_utf8(data) {
        _ = Notification::write(text, "<e xmlns='urn:e'/>");
    }
}

pub(super) fn large_messages() -> Vec<(&'static str, Vec<u8>)> {
    let rpc = |inner: Vec<u8>| {
        let start = &b"<rpc message-id='1' xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'>"[..];
        [start, &inner, b"</rpc>"].concat()
    };
    let declared: String = (0..2000).map(|n| format!(" xmlns:p{n}='urn:{n}'")).collect();
    vec![
        ("50,000 elements in each other", rpc(b"<a>".repeat(50_000))),
        ("50,000 operations", rpc(b"<a/>".repeat(50_000))),
        ("2,000 prefixes", rpc(format!("<a{declared}/>").into_bytes())),
        ("a long comment", rpc([b"<!--".to_vec(), b"- ".repeat(100_000), b"-->".to_vec()].concat())),
        ("a long message-id", rpc(Vec::new()).repeat(2)),
    ]
}

/// A session as what its events are: their kinds, and how it broke.
fn session(mut session: Session, bytes: &[u8], piece: usize, streams: bool) -> (Vec<String>, bool) {
    let mut told: Vec<String> = Vec::new();
    let mut pieces: Option<usize> = None;
    for piece in bytes.chunks(piece.max(1)) {
        session.receive(piece.to_vec().into());
        loop {
            let event = match session.poll_event_with(&mut |_| streams) {
                Ok(Some(event)) => event,
                Ok(None) => break,
                Err(_) => return (told, true),
            };
            match event {
                Event::ReplyStart(start) => {
                    assert!(streams && pieces.replace(0).is_none());
                    told.push(format!("reply {}", start.message_id));
                }
                Event::ReplyPiece(bytes) => *pieces.as_mut().expect("a piece is of a reply") += bytes.len(),
                Event::ReplyEnd(end) => {
                    let length = pieces.take().expect("an end is of a reply");
                    told.push(format!("{} {} {length}", end.ok, end.errors.len()));
                }
                Event::Reply(reply) => {
                    let length: usize = reply.content.iter().map(|c| c.bytes().len()).sum();
                    told.push(format!("reply {}", reply.message_id.clone().unwrap_or_default()));
                    told.push(format!("{} {} {length}", reply.ok, reply.errors.len()));
                }
                Event::Hello(hello, version) => told.push(format!("{hello:?} {version:?}")),
                Event::Rpc(rpc) => told.push(format!("rpc {} {}", rpc.message_id, rpc.operation)),
                Event::Invalid(invalid) => told.push(invalid.error.to_string()),
                Event::Notification(n) => told.push(format!("notification {}", n.event)),
                other => panic!("{other:?}"),
            }
        }
    }
    let broken = session.receive_end().is_err();
    (told, broken)
}

/// All that a peer says in a session; the first byte says to which role and how it is cut. Nothing depends on the cuts, and
/// a client that takes replies in pieces takes the same replies.
pub fn a_session(data: &[u8]) {
    let Some((&kind, stream)) = data.split_first() else { return };
    let offers = vec![capability::BASE_1_0.to_owned(), capability::BASE_1_1.to_owned()];
    let now = Instant::now();
    let make = || match kind & 1 {
        0 => Session::server(1, offers.clone(), Limits::default(), now),
        _ => Session::client(offers.clone(), Limits::default(), now),
    };
    let piece = usize::from(kind >> 1);
    let whole = session(make(), stream, usize::MAX, false);
    assert_eq!(session(make(), stream, piece, false), whole);
    let streamed = session(make(), stream, piece, true);
    assert_eq!(streamed.1, whole.1, "{streamed:?} {whole:?}");
    if !whole.1 {
        assert_eq!(streamed.0, whole.0);
    }
}

pub(super) fn large_sessions() -> Vec<(&'static str, Vec<u8>)> {
    let hello = |role: u8, id: &str| {
        let hello = format!(
            "<hello xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'><capabilities><capability>\
             urn:ietf:params:netconf:base:1.0</capability></capabilities>{id}</hello>]]>]]>"
        );
        [vec![role | 200], hello.into_bytes()].concat()
    };
    let rpc = b"<rpc message-id='1' xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'><get/></rpc>]]>]]>";
    let reply =
        b"<rpc-reply message-id='1' xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'><ok/></rpc-reply>]]>]]>";
    vec![
        ("10,000 requests", [hello(0, ""), rpc.repeat(10_000)].concat()),
        ("10,000 replies", [hello(1, "<session-id>1</session-id>"), reply.repeat(10_000)].concat()),
    ]
}

use super::*;
use crate::protocol::capability::{BASE_1_0, BASE_1_1};
use crate::protocol::message::Fragment;
use proptest::prelude::*;
use std::time::Duration;

fn capabilities(uris: &[&str]) -> Vec<String> {
    uris.iter().map(|u| (*u).to_owned()).collect()
}

/// Two ends and the bytes between them, which arrive in pieces of a given size.
struct Pair {
    client: Session,
    server: Session,
    piece: usize,
}

impl Pair {
    fn new(client: &[&str], server: &[&str], piece: usize) -> Self {
        let now = Instant::now();
        Self {
            client: Session::client(capabilities(client), Limits::default(), now),
            server: Session::server(7, capabilities(server), Limits::default(), now),
            piece,
        }
    }

    fn carry(from: &mut Session, to: &mut Session, piece: usize) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(bytes) = from.poll_transmit() {
            for piece in bytes.chunks(piece) {
                to.receive(Bytes::copy_from_slice(piece));
                while let Some(event) = to.poll_event().unwrap() {
                    events.push(event);
                }
            }
        }
        events
    }

    fn server_takes(&mut self) -> Vec<Event> {
        Self::carry(&mut self.client, &mut self.server, self.piece)
    }

    fn client_takes(&mut self) -> Vec<Event> {
        Self::carry(&mut self.server, &mut self.client, self.piece)
    }
}

#[test]
fn a_dialogue() {
    for (client, server, version) in [
        (&[BASE_1_0, BASE_1_1][..], &[BASE_1_0, BASE_1_1, "urn:x"][..], Version::V1_1),
        (&[BASE_1_0, BASE_1_1], &[BASE_1_0], Version::V1_0),
        (&[BASE_1_1], &[BASE_1_1, BASE_1_0], Version::V1_1),
    ] {
        for piece in [1, 7, usize::MAX] {
            let mut pair = Pair::new(client, server, piece);
            // The client asks before it sees the server's hello only if it knows the version; ours waits.
            let hellos = (pair.client_takes(), pair.server_takes());
            let ([Event::Hello(theirs, v1)], [Event::Hello(ours, v2)]) = (&hellos.0[..], &hellos.1[..])
            else {
                panic!("{hellos:?}")
            };
            assert_eq!((theirs.session_id, ours.session_id), (Some(7), None));
            assert_eq!((*v1, *v2), (version, version));
            pair.client.send(Rpc::write("1", "<get/>")).unwrap();
            pair.client.send(Rpc::write("<2>", "<x:y xmlns:x='urn:x'/>")).unwrap();
            let requests = pair.server_takes();
            let [Event::Rpc(one), Event::Rpc(two)] = &requests[..] else { panic!("{requests:?}") };
            assert!(one.is_operation("get"));
            assert_eq!(two.message_id, "<2>");
            pair.server.send(one.echo.reply(b"<data/>")).unwrap();
            pair.server.send(Notification::write("now", "<e xmlns='urn:e'/>")).unwrap();
            pair.server.send(two.echo.ok()).unwrap();
            let replies = pair.client_takes();
            let [Event::Reply(one), Event::Notification(event), Event::Reply(two)] = &replies[..] else {
                panic!("{replies:?}")
            };
            assert_eq!(one.data().map(Fragment::as_str), Some("<data/>"));
            assert_eq!(event.event.local(), "e");
            assert_eq!(two.message_id.as_deref(), Some("<2>"));
            assert_eq!((pair.client.receive_end(), pair.server.receive_end()), (Ok(()), Ok(())));
        }
    }
}

fn server_gets(stream: &[u8]) -> Result<Vec<Event>, ProtocolError> {
    let mut server =
        Session::server(1, capabilities(&[BASE_1_0, BASE_1_1]), Limits::default(), Instant::now());
    server.receive(Bytes::copy_from_slice(stream));
    let mut events = Vec::new();
    while let Some(event) = server.poll_event()? {
        events.push(event);
    }
    server.receive_end().map(|()| events)
}

fn hello(inner: &str) -> String {
    format!("<hello xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\">{inner}</hello>]]>]]>")
}

/// RFC 6241 section 8.1: what must end a session before it begins.
#[test]
fn hellos_that_end_the_session() {
    let base = "<capabilities><capability>urn:ietf:params:netconf:base:1.1</capability></capabilities>";
    assert!(server_gets(hello(base).as_bytes()).is_ok());
    for (stream, says) in [
        (hello(&format!("{base}<session-id>4</session-id>")), "has a session-id"),
        (hello("<capabilities><capability>urn:x</capability></capabilities>"), "no common version"),
        (hello(""), "no capabilities"),
        (
            "<rpc message-id='1' xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'/>]]>]]>".to_owned(),
            "came first",
        ),
        ("\n#3\n<a>]]>]]>".to_owned(), "malformed"),
        ("<!DOCTYPE hello>]]>]]>".to_owned(), "document type"),
        (hello(base)[..90].to_owned(), "ended inside"),
        (format!("{}<rpc/>]]>]]>", hello(base)), "wrong framing"),
    ] {
        let error = server_gets(stream.as_bytes()).expect_err(&stream).to_string();
        assert!(error.contains(says), "{stream}: {error}");
    }
    let mut client = Session::client(capabilities(&[BASE_1_1]), Limits::default(), Instant::now());
    client.receive(hello(base).into());
    assert!(client.poll_event().unwrap_err().to_string().contains("no session-id"));
    assert!(client.poll_event().is_err(), "there is no way back");
}

#[test]
fn a_session_goes_on_after_a_bad_message() {
    let base = "<capabilities><capability>urn:ietf:params:netconf:base:1.1</capability></capabilities>";
    let rpc = "<rpc message-id=\"1\" xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"><get/></rpc>";
    let stream = format!("{}\n#2\n<r\n##\n\n#{}\n{rpc}\n##\n", hello(base), rpc.len());
    let events = server_gets(stream.as_bytes()).unwrap();
    assert!(matches!(&events[..], [Event::Hello(..), Event::Invalid(_), Event::Rpc(_)]), "{events:?}");
}

#[test]
fn limits_name_themselves() {
    let mut limits = Limits::default();
    (limits.hello, limits.message) = (200, 100);
    let offers = capabilities(&[BASE_1_0]);
    let mut server = Session::server(1, offers.clone(), limits.clone(), Instant::now());
    server.receive(vec![b' '; 10_000].into());
    server.receive(vec![b'x'; 201].into());
    let error = server.poll_event().unwrap_err();
    assert!(error.to_string().contains("200 bytes (limit `hello`)"), "{error}");
    let mut server = Session::server(1, offers, limits.clone(), Instant::now());
    server.receive(
        hello("<capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities>")
            .into(),
    );
    assert!(server.poll_event().unwrap().is_some());
    server.receive(vec![b'x'; 100].into());
    assert!(server.poll_event().unwrap().is_none());
    server.receive(vec![b'x'; 1].into());
    let error = server.poll_event().unwrap_err();
    assert!(error.to_string().contains("100 bytes (limit `message`)"), "{error}");
}

#[test]
fn hello_must_come_in_time() {
    let now = Instant::now();
    let limits = Limits { hello_timeout: Duration::from_secs(3), ..Limits::default() };
    let mut server = Session::server(1, capabilities(&[BASE_1_1]), limits.clone(), now);
    assert_eq!(server.poll_timeout(), Some(now + Duration::from_secs(3)));
    assert_eq!(server.handle_timeout(now + Duration::from_secs(2)), Ok(()));
    let late = server.handle_timeout(now + Duration::from_secs(3)).unwrap_err();
    assert!(late.to_string().contains("hello_timeout"));
    assert_eq!(server.poll_event().unwrap_err(), late);
    let mut pair = Pair::new(&[BASE_1_1], &[BASE_1_1], 9);
    pair.client_takes();
    assert_eq!(pair.client.poll_timeout(), None);
    assert_eq!(pair.client.handle_timeout(now + Duration::from_secs(1000)), Ok(()));
}

/// A dialogue of a client with everything that it sends.
fn stream() -> Vec<u8> {
    let mut client = Session::client(capabilities(&[BASE_1_1]), Limits::default(), Instant::now());
    let server = Session::server(1, capabilities(&[BASE_1_1]), Limits::default(), Instant::now());
    let mut server = server;
    while let Some(bytes) = server.poll_transmit() {
        client.receive(bytes);
    }
    client.poll_event().unwrap();
    client.send(Rpc::write("1", "<get/>")).unwrap();
    client
        .send(Rpc::write("2", "<edit-config><config>]]&gt;]]&gt; \u{1F600}</config></edit-config>"))
        .unwrap();
    std::iter::from_fn(|| client.poll_transmit()).flatten().collect()
}

#[test]
fn cut_everywhere() {
    let stream = stream();
    for cut in 0..=stream.len() {
        let mut server = Session::server(1, capabilities(&[BASE_1_1]), Limits::default(), Instant::now());
        let mut count = 0;
        for half in [&stream[..cut], &stream[cut..]] {
            server.receive(Bytes::copy_from_slice(half));
            while let Some(event) = server.poll_event().unwrap() {
                assert!(!matches!(event, Event::Invalid(_)));
                count += 1;
            }
        }
        assert_eq!((count, server.receive_end()), (3, Ok(())));
        // And cut off there, the session knows that it was.
        if cut < stream.len() {
            let whole = server_gets(&stream[..cut]);
            assert!(whole.is_err() || whole.is_ok_and(|e| e.len() < 3), "cut at {cut}");
        }
    }
}

proptest! {
    /// One byte changed, dropped or doubled: no panic, and whatever is still a request was not made up.
    #[test]
    fn mutations_do_not_panic(at: prop::sample::Index, byte: u8, kind in 0..3) {
        let mut bytes = stream();
        let at = at.index(bytes.len());
        match kind {
            0 => bytes[at] = byte,
            1 => _ = bytes.remove(at),
            _ => bytes.insert(at, byte),
        }
        if let Ok(events) = server_gets(&bytes) {
            prop_assert!(events.len() <= 4);
        }
    }

    #[test]
    fn garbage_does_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), open: bool) {
        let mut all = if open { stream()[..].to_vec() } else { Vec::new() };
        all.extend(bytes);
        _ = server_gets(&all);
    }
}

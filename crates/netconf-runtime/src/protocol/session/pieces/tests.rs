use super::*;
use crate::protocol::capability::BASE_1_1;
use crate::protocol::framing::frame;
use crate::protocol::message::Reply;
use crate::protocol::{Event, Session, Version};
use proptest::prelude::*;
use std::time::Instant;

/// A client whose session is open.
fn client(limits: Limits) -> Session {
    let mut session = Session::client(vec![BASE_1_1.to_owned()], limits, Instant::now());
    let hello = crate::protocol::Hello { capabilities: vec![BASE_1_1.to_owned()], session_id: Some(1) };
    let mut bytes = Vec::new();
    frame(Version::V1_0, hello.to_xml().into(), &mut bytes).unwrap();
    bytes.into_iter().for_each(|b| session.receive(b));
    assert!(matches!(session.poll_event(), Ok(Some(Event::Hello(..)))));
    session
}

/// What a reply was, however it came.
#[derive(PartialEq, Debug)]
struct Seen {
    message_id: Option<String>,
    attributes: Vec<Attribute>,
    document: String,
    ok: bool,
    errors: Vec<RpcError>,
}

/// Feeds messages in pieces of a size; gives what was read, or the error.
fn read(messages: &[&str], piece: usize, streamed: &str) -> Result<Vec<Seen>, ProtocolError> {
    let mut session = client(Limits::default());
    let mut bytes = Vec::new();
    for message in messages {
        frame(Version::V1_1, Bytes::copy_from_slice(message.as_bytes()), &mut bytes).unwrap();
    }
    let (mut seen, mut now): (Vec<Seen>, Option<(ReplyStart, Vec<u8>)>) = (Vec::new(), None);
    let bytes = bytes.concat();
    for chunk in bytes.chunks(piece) {
        session.receive(Bytes::copy_from_slice(chunk));
        while let Some(event) = session.poll_event_with(&mut |id| id == streamed)? {
            match event {
                Event::ReplyStart(start) => {
                    assert_eq!(start.message_id, streamed);
                    let text = start.open_tag().into_bytes();
                    assert!(now.replace((*start, text)).is_none());
                }
                Event::ReplyPiece(piece) => {
                    assert!(!piece.is_empty());
                    now.as_mut().unwrap().1.extend_from_slice(&piece);
                }
                Event::ReplyEnd(end) => {
                    let (start, mut document) = now.take().unwrap();
                    document.extend_from_slice(start.close_tag().as_bytes());
                    seen.push(Seen {
                        message_id: Some(start.message_id),
                        attributes: start.attributes,
                        document: String::from_utf8(document).unwrap(),
                        ok: end.ok,
                        errors: end.errors,
                    });
                }
                Event::Reply(reply) => seen.push(whole(&reply)),
                other => panic!("{other:?}"),
            }
        }
    }
    assert!(now.is_none());
    session.receive_end()?;
    Ok(seen)
}

/// The same of a reply that was read whole.
fn whole(reply: &Reply) -> Seen {
    let head = Head::read(reply.as_str().as_bytes()).unwrap();
    let start = ReplyStart { message_id: String::new(), attributes: Vec::new(), scope: head.scope };
    let content: String = reply.content.iter().map(Fragment::as_str).collect();
    Seen {
        message_id: reply.message_id.clone(),
        attributes: reply.attributes.clone(),
        document: format!("{}{content}{}", start.open_tag(), start.close_tag()),
        ok: reply.ok,
        errors: reply.errors.clone(),
    }
}

const REPLY: &str = "<n:rpc-reply xmlns:n='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='2' xmlns='urn:d' n:x='1' y='&lt;é'>\n \
    <n:data><a b='>'>text &amp; <![CDATA[<x>]]></a><!-- é --><c/></n:data> <n:ok/>\
    <n:rpc-error><n:error-type>rpc</n:error-type><n:error-tag>in-use</n:error-tag>\
    <n:error-severity>warning</n:error-severity></n:rpc-error><e/></n:rpc-reply>\n";

const OTHER: &str =
    "<rpc-reply xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='1'><data>x</data></rpc-reply>";

#[test]
fn cut_anywhere_it_is_the_reply_that_is_read_whole() {
    let expected = read(&[OTHER, REPLY, OTHER], usize::MAX, "none").unwrap();
    assert_eq!(expected[1].errors[0].tag, crate::ErrorTag::InUse);
    assert!(expected[1].ok && expected[1].document.contains("<n:data><a b='>'>"));
    for piece in (1..40).chain([100, 1000]) {
        assert_eq!(read(&[OTHER, REPLY, OTHER], piece, "2").unwrap(), expected, "{piece}");
        assert_eq!(read(&[OTHER, REPLY, OTHER], piece, "1").unwrap(), expected, "{piece}");
    }
}

#[test]
fn a_fault_is_found_wherever_it_is() {
    let with = |inner: &str| {
        format!(
            "<rpc-reply xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='2'>{inner}</rpc-reply>"
        )
    };
    for inner in
        ["<data>", "<data></date>", "<p:data/>", "<data>&x;</data>", "<!DOCTYPE x>", "<data a='1' a='2'/>"]
    {
        let message = with(inner);
        for piece in [1, 5, usize::MAX] {
            let error = read(&[&message], piece, "2").unwrap_err();
            assert!(matches!(error, ProtocolError::Malformed(_)), "{inner}: {error}");
            assert!(read(&[&message], piece, "none").is_err(), "{inner}");
        }
    }
    let two = format!("{}<x/>", with("<data/>"));
    assert!(matches!(read(&[&two], 3, "2"), Err(ProtocolError::Malformed(_))));
    assert!(matches!(read(&["<rpc-reply"], 3, "2"), Err(ProtocolError::Malformed(_))));
    let not_text = with("<data>\u{1}</data>");
    assert!(matches!(read(&[&not_text], 3, "2"), Err(ProtocolError::Malformed(_))));
}

#[test]
fn it_is_larger_than_what_is_held() {
    let limits = Limits { message: 2000, streamed_text: 500, ..Limits::default() };
    let mut session = client(limits);
    let mut out = Vec::new();
    let mut framer = crate::protocol::framing::Framer::new(Version::V1_1);
    let mut given = 0;
    let mut most = 0;
    let mut send = |session: &mut Session, text: String| {
        framer.part(text.into(), &mut out).unwrap();
        for bytes in out.drain(..) {
            session.receive(bytes);
            most = most.max(session.inbound.pending());
            while let Some(event) = session.poll_event_with(&mut |_| true)? {
                given += if let Event::ReplyPiece(piece) = event { piece.len() } else { 0 };
            }
        }
        Ok::<_, ProtocolError>((given, most))
    };
    let head = "<rpc-reply xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='1'><data>";
    send(&mut session, head.to_owned()).unwrap();
    for _ in 0..1000 {
        send(&mut session, "<a>0123456789</a>".repeat(5)).unwrap();
    }
    let (given, most) = send(&mut session, "<a>".to_owned()).unwrap();
    assert_eq!(given, "<data>".len() + 85_000 + "<a>".len());
    assert!(most < 200, "{most}");
    // One text that is too long.
    let error = (0..10).find_map(|_| send(&mut session, "0123456789".repeat(10)).err()).unwrap();
    assert_eq!(error, ProtocolError::TooLarge { limit: "streamed_text", allowed: 500 });
}

#[test]
fn errors_are_bounded_as_messages_are() {
    let error = "<rpc-error><error-type>rpc</error-type><error-tag>in-use</error-tag>\
        <error-severity>error</error-severity></rpc-error>";
    let head = "<rpc-reply xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='1'>";
    let long = format!("<rpc-error><error-info>{}</error-info></rpc-error>", "<x/>".repeat(500));
    for errors in [error.repeat(20), long] {
        let mut session = client(Limits { message: 1000, ..Limits::default() });
        let mut bytes = Vec::new();
        frame(Version::V1_1, format!("{head}{errors}</rpc-reply>").into(), &mut bytes).unwrap();
        bytes.into_iter().for_each(|b| session.receive(b));
        let error = loop {
            match session.poll_event_with(&mut |_| true) {
                Ok(Some(_)) => {}
                Ok(None) => panic!("no error"),
                Err(error) => break error,
            }
        };
        assert_eq!(error, ProtocolError::TooLarge { limit: "message", allowed: 1000 });
    }
}

fn content() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("<ok/>".to_owned()),
        Just("<d/>".to_owned()),
        Just(" \n".to_owned()),
        Just("<!-- - -->".to_owned()),
        Just("<?p i?>".to_owned()),
        Just(
            "<rpc-error><error-type>rpc</error-type><error-tag>in-use</error-tag>\
             <error-severity>error</error-severity></rpc-error>"
                .to_owned()
        ),
        "[a-z é&&[^&]]{0,9}".prop_map(|t| format!("<t a='{t}'>{t}</t>")),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop::collection::vec(inner, 0..6)
            .prop_map(|v| format!("<data xmlns:q='urn:q'>{}</data>", v.concat()))
    })
}

proptest! {
    #[test]
    fn streamed_and_whole_are_one(parts in prop::collection::vec(content(), 0..6), piece in 1usize..200) {
        let message = format!(
            "<rpc-reply xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='2'>{}</rpc-reply>",
            parts.concat()
        );
        prop_assert_eq!(read(&[&message], piece, "2").unwrap(), read(&[&message], piece, "").unwrap());
    }

    #[test]
    fn what_is_damaged_is_read_alike(at in 0usize..400, byte in any::<u8>(), piece in 1usize..50) {
        let mut damaged = REPLY.as_bytes().to_vec();
        let at = at % damaged.len();
        damaged[at] = byte;
        let Ok(message) = String::from_utf8(damaged) else { return Ok(()) };
        let streamed = read(&[&message], piece, "2");
        let whole = read(&[&message], piece, "none");
        prop_assert_eq!(streamed.is_ok(), whole.is_ok(), "{:?} {:?}", streamed, whole);
        if let (Ok(streamed), Ok(whole)) = (streamed, whole) {
            prop_assert_eq!(streamed, whole);
        }
    }
}

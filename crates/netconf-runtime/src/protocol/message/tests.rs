use super::*;
use crate::protocol::{ProtocolError, Version};
use crate::rpc_error::{ErrorInfo, ErrorTag, RpcError};

fn rpc(text: &str) -> Rpc {
    Rpc::read(Bytes::copy_from_slice(text.as_bytes()), Version::V1_1).expect(text)
}

fn invalid(text: &str) -> Box<Invalid> {
    Rpc::read(Bytes::copy_from_slice(text.as_bytes()), Version::V1_1).expect_err(text)
}

fn text(bytes: &Bytes) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// RFC 6241 section 4.2: the attributes come back, declarations included.
#[test]
fn attributes_are_echoed() {
    let request = rpc(
        "<rpc message-id=\"101\"\n xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"\n xmlns:ex='http://example.net/content/1.0'\n ex:user-id=\"fr&quot;ed\">\n<get/> </rpc>",
    );
    assert_eq!(request.message_id, "101");
    assert_eq!(request.attributes.len(), 1);
    assert_eq!(request.attributes[0].namespace, "http://example.net/content/1.0");
    assert_eq!(
        (request.attributes[0].name.as_str(), request.attributes[0].value.as_str()),
        ("user-id", "fr\"ed")
    );
    assert!(request.is_operation("get"));
    assert_eq!(
        text(&request.echo.ok()),
        "<rpc-reply message-id=\"101\"\n xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"\n xmlns:ex='http://example.net/content/1.0'\n ex:user-id=\"fr&quot;ed\"><ok/></rpc-reply>"
    );
}

#[test]
fn prefixed_requests_get_prefixed_replies() {
    let request = rpc(
        "<n:rpc n:x='1' message-id=' 1' xmlns:n=\"urn:ietf:params:xml:ns:netconf:base:1.0\"><n:get/></n:rpc>",
    );
    assert!(request.is_operation("get"));
    assert_eq!(
        text(&request.echo.ok()),
        "<n:rpc-reply xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\" n:x='1' message-id=' 1' xmlns:n=\"urn:ietf:params:xml:ns:netconf:base:1.0\"><ok/></n:rpc-reply>"
    );
    for default in ["urn:other", ""] {
        let request = rpc(&format!(
            "<n:rpc message-id='1' xmlns='{default}' xmlns:n=\"urn:ietf:params:xml:ns:netconf:base:1.0\"><n:get/></n:rpc>"
        ));
        let reply = request.echo.reply(b"<a/><b xmlns='urn:b'><c/></b><n:d xmlns:n='u'/><e>x</e>");
        let reply = Reply::read(reply).unwrap();
        let names: Vec<_> = reply.content.iter().map(|c| (c.namespace(), c.local())).collect();
        assert_eq!(names, [(BASE_NAMESPACE, "a"), ("urn:b", "b"), ("u", "d"), (BASE_NAMESPACE, "e")]);
        assert!(Reply::read(request.echo.ok()).unwrap().ok);
        assert!(Reply::read(request.echo.errors(&[RpcError::in_use("x")])).unwrap().is_error());
    }
}

#[test]
fn operations_stand_for_themselves() {
    let request = rpc(
        "<rpc message-id='1' xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' xmlns:a='urn:a'><edit-config xmlns:a='urn:b' a:x='1'><a:y/></edit-config></rpc>",
    );
    assert_eq!(
        request.operation.standalone(),
        "<edit-config xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\" xmlns:a='urn:b' a:x='1'><a:y/></edit-config>"
    );
    assert_eq!(request.operation.as_str(), "<edit-config xmlns:a='urn:b' a:x='1'><a:y/></edit-config>");
}

/// RFC 6241 section 4.3: the one reply that may lack a message-id.
#[test]
fn missing_message_id() {
    let found = invalid("<rpc xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\" a='1'><get-config/></rpc>");
    assert_eq!(found.error.tag, ErrorTag::MissingAttribute);
    assert_eq!(
        found.error.info,
        [ErrorInfo::BadAttribute("message-id".into()), ErrorInfo::BadElement((BASE_NAMESPACE, "rpc").into())]
    );
    let reply = Reply::read(found.echo.errors(std::slice::from_ref(&found.error))).unwrap();
    assert_eq!((reply.message_id.as_deref(), reply.attributes.len()), (None, 1));
}

#[test]
fn what_is_no_request() {
    let in_rpc = |inner: &str| {
        format!("<rpc message-id='5' xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'>{inner}</rpc>")
    };
    for (message, tag, says) in [
        ("".to_owned(), ErrorTag::MalformedMessage, "no element"),
        ("<rpc".to_owned(), ErrorTag::MalformedMessage, "does not end"),
        ("<!DOCTYPE rpc><rpc/>".to_owned(), ErrorTag::MalformedMessage, "document type"),
        (in_rpc("<get/>") + &in_rpc("<get/>"), ErrorTag::MalformedMessage, "second root"),
        (in_rpc("<get></foo>"), ErrorTag::MalformedMessage, "</foo>"),
        ("<rpc message-id='1'><get/></rpc>".to_owned(), ErrorTag::UnknownElement, "only `rpc`"),
        (
            "<hello xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'/>".to_owned(),
            ErrorTag::UnknownElement,
            "only `rpc`",
        ),
        (in_rpc(""), ErrorTag::MissingElement, "no operation"),
        (in_rpc("<get/><get/>"), ErrorTag::UnknownElement, "more than one"),
        (in_rpc("x<get/>"), ErrorTag::BadElement, "text stands beside"),
        (in_rpc("<get/>").replace('5', &"5".repeat(4096)), ErrorTag::BadAttribute, "longer than 4095"),
    ] {
        let found = invalid(&message);
        assert_eq!(found.error.tag, tag, "{message}");
        assert!(
            found.error.message.as_deref().is_some_and(|m| m.contains(says)),
            "{message}: {}",
            found.error
        );
        Reply::read(found.echo.errors(std::slice::from_ref(&found.error))).unwrap();
    }
    // Appendix A: malformed-message is new in 1.1.
    let old = Rpc::read(Bytes::from_static(b"<rpc"), Version::V1_0).unwrap_err();
    assert_eq!(old.error.tag, ErrorTag::OperationFailed);
    assert!(rpc(&in_rpc("<get/>").replace('5', &"é".repeat(4095))).is_operation("get"));
}

#[test]
fn replies() {
    let reply = |inner: &str| {
        let text = format!(
            "<rpc-reply message-id='1' x='y' xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' xmlns:e='urn:e'>{inner}</rpc-reply>"
        );
        Reply::read(text.into())
    };
    let ok = reply("<ok/>").unwrap();
    assert!(ok.ok && !ok.is_error() && ok.content.is_empty());
    assert_eq!(ok.message_id.as_deref(), Some("1"));
    assert_eq!(ok.attributes[0].value, "y");
    // Warnings stand beside data.
    let warned = reply("<rpc-error><error-tag>in-use</error-tag><error-severity>warning</error-severity></rpc-error><data><e:a/></data>").unwrap();
    assert!(!warned.is_error() && warned.errors.len() == 1);
    assert_eq!(warned.data().unwrap().as_str(), "<data><e:a/></data>");
    assert_eq!(
        warned.data().unwrap().standalone(),
        "<data xmlns:e=\"urn:e\" xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"><e:a/></data>"
    );
    assert!(reply("<rpc-error><error-tag>in-use</error-tag></rpc-error>").unwrap().is_error());
    assert!(matches!(Reply::read(Bytes::from_static(b"<x/>")), Err(ProtocolError::Unexpected(_))));
    assert!(matches!(Reply::read(Bytes::from_static(b"<x>")), Err(ProtocolError::Malformed(_))));
    let notification = Notification::write("now", "<x/>");
    assert!(matches!(Reply::read(notification), Err(ProtocolError::Unexpected(_))));
}

/// RFC 5277 section 4.
#[test]
fn notifications() {
    let written = Notification::write("2024-01-01T00:00:00Z", "<toast-done xmlns='urn:t'><a/></toast-done>");
    let Ok(Either::Notification(read)) = Notification::read_either(written) else { panic!("not one") };
    assert_eq!(read.event_time, "2024-01-01T00:00:00Z");
    assert_eq!((read.event.namespace(), read.event.local()), ("urn:t", "toast-done"));
    for inner in ["", "<eventTime>x</eventTime>", "<a/>", "<eventTime>x</eventTime><a/><b/>"] {
        let text = format!("<notification xmlns='{NOTIFICATION_NAMESPACE}'>{inner}</notification>");
        assert!(Notification::read_either(text.into()).is_err(), "{inner}");
    }
}

/// RFC 6241 section 3: a message is XML in UTF-8. What is not is answered, as the session can go on.
#[test]
fn what_is_no_text() {
    let start = b"<rpc message-id='1' xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'><get>".as_slice();
    for (inner, says) in [
        (&b"\xff"[..], "not valid UTF-8"),
        (b"\xc0\x80", "not valid UTF-8"),
        (b"\xed\xa0\x80", "not valid UTF-8"),
        (b"\xe2\x82", "not valid UTF-8"),
        (b"\x00", "U+0000"),
        (b"\xef\xbf\xbf", "U+FFFF"),
    ] {
        let message = [start, inner, b"</get></rpc>"].concat();
        for (version, tag) in
            [(Version::V1_1, ErrorTag::MalformedMessage), (Version::V1_0, ErrorTag::OperationFailed)]
        {
            let found = Rpc::read(Bytes::from(message.clone()), version).unwrap_err();
            assert_eq!(found.error.tag, tag);
            assert!(found.error.message.as_deref().is_some_and(|m| m.contains(says)), "{}", found.error);
        }
        assert!(matches!(Reply::read(Bytes::from(message)), Err(ProtocolError::Malformed(_))));
    }
}

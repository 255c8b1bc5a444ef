//! Over bytes: hello, framing and replies around the operations (RFC 6241 section 4, RFC 6242 section 4).

use super::device::server;
use crate::server::service::TransportKind;
use crate::transport::{Peer, memory, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const END: &str = "]]>]]>";

/// Sends texts framed as base:1.0 does, and gives all that came until the end.
async fn dialogue(messages: &[&str]) -> String {
    let server = server().await;
    let (near, far) = memory();
    let (reader, writer) = tokio::io::split(far);
    let peer = Peer {
        user: "admin".into(),
        groups: Vec::new(),
        address: "here".into(),
        transport: TransportKind::Memory,
    };
    let session =
        tokio::spawn(serve(reader, writer, server.service(), peer, crate::protocol::Limits::default()));
    let (mut reader, mut writer) = tokio::io::split(near);
    for message in messages {
        writer.write_all(message.as_bytes()).await.unwrap();
        writer.write_all(END.as_bytes()).await.unwrap();
    }
    let mut text = String::new();
    reader.read_to_string(&mut text).await.unwrap();
    session.await.unwrap();
    text
}

const HELLO: &str = "<hello xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'><capabilities>\
                     <capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>";

fn rpc(id: &str, operation: &str) -> String {
    format!("<rpc xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='{id}'>{operation}</rpc>")
}

#[tokio::test]
async fn a_whole_session() {
    let edit = "<edit-config><target><candidate/></target><config xmlns:d='urn:device'><d:system>\
                <d:hostname>a</d:hostname></d:system></config></edit-config>";
    let text = dialogue(&[
        HELLO,
        &rpc("1", edit),
        &rpc("2", "<commit/>"),
        &rpc("3", "<get-config><source><running/></source></get-config>"),
        &rpc("4", "<nonsense/>"),
        &rpc("5", "<close-session/>"),
    ])
    .await;
    let parts: Vec<&str> = text.split(END).map(str::trim).filter(|p| !p.is_empty()).collect();
    assert_eq!(parts.len(), 6, "{text}");
    assert!(parts[0].contains("<session-id>") && parts[0].contains("urn:device?module=device"), "{text}");
    for (part, id) in parts[1..].iter().zip(1..) {
        assert!(part.contains(&format!("message-id='{id}'")), "attributes come back as they were: {part}");
    }
    assert!(parts[1].contains("<ok/>") && parts[2].contains("<ok/>") && parts[5].contains("<ok/>"), "{text}");
    assert!(
        parts[3].contains("<data><system xmlns=\"urn:device\"><hostname>a</hostname></system></data>"),
        "{text}"
    );
    assert!(parts[4].contains("operation-not-supported"), "{text}");
}

/// A server has one host key: clients that were told of it must know it again.
#[cfg(feature = "ssh")]
#[tokio::test]
async fn a_server_in_memory_keeps_its_host_key_while_it_lives() {
    let server = server().await;
    let key = || server.host_key().unwrap().public_key().fingerprint();
    assert_eq!(key(), key());
}

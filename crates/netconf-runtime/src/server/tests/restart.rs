//! What is committed outlives the server; what is not, does not.

use super::device::{Device, builder, schema};
use super::peer::Peer;
use crate::datastore::OpenError;
use crate::server::{BuildError, Server};
use std::sync::Arc;

const ALL: [&str; 4] = [
    "<system xmlns='urn:device'><hostname>a &lt;b&gt;</hostname><mtu>1500</mtu></system>",
    "<interfaces xmlns='urn:device'><interface><name>eth1</name></interface><interface><name>eth0</name>\
     <mtu>99</mtu><enabled>false</enabled></interface><primary>eth0</primary></interfaces>",
    "<acl xmlns='urn:device'><rule><id>7</id><action>deny</action></rule><rule><id>2</id>\
     <action>permit</action></rule><rule><id>9</id><action>permit</action></rule></acl>",
    "<acl xmlns='urn:device' xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0'>\
     <rule nc:operation='delete'><id>2</id></rule></acl>",
];

#[tokio::test]
async fn committed_configuration_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let before = {
        let server = builder().directory(dir.path()).build().await.unwrap();
        let mut peer = Peer::connect(&server);
        for config in ALL {
            peer.edit("running", config).await;
        }
        let moved = "<acl xmlns='urn:device' xmlns:yang='urn:ietf:params:xml:ns:yang:1'>\
                     <rule yang:insert='first'><id>9</id></rule></acl>";
        peer.edit("running", moved).await;
        peer.edit("candidate", "<system xmlns='urn:device'><hostname>lost</hostname></system>").await;
        let running = peer.config("running").await;
        drop(peer);
        server.shutdown().await;
        running
    };
    assert!(before.contains("<rule><id>9</id><action>permit</action></rule><rule><id>7</id>"), "{before}");
    let server = builder().directory(dir.path()).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.config("running").await, before);
    assert_eq!(peer.config("candidate").await, before);
    // And it goes on from there.
    peer.edit("running", "<interfaces xmlns='urn:device'><primary>eth1</primary></interfaces>").await;
    assert_eq!(server.snapshot().commit.0, 6);
}

/// A store written for one set of modules is not opened with another that cannot hold it, and stays as it was.
#[tokio::test]
async fn a_store_that_does_not_fit_is_refused_with_its_paths() {
    let dir = tempfile::tempdir().unwrap();
    let server = builder().directory(dir.path()).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    peer.edit("running", ALL[0]).await;
    peer.edit("running", ALL[1]).await;
    drop(peer);
    server.shutdown().await;

    let text = include_str!("device.yang").replace("leaf hostname", "leaf host-name");
    let other = yang_parser::Compiler::new().source("device.yang", text).compile().schema.unwrap();
    let error = Server::builder(other).directory(dir.path()).build().await.unwrap_err();
    let BuildError::Open(OpenError::Unfit(errors)) = &error else { panic!("{error}") };
    assert_eq!(errors.len(), 1, "{error}");
    assert!(error.to_string().contains("hostname"), "{error}");

    let server =
        Server::builder(schema()).handlers(Arc::new(Device)).directory(dir.path()).build().await.unwrap();
    assert!(Peer::connect(&server).config("running").await.contains("eth0"));
}

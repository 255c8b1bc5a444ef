//! `get` and `get-config` (RFC 6241 sections 7.1 and 7.7), filters (sections 6 and 8.9), defaults (RFC 6243).

use super::device::{schema, server};
use super::peer::{Peer, refused};
use crate::handler::{Handlers, Registry};
use crate::server::{Limits, Server};
use std::sync::Arc;
use std::time::Duration;

const SYSTEM: &str = "<system xmlns='urn:device'><hostname>box</hostname></system>";

async fn peer_with_data() -> (crate::server::Server, Peer) {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    peer.edit("running", SYSTEM).await;
    peer.edit(
        "running",
        "<interfaces xmlns='urn:device'><interface><name>eth0</name><mtu>1400</mtu></interface>\
         <interface><name>eth1</name><enabled>true</enabled></interface></interfaces>",
    )
    .await;
    (server, peer)
}

// Section 7.1: "If the device can satisfy the request, the server sends an <rpc-reply> element containing a <data>".
#[tokio::test]
async fn nothing_is_still_data() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    for source in ["running", "candidate"] {
        assert_eq!(peer.config(source).await, "<data></data>");
    }
}

#[tokio::test]
async fn configuration_has_no_state_and_get_has() {
    let (_server, mut peer) = peer_with_data().await;
    let config = peer.config("running").await;
    assert!(config.contains("<hostname>box</hostname>") && !config.contains("boots"), "{config}");
    let all = peer.ask("get", "").await;
    assert!(all.contains("<hostname>box</hostname><boots>3</boots>"), "{all}");
    // State of an entry of the configuration stands in that entry.
    assert!(all.contains("<name>eth0</name><mtu>1400</mtu><counters><in>18446744073709551615</in>"), "{all}");
    assert_eq!(all.matches("<name>eth0</name>").count(), 1, "{all}");
}

// Section 6.2.5: a content match picks the entry.
#[tokio::test]
async fn subtree_filters_select() {
    let (_server, mut peer) = peer_with_data().await;
    let get = "<source><running/></source><filter type='subtree'><interfaces xmlns='urn:device'>\
               <interface><name>eth1</name></interface></interfaces></filter>";
    assert_eq!(
        peer.ask("get-config", get).await,
        "<data><interfaces xmlns=\"urn:device\"><interface><name>eth1</name><enabled>true</enabled>\
         </interface></interfaces></data>"
    );
    // Section 6.4.2: an empty filter selects nothing; `subtree` is the type if none is said.
    for filter in ["<filter type='subtree'/>", "<filter/>", "<filter><system xmlns='urn:other'/></filter>"] {
        assert_eq!(peer.ask("get", filter).await, "<data></data>", "{filter}");
    }
}

// Section 8.9.
#[tokio::test]
async fn xpath_filters_select() {
    let (_server, mut peer) = peer_with_data().await;
    let filter = "<filter xmlns:x='urn:device' type='xpath' select=\"/x:interfaces/x:interface[x:name='eth0']/x:mtu\"/>";
    assert_eq!(
        peer.ask("get", filter).await,
        "<data><interfaces xmlns=\"urn:device\"><interface><name>eth0</name><mtu>1400</mtu></interface>\
         </interfaces></data>"
    );
    let get = |filter: &'static str| format!("<filter type='xpath' {filter}");
    refused(&peer.ask("get", &get("/>")).await, "protocol missing-attribute [bad-attribute select]");
    refused(&peer.ask("get", &get("select='/a['/>")).await, "protocol invalid-value");
    refused(&peer.ask("get", &get("select='1 + 1'/>")).await, "protocol invalid-value");
    refused(&peer.ask("get", &get("select='/y:a'/>")).await, "protocol invalid-value");
    refused(&peer.ask("get", "<filter type='grep'/>").await, "protocol bad-attribute [bad-attribute type]");
    refused(
        &peer.ask("get", "<filter kind='xpath'/>").await,
        "protocol unknown-attribute [bad-attribute kind]",
    );
}

#[tokio::test]
async fn parameters_are_checked() {
    let (_server, mut peer) = peer_with_data().await;
    refused(&peer.ask("get-config", "").await, "protocol missing-element [bad-element source]");
    refused(&peer.ask("get-config", "<source/>").await, "protocol missing-element [bad-element source]");
    refused(
        &peer.ask("get-config", "<source><startup/></source>").await,
        "protocol unknown-element [bad-element startup]",
    );
    refused(
        &peer.ask("get-config", "<source><running/><candidate/></source>").await,
        "protocol bad-element [bad-element candidate]",
    );
    refused(
        &peer.ask("get-config", "<source><running/></source><source><running/></source>").await,
        "protocol bad-element [bad-element source]",
    );
    refused(
        &peer.ask("get-config", "<source><running/></source><depth>1</depth>").await,
        "protocol unknown-element [bad-element depth]",
    );
    refused(
        &peer.ask("get", "<depth xmlns='urn:nobody'>1</depth>").await,
        "protocol unknown-namespace [bad-element depth] [bad-namespace urn:nobody]",
    );
}

// RFC 6243 section 3.
#[tokio::test]
async fn defaults_are_reported_as_asked() {
    let (_server, mut peer) = peer_with_data().await;
    let mut system = async |mode: &str| {
        let mode = match mode {
            "" => String::new(),
            mode => format!(
                "<with-defaults xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults'>{mode}</with-defaults>"
            ),
        };
        let filter = "<filter><interfaces xmlns='urn:device'/></filter>";
        peer.ask("get-config", &format!("<source><running/></source>{filter}{mode}")).await
    };
    let eth1 = |enabled: &str| format!("<interface><name>eth1</name>{enabled}</interface>");
    for mode in ["", "explicit"] {
        assert!(system(mode).await.contains(&eth1("<enabled>true</enabled>")));
        assert_eq!(system(mode).await.matches("<enabled>").count(), 1);
    }
    assert_eq!(system("report-all").await.matches("<enabled>true</enabled>").count(), 2);
    assert_eq!(system("trim").await.matches("<enabled>").count(), 0);
    // What a client set is no default here, since the basic mode is `explicit` (section 3.4).
    assert_eq!(system("report-all-tagged").await.matches("default=\"true\">true</").count(), 1);
    refused(&system("some").await, "protocol invalid-value [bad-element with-defaults]");
}

/// Providers of which one is slow and one dies.
struct Faulty;

impl Handlers for Faulty {
    fn register(self: Arc<Self>, registry: &mut Registry) {
        registry.state_tree("/device:system", |_, _| Box::pin(std::future::pending()));
        registry
            .state_tree("/device:interfaces", |_, _| Box::pin(async { panic!("the provider was told to") }));
    }
}

#[tokio::test]
async fn providers_that_fail_are_named_and_only_those_that_are_asked() {
    let limits = Limits { state: Duration::from_millis(50), ..Limits::default() };
    let server = Server::builder(schema()).handlers(Arc::new(Faulty)).limits(limits).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    let reply = peer.ask("get", "").await;
    let lines: Vec<&str> = reply.lines().collect();
    assert_eq!(lines.len(), 2, "{reply}");
    refused(
        lines[0],
        "application operation-failed /d:system: the state provider of /device:system did not answer within 50ms (limit `state`)",
    );
    refused(
        lines[1],
        "application operation-failed /d:interfaces: the state provider of /device:interfaces died",
    );
    let filter = "<filter><system xmlns='urn:device'><hostname/></system></filter>";
    assert_eq!(peer.ask("get", filter).await, "<data></data>");
}

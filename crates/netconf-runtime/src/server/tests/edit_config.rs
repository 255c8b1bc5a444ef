//! `edit-config` (RFC 6241 section 7.2).

use super::device::{builder, server};
use super::peer::{Peer, refused};

const NC: &str = "xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0'";

fn system(content: &str) -> String {
    format!("<system xmlns='urn:device' {NC}>{content}</system>")
}

#[tokio::test]
async fn operations_do_what_they_say() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    peer.edit("candidate", &system("<hostname nc:operation='create'>a</hostname>")).await;
    refused(
        &peer.try_edit("candidate", "", &system("<hostname nc:operation='create'>b</hostname>")).await,
        "application data-exists /d:system/d:hostname",
    );
    peer.edit("candidate", &system("<hostname>b</hostname>")).await;
    assert!(peer.config("candidate").await.contains("<hostname>b</hostname>"));
    peer.edit("candidate", &system("<hostname nc:operation='delete'/>")).await;
    refused(
        &peer.try_edit("candidate", "", &system("<hostname nc:operation='delete'/>")).await,
        "application data-missing /d:system/d:hostname",
    );
    peer.edit("candidate", &system("<hostname nc:operation='remove'/>")).await;
    assert_eq!(peer.config("candidate").await, "<data></data>");
}

// An attribute in no namespace is not NETCONF's: it must never delete.
#[tokio::test]
async fn an_operation_without_namespace_is_refused() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    peer.edit("candidate", &system("<hostname>a</hostname>")).await;
    refused(
        &peer.try_edit("candidate", "", &system("<hostname operation='delete'/>")).await,
        "application unknown-attribute",
    );
    assert!(peer.config("candidate").await.contains("<hostname>a</hostname>"));
}

#[tokio::test]
async fn default_operation_none_and_replace() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    peer.edit("candidate", &system("<hostname>a</hostname><mtu>100</mtu>")).await;
    let option = |name: &str| format!("<default-operation>{name}</default-operation>");
    let delete = system("<mtu nc:operation='delete'/>");
    assert_eq!(peer.try_edit("candidate", &option("none"), &delete).await, "ok");
    let both = peer.config("candidate").await;
    assert!(both.contains("<hostname>a</hostname>") && !both.contains("mtu"), "{both}");
    assert_eq!(peer.try_edit("candidate", &option("replace"), &system("<mtu>99</mtu>")).await, "ok");
    let replaced = peer.config("candidate").await;
    assert!(replaced.contains("<mtu>99</mtu>") && !replaced.contains("hostname"), "{replaced}");
    refused(
        &peer.try_edit("candidate", &option("create"), &delete).await,
        "protocol invalid-value [bad-element default-operation]",
    );
}

// RFC 7950 section 8.3.1: a payload is checked when it comes, and error-path and the model's own words say what is wrong.
#[tokio::test]
async fn values_are_checked_at_once() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    refused(
        &peer.try_edit("candidate", "", &system("<mtu>9001</mtu>")).await,
        "application invalid-value (mtu-range) /d:system/d:mtu [bad-element mtu]: MTU out of range",
    );
    refused(
        &peer.try_edit("candidate", "", &system("<boots>1</boots>")).await,
        "application unknown-element",
    );
    refused(
        &peer.try_edit("candidate", "", &system("<nonsense/>")).await,
        "application unknown-element /d:system",
    );
    refused(
        &peer.try_edit("candidate", "", "<system xmlns='urn:nobody'/>").await,
        "application unknown-namespace",
    );
    refused(
        &peer
            .try_edit(
                "candidate",
                "",
                "<interfaces xmlns='urn:device'><interface><mtu>70</mtu></interface></interfaces>",
            )
            .await,
        "application missing-element /d:interfaces/d:interface",
    );
    assert_eq!(peer.config("candidate").await, "<data></data>");
}

#[tokio::test]
async fn all_errors_of_a_payload_are_told() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    let reply = peer.try_edit("candidate", "", &system("<mtu>1</mtu><hostname/>")).await;
    assert_eq!(reply.lines().count(), 2, "{reply}");
}

// RFC 7950 section 8.3.3: what nodes demand of each other is checked when `running` would change.
#[tokio::test]
async fn running_is_valid_after_each_edit() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    refused(
        &peer.try_edit("running", "", &system("<limit>1000</limit>")).await,
        "application operation-failed (limit-low) /d:system/d:limit: the limit is below the MTU",
    );
    assert_eq!(peer.config("running").await, "<data></data>");
    peer.edit("running", &system("<limit>1000</limit><mtu>1000</mtu>")).await;
    assert!(peer.config("candidate").await.contains("<limit>1000</limit>"), "a clean candidate follows");
}

#[tokio::test]
async fn test_options() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    let option = |name: &str| format!("<test-option>{name}</test-option>");
    let bad = system("<limit>1000</limit>");
    let good = system("<hostname>a</hostname>");
    for tested in ["test-only", "test-then-set"] {
        let reply = peer.try_edit("candidate", &option(tested), &bad).await;
        refused(&reply, "application operation-failed (limit-low)");
    }
    assert_eq!(peer.try_edit("candidate", &option("test-only"), &good).await, "ok");
    assert_eq!(peer.config("candidate").await, "<data></data>");
    assert_eq!(peer.try_edit("candidate", &option("set"), &bad).await, "ok");
    assert!(peer.config("candidate").await.contains("<limit>1000</limit>"));
    refused(&peer.try_edit("candidate", &option("hope"), &good).await, "protocol invalid-value");
}

// Section 7.2, error-option: each as its name says.
#[tokio::test]
async fn error_options() {
    let create = |n: &str| format!("<interface nc:operation='create'><name>{n}</name></interface>");
    let config = |names: [&str; 3]| {
        format!("<interfaces xmlns='urn:device' {NC}>{}</interfaces>", names.map(create).join(""))
    };
    for (option, left) in
        [("stop-on-error", &["b"][..]), ("continue-on-error", &["b", "c"]), ("rollback-on-error", &[])]
    {
        let server = server().await;
        let mut peer = Peer::connect(&server);
        peer.edit(
            "candidate",
            "<interfaces xmlns='urn:device'><interface><name>a</name></interface></interfaces>",
        )
        .await;
        let option = format!("<error-option>{option}</error-option>");
        let reply = peer.try_edit("candidate", &option, &config(["b", "a", "c"])).await;
        refused(&reply, "application data-exists /d:interfaces/d:interface[d:name='a']");
        let now = peer.config("candidate").await;
        for name in ["b", "c"] {
            let there = now.contains(&format!("<name>{name}</name>"));
            assert_eq!(there, left.contains(&name), "{option}: {name} in {now}");
        }
    }
}

#[tokio::test]
async fn user_ordered_entries_go_where_they_are_told() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    let rule = |id: u8, insert: &str| {
        format!(
            "<acl xmlns='urn:device' xmlns:yang='urn:ietf:params:xml:ns:yang:1'><rule {insert}>\
             <id>{id}</id><action>permit</action></rule></acl>"
        )
    };
    peer.edit("running", &rule(5, "")).await;
    peer.edit("running", &rule(3, "yang:insert='first'")).await;
    peer.edit("running", &rule(9, "yang:insert='before' yang:key=\"[id='5']\"")).await;
    let all = peer.config("running").await;
    let order: Vec<&str> = all.split("<id>").skip(1).map(|s| &s[..1]).collect();
    assert_eq!(order, ["3", "9", "5"], "{all}");
}

#[tokio::test]
async fn parameters_are_checked() {
    let server = builder().writable_running(false).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    refused(&peer.ask("edit-config", "<config/>").await, "protocol missing-element [bad-element target]");
    refused(
        &peer.ask("edit-config", "<target><candidate/></target>").await,
        "protocol missing-element [bad-element config]",
    );
    refused(
        &peer.try_edit("running", "", "").await,
        "protocol unknown-element [bad-element running]: this server does not have the capability :writable-running",
    );
    refused(
        &peer.ask("edit-config", "<target><candidate/></target><url>file:///etc/passwd</url>").await,
        "protocol unknown-element [bad-element url]",
    );
}

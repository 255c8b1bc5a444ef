//! `copy-config` and `delete-config` (RFC 6241 sections 7.3, 7.4), `startup` (8.7) and `url` (8.8).

use super::device::{builder, server};
use super::peer::{Peer, refused};

fn system(content: &str) -> String {
    format!("<system xmlns='urn:device'>{content}</system>")
}

fn copy(target: &str, source: &str) -> String {
    format!("<target>{target}</target><source>{source}</source>")
}

// Section 7.3: "Create or replace an entire configuration datastore with the contents of another complete configuration
// datastore."
#[tokio::test]
async fn a_datastore_is_replaced_whole() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    peer.edit("running", &system("<hostname>a</hostname><mtu>1400</mtu>")).await;
    peer.edit("candidate", &system("<hostname>b</hostname>")).await;
    assert_eq!(peer.ask("copy-config", &copy("<candidate/>", "<running/>")).await, "ok");
    assert_eq!(peer.config("candidate").await, peer.config("running").await);
    let inline = format!("<config>{}</config>", system("<hostname>c</hostname>"));
    assert_eq!(peer.ask("copy-config", &copy("<running/>", &inline)).await, "ok");
    let config = peer.config("running").await;
    assert!(config.contains("<hostname>c</hostname>") && !config.contains("mtu"), "{config}");
}

#[tokio::test]
async fn what_cannot_be_copied_is_refused() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    refused(&peer.ask("copy-config", &copy("<running/>", "<running/>")).await, "protocol invalid-value");
    refused(
        &peer.ask("copy-config", "<target><running/></target>").await,
        "protocol missing-element [bad-element source]",
    );
    for (target, source) in [("<startup/>", "<running/>"), ("<running/>", "<startup/>")] {
        refused(
            &peer.ask("copy-config", &copy(target, source)).await,
            "protocol unknown-element [bad-element startup]",
        );
    }
    refused(
        &peer.ask("copy-config", &copy("<url>file:a</url>", "<running/>")).await,
        "protocol unknown-element [bad-element url]",
    );
    // running is always valid (RFC 7950 section 8.1).
    let invalid = format!("<config>{}</config>", system("<limit>9</limit>"));
    refused(
        &peer.ask("copy-config", &copy("<running/>", &invalid)).await,
        "application operation-failed (limit-low)",
    );
    assert_eq!(peer.config("running").await, "<data></data>");
}

#[tokio::test]
async fn a_lock_keeps_others_from_copying() {
    let server = server().await;
    let (mut peer, mut other) = (Peer::connect(&server), Peer::connect(&server));
    assert_eq!(peer.ask("lock", "<target><candidate/></target>").await, "ok");
    refused(&other.ask("copy-config", &copy("<candidate/>", "<running/>")).await, "application in-use");
    assert_eq!(peer.ask("copy-config", &copy("<candidate/>", "<running/>")).await, "ok");
}

#[tokio::test]
async fn a_running_that_is_not_writable_is_no_target() {
    let server = builder().writable_running(false).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    refused(
        &peer.ask("copy-config", &copy("<running/>", "<candidate/>")).await,
        "protocol unknown-element [bad-element running]",
    );
}

// Section 8.7: what is in startup is what a server starts with.
#[cfg(feature = "store-redb")]
#[tokio::test]
async fn a_server_starts_with_startup() {
    let directory = tempfile::tempdir().unwrap();
    let open = async || builder().startup(true).directory(directory.path()).build().await.unwrap();
    let server = open().await;
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.config("startup").await, "<data></data>");
    peer.edit("running", &system("<hostname>kept</hostname>")).await;
    peer.edit(
        "running",
        "<interfaces xmlns='urn:device'><interface><name>eth0</name></interface></interfaces>",
    )
    .await;
    assert_eq!(peer.config("startup").await, "<data></data>", "startup is written by copy-config alone");
    assert_eq!(peer.ask("copy-config", &copy("<startup/>", "<running/>")).await, "ok");
    let kept = peer.config("startup").await;
    peer.edit("running", &system("<hostname>lost</hostname>")).await;
    refused(
        &peer.try_edit("startup", "", &system("<mtu>1400</mtu>")).await,
        "protocol unknown-element [bad-element startup]",
    );
    assert_eq!(peer.ask("lock", "<target><startup/></target>").await, "ok");
    assert_eq!(peer.ask("validate", "<source><startup/></source>").await, "ok");
    drop((peer, server));

    let server = open().await;
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.config("running").await, kept);
    assert_eq!(peer.ask("delete-config", "<target><startup/></target>").await, "ok");
    assert_eq!(peer.config("running").await, kept, "what runs goes on running");
    drop((peer, server));

    let server = open().await;
    assert_eq!(Peer::connect(&server).config("running").await, "<data></data>");
}

#[tokio::test]
async fn running_and_candidate_cannot_be_deleted() {
    let server = builder().startup(true).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    for name in ["running", "candidate"] {
        refused(
            &peer.ask("delete-config", &format!("<target><{name}/></target>")).await,
            &format!("protocol unknown-element [bad-element {name}]"),
        );
    }
}

// Section 8.8.
#[tokio::test]
async fn configuration_is_written_to_files_and_read_from_them() {
    let root = tempfile::tempdir().unwrap();
    let server = builder().url_root(root.path()).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    peer.edit("running", &system("<hostname>a &lt; b</hostname>")).await;
    let file = "<url>file:///backup.xml</url>";
    assert_eq!(peer.ask("copy-config", &copy(file, "<running/>")).await, "ok");
    assert!(std::fs::read_to_string(root.path().join("backup.xml")).unwrap().contains("a &lt; b"));
    peer.edit("running", &system("<hostname>c</hostname>")).await;
    assert_eq!(peer.ask("validate", &format!("<source>{file}</source>")).await, "ok");
    assert_eq!(peer.ask("copy-config", &copy("<running/>", file)).await, "ok");
    assert!(peer.config("running").await.contains("a &lt; b"));

    std::fs::write(
        root.path().join("edit.xml"),
        format!("<config xmlns='{}'>{}</config>", crate::BASE_NAMESPACE, system("<mtu>1400</mtu>")),
    )
    .unwrap();
    let edit = "<target><running/></target><url>file:edit.xml</url>";
    assert_eq!(peer.ask("edit-config", edit).await, "ok");
    let config = peer.config("running").await;
    assert!(config.contains("a &lt; b") && config.contains("<mtu>1400</mtu>"), "{config}");

    assert_eq!(peer.ask("delete-config", &format!("<target>{file}</target>")).await, "ok");
    refused(&peer.ask("copy-config", &copy("<running/>", file)).await, "application data-missing");
    refused(
        &peer.ask("copy-config", &copy("<running/>", "<url>file:../x</url>")).await,
        "protocol invalid-value [bad-element url]",
    );
    std::fs::write(root.path().join("wrong.xml"), "<data/>").unwrap();
    refused(
        &peer.ask("copy-config", &copy("<running/>", "<url>file:wrong.xml</url>")).await,
        "protocol invalid-value",
    );
}

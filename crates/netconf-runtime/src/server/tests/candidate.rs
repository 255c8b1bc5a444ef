//! The candidate (RFC 6241 section 8.3): commit, discard-changes, validate.

use super::device::server;
use super::peer::{Peer, refused};

fn system(content: &str) -> String {
    format!("<system xmlns='urn:device'>{content}</system>")
}

#[tokio::test]
async fn commit_makes_the_candidate_running() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    peer.edit("candidate", &system("<hostname>a</hostname>")).await;
    assert_eq!(peer.config("running").await, "<data></data>");
    assert_eq!(peer.ask("commit", "").await, "ok");
    assert!(peer.config("running").await.contains("<hostname>a</hostname>"));
    // Nothing to commit is no error.
    assert_eq!(peer.ask("commit", "").await, "ok");
    assert_eq!(server.snapshot().commit.0, 1);
}

// Section 8.3.4.1: "If the candidate configuration does not validate, running is unchanged."
#[tokio::test]
async fn a_commit_that_does_not_validate_changes_nothing() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    peer.edit("candidate", &system("<limit>1000</limit>")).await;
    refused(&peer.ask("commit", "").await, "application operation-failed (limit-low) /d:system/d:limit");
    assert_eq!(peer.config("running").await, "<data></data>");
    assert!(
        peer.config("candidate").await.contains("<limit>1000</limit>"),
        "the candidate waits to be mended"
    );
    // RFC 7950 section 15.5: a leafref to nothing.
    assert_eq!(peer.ask("discard-changes", "").await, "ok");
    peer.edit("candidate", "<interfaces xmlns='urn:device'><primary>eth0</primary></interfaces>").await;
    refused(
        &peer.ask("commit", "").await,
        "application data-missing (instance-required) /d:interfaces/d:primary",
    );
}

#[tokio::test]
async fn discard_makes_the_candidate_what_running_is() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    peer.edit("running", &system("<hostname>a</hostname>")).await;
    peer.edit("candidate", &system("<hostname>b</hostname>")).await;
    assert_eq!(peer.ask("discard-changes", "").await, "ok");
    assert!(peer.config("candidate").await.contains("<hostname>a</hostname>"));
}

// Section 8.6.
#[tokio::test]
async fn validate_checks_and_changes_nothing() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    peer.edit("candidate", &system("<limit>1000</limit>")).await;
    assert_eq!(peer.ask("validate", "<source><running/></source>").await, "ok");
    refused(
        &peer.ask("validate", "<source><candidate/></source>").await,
        "application operation-failed (limit-low)",
    );
    let inline = |content: &str| format!("<source><config>{}</config></source>", system(content));
    assert_eq!(peer.ask("validate", &inline("<hostname>x</hostname>")).await, "ok");
    refused(&peer.ask("validate", &inline("<mtu>1</mtu>")).await, "application invalid-value (mtu-range)");
    refused(
        &peer.ask("validate", &inline("<limit>9</limit>")).await,
        "application operation-failed (limit-low)",
    );
    refused(&peer.ask("validate", "").await, "protocol missing-element [bad-element source]");
    assert_eq!(server.snapshot().commit.0, 0);
}

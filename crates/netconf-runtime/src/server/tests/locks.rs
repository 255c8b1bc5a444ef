//! Locks (RFC 6241 sections 7.5, 7.6 and 8.3.5).

use super::device::server;
use super::peer::{Peer, refused};
use crate::server::service::CloseReason;

const SYSTEM: &str = "<system xmlns='urn:device'><hostname>a</hostname></system>";

fn target(name: &str) -> String {
    format!("<target><{name}/></target>")
}

#[tokio::test]
async fn a_lock_keeps_others_out() {
    let server = server().await;
    let (mut one, mut two) = (Peer::connect(&server), Peer::connect(&server));
    assert_eq!(one.ask("lock", &target("running")).await, "ok");
    let holder = format!("protocol lock-denied [session-id {}]", one.id);
    refused(&two.ask("lock", &target("running")).await, &holder);
    refused(&one.ask("lock", &target("running")).await, &holder);
    refused(&two.ask("unlock", &target("running")).await, &holder);
    refused(&two.try_edit("running", "", SYSTEM).await, "application in-use");
    // Section 8.3.4.1: a commit changes running, so its lock counts as well as that of the candidate.
    two.edit("candidate", SYSTEM).await;
    refused(&two.ask("commit", "").await, "application in-use");
    assert!(one.config("running").await == "<data></data>", "reading needs no lock");
    assert_eq!(one.ask("unlock", &target("running")).await, "ok");
    assert_eq!(two.ask("commit", "").await, "ok");
    refused(&one.ask("unlock", &target("running")).await, "application operation-failed");
}

// Section 7.5: not "if the candidate has been modified, and these changes have not been committed or rolled back".
#[tokio::test]
async fn a_modified_candidate_cannot_be_locked() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    peer.edit("candidate", SYSTEM).await;
    refused(&peer.ask("lock", &target("candidate")).await, "protocol lock-denied [session-id 0]");
    assert_eq!(peer.ask("discard-changes", "").await, "ok");
    assert_eq!(peer.ask("lock", &target("candidate")).await, "ok");
}

// Section 8.3.5.2: outstanding changes are discarded when the lock is released.
#[tokio::test]
async fn changes_to_a_locked_candidate_go_with_the_lock() {
    let server = server().await;
    let (mut one, mut two) = (Peer::connect(&server), Peer::connect(&server));
    assert_eq!(one.ask("lock", &target("candidate")).await, "ok");
    one.edit("candidate", SYSTEM).await;
    refused(&two.try_edit("candidate", "", SYSTEM).await, "application in-use");
    refused(&two.ask("discard-changes", "").await, "application in-use");
    assert_eq!(one.ask("unlock", &target("candidate")).await, "ok");
    assert_eq!(two.config("candidate").await, "<data></data>");

    assert_eq!(one.ask("lock", &target("candidate")).await, "ok");
    one.edit("candidate", SYSTEM).await;
    one.end(CloseReason::Dropped);
    assert_eq!(two.ask("lock", &target("candidate")).await, "ok");
    assert_eq!(two.config("candidate").await, "<data></data>");
}

#[tokio::test]
async fn locks_end_with_their_session_also_when_it_just_vanishes() {
    let server = server().await;
    let (mut one, mut two) = (Peer::connect(&server), Peer::connect(&server));
    assert_eq!(one.ask("lock", &target("running")).await, "ok");
    drop(one);
    assert_eq!(two.ask("lock", &target("running")).await, "ok");
}

// Section 7.9.
#[tokio::test]
async fn kill_session_ends_another_one() {
    let server = server().await;
    let (mut one, two) = (Peer::connect(&server), Peer::connect(&server));
    let kill = |id: &str| format!("<session-id>{id}</session-id>");
    assert_eq!(one.ask("kill-session", &kill(&two.id.to_string())).await, "ok");
    assert_eq!(two.told_to_close(), Some(CloseReason::Killed { by: one.id }));
    let itself = one.id.to_string();
    for bad in [itself.as_str(), "0", "4711", "none", "-1"] {
        refused(&one.ask("kill-session", &kill(bad)).await, "protocol invalid-value");
    }
    refused(&one.ask("kill-session", "").await, "protocol missing-element [bad-element session-id]");
    assert_eq!(one.told_to_close(), None);
}

// Section 7.8.
#[tokio::test]
async fn close_session_is_answered_before_the_end() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    refused(&peer.ask("close-session", "<now/>").await, "protocol unknown-element [bad-element now]");
    assert_eq!(peer.ask("close-session", "").await, "ok and close");
}

//! Confirmed commits (RFC 6241 section 8.4). The clock is tokio's, and does not wait.

use super::device::{builder, server};
use super::peer::{Peer, refused};
use crate::server::Server;
use crate::server::service::CloseReason;
use std::time::Duration;

fn hostname(name: &str) -> String {
    format!("<system xmlns='urn:device'><hostname>{name}</hostname></system>")
}

/// What `running` says.
async fn running(server: &Server) -> String {
    // What the server does by itself it does in tasks of its own.
    tokio::time::sleep(Duration::from_millis(1)).await;
    let mut peer = Peer::connect(server);
    let config = peer.config("running").await;
    peer.end(CloseReason::Requested);
    let name = config.split_once("<hostname>").and_then(|(_, rest)| rest.split_once("</hostname>"));
    name.map_or_else(String::new, |(name, _)| name.to_owned())
}

/// A server whose `running` says `old`, and a session that prepared `new`.
async fn prepared() -> (Server, Peer) {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    peer.edit("running", &hostname("old")).await;
    peer.edit("candidate", &hostname("new")).await;
    (server, peer)
}

async fn seconds(n: u64) {
    tokio::time::sleep(Duration::from_secs(n)).await;
}

// "The confirming commit is a <commit> operation without the <confirmed> parameter."
#[tokio::test(start_paused = true)]
async fn a_commit_confirms_it() {
    let (server, mut peer) = prepared().await;
    assert_eq!(peer.ask("commit", "<confirmed/>").await, "ok");
    assert_eq!(running(&server).await, "new");
    assert_eq!(peer.ask("commit", "").await, "ok");
    seconds(3600).await;
    peer.end(CloseReason::Requested);
    assert_eq!(running(&server).await, "new");
}

// "MUST be reverted if a confirming commit is not issued within the timeout period (by default 600 seconds"
#[tokio::test(start_paused = true)]
async fn without_confirmation_it_is_taken_back_after_ten_minutes() {
    let (server, mut peer) = prepared().await;
    assert_eq!(peer.ask("commit", "<confirmed/>").await, "ok");
    seconds(599).await;
    assert_eq!(running(&server).await, "new");
    seconds(2).await;
    assert_eq!(running(&server).await, "old");
    // Nothing waits any more.
    refused(&peer.ask("cancel-commit", "").await, "protocol operation-failed");
}

// "The timeout period can be adjusted with the <confirm-timeout> parameter."
#[tokio::test(start_paused = true)]
async fn the_time_is_said_in_seconds() {
    let (server, mut peer) = prepared().await;
    for wrong in ["0", "-1", "soon", "4294967296", ""] {
        refused(
            &peer.ask("commit", &format!("<confirmed/><confirm-timeout>{wrong}</confirm-timeout>")).await,
            "protocol invalid-value [bad-element confirm-timeout]",
        );
    }
    refused(
        &peer.ask("commit", "<confirm-timeout>5</confirm-timeout>").await,
        "protocol bad-element [bad-element confirm-timeout]",
    );
    assert_eq!(running(&server).await, "old");
    assert_eq!(peer.ask("commit", "<confirmed/><confirm-timeout>5</confirm-timeout>").await, "ok");
    seconds(6).await;
    assert_eq!(running(&server).await, "old");
}

// "If a follow-up confirmed <commit> operation is issued before the timer expires, the timer is reset to the new value", and what
// it is taken back to is what was before the first.
#[tokio::test(start_paused = true)]
async fn a_follow_up_keeps_the_first_backup_and_has_a_new_time() {
    let (server, mut peer) = prepared().await;
    assert_eq!(peer.ask("commit", "<confirmed/><confirm-timeout>100</confirm-timeout>").await, "ok");
    seconds(50).await;
    peer.edit("candidate", &hostname("newer")).await;
    assert_eq!(peer.ask("commit", "<confirmed/><confirm-timeout>100</confirm-timeout>").await, "ok");
    seconds(90).await;
    assert_eq!(running(&server).await, "newer");
    seconds(20).await;
    assert_eq!(running(&server).await, "old");
}

// "If the session issuing the confirmed commit is terminated for any reason before the confirm timeout expires, the server MUST
// restore the configuration".
#[tokio::test(start_paused = true)]
async fn it_ends_with_its_session() {
    for reason in [CloseReason::Requested, CloseReason::Dropped, CloseReason::Killed { by: 7 }] {
        let (server, mut peer) = prepared().await;
        assert_eq!(peer.ask("commit", "<confirmed/>").await, "ok");
        peer.end(reason);
        assert_eq!(running(&server).await, "old");
    }
}

// "unless the confirmed commit also included a <persist> element": then any session goes on with it, by its persist-id.
#[tokio::test(start_paused = true)]
async fn with_persist_it_outlives_its_session() {
    let (server, mut peer) = prepared().await;
    assert_eq!(peer.ask("commit", "<confirmed/><persist>IQ,d4668</persist>").await, "ok");
    peer.end(CloseReason::Dropped);
    assert_eq!(running(&server).await, "new");
    let mut other = Peer::connect(&server);
    refused(&other.ask("commit", "").await, "protocol missing-element [bad-element persist-id]");
    refused(
        &other.ask("commit", "<persist-id>guess</persist-id>").await,
        "protocol invalid-value [bad-element persist-id]",
    );
    assert_eq!(other.ask("commit", "<persist-id>IQ,d4668</persist-id>").await, "ok");
    seconds(3600).await;
    assert_eq!(running(&server).await, "new");
}

#[tokio::test(start_paused = true)]
async fn persistent_or_not_its_time_is_over_some_time() {
    let (server, mut peer) = prepared().await;
    let first = "<confirmed/><confirm-timeout>10</confirm-timeout><persist>a</persist>";
    assert_eq!(peer.ask("commit", first).await, "ok");
    // A follow-up by another session, with a token of its own.
    let mut other = Peer::connect(&server);
    let follow_up = "<confirmed/><confirm-timeout>10</confirm-timeout><persist>b</persist>";
    refused(&other.ask("commit", follow_up).await, "protocol missing-element");
    let follow_up = format!("{follow_up}<persist-id>a</persist-id>");
    assert_eq!(other.ask("commit", &follow_up).await, "ok");
    let old_token = "<persist-id>a</persist-id>";
    refused(&peer.ask("commit", old_token).await, "protocol invalid-value [bad-element persist-id]");
    seconds(11).await;
    assert_eq!(running(&server).await, "old");
}

// "any follow-up commit and the confirming commit MUST be issued on the same session that issued the confirmed commit"
#[tokio::test(start_paused = true)]
async fn without_persist_no_other_session_goes_on_with_it() {
    let (server, mut peer) = prepared().await;
    assert_eq!(peer.ask("commit", "<confirmed/>").await, "ok");
    let mut other = Peer::connect(&server);
    for request in ["", "<confirmed/>"] {
        refused(&other.ask("commit", request).await, "protocol in-use");
    }
    refused(&other.ask("cancel-commit", "").await, "protocol in-use");
    refused(
        &other.ask("commit", "<persist-id>x</persist-id>").await,
        "protocol invalid-value [bad-element persist-id]",
    );
    // Section 7.5: nobody else gets the lock on running meanwhile.
    refused(&other.ask("lock", "<target><running/></target>").await, "protocol lock-denied");
    assert_eq!(peer.ask("lock", "<target><running/></target>").await, "ok");
}

// Section 8.4.4.1.
#[tokio::test(start_paused = true)]
async fn cancel_commit_takes_it_back() {
    let (server, mut peer) = prepared().await;
    assert_eq!(peer.ask("commit", "<confirmed/>").await, "ok");
    assert_eq!(peer.ask("cancel-commit", "").await, "ok");
    assert_eq!(running(&server).await, "old");

    peer.edit("candidate", &hostname("new")).await;
    assert_eq!(peer.ask("commit", "<confirmed/><persist>x</persist>").await, "ok");
    let mut other = Peer::connect(&server);
    refused(
        &other.ask("cancel-commit", "<persist-id>y</persist-id>").await,
        "protocol invalid-value [bad-element persist-id]",
    );
    assert_eq!(other.ask("cancel-commit", "<persist-id>x</persist-id>").await, "ok");
    assert_eq!(running(&server).await, "old");
}

// Section 8.4.5: a wrong persist-id is invalid-value, also where nothing waits.
#[tokio::test]
async fn a_persist_id_of_nothing_is_an_invalid_value() {
    let (_server, mut peer) = prepared().await;
    for operation in ["commit", "cancel-commit"] {
        refused(
            &peer.ask(operation, "<persist-id>x</persist-id>").await,
            "protocol invalid-value [bad-element persist-id]",
        );
    }
}

// A confirmed commit that changes nothing is one all the same.
#[tokio::test(start_paused = true)]
async fn one_without_changes_can_be_confirmed_and_cancelled() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    peer.edit("running", &hostname("old")).await;
    assert_eq!(peer.ask("commit", "<confirmed/>").await, "ok");
    peer.edit("candidate", &hostname("new")).await;
    assert_eq!(peer.ask("commit", "").await, "ok");
    assert_eq!(running(&server).await, "new");
    assert_eq!(peer.ask("commit", "<confirmed/>").await, "ok");
    assert_eq!(peer.ask("cancel-commit", "").await, "ok");
    assert_eq!(running(&server).await, "new");
}

// "If the device reboots for any reason before the confirm timeout expires, the server MUST restore the configuration to its state
// before the confirmed commit was issued."
#[cfg(feature = "store-redb")]
#[tokio::test]
async fn a_restart_takes_it_back_and_nothing_that_was_confirmed() {
    let open = async |at: &tempfile::TempDir| builder().directory(at.path()).build().await.unwrap();
    // What a power failure leaves: the directory as it is, and nobody who cleans up.
    let fail = |at: &tempfile::TempDir| {
        let copy = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(at.path()).unwrap().map(Result::unwrap) {
            std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
        copy
    };
    for persist in ["", "<persist>x</persist>"] {
        let before = tempfile::tempdir().unwrap();
        let server = open(&before).await;
        let mut peer = Peer::connect(&server);
        peer.edit("running", &hostname("old")).await;
        peer.edit("candidate", &hostname("new")).await;
        assert_eq!(peer.ask("commit", &format!("<confirmed/>{persist}")).await, "ok");
        // Somebody else's change in between goes too: the RFC wants the state before the confirmed commit.
        peer.edit("running", "<system xmlns='urn:device'><mtu>1400</mtu></system>").await;
        assert_eq!(running(&server).await, "new");
        let after = fail(&before);
        let again = open(&after).await;
        let config = Peer::connect(&again).config("running").await;
        assert!(config.contains("old") && !config.contains("mtu"), "{persist}: {config}");
        let head = again.snapshot().commit;
        let again = open(&fail(&after)).await;
        assert_eq!(again.snapshot().commit, head, "it is taken back once");

        let persist_id = persist.replace("persist>", "persist-id>");
        assert_eq!(peer.ask("commit", &persist_id).await, "ok");
        let again = open(&fail(&before)).await;
        assert_eq!(running(&again).await, "new", "it was confirmed");
    }
}

#[tokio::test]
async fn any_commit_that_is_remembered_can_be_gone_back_to() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    for name in ["a", "b", "c"] {
        peer.edit("running", &hostname(name)).await;
    }
    let log = server.history(10).await.unwrap();
    assert_eq!(
        log.iter().map(|e| (e.head.0, e.stamp.user.as_str())).collect::<Vec<_>>(),
        [(3, "admin"), (2, "admin"), (1, "admin")]
    );
    server.roll_back(log[2].head, "b was no good").await.unwrap();
    assert_eq!(running(&server).await, "a");
    let log = server.history(1).await.unwrap();
    assert_eq!(log[0].stamp.comment.as_deref(), Some("b was no good"));
    assert!(server.roll_back(crate::store::Head(9), "").await.is_err());
    let before = server.running_at(crate::store::Head(2)).await.unwrap();
    server.replace(before, "by hand").await.unwrap();
    assert_eq!(running(&server).await, "b");
    // A session's lock keeps the server out as it does others.
    assert_eq!(peer.ask("lock", "<target><running/></target>").await, "ok");
    let refusal = server.roll_back(crate::store::Head(2), "").await.unwrap_err();
    assert_eq!(refusal[0].tag, crate::ErrorTag::InUse);
}

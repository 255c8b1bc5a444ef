//! Private candidates (draft-ietf-netconf-privcand).

use super::device::{builder, server};
use super::peer::{Peer, refused};
use crate::protocol::capability::PRIVATE_CANDIDATE;
use crate::server::Server;
use crate::server::service::CloseReason;

const NS: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-private-candidate";

fn system(content: &str) -> String {
    format!("<system xmlns='urn:device'>{content}</system>")
}

fn update(mode: &str) -> String {
    let mode =
        if mode.is_empty() { String::new() } else { format!("<resolution-mode>{mode}</resolution-mode>") };
    format!("<update xmlns='{NS}'>{mode}</update>")
}

/// A server, and two sessions with candidates of their own.
async fn two() -> (Server, Peer, Peer) {
    let server = builder().private_candidates(true).build().await.unwrap();
    let mut one = own(&server);
    one.edit("running", &system("<hostname>a</hostname><mtu>1500</mtu>")).await;
    let two = own(&server);
    (server, one, two)
}

fn own(server: &Server) -> Peer {
    Peer::connect_with(server, "ann", &[PRIVATE_CANDIDATE])
}

async fn candidate(peer: &mut Peer) -> String {
    peer.config("candidate").await
}

// Both ends say the capability, or there is no private candidate.
#[tokio::test]
async fn it_takes_both_hellos() {
    let (server, mut one, mut two) = two().await;
    let all = server.service().greet().unwrap().capabilities;
    let told = format!(
        "{PRIVATE_CANDIDATE}?supported-resolution-modes=revert-on-conflict,prefer-candidate,prefer-running"
    );
    assert!(all.contains(&told), "{all:?}");
    one.edit("candidate", &system("<hostname>b</hostname>")).await;
    assert!(candidate(&mut one).await.contains("<hostname>b"));
    assert!(candidate(&mut two).await.contains("<hostname>a"));
    // Who did not ask for one shares the other one.
    let (mut plain, mut other) = (Peer::connect(&server), Peer::connect(&server));
    plain.edit("candidate", &system("<hostname>c</hostname>")).await;
    assert!(candidate(&mut other).await.contains("<hostname>c"));
    assert!(candidate(&mut one).await.contains("<hostname>b"));
    refused(&plain.send(&update("")).await, "protocol operation-not-supported");

    // A server without it does not speak of it, and nobody has one.
    let server = self::server().await;
    assert!(!server.service().greet().unwrap().capabilities.iter().any(|c| c.contains("private-candidate")));
    let (mut one, mut two) = (own(&server), own(&server));
    one.edit("candidate", &system("<hostname>b</hostname>")).await;
    assert!(candidate(&mut two).await.contains("<hostname>b"));
    refused(&one.send(&update("")).await, "protocol operation-not-supported");
}

// It branches from running and stays as it is, whatever others commit, until it is updated.
#[tokio::test]
async fn it_branches_and_is_updated_when_it_is_said() {
    let (_server, mut one, mut two) = two().await;
    one.edit("candidate", &system("<hostname>b</hostname>")).await;
    two.edit("running", &system("<mtu>1400</mtu>")).await;
    assert!(candidate(&mut one).await.contains("<mtu>1500</mtu>"), "it does not follow");
    assert_eq!(one.send(&update("")).await, "ok");
    let updated = candidate(&mut one).await;
    assert!(updated.contains("<hostname>b") && updated.contains("<mtu>1400"), "{updated}");
    // Back to what it was updated to.
    assert_eq!(one.ask("discard-changes", "").await, "ok");
    let discarded = candidate(&mut one).await;
    assert!(discarded.contains("<hostname>a") && discarded.contains("<mtu>1400"), "{discarded}");
    refused(&one.send(&update("sometimes")).await, "protocol invalid-value [bad-element resolution-mode]");
}

// A commit takes over what others committed, and commits the session's own changes alone.
#[tokio::test]
async fn a_commit_is_of_ones_own_changes() {
    let (server, mut one, mut two) = two().await;
    one.edit("candidate", &system("<hostname>b</hostname>")).await;
    two.edit("candidate", &system("<mtu>1400</mtu>")).await;
    assert_eq!(two.ask("commit", "").await, "ok");
    assert_eq!(one.ask("commit", "").await, "ok");
    let running = one.config("running").await;
    assert!(running.contains("<hostname>b") && running.contains("<mtu>1400"), "{running}");
    // It is running again, and goes on from there.
    assert_eq!(candidate(&mut one).await, running);
    one.edit("candidate", &system("<hostname>c</hostname>")).await;
    assert_eq!(one.ask("commit", "").await, "ok");
    assert!(one.config("running").await.contains("<hostname>c"));
    assert_eq!(server.snapshot().commit.0, 4);
}

#[tokio::test]
async fn conflicts_are_told_with_their_nodes_and_nothing_is_changed() {
    let (server, mut one, mut two) = two().await;
    let interface = |mtu: u16| {
        format!(
            "<interfaces xmlns='urn:device'><interface><name>eth0</name><mtu>{mtu}</mtu></interface></interfaces>"
        )
    };
    let mine = system("<hostname>mine</hostname><mtu>1300</mtu>") + &interface(100);
    one.edit("candidate", &mine).await;
    let theirs = system("<hostname>theirs</hostname><mtu>1300</mtu><limit>2000</limit>") + &interface(200);
    two.edit("candidate", &theirs).await;
    assert_eq!(two.ask("commit", "").await, "ok");
    let (before, commit) = (candidate(&mut one).await, server.snapshot().commit);
    for operation in
        [update(""), update("revert-on-conflict"), format!("<commit xmlns='{}'/>", crate::BASE_NAMESPACE)]
    {
        let reply = one.send(&operation).await;
        let lines: Vec<&str> = reply.lines().collect();
        assert_eq!(lines.len(), 2, "{reply}");
        // Both set the MTU of the system to one value: that is none.
        refused(lines[0], "application operation-failed (conflict) /d:system/d:hostname");
        refused(
            lines[1],
            "application operation-failed (conflict) /d:interfaces/d:interface[d:name='eth0']/d:mtu",
        );
    }
    assert_eq!((candidate(&mut one).await, server.snapshot().commit), (before, commit));

    assert_eq!(one.send(&update("prefer-candidate")).await, "ok");
    let merged = candidate(&mut one).await;
    for part in ["<hostname>mine", "<mtu>1300", "<mtu>100<", "<limit>2000"] {
        assert!(merged.contains(part), "{part} in {merged}");
    }
    // Now it conflicts with nothing any more.
    assert_eq!(one.ask("commit", "").await, "ok");
    assert_eq!(one.config("running").await, merged);
}

#[tokio::test]
async fn running_may_be_preferred() {
    let (_server, mut one, mut two) = two().await;
    one.edit("candidate", &system("<hostname>mine</hostname><limit>3000</limit>")).await;
    two.edit("running", &system("<hostname>theirs</hostname>")).await;
    assert_eq!(one.send(&update("prefer-running")).await, "ok");
    let merged = candidate(&mut one).await;
    assert!(merged.contains("<hostname>theirs") && merged.contains("<limit>3000"), "{merged}");
    // What they delete and we change.
    one.edit("candidate", &system("<mtu>1200</mtu>")).await;
    let nc = "xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' nc:operation='delete'";
    two.edit("running", &system(&format!("<mtu {nc}/>"))).await;
    refused(&one.ask("commit", "").await, "application operation-failed (conflict) /d:system/d:mtu");
    assert_eq!(one.send(&update("prefer-running")).await, "ok");
    assert!(!candidate(&mut one).await.contains("mtu"));
}

// There is nobody to keep out: others' locks and changes are no hindrance, and the lock is the session's own.
#[tokio::test]
async fn a_lock_is_of_the_sessions_own() {
    let (_server, mut one, mut two) = two().await;
    let lock = "<target><candidate/></target>";
    two.edit("candidate", &system("<mtu>1400</mtu>")).await;
    assert_eq!(one.ask("lock", lock).await, "ok");
    let held = format!("protocol lock-denied [session-id {}]", one.id);
    refused(&one.ask("lock", lock).await, &held);
    // Section 7.5 of RFC 6241: what is changed is not locked.
    refused(&two.ask("lock", lock).await, "protocol lock-denied [session-id 0]");
    assert_eq!(two.ask("commit", "").await, "ok");
    assert_eq!(two.ask("lock", lock).await, "ok");
    one.edit("candidate", &system("<hostname>b</hostname>")).await;
    assert_eq!(one.ask("unlock", lock).await, "ok");
    assert!(candidate(&mut one).await.contains("<hostname>a"), "changes go with the lock");
    refused(&one.ask("unlock", lock).await, "application operation-failed");
    // running is everybody's.
    assert_eq!(two.ask("lock", "<target><running/></target>").await, "ok");
    one.edit("candidate", &system("<hostname>b</hostname>")).await;
    refused(&one.ask("commit", "").await, "application in-use");
}

#[tokio::test]
async fn it_ends_with_its_session() {
    let (server, mut one, _two) = two().await;
    one.edit("candidate", &system("<hostname>b</hostname>")).await;
    one.end(CloseReason::Dropped);
    assert!(candidate(&mut own(&server)).await.contains("<hostname>a"));
    assert!(!server.snapshot().candidate_modified);
    // What still comes of a session that is over changes nobody's.
    refused(
        &one.try_edit("candidate", "", &system("<hostname>c</hostname>")).await,
        "application operation-failed",
    );
    assert!(candidate(&mut Peer::connect(&server)).await.contains("<hostname>a"));
}

// All that names `candidate` means the session's own.
#[tokio::test]
async fn every_operation_works_on_it() {
    let (_server, mut one, mut two) = two().await;
    let inline = format!(
        "<target><candidate/></target><source><config>{}</config></source>",
        system("<limit>9</limit>")
    );
    assert_eq!(one.ask("copy-config", &inline).await, "ok");
    refused(
        &one.ask("validate", "<source><candidate/></source>").await,
        "application operation-failed (limit-low)",
    );
    assert_eq!(two.ask("validate", "<source><candidate/></source>").await, "ok");
    refused(&one.ask("commit", "").await, "application operation-failed (limit-low)");
    let copy = "<target><running/></target><source><candidate/></source>";
    refused(&one.ask("copy-config", copy).await, "application operation-failed (limit-low)");
    two.edit("candidate", &system("<mtu>1400</mtu>")).await;
    assert_eq!(two.ask("copy-config", copy).await, "ok");
    assert!(two.config("running").await.contains("<mtu>1400"));
    let back = "<target><candidate/></target><source><running/></source>";
    assert_eq!(one.ask("copy-config", back).await, "ok");
    assert_eq!(candidate(&mut one).await, one.config("running").await);
}

// A confirmed commit is confirmed by whoever may, and taken back for all.
#[tokio::test(start_paused = true)]
async fn confirmed_commits_work_with_it() {
    let (server, mut one, mut two) = two().await;
    one.edit("candidate", &system("<hostname>b</hostname>")).await;
    assert_eq!(one.ask("commit", "<confirmed/><persist>x</persist>").await, "ok");
    // Somebody else's changes are not part of it.
    assert_eq!(two.ask("commit", "<persist-id>x</persist-id>").await, "ok");
    assert!(two.config("running").await.contains("<hostname>b"));
    one.edit("candidate", &system("<hostname>c</hostname>")).await;
    assert_eq!(one.ask("commit", "<confirmed/><confirm-timeout>5</confirm-timeout>").await, "ok");
    one.edit("candidate", &system("<limit>2000</limit>")).await;
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    let mut plain = Peer::connect(&server);
    assert!(plain.config("running").await.contains("<hostname>b"));
    // It was running that changed: the candidate takes that over with what else it has.
    assert_eq!(one.ask("commit", "").await, "ok");
    let running = plain.config("running").await;
    assert!(running.contains("<hostname>b") && running.contains("<limit>2000"), "{running}");
}

/// Over a transport, with both hellos as they are sent.
#[cfg(feature = "client")]
#[tokio::test]
async fn a_client_asks_for_one_and_updates_it() {
    use crate::client::{Datastore, Error, Options, ResolutionMode, Session};
    use crate::server::service::TransportKind;
    use crate::transport::{Peer as Who, serve};

    let open = async |server: &Server, options: Options| {
        let (near, far) = tokio::io::duplex(1 << 16);
        let (reader, writer) = tokio::io::split(far);
        let who = Who {
            user: "ann".into(),
            groups: Vec::new(),
            address: "memory".into(),
            transport: TransportKind::Memory,
        };
        tokio::spawn(serve(reader, writer, server.service(), who, Default::default()));
        Session::open(near, options).await.unwrap()
    };
    let (server, _one, _two) = two().await;
    let (mine, theirs) = (
        open(&server, Options::default().private_candidate()).await,
        open(&server, Options::default().private_candidate()).await,
    );
    let shared = open(&server, Options::default()).await;
    let edit = async |session: &Session, config: &str| {
        session.edit_config(Datastore::Candidate).config_xml(system(config)).await.unwrap();
    };
    edit(&mine, "<hostname>mine</hostname><limit>2000</limit>").await;
    edit(&theirs, "<hostname>theirs</hostname>").await;
    theirs.commit().await.unwrap();
    let conflict = mine.update(ResolutionMode::RevertOnConflict).await.unwrap_err();
    let Error::Rpc(errors) = conflict else { panic!("{conflict}") };
    assert_eq!(errors.0.len(), 1);
    assert_eq!(errors.0[0].path.as_ref().unwrap().xpath, "/d:system/d:hostname");
    mine.update(ResolutionMode::PreferCandidate).await.unwrap();
    mine.commit().await.unwrap();
    let running = shared.get_config(Datastore::Running).await.unwrap();
    assert!(running.xml().contains("mine") && running.xml().contains("<limit>2000"), "{}", running.xml());
    // A session that did not ask for one has none to update.
    let refused = shared.update(ResolutionMode::RevertOnConflict).await.unwrap_err();
    assert!(
        matches!(&refused, Error::Rpc(errors) if errors.0[0].tag == crate::ErrorTag::OperationNotSupported)
    );
    // And a device without them is not asked.
    let plain = open(&self::server().await, Options::default().private_candidate()).await;
    let refused = plain.update(ResolutionMode::RevertOnConflict).await.unwrap_err();
    assert!(matches!(&refused, Error::NotSupported { .. }), "{refused}");
}

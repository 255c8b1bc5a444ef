//! Our client against netconfd of yuma123, behind OpenSSH's sshd: neither knows of us.

use netconf_runtime::ErrorTag;
use netconf_runtime::client::{Datastore, Error, Filter, HostKeyCheck, HostKeyError, Session, SshOptions};
use netconf_runtime::transport::ssh::{PrivateKey, PublicKey, UserCertificate};
use std::process::{Command, Stdio};
use std::time::Duration;
use toolchain_tests::corpus::{carried_modules, interop, quickstart_modules};
use toolchain_tests::netconfd::Netconfd;
use toolchain_tests::process::{Running, output_of};

fn options(device: &Netconfd) -> SshOptions {
    let host = std::fs::read_to_string(&device.host_key).expect("the host's key");
    SshOptions::new(&device.user)
        .key(PrivateKey::load(&device.user_key, None).expect("a key that ssh-keygen made"))
        .host_key(HostKeyCheck::Key(PublicKey::parse(&host).expect("a key that ssh-keygen made")))
}

async fn connect(device: &Netconfd) -> Session {
    Session::connect_ssh(("127.0.0.1", device.port), options(device)).await.expect("a session")
}

fn interface(name: &str, mtu: u32) -> String {
    format!(
        r#"<interfaces xmlns="urn:ietf:params:xml:ns:yang:ietf-interfaces"><interface><name>{name}</name>
        <type xmlns:t="urn:ietf:params:xml:ns:yang:iana-if-type">t:ethernetCsmacd</type>
        <ipv4 xmlns="urn:ietf:params:xml:ns:yang:ietf-ip"><mtu>{mtu}</mtu></ipv4></interface></interfaces>"#
    )
}

/// What the device has of the interfaces.
async fn interfaces(session: &Session, source: Datastore) -> String {
    let filter = Filter::subtree(r#"<interfaces xmlns="urn:ietf:params:xml:ns:yang:ietf-interfaces"/>"#);
    session.get_config(source).filter(filter).await.expect("get-config").xml().into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn our_client_drives_netconfd() {
    if !interop() {
        return;
    }
    // netconfd reads our modules: the standard ones as we wrote them, and the toaster.
    let modules = ["ietf-interfaces@2018-02-20", "ietf-ip@2018-02-22", "iana-if-type", "example-toaster"];
    let device = Netconfd::start(&[quickstart_modules(), carried_modules()], &modules);
    let session = connect(&device).await;
    let capabilities = session.capabilities();
    assert!(capabilities.has("urn:ietf:params:netconf:base:1.1"), "{capabilities:?}");
    assert!(
        capabilities
            .iter()
            .any(|c| c.starts_with("urn:example:toaster?module=example-toaster&revision=2026-01-15")),
        "netconfd did not load the toaster: {capabilities:?}"
    );

    let other = connect(&device).await;
    let mut notifications = other.create_subscription().await.expect("create-subscription");

    session.lock(Datastore::Candidate).await.expect("lock");
    match other.lock(Datastore::Candidate).await {
        Err(Error::Rpc(errors)) => {
            assert_eq!(errors.0[0].tag, ErrorTag::LockDenied);
            assert_eq!(errors.0[0].session_id(), Some(session.id()));
        }
        other => panic!("a second lock: {other:?}"),
    }
    // No validate before this commit: netconfd 2.13 loses the candidate when both follow an edit.
    session.edit_config(Datastore::Candidate).config_xml(interface("eth0", 1500)).await.expect("edit-config");
    assert!(!interfaces(&session, Datastore::Running).await.contains("eth0"));
    session.commit().await.expect("commit");
    session.unlock(Datastore::Candidate).await.expect("unlock");
    let running = interfaces(&session, Datastore::Running).await;
    assert!(running.contains("eth0") && running.contains("1500"), "{running}");

    match session.edit_config(Datastore::Candidate).config_xml(interface("eth0", 20)).await {
        Err(Error::Rpc(errors)) => {
            let error = &errors.0[0];
            assert_eq!(error.tag, ErrorTag::InvalidValue, "{error:?}");
            assert!(error.path.as_ref().is_some_and(|p| p.xpath.ends_with("mtu")), "{error:?}");
        }
        other => panic!("an MTU out of range: {other:?}"),
    }
    session.discard_changes().await.expect("discard-changes");
    session.validate(Datastore::Running).await.expect("validate");

    // A user's rpc. netconfd has no code for it and says ok.
    session.rpc_xml(r#"<cancel-toast xmlns="urn:example:toaster"/>"#).await.expect("cancel-toast");

    // The commit was an event: netconf-config-change (RFC 6470), or netconfd's own sysConfigChange.
    let seen = tokio::time::timeout(Duration::from_secs(20), async {
        while let Some(notification) = notifications.next().await {
            let notification = notification.expect("a notification");
            let text = format!("{notification:?}");
            if text.contains("config-change") || text.contains("ConfigChange") {
                return true;
            }
        }
        false
    });
    assert!(seen.await.expect("a notification in time"), "the session ended before the change was told");

    other.close().await.expect("close-session");
    session.close().await.expect("close-session");
}

/// What of SSH is OpenSSH's own: an agent, certificates of users and hosts, jump hosts, files of known hosts.
#[tokio::test(flavor = "multi_thread")]
async fn logins_by_openssh() {
    if !interop() {
        return;
    }
    let device = Netconfd::start(&[quickstart_modules(), carried_modules()], &["example-toaster"]);
    let target = || ("127.0.0.1", device.port);
    let plain = std::fs::read_to_string(&device.host_key).expect("the host's key");
    let plain = HostKeyCheck::Key(PublicKey::parse(&plain).expect("a key"));
    let bare = || SshOptions::new(&device.user).host_key(plain.clone());
    let reached = async |options: SshOptions| {
        Session::connect_ssh(target(), options)
            .await
            .expect("a session")
            .close()
            .await
            .expect("close-session");
    };

    // A key that nobody listed, but the authority signed.
    let key = PrivateKey::load(&device.certified_key, None).expect("a key that ssh-keygen made");
    assert!(matches!(Session::connect_ssh(target(), bare().key(key.clone())).await, Err(Error::Login(_))));
    let certificate = device.directory.join("certified-cert.pub");
    let certificate = UserCertificate::load(certificate).expect("a certificate that ssh-keygen made");
    reached(bare().certificate(key, certificate)).await;

    // The agent has both.
    let socket = device.directory.join("agent");
    let mut agent = Command::new("ssh-agent");
    let mut agent = Running::start(agent.arg("-D").arg("-a").arg(&socket).stdout(Stdio::null()));
    agent.wait_for("socket", &socket, || socket.exists().then_some(()));
    let add = |key: &std::path::Path| {
        output_of(Command::new("ssh-add").arg("-q").arg(key).env("SSH_AUTH_SOCK", &socket));
    };
    let empty = Session::connect_ssh(target(), bare().agent_at(&socket)).await;
    assert!(matches!(&empty, Err(Error::Login(said)) if said.contains("the agent has no keys")), "{empty:?}");
    add(&device.certified_key);
    reached(bare().agent_at(&socket)).await;

    // The host shows its certificate to those who know the authority.
    let authority = std::fs::read_to_string(&device.authority).expect("the authority's key");
    let authority = PublicKey::parse(&authority).expect("a key");
    let user = PrivateKey::load(&device.user_key, None).expect("a key");
    let known = device.directory.join("known_hosts");
    let by_file = |line: String| {
        std::fs::write(&known, line).expect("known hosts");
        SshOptions::new(&device.user).key(user.clone()).host_key(HostKeyCheck::KnownHostsFile(known.clone()))
    };
    let signed = authority.to_openssh().expect("a key as text");
    reached(bare().key(user.clone()).host_key(HostKeyCheck::Authority(authority.clone()))).await;
    reached(by_file(format!("@cert-authority [127.0.0.*]:* {signed}\n"))).await;
    // One that somebody else signed is not the host's, and one of another name neither.
    let stranger = PrivateKey::generate().expect("a key").public_key();
    let refused =
        Session::connect_ssh(target(), bare().key(user.clone()).host_key(HostKeyCheck::Authority(stranger)))
            .await;
    assert!(matches!(refused, Err(Error::HostKey(HostKeyError::Certificate { .. }))), "{refused:?}");
    let elsewhere =
        SshOptions::new(&device.user).key(user.clone()).host_key(HostKeyCheck::Authority(authority));
    let refused = Session::connect_ssh(("127.0.0.2", device.port), elsewhere).await;
    assert!(refused.is_err(), "the certificate is of 127.0.0.1");

    // A file that ssh-keygen has hashed.
    let host = std::fs::read_to_string(&device.host_key).expect("the host's key");
    std::fs::write(&known, format!("[127.0.0.1]:{} {host}", device.port)).expect("known hosts");
    output_of(Command::new("ssh-keygen").args(["-q", "-H", "-f"]).arg(&known));
    let text = std::fs::read_to_string(&known).expect("known hosts");
    assert!(text.starts_with("|1|"), "{text}");
    reached(by_file(text)).await;

    // By way of the same sshd.
    reached(bare().key(user.clone()).jump(target(), bare().key(user))).await;
}

/// What netconfd has of the newer operations.
#[tokio::test(flavor = "multi_thread")]
async fn more_of_netconfd() {
    if !interop() {
        return;
    }
    let modules = ["ietf-interfaces@2018-02-20", "ietf-ip@2018-02-22", "iana-if-type", "example-toaster"];
    let device = Netconfd::start(&[quickstart_modules(), carried_modules()], &modules);
    let session = connect(&device).await;

    // Its modules, and their texts.
    let set = session.modules().await.expect("the modules");
    let toaster = set.named("example-toaster").next().expect("the toaster is told of");
    assert_eq!(toaster.namespace, "urn:example:toaster");
    let text = session.get_schema("example-toaster").await.expect("get-schema");
    assert!(text.contains("module example-toaster") && text.contains("rpc make-toast"), "{text}");

    // A commit that is taken back, by dropping it and by saying so; and one that stays.
    let edit = async |name: &str| {
        session
            .edit_config(Datastore::Candidate)
            .config_xml(interface(name, 1500))
            .await
            .expect("edit-config");
    };
    edit("dropped").await;
    drop(session.commit_confirmed().timeout(Duration::from_secs(600)).await.expect("a confirmed commit"));
    assert!(!interfaces(&session, Datastore::Running).await.contains("dropped"));
    session.discard_changes().await.expect("discard-changes");
    edit("stays").await;
    let pending =
        session.commit_confirmed().timeout(Duration::from_secs(600)).await.expect("a confirmed commit");
    assert!(interfaces(&session, Datastore::Running).await.contains("stays"));
    pending.confirm().await.expect("its confirmation");
    assert!(interfaces(&session, Datastore::Running).await.contains("stays"));

    // A lock that is given back by being dropped is free for others.
    let other = connect(&device).await;
    drop(session.lock_guard(Datastore::Running).await.expect("lock"));
    session
        .get_config(Datastore::Running)
        .filter(Filter::subtree("<a xmlns='urn:none'/>"))
        .await
        .expect("a reply behind the unlock");
    other.lock_guard(Datastore::Running).await.expect("the lock is free").unlock().await.expect("unlock");

    // A reply in pieces is the reply.
    let filter = || Filter::subtree(r#"<interfaces xmlns="urn:ietf:params:xml:ns:yang:ietf-interfaces"/>"#);
    let mut pieces = session.get_config(Datastore::Running).filter(filter()).pieces().await.expect("pieces");
    let mut whole = Vec::new();
    while let Some(piece) = pieces.next().await {
        whole.extend_from_slice(&piece.expect("a piece"));
    }
    assert!(String::from_utf8_lossy(&whole).contains("stays"));

    // Another session is ended.
    session.kill_session(other.id()).await.expect("kill-session");
    assert!(other.get().await.is_err());
    session.close().await.expect("close-session");
}

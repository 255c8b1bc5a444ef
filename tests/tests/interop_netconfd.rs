//! Our client against netconfd of yuma123, behind OpenSSH's sshd: neither knows of us.

use netconf_runtime::ErrorTag;
use netconf_runtime::client::{Datastore, Error, Filter, HostKeyCheck, Session, SshOptions};
use netconf_runtime::transport::ssh::{PrivateKey, PublicKey};
use std::time::Duration;
use toolchain_tests::corpus::{carried_modules, interop, quickstart_modules};
use toolchain_tests::netconfd::Netconfd;

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

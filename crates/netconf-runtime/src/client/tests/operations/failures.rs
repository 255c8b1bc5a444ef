//! Operations that come to nothing: what the device lacks is not asked for, and what became of a request whose reply is lost is said.

use super::*;
use std::future::Future;

#[tokio::test]
async fn what_the_device_lacks() {
    let (session, _far) = by_hand("").await;
    let url = || Datastore::Url("file:x".into());
    let errors = [
        (session.copy_config(Datastore::Candidate, url()).await.unwrap_err(), "candidate:1.0"),
        (session.copy_config(Datastore::Running, url()).await.unwrap_err(), "url:1.0"),
        (session.copy_config(url(), Datastore::Running).await.unwrap_err(), "url:1.0"),
        (
            session.copy_config(Configuration::xml(""), Datastore::Running).await.unwrap_err(),
            "writable-running",
        ),
        (session.delete_config(Datastore::Startup).await.unwrap_err(), "startup:1.0"),
        (session.lock_guard(Datastore::Candidate).await.unwrap_err(), "candidate:1.0"),
        (session.partial_lock(&["/x"], &[]).await.unwrap_err(), "partial-lock:1.0"),
        (session.partial_unlock(1).await.unwrap_err(), "partial-lock:1.0"),
        (session.validate(Configuration::xml("")).await.unwrap_err(), "validate:1.1"),
        (session.commit().await.unwrap_err(), "candidate:1.0"),
        (session.commit_confirmed().await.unwrap_err(), "candidate:1.0"),
        (session.cancel_commit(None).await.unwrap_err(), "confirmed-commit:1.1"),
        (session.discard_changes().await.unwrap_err(), "candidate:1.0"),
        (session.get_schema("x").await.unwrap_err(), "ietf-netconf-monitoring"),
        (session.get_data(NmdaDatastore::Running).await.unwrap_err(), "ietf-netconf-nmda"),
        (session.edit_data(NmdaDatastore::Running).await.unwrap_err(), "ietf-netconf-nmda"),
        (session.create_subscription().await.unwrap_err(), "notification:1.0"),
        (session.establish_subscription("x").await.unwrap_err(), "ietf-subscribed-notifications"),
        (
            session.subscribe_datastore(NmdaDatastore::Running, Trigger::on_change()).await.unwrap_err(),
            "ietf-yang-push",
        ),
        (session.kill_subscription(1).await.unwrap_err(), "ietf-subscribed-notifications"),
        (session.get_config(Datastore::Candidate).await.unwrap_err(), "candidate:1.0"),
        (
            session
                .copy_config(Configuration::xml(""), Datastore::Startup)
                .with_defaults(WithDefaults::Trim)
                .await
                .unwrap_err(),
            "startup:1.0",
        ),
    ];
    for (error, lacks) in errors {
        assert!(matches!(error, Error::NotSupported { .. }), "{error}");
        assert!(error.to_string().contains(lacks), "{error}");
    }
    assert_eq!(session.kill_session(session.id()).await.unwrap_err().fault(), Fault::Caller);
}

/// Whatever changes something has an unknown outcome if its reply is lost; whatever does not has none.
#[tokio::test]
async fn lost_replies() {
    async fn lost<T, F: Future<Output = Result<T, Error>>>(call: impl FnOnce(Session) -> F) -> Error {
        let names = [
            "candidate:1.0",
            "startup:1.0",
            "writable-running:1.0",
            "confirmed-commit:1.1",
            "validate:1.1",
            "partial-lock:1.0",
            "notification:1.0",
            NMDA,
            SUBSCRIBED,
            PUSH,
            MONITORING,
        ];
        let (session, mut far) = by_hand(&capabilities(&names)).await;
        let cut = tokio::spawn(async move {
            read_message(&mut far).await;
        });
        let error = call(session).await.err().expect("an error");
        cut.await.unwrap();
        assert!(error.is_session_over() && error.fault() == Fault::Transport, "{error:?}");
        error
    }
    let changing = [
        lost(|s| async move { s.edit_config(Datastore::Running).config_xml("<a/>").await }).await,
        lost(|s| async move { s.copy_config(Datastore::Running, Datastore::Startup).await }).await,
        lost(|s| async move { s.delete_config(Datastore::Startup).await }).await,
        lost(|s| async move { s.commit().await }).await,
        lost(|s| async move { s.commit_confirmed().await }).await,
        lost(|s| async move { s.resume_commit("p").unwrap().confirm().await }).await,
        lost(|s| async move { s.cancel_commit(None).await }).await,
        lost(|s| async move { s.discard_changes().await }).await,
        lost(|s| async move { s.kill_session(99).await }).await,
        lost(|s| async move { s.edit_data(NmdaDatastore::Running).config_xml("<a/>").await }).await,
        lost(|s| async move { s.kill_subscription(1).await }).await,
        lost(|s| async move { s.rpc_xml("<reboot xmlns='urn:x'/>").await }).await,
        lost(|s| async move { s.rpc_xml("<action xmlns='urn:ietf:params:xml:ns:yang:1'/>").await }).await,
        // A name of NETCONF's in another namespace may do anything.
        lost(|s| async move { s.rpc_xml("<get xmlns='urn:x'/>").await }).await,
    ];
    for error in changing {
        assert!(error.is_outcome_unknown(), "{error}");
    }
    let harmless = [
        lost(|s| async move { s.get().await }).await,
        lost(|s| async move { s.get_config(Datastore::Running).await }).await,
        lost(|s| async move { s.get_data(NmdaDatastore::Running).await }).await,
        lost(|s| async move { s.get_schema("x").await }).await,
        lost(|s| async move { s.lock(Datastore::Running).await }).await,
        lost(|s| async move { s.lock_guard(Datastore::Running).await }).await,
        lost(|s| async move { s.unlock(Datastore::Running).await }).await,
        lost(|s| async move { s.partial_lock(&["/x"], &[]).await }).await,
        lost(|s| async move { s.validate(Datastore::Running).await }).await,
        lost(|s| async move { s.create_subscription().await }).await,
        lost(|s| async move { s.establish_subscription("x").await }).await,
        lost(|s| async move { s.rpc_xml("<get/>").await }).await,
    ];
    for error in harmless {
        assert!(!error.is_outcome_unknown(), "{error}");
    }
}

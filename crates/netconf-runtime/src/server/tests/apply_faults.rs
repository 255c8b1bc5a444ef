//! Commits that stand though a handler failed to apply them: notified, and visible as state.

use super::peer::Peer;
use crate::handler::{BoxFuture, Change, ConfigHandler, Handlers, Registry};
use crate::rpc_error::RpcError;
use crate::server::{Limits, Server};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Applies as it was told last.
#[derive(Default)]
struct Moody(Mutex<&'static str>);

impl ConfigHandler for Moody {
    fn name(&self) -> &str {
        "moody"
    }

    fn apply<'a>(&'a self, _: &'a Change) -> BoxFuture<'a, Result<(), RpcError>> {
        let mood = *self.0.lock().unwrap();
        Box::pin(async move {
            match mood {
                "refuse" => Err(RpcError::resource_denied("no room")),
                "sleep" => std::future::pending().await,
                "die" => panic!("the handler was told to"),
                _ => Ok(()),
            }
        })
    }
}

impl Handlers for Moody {
    fn register(self: Arc<Self>, registry: &mut Registry) {
        registry.config("/device:system", self);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_and_seen_until_it_is_over() {
    let schema = yang_parser::Compiler::new()
        .source("device.yang", include_str!("device.yang"))
        .module("netconf-apply-faults")
        .compile()
        .schema
        .unwrap();
    let device = Arc::new(Moody::default());
    let limits = Limits { apply: Duration::from_millis(40), ..Limits::default() };
    let server = Server::builder(schema).handlers(Arc::clone(&device)).limits(limits).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    let subscribe = "<create-subscription xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'/>";
    assert_eq!(peer.send(subscribe).await, "ok");
    let faults = "<filter><apply-faults xmlns='urn:netconf-runtime:apply-faults'/></filter>";
    assert_eq!(peer.ask("get", faults).await, "<data></data>");
    for (n, (mood, tag, message)) in [
        ("refuse", "resource-denied", "no room"),
        (
            "sleep",
            "operation-failed",
            "the configuration handler \"moody\" did not finish apply within 40ms (limit `apply`)",
        ),
        ("die", "operation-failed", "the configuration handler \"moody\" died in apply"),
    ]
    .into_iter()
    .enumerate()
    {
        let commit = 2 * n + 1;
        *device.0.lock().unwrap() = mood;
        peer.edit("running", &format!("<system xmlns='urn:device'><hostname>{mood}</hostname></system>"))
            .await;
        assert!(peer.config("running").await.contains(mood), "the commit stands");
        let parts = [
            "<handler>moody</handler>".to_owned(),
            format!("<commit>{commit}</commit>"),
            format!("<error-tag>{tag}</error-tag>"),
            format!("<message>{message}</message>"),
        ];
        let (told, seen) = (peer.notifications(), peer.ask("get", faults).await);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("<apply-failed xmlns=\"urn:netconf-runtime:apply-faults\">"), "{told:?}");
        for part in &parts {
            assert!(told[0].contains(part.as_str()), "{part} in {told:?}");
            assert!(seen.contains(part.as_str()), "{part} in {seen}");
        }
        *device.0.lock().unwrap() = "";
        peer.edit("running", &format!("<system xmlns='urn:device'><mtu>{}</mtu></system>", 1000 + n)).await;
        let told = peer.notifications();
        let over = format!("<handler>moody</handler><commit>{}</commit></apply-recovered>", commit + 1);
        assert!(told.len() == 1 && told[0].contains(&over), "{told:?}");
        assert_eq!(peer.ask("get", faults).await, "<data></data>");
    }
}

//! Handlers of configuration that refuse, are slow, or die: a refusal leaves nothing changed.

use super::device::schema;
use super::peer::{Peer, refused};
use crate::handler::{BoxFuture, Change, ConfigHandler, Handlers, Registry};
use crate::rpc_error::RpcError;
use crate::server::{Limits, Server};
use crate::store::{Head, Loaded, LogEntry, MemoryStore, Record, Store, StoreError};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What was asked of whom, in order.
type Log = Arc<Mutex<Vec<String>>>;

/// Does in each phase what its word says.
struct Scripted {
    name: &'static str,
    path: &'static str,
    prepare: &'static str,
    apply: &'static str,
    log: Log,
}

impl Scripted {
    async fn act(&self, phase: &str, word: &str) -> Result<(), RpcError> {
        self.log.lock().unwrap().push(format!("{} {phase}", self.name));
        match word {
            "refuse" => Err(RpcError::resource_denied("no").app_tag("full")),
            "sleep" => {
                tokio::time::sleep(Duration::from_secs(3600)).await;
                Ok(())
            }
            "die" => panic!("the handler was told to"),
            _ => Ok(()),
        }
    }
}

impl ConfigHandler for Scripted {
    fn name(&self) -> &str {
        self.name
    }

    fn prepare<'a>(&'a self, _: &'a Change) -> BoxFuture<'a, Result<(), RpcError>> {
        Box::pin(self.act("prepare", self.prepare))
    }

    fn apply<'a>(&'a self, change: &'a Change) -> BoxFuture<'a, Result<(), RpcError>> {
        let whole = change.before_tree().is_empty();
        Box::pin(self.act(if whole { "apply all" } else { "apply" }, self.apply))
    }

    fn abort<'a>(&'a self, _: &'a Change) -> BoxFuture<'a, ()> {
        Box::pin(async {
            let _ = self.act("abort", "").await;
        })
    }
}

struct Handlersof(Vec<Arc<Scripted>>);

impl Handlers for Handlersof {
    fn register(self: Arc<Self>, registry: &mut Registry) {
        for handler in &self.0 {
            registry.config(handler.path, Arc::clone(handler) as Arc<dyn ConfigHandler>);
        }
    }
}

async fn server(log: &Log, second: (&'static str, &'static str), store: impl Store) -> Server {
    let handler =
        |name, path, prepare, apply| Arc::new(Scripted { name, path, prepare, apply, log: Arc::clone(log) });
    let all = Handlersof(vec![
        handler("first", "/device:system", "", ""),
        handler("second", "/device:system/hostname", second.0, second.1),
        handler("elsewhere", "/device:acl", "die", "die"),
    ]);
    let limits =
        Limits { prepare: Duration::from_millis(40), apply: Duration::from_millis(40), ..Limits::default() };
    let server =
        Server::builder(schema()).handlers(Arc::new(all)).limits(limits).store(store).build().await.unwrap();
    log.lock().unwrap().clear();
    server
}

const EDIT: &str = "<system xmlns='urn:device'><hostname>a</hostname></system>";

#[tokio::test]
async fn all_prepare_then_all_apply_and_only_those_concerned() {
    let log = Log::default();
    let server = server(&log, ("", ""), MemoryStore::new()).await;
    let mut peer = Peer::connect(&server);
    peer.edit("running", EDIT).await;
    let all = ["first prepare", "second prepare", "first apply all", "second apply all"];
    assert_eq!(*log.lock().unwrap(), all);
    log.lock().unwrap().clear();
    peer.edit("running", "<system xmlns='urn:device'><mtu>99</mtu></system>").await;
    assert_eq!(*log.lock().unwrap(), ["first prepare", "first apply"]);
}

#[tokio::test]
async fn a_refusal_leaves_nothing_changed() {
    for (word, told) in [
        ("refuse", "application resource-denied (full): no"),
        (
            "sleep",
            "application operation-failed: the configuration handler \"second\" did not finish prepare within 40ms (limit `prepare`)",
        ),
        ("die", "application operation-failed: the configuration handler \"second\" died in prepare"),
    ] {
        let log = Log::default();
        let server = server(&log, (word, ""), MemoryStore::new()).await;
        let mut peer = Peer::connect(&server);
        peer.edit("candidate", EDIT).await;
        refused(&peer.ask("commit", "").await, told);
        assert_eq!(
            *log.lock().unwrap(),
            ["first prepare", "second prepare", "second abort", "first abort"],
            "{word}"
        );
        assert_eq!(peer.config("running").await, "<data></data>");
        assert!(peer.config("candidate").await.contains("<hostname>a"));
        assert_eq!(server.snapshot().commit, Head(0));
    }
}

#[tokio::test]
async fn a_commit_stands_whatever_apply_does() {
    for word in ["refuse", "sleep", "die"] {
        let log = Log::default();
        let server = server(&log, ("", word), MemoryStore::new()).await;
        let mut peer = Peer::connect(&server);
        peer.edit("running", EDIT).await;
        assert!(peer.config("running").await.contains("<hostname>a"), "{word}");
    }
}

/// A store whose disk is full.
struct Full(MemoryStore);

impl Store for Full {
    fn load(&self) -> BoxFuture<'_, Result<Loaded, StoreError>> {
        self.0.load()
    }

    fn append(&self, _: Head, _: Record) -> BoxFuture<'_, Result<Head, StoreError>> {
        let source = std::io::Error::from(std::io::ErrorKind::StorageFull);
        Box::pin(std::future::ready(Err(StoreError::Io { path: "disk".into(), source })))
    }

    fn checkpoint(&self, upto: Head) -> BoxFuture<'_, Result<(), StoreError>> {
        self.0.checkpoint(upto)
    }

    fn history(&self, from: Head, limit: usize) -> BoxFuture<'_, Result<Vec<LogEntry>, StoreError>> {
        self.0.history(from, limit)
    }

    fn watch(&self) -> tokio::sync::watch::Receiver<Head> {
        self.0.watch()
    }
}

#[tokio::test]
async fn what_cannot_be_written_is_not_committed() {
    let log = Log::default();
    let server = server(&log, ("", ""), Full(MemoryStore::new())).await;
    let mut peer = Peer::connect(&server);
    refused(
        &peer.try_edit("running", "", EDIT).await,
        "application resource-denied: the commit could not be written, and the configuration is as it was",
    );
    assert_eq!(*log.lock().unwrap(), ["first prepare", "second prepare", "second abort", "first abort"]);
    assert_eq!(peer.config("running").await, "<data></data>");
}

/// The session may go in the middle of a commit: the commit does not.
#[tokio::test]
async fn a_commit_comes_to_its_end_without_its_session() {
    struct Slow(Log);
    impl ConfigHandler for Slow {
        fn name(&self) -> &str {
            "slow"
        }
        fn apply<'a>(&'a self, _: &'a Change) -> BoxFuture<'a, Result<(), RpcError>> {
            Box::pin(async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                self.0.lock().unwrap().push("applied".to_owned());
                Ok(())
            })
        }
    }
    struct One(Log);
    impl Handlers for One {
        fn register(self: Arc<Self>, registry: &mut Registry) {
            registry.config("/device:system", Arc::new(Slow(Arc::clone(&self.0))));
        }
    }
    let log = Log::default();
    let server = Server::builder(schema()).handlers(Arc::new(One(Arc::clone(&log)))).build().await.unwrap();
    log.lock().unwrap().clear();
    let mut peer = Peer::connect(&server);
    let edit = peer.try_edit("running", "", EDIT);
    assert!(tokio::time::timeout(Duration::from_millis(20), edit).await.is_err());
    drop(peer);
    server.shutdown().await;
    assert_eq!(*log.lock().unwrap(), ["applied"]);
}

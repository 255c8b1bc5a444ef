//! Handlers that amend a change: one round, before it is validated.

use super::device::{schema, tree_of};
use super::peer::{Peer, refused};
use crate::handler::{Amendment, BoxFuture, Change, ConfigHandler, Handlers, Registry};
use crate::rpc_error::RpcError;
use crate::server::{Limits, Server};
use crate::store::Head;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use yang_data::codec::Limits as CodecLimits;
use yang_data::edit::Edit;
use yang_data::event::{Inside, Source as _};
use yang_data::view::View;
use yang_data::xml::SliceSource;

/// What was asked of whom, in order.
type Log = Arc<Mutex<Vec<String>>>;

/// Adds an edit to each change that it hears of, if the host is named as it waits for.
struct Amender {
    name: &'static str,
    path: &'static str,
    /// The host name that it waits for; empty for any change.
    when: &'static str,
    /// What it does: an edit as XML, `refuse`, `sleep` or `die`.
    does: &'static str,
    log: Log,
}

impl Amender {
    fn note(&self, what: &str) {
        self.log.lock().unwrap().push(format!("{} {what}", self.name));
    }
}

fn hostname(change: &Change) -> String {
    let view = View::of(change.after_tree());
    let schema = schema();
    let node = schema.find("/device:system/hostname").unwrap();
    let system = view.root().child(node.parent().unwrap().id());
    let leaf = system.and_then(|system| system.leaf(node.id()).map(|v| v.canonical(&*schema).into_owned()));
    leaf.unwrap_or_default()
}

impl ConfigHandler for Amender {
    fn name(&self) -> &str {
        self.name
    }

    fn amend<'a>(&'a self, change: &'a Change) -> BoxFuture<'a, Result<Amendment, RpcError>> {
        Box::pin(async move {
            self.note("amend");
            if !self.when.is_empty() && self.when != hostname(change) {
                return Ok(Amendment::default());
            }
            match self.does {
                "refuse" => Err(RpcError::resource_denied("no")),
                "sleep" => std::future::pending().await,
                "die" => panic!("the handler was told to"),
                xml => Ok(Amendment::default().data(edit(xml))),
            }
        })
    }

    fn prepare<'a>(&'a self, _: &'a Change) -> BoxFuture<'a, Result<(), RpcError>> {
        self.note("prepare");
        Box::pin(std::future::ready(Ok(())))
    }

    fn apply<'a>(&'a self, _: &'a Change) -> BoxFuture<'a, Result<(), RpcError>> {
        self.note("apply");
        Box::pin(std::future::ready(Ok(())))
    }

    fn abort<'a>(&'a self, _: &'a Change) -> BoxFuture<'a, ()> {
        self.note("abort");
        Box::pin(std::future::ready(()))
    }
}

fn edit(xml: &str) -> Edit {
    let text = format!("<config>{xml}</config>");
    let mut source = SliceSource::new(text.as_bytes(), CodecLimits::default());
    source.next().unwrap();
    Edit::decode(&schema(), &mut Inside::new(&mut source)).unwrap()
}

struct All(Vec<Arc<Amender>>);

impl Handlers for All {
    fn register(self: Arc<Self>, registry: &mut Registry) {
        for handler in &self.0 {
            registry.config(handler.path, Arc::clone(handler) as Arc<dyn ConfigHandler>);
        }
    }
}

type Spec = (&'static str, &'static str, &'static str, &'static str);

async fn server(handlers: &[Spec]) -> (Server, Log) {
    let log = Log::default();
    let make = |&(name, path, when, does): &Spec| {
        Arc::new(Amender { name, path, when, does, log: Arc::clone(&log) })
    };
    let all = All(handlers.iter().map(make).collect());
    let limits = Limits { amend: Duration::from_millis(40), ..Limits::default() };
    let server = Server::builder(schema()).handlers(Arc::new(all)).limits(limits).build().await.unwrap();
    log.lock().unwrap().clear();
    (server, log)
}

fn system(content: &str) -> String {
    format!("<system xmlns='urn:device'>{content}</system>")
}

const MTU: &str = "<system xmlns='urn:device'><mtu>1400</mtu></system>";

const RULE: &str = "<acl xmlns='urn:device'><rule><id>1</id><action>permit</action></rule></acl>";

#[tokio::test]
async fn what_a_handler_adds_is_part_of_the_commit() {
    // The second one is about what the first one adds, and not about what is asked for.
    let (server, log) =
        server(&[("first", "/device:system/hostname", "", RULE), ("second", "/device:acl", "", MTU)]).await;
    let mut peer = Peer::connect(&server);
    peer.edit("candidate", &system("<hostname>a</hostname>")).await;
    assert!(!peer.config("candidate").await.contains("acl"), "the candidate is the user's alone");
    assert_eq!(peer.ask("commit", "").await, "ok");
    let after = peer.config("running").await;
    assert!(after.contains("<id>1</id>") && !after.contains("mtu"), "one round: {after}");
    assert_eq!(peer.config("candidate").await, after);
    assert_eq!(
        *log.lock().unwrap(),
        ["first amend", "first prepare", "second prepare", "first apply", "second apply"]
    );
    // It is one commit, and the log has all of it.
    assert_eq!(server.snapshot().commit, Head(1));
    let history = server.history(9).await.unwrap();
    assert_eq!(history.len(), 1, "{history:?}");
    assert!(history[0].changes.len() > 1, "both the host name and the rule: {history:?}");
    let before = server.running_at(Head(0)).await.unwrap();
    assert!(before.is_empty());
}

#[tokio::test]
async fn it_is_validated_with_the_rest() {
    // Alone the limit is too low (below the default MTU); with what the handler adds it is not.
    let (server, _) = server(&[(
        "lower",
        "/device:system/limit",
        "",
        "<system xmlns='urn:device'><mtu>100</mtu></system>",
    )])
    .await;
    let mut peer = Peer::connect(&server);
    let edit = system("<limit>200</limit>");
    assert_eq!(peer.try_edit("running", "<test-option>test-only</test-option>", &edit).await, "ok");
    assert_eq!(peer.config("running").await, "<data></data>");
    assert_eq!(peer.try_edit("candidate", "<test-option>test-then-set</test-option>", &edit).await, "ok");
    assert_eq!(peer.ask("validate", "<source><candidate/></source>").await, "ok");
    assert_eq!(peer.ask("commit", "").await, "ok");
    let after = peer.config("running").await;
    assert!(after.contains("<mtu>100</mtu>") && after.contains("<limit>200</limit>"), "{after}");

    // And what breaks the model by it is refused.
    let (server, log) = self::server(&[(
        "raise",
        "/device:system/hostname",
        "",
        "<system xmlns='urn:device'><mtu>9000</mtu></system>",
    )])
    .await;
    let mut peer = Peer::connect(&server);
    peer.edit("candidate", &system("<hostname>a</hostname><limit>1600</limit>")).await;
    refused(
        &peer.ask("validate", "<source><candidate/></source>").await,
        "application operation-failed (limit-low)",
    );
    refused(&peer.ask("commit", "").await, "application operation-failed (limit-low)");
    assert_eq!(peer.config("running").await, "<data></data>");
    assert!(log.lock().unwrap().iter().all(|entry| entry == "raise amend"), "nobody prepared");
}

#[tokio::test]
async fn handlers_that_want_different_things_refuse_the_change() {
    let other = "<system xmlns='urn:device'><mtu>1300</mtu></system>";
    let (server, _) =
        server(&[("one", "/device:system", "", MTU), ("two", "/device:system", "b", other)]).await;
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.try_edit("running", "", &system("<hostname>a</hostname>")).await, "ok");
    let before = peer.config("running").await;
    let reply = peer.try_edit("running", "", &system("<hostname>b</hostname><mtu>1200</mtu>")).await;
    refused(&reply, "application operation-failed: what the configuration handler \"two\" adds");
    assert!(reply.contains("another handler wants something else") && reply.contains("mtu"), "{reply}");
    assert_eq!(peer.config("running").await, before);
}

#[tokio::test]
async fn what_cannot_be_added_refuses_the_change() {
    let gone = "<system xmlns='urn:device' xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0'>\
                <limit nc:operation='delete'/></system>";
    for (does, told) in [
        (gone, "what the configuration handler \"h\" adds to the change cannot be added"),
        ("refuse", "no"),
        ("sleep", "the configuration handler \"h\" did not finish amend within 40ms (limit `amend`)"),
        ("die", "the configuration handler \"h\" died in amend"),
    ] {
        let (server, log) = server(&[("h", "/device:system", "", does)]).await;
        let mut peer = Peer::connect(&server);
        peer.edit("candidate", &system("<hostname>a</hostname>")).await;
        let reply = peer.ask("commit", "").await;
        assert!(reply.contains(told), "{reply}");
        assert_eq!(*log.lock().unwrap(), ["h amend"], "nothing was prepared, so nothing aborts");
        assert_eq!(
            (peer.config("running").await.as_str(), server.snapshot().commit),
            ("<data></data>", Head(0))
        );
        assert!(peer.config("candidate").await.contains("<hostname>a"));
        // The server goes on.
        assert_eq!(peer.ask("discard-changes", "").await, "ok");
        peer.edit("running", RULE).await;
    }
}

#[tokio::test]
async fn a_handler_may_undo_what_was_asked_for() {
    let undo = "<system xmlns='urn:device' xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0'>\
                <hostname nc:operation='remove'/></system>";
    let (server, log) = server(&[("h", "/device:system", "a", undo)]).await;
    let mut peer = Peer::connect(&server);
    peer.edit("running", &system("<hostname>a</hostname>")).await;
    assert_eq!((peer.config("running").await.as_str(), server.snapshot().commit), ("<data></data>", Head(0)));
    assert_eq!(*log.lock().unwrap(), ["h amend"], "there is nothing to apply, and no commit");
}

// The user may not write what the handler adds (RFC 8341): it is the device's own.
#[tokio::test]
async fn what_the_device_adds_takes_no_leave() {
    let schema = yang_parser::Compiler::new()
        .source("device.yang", include_str!("device.yang"))
        .module("ietf-netconf-acm")
        .compile()
        .schema
        .unwrap();
    let schema = Arc::new(schema);
    let rules = "<data><nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm' xmlns:d='urn:device'>\
        <groups><group><name>g</name><user-name>ann</user-name></group></groups>\
        <rule-list><name>l</name><group>g</group><rule><name>r</name><path>/d:system/d:hostname</path>\
        <action>permit</action></rule></rule-list></nacm>\
        <system xmlns='urn:device'><limit>9000</limit></system></data>";
    struct Adds(Arc<yang_schema::Schema>);
    impl ConfigHandler for Adds {
        fn name(&self) -> &str {
            "adds"
        }
        fn amend<'a>(&'a self, _: &'a Change) -> BoxFuture<'a, Result<Amendment, RpcError>> {
            let text = format!("<config>{MTU}</config>");
            let mut source = SliceSource::new(text.as_bytes(), CodecLimits::default());
            source.next().unwrap();
            let edit = Edit::decode(&self.0, &mut Inside::new(&mut source)).unwrap();
            Box::pin(std::future::ready(Ok(Amendment::default().data(edit))))
        }
        fn apply<'a>(&'a self, _: &'a Change) -> BoxFuture<'a, Result<(), RpcError>> {
            Box::pin(std::future::ready(Ok(())))
        }
    }
    impl Handlers for Adds {
        fn register(self: Arc<Self>, registry: &mut Registry) {
            registry.config("/device:system/hostname", self);
        }
    }
    let adds = Arc::new(Adds(Arc::clone(&schema)));
    let server = Server::builder(Arc::clone(&schema)).handlers(adds).initial(tree_of(&schema, rules));
    let server = server.build().await.unwrap();
    let mut ann = Peer::connect_as(&server, "ann");
    refused(&ann.try_edit("running", "", MTU).await, "application access-denied");
    assert_eq!(ann.try_edit("running", "", &system("<hostname>a</hostname>")).await, "ok");
    assert!(ann.config("running").await.contains("<mtu>1400</mtu>"));
}

// What an unconfirmed commit is taken back to is what was promised (RFC 6241 section 8.4).
#[tokio::test]
async fn the_way_back_is_not_amended() {
    let (server, log) = server(&[("h", "/device:system", "", MTU)]).await;
    let mut peer = Peer::connect(&server);
    peer.edit("candidate", &system("<hostname>a</hostname>")).await;
    assert_eq!(peer.ask("commit", "<confirmed/>").await, "ok");
    log.lock().unwrap().clear();
    assert_eq!(peer.ask("cancel-commit", "").await, "ok");
    assert_eq!(peer.config("running").await, "<data></data>");
    assert_eq!(*log.lock().unwrap(), ["h prepare", "h apply"]);
}

//! What a server notifies of itself (RFC 6470).

use super::peer::Peer;
use crate::server::Server;
use crate::server::service::CloseReason;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use yang_schema::Schema;

const SUBSCRIBE: &str = "<create-subscription xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'/>";

fn schema() -> Arc<Schema> {
    static SCHEMA: OnceLock<Arc<Schema>> = OnceLock::new();
    let compile = || {
        let compiled = yang_parser::Compiler::new()
            .source("device.yang", include_str!("device.yang"))
            .module("ietf-netconf-notifications")
            .compile();
        Arc::new(compiled.schema.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics)))
    };
    Arc::clone(SCHEMA.get_or_init(compile))
}

/// A server, and one who listens.
async fn watched() -> (Server, Peer) {
    let server = Server::builder(schema()).startup(true).build().await.unwrap();
    let mut watcher = Peer::connect_as(&server, "watcher");
    assert_eq!(watcher.send(SUBSCRIBE).await, "ok");
    (server, watcher)
}

/// What was told since it was asked last: the content of each notification, without its namespace.
fn told(watcher: &Peer) -> Vec<String> {
    let content = |text: String| {
        let (_, rest) = text.split_once("</eventTime>").unwrap();
        let rest = rest.strip_suffix("</notification>").unwrap();
        rest.replacen(" xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-notifications\"", "", 1)
    };
    watcher.notifications().into_iter().map(content).collect()
}

fn system(content: &str) -> String {
    format!("<system xmlns='urn:device'>{content}</system>")
}

// Section 2.2, netconf-session-start and netconf-session-end.
#[tokio::test]
async fn sessions_come_and_go() {
    let (server, watcher) = watched().await;
    for (reason, word) in [
        (CloseReason::Requested, "<termination-reason>closed"),
        (CloseReason::Killed { by: 7 }, "<killed-by>7</killed-by><termination-reason>killed"),
        (CloseReason::Dropped, "<termination-reason>dropped"),
        (CloseReason::Failed("too long".to_owned()), "<termination-reason>other"),
        (CloseReason::Shutdown, "<termination-reason>other"),
    ] {
        let mut ann = Peer::connect_as(&server, "ann");
        let who = format!("<username>ann</username><session-id>{}</session-id>", ann.id);
        assert_eq!(told(&watcher), [format!("<netconf-session-start>{who}</netconf-session-start>")]);
        ann.end(reason);
        let end = format!("<netconf-session-end>{who}{word}</termination-reason></netconf-session-end>");
        assert_eq!(told(&watcher), [end]);
    }
    // Where the transport knows the address of the client, it is told.
    let mut ann = Peer::connect_from(&server, "ann", "[::ffff:192.0.2.1]:830");
    assert!(told(&watcher)[0].contains("<source-host>192.0.2.1</source-host>"));
    ann.end(CloseReason::Requested);
}

// netconf-config-change.
#[tokio::test]
async fn changes_are_told_with_who_made_them_and_where() {
    let (server, mut watcher) = watched().await;
    let mut ann = Peer::connect_as(&server, "ann");
    told(&watcher);
    let who = format!("<changed-by><username>ann</username><session-id>{}</session-id></changed-by>", ann.id);
    ann.edit("running", &system("<hostname>a</hostname>")).await;
    let told_of = |datastore: &str, edits: &str| {
        format!(
            "<netconf-config-change>{who}<datastore>{datastore}</datastore>{edits}</netconf-config-change>"
        )
    };
    // The prefixes are the writer's choice.
    let edit = |target: &str, operation: &str| {
        format!(
            "<edit><target xmlns:device=\"urn:device\">{target}</target><operation>{operation}</operation></edit>"
        )
    };
    assert_eq!(told(&watcher), [told_of("running", &edit("/device:system", "create"))]);
    // The candidate is not told of, and a commit is.
    let interface = |name: &str| {
        format!("<interfaces xmlns='urn:device'><interface><name>{name}</name></interface></interfaces>")
    };
    ann.edit("running", &interface("eth0")).await;
    ann.edit("running", &interface("eth1")).await;
    told(&watcher);
    let nc = "xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' nc:operation='delete'";
    let edits = system("<hostname>b</hostname><mtu>1400</mtu>")
        + &format!(
            "<interfaces xmlns='urn:device'><interface {nc}><name>eth0</name></interface></interfaces>"
        );
    ann.edit("candidate", &edits).await;
    assert!(told(&watcher).is_empty());
    assert_eq!(ann.ask("commit", "").await, "ok");
    let edits = edit("/device:system/device:hostname", "replace")
        + &edit("/device:system/device:mtu", "create")
        + &edit("/device:interfaces/device:interface[device:name='eth0']", "delete");
    assert_eq!(told(&watcher), [told_of("running", &edits)]);
    // A commit of nothing changes nothing.
    assert_eq!(ann.ask("commit", "").await, "ok");
    assert!(told(&watcher).is_empty());
    let copy = "<target><startup/></target><source><running/></source>";
    assert_eq!(ann.ask("copy-config", copy).await, "ok");
    let startup = told(&watcher);
    assert!(startup.len() == 1 && startup[0].contains("<datastore>startup</datastore>"), "{startup:?}");
    // The server by itself.
    server.replace(yang_data::tree::Tree::new(schema()), "cleared").await.unwrap();
    let cleared = told(&watcher);
    assert!(cleared[0].contains("<changed-by><server/></changed-by>"), "{cleared:?}");
    assert!(watcher.config("running").await.contains("<data></data>"));
}

#[tokio::test]
async fn of_very_many_changes_the_nodes_at_the_top_are_told() {
    let (server, watcher) = watched().await;
    let mut ann = Peer::connect_as(&server, "ann");
    let interfaces = |from: u32, to: u32| {
        let entries: String =
            (from..to).map(|n| format!("<interface><name>i{n}</name></interface>")).collect();
        format!("<interfaces xmlns='urn:device'>{entries}</interfaces>")
    };
    ann.edit("running", &interfaces(0, 1)).await;
    told(&watcher);
    ann.edit("running", &interfaces(1, 257)).await;
    assert_eq!(told(&watcher)[0].matches("<edit>").count(), 256);
    ann.edit("running", &(interfaces(257, 600) + &system("<mtu>1400</mtu>"))).await;
    let many = told(&watcher);
    assert_eq!(many[0].matches("<edit>").count(), 2, "{many:?}");
    for top in ["/device:system", "/device:interfaces"] {
        assert!(many[0].contains(&format!(">{top}</target><operation>merge</operation>")), "{many:?}");
    }
}

// netconf-confirmed-commit. By the letter its `when` would forbid to name the session, ever.
#[tokio::test(start_paused = true)]
async fn confirmed_commits_are_followed() {
    let (server, watcher) = watched().await;
    let mut ann = Peer::connect_as(&server, "ann");
    told(&watcher);
    let who = format!("<username>ann</username><session-id>{}</session-id>", ann.id);
    let events = || -> Vec<String> {
        let all = told(&watcher).into_iter();
        let about = |text: &String| text.starts_with("<netconf-confirmed-commit>");
        let inside = |text: String| {
            let text = text.replace("<netconf-confirmed-commit>", "");
            text.replace("</netconf-confirmed-commit>", "").replace(&who, "ann ")
        };
        all.filter(about).map(inside).collect()
    };
    let event = |word: &str| format!("<confirm-event>{word}</confirm-event>");
    ann.edit("candidate", &system("<hostname>a</hostname>")).await;
    assert_eq!(ann.ask("commit", "<confirmed/><confirm-timeout>30</confirm-timeout>").await, "ok");
    assert_eq!(events(), [format!("ann {}<timeout>30</timeout>", event("start"))]);
    assert_eq!(ann.ask("commit", "<confirmed/><confirm-timeout>60</confirm-timeout>").await, "ok");
    assert_eq!(events(), [format!("ann {}<timeout>60</timeout>", event("extend"))]);
    assert_eq!(ann.ask("commit", "").await, "ok");
    assert_eq!(events(), [format!("ann {}", event("complete"))]);
    // A commit that nothing waits for is no such event.
    assert_eq!(ann.ask("commit", "").await, "ok");
    assert_eq!(events(), [""; 0]);
    for end in ["cancel", "timeout", "session"] {
        ann.edit("candidate", &system(&format!("<hostname>{end}</hostname>"))).await;
        assert_eq!(ann.ask("commit", "<confirmed/>").await, "ok");
        events();
        match end {
            "cancel" => assert_eq!(ann.ask("cancel-commit", "").await, "ok"),
            "timeout" => tokio::time::sleep(Duration::from_secs(601)).await,
            _ => {
                ann.end(CloseReason::Dropped);
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        let told = match end {
            // "The session is not named."
            "timeout" => event("timeout"),
            _ => format!("ann {}", event("cancel")),
        };
        assert_eq!(events(), [told], "{end}");
    }
}

// A server whose modules have no words for it says nothing.
#[tokio::test]
async fn without_the_module_nothing_is_told() {
    let server = super::device::server().await;
    let mut watcher = Peer::connect(&server);
    assert_eq!(watcher.send(SUBSCRIBE).await, "ok");
    let mut ann = Peer::connect(&server);
    ann.edit("running", &system("<hostname>a</hostname>")).await;
    assert!(watcher.notifications().is_empty());
}

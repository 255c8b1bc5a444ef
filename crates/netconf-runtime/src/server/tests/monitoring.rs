//! What a server tells of itself (RFC 6022 section 2.1), and that it counts what passes.

use super::peer::Peer;
use crate::protocol::Limits;
use crate::server::Server;
use crate::server::service::{CloseReason, TransportKind};
use crate::transport::{self, memory, serve};
use std::sync::{Arc, OnceLock};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::task::JoinHandle;
use yang_schema::Schema;

const NS: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";
const BASE: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";
const HELLO: &str = "<hello xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'><capabilities>\
                     <capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>";

fn compiled(modules: &[&str]) -> Arc<Schema> {
    let device = yang_parser::Compiler::new().source("device.yang", include_str!("device.yang"));
    let compiled = modules.iter().fold(device, |compiler, module| compiler.module(module)).compile();
    Arc::new(compiled.schema.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics)))
}

fn schema() -> Arc<Schema> {
    static SCHEMA: OnceLock<Arc<Schema>> = OnceLock::new();
    let modules = ["ietf-netconf-monitoring", "netconf-transports", "ietf-netconf-acm"];
    Arc::clone(SCHEMA.get_or_init(|| compiled(&modules)))
}

async fn server() -> Server {
    Server::builder(schema()).startup(true).access_control(false).build().await.unwrap()
}

fn filter(part: &str) -> String {
    format!("<filter><netconf-state xmlns='{NS}'>{part}</netconf-state></filter>")
}

async fn state(peer: &mut Peer, part: &str) -> String {
    peer.ask("get", &filter(part)).await
}

/// The content of an element.
fn between<'t>(text: &'t str, element: &str) -> &'t str {
    let start =
        text.split_once(&format!("<{element}>")).unwrap_or_else(|| panic!("no {element} in {text}")).1;
    start.split_once(&format!("</{element}>")).unwrap().0
}

/// A client, byte by byte.
struct Raw {
    stream: DuplexStream,
    served: JoinHandle<CloseReason>,
}

impl Raw {
    /// With its hello.
    async fn connect(server: &Server, hello: &str) -> Self {
        let (stream, far) = memory();
        let (reader, writer) = tokio::io::split(far);
        let peer = transport::Peer {
            user: "ann".into(),
            groups: Vec::new(),
            address: "192.0.2.1:4711".into(),
            transport: TransportKind::Ssh,
        };
        let served = tokio::spawn(serve(reader, writer, server.service(), peer, Limits::default()));
        let mut raw = Self { stream, served };
        raw.message().await;
        raw.send(hello).await;
        raw
    }

    async fn send(&mut self, message: &str) {
        self.stream.write_all(format!("{message}]]>]]>").as_bytes()).await.unwrap();
    }

    async fn message(&mut self) -> String {
        let mut message = Vec::new();
        while !message.ends_with(b"]]>]]>") {
            message.push(self.stream.read_u8().await.unwrap());
        }
        String::from_utf8(message).unwrap()
    }

    async fn ask(&mut self, operation: &str) -> String {
        self.send(&format!("<rpc xmlns='{BASE}' message-id='1'>{operation}</rpc>")).await;
        self.message().await
    }

    async fn end(self) -> CloseReason {
        drop(self.stream);
        self.served.await.unwrap()
    }
}

// Section 2.1.1.
#[tokio::test]
async fn capabilities_are_those_of_the_hello() {
    let server = server().await;
    let mut peer = Peer::connect(&server);
    let reply = state(&mut peer, "<capabilities/>").await;
    let mut hello = server.service().greet().unwrap().capabilities;
    hello.extend([1, 0].map(|minor| format!("urn:ietf:params:netconf:base:1.{minor}")));
    for capability in &hello {
        let escaped = capability.replace('&', "&amp;");
        assert!(reply.contains(&format!("<capability>{escaped}</capability>")), "{capability} in {reply}");
    }
    assert_eq!(reply.matches("<capability>").count(), hello.len());
    assert!(!reply.contains("<datastores>") && !reply.contains("<sessions>"), "{reply}");
}

// Section 2.1.2.
#[tokio::test]
async fn datastores_are_told_with_their_locks() {
    let server = server().await;
    let (mut one, mut two) = (Peer::connect(&server), Peer::connect(&server));
    let reply = state(&mut one, "<datastores/>").await;
    let named = |name: &str| format!("<datastore><name>{name}</name></datastore>");
    assert!(reply.contains(&["running", "candidate", "startup"].map(named).concat()), "{reply}");

    assert_eq!(two.ask("lock", "<target><candidate/></target>").await, "ok");
    let reply =
        state(&mut one, "<datastores><datastore><name>candidate</name></datastore></datastores>").await;
    let id = two.id;
    let lock = format!("<locks><global-lock><locked-by-session>{id}</locked-by-session><locked-time>20");
    assert!(reply.contains(&lock) && !reply.contains("running"), "{reply}");
    two.end(CloseReason::Dropped);
    let reply = state(&mut one, "<datastores/>").await;
    assert!(!reply.contains("<locks>"), "a lock ends with its session: {reply}");

    let plain = Server::builder(schema()).access_control(false).build().await.unwrap();
    let reply = state(&mut Peer::connect(&plain), "<datastores/>").await;
    assert!(!reply.contains("startup"), "there is none: {reply}");
}

// A session with a candidate of its own sees the lock on that one.
#[tokio::test]
async fn the_lock_on_a_private_candidate_is_seen_by_its_session() {
    let server =
        Server::builder(schema()).private_candidates(true).access_control(false).build().await.unwrap();
    let capability = crate::protocol::capability::PRIVATE_CANDIDATE;
    let mut own = Peer::connect_with(&server, "ann", &[capability]);
    let mut other = Peer::connect(&server);
    assert_eq!(own.ask("lock", "<target><candidate/></target>").await, "ok");
    let reply = state(&mut own, "<datastores/>").await;
    assert!(reply.contains(&format!("<locked-by-session>{}<", own.id)), "{reply}");
    assert!(!state(&mut other, "<datastores/>").await.contains("<locks>"));
    assert_eq!(own.ask("unlock", "<target><candidate/></target>").await, "ok");
    assert!(!state(&mut own, "<datastores/>").await.contains("<locks>"));
}

// Sections 2.1.4 and 2.1.5: what counts as what.
#[tokio::test]
async fn messages_are_counted_by_session_and_in_all() {
    let server = server().await;
    let mut raw = Raw::connect(&server, HELLO).await;
    // Correct requests, whatever comes of them.
    assert!(raw.ask("<get-config><source><running/></source></get-config>").await.contains("<data"));
    assert!(raw.ask("<no-such-operation/>").await.contains("<rpc-error"));
    // A message that is none: not well-formed, not in the namespace, without message-id.
    for message in [
        "<rpc".to_owned(),
        "<rpc message-id='1'><get/></rpc>".to_owned(),
        format!("<rpc xmlns='{BASE}'><get/></rpc>"),
    ] {
        raw.send(&message).await;
        assert!(raw.message().await.contains("<rpc-error"), "{message}");
    }
    let reply = raw.ask(&format!("<get>{}</get>", filter("<sessions/><statistics/>"))).await;
    let session = between(&reply, "session");
    let counters = "<in-rpcs>3</in-rpcs><in-bad-rpcs>3</in-bad-rpcs><out-rpc-errors>4</out-rpc-errors>\
                    <out-notifications>0</out-notifications>";
    assert!(session.ends_with(counters), "{session}");
    assert!(session.contains("netconf-ssh</transport><username>ann</username>"), "{session}");
    assert!(session.contains("<source-host>192.0.2.1</source-host><login-time>20"), "{session}");
    assert!(between(&reply, "statistics").ends_with(counters), "{reply}");
    // What passed stays counted when the session is over.
    assert_eq!(raw.end().await, CloseReason::Dropped);
    let reply = state(&mut Peer::connect(&server), "<statistics/>").await;
    assert!(reply.contains(counters), "{reply}");
}

#[tokio::test]
async fn notifications_are_counted_when_they_are_sent() {
    let server = server().await;
    let mut raw = Raw::connect(&server, HELLO).await;
    let subscribe = "<create-subscription xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'/>";
    assert!(raw.ask(subscribe).await.contains("<ok/>"));
    let node = server.schema().find("/device:calm").unwrap().id();
    let calm = yang_data::tree::Tree::empty_at(Arc::clone(server.schema()), node);
    server.publisher().publish_tree(&calm).unwrap();
    assert!(raw.message().await.contains("<calm"));
    let reply = state(&mut Peer::connect(&server), "<sessions/>").await;
    assert!(reply.contains("<out-notifications>1</out-notifications>"), "{reply}");
}

// Section 2.1.5.
#[tokio::test]
async fn sessions_are_counted_by_how_they_begin_and_end() {
    let server = server().await;
    let wrong_hello =
        "<hello xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'><session-id>4</session-id></hello>";
    let told = Raw::connect(&server, wrong_hello).await.served.await.unwrap();
    assert!(matches!(told, CloseReason::Failed(_)), "{told:?}");
    // One that closes itself, one that breaks off, one that is killed.
    let mut closes = Raw::connect(&server, HELLO).await;
    assert!(closes.ask("<close-session/>").await.contains("<ok/>"));
    assert_eq!(closes.served.await.unwrap(), CloseReason::Requested);
    let mut breaks = Raw::connect(&server, HELLO).await;
    breaks.ask("<discard-changes/>").await;
    breaks.end().await;
    let mut killed = Raw::connect(&server, HELLO).await;
    killed.ask("<discard-changes/>").await;
    let mut peer = Peer::connect(&server);
    let sessions = server.sessions();
    let id = sessions.iter().find(|session| session.user == "ann").unwrap().id;
    assert_eq!(peer.ask("kill-session", &format!("<session-id>{id}</session-id>")).await, "ok");
    killed.served.await.unwrap();
    let reply = state(&mut peer, "<statistics/>").await;
    for (counter, value) in [("in-bad-hellos", 1), ("in-sessions", 5), ("dropped-sessions", 1)] {
        assert_eq!(between(&reply, counter), value.to_string(), "{counter} in {reply}");
    }
    assert!(between(&reply, "netconf-start-time").ends_with('Z'));
}

// RFC 6022 has no name for this transport, and any of its own would be wrong.
#[tokio::test]
async fn a_transport_without_a_name_is_told_where_our_module_names_it() {
    let with = server().await;
    let reply = state(&mut Peer::connect(&with), "<sessions/>").await;
    assert!(reply.contains("<transport xmlns:") && reply.contains(":in-process</transport>"), "{reply}");
    assert!(reply.contains("=\"urn:netconf-runtime:transports\""), "{reply}");
    let without = Server::builder(compiled(&["ietf-netconf-monitoring"])).build().await.unwrap();
    let reply = state(&mut Peer::connect(&without), "<sessions/>").await;
    assert!(reply.contains("<session-id>") && !reply.contains("<transport"), "{reply}");
}

// RFC 8341 section 3.4.5 holds for it as for all data.
#[tokio::test]
async fn what_a_user_may_not_read_is_left_out() {
    let server = Server::builder(schema()).recovery_user("root").build().await.unwrap();
    let mut root = Peer::connect_as(&server, "root");
    let rule = "<nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm'><groups><group><name>staff</name>\
         <user-name>ann</user-name></group></groups><rule-list><name>1</name><group>*</group><rule><name>1</name>\
                <path>/ncm:netconf-state/ncm:sessions</path><action>deny</action></rule></rule-list></nacm>";
    root.edit("running", rule).await;
    let mut ann = Peer::connect_as(&server, "ann");
    let reply = state(&mut ann, "").await;
    assert!(reply.contains("<statistics>") && !reply.contains("<sessions>"), "{reply}");
    assert!(state(&mut root, "").await.contains("<sessions>"));
}

// Without the module there is nothing to tell, and nothing fails.
#[tokio::test]
async fn a_server_without_the_module_has_no_such_state() {
    let server = Server::builder(super::device::schema()).build().await.unwrap();
    assert_eq!(state(&mut Peer::connect(&server), "").await, "<data></data>");
}

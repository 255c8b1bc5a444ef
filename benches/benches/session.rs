//! Sessions: our client and our server, over SSH on the loopback address, in one process and in two; beside them ncclient, where
//! `NCCLIENT_PYTHON` names a python that has it.
//!
//!     cargo bench -p toolchain-benches --bench session
//!
//! All times are wall times, the best of several rounds. With two processes client and server share the machine's processors; with one
//! they share a runtime, too.

use netconf_runtime::client::{Datastore, Filter, HostKeyCheck, Session, SshOptions};
use netconf_runtime::protocol::framing::{Deframer, Piece, Version, frame};
use netconf_runtime::server::Server;
use netconf_runtime::transport::ssh::PublicKey;
use netconf_runtime::transport::ssh::server::{User, Users};
use netconf_runtime::yang_data::binding::Options;
use netconf_runtime::yang_data::codec::Limits;
use netconf_runtime::yang_data::tree::{DecodeOptions, Tree};
use netconf_runtime::yang_data::xml::SliceSource;
use netconf_runtime::yang_schema::{NodeId, Schema};
use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;
use toolchain_benches::model::Interfaces;
use toolchain_benches::{interfaces, table};

const INTERFACES: usize = 10_000;
const USER: (&str, &str) = ("admin", "admin");

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|a| a == "--serve") {
        return runtime().block_on(serve_for_another());
    }
    let quick = arguments.iter().any(|a| a == "--quick");
    let runtime = runtime();
    let mut rows = Vec::new();
    rows.push(framing(quick));
    let (server, address, key) = runtime.block_on(serve());
    rows.extend(runtime.block_on(measure("one process", address, &key, quick)));
    drop(server);
    let other = Other::start();
    rows.extend(runtime.block_on(measure("two processes", other.address, &other.key, quick)));
    rows.push(runtime.block_on(memory(&other)));
    let peer = ncclient(&other);
    table::print(&["work", "ours", "goal"], &rows);
    match peer {
        Ok(text) => {
            table::say("ncclient, against our server:");
            table::say(text.trim_end());
        }
        Err(why) => table::say(&format!("no ncclient beside it: {why}")),
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
}

fn schema() -> Arc<Schema> {
    let compilation = yang_parser::Compiler::new()
        .search_path(toolchain_tests::corpus::quickstart_modules())
        .module("ietf-interfaces")
        .module("ietf-ip")
        .module("iana-if-type")
        .compile();
    Arc::new(compilation.schema.expect("the quickstart's modules compile"))
}

async fn serve() -> (Server, SocketAddr, String) {
    let schema = schema();
    let text = interfaces::xml(INTERFACES);
    let mut source = SliceSource::new(text.as_bytes(), Limits::default());
    let tree = Tree::decode(&schema, NodeId::ROOT, &mut source, &DecodeOptions::default());
    let users = Users::new().user(USER.0, User::new().password(USER.1));
    let server = Server::builder(schema)
        .initial(tree.expect("the interfaces fit their modules"))
        .access_control(false)
        .users(users)
        .build()
        .await
        .expect("a server");
    let address = server.listen_ssh("127.0.0.1:0").await.expect("a port");
    let key = server.host_key().expect("a host key").public_key().to_openssh().expect("a key as text");
    (server, address, key)
}

/// The child: says where it is, and serves until nobody holds its input.
#[allow(clippy::print_stdout, reason = "the child's report")]
async fn serve_for_another() {
    let (_server, address, key) = serve().await;
    println!("{address} {key}");
    _ = std::io::stdout().flush();
    let ended = tokio::task::spawn_blocking(|| std::io::stdin().lock().read_line(&mut String::new()));
    _ = ended.await;
}

/// A server in a process of its own.
struct Other {
    child: Child,
    address: SocketAddr,
    key: String,
}

impl Other {
    fn start() -> Self {
        let me = std::env::current_exe().expect("a bench knows its own program");
        let mut child = Command::new(me)
            .arg("--serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the bench starts itself");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("where it listens");
        let (address, key) = line.trim().split_once(' ').expect("address and key");
        Self { child, address: address.parse().expect("an address"), key: key.to_owned() }
    }

    /// What it holds in memory, in KiB.
    fn resident(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches("kB").trim().parse().ok()
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

async fn connect(address: SocketAddr, key: &str) -> Session {
    let key = PublicKey::parse(key).expect("the key of the host");
    let options = SshOptions::new(USER.0).password(USER.1).host_key(HostKeyCheck::Key(key));
    Session::connect_ssh(address, options).await.expect("a session")
}

fn one_leaf() -> Filter {
    Filter::subtree(
        "<interfaces xmlns=\"urn:ietf:params:xml:ns:yang:ietf-interfaces\"><interface><name>eth7</name><enabled/></interface></interfaces>",
    )
}

async fn small(session: &Session) {
    let data = session.get_config(Datastore::Running).filter(one_leaf()).await.expect("a reply");
    assert!(data.fragment().bytes().len() > 50, "{}", data.xml());
}

async fn measure(how: &str, address: SocketAddr, key: &str, quick: bool) -> Vec<Vec<String>> {
    let rounds = if quick { 1 } else { 5 };
    let count = if quick { 500 } else { 10_000 };
    let (mut connects, mut sequential, mut pipelined, mut large) = (f64::MAX, f64::MAX, f64::MAX, f64::MAX);
    let session = connect(address, key).await;
    for _ in 0..rounds {
        let begun = Instant::now();
        for _ in 0..10 {
            connect(address, key).await.close().await.expect("a proper end");
        }
        connects = connects.min(begun.elapsed().as_secs_f64() / 10.0);

        let begun = Instant::now();
        for _ in 0..count {
            small(&session).await;
        }
        sequential = sequential.min(begun.elapsed().as_secs_f64());

        let begun = Instant::now();
        let each = count / 64;
        let tasks: VecDeque<_> = (0..64)
            .map(|_| {
                let session = session.clone();
                tokio::spawn(async move {
                    for _ in 0..each {
                        small(&session).await;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("no panic");
        }
        pipelined = pipelined.min(begun.elapsed().as_secs_f64() / (each * 64) as f64);

        let begun = Instant::now();
        let data = session.get_config(Datastore::Running).await.expect("the configuration");
        let all: Interfaces = data.decode(&Options::default()).expect("typed interfaces");
        large = large.min(begun.elapsed().as_secs_f64());
        assert_eq!(all.interface.len(), INTERFACES);
    }
    let row = |work: &str, ours: String, goal: &str| vec![format!("{work}, {how}"), ours, goal.to_owned()];
    vec![
        row("connect, authenticate, hello, close", table::milliseconds(connects), "under 15 ms"),
        row("small get-config, sequential", format!("{:.0} rpc/s", count as f64 / sequential), "5000 rpc/s"),
        row("small get-config, 64 in flight", format!("{:.0} rpc/s", 1.0 / pipelined), "25000 rpc/s"),
        row("10,000 interfaces, decoded typed", table::milliseconds(large), "under 60 ms"),
    ]
}

fn framing(quick: bool) -> Vec<String> {
    let message = bytes::Bytes::from(interfaces::xml(INTERFACES));
    let rounds = if quick { 5 } else { 100 };
    let begun = Instant::now();
    let mut through = 0;
    for _ in 0..rounds {
        let mut out = Vec::new();
        frame(Version::V1_1, message.clone(), &mut out).expect("a frame");
        let mut deframer = Deframer::default();
        deframer.switch(Version::V1_1);
        for bytes in out {
            deframer.push(bytes);
            while let Some(piece) = deframer.poll().expect("right framing") {
                if let Piece::Data(data) = piece {
                    through += data.len();
                }
            }
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!(through, message.len() * rounds);
    let rate = through as f64 / seconds / 1e9;
    vec!["framing and deframing alone".to_owned(), format!("{rate:.1} GB/s"), "above 1 GB/s".to_owned()]
}

/// What a session costs the server that nothing is asked in, and one after some traffic.
async fn memory(other: &Other) -> Vec<String> {
    const SESSIONS: u64 = 100;
    // The first make what all share.
    let warm = connect(other.address, &other.key).await;
    small(&warm).await;
    let before = other.resident();
    let mut sessions = Vec::new();
    for _ in 0..SESSIONS {
        sessions.push(connect(other.address, &other.key).await);
    }
    let fresh = other.resident();
    for session in &sessions {
        for _ in 0..100 {
            small(session).await;
        }
    }
    let used = other.resident();
    let each = |now: Option<u64>| {
        let both = now.zip(before);
        both.map_or_else(
            || "?".to_owned(),
            |(now, before)| format!("{} KiB", now.saturating_sub(before) / SESSIONS),
        )
    };
    vec![
        "memory of an idle session, fresh / after traffic".to_owned(),
        format!("{} / {}", each(fresh), each(used)),
        "100 / 200 KiB".to_owned(),
    ]
}

/// The same work by ncclient.
fn ncclient(other: &Other) -> Result<String, String> {
    let python = std::env::var_os("NCCLIENT_PYTHON").ok_or("NCCLIENT_PYTHON is not set")?;
    let script = format!(
        r#"
import sys, time
from ncclient import manager
def connect():
    return manager.connect(host="127.0.0.1", port={port}, username="{user}", password="{password}",
        hostkey_verify=False, look_for_keys=False, allow_agent=False, timeout=60)
begun = time.time()
for _ in range(5):
    connect().close_session()
print("  connect, authenticate, hello, close: %.1f ms" % ((time.time() - begun) / 5 * 1000))
m = connect()
filter = ('subtree', '<interfaces xmlns="urn:ietf:params:xml:ns:yang:ietf-interfaces"><interface><name>eth7</name><enabled/></interface></interfaces>')
begun = time.time()
for _ in range(50):
    m.get_config('running', filter=filter)
print("  small get-config, sequential: %.0f rpc/s" % (50 / (time.time() - begun)))
begun = time.time()
m.get_config('running').data
print("  10,000 interfaces, untyped: %.1f ms" % ((time.time() - begun) * 1000))
m.close_session()
"#,
        port = other.address.port(),
        user = USER.0,
        password = USER.1,
    );
    let output = Command::new(&python).arg("-c").arg(script).output().map_err(|e| e.to_string())?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("it failed").to_owned())
    }
}

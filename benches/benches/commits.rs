//! Commits inside a server: edit-config and commit as a session sends them, with access control on and a store on disk, without a
//! network. How they grow with what is configured, and what they cost in memory.
//!
//!     cargo bench -p toolchain-benches --bench commits

use netconf_runtime::server::Server;
use netconf_runtime::server::service::{
    CloseReason, NotifyError, ReplyBody, RpcRequest, SessionHandle, SessionInfo, SessionService,
    TransportKind,
};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use toolchain_benches::table;
use yang_data::codec::Limits;
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::xml::{ReadSource, Reader};
use yang_schema::{NodeId, Schema};

const MODEL: &str = "module ports {
  yang-version 1.1; namespace 'urn:ports'; prefix p;
  container ports {
    list port {
      key name; unique address;
      leaf name { type string; }
      leaf description { type string { length '0..200'; } }
      leaf enabled { type boolean; default true; }
      leaf mtu { type uint16 { range '68..9000'; } must '. >= 1280 or not(../address)'; }
      leaf address { type string { pattern '[0-9.]+'; } }
      leaf parent { type leafref { path '../../port/name'; } }
    }
  }
}";

const RULES: &str = "<nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm'>\
  <groups><group><name>operators</name><user-name>ann</user-name></group></groups>\
  <rule-list><name>operators</name><group>operators</group>\
  <rule><name>ports</name><path xmlns:p='urn:ports'>/p:ports</path><access-operations>*</access-operations>\
  <action>permit</action></rule></rule-list></nacm>";

fn main() {
    let quick = std::env::args().any(|a| a == "--quick");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let sizes: &[usize] = if quick { &[1_000, 10_000] } else { &[1_000, 10_000, 100_000, 1_000_000] };
    let mut rows = vec![runtime.block_on(many())];
    for &size in sizes {
        rows.push(runtime.block_on(one(size)));
    }
    table::print(&["work", "edit", "commit", "together", "memory"], &rows);
}

fn schema() -> Arc<Schema> {
    let compiled =
        yang_parser::Compiler::new().source("ports.yang", MODEL).module("ietf-netconf-acm").compile();
    Arc::new(compiled.schema.expect("the model compiles"))
}

fn port(i: usize, description: &str) -> String {
    let (a, b, c) = (i / 65_536, i / 256 % 256, i % 256);
    format!(
        "<port><name>port-{i}</name><description>{description}</description><enabled>true</enabled><mtu>1500</mtu>\
         <address>10.{a}.{b}.{c}</address><parent>port-{}</parent></port>",
        i / 2
    )
}

fn ports(all: impl Iterator<Item = String>) -> String {
    let mut xml = String::from("<ports xmlns='urn:ports'>");
    all.for_each(|port| xml.push_str(&port));
    xml + "</ports>"
}

struct Silent;

impl SessionHandle for Silent {
    fn notify(&self, _: bytes::Bytes) -> Result<(), NotifyError> {
        Ok(())
    }
    fn close(&self, _: CloseReason) {}
}

struct Place {
    _directory: tempfile::TempDir,
    _server: Server,
    session: Box<dyn SessionService>,
}

impl Place {
    async fn new(content: &str) -> Self {
        let schema = schema();
        let all = format!("{RULES}{content}");
        let mut source = ReadSource::over(Reader::of_content(Limits::default()), all.as_bytes());
        let options = DecodeOptions { config_only: true, ..DecodeOptions::default() };
        let initial =
            Tree::decode(&schema, NodeId::ROOT, &mut source, &options).expect("it is configuration");
        drop(all);
        let directory = tempfile::tempdir().expect("a directory");
        let built = Server::builder(schema).directory(directory.path()).initial(initial).build().await;
        let server = built.expect("a server");
        let service = server.service();
        let greeting = service.greet().expect("a greeting");
        let info = SessionInfo {
            id: greeting.session_id,
            user: "ann".to_owned(),
            groups: Vec::new(),
            peer: "here".to_owned(),
            transport: TransportKind::Memory,
            capabilities: Arc::from([]),
        };
        let session = service.open(info, Arc::new(Silent));
        Self { _directory: directory, _server: server, session }
    }

    async fn ask(&mut self, operation: String) -> Duration {
        let operation = bytes::Bytes::from(operation);
        let start = Instant::now();
        let request = RpcRequest { message_id: "1".to_owned(), attributes: Vec::new(), operation };
        let reply = self.session.rpc(request).await;
        let took = start.elapsed();
        assert!(matches!(reply.body, ReplyBody::Ok), "{:?}", reply.body);
        took
    }

    async fn edit(&mut self, config: &str) -> Duration {
        self.ask(format!(
            "<edit-config xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'><target><candidate/></target>\
             <config>{config}</config></edit-config>"
        ))
        .await
    }

    async fn commit(&mut self) -> Duration {
        self.ask("<commit xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'/>".to_owned()).await
    }
}

/// 10,000 in one message.
async fn many() -> Vec<String> {
    let before = resident();
    let mut place = Place::new("").await;
    let idle = resident();
    let (edit, commit) =
        (place.edit(&ports((0..10_000).map(|i| port(i, "new")))).await, place.commit().await);
    let memory = format!("{} idle (this program: {}), {} with them", mib(idle), mib(before), mib(resident()));
    row("10,000 ports in one message", edit, commit, memory)
}

/// One more, or one that changes, on so many.
async fn one(size: usize) -> Vec<String> {
    let mut place = Place::new(&ports((0..size).map(|i| port(i, "old")))).await;
    let mut times = Vec::new();
    for round in 0..200 {
        let config = ports(std::iter::once(port(round * 4_999 % size, &format!("round {round}"))));
        times.push((place.edit(&config).await, place.commit().await));
    }
    let (mut edits, mut commits): (Vec<_>, Vec<_>) = times.into_iter().unzip();
    edits.sort_unstable();
    commits.sort_unstable();
    row(&format!("one port of {size}"), edits[edits.len() / 2], commits[commits.len() / 2], mib(resident()))
}

fn row(work: &str, edit: Duration, commit: Duration, memory: String) -> Vec<String> {
    let ms = |d: Duration| {
        let mut text = String::new();
        let _ = write!(text, "{:.3} ms", d.as_secs_f64() * 1e3);
        text
    };
    vec![work.to_owned(), ms(edit), ms(commit), ms(edit + commit), memory]
}

/// Bytes of memory that this process has in use.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or_default() * 4096
}

fn mib(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / (1 << 20) as f64)
}

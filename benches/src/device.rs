//! A server for measurements: what `cargo yang serve` would be for ietf-interfaces and ietf-ip, with so many interfaces, in this
//! process or in one of its own.

use crate::interfaces;
use netconf_runtime::client::{Filter, HostKeyCheck, Session, SshOptions};
use netconf_runtime::server::Server;
use netconf_runtime::transport::ssh::PublicKey;
use netconf_runtime::transport::ssh::server::{User, Users};
use netconf_runtime::yang_data::codec::Limits;
use netconf_runtime::yang_data::edit::{ApplyOptions, Edit};
use netconf_runtime::yang_data::tree::{DecodeOptions, Tree};
use netconf_runtime::yang_data::xml::SliceSource;
use netconf_runtime::yang_schema::{NodeId, Schema};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

/// The argument that makes a bench a server for another process.
const SERVE: &str = "--serve";

/// Who logs in, and the password.
const USER: (&str, &str) = ("admin", "admin");

/// What a server is to be.
#[derive(Clone, Debug, Default)]
pub struct Device {
    /// How many interfaces it begins with.
    pub interfaces: usize,
    /// Where it keeps its configuration; without it, nowhere. Here is its unix socket, too.
    pub directory: Option<PathBuf>,
    /// Is access control on, with rules that let everybody do everything?
    pub access_control: bool,
}

/// A server, and the way to it.
pub struct Served {
    /// The server.
    pub server: Server,
    /// How it is reached.
    pub way: Way,
}

/// How a server is reached.
#[derive(Clone, Debug)]
pub struct Way {
    /// By SSH.
    pub address: SocketAddr,
    /// The host's key.
    key: PublicKey,
    /// By its unix socket, if it has a directory.
    pub socket: Option<PathBuf>,
}

impl Way {
    /// A session over SSH.
    ///
    /// # Panics
    /// If there is none: then there is nothing to measure.
    pub async fn ssh(&self) -> Session {
        let options = SshOptions::new(USER.0).password(USER.1);
        let options = options.host_key(HostKeyCheck::Key(self.key.clone()));
        Session::connect_ssh(self.address, options).await.expect("a session")
    }

    /// A session over the unix socket.
    ///
    /// # Panics
    /// If there is none.
    pub async fn unix(&self) -> Session {
        let socket = self.socket.as_ref().expect("a server with a directory");
        Session::connect_unix(socket, netconf_runtime::client::Options::default()).await.expect("a session")
    }

    /// Name and password of the user.
    pub fn user(&self) -> (&'static str, &'static str) {
        USER
    }
}

/// A runtime as servers have it.
///
/// # Panics
/// If the system has no threads.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
}

fn schema() -> Arc<Schema> {
    let mut compiler =
        yang_parser::Compiler::new().search_path(toolchain_tests::corpus::quickstart_modules());
    for module in [
        "ietf-interfaces",
        "ietf-ip",
        "iana-if-type",
        "ietf-netconf-acm",
        "ietf-netconf-monitoring",
        "ietf-yang-library",
        "ietf-datastores",
    ] {
        compiler = compiler.module(module);
    }
    Arc::new(compiler.compile().schema.expect("the quickstart's modules compile"))
}

/// Whoever is in the group of the users here may do everything.
fn rules() -> String {
    let own = own_name();
    let users = [USER.0, own.as_str()].map(|user| format!("<user-name>{user}</user-name>"));
    let users = if own == USER.0 { users[0].clone() } else { users.concat() };
    format!(
        "<nacm xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-acm\"><groups><group><name>all</name>{users}</group></groups>\
         <rule-list><name>all</name><group>all</group><rule><name>everything</name><module-name>*</module-name>\
         <access-operations>*</access-operations><action>permit</action></rule></rule-list></nacm>"
    )
}

/// The name of whoever runs this, as the server on a unix socket sees it.
fn own_name() -> String {
    let output = Command::new("id").arg("-un").output().expect("the program id");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn tree(schema: &Arc<Schema>, text: &str) -> Tree {
    let mut source = SliceSource::new(text.as_bytes(), Limits::default());
    let tree = Tree::decode(schema, NodeId::ROOT, &mut source, &DecodeOptions::default());
    tree.expect("it fits its modules")
}

impl Device {
    /// Serves in this process.
    ///
    /// # Panics
    /// If it cannot.
    pub async fn serve(&self) -> Served {
        let schema = schema();
        let mut initial = tree(&schema, &interfaces::xml(self.interfaces));
        if self.access_control {
            let rules = Edit::merging(&tree(&schema, &rules()));
            initial = rules.apply(&initial, &ApplyOptions::default()).expect("they go together");
        }
        let users = Users::new().user(USER.0, User::new().password(USER.1));
        let mut builder = Server::builder(schema).access_control(self.access_control).users(users);
        let store = self.directory.as_ref().map(|directory| directory.join("store"));
        let is_new = store.as_ref().is_none_or(|store| !store.exists());
        if is_new {
            builder = builder.initial(initial);
        }
        if let Some(store) = store {
            builder = builder.directory(store);
        }
        let server = builder.build().await.expect("a server");
        let address = server.listen_ssh("127.0.0.1:0").await.expect("a port");
        let socket = self.directory.as_ref().map(|directory| directory.join("socket"));
        if let Some(socket) = &socket {
            server.listen_unix(socket).await.expect("a socket");
        }
        let key = server.host_key().expect("a host key").public_key();
        Served { server, way: Way { address, key, socket } }
    }

    /// Serves in a process of its own.
    pub fn start(&self) -> Other {
        let me = std::env::current_exe().expect("a bench knows its own program");
        let mut command = Command::new(me);
        command.arg(SERVE).arg(self.interfaces.to_string()).arg(self.access_control.to_string());
        command.args(&self.directory);
        // As `cargo yang serve` has it.
        command.env(
            "GLIBC_TUNABLES",
            "glibc.malloc.arena_max=2:glibc.malloc.trim_threshold=4194304:glibc.malloc.mmap_threshold=262144",
        );
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.expect("the bench starts itself");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("where it listens");
        let (address, key) = line.trim().split_once(' ').expect("address and key");
        let way = Way {
            address: address.parse().expect("an address"),
            key: PublicKey::parse(key).expect("the key of the host"),
            socket: self.directory.as_ref().map(|directory| directory.join("socket")),
        };
        Other { child, way }
    }
}

/// A server in a process of its own, which ends with this.
pub struct Other {
    child: Child,
    /// How it is reached.
    pub way: Way,
}

impl Other {
    /// What it holds in memory, in KiB; nothing where the system does not tell.
    pub fn resident(&self) -> Option<u64> {
        resident(self.child.id())
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// What a process holds in memory, in KiB; nothing where the system does not tell.
pub fn resident(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// In a process that is to be a server for another: serves until nobody holds its input, and is true.
///
/// # Panics
/// If it cannot.
#[allow(clippy::print_stdout, reason = "the child's report")]
pub fn serve_if_asked() -> bool {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [serve, interfaces, access_control, directory @ ..] = arguments.as_slice() else { return false };
    if serve != SERVE {
        return false;
    }
    let device = Device {
        interfaces: interfaces.parse().expect("a number of interfaces"),
        directory: directory.first().map(|d| Path::new(d).to_owned()),
        access_control: access_control == "true",
    };
    runtime().block_on(async {
        let served = device.serve().await;
        let key = served.way.key.to_openssh().expect("a key as text");
        println!("{} {key}", served.way.address);
        _ = std::io::stdout().flush();
        let ended = tokio::task::spawn_blocking(|| std::io::stdin().lock().read_line(&mut String::new()));
        _ = ended.await;
    });
    true
}

/// A filter for a leaf of one interface.
pub fn one_leaf(interface: usize) -> Filter {
    Filter::subtree(format!(
        "<interfaces xmlns=\"urn:ietf:params:xml:ns:yang:ietf-interfaces\"><interface><name>eth{interface}</name><enabled/></interface></interfaces>"
    ))
}

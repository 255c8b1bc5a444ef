//! The server's process: this very test, started again as the one that serves.

use netconf_runtime::client::{Options, Session};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use toolchain_tests::process::Running;

/// Where the process finds its store.
const STORE: &str = "KILL_STORE";
/// The socket that it listens on.
const SOCKET: &str = "KILL_SOCKET";
/// Whether it has a datastore `startup`.
const STARTUP: &str = "KILL_STARTUP";

/// A server that can be killed.
pub(crate) struct Process {
    running: Running,
    socket: PathBuf,
    log: PathBuf,
}

impl Process {
    /// Starts it. It is not ready yet.
    pub(crate) fn start(directory: &Path, startup: bool) -> Self {
        let socket = directory.join("socket");
        // Who was killed left it behind.
        _ = std::fs::remove_file(&socket);
        let log = directory.join("log");
        let said = std::fs::File::create(&log).unwrap();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--ignored", "--exact", "process::serves_until_it_is_killed", "--nocapture"])
            .env(STORE, directory.join("store"))
            .env(SOCKET, &socket)
            .env(STARTUP, startup.to_string())
            .stdout(Stdio::null())
            .stderr(said);
        Self { running: Running::start(&mut command), socket, log }
    }

    /// Waits until it takes sessions.
    pub(crate) fn wait(&mut self) {
        let socket = self.socket.clone();
        let connects = || std::os::unix::net::UnixStream::connect(&socket).ok().map(drop);
        self.running.wait_for("open socket", &self.log, connects);
    }

    /// The socket.
    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    /// Kills it after a while, and says when it is gone.
    pub(crate) fn kill_after(self, delay: Duration) -> tokio::task::JoinHandle<()> {
        tokio::task::spawn_blocking(move || {
            std::thread::sleep(delay);
            // SIGKILL, and nothing else: what is dropped is killed and reaped.
            drop(self.running);
        })
    }
}

/// A session with it; `None` when it is gone.
pub(crate) async fn session(socket: &Path) -> Option<Session> {
    Session::connect_unix(socket, Options::default()).await.ok()
}

#[test]
#[ignore = "the process that the other tests kill"]
fn serves_until_it_is_killed() {
    let Some(store) = std::env::var_os(STORE) else { return };
    let socket = std::env::var_os(SOCKET).unwrap();
    let startup = std::env::var(STARTUP).unwrap() == "true";
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let parent = std::os::unix::process::parent_id();
        let server = super::open(Path::new(&store), startup).await;
        server.listen_unix(&socket).await.unwrap();
        // Whoever was to kill it may be killed itself.
        while std::os::unix::process::parent_id() == parent {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
}

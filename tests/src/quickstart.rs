//! The quickstart's device as a program of its own, for clients that are not ours.

use crate::corpus::workspace;
use crate::process::{Running, free_port, listens, output_of};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A running `quickstart serve`.
#[derive(Debug)]
pub struct Quickstart {
    /// The loopback port that it listens on.
    pub port: u16,
    _running: Running,
    _dir: TempDir,
}

impl Quickstart {
    /// User and password that it knows.
    pub const USER: (&'static str, &'static str) = ("admin", "admin");

    /// Builds and starts it on an empty store. Returns when it listens.
    ///
    /// # Panics
    /// If it cannot be built or does not start.
    pub fn serve() -> Quickstart {
        let dir = tempfile::tempdir().expect("a directory for the store");
        let port = free_port();
        let log = dir.path().join("log");
        let file = std::fs::File::create(&log).expect("a log file");
        let mut command = Command::new(binary());
        let (user, password) = Quickstart::USER;
        command
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--user", user, "--password", password])
            .arg("--store")
            .arg(dir.path().join("store"))
            .env("TMPDIR", dir.path())
            .stdout(Stdio::from(file.try_clone().expect("the log file again")))
            .stderr(Stdio::from(file));
        let mut running = Running::start(&mut command);
        running.wait_for("open port", &log, || listens(port).then_some(()));
        Quickstart { port, _running: running, _dir: dir }
    }
}

/// The program, built now: cargo does not build the binaries of one package for the tests of another. What is asked for
/// has the same features as in `cargo test --workspace`, so that after it nothing is left to build.
///
/// # Panics
/// If it does not build.
pub fn binary() -> PathBuf {
    let built = output_of(
        Command::new(env!("CARGO"))
            .args(["build", "--workspace", "--bin", "quickstart", "--test", "story"])
            .args(["--message-format", "json-render-diagnostics"])
            .current_dir(workspace()),
    );
    let mut found = built.lines().filter_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        let program = message["target"]["name"] == "quickstart" && message["profile"]["test"] == false;
        message["executable"].as_str().filter(|_| program).map(PathBuf::from)
    });
    found.next().expect("cargo names the executable it built")
}

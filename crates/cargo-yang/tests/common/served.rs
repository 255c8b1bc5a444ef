//! `cargo yang serve` as a program of its own.

use netconf_runtime::client::{HostKeyCheck, Session, SshOptions};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A server that runs, and what it said at first.
pub(crate) struct Served {
    child: Child,
    pub(crate) said: Vec<String>,
}

impl Served {
    /// Starts it in a directory, on the models and with the options that the arguments are.
    pub(crate) fn start(at: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-yang"))
            .args(["yang", "serve"])
            .args(arguments)
            .current_dir(at)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = Vec::new();
        while let Some(Ok(line)) = lines.next() {
            let last = line.starts_with("Ctrl-C");
            said.push(line);
            if last {
                break;
            }
        }
        // Whoever writes to a pipe that nobody reads ends; its last word is read, too.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, said }
    }

    /// The same over SSH, for `admin` with the password `secret`, which is written into a file `password`.
    pub(crate) fn with_password(at: &Path, arguments: &[&str]) -> Self {
        std::fs::write(at.join("password"), "secret\n").unwrap();
        let mut all = vec!["--listen", "127.0.0.1:0", "--user", "admin", "--password-file", "password"];
        all.extend(arguments);
        Self::start(at, &all)
    }

    /// The port of SSH, as the first lines say it.
    pub(crate) fn port(&self) -> u16 {
        let line = self.said.iter().find(|line| line.contains("ssh -s -p ")).unwrap();
        line.split_whitespace().nth(3).unwrap().parse().unwrap()
    }

    pub(crate) async fn session(&self, user: &str) -> Session {
        let options =
            SshOptions::new(user).password("secret").host_key(HostKeyCheck::DangerouslyAcceptAnyKey);
        Session::connect_ssh(("127.0.0.1", self.port()), options).await.unwrap()
    }

    /// The number of the process.
    #[allow(dead_code, reason = "not each test asks")]
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as Ctrl-C does, and waits.
    pub(crate) fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }

    /// Ends it as a power failure does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

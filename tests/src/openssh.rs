//! OpenSSH's own client, `ssh -s HOST netconf` (RFC 6242 section 3): what people type who have nothing else at hand.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const BASE: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";

/// A server, and who logs in to it by a password.
#[derive(Debug)]
pub struct Ssh {
    port: u16,
    user: String,
    /// Where the program stands that tells `ssh` the password.
    directory: TempDir,
}

impl Ssh {
    /// Of a server on the loopback address.
    ///
    /// # Panics
    /// If the password cannot be written down.
    pub fn new(port: u16, user: &str, password: &str) -> Ssh {
        let directory = tempfile::tempdir().expect("a directory");
        let askpass = directory.path().join("askpass");
        std::fs::write(&askpass, format!("#!/bin/sh\necho {password}\n")).expect("a script");
        std::fs::set_permissions(&askpass, std::fs::Permissions::from_mode(0o700)).expect("its permissions");
        Ssh { port, user: user.to_owned(), directory }
    }

    /// Runs `ssh` with an input, and gives what came and whether it says that all went well.
    ///
    /// # Panics
    /// If it does not run.
    pub fn run(&self, method: &str, options: &[&str], input: &str) -> (String, bool) {
        let mut child = Command::new("ssh")
            .args(["-s", "-T", "-F", "/dev/null", "-p", &self.port.to_string()])
            .args(["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"])
            .args(["-o", "GlobalKnownHostsFile=/dev/null", "-o", "NumberOfPasswordPrompts=1"])
            .args(["-o", &format!("PreferredAuthentications={method}")])
            .args(options)
            .args([&format!("{}@127.0.0.1", self.user), "netconf"])
            .env("SSH_ASKPASS", self.directory.path().join("askpass"))
            .env("SSH_ASKPASS_REQUIRE", "force")
            .env_remove("SSH_AUTH_SOCK")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("ssh starts");
        // The server ends the session at close-session; a client that went away before would have its replies cut.
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(input.as_bytes()).expect("ssh reads");
        let output = child.wait_with_output().expect("ssh ends");
        drop(stdin);
        (String::from_utf8(output.stdout).expect("UTF-8"), output.status.success())
    }
}

/// What a client of NETCONF 1.1 sends by hand: get-config, something that is no operation, and close-session.
pub fn by_hand() -> String {
    let hello = format!(
        "<hello xmlns=\"{BASE}\"><capabilities><capability>urn:ietf:params:netconf:base:1.1</capability>\
         </capabilities></hello>]]>]]>"
    );
    let rpc = |id: &str, operation: &str| {
        let rpc = format!(
            "<rpc message-id=\"{id}\" xmlns=\"{BASE}\" xmlns:x=\"urn:x\" x:y=\"z\">{operation}</rpc>"
        );
        // In two chunks, as nobody would.
        let (one, two) = rpc.split_at(7);
        format!("\n#{}\n{one}\n#{}\n{two}\n##\n", one.len(), two.len())
    };
    let get = rpc("1", "<get-config><source><running/></source></get-config>");
    [hello, get, rpc("2", "<nonsense/>"), rpc("3", "<close-session/>")].concat()
}

/// Holds what came against what [`by_hand`] asks for.
///
/// # Panics
/// If it is anything else.
pub fn assert_answered(said: &str) {
    let mut frames = said.split("\n##\n");
    let first = frames.next().unwrap_or_default();
    let (hello, first) = first.split_once("]]>]]>").expect("a hello comes first");
    assert!(hello.contains("<session-id>") && hello.contains("netconf:base:1.1"), "{hello}");
    let echo =
        |id: &str| format!("<rpc-reply message-id=\"{id}\" xmlns=\"{BASE}\" xmlns:x=\"urn:x\" x:y=\"z\">");
    assert!(first.contains(&echo("1")) && first.contains("<data"), "{first}");
    let second = frames.next().unwrap_or_default();
    assert!(second.contains(&echo("2")) && second.contains("operation-not-supported"), "{second}");
    let third = frames.next().unwrap_or_default();
    assert!(third.contains(&echo("3")) && third.contains("<ok/>"), "{third}");
    assert_eq!(frames.next(), Some(""), "{said}");
}

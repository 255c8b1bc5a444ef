//! OpenSSH's own client, `ssh -s HOST netconf` (RFC 6242 section 3), against the quickstart's device: what people type who
//! have nothing else at hand.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use toolchain_tests::corpus::interop;
use toolchain_tests::quickstart::Quickstart;

const BASE: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";

/// What a client of NETCONF 1.1 sends by hand.
fn input() -> String {
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

/// Runs `ssh`, which asks `askpass` for the password, and gives what came and whether it says that all went well.
fn ssh(device: &Quickstart, askpass: &Path, method: &str, options: &[&str], input: &str) -> (String, bool) {
    let mut child = Command::new("ssh")
        .args(["-s", "-T", "-p", &device.port.to_string(), "-o", "StrictHostKeyChecking=no"])
        .args([
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "GlobalKnownHostsFile=/dev/null",
            "-F",
            "/dev/null",
        ])
        .args(["-o", &format!("PreferredAuthentications={method}"), "-o", "NumberOfPasswordPrompts=1"])
        .args(options)
        .args([&format!("{}@127.0.0.1", Quickstart::USER.0), "netconf"])
        .env("SSH_ASKPASS", askpass)
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

#[test]
fn ssh_with_the_subsystem_netconf() {
    if !interop() {
        return;
    }
    let device = Quickstart::serve();
    let directory = tempfile::tempdir().expect("a directory");
    let askpass = directory.path().join("askpass");
    std::fs::write(&askpass, format!("#!/bin/sh\necho {}\n", Quickstart::USER.1)).expect("a script");
    std::fs::set_permissions(&askpass, std::fs::Permissions::from_mode(0o700)).expect("its permissions");
    for (method, options) in [
        ("password", &[][..]),
        ("keyboard-interactive", &[]),
        // It is not offered, and OpenSSH does without.
        ("password", &["-o", "Compression=yes"]),
        // Keys anew after each 16 KiB.
        ("password", &["-o", "RekeyLimit=16K"]),
    ] {
        let (said, well) = ssh(&device, &askpass, method, options, &input());
        assert!(well, "{method}: {said}");
        let mut frames = said.split("\n##\n");
        let first = frames.next().unwrap_or_default();
        let (hello, first) = first.split_once("]]>]]>").expect("a hello comes first");
        assert!(hello.contains("<session-id>") && hello.contains("netconf:base:1.1"), "{hello}");
        let echo = |id: &str| {
            format!("<rpc-reply message-id=\"{id}\" xmlns=\"{BASE}\" xmlns:x=\"urn:x\" x:y=\"z\">")
        };
        assert!(first.contains(&echo("1")) && first.contains("<data>"), "{first}");
        let second = frames.next().unwrap_or_default();
        assert!(second.contains(&echo("2")) && second.contains("operation-not-supported"), "{second}");
        let third = frames.next().unwrap_or_default();
        assert!(third.contains(&echo("3")) && third.contains("<ok/>"), "{third}");
        assert_eq!(frames.next(), Some(""), "{said}");
    }
    // And who breaks the framing is cut off.
    let broken = input().replacen("\n#7\n", "\n#07\n", 1);
    let (said, _) = ssh(&device, &askpass, "password", &[], &broken);
    assert!(said.ends_with("]]>]]>") && !said.contains("rpc-reply"), "{said}");
}

//! Other people's clients against `cargo yang serve` on modules of the IETF: yangcli of yuma123, ncclient, and OpenSSH's `ssh`.
//! None of them knows of us.

mod common;

use common::served::Served;
use common::{code, stderr, stdout};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use toolchain_tests::corpus::{corpus, interop, skipped};
use toolchain_tests::ncclient;
use toolchain_tests::openssh::{Ssh, assert_answered, by_hand};
use toolchain_tests::process::output_of;
use toolchain_tests::sshd::{Keys, Sshd};

/// A module of YANG 1 that no client has: the hello names it, and it is fetched from the server.
const BOX: &str = "module box { namespace 'urn:box'; prefix b; revision 2026-01-01; feature lid;
  container box { leaf width { type uint8 { range '1..100'; } } leaf open { if-feature lid; type empty; }
    list item { key name; leaf name { type string; } leaf colour { type string; default red; } } }
  rpc shake { input { leaf times { type uint8; } } } }";

/// A directory for a server; nothing if these tests do not run.
fn place() -> Option<tempfile::TempDir> {
    if !interop() {
        return None;
    }
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("box.yang"), BOX).unwrap();
    Some(directory)
}

fn serve(at: &Path, more: &[&str]) -> Served {
    let ietf = corpus().expect("the corpus").join("yang/ietf");
    let models = ["box.yang", "ietf-interfaces", "ietf-ip", "iana-if-type", "ietf-system"];
    let path = ["-p", ietf.to_str().unwrap()];
    Served::with_password(at, &[&path, &models[..], more].concat())
}

/// Runs a script of yangcli's and gives what it says. It ends at the first error, as it does for users; its exit code says nothing.
fn yangcli(at: &Path, served: &Served, login: &[String], script: &str) -> String {
    std::fs::write(at.join("script"), script).unwrap();
    let mut command = Command::new("yangcli");
    command
        .args(["--batch-mode", "--server=127.0.0.1", "--user=admin", "--display-mode=xml"])
        .arg(format!("--ncport={}", served.port()))
        .arg(format!("--run-script={}", at.join("script").display()))
        // Nothing of the user's, and nothing that stays.
        .args(["--autohistory=false", "--autoaliases=false", "--autouservars=false"])
        .args(login)
        .env("HOME", at)
        .env("YUMA_HOME", at)
        .stdin(Stdio::null());
    output_of(&mut command)
}

fn by_password() -> Vec<String> {
    vec!["--password=secret".to_owned()]
}

/// These parts are in a text, in this order.
fn assert_in_order(said: &str, parts: &[&str]) {
    let mut rest = said;
    for part in parts {
        let Some(at) = rest.find(part) else { panic!("no {part:?} where it should be in\n{said}") };
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn yangcli_drives_it() {
    let Some(directory) = place() else { return };
    let served = serve(directory.path(), &[]);
    let script = "\
mgrload module=ietf-interfaces
get-schema identifier=box version=2026-01-01 format=yang
lock target=candidate
create /interfaces/interface[name='eth0'] -- type=iana-if-type:ethernetCsmacd
create /box/item[name='a'] -- colour=blue
merge /box/width value=100
validate source=candidate
commit
unlock target=candidate
sget-config source=running /box
xget-config source=running /interfaces/interface[name='eth0']/type
get-config source=running with-defaults=report-all
delete /box/item[name='a']
discard-changes
replace /box/item[name='a'] -- colour=green
save
get-config source=running
delete /interfaces/interface[name='eth0']
save
get-config source=running
copy-config source=running target=candidate
close-session
";
    let said = yangcli(directory.path(), &served, &by_password(), script);
    assert_in_order(
        &said,
        &[
            "NETCONF session established for admin",
            "confirmed-commit:1.1",
            "box@2026-01-01",
            "lid",
            "ietf-system@",
            "Protocol version set to: RFC 6241 (base:1.1)",
            "container box {",
            "<width>100</width>",
            "<colour>blue</colour>",
            "ethernetCsmacd</type>",
            // report-all, which yangcli knows of by the module ietf-netconf-with-defaults.
            "<enabled>true</enabled>",
            "RPC OK Reply",
            "<colour>green</colour>",
            "<name>eth0</name>",
            "<colour>green</colour>",
        ],
    );
    let (_, last) = said.rsplit_once("<colour>green</colour>").unwrap();
    assert!(!last.contains("eth0"), "it was deleted: {said}");
    assert!(!said.contains("RPC Error") && !said.contains("canceled"), "{said}");

    for (script, parts) in [
        (
            "create /box/item[name='a']\n",
            &["<error-tag>data-exists</error-tag>", "/b:box/b:item[b:name='a']"][..],
        ),
        ("delete /box/item[name='x']\n", &["<error-tag>data-missing</error-tag>", "b:name='x'"]),
        ("shake times=4\n", &["<error-tag>operation-not-supported</error-tag>"]),
        ("get-schema identifier=nothing\n", &["<error-tag>invalid-value</error-tag>"]),
        ("kill-session session-id=4711\n", &["<error-tag>invalid-value</error-tag>"]),
        ("cancel-commit\n", &["<error-tag>operation-failed</error-tag>"]),
        ("unlock target=running\n", &["<error-tag>operation-failed</error-tag>"]),
        (
            "xget /netconf-state/sessions\nxget /netconf-state/statistics\n",
            &["netconf-ssh", "<username>admin</username>", "<in-rpcs>", "<in-sessions>"],
        ),
        (
            // Replies come between notifications, or behind them.
            "create-subscription startTime=2020-01-01T00:00:00Z\nxget /netconf/streams\nget-config source=running\n",
            &["netconf-session-start", "replayComplete"],
        ),
        ("xget /netconf/streams\n", &["<replaySupport>true</replaySupport>"]),
        // What one session has begun in the candidate keeps others from locking it (RFC 6241 section 7.5).
        ("merge /box/width value=7\n", &["RPC OK"]),
        ("lock target=candidate\n", &["<error-tag>lock-denied</error-tag>", "<session-id>0</session-id>"]),
    ] {
        let said = yangcli(directory.path(), &served, &by_password(), script);
        assert_in_order(&said, parts);
    }
    let wrong = yangcli(directory.path(), &served, &["--password=wrong".to_owned()], "get\n");
    assert!(!wrong.contains("session established"), "{wrong}");
    served.stop();
}

/// By keys as libssh2 reads and signs with them.
#[test]
fn yangcli_logs_in_with_keys() {
    let Some(directory) = place() else { return };
    let at = |name: &str| directory.path().join(name);
    let mut listed = String::new();
    for kind in ["ed25519", "ecdsa", "rsa"] {
        let mut keygen = Command::new("ssh-keygen");
        output_of(keygen.args(["-q", "-t", kind, "-N", "", "-f"]).arg(at(kind)));
        listed.push_str(&std::fs::read_to_string(at(&format!("{kind}.pub"))).unwrap());
    }
    std::fs::write(at("keys"), listed).unwrap();
    let served = serve(directory.path(), &["--authorized-keys", "keys", "--in-memory"]);
    for kind in ["ed25519", "ecdsa", "rsa"] {
        let key = at(kind).display().to_string();
        let login =
            [format!("--private-key={key}"), format!("--public-key={key}.pub"), "--password=wrong".into()];
        let said = yangcli(directory.path(), &served, &login, "get-config source=running\n");
        assert_in_order(&said, &["NETCONF session established for admin", "RPC Data Reply"]);
    }
    served.stop();
}

#[test]
fn ncclient_drives_it() {
    let Some(directory) = place() else { return };
    let served = serve(directory.path(), &[]);
    let said = ncclient::dialogue(served.port(), "admin", "secret", &[]);
    for part in [
        "confirmed commits",
        "with-defaults",
        "get-schema, of each module",
        "netconf-state",
        "replay",
        "kill-session",
    ] {
        assert!(said.contains(part), "no {part} in {said}");
    }
    assert!(!said.contains("make-toast"), "{said}");
    served.stop();
}

#[test]
fn ssh_with_the_subsystem_netconf() {
    let Some(directory) = place() else { return };
    let served = serve(directory.path(), &[]);
    let ssh = Ssh::new(served.port(), "admin", "secret");
    for method in ["password", "keyboard-interactive"] {
        let (said, well) = ssh.run(method, &[], &by_hand());
        assert!(well, "{method}: {said}");
        assert_answered(&said);
    }
    served.stop();
}

/// Our client by way of OpenSSH's server: what the command has for sshd's `Subsystem` carries a session to the server's socket, which learns
/// the user from the kernel.
#[test]
fn behind_sshd_as_its_subsystem() {
    let Some(directory) = place() else { return };
    let socket = directory.path().join("socket");
    let served =
        Served::start(directory.path(), &["box.yang", "--unix", socket.to_str().unwrap(), "--in-memory"]);
    let subsystem =
        format!("{} yang netconf-subsystem {}", env!("CARGO_BIN_EXE_cargo-yang"), socket.display());
    let sshd = Sshd::start(Keys::make(), &subsystem, "");
    let nc = |verb: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
        let known = sshd.directory.join("known_hosts");
        command
            .args(["yang", "nc", "--accept-new", "--known-hosts"])
            .arg(known)
            .arg("-i")
            .arg(&sshd.user_key);
        command.arg(format!("ssh://{}@127.0.0.1:{}", sshd.user, sshd.port)).args(verb);
        output_of(command.env_remove("SSH_AUTH_SOCK").env("HOME", directory.path()))
    };
    let edit = directory.path().join("edit.xml");
    // Larger than a pipe or a window takes at once, both ways.
    let items: String =
        (0..20_000).map(|n| format!("<item><name>{n}</name><colour>blue</colour></item>")).collect();
    std::fs::write(&edit, format!("<box xmlns='urn:box'>{items}</box>")).unwrap();
    assert_eq!(nc(&["edit-config", "--commit", edit.to_str().unwrap()]), "ok\n");
    assert_eq!(nc(&["get-config"]).matches("<colour>blue</colour>").count(), 20_000);
    served.stop();
    drop(sshd);
}

/// keyboard-interactive as OpenSSH's server does it: the questions are PAM's. PAM reads its services from one directory alone, so this
/// is for root.
#[test]
fn the_questions_of_pam() {
    let Some(directory) = place() else { return };
    let keys = Keys::make();
    if keys.user != "root" || !Path::new("/etc/pam.d").is_dir() {
        return skipped("PAM is configured by root alone");
    }
    let at = |name: &str| directory.path().join(name);
    let check = at("check");
    // It gets what was answered on its standard input, which ends with a zero byte.
    std::fs::write(&check, "#!/bin/sh\n[ \"$(tr -d '\\000')\" = sesame ]\n").unwrap();
    std::fs::set_permissions(&check, std::fs::Permissions::from_mode(0o755)).unwrap();
    let service = PamService::new(&format!(
        "auth required pam_exec.so expose_authtok quiet {}\nauth required pam_permit.so\naccount required pam_permit.so\nsession required pam_permit.so\n",
        check.display()
    ));
    let program = at(&service.name);
    std::os::unix::fs::symlink("/usr/sbin/sshd", &program).unwrap();
    let socket = at("socket");
    let served =
        Served::start(directory.path(), &["box.yang", "--unix", socket.to_str().unwrap(), "--in-memory"]);
    let subsystem =
        format!("{} yang netconf-subsystem {}", env!("CARGO_BIN_EXE_cargo-yang"), socket.display());
    let more = "UsePAM yes\nKbdInteractiveAuthentication yes\nPermitRootLogin yes\nAuthenticationMethods keyboard-interactive\n";
    let sshd = Sshd::start_as(&program, keys, &subsystem, more);
    let hello = |password: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
        let known = sshd.directory.join("known_hosts");
        command.args(["yang", "nc", "--accept-new", "--known-hosts"]).arg(known);
        command.arg(format!("ssh://{}@127.0.0.1:{}", sshd.user, sshd.port)).arg("hello");
        command.env("NETCONF_PASSWORD", password).env("HOME", directory.path()).env_remove("SSH_AUTH_SOCK");
        command.stdin(Stdio::null()).output().unwrap()
    };
    let well = hello("sesame");
    let log = std::fs::read_to_string(sshd.directory.join("sshd.log")).unwrap_or_default();
    assert_eq!(code(&well), 0, "{}\n{log}", stderr(&well));
    assert!(stdout(&well).contains("NETCONF 1.1"), "{}", stdout(&well));
    let wrong = hello("barley");
    assert_eq!(code(&wrong), 2);
    assert!(stderr(&wrong).contains("login refused for root"), "{}", stderr(&wrong));
    served.stop();
}

/// A service of PAM, gone with this.
struct PamService {
    name: String,
}

impl PamService {
    fn new(rules: &str) -> Self {
        let service = Self { name: format!("sshd-yang-test-{}", std::process::id()) };
        std::fs::write(service.path(), rules).unwrap();
        service
    }

    fn path(&self) -> std::path::PathBuf {
        Path::new("/etc/pam.d").join(&self.name)
    }
}

impl Drop for PamService {
    fn drop(&mut self) {
        _ = std::fs::remove_file(self.path());
    }
}

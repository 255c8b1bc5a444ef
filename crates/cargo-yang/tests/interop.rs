//! Other people's clients against `cargo yang serve` on modules of the IETF: yangcli of yuma123, ncclient, and OpenSSH's `ssh`.
//! None of them knows of us.

mod common;

use common::served::Served;
use std::path::Path;
use std::process::{Command, Stdio};
use toolchain_tests::corpus::{corpus, interop};
use toolchain_tests::ncclient;
use toolchain_tests::openssh::{Ssh, assert_answered, by_hand};
use toolchain_tests::process::output_of;

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
    for part in ["confirmed commits", "with-defaults", "get-schema, of each module", "kill-session"] {
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

//! `cargo yang sdk` of a device: its modules by get-schema, its features and deviations as it says them.

mod common;

use common::served::Served;
use common::{code, scaffold, stderr};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use toolchain_tests::corpus::corpus;

const BOX: &str = "module acme-box { yang-version 1.1; namespace urn:acme:box; prefix b;
  import acme-types { prefix t; } include acme-box-lid; revision 2026-01-01;
  feature wheels; feature doors;
  container box {
    leaf size { type t:size; }
    leaf label { type string; }
    leaf wheels { if-feature wheels; type uint8; }
    leaf doors { if-feature doors; type uint8; }
    uses lid;
  }
  rpc shake; }";

const LID: &str =
    "submodule acme-box-lid { yang-version 1.1; belongs-to acme-box { prefix b; } revision 2026-01-02;
  grouping lid { leaf lid { type boolean; } } }";

const TYPES: &str = "module acme-types { namespace urn:acme:types; prefix t; revision 2026-01-03;
  typedef size { type uint8 { range 1..9; } } }";

const DEVIATION: &str = "module acme-box-here { yang-version 1.1; namespace urn:acme:here; prefix h;
  import acme-box { prefix b; } revision 2026-01-04;
  deviation /b:box/b:label { deviate not-supported; } }";

const OTHER: &str = "module acme-other { namespace urn:acme:other; prefix o; revision 2026-01-05; leaf other { type string; } }";

/// A device with these modules.
fn device(at: &Path) -> Served {
    fs::create_dir_all(at.join("models")).unwrap();
    for (name, text) in [
        ("acme-box@2026-01-01", BOX),
        ("acme-box-lid@2026-01-02", LID),
        ("acme-types@2026-01-03", TYPES),
        ("acme-box-here@2026-01-04", DEVIATION),
        ("acme-other@2026-01-05", OTHER),
    ] {
        fs::write(at.join("models").join(format!("{name}.yang")), text).unwrap();
    }
    let models = ["-p", "models", "acme-box", "acme-other", "--features", "acme-box:wheels"];
    let more = ["--deviation", "acme-box-here", "--in-memory"];
    Served::with_password(at, &[&models[..], &more].concat())
}

fn sdk(at: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
    command.args(["yang", "sdk"]).args(arguments).current_dir(at).stdin(Stdio::null());
    command.env("HOME", at).env("NETCONF_PASSWORD", "secret").env_remove("SSH_AUTH_SOCK").output().unwrap()
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_crate_of_a_device() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let served = device(at);
    let target = format!("ssh://admin@127.0.0.1:{}", served.port());
    let output = sdk(at, &[&target, "--accept-new", "--name", "acme"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));

    // The modules as the device has them, those that others need and submodules included.
    let root = at.join("acme");
    let yang = names(&root.join("yang"));
    for file in [
        "acme-box@2026-01-01",
        "acme-box-lid@2026-01-02",
        "acme-types@2026-01-03",
        "acme-box-here@2026-01-04",
    ] {
        assert!(yang.contains(&format!("{file}.yang")), "{file} in {yang:?}");
    }
    assert_eq!(fs::read_to_string(root.join("yang/acme-box@2026-01-01.yang")).unwrap(), BOX);
    let rust = fs::read_to_string(root.join("src/acme_box.gen.rs")).unwrap();
    assert!(rust.contains("pub wheels:") && rust.contains("pub lid:"), "{rust}");
    assert!(!rust.contains("pub doors:"), "a feature that is off");
    assert!(!rust.contains("pub label:"), "a deviation");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("deviations = [\"acme-box-here\"]"), "{manifest}");
    assert!(fs::read_to_string(root.join("README.md")).unwrap().contains("cargo yang sdk yang"));
    served.stop();

    // Without the device, the same comes of what is kept of it.
    let output = sdk(at, &["acme/yang", "--name", "acme", "--out", "acme"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("0 of them changed"), "{}", stderr(&output));

    // The device has other modules one day; what is its owner's stays.
    fs::write(root.join("yang/mine.txt"), "mine").unwrap();
    let changed = OTHER.replace("2026-01-05", "2026-06-01").replace("leaf other", "leaf another");
    fs::remove_file(at.join("models/acme-other@2026-01-05.yang")).unwrap();
    fs::write(at.join("models/acme-other@2026-06-01.yang"), changed).unwrap();
    let models = ["-p", "models", "acme-box", "acme-other", "--features", "acme-box:doors", "--in-memory"];
    let served = Served::with_password(at, &models);
    let target = format!("ssh://admin@127.0.0.1:{}", served.port());
    let output = sdk(at, &[&target, "--accept-new", "--name", "acme"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("gone") && stderr(&output).contains("add "), "{}", stderr(&output));
    let yang = names(&root.join("yang"));
    assert!(yang.contains(&"mine.txt".to_owned()) && yang.contains(&"acme-other@2026-06-01.yang".to_owned()));
    assert!(
        !yang.iter().any(|f| f == "acme-other@2026-01-05.yang" || f.starts_with("acme-box-here")),
        "{yang:?}"
    );
    let rust = fs::read_to_string(root.join("src/acme_box.gen.rs")).unwrap();
    assert!(
        rust.contains("pub doors:") && rust.contains("pub label:") && !rust.contains("pub wheels:"),
        "{rust}"
    );

    // Of one module of it.
    let output = sdk(at, &[&target, "acme-box", "--name", "small"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let rust = names(&at.join("small/src"));
    assert!(
        rust.contains(&"acme_box.gen.rs".to_owned()) && !rust.iter().any(|f| f.contains("other")),
        "{rust:?}"
    );
    let text = fs::read_to_string(at.join("small/src/acme_box.gen.rs")).unwrap();
    assert!(!text.contains("pub wheels:"), "its features are the device's");
    served.stop();
}

#[test]
fn what_cannot_be_made_of_a_device() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    let served = device(at);
    let target = format!("ssh://admin@127.0.0.1:{}", served.port());
    let refused = |arguments: &[&str], words: &[&str]| {
        let output = sdk(at, &[arguments, &["--accept-new", "--name", "acme"]].concat());
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stderr(&output));
        for word in words {
            assert!(stderr(&output).contains(word), "{arguments:?}: no {word:?} in {}", stderr(&output));
        }
        assert!(!at.join("acme").exists(), "{arguments:?}");
    };
    refused(&["ssh://admin@127.0.0.1:1"], &["ssh://admin@127.0.0.1:1", "refused"]);
    refused(&["http://127.0.0.1"], &["http", "ssh://", "tls://", "unix:"]);
    refused(&[&target, &target], &["one device"]);
    refused(&[&target, "./models"], &["./models", "-p"]);
    refused(&["ssh://eve@127.0.0.1:1", "x.yang"], &["x.yang"]);
    let output = sdk(at, &[&target, "nothing", "--accept-new", "--name", "acme"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stderr(&output).contains("no module `nothing`"), "{}", stderr(&output));
    // What came of the device is there to be looked at.
    assert!(at.join("acme/yang/acme-box@2026-01-01.yang").is_file() && !at.join("acme/Cargo.toml").exists());
    served.stop();
}

/// What this device has not of IETF's modules, and has otherwise.
const HERE: &str = "module acme-deviations { yang-version 1.1; namespace urn:acme:deviations; prefix d;
  import ietf-interfaces { prefix if; } import ietf-ip { prefix ip; } revision 2026-01-06;
  deviation /if:interfaces/if:interface/ip:ipv6 { deviate not-supported; }
  deviation /if:interfaces/if:interface/if:description { deviate replace { type string { length 1..64; } } } }";

/// All of it, with modules that people have: a device of IETF's, asked by SSH, becomes a crate that compiles, which has what the device has.
#[test]
fn the_crate_of_a_device_with_ietfs_modules_compiles() {
    let Some(corpus) = corpus().filter(|_| scaffold::wanted()) else { return };
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    fs::create_dir(at.join("here")).unwrap();
    fs::write(at.join("here/acme-deviations@2026-01-06.yang"), HERE).unwrap();
    let ietf = corpus.join("yang/ietf").display().to_string();
    let iana = corpus.join("yang/iana").display().to_string();
    let served = Served::with_password(
        at,
        &[
            "-p",
            "here",
            "-p",
            &ietf,
            "-p",
            &iana,
            "ietf-interfaces",
            "ietf-ip",
            "ietf-system",
            "ietf-netconf-acm",
            "iana-if-type",
            "--features",
            "ietf-interfaces:pre-provisioning",
            "--features",
            "ietf-ip:",
            "--features",
            "ietf-system:ntp,timezone-name",
            "--deviation",
            "acme-deviations",
            "--in-memory",
        ],
    );
    let target = format!("ssh://admin@127.0.0.1:{}", served.port());
    let output = sdk(at, &[&target, "--accept-new", "--name", "acme-router"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    served.stop();
    let root = at.join("acme-router");
    // Its owner's code names what there is; what there is not would not compile.
    fs::write(
        root.join("examples/here.rs"),
        "use acme_router::{ietf_interfaces, ietf_system};\n\n\
         fn main() {\n    let mut interface = ietf_interfaces::interfaces::Interface::default();\n    \
         interface.description = Some(String::from(\"x\"));\n    let ietf_interfaces::interfaces::Interface { ietf_ip__ipv4: _, .. } = interface;\n    \
         let ietf_system::System { ntp: _, clock: _, .. } = ietf_system::System::default();\n}\n",
    )
    .unwrap();
    let text = |file: &str| fs::read_to_string(root.join("src").join(file)).unwrap();
    // Of configuration, and not of the state beside it.
    assert_eq!(text("ietf_interfaces.gen.rs").matches("pub ietf_ip__ipv6: ").count(), 1, "a deviation");
    assert!(!text("ietf_system.gen.rs").contains("pub radius:"), "a feature that is off");
    scaffold::check(&root, "all,ssh,serde");
}

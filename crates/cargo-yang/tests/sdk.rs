//! A crate as `cargo yang sdk` makes it: what is in it, that it compiles with each of its features alone, and that it is
//! made anew without harm to what is its owner's.

mod common;

use common::{code, scaffold, stderr};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// One module that others augment, and whose identities others know more of.
const BASE: &str = "module acme-base {
  yang-version 1.1; namespace urn:acme:base; prefix b; revision 2026-01-01;
  identity colour; identity red { base colour; }
  typedef size { type enumeration { enum small; enum large; } }
  container boxes {
    list box {
      key name;
      leaf name { type string; }
      leaf size { type size; }
      leaf colour { type identityref { base colour; } }
      choice closed-by { leaf lid { type empty; } }
    }
  }
  rpc open { input { leaf name { type string; } } }
}";

const MORE: &str = "module acme-more {
  yang-version 1.1; namespace urn:acme:more; prefix m;
  import acme-base { prefix b; }
  revision 2026-02-01;
  identity green { base b:colour; }
  grouping handle { leaf width { type uint8; } leaf size { type b:size; } }
  augment /b:boxes/b:box {
    container handle { uses handle; action turn { input { leaf times { type uint8; } } } notification torn; }
    leaf-list label { type string; }
  }
  augment /b:boxes/b:box/b:closed-by { case by-tape { container tape { leaf length { type uint8; } } } }
  augment /b:open/b:input { leaf hard { type boolean; } container tools { leaf knife { type b:size; } } }
  container rooms { list room { key number; leaf number { type uint8; } uses handle; } }
  notification opened { leaf name { type string; } }
}";

struct Place {
    _directory: tempfile::TempDir,
    root: PathBuf,
}

fn place(modules: &[(&str, &str)]) -> Place {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("yang")).unwrap();
    for (name, text) in modules {
        fs::write(directory.path().join("yang").join(name), text).unwrap();
    }
    Place { root: directory.path().to_path_buf(), _directory: directory }
}

fn sdk(root: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
    command.args(["sdk", "yang", "--name", "acme-boxes-sdk"]).args(more).current_dir(root).output().unwrap()
}

#[test]
fn the_crate_has_a_feature_for_each_module() {
    let place = place(&[("acme-base.yang", BASE), ("acme-more.yang", MORE)]);
    let output = sdk(&place.root, &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let root = place.root.join("acme-boxes-sdk");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    for line in [
        "name = \"acme-boxes-sdk\"",
        "    \"acme-base@2026-01-01\",",
        "acme-base = []",
        "acme-more = [\"acme-base\"]",
    ] {
        assert!(manifest.lines().any(|l| l == line), "{line}\n{manifest}");
    }
    for file in ["README.md", "src/lib.rs", "src/yang.gen.rs", "src/acme_base.gen.rs", "examples/read.rs"] {
        assert!(root.join(file).is_file(), "{file}");
    }
}

#[test]
fn made_anew_it_leaves_alone_what_is_its_owners() {
    let place = place(&[("acme-base.yang", BASE)]);
    assert_eq!(code(&sdk(&place.root, &[])), 0);
    let root = place.root.join("acme-boxes-sdk");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let mine = manifest.replace("0.1.0", "7.0.0");
    fs::write(root.join("Cargo.toml"), &mine).unwrap();
    fs::write(place.root.join("yang/acme-more.yang"), MORE).unwrap();

    let output = sdk(&place.root, &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(fs::read_to_string(root.join("Cargo.toml")).unwrap(), mine);
    assert!(root.join("src/acme_more.gen.rs").is_file());
    // It says what its owner has to do.
    assert!(stderr(&output).contains("add     acme-more = [\"acme-base\"]"), "{}", stderr(&output));
}

#[test]
fn what_cannot_be_made_is_told() {
    let place = place(&[("serde.yang", "module serde { namespace urn:s; prefix s; leaf a { type int8; } }")]);
    let output = sdk(&place.root, &[]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("feature"), "{}", stderr(&output));
    fs::write(place.root.join("yang/serde.yang"), "module serde { }").unwrap();
    assert_eq!(code(&sdk(&place.root, &[])), 1);
    assert!(!place.root.join("acme-boxes-sdk").exists());
}

/// What is the same in two crates is made in one of them.
const TOP: &str = "module acme-top {
  yang-version 1.1; namespace urn:acme:top; prefix t; import acme-base { prefix b; } revision 2026-03-01;
  container shelf { leaf size { type b:size; } leaf colour { type identityref { base b:colour; } } }
}";

/// A crate for the base, and one on top of it.
fn two_crates(place: &Place) -> [PathBuf; 2] {
    let output = sdk(&place.root, &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    fs::create_dir(place.root.join("more")).unwrap();
    fs::write(place.root.join("more/acme-top.yang"), TOP).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
    let arguments = ["sdk", "-p", "yang", "more", "--name", "acme-top-sdk", "--extern", "acme-boxes-sdk"];
    let output = command.args(arguments).current_dir(&place.root).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    [place.root.join("acme-boxes-sdk"), place.root.join("acme-top-sdk")]
}

#[test]
fn a_crate_on_top_of_another_makes_its_own_modules_alone() {
    let place = place(&[("acme-base.yang", BASE), ("acme-more.yang", MORE)]);
    let [base, top] = two_crates(&place);
    let root = fs::read_to_string(top.join("src/yang.gen.rs")).unwrap();
    assert!(root.contains("pub use acme_boxes_sdk::acme_base;"), "{root}");
    assert!(!top.join("src/acme_base.gen.rs").exists());
    let manifest = fs::read_to_string(top.join("Cargo.toml")).unwrap();
    let base = base.canonicalize().unwrap();
    let line = format!(
        "acme-boxes-sdk = {{ path = {:?}, default-features = false, features = [\"acme-base\"] }}",
        base.display().to_string()
    );
    assert!(manifest.lines().any(|l| l == line), "{line} in {manifest}");
    assert!(manifest.lines().any(|l| l == "acme-top = []"), "{manifest}");
    // What was not made by `sdk` is no such crate.
    fs::write(base.join("Cargo.toml"), "[package]\nname = \"x\"\n").unwrap();
    let output = sdk(&place.root, &["--extern", "acme-boxes-sdk"]);
    assert!(code(&output) != 0 && stderr(&output).contains("was not made by"), "{}", stderr(&output));
}

/// It compiles against the toolchain, so it runs only where `SCAFFOLD=1` asks for it, as `.ci/run` does.
#[test]
fn the_crate_compiles_with_each_of_its_features() {
    if !scaffold::wanted() {
        return;
    }
    let place = place(&[("acme-base.yang", BASE), ("acme-more.yang", MORE)]);
    let [base, top] = two_crates(&place);
    let of_base = ["all,ssh,serde", "acme-base", "acme-more", ""].map(|features| (&base, features));
    for (root, features) in of_base.into_iter().chain([(&top, "all,serde"), (&top, "")]) {
        scaffold::check(root, features);
    }
}

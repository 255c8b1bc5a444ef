//! A project as `cargo yang new` makes it: it compiles, its server answers and its own test passes.
//!
//! It compiles the toolchain once more, so it runs only where `SCAFFOLD=1` asks for it, as `.ci/run` does.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
#[allow(clippy::print_stderr, reason = "says that it was skipped")]
fn the_project_passes_its_own_test() {
    if std::env::var_os("SCAFFOLD").is_none_or(|v| v != "1") {
        eprintln!("skipped: SCAFFOLD=1 is not set");
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let dir = tempfile::tempdir().unwrap();
    // The name is of the test alone: its artifacts share a directory with those of the workspace.
    let project = dir.path().join("scaffolded-device");
    let made = Command::new(env!("CARGO_BIN_EXE_cargo-yang")).arg("new").arg(&project).status().unwrap();
    assert!(made.success());
    // The workspace's versions, which are there already.
    fs::copy(root.join("Cargo.lock"), project.join("Cargo.lock")).unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["test", "--offline"])
        .current_dir(&project)
        .env("CARGO_TARGET_DIR", target)
        // As in the workspace, so that the dependencies need not be compiled again.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_PROFILE_TEST_DEBUG", "0")
        .env("CARGO_PROFILE_DEV_BUILD_OVERRIDE_DEBUG", "false")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("test it_answers ... ok"), "{text}");
    assert!(!text.contains("warning: unused"), "{text}");
}

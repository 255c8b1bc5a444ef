//! Crates that the command makes, compiled as their owners compile them: against the toolchain, outside of the workspace.

use super::stderr;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Whether somebody asks for it, as `.ci/run` does: it takes long.
#[allow(clippy::print_stderr, reason = "says that it was skipped")]
pub(crate) fn wanted() -> bool {
    let wanted = std::env::var_os("SCAFFOLD").is_some_and(|v| v == "1");
    if !wanted {
        eprintln!("skipped: SCAFFOLD=1 is not set");
    }
    wanted
}

/// Checks a crate with some of its features, in the directory that its dependencies are compiled in already. Nothing is wrong, and there is
/// nothing to warn of.
pub(crate) fn check(root: &Path, features: &str) {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    // The workspace's versions.
    fs::copy(workspace.join("Cargo.lock"), root.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--all-targets", "--no-default-features", "--features", features])
        .current_dir(root)
        .env("CARGO_TARGET_DIR", target)
        // As in the workspace, so that the dependencies need not be compiled again.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_PROFILE_DEV_BUILD_OVERRIDE_DEBUG", "false")
        .output()
        .unwrap();
    let said = stderr(&output);
    assert!(output.status.success() && !said.contains("warning: "), "{features}: {said}");
}

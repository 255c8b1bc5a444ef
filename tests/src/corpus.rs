//! The corpus: real modules and conformance data that do not stand in this repository. `YANG_CORPUS` names its directory.

use std::path::{Path, PathBuf};

/// The corpus directory, or `None` after saying that the test is skipped.
pub fn corpus() -> Option<PathBuf> {
    match std::env::var_os("YANG_CORPUS") {
        Some(dir) => {
            let dir = PathBuf::from(dir);
            assert!(
                dir.join("yang").is_dir(),
                "YANG_CORPUS is {}, which has no directory yang",
                dir.display()
            );
            Some(dir)
        }
        None => {
            skipped("YANG_CORPUS does not name the corpus");
            None
        }
    }
}

/// Says on standard error why a test does nothing.
#[allow(clippy::print_stderr, reason = "the one voice of a test that is skipped")]
pub fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// Do the tests with other people's peers run? `INTEROP=1` says so; `.ci/run` sets it after installing the peers.
pub fn interop() -> bool {
    let on = std::env::var("INTEROP").is_ok_and(|v| v == "1");
    if !on {
        skipped("INTEROP=1 is not set (see .ci/run for the peers it needs)");
    }
    on
}

/// The top directory of this workspace.
pub fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The modules of the quickstart, written here.
pub fn quickstart_modules() -> PathBuf {
    workspace().join("examples/quickstart/yang")
}

/// Where the modules are that the compiler carries.
pub fn carried_modules() -> PathBuf {
    workspace().join("crates/yang-parser/yang")
}

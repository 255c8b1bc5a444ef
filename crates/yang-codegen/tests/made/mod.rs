//! Crates outside of the workspace, as users have them.
#![allow(dead_code, reason = "each test takes what it needs")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use yang_codegen::Config;

#[allow(clippy::print_stderr, reason = "says that it was skipped")]
pub(crate) fn skipped(variable: &str) -> bool {
    let missing = std::env::var_os(variable).is_none();
    if missing {
        eprintln!("skipped: {variable} is not set");
    }
    missing
}

pub(crate) fn corpus() -> Option<PathBuf> {
    (!skipped("YANG_CORPUS")).then(|| std::env::var_os("YANG_CORPUS").map(PathBuf::from))?
}

pub(crate) fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The models of the tests.
pub(crate) fn models() -> PathBuf {
    here().join("tests/models")
}

/// A crate with the profiles of the workspace and the versions of its dependencies.
pub(crate) struct Crate {
    directory: tempfile::TempDir,
}

impl Crate {
    pub(crate) fn new(name: &str) -> Self {
        Self::with(name, "", "")
    }

    /// With what else stands under `[dependencies]`, and under the tables behind it.
    pub(crate) fn with(name: &str, dependencies: &str, tables: &str) -> Self {
        let this = Self { directory: tempfile::tempdir().unwrap() };
        let root = here().join("../..");
        let workspace = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
        let profiles = &workspace[workspace.find("[profile.dev]").expect("the workspace has profiles")..];
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
             netconf-runtime = {{ path = {:?} }}\n{dependencies}\n\n{tables}\n\n{profiles}",
            root.join("crates/netconf-runtime").display()
        );
        this.write("Cargo.toml", manifest.as_bytes());
        this.write("src/lib.rs", b"");
        std::fs::copy(root.join("Cargo.lock"), this.path().join("Cargo.lock")).unwrap();
        this
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn write(&self, path: &str, content: &[u8]) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Generates into a directory of the crate; nothing of the model may be lost.
    pub(crate) fn generate(&self, directory: &str, config: Config) {
        let outcome = config.generate();
        let report = outcome.report.unwrap_or_default();
        for file in outcome.result.unwrap_or_else(|e| panic!("{directory}: {e}")) {
            self.write(&format!("{directory}/{}", file.path), &file.content);
        }
        for (kind, count) in report.kinds() {
            assert_eq!(count.schema, count.mapped, "{directory}: {kind}");
        }
    }

    fn run(&self, arguments: &[&str]) -> (Output, String) {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .arg("--offline")
            .current_dir(self.path())
            // Dependencies are shared with the workspace, as far as they are the same.
            .env("CARGO_TARGET_DIR", target)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        let text = text.into_owned();
        (output, text)
    }

    /// Runs cargo, and gives what it said. The crates deny warnings themselves; cargo's own are of profiles for packages that
    /// they do not have.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> String {
        let (output, text) = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {text}");
        text
    }

    /// Runs cargo, which must not succeed, and gives what it said.
    pub(crate) fn cargo_fails(&self, arguments: &[&str]) -> String {
        let (output, text) = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?} succeeded: {text}");
        text
    }
}

//! The workspace and what it depends on, as `cargo metadata` and `cargo tree` tell it.

use crate::corpus::workspace;
use crate::process::output_of;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::process::Command;

/// What `cargo metadata` says of one package.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it comes from; `None` for a package of this workspace.
    pub source: Option<String>,
    /// An SPDX licence expression.
    pub license: Option<String>,
    /// What it declares to depend on.
    pub dependencies: Vec<Dependency>,
}

/// A declared dependency.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// `None` for an ordinary one, else `dev` or `build`.
    pub kind: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// All packages that a build for this machine's platform uses, tests and build scripts included.
///
/// # Panics
/// If cargo does not answer.
pub fn packages() -> Vec<Package> {
    let version = output_of(Command::new(env!("CARGO")).arg("-vV"));
    let host = version.lines().find_map(|l| l.strip_prefix("host: ")).expect("cargo names its host");
    let text = output_of(
        cargo()
            .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
            .args(["--filter-platform", host]),
    );
    let metadata: Metadata = serde_json::from_str(&text).expect("what cargo metadata documents");
    metadata.packages
}

/// The packages that a package of this workspace is built with, itself included, as an application that depends on it
/// with these arguments (features) sees them: no tests, no build scripts, but with procedural macros.
///
/// # Panics
/// If cargo does not answer.
pub fn tree(package: &str, arguments: &[&str]) -> BTreeSet<String> {
    let text = output_of(
        cargo()
            .args(["tree", "--package", package, "--edges", "normal", "--prefix", "none"])
            .args(["--format", "{p}", "--locked"])
            .args(arguments),
    );
    let names: BTreeSet<String> = text
        .lines()
        .filter_map(|l| l.split(' ').next())
        .filter(|n| !n.is_empty())
        .map(str::to_owned)
        .collect();
    assert!(names.contains(package), "cargo tree said nothing of {package}:\n{text}");
    names
}

fn cargo() -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(workspace());
    command
}

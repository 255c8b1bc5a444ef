//! The floors of ARCHITECTURE.md: who may depend on whom, and what must not reach where.

use toolchain_tests::cargo::{packages, tree};

/// Each crate and the crates of this workspace that it may be built with (tests may use more).
const FLOORS: &[(&str, &[&str])] = &[
    ("yang-schema", &[]),
    ("yang-parser", &["yang-schema"]),
    ("yang-data", &["yang-schema"]),
    ("netconf-derive", &["yang-schema"]),
    ("yang-codegen", &["yang-schema", "yang-parser"]),
    ("netconf-runtime", &["yang-schema", "yang-data", "netconf-derive"]),
    ("cargo-yang", &["yang-schema", "yang-parser", "yang-data", "yang-codegen", "netconf-runtime"]),
];

#[test]
fn a_floor_stands_on_those_below_it() {
    let packages = packages();
    for (name, below) in FLOORS {
        let package =
            packages.iter().find(|p| p.name == *name).unwrap_or_else(|| panic!("no package {name}"));
        for dependency in package.dependencies.iter().filter(|d| d.kind.as_deref() != Some("dev")) {
            let ours = FLOORS.iter().any(|(other, _)| *other == dependency.name);
            assert!(
                !ours || below.contains(&dependency.name.as_str()),
                "{name} must not depend on {}",
                dependency.name
            );
        }
    }
}

/// Fails if one of `unwanted` (a name, or the beginning of one before `*`) is in the tree.
fn lacks(package: &str, arguments: &[&str], unwanted: &[&str]) {
    let tree = tree(package, arguments);
    for name in unwanted {
        let found = tree.iter().find(|have| match name.strip_suffix('*') {
            Some(start) => have.starts_with(start),
            None => have.as_str() == *name,
        });
        assert_eq!(found, None, "{package} {arguments:?} must be built without {name}");
    }
}

#[test]
fn types_alone_need_no_tokio_and_no_network() {
    lacks("netconf-runtime", &["--no-default-features"], &["tokio*", "russh*", "redb", "mio", "socket2"]);
    // The same tree with everything on does have them: the names above are the right ones.
    let full = tree("netconf-runtime", &["--all-features"]);
    for name in ["tokio", "russh", "redb"] {
        assert!(full.contains(name), "{name} is not what the full runtime uses");
    }
}

#[test]
fn a_client_carries_no_store() {
    lacks("netconf-runtime", &["--no-default-features", "--features", "client,ssh"], &["redb"]);
}

#[test]
fn the_compiler_never_reaches_a_device() {
    lacks("netconf-runtime", &["--all-features"], &["yang-parser", "yang-codegen"]);
    lacks("quickstart", &[], &["yang-parser", "yang-codegen"]);
}

#[test]
fn grammars_are_for_tests_alone() {
    for package in ["yang-parser", "cargo-yang"] {
        lacks(package, &["--all-features"], &["pest*"]);
    }
    // The names above are the right ones.
    let packages = packages();
    let parser = packages.iter().find(|p| p.name == "yang-parser").unwrap();
    let mut oracles = parser.dependencies.iter().filter(|d| d.name == "pest");
    assert!(oracles.any(|d| d.kind.as_deref() == Some("dev")), "the oracle of the lexer is made with pest");
}

#[test]
fn tokio_never_reaches_the_compiler() {
    for package in ["yang-schema", "yang-parser", "yang-data", "yang-codegen"] {
        lacks(package, &["--all-features"], &["tokio*", "russh*"]);
    }
}

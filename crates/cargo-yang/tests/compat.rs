//! `compat`, as a user calls it.

mod common;

use common::{code, stderr, stdout};
use std::fs;
use std::process::{Command, Output};

fn module(revision: &str, body: &str) -> String {
    format!("module box {{\n  namespace urn:box;\n  prefix b;\n  revision {revision};\n  {body}\n}}\n")
}

/// The two bodies in files of their own directories.
fn compared(old: &str, new: &str, more: &[&str]) -> Output {
    let dir = tempfile::tempdir().unwrap();
    for (name, revision, body) in [("old", "2025-01-01", old), ("new", "2026-01-01", new)] {
        fs::create_dir(dir.path().join(name)).unwrap();
        fs::write(dir.path().join(name).join("box.yang"), module(revision, body)).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
    command.args(["compat", "old", "new/box.yang"]).args(more).current_dir(dir.path()).output().unwrap()
}

#[test]
fn what_breaks_is_told_with_both_places() {
    let output = compared("leaf size { type int8; }", "leaf size { type int16; }", &[]);
    assert_eq!(code(&output), 1);
    let text = stdout(&output);
    assert!(text.contains("forbids"), "{text}");
    assert!(text.contains("/box:size: its type was int8 and is int16 [type-changed]"), "{text}");
    assert!(text.contains("new/box.yang:5:8, was old/box.yang:5:8"), "{text}");
    assert!(text.contains("a major step"), "{text}");
}

#[test]
fn what_keeps_to_the_rules_ends_with_0() {
    let output =
        compared("leaf size { type int8; }", "leaf size { type int8; } leaf colour { type string; }", &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("Allowed:") && text.contains("a minor step"), "{text}");

    let output = compared("leaf size { type int8; }", "leaf size { type int8; }", &[]);
    assert_eq!((code(&output), stdout(&output).trim()), (0, "nothing changed"));
}

#[test]
fn json_has_a_line_for_each_change_and_one_for_all() {
    let output = compared(
        "leaf size { type int8; must 'a'; }",
        "leaf size { type int8; must 'b'; }",
        &["--format", "json"],
    );
    assert_eq!(code(&output), 1);
    let lines: Vec<serde_json::Value> =
        stdout(&output).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let [change, all] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!(change["rule"], "must-changed");
    assert_eq!(change["verdict"], "unclear");
    assert_eq!((&change["old"]["file"], &change["old"]["line"]), (&"old/box.yang".into(), &5.into()));
    assert_eq!((&all["step"], &all["changes"], &all["breaking"]), (&"major".into(), &1.into(), &1.into()));
}

#[test]
fn models_with_errors_are_not_compared() {
    let output = compared("leaf size { type int8; }", "leaf size { type nothing; }", &[]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).is_empty());
    assert!(stderr(&output).contains("new/box.yang"), "{}", stderr(&output));
    let missing =
        Command::new(env!("CARGO_BIN_EXE_cargo-yang")).args(["compat", "a.yang", "b.yang"]).output();
    assert_eq!(code(&missing.unwrap()), 2);
}

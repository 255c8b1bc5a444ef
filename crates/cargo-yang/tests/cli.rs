//! The verbs as a user calls them: what they print, and how they end.

mod common;

use common::{code, stderr, stdout};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn cargo_yang(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-yang")).args(arguments).current_dir(directory).output().unwrap()
}

const GOOD: &str = "module good {
  yang-version 1.1;
  namespace urn:example:good;
  prefix g;
  feature extra;
  container box {
    leaf size { type uint8; }
    leaf colour { if-feature extra; type string; }
  }
  rpc open { input { leaf how { type string; } } }
}
";

const BAD: &str = "module bad {
  namespace urn:example:bad;
  prefix b;
  leaf a { tpye string; }
  leaf c { type int8 { range \"1..300\"; } }
}
";

fn models() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("good.yang"), GOOD).unwrap();
    fs::create_dir(dir.path().join("worse")).unwrap();
    fs::write(dir.path().join("worse/bad.yang"), BAD).unwrap();
    dir
}

#[test]
fn check_ends_with_0_where_nothing_is_wrong() {
    let dir = models();
    for arguments in [["check", "good.yang"], ["check", "."]] {
        if arguments[1] == "." {
            fs::remove_dir_all(dir.path().join("worse")).unwrap();
        }
        let output = cargo_yang(dir.path(), &arguments);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(stderr(&output).contains("1 module read: no errors"), "{}", stderr(&output));
    }
}

#[test]
fn a_module_is_found_on_the_search_path_also_by_cargo() {
    let dir = models();
    let output = cargo_yang(dir.path(), &["yang", "check", "-p", ".", "good"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

#[test]
fn check_shows_all_errors_with_their_lines_and_ends_with_1() {
    let dir = models();
    let output = cargo_yang(dir.path(), &["check", "worse/bad.yang"]);
    assert_eq!(code(&output), 1);
    let text = stderr(&output);
    for part in [
        "worse/bad.yang:4:12",
        "leaf a { tpye string; }",
        "did you mean `type`?",
        "worse/bad.yang:5",
        "1..300",
    ] {
        assert!(text.contains(part), "{part} in:\n{text}");
    }
}

#[test]
fn check_for_programs_is_one_object_a_line() {
    let dir = models();
    let output = cargo_yang(dir.path(), &["check", "--format", "json", "worse/bad.yang"]);
    assert_eq!(code(&output), 1);
    assert_eq!(stderr(&output), "");
    let text = stdout(&output);
    assert!(text.lines().count() >= 2, "{text}");
    for line in text.lines() {
        assert!(line.starts_with("{\"severity\":") && line.ends_with('}'), "{line}");
    }
    assert!(text.contains("\"line\":4,\"column\":12"), "{text}");
}

#[test]
fn what_cannot_be_read_and_what_is_said_wrong_ends_with_2() {
    let dir = models();
    for arguments in [
        &["check"][..],
        &["check", "nothing.yang"],
        &["check", "no/such/place"],
        &["check", "--features", "good", "good.yang"],
        &["check", "--format", "prose", "good.yang"],
        &["explain", "no-such-code"],
        &["fly"],
    ] {
        let output = cargo_yang(dir.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stderr(&output));
        assert!(!stderr(&output).is_empty());
    }
}

#[test]
fn features_are_on_unless_they_are_not_listed() {
    let dir = models();
    let tree = |arguments: &[&str]| stdout(&cargo_yang(dir.path(), arguments));
    assert!(tree(&["tree", "good.yang"]).contains("colour"));
    assert!(tree(&["tree", "--features", "good:extra", "good.yang"]).contains("colour"));
    assert!(!tree(&["tree", "--features", "good:", "good.yang"]).contains("colour"));
}

#[test]
fn tree_draws_as_rfc_8340_does() {
    let dir = models();
    let output = cargo_yang(dir.path(), &["tree", "good.yang"]);
    assert_eq!(code(&output), 0);
    let text = stdout(&output);
    assert!(text.starts_with("module: good\n  +--rw box\n     +--rw size?     uint8\n"), "{text}");
    let output = cargo_yang(dir.path(), &["tree", "worse/bad.yang"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (1, ""));
}

#[test]
fn gen_writes_what_changed_and_nothing_else() {
    let dir = models();
    let gen_ = ["gen", "good.yang", "--out", "out"];
    let output = cargo_yang(dir.path(), &gen_);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let root = fs::read_to_string(dir.path().join("out/yang.gen.rs")).unwrap();
    assert!(root.contains("#[path = \"good.gen.rs\"]\npub mod good;"), "{root}");
    let module = fs::read_to_string(dir.path().join("out/good.gen.rs")).unwrap();
    assert!(module.contains("pub struct Box_"), "{module}");
    fs::write(dir.path().join("out/mine.rs"), "// mine").unwrap();
    let output = cargo_yang(dir.path(), &gen_);
    assert!(stderr(&output).contains(" 0 of them changed"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(dir.path().join("out/mine.rs")).unwrap(), "// mine");

    // Standard output holds the report alone: a program may read it.
    let output = cargo_yang(dir.path(), &["gen", "good.yang", "--out", "out", "--report", "json"]);
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(report["kinds"]["container"], serde_json::json!({ "schema": 1, "mapped": 1 }));
    assert_eq!(report["nodes"]["schema"], report["nodes"]["mapped"]);
    assert_eq!(report["modules"][0]["name"], "good");
    let output = cargo_yang(dir.path(), &["gen", "good.yang", "--out", "out", "--report", "text"]);
    assert!(stdout(&output).contains("container              1         1\n"), "{}", stdout(&output));

    // On top of another crate.
    let top = "module top { namespace urn:top; prefix t; import good { prefix g; } leaf a { type string; } }";
    fs::write(dir.path().join("top.yang"), top).unwrap();
    let arguments = ["gen", "top.yang", "--out", "top", "--visibility", "pub(crate)"];
    let output = cargo_yang(dir.path(), &[&arguments[..], &["--extern", "base::yang=good"]].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let root = fs::read_to_string(dir.path().join("top/yang.gen.rs")).unwrap();
    assert!(root.contains("pub(crate) use base::yang::good;"), "{root}");
    assert!(root.contains("pub(crate) mod top;"), "{root}");
    let output = cargo_yang(dir.path(), &[&arguments[..], &["--extern", "base"]].concat());
    assert!(code(&output) != 0 && stderr(&output).contains("--extern base: write"), "{}", stderr(&output));

    let output = cargo_yang(dir.path(), &["gen", "worse/bad.yang", "--out", "bad"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("worse/bad.yang:4:12"), "{}", stderr(&output));
    assert!(!dir.path().join("bad").exists());
}

#[test]
fn fmt_writes_in_place_and_check_only_looks() {
    let dir = models();
    let path = dir.path().join("good.yang");
    let check = |code_: i32| {
        let output = cargo_yang(dir.path(), &["fmt", "--check", "good.yang"]);
        assert_eq!(code(&output), code_, "{}", stderr(&output));
        stdout(&output)
    };
    assert_eq!(check(1), "good.yang\n");
    assert_eq!(fs::read_to_string(&path).unwrap(), GOOD);
    let output = cargo_yang(dir.path(), &["fmt", "."]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("    leaf size {\n      type uint8;\n    }\n"), "{text}");
    assert_eq!(check(0), "");
    let bad = fs::read_to_string(dir.path().join("worse/bad.yang")).unwrap();
    assert!(
        bad.contains("  leaf a {\n    tpye string;\n"),
        "made of statements, so it can be printed: {bad}"
    );

    fs::write(&path, "module good {").unwrap();
    let output = cargo_yang(dir.path(), &["fmt", "good.yang"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("the file ends inside of `module`"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(&path).unwrap(), "module good {");
    assert_eq!(code(&cargo_yang(dir.path(), &["fmt", "nothing.yang"])), 2);
}

#[test]
fn fmt_leaves_yin_alone() {
    let dir = tempfile::tempdir().unwrap();
    let yin = "<module name='m' xmlns='urn:ietf:params:xml:ns:yang:yin:1'><namespace uri='urn:m'/><prefix value='m'/></module>";
    fs::write(dir.path().join("m.yin"), yin).unwrap();
    let output = cargo_yang(dir.path(), &["fmt", "m.yin"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("cargo yang yin --to yang m.yin"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(dir.path().join("m.yin")).unwrap(), yin);
}

#[test]
fn fmt_reads_standard_input() {
    use std::io::Write as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-yang"))
        .args(["fmt", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"leaf a{type string;}").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), stdout(&output).as_str()), (0, "leaf a {\n  type string;\n}\n"));
}

#[test]
fn yin_is_written_read_and_checked() {
    let dir = models();
    let output = cargo_yang(dir.path(), &["yin", "good.yang"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(
        stdout(&output).contains("  <container name=\"box\">\n    <leaf name=\"size\">\n"),
        "{}",
        stdout(&output)
    );
    fs::create_dir(dir.path().join("xml")).unwrap();
    let output = cargo_yang(dir.path(), &["yin", "good.yang", "--out", "xml/good.yin"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (0, ""));
    let tree = |input: &str| stdout(&cargo_yang(dir.path(), &["tree", input]));
    assert!(tree("xml/good.yin").contains("+--rw box"));
    assert_eq!(tree("xml/good.yin"), tree("good.yang"));
    assert_eq!(code(&cargo_yang(dir.path(), &["check", "-p", "xml", "good"])), 0);
    let back = stdout(&cargo_yang(dir.path(), &["yin", "--to", "yang", "xml/good.yin"]));
    assert!(back.contains("  container box {\n    leaf size {\n      type uint8;\n    }\n"), "{back}");

    fs::write(dir.path().join("bad.yin"), "<module").unwrap();
    let output = cargo_yang(dir.path(), &["yin", "--to", "yang", "bad.yin"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("this tag never ends"), "{}", stderr(&output));
    assert_eq!(code(&cargo_yang(dir.path(), &["yin", "nothing.yang"])), 2);
}

#[test]
fn explain_tells_the_rule() {
    let dir = models();
    let output = cargo_yang(dir.path(), &["explain", "invalid-range"]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains("RFC 7950, section 9.2.4"), "{}", stdout(&output));
    let examples = stdout(&output);
    assert!(examples.contains("\nWrong:\n\n    leaf"), "{examples}");
    assert!(examples.contains("\nRight:\n\n    leaf"), "{examples}");
    let all = stdout(&cargo_yang(dir.path(), &["explain"]));
    assert!(all.lines().any(|l| l == "invalid-range"));
}

#[test]
fn new_makes_a_project_once() {
    let dir = models();
    let output = cargo_yang(dir.path(), &["new", "my-device"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let manifest = fs::read_to_string(dir.path().join("my-device/Cargo.toml")).unwrap();
    assert!(manifest.contains("crates/netconf-runtime\""), "by path in a checkout: {manifest}");
    let checked = cargo_yang(dir.path(), &["check", "my-device/yang"]);
    assert_eq!(code(&checked), 0, "{}", stderr(&checked));

    fs::write(dir.path().join("my-device/src/device.rs"), "// mine").unwrap();
    let output = cargo_yang(dir.path(), &["new", "my-device"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("is there already"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(dir.path().join("my-device/src/device.rs")).unwrap(), "// mine");
}

#[test]
fn new_takes_the_models_that_it_is_given() {
    let dir = models();
    let output = cargo_yang(
        dir.path(),
        &["new", "dev", "--name", "other", "--yang", "good.yang", "--runtime", "0.9.1"],
    );
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let manifest = fs::read_to_string(dir.path().join("dev/Cargo.toml")).unwrap();
    assert!(manifest.contains("name = \"other\""), "{manifest}");
    assert!(manifest.contains("netconf-runtime = { version = \"0.9.1\""), "{manifest}");
    assert_eq!(fs::read_to_string(dir.path().join("dev/yang/good.yang")).unwrap(), GOOD);
    let device = fs::read_to_string(dir.path().join("dev/src/device.rs")).unwrap();
    assert!(device.contains("impl yang::good::Handler for Device"), "{device}");
    assert!(device.contains("async fn open("), "{device}");

    for wrong in [
        &["new", "bad", "--yang", "worse"][..],
        &["new", "Bad_Name"],
        &["new", "x", "--runtime", "no/such/place"],
        &["new", "x", "--yang", "nothing"],
    ] {
        let output = cargo_yang(dir.path(), wrong);
        assert_ne!(code(&output), 0, "{wrong:?}");
        assert!(!dir.path().join(wrong[1]).exists(), "{wrong:?}");
    }
}

#[test]
fn completions_are_there_for_shells() {
    let dir = models();
    let output = cargo_yang(dir.path(), &["completions", "bash"]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains("check"));
}

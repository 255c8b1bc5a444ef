//! `cargo yang store`, and what `cargo yang serve` does with a store that it cannot use, as users run them.

mod common;

use common::{code, stderr, stdout};
use netconf_runtime::store::{RedbStore, Store as _};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const MODEL: &str = "module box { yang-version 1.1; namespace 'urn:box'; prefix b;
  container box { leaf label { type string; } leaf width { type uint8; } } }";

fn command(at: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
    command.arg("yang").current_dir(at).stdin(Stdio::null());
    command
}

fn yang(at: &Path, arguments: &[&str]) -> Output {
    command(at).args(arguments).output().unwrap()
}

/// A verb on the store `st`, with the modules of `box.yang`.
fn store(at: &Path, verb: &str, more: &[&str]) -> Output {
    let mut all = vec!["store", verb];
    if verb == "log" {
        all.push("st");
    } else {
        all.extend(["--store", "st", "box.yang"]);
    }
    all.extend(more);
    yang(at, &all)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// A directory with a model and a store of so many commits: the label is `label 1`, then `label 2`, ...
fn place(commits: usize) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("box.yang"), MODEL).unwrap();
    drop(runtime().block_on(RedbStore::open(at("st"))).unwrap());
    for n in 1..=commits {
        let document = format!(r#"{{"box:box": {{"label": "label {n}", "width": 200}}}}"#);
        std::fs::write(at("next.json"), document).unwrap();
        let comment = format!("number {n}");
        let output = store(dir.path(), "import", &["--from", "next.json", "--comment", &comment]);
        assert_eq!(stdout(&output), format!("Now at commit {n}.\n"), "{}", stderr(&output));
    }
    dir
}

fn refused(output: &Output, said: &str) {
    assert_eq!(code(output), 2, "{}{}", stdout(output), stderr(output));
    assert!(stderr(output).contains(said), "{said} in {}", stderr(output));
    assert!(!stderr(output).contains("panicked"), "{}", stderr(output));
}

#[test]
fn the_log_tells_who_when_what_and_why() {
    let dir = place(3);
    let log = stdout(&store(dir.path(), "log", &[]));
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 3, "{log}");
    for (line, n) in lines.iter().zip([3, 2, 1]) {
        assert!(line.starts_with(&format!("{n}  20")) && line.contains("(the server)"), "{line}");
        assert!(line.ends_with(&format!("1 change: number {n}")), "{line}");
    }
    assert_eq!(stdout(&store(dir.path(), "log", &["-n", "2"])).lines().count(), 2);
}

#[test]
fn any_commit_can_be_looked_at_compared_and_gone_back_to() {
    let dir = place(3);
    let at = |head: &str| stdout(&store(dir.path(), "export", &["--at", head]));
    assert!(at("1").contains("<label>label 1</label>") && at("2").contains("<label>label 2</label>"));
    assert_eq!(stdout(&store(dir.path(), "export", &[])), at("3"));
    assert!(!at("0").contains("label"), "{}", at("0"));

    let diff = store(dir.path(), "diff", &["--from", "1", "--to", "2"]);
    assert_eq!(code(&diff), 1);
    let told = stdout(&diff);
    assert!(told.contains("label 1") && told.contains("label 2") && !told.contains("200"), "{told}");
    let same = store(dir.path(), "diff", &["--from", "3"]);
    assert_eq!((code(&same), stdout(&same).as_str()), (0, ""));

    let back = store(dir.path(), "rollback", &["--to", "1", "--comment", "2 and 3 were wrong"]);
    assert_eq!(stdout(&back), "Now at commit 4.\n", "{}", stderr(&back));
    assert_eq!(stdout(&store(dir.path(), "export", &[])), at("1"));
    let log = stdout(&store(dir.path(), "log", &["-n", "1"]));
    assert!(log.starts_with("4  ") && log.ends_with(": 2 and 3 were wrong\n"), "{log}");
    // And forward again; what was exported can be imported.
    std::fs::write(dir.path().join("three.xml"), at("3")).unwrap();
    assert_eq!(code(&store(dir.path(), "import", &["--from", "three.xml"])), 0);
    assert!(stdout(&store(dir.path(), "log", &["-n", "1"])).ends_with(": from three.xml\n"));
    assert_eq!(code(&store(dir.path(), "diff", &["--from", "3"])), 0);
    // What changes nothing is no commit.
    assert_eq!(stdout(&store(dir.path(), "rollback", &["--to", "3"])), "Now at commit 5.\n");
}

#[test]
fn what_is_not_there_is_refused_and_not_made() {
    let dir = place(1);
    std::fs::write(dir.path().join("some.json"), r#"{"box:box": {"label": "x"}}"#).unwrap();
    for (verb, more) in [
        ("export", &["--at", "99"][..]),
        ("diff", &["--from", "99"]),
        ("diff", &["--from", "1", "--to", "99"]),
        ("rollback", &["--to", "99"]),
    ] {
        refused(&store(dir.path(), verb, more), "does not remember commit 99");
    }
    std::fs::write(dir.path().join("wrong.json"), r#"{"box:box": {"width": 256}}"#).unwrap();
    refused(&store(dir.path(), "import", &["--from", "wrong.json"]), "256");
    refused(&store(dir.path(), "import", &["--from", "nowhere.json"]), "nowhere.json");
    assert_eq!(stdout(&store(dir.path(), "log", &[])).lines().count(), 1);

    std::fs::remove_dir_all(dir.path().join("st")).unwrap();
    let all = [
        ("log", &[][..]),
        ("export", &[]),
        ("diff", &["--from", "0"]),
        ("rollback", &["--to", "0"]),
        ("import", &["--from", "some.json"]),
    ];
    for exists in [false, true] {
        if exists {
            std::fs::create_dir(dir.path().join("st")).unwrap();
        }
        for (verb, more) in all {
            refused(&store(dir.path(), verb, more), "no such store");
        }
    }
    assert_eq!(std::fs::read_dir(dir.path().join("st")).unwrap().count(), 0);
}

#[test]
fn a_store_in_use_or_damaged_is_left_alone() {
    let dir = place(2);
    let all = [
        ("log", &[][..]),
        ("export", &[]),
        ("diff", &["--from", "1"]),
        ("rollback", &["--to", "1"]),
        ("import", &["--from", "next.json"]),
    ];
    let open = runtime().block_on(RedbStore::open(dir.path().join("st"))).unwrap();
    for (verb, more) in all {
        refused(&store(dir.path(), verb, more), "is in use by another server");
    }
    drop(open);
    let file = dir.path().join("st/config.redb");
    let whole = std::fs::read(&file).unwrap();
    // One bit of what is configured.
    let mut flipped = whole.clone();
    let label = whole.windows(7).rposition(|bytes| bytes == b"label 2").unwrap();
    flipped[label] ^= 1;
    let scribbled: Vec<u8> =
        whole.iter().enumerate().map(|(i, b)| if i < 4096 { *b } else { 0xa5 }).collect();
    for bytes in
        [&whole[..whole.len() / 2], &scribbled, &flipped, b"somebody's notes, longer than any header"]
    {
        std::fs::write(&file, bytes).unwrap();
        for (verb, more) in all {
            refused(&store(dir.path(), verb, more), "st/config.redb is ");
        }
    }
    std::fs::write(&file, &whole).unwrap();
    assert_eq!(stdout(&store(dir.path(), "log", &[])).lines().count(), 2);
}

/// What a server says before it takes sessions, or why it does not start.
#[cfg(unix)]
fn serve(at: &Path, arguments: &[&str]) -> Result<String, Output> {
    let mut child = command(at)
        .args(["serve", "box.yang", "--unix", "socket", "--store", "st"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap() + "\n";
        said.push_str(&line);
        if line.starts_with("Ctrl-C") {
            let id = child.id().to_string();
            assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
            child.wait_with_output().unwrap();
            return Ok(said);
        }
    }
    Err(child.wait_with_output().unwrap())
}

#[cfg(unix)]
#[test]
fn a_store_that_does_not_fit_is_migrated_when_one_says_how() {
    let dir = place(2);
    let narrow = MODEL.replace("uint8;", "uint8 { range '1..100'; }").replace("leaf label", "leaf title");
    std::fs::write(dir.path().join("old.yang"), MODEL).unwrap();
    std::fs::write(dir.path().join("box.yang"), narrow).unwrap();
    let output = serve(dir.path(), &[]).unwrap_err();
    refused(&output, "does not fit");
    assert!(stderr(&output).contains("label") && stderr(&output).contains("width"), "{}", stderr(&output));
    assert_eq!(stdout(&store(dir.path(), "log", &[])).lines().count(), 2);

    let said = serve(dir.path(), &["--migrate", "drop-invalid"]).unwrap();
    assert!(said.contains("MIGRATED") && said.contains("label") && said.contains("/box:box/width"), "{said}");
    assert!(stdout(&store(dir.path(), "log", &["-n", "1"])).contains("dropped"));
    // It is done once.
    assert!(!serve(dir.path(), &["--migrate", "drop-invalid"]).unwrap().contains("MIGRATED"));
    // What was there can be had with the modules that it fits, and gone back to.
    let old = ["store", "export", "--store", "st", "old.yang", "--at", "2"];
    assert!(stdout(&yang(dir.path(), &old)).contains("<label>label 2</label>"));
    let back = yang(dir.path(), &["store", "rollback", "--store", "st", "old.yang", "--to", "2"]);
    assert_eq!(code(&back), 0, "{}", stderr(&back));

    std::fs::write(dir.path().join("new.json"), r#"{"box:box": {"title": "by hand"}}"#).unwrap();
    let said = serve(dir.path(), &["--migrate", "new.json"]).unwrap();
    assert!(said.contains("MIGRATED"), "{said}");
    assert!(stdout(&store(dir.path(), "export", &[])).contains("<title>by hand</title>"));
}

#[cfg(unix)]
#[test]
fn the_failsafe_configuration_is_loud_and_keeps_the_store_aside() {
    let dir = place(2);
    std::fs::write(dir.path().join("old.yang"), MODEL).unwrap();
    std::fs::write(dir.path().join("box.yang"), MODEL.replace("leaf label", "leaf title")).unwrap();
    std::fs::write(dir.path().join("safe.json"), r#"{"box:box": {"title": "safe"}}"#).unwrap();
    std::fs::write(dir.path().join("unsafe.json"), r#"{"box:box": {"label": "safe"}}"#).unwrap();
    refused(&serve(dir.path(), &["--failsafe", "unsafe.json"]).unwrap_err(), "unsafe.json");
    let said = serve(dir.path(), &["--failsafe", "safe.json"]).unwrap();
    assert!(said.starts_with("FAILSAFE") && said.contains("config.redb.aside-1"), "{said}");
    assert!(stdout(&store(dir.path(), "export", &[])).contains("<title>safe</title>"));
    let aside = ["store", "export", "--store", "st/config.redb.aside-1", "old.yang"];
    assert!(stdout(&yang(dir.path(), &aside)).contains("<label>label 2</label>"));
    assert_eq!(stdout(&yang(dir.path(), &["store", "log", "st/config.redb.aside-1"])).lines().count(), 2);
    // The next start has a store that it can use.
    assert!(!serve(dir.path(), &["--failsafe", "safe.json"]).unwrap().contains("FAILSAFE"));
}

/// The log of a store does not depend on who reads it.
#[test]
fn reading_changes_nothing() {
    let dir = place(1);
    let before = stdout(&store(dir.path(), "log", &[]));
    store(dir.path(), "export", &[]);
    store(dir.path(), "diff", &["--from", "0"]);
    assert_eq!(stdout(&store(dir.path(), "log", &[])), before);
    let head = runtime().block_on(async {
        let store = RedbStore::open(dir.path().join("st")).await.unwrap();
        *store.watch().borrow()
    });
    assert_eq!(head.0, 1);
}

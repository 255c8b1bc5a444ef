//! What `cargo yang check` promises: its arguments, its exit codes and what it writes.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn check(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-yang"))
        .arg("check")
        .args(arguments)
        .current_dir(directory)
        .env_remove("NO_COLOR")
        .output()
        .unwrap()
}

#[track_caller]
fn ends_with(code: i32, directory: &Path, arguments: &[&str]) -> String {
    let output = check(directory, arguments);
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
    assert!(!text.contains('\u{1b}'), "no colours where there is no terminal: {text:?}");
    text
}

/// A few modules: `base` with two features, `user` that imports it from a directory two levels down, `dev` that deviates.
fn models() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "lib/deep/base@2024-05-01.yang",
        "module base { yang-version 1.1; namespace urn:b; prefix b; revision 2024-05-01; feature one; feature two;
           leaf first { if-feature one; type string; } leaf second { if-feature two; type string; } }",
    );
    write(
        "lib/deep/base@2023-05-01.yang",
        "module base { namespace urn:b; prefix b; revision 2023-05-01; leaf old { type string; } }",
    );
    write(
        "user.yang",
        "module user { yang-version 1.1; namespace urn:u; prefix u; import base { prefix b; }
           leaf here { must \"/b:first = '1'\"; type string; } }",
    );
    write(
        "set/a.yang",
        "module a { namespace urn:a; prefix a; import c { prefix c; } leaf x { type c:name; } }",
    );
    write("set/more/c.yang", "module c { namespace urn:c; prefix c; typedef name { type string; } }");
    write("set/notes.txt", "not a module");
    write(
        "dev/dev.yang",
        "module dev { yang-version 1.1; namespace urn:d; prefix d; import base { prefix b; }
           deviation /b:first { deviate not-supported; } }",
    );
    write("bad/bad.yang", "module bad { namespace urn:x; prefix x; leaf a { type strin; } }");
    write(
        "bad/worse.yang",
        "module worse { namespace urn:y; prefix y; leaf a { type int8 { range 1..500; } } }",
    );
    write("warned.yang", "module other-name { namespace urn:o; prefix o; leaf a { type string; } }");
    dir
}

#[test]
fn nothing_wrong_and_warnings_alone_are_0() {
    let dir = models();
    let text = ends_with(0, dir.path(), &["-p", "lib", "user.yang"]);
    assert!(text.ends_with("2 modules read: no errors\n"), "{text}");
    let text = ends_with(0, dir.path(), &["warned.yang"]);
    assert!(text.starts_with("warning[module-name]"), "{text}");
    assert!(text.ends_with("1 module read: no errors, 1 warning\n"), "{text}");
}

#[test]
fn modules_are_named_by_file_by_name_with_revision_and_by_directory() {
    let dir = models();
    ends_with(0, dir.path(), &["-p", "lib", "base"]);
    ends_with(0, dir.path(), &["-p", "lib", "base@2023-05-01"]);
    ends_with(0, dir.path(), &["-p", "lib/deep", "-p", "dev", "base", "dev", "user.yang"]);
    let text = ends_with(0, dir.path(), &["set"]);
    assert!(text.ends_with("2 modules read: no errors\n"), "{text}");
    // All in one context: each sees the other without a search path.
    ends_with(1, dir.path(), &["set/a.yang"]);
}

#[test]
fn errors_of_all_files_are_1() {
    let dir = models();
    let text = ends_with(1, dir.path(), &["bad"]);
    for part in
        ["bad/bad.yang:1:55", "did you mean `string`?", "bad/worse.yang:1:70", "2 modules read: 2 errors\n"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    // A module that an import names and that is nowhere is a fault of the importing module.
    let text = ends_with(1, dir.path(), &["user.yang"]);
    assert!(text.contains("user.yang:1:67") && text.contains("-p DIR"), "{text}");
}

#[test]
fn what_the_command_line_names_and_is_not_there_is_2() {
    let dir = models();
    fs::create_dir(dir.path().join("empty")).unwrap();
    for (arguments, said) in [
        (&["nothing.yang"][..], "nothing.yang"),
        (&["no/such/place"], "no/such/place"),
        (&["nowhere"], "no module `nowhere`"),
        (&["-p", "lib", "bsae"], "did you mean `base`?"),
        (&["-p", "lib", "base@2001-01-01"], "another revision"),
        (&["-p", "missing", "user.yang"], "-p missing: no such directory"),
        (&["-p", "user.yang", "user.yang"], "-p user.yang: is no directory"),
        (&["empty"], "no module in empty"),
        (&["-p", "lib", "--deviation", "gone", "base"], "no module `gone`"),
        (&["-p", "lib", "--deviation", "dev", "base"], "no module `dev`"),
        (&["--deviation", "dev", "user.yang"], "no module `dev`"),
    ] {
        let text = ends_with(2, dir.path(), arguments);
        assert!(text.contains(said), "{said} in {text}");
    }
}

#[test]
fn wrong_usage_is_2() {
    let dir = models();
    for arguments in [
        &[][..],
        &["--format", "prose", "set"],
        &["--features", "base", "set"],
        &["--features", ":one", "set"],
        &["--deviation", "./set", "set"],
        &["--unknown", "set"],
    ] {
        ends_with(2, dir.path(), arguments);
    }
}

#[test]
fn features_that_do_not_exist_are_2_with_help() {
    let dir = models();
    let on =
        |features: &str, code| ends_with(code, dir.path(), &["-p", "lib", "--features", features, "base"]);
    on("base:one,two", 0);
    on("base:", 0);
    assert!(on("base:oen", 2).contains("did you mean `one`?"));
    assert!(on("base:third", 2).contains("its features are `one`, `two`"));
    assert!(on("bass:one", 2).contains("did you mean `base`?"));
    assert!(on("elsewhere:one", 2).contains("none of the modules"));
}

#[test]
fn deviations_are_a_module_or_a_file() {
    let dir = models();
    let read = |arguments: &[&str]| {
        let all = [&["-p", "lib", "-p", "dev"], arguments, &["base"]].concat();
        ends_with(0, dir.path(), &all).lines().last().unwrap_or_default().to_owned()
    };
    assert_eq!(read(&[]), "1 module read: no errors");
    assert_eq!(read(&["--deviation", "dev"]), "2 modules read: no errors");
    assert_eq!(read(&["--deviation", "dev/dev.yang"]), "2 modules read: no errors");
    let tree = Command::new(env!("CARGO_BIN_EXE_cargo-yang"))
        .args(["tree", "-p", "lib", "-p", "dev", "--deviation", "dev", "base"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    let text = String::from_utf8(tree.stdout).unwrap();
    assert!(text.contains("second") && !text.contains("first"), "{text}");
}

#[test]
fn json_is_one_object_a_line() {
    let dir = models();
    let output = check(dir.path(), &["--format", "json", "bad"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.is_empty());
    let text = String::from_utf8(output.stdout).unwrap();
    let objects: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.len(), 2, "{text}");
    let first = &objects[0];
    assert_eq!(first["severity"], "error");
    assert_eq!(first["code"], "unknown-type");
    assert_eq!(first["file"], "bad/bad.yang");
    assert_eq!((&first["line"], &first["column"]), (&1.into(), &55.into()));
    assert_eq!((&first["end_line"], &first["end_column"]), (&1.into(), &60.into()));
    assert_eq!(first["help"], "did you mean `string`?");
    // Also what has no place.
    let output = check(dir.path(), &["--format", "json", "nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    let one: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(one["code"], "module-not-found");
    assert!(one.get("file").is_none());
}

#[test]
fn lint_warns_only_where_it_is_asked_for() {
    let dir = models();
    assert!(!ends_with(0, dir.path(), &["set"]).contains("warning"));
    let text = ends_with(0, dir.path(), &["--lint", "set"]);
    assert!(text.contains("warning[lint-missing]"), "{text}");
}

#[test]
fn a_reader_that_goes_away_breaks_nothing() {
    let dir = models();
    let many: String = (0..4000).map(|i| format!("leaf l{i} {{ type strin; }}\n")).collect();
    fs::write(dir.path().join("many.yang"), format!("module many {{ namespace urn:m; prefix m; {many} }}"))
        .unwrap();
    for (arguments, code) in
        [(&["check", "--format", "json", "many.yang"][..], 1), (&["check", "many.yang"], 1)]
    {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-yang"))
            .args(arguments)
            .current_dir(dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut some = [0; 10];
        let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        if arguments.len() == 4 {
            out.read_exact(&mut some).unwrap();
        } else {
            err.read_exact(&mut some).unwrap();
        }
        drop(out);
        drop(err);
        assert_eq!(child.wait().unwrap().code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn help_documents_exit_codes_and_json() {
    let dir = models();
    let text = ends_with(0, dir.path(), &["--help"]);
    for part in ["Exit codes: 0", "\"error\" or \"warning\"", "end_column", "--deviation", "--features"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

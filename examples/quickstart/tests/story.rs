//! The program as a newcomer runs it.

use std::process::Command;

#[test]
fn the_story_is_told_in_full_and_nothing_is_left() {
    let tmp = tempfile::tempdir().expect("a directory");
    let told = Command::new(env!("CARGO_BIN_EXE_quickstart"))
        .env("TMPDIR", tmp.path())
        .output()
        .expect("the program starts");
    let text = String::from_utf8_lossy(&told.stdout);
    let errors = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "{}\n{text}{errors}", told.status);
    assert_eq!(errors, "", "nothing went wrong");
    for part in [
        "1. ",
        "2. ",
        "on trial",
        "confirmed",
        "3. ",
        "invalid-value",
        "mtu",
        "usual-above-highest",
        "The usual doneness is above the highest one.",
        "access-denied",
        "4. ",
        "toast-done",
        "5. ",
        "still 1500",
        "Then 9000 by commit",
        "it is 1500 again",
    ] {
        assert!(text.contains(part), "no {part:?} in:\n{text}");
    }
    assert!(!text.contains('\u{1b}'), "colour, but not on a terminal:\n{text}");
    assert!(text.lines().count() < 25, "a few lines, not:\n{text}");
    let left: Vec<_> = std::fs::read_dir(tmp.path()).expect("the directory").collect();
    assert!(left.is_empty(), "left behind: {left:?}");
}

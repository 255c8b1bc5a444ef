//! The documents of the corpus, and what `cargo yang validate` must say of them.

#![allow(clippy::print_stderr, reason = "the counts are part of the answer")]

use std::path::Path;
use std::process::Command;
use toolchain_tests::instances::{Instance, instances};

fn command(row: &Instance) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
    command.args(["validate", "--format", "json", "--type", if row.config_only { "config" } else { "data" }]);
    let mut with = |option: &str, value: &Path| _ = command.arg(option).arg(value);
    row.search.iter().for_each(|directory| with("-p", directory));
    row.modules.iter().for_each(|module| with("-m", module));
    for (module, features) in &row.features {
        command.args(["--features", &format!("{module}:{}", features.join(","))]);
    }
    if row.json {
        command.arg("--json");
    }
    if row.present_modules_only {
        command.arg("--present-only");
    }
    command.arg(&row.file);
    command
}

fn fault(row: &Instance) -> Option<String> {
    let output = command(row).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let wanted = if row.accept { 0 } else { 1 };
    if output.status.code() != Some(wanted) {
        let also = String::from_utf8_lossy(&output.stderr);
        return Some(format!("ended with {:?}, not {wanted}: {said}{also}", output.status.code()));
    }
    let fits = |line: &str| {
        let has = |name: &str, value: &Option<String>| {
            value.as_ref().is_none_or(|value| line.contains(&format!("\"{name}\":\"{value}\"")))
        };
        has("error-tag", &row.error_tag) && has("error-app-tag", &row.error_app_tag)
    };
    if !row.accept && !said.lines().any(fits) {
        return Some(format!("wanted {:?} {:?}: {said}", row.error_tag, row.error_app_tag));
    }
    // Whatever is wrong is somewhere.
    let homeless = said.lines().find(|l| l.contains("\"line\":null"));
    homeless.map(|line| format!("no place: {line}"))
}

#[test]
fn every_row_holds() {
    let Some(rows) = instances() else { return };
    let wrong: Vec<String> =
        rows.iter().filter_map(|row| fault(row).map(|fault| format!("{}: {fault}", row.name()))).collect();
    eprintln!("{} of {} rows hold", rows.len() - wrong.len(), rows.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

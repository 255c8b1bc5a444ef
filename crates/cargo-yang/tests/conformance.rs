//! The conformance cases of a shared corpus, named by the environment variable `YANG_CORPUS`: documents, and what
//! `cargo yang validate` must say of them.

#![allow(clippy::print_stderr, reason = "the counts are part of the answer")]

use std::path::PathBuf;
use std::process::Command;

/// Arguments of the command for a row of the table.
fn arguments(row: &[&str], corpus: &str) -> Vec<String> {
    let directory = format!("{corpus}/conformance/{}", row[1]);
    let mut arguments: Vec<String> = [
        "validate",
        "--format",
        "json",
        "-p",
        &directory,
        "-p",
        &format!("{corpus}/conformance/reject/_lib"),
    ]
    .map(str::to_owned)
    .to_vec();
    for module in row[2].split(' ') {
        arguments.extend(["-m".to_owned(), format!("{directory}/{module}")]);
    }
    if row[4] == "json" {
        arguments.push("--json".to_owned());
    }
    arguments.extend(["--type".to_owned(), row[5].to_owned()]);
    if row[6] == "yes" {
        arguments.push("--present-only".to_owned());
    }
    // Several features of one module stand in one option.
    let mut features: Vec<(String, Vec<String>)> = Vec::new();
    for (module, feature) in row[7].split(',').filter_map(|f| f.split_once(':')) {
        match features.iter_mut().find(|(m, _)| m == module) {
            Some((_, found)) => found.push(feature.to_owned()),
            None => features.push((module.to_owned(), vec![feature.to_owned()])),
        }
    }
    for (module, features) in features {
        arguments.extend(["--features".to_owned(), format!("{module}:{}", features.join(","))]);
    }
    arguments.push(format!("{directory}/{}", row[3]));
    arguments
}

fn fault(row: &[&str], corpus: &str) -> Option<String> {
    let output =
        Command::new(env!("CARGO_BIN_EXE_cargo-yang")).args(arguments(row, corpus)).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let wanted = if row[0] == "accept" { 0 } else { 1 };
    if output.status.code() != Some(wanted) {
        let also = String::from_utf8_lossy(&output.stderr);
        return Some(format!("ended with {:?}, not {wanted}: {said}{also}", output.status.code()));
    }
    let fits = |line: &str| {
        let has = |name: &str, value: &str| value == "-" || line.contains(&format!("\"{name}\":\"{value}\""));
        has("error-tag", row[10]) && has("error-app-tag", row[11])
    };
    if wanted == 1 && !said.lines().any(fits) {
        return Some(format!("wanted {} {}: {said}", row[10], row[11]));
    }
    // Whatever is wrong is somewhere.
    let homeless = said.lines().find(|l| l.contains("\"line\":null"));
    homeless.map(|line| format!("no place: {line}"))
}

#[test]
fn every_row_holds() {
    let Some(corpus) = std::env::var_os("YANG_CORPUS").map(PathBuf::from) else {
        eprintln!("skipped: YANG_CORPUS names no corpus");
        return;
    };
    let corpus = corpus.to_string_lossy().into_owned();
    let table = std::fs::read_to_string(format!("{corpus}/conformance/data.tsv")).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|l| l.split('\t').collect()).collect();
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| fault(row, &corpus).map(|fault| format!("{}/{}: {fault}", row[1], row[3])))
        .collect();
    eprintln!("{} of {} rows hold", rows.len() - wrong.len(), rows.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

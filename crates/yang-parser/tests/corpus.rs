//! Real modules in, wrong ones out. The directory that `YANG_CORPUS` names holds `yang/` (valid modules) and `conformance/`
//! (modules that RFC 7950 forbids, and why); without it these tests say that they are skipped.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use yang_parser::{Compilation, Compiler, Severity};

fn corpus() -> Option<PathBuf> {
    let path = std::env::var_os("YANG_CORPUS").map(PathBuf::from);
    if path.is_none() {
        note("skipped: YANG_CORPUS is not set");
    }
    path
}

#[allow(clippy::print_stderr, reason = "tests report counts")]
fn note(text: &str) {
    eprintln!("{text}");
}

fn yang_files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut queue = vec![directory.to_owned()];
    while let Some(next) = queue.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                queue.push(path);
            } else if path.extension().is_some_and(|e| e == "yang") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn errors(compilation: &Compilation) -> Vec<String> {
    let place =
        |d: &yang_parser::Diagnostic| d.span().map_or(String::new(), |s| compilation.sources.locate(s));
    compilation
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|d| format!("{}: {}: {}", place(d), d.code, d.message))
        .collect()
}

#[test]
fn each_module_is_accepted_alone() {
    let Some(corpus) = corpus() else { return };
    let yang = corpus.join("yang");
    let mut failed = Vec::new();
    let mut count = 0;
    for directory in ["ietf", "iana", "openconfig/models"] {
        for path in yang_files(&yang.join(directory)) {
            let compilation = Compiler::new().search_path(&yang).file(&path).compile();
            count += 1;
            if compilation.schema.is_none() {
                failed.push(format!("{}\n    {}", path.display(), errors(&compilation).join("\n    ")));
            }
        }
    }
    note(&format!("{} of {count} modules accepted, each alone", count - failed.len()));
    assert!(count > 400);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn each_directory_is_accepted_whole() {
    let Some(corpus) = corpus() else { return };
    let yang = corpus.join("yang");
    let mut failed = Vec::new();
    for directory in ["ietf", "iana", "openconfig/models"] {
        let compilation = Compiler::new().search_path(&yang).directory(yang.join(directory)).compile();
        if let Some(schema) = &compilation.schema {
            note(&format!("{directory}: {} modules, {} nodes", schema.modules().len(), schema.node_count()));
        }
        failed.extend(errors(&compilation));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn the_kitchen_sink_is_accepted() {
    let Some(corpus) = corpus() else { return };
    let compilation = Compiler::new().directory(corpus.join("conformance/kitchen-sink")).compile();
    assert_eq!(errors(&compilation), Vec::<String>::new());
    let schema = compilation.schema.unwrap();
    assert!(schema.find("/ks:top/one").is_some());
    // ks-dev takes it out.
    assert!(schema.find("/ks:top/big").is_none());
}

/// A row of `reject.tsv`.
struct Row {
    directory: String,
    main: String,
    rule: String,
    section: String,
}

fn rows(corpus: &Path) -> Vec<Row> {
    let table = fs::read_to_string(corpus.join("conformance/reject.tsv")).unwrap();
    let mut rows = Vec::new();
    for line in table.lines().skip(1) {
        let mut columns = line.split('\t').map(str::to_owned);
        let mut next = || columns.next().unwrap();
        rows.push(Row { directory: next(), main: next(), rule: next(), section: next() });
    }
    rows
}

#[test]
fn what_rfc_7950_forbids_is_rejected() {
    let Some(corpus) = corpus() else { return };
    let reject = corpus.join("conformance/reject");
    let rows = rows(&corpus);
    let mut accepted = BTreeSet::new();
    let mut reasons = String::new();
    for row in &rows {
        let directory = reject.join(&row.directory);
        let compilation = Compiler::new()
            .search_path(&directory)
            .search_path(reject.join("_lib"))
            .file(directory.join(&row.main))
            .compile();
        if compilation.schema.is_some() {
            accepted.insert(format!("{}/{}: {} ({})", row.directory, row.main, row.rule, row.section));
        }
        reasons.push_str(&format!(
            "{}/{} [{}]\n    {}\n",
            row.directory,
            row.main,
            row.rule,
            errors(&compilation).join("\n    ")
        ));
    }
    if let Some(path) = std::env::var_os("REJECT_REASONS") {
        fs::write(path, reasons).unwrap();
    }
    note(&format!("{} of {} modules rejected", rows.len() - accepted.len(), rows.len()));
    assert!(accepted.is_empty(), "accepted:\n{}", accepted.into_iter().collect::<Vec<_>>().join("\n"));
}

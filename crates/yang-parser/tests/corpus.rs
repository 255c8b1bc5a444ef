//! Real modules in, wrong ones out. The directory that `YANG_CORPUS` names holds `yang/` (valid modules) and `conformance/`
//! (modules that RFC 7950 forbids, and why); without it these tests say that they are skipped.

use std::collections::BTreeSet;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
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
    let files: Vec<PathBuf> = ["ietf", "iana", "openconfig/models"]
        .iter()
        .flat_map(|directory| yang_files(&yang.join(directory)))
        .collect();
    // Each is a compilation of its own: these run side by side, not the threads of one.
    let next = AtomicUsize::new(0);
    let work = || {
        let mut failed = Vec::new();
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let compilation =
                Compiler::new().search_path(&yang).file(path).threads(NonZeroUsize::MIN).compile();
            if compilation.schema.is_none() {
                failed.push(format!("{}\n    {}", path.display(), errors(&compilation).join("\n    ")));
            }
        }
        failed
    };
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let failed: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("compiling does not panic")).collect()
    });
    let count = files.len();
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

/// The codes that say what a row's `rule` says.
#[rustfmt::skip]
const REASONS: &[(&str, &[&str])] = &[
    ("YANG 1.1 statement in a YANG 1 module (RFC 6020)", &["version-mismatch", "invalid-key"]),
    ("action/notification below a list without key", &["misplaced-node"]),
    ("augment adds a node not allowed in the target", &["invalid-augment"]),
    ("augment target not found", &["invalid-augment"]),
    ("base on a type derived from identityref typedef", &["invalid-restriction"]),
    ("bit position changed in derived type", &["not-a-subset"]),
    ("circular chain of leafrefs", &["circular-leafref"]),
    ("circular typedef chain", &["circular-typedef"]),
    ("config leafref to state target", &["invalid-leafref"]),
    ("config list without key", &["key-missing"]),
    ("config true below config false", &["config-below-state"]),
    ("default case does not exist", &["default-case"]),
    ("default on a mandatory choice", &["mandatory-default"]),
    ("default on a mandatory leaf", &["mandatory-default"]),
    ("default value invalid for the type", &["invalid-default"]),
    ("default value marked with if-feature", &["conditional-default"]),
    ("deref() in leafref path (path-arg grammar)", &["invalid-leafref"]),
    ("derived bits type adds a bit", &["not-a-subset"]),
    ("derived length not more limiting", &["invalid-range"]),
    ("derived length not more limiting (in unused typedefs)", &["invalid-range"]),
    ("derived range not more limiting", &["invalid-range"]),
    ("derived range not more limiting (in unused typedefs)", &["invalid-range"]),
    ("deviate add of an existing property", &["invalid-deviation"]),
    ("deviate delete of a property that is absent or different", &["invalid-deviation"]),
    ("deviated property not allowed on the target", &["invalid-deviation"]),
    ("deviation target not found", &["invalid-deviation"]),
    ("duplicate bit name", &["invalid-bit"]),
    ("duplicate enum value", &["invalid-enum"]),
    ("duplicate feature name", &["duplicate-definition"]),
    ("duplicate identity name", &["duplicate-definition"]),
    ("duplicate or shadowing grouping name", &["duplicate-definition", "shadowed-definition"]),
    ("duplicate or shadowing typedef name", &["duplicate-definition", "shadowed-definition"]),
    ("duplicate schema node name in scope", &["duplicate-node"]),
    ("enum name empty or with surrounding space", &["invalid-enum"]),
    ("enum value outside int32", &["invalid-enum"]),
    ("enumeration without enum", &["missing-restriction"]),
    ("file is not valid UTF-8", &["invalid-utf8"]),
    ("fraction-digits not 1..18", &["invalid-argument"]),
    ("identityref base not found", &["unknown-identity"]),
    ("if-feature expression in YANG 1 module", &["if-feature-syntax", "version-mismatch"]),
    ("if-feature expression syntax", &["if-feature-syntax"]),
    ("if-feature references unknown feature", &["unknown-feature"]),
    ("include names a module", &["submodule-mismatch"]),
    ("invalid argument value", &["invalid-argument", "invalid-date", "invalid-version"]),
    ("invalid identifier syntax", &["invalid-identifier"]),
    ("invalid length expression or bound", &["invalid-range"]),
    ("invalid schema node identifier", &["invalid-path"]),
    ("key config differs from list", &["invalid-key"]),
    ("leafref path invalid", &["invalid-leafref", "unknown-prefix"]),
    ("leafref without path", &["missing-restriction"]),
    ("length parts not ascending/disjoint", &["invalid-range"]),
    ("length parts not ascending/disjoint (unused typedef)", &["invalid-range"]),
    ("min-elements greater than max-elements", &["element-bounds"]),
    ("min-elements not a non-negative integer", &["invalid-argument"]),
    ("notification inside rpc/action/notification", &["misplaced-node"]),
    ("pattern is not a valid XSD regular expression", &["invalid-pattern"]),
    ("premature end of input", &["unclosed-block"]),
    ("range bound outside the type value space", &["invalid-range"]),
    ("range parts not ascending/disjoint (unused typedef)", &["invalid-range"]),
    ("refine not applicable to the node", &["invalid-refine"]),
    ("refine target not found", &["invalid-refine"]),
    ("require-instance not true/false", &["invalid-argument"]),
    ("require-instance on leafref in YANG 1 module (RFC 6020 9.9)", &["version-mismatch"]),
    // An empty identifier, and an extension's argument.
    ("statement argument missing", &["missing-argument", "invalid-identifier", "extension-argument"]),
    ("statement not allowed here", &["misplaced-statement"]),
    ("structure extension misuse (RFC 8791)", &["extension-misuse"]),
    ("substatement cardinality exceeded", &["duplicate-statement", "extension-misuse"]),
    ("typedef named like a built-in type", &["builtin-type-name"]),
    ("undefined prefix", &["unknown-prefix"]),
    ("union without type", &["missing-restriction"]),
    // Two of the rows deviate leaves.
    ("unique argument invalid", &["invalid-unique", "invalid-deviation"]),
    ("wrong statement order or keyword", &["statement-order", "unknown-statement"]),
    ("yang-data extension misuse (RFC 8040 sec. 8)", &["extension-misuse"]),
];

/// Rows whose `rule` says something else than what is wrong in them, as the RFC sees it.
const RELABELLED: &[(&str, &[&str])] = &[
    // A module without a prefix, which imports one with wrong defaults.
    ("py_bad_xt3", &["missing-statement", "invalid-default"]),
    // `mandatory`, `config`, `min-elements` and `max-elements` may not stand below `deviate delete` at all.
    ("py_iss_i267__test-dev", &["misplaced-statement"]),
    ("py_iss_i475__test-dev", &["misplaced-statement"]),
    // Neither namespace nor prefix.
    ("py_bad_sec_7_01__mod3", &["missing-statement"]),
];

/// The codes that a row has to be rejected with, one of them at least.
fn expected(row: &Row) -> &'static [&'static str] {
    let relabelled = RELABELLED.iter().find(|(directory, _)| *directory == row.directory);
    let reason = relabelled.or_else(|| REASONS.iter().find(|(rule, _)| *rule == row.rule));
    reason.unwrap_or_else(|| panic!("REASONS has no `{}`", row.rule)).1
}

#[test]
fn what_rfc_7950_forbids_is_rejected_for_its_reason() {
    let Some(corpus) = corpus() else { return };
    let reject = corpus.join("conformance/reject");
    let rows = rows(&corpus);
    let mut accepted = BTreeSet::new();
    let mut unreasoned = Vec::new();
    let mut reasons = String::new();
    for row in &rows {
        let directory = reject.join(&row.directory);
        let compilation = Compiler::new()
            .search_path(&directory)
            .search_path(reject.join("_lib"))
            .file(directory.join(&row.main))
            .compile();
        let expected = expected(row);
        let has_reason = compilation
            .diagnostics
            .iter()
            .any(|d| d.severity == Severity::Error && expected.contains(&d.code.name()));
        if compilation.schema.is_some() {
            accepted.insert(format!("{}/{}: {} ({})", row.directory, row.main, row.rule, row.section));
        } else if !has_reason {
            unreasoned.push(format!(
                "{}/{}: {} ({}): expected {expected:?}\n    {}",
                row.directory,
                row.main,
                row.rule,
                row.section,
                errors(&compilation).join("\n    ")
            ));
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
    assert!(unreasoned.is_empty(), "rejected for another reason:\n{}", unreasoned.join("\n"));
}

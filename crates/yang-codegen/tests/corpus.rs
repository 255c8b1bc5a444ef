//! Real models: each generates, alone with its imports, and what is generated is Rust.
//!
//! The corpus is where `YANG_CORPUS` says; without it there is nothing to do.

use std::path::{Path, PathBuf};
use yang_codegen::{Config, Error, Outcome, Report};

#[allow(clippy::print_stderr, reason = "says that it was skipped")]
fn corpus() -> Option<PathBuf> {
    let found = std::env::var_os("YANG_CORPUS").map(PathBuf::from);
    if found.is_none() {
        eprintln!("skipped: YANG_CORPUS is not set");
    }
    found
}

/// Text that prettyplease has printed has been parsed; what is left to check is that there is any.
fn rust(outcome: Outcome, what: &str) -> String {
    let files = match outcome.result {
        Ok(files) => files,
        Err(error) => panic!("{what}: {error}"),
    };
    let root = files.iter().find(|f| f.path == "yang.gen.rs").expect("a root");
    String::from_utf8(root.content.clone()).expect("UTF-8")
}

fn yang_files(directory: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory)
        .expect("the directory is there")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "yang"))
        .collect();
    files.sort();
    files
}

#[test]
fn the_kitchen_sink() {
    let Some(corpus) = corpus() else { return };
    let sink = corpus.join("conformance/kitchen-sink");
    let all = || Config::new().search_path(&sink).module("ks").module("ks-aug").module("ks-more-ids");
    let text = rust(all().generate(), "kitchen-sink");
    for part in [
        "pub foo_bar: Option<String>",
        "pub _foo_bar: Option<String>",
        "pub _fooBar: Option<String>",
        "pub const tcp: Self",
        "pub const ks_more_ids__tcp: Self",
        "pub fx: Option<String>",
        "pub big: Option<u64>",
        "default = \"3000\"",
        "pub ks_aug__mtu: Option<u32>",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let without = rust(all().features("ks", []).generate(), "kitchen-sink without the feature");
    assert!(!without.contains("pub fx: Option<String>"));
    let deviated = rust(all().deviation("ks-dev").generate(), "kitchen-sink with the deviation");
    assert!(!deviated.contains("pub big: Option<u64>"));
}

/// Generates and demands that nothing is lost; `None` where the compiler refuses the module.
fn whole(config: Config, what: &str) -> Option<Report> {
    let outcome = config.embed(false).generate();
    match outcome.result {
        Ok(_) => {}
        // What the compiler refuses is its own tests' matter; what it takes must have a mapping.
        Err(Error::Invalid { report, .. }) if report.contains("[unsupported]") => panic!("{what}: {report}"),
        Err(Error::Invalid { .. }) => return None,
        Err(error) => panic!("{what}: {error}"),
    }
    let report = outcome.report.expect("what was generated was counted");
    for (kind, count) in report.kinds() {
        assert_eq!(count.schema, count.mapped, "{what}: {kind}");
    }
    Some(report)
}

#[test]
fn every_module_of_the_ietf_and_iana() {
    let Some(corpus) = corpus() else { return };
    let (mut with_data, mut nodes) = (0, 0);
    for directory in ["yang/ietf", "yang/iana"] {
        for file in yang_files(&corpus.join(directory)) {
            let config = Config::new().search_path(corpus.join("yang")).file(&file);
            let Some(report) = whole(config, &file.display().to_string()) else { continue };
            with_data += usize::from(report.total().schema > 0);
            nodes += report.total().mapped;
        }
    }
    assert!(with_data > 150, "only {with_data} have data");
    assert!(nodes > 20_000, "only {nodes} nodes");
}

#[test]
fn all_of_openconfig_in_one_set() {
    let Some(corpus) = corpus() else { return };
    let config =
        Config::new().search_path(corpus.join("yang")).directory(corpus.join("yang/openconfig/models"));
    let report = whole(config, "OpenConfig").expect("OpenConfig is valid");
    for kind in ["container", "list", "leaf", "leaf-list"] {
        assert!(report.kinds().get(kind).is_some_and(|count| count.mapped > 0), "there are some: {kind}");
    }
    assert!(report.total().mapped > 15_000, "{:?}", report.total());
    assert!(report.shared > 200, "only {} structs are shared", report.shared);
}

#[test]
fn the_large_openconfig_set_in_one_go() {
    let Some(corpus) = corpus() else { return };
    let list = std::fs::read_to_string(corpus.join("conformance/openconfig-18.list")).expect("the list");
    let mut config = Config::new().search_path(corpus.join("yang"));
    for module in list.lines().map(str::trim).filter(|l| !l.is_empty()) {
        config = config.module(module);
    }
    let text = rust(config.embed(false).generate(), "openconfig-18");
    assert!(text.contains("pub mod openconfig_network_instance"));
    assert!(text.contains("pub openconfig_if_ip__"), "augments are qualified");
}

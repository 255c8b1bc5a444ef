//! Sets as vendors ship them compile without an error, on one thread and on many alike.

use std::num::NonZeroUsize;
use toolchain_tests::vendor::{self, Shape};
use yang_parser::{Compilation, Compiler, Severity};

/// The set of the benchmark, so many times smaller.
const PART: usize = 30;

fn compile(directory: &std::path::Path, threads: usize) -> Compilation {
    let threads = NonZeroUsize::new(threads).expect("a number of threads");
    Compiler::new().directory(directory).threads(threads).compile()
}

fn messages(compilation: &Compilation) -> Vec<String> {
    let place =
        |d: &yang_parser::Diagnostic| d.span().map_or(String::new(), |s| compilation.sources.locate(s));
    let severity = |s: Severity| s.name();
    compilation
        .diagnostics
        .iter()
        .map(|d| format!("{}: {}: {}: {}", place(d), severity(d.severity), d.code, d.message))
        .collect()
}

#[test]
fn a_set_is_accepted_and_the_number_of_threads_does_not_show() {
    let directory = tempfile::tempdir().expect("there is room for temporary files");
    vendor::write(Shape::FULL.part(PART), directory.path()).expect("the files can be written");
    let one = compile(directory.path(), 1);
    assert_eq!(messages(&one), Vec::<String>::new());
    let schema = one.schema.expect("there are no errors");
    assert!(schema.node_count() > 2_500, "{} nodes", schema.node_count());
    assert!(schema.modules().len() >= 30);
    let many = compile(directory.path(), 8);
    assert_eq!(many.schema.expect("there are no errors").to_bytes(), schema.to_bytes());
}

#[test]
fn what_is_wrong_is_said_alike_on_any_number_of_threads() {
    let directory = tempfile::tempdir().expect("there is room for temporary files");
    let mut files = vendor::generate(Shape::FULL.part(PART));
    for file in files.iter_mut().step_by(3) {
        // Typedefs that are not there, braces that are missing.
        file.text = file.text.replace(":t4", ":t99");
        file.text.truncate(file.text.trim_end().len() - 1);
    }
    for file in &files {
        std::fs::write(directory.path().join(&file.name), &file.text).expect("the files can be written");
    }
    let one = messages(&compile(directory.path(), 1));
    assert!(one.len() > 10, "{one:#?}");
    assert_eq!(messages(&compile(directory.path(), 8)), one);
    // The modules found one after the other by name, not given all at once.
    let by_name = |threads: usize| {
        let threads = NonZeroUsize::new(threads).expect("a number of threads");
        let compiler =
            Compiler::new().search_path(directory.path()).module("acme-augment-3").threads(threads);
        messages(&compiler.compile())
    };
    assert_eq!(by_name(8), by_name(1));
}

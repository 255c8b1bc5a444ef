//! Modules in tests: only what matters is written out.

use crate::{Compiler, Severity};

/// The errors of modules, as `code: message`.
pub(crate) fn errors_of(texts: &[&str]) -> Vec<String> {
    let mut compiler = Compiler::new();
    for (i, text) in texts.iter().enumerate() {
        compiler = compiler.source(format!("test{i}"), *text);
    }
    let compilation = compiler.compile();
    assert_eq!(compilation.schema.is_none(), compilation.has_errors());
    compilation
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|d| format!("{}: {}", d.code, d.message))
        .collect()
}

/// The errors of a module of YANG 1.1 with this body.
pub(crate) fn errors(body: &str) -> Vec<String> {
    errors_of(&[&format!("module m {{ yang-version 1.1; namespace urn:m; prefix m; {body} }}")])
}

/// As [`errors`], for YANG 1.
pub(crate) fn errors_v1(body: &str) -> Vec<String> {
    errors_of(&[&format!("module m {{ namespace urn:m; prefix m; {body} }}")])
}

/// The codes of the errors of a module of YANG 1.1 with this body.
pub(crate) fn codes(body: &str) -> Vec<String> {
    errors(body).into_iter().map(|e| e.split(':').next().unwrap_or_default().to_owned()).collect()
}

//! Habits of published modules (RFC 8407), asked for by `--lint`: warnings only, one file each.

mod axis;
mod description;
mod enum_bit;
mod header;
mod identifier;
mod import;
mod incremental;
mod mandatory;
mod must;
mod prefix;
mod redundant;
mod revision;
mod unused;

use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::library::Library;
use crate::syntax::Stmt;
use yang_schema::{Schema, Span};

/// What looks through one file, from its root.
type Lint = for<'t> fn(&mut Context<'t>, Stmt<'t>);

const LINTS: [Lint; 11] = [
    header::header,
    revision::revisions,
    prefix::prefixes,
    import::unused_imports,
    unused::unused_definitions,
    identifier::identifiers,
    description::descriptions,
    enum_bit::enums_and_bits,
    redundant::redundant,
    axis::axes,
    must::musts,
];

/// Warns of what a reviewer would ask for in the modules that were given.
pub(crate) fn lint(context: &mut Context<'_>) {
    for module in context.module_ids() {
        if !context.library.module(module).implemented {
            continue;
        }
        for root in context.roots(module) {
            for lint in LINTS {
                lint(context, root);
            }
        }
    }
}

/// Warns of what shows in the finished schema only.
pub(crate) fn lint_schema(schema: &Schema, library: &Library, diagnostics: &mut Diagnostics) {
    let mut found = Vec::new();
    mandatory::mandatory(schema, &mut found);
    incremental::incremental(schema, &mut found);
    for diagnostic in found {
        if diagnostic.span().is_some_and(|span| was_given(library, span)) {
            diagnostics.push(diagnostic);
        }
    }
}

/// Does the place stand in a module that was given?
fn was_given(library: &Library, span: Span) -> bool {
    library.file(span.file).module.is_some_and(|module| library.module(module).implemented)
}

fn warn<'t>(context: &mut Context<'t>, code: Code, stmt: Stmt<'t>, message: String) {
    context.diagnostics.push(Diagnostic::warning(code, stmt.argument_span(), message));
}

#[cfg(test)]
mod testing {
    use crate::{Code, Compiler};

    /// What a lint says of texts that are given together.
    pub(super) fn warnings_of(code: Code, texts: &[&str]) -> Vec<String> {
        let mut compiler = Compiler::new().lint(true);
        for (i, text) in texts.iter().enumerate() {
            compiler = compiler.source(format!("test{i}"), *text);
        }
        let compilation = compiler.compile();
        assert!(compilation.schema.is_some(), "{:?}", compilation.diagnostics);
        compilation.diagnostics.into_iter().filter(|d| d.code == code).map(|d| d.message).collect()
    }

    /// What a lint says of a module of YANG 1.1 with this body.
    pub(super) fn warnings(code: Code, body: &str) -> Vec<String> {
        warnings_of(code, &[&format!("module m {{ yang-version 1.1; namespace urn:m; prefix m; {body} }}")])
    }
}

#[cfg(test)]
mod tests {
    use crate::Compiler;

    #[test]
    fn only_when_asked_for_and_only_in_what_was_given() {
        let other = "module o { namespace urn:o; prefix o; }";
        let text = "module m { namespace urn:m; prefix m; import o { prefix o; } revision 2019-01-01; revision 2020-01-01; leaf fooBar { type string; mandatory true; } }";
        let directory = std::env::temp_dir().join(format!("yang-parser-lint-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join("o.yang"), other).unwrap();
        let codes = |lint: bool| -> Vec<&str> {
            let compilation = Compiler::new().search_path(&directory).source("m", text).lint(lint).compile();
            assert!(compilation.schema.is_some());
            for d in &compilation.diagnostics {
                assert_eq!(compilation.sources.get(d.span().unwrap().file).name, "m");
            }
            compilation.diagnostics.iter().map(|d| d.code.name()).collect()
        };
        assert_eq!(codes(false), Vec::<&str>::new());
        let mut found = codes(true);
        found.sort_unstable();
        found.dedup();
        let expected = [
            "lint-description",
            "lint-mandatory",
            "lint-missing",
            "lint-name",
            "lint-revision",
            "revision-order",
            "unused-import",
        ];
        assert_eq!(found, expected);
        std::fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    #[allow(clippy::print_stderr, reason = "a test says that it was skipped")]
    fn real_modules_are_not_flooded() {
        let Some(corpus) = std::env::var_os("YANG_CORPUS") else {
            eprintln!("skipped: YANG_CORPUS is not set");
            return;
        };
        let corpus = std::path::Path::new(&corpus).join("yang");
        let compilation = Compiler::new()
            .directory(corpus.join("ietf"))
            .search_path(corpus.join("iana"))
            .search_path(corpus.join("ieee"))
            .lint(true)
            .compile();
        assert!(!compilation.has_errors());
        let mut counts = std::collections::BTreeMap::<_, usize>::new();
        for d in &compilation.diagnostics {
            *counts.entry(d.code.name()).or_default() += 1;
        }
        let modules = compilation.requested.len();
        for (code, count) in counts {
            assert!(count < 5 * modules, "{code}: {count} in {modules} modules");
        }
    }
}

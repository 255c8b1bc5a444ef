//! Habits of published modules (RFC 8407), asked for by `--lint`: warnings only.

use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use std::collections::HashSet;

/// Definitions that a reader looks up: these should be described.
fn wants_description(stmt: Stmt<'_>) -> bool {
    use Keyword::{
        Action, AnyData, AnyXml, Choice, Extension, Feature, Grouping, Identity, Leaf, LeafList, List,
        Notification, Revision, Rpc, Typedef,
    };
    matches!(
        stmt.keyword(),
        Action
            | AnyData
            | AnyXml
            | Choice
            | Extension
            | Feature
            | Grouping
            | Identity
            | Leaf
            | LeafList
            | List
            | Notification
            | Revision
            | Rpc
            | Typedef
    )
}

/// Warns of what a reviewer would ask for in the modules that were given.
pub(crate) fn lint(context: &mut Context<'_>) {
    for module in context.module_ids() {
        if !context.library.module(module).implemented {
            continue;
        }
        for root in context.roots(module) {
            for keyword in [Keyword::Organization, Keyword::Contact, Keyword::Description, Keyword::Revision]
            {
                if root.child(keyword).is_none() {
                    let message =
                        format!("the {} `{}` has no `{}`", root.keyword_text(), root.arg(), keyword.text());
                    warn(context, Code::LintMissing, root, message);
                }
            }
            revisions(context, root);
            unused_imports(context, root);
            for stmt in root.descendants() {
                definition(context, stmt);
            }
        }
    }
}

/// An import whose prefix stands nowhere (RFC 8407 section 4.7).
fn unused_imports<'t>(context: &mut Context<'t>, root: Stmt<'t>) {
    let mut used: HashSet<&str> = HashSet::new();
    for stmt in root.descendants() {
        used.extend(stmt.extension_name().map(|(prefix, _)| prefix));
        // A description may mention what it likes; a default may be an identity.
        if stmt.keyword().is_free_text() {
            continue;
        }
        let text = stmt.arg();
        for (colon, _) in text.match_indices(':') {
            let start = text[..colon]
                .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))
                .map_or(0, |i| i + 1);
            used.extend(text.get(start..colon));
        }
    }
    for import in root.all(Keyword::Import) {
        let unused = import.child(Keyword::Prefix).filter(|p| !used.contains(p.arg()));
        if let Some(prefix) = unused {
            let message =
                format!("`{}` is imported, but its prefix `{}` is not used", import.arg(), prefix.arg());
            warn(context, Code::UnusedImport, import, message);
        }
    }
}

/// Revisions should stand newest first (RFC 7950 section 7.1.9), and each has a date of its own.
fn revisions<'t>(context: &mut Context<'t>, root: Stmt<'t>) {
    let mut seen = HashSet::new();
    let mut last: Option<Stmt<'t>> = None;
    for stmt in root.all(Keyword::Revision) {
        if !seen.insert(stmt.arg()) {
            warn(context, Code::RevisionOrder, stmt, format!("the revision {} stands twice", stmt.arg()));
        } else if last.is_some_and(|l| l.arg() < stmt.arg()) {
            warn(
                context,
                Code::RevisionOrder,
                stmt,
                format!("the revision {} stands behind an older one", stmt.arg()),
            );
        }
        last = Some(stmt);
    }
}

fn definition<'t>(context: &mut Context<'t>, stmt: Stmt<'t>) {
    if wants_description(stmt) && stmt.child(Keyword::Description).is_none() {
        let message = format!("the {} `{}` has no description", stmt.keyword_text(), stmt.arg());
        warn(context, Code::LintDescription, stmt, message);
    }
    let named = wants_description(stmt) && !stmt.is(Keyword::Revision) || stmt.is(Keyword::Container);
    let name = stmt.arg();
    if named && (name.len() > 64 || name.bytes().any(|b| b.is_ascii_uppercase() || b == b'_')) {
        warn(
            context,
            Code::LintName,
            stmt,
            format!("`{name}` is not lower-case with hyphens, or longer than 64"),
        );
    }
}

fn warn<'t>(context: &mut Context<'t>, code: Code, stmt: Stmt<'t>, message: String) {
    context.diagnostics.push(Diagnostic::warning(code, stmt.argument_span(), message));
}

#[cfg(test)]
mod tests {
    use crate::Compiler;

    #[test]
    fn only_when_asked_for() {
        let other = "module o { namespace urn:o; prefix o; }";
        let text = "module m { namespace urn:m; prefix m; import o { prefix o; } revision 2019-01-01; revision 2020-01-01; leaf fooBar { type string; } }";
        let codes = |lint: bool| -> Vec<&str> {
            let compilation = Compiler::new().source("m", text).source("o", other).lint(lint).compile();
            assert!(compilation.schema.is_some());
            compilation.diagnostics.iter().map(|d| d.code.name()).collect()
        };
        assert_eq!(codes(false), Vec::<&str>::new());
        let mut found = codes(true);
        found.sort_unstable();
        found.dedup();
        assert_eq!(
            found,
            ["lint-description", "lint-missing", "lint-name", "revision-order", "unused-import"]
        );
    }
}

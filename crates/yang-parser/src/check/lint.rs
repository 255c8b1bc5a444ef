//! Habits of published modules (RFC 8407), asked for by `--lint`: warnings only.

use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::syntax::Stmt;

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
            for stmt in root.descendants() {
                definition(context, stmt);
            }
        }
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
        let text = "module m { namespace urn:m; prefix m; leaf fooBar { type string; } }";
        let codes = |lint: bool| -> Vec<&str> {
            let compilation = Compiler::new().source("m", text).lint(lint).compile();
            assert!(compilation.schema.is_some());
            compilation.diagnostics.iter().map(|d| d.code.name()).collect()
        };
        assert_eq!(codes(false), Vec::<&str>::new());
        let mut found = codes(true);
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, ["lint-description", "lint-missing", "lint-name"]);
    }
}

//! `unique` (RFC 7950 section 7.8.3).

use super::Visit;
use crate::argument::{parse_schema_path, words};
use crate::compile::Context;
use crate::diagnostic::{Code, article};
use crate::syntax::Stmt;
use yang_schema::{NodeId, NodeKind, Unique};

/// A `unique` names leaves below the list, all of configuration or all of state.
pub(crate) fn unique(context: &mut Context<'_>, visit: Visit) {
    if context.builder.node(visit.node).kind != NodeKind::List {
        return;
    }
    for stmt in context.extra(visit.node).uniques.clone() {
        let mut leaves: Vec<NodeId> = Vec::new();
        for (at, path) in words(stmt.arg()) {
            let span = stmt.argument_part(at, at + path.len());
            match leaf(context, visit.node, stmt, path) {
                Ok(leaf) if leaves.contains(&leaf) => {
                    let message = format!("`{path}` is named twice");
                    context.diagnostics.error(Code::InvalidUnique, span, message);
                }
                Ok(leaf) => leaves.push(leaf),
                Err((code, message)) => context.diagnostics.error(code, span, message),
            }
        }
        let configs = |config: bool| leaves.iter().any(|&l| context.builder.node(l).config == config);
        if visit.in_data && configs(true) && configs(false) {
            let message =
                format!("the `unique` of {} mixes configuration and state", context.path_of(visit.node));
            context.error(Code::InvalidUnique, stmt, message);
        }
        let unique = Unique { text: context.builder.intern(stmt.arg()), leaves, span: stmt.argument_span() };
        context.builder.node_mut(visit.node).uniques.push(unique);
    }
}

fn leaf<'t>(
    context: &mut Context<'t>,
    list: NodeId,
    stmt: Stmt<'t>,
    path: &str,
) -> Result<NodeId, (Code, String)> {
    let fail = |message: String| Err((Code::InvalidUnique, message));
    let steps = parse_schema_path(path, false).map_err(|message| (Code::InvalidUnique, message))?;
    let own = context.module_of(stmt);
    let home = context.builder.node(list).module;
    let mut at = list;
    for step in steps {
        let module = match step.prefix {
            None => home,
            Some(prefix) => match context.scopes.prefix(stmt.id().file, prefix) {
                Some(module) if module == own => home,
                Some(module) => module,
                None => return Err((Code::UnknownPrefix, format!("the prefix `{prefix}` is not defined"))),
            },
        };
        let name = context.builder.intern(step.name);
        let next = context.nodes.child(at, module, name).filter(|&n| !context.extra(n).removed);
        let Some(next) = next else {
            return fail(format!("there is no `{path}` in {}", context.path_of(list)));
        };
        if context.builder.node(next).kind == NodeKind::List {
            return fail(format!("`{path}` leads through the list {}", context.path_of(next)));
        }
        at = next;
    }
    match context.builder.node(at).kind {
        NodeKind::Leaf => Ok(at),
        kind => fail(format!("`{path}` is {}, not a leaf", article(kind.keyword()))),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::errors;

    #[test]
    fn unique_names_leaves() {
        let list = |unique: &str| {
            errors(&format!(
                "list l {{ key k; unique \"{unique}\"; leaf k {{ type string; }} leaf s {{ config false; type string; }}
                 container c {{ leaf a {{ type string; }} list i {{ key a; leaf a {{ type string; }} }} }} }}"
            ))
        };
        assert_eq!(list("k c/a"), Vec::<String>::new());
        assert_eq!(list("k m:c/m:a"), Vec::<String>::new());
        for (unique, message) in [
            ("x", "there is no `x` in `/l`"),
            ("c", "`c` is a container, not a leaf"),
            ("c/i/a", "`c/i/a` leads through the list `/l/c/i`"),
            ("k k", "`k` is named twice"),
            ("k s", "the `unique` of `/l` mixes configuration and state"),
        ] {
            assert_eq!(list(unique), [format!("invalid-unique: {message}")]);
        }
    }
}

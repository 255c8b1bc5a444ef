//! The default case of a choice (RFC 7950 section 7.9.3).

use super::Visit;
use crate::argument::split_reference;
use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic};
use yang_schema::NodeKind;

/// The default of a choice is one of its cases, which has no mandatory nodes right below it.
pub(crate) fn default_case(context: &mut Context<'_>, visit: Visit, mandatory: &[bool]) {
    if context.builder.node(visit.node).kind != NodeKind::Choice {
        return;
    }
    let Some(&stmt) = context.extra(visit.node).defaults.first() else { return };
    let (prefix, name) = split_reference(stmt.arg());
    let own = context.module_of(stmt);
    let home = context.builder.node(visit.node).module;
    let module = match prefix {
        None => home,
        Some(prefix) => match context.scopes.prefix(stmt.id().file, prefix) {
            Some(module) if module == own => home,
            Some(module) => module,
            None => {
                let d = context.scopes.unknown_prefix(stmt, prefix);
                context.diagnostics.push(d);
                return;
            }
        },
    };
    let name = context.builder.intern(name);
    let place = context.path_of(visit.node);
    let found = context.nodes.child(visit.node, module, name).filter(|&c| !context.extra(c).removed);
    let Some(case) = found else {
        context.error(Code::DefaultCase, stmt, format!("the choice {place} has no case `{}`", stmt.arg()));
        return;
    };
    let needed = context.builder.children(case).iter().copied().find(|n| mandatory[n.index()]);
    if let Some(needed) = needed {
        let span = context.builder.node(needed).span;
        context.diagnostics.push(
            Diagnostic::error(
                Code::DefaultCase,
                stmt.argument_span(),
                format!("the default case `{}` of {place} has a mandatory node", stmt.arg()),
            )
            .also(span, "this node is mandatory"),
        );
    }
    context.builder.node_mut(visit.node).default_case = Some(case);
}

#[cfg(test)]
mod tests {
    use crate::check::testing::errors;

    #[test]
    fn the_default_is_a_case() {
        let choice = |default: &str| {
            errors(&format!(
                "choice c {{ default {default}; case a {{ leaf x {{ type string; }} }} leaf b {{ type string; }}
                 case d {{ container p {{ leaf y {{ mandatory true; type string; }} }} }} }}"
            ))
        };
        assert_eq!(choice("a"), Vec::<String>::new());
        assert_eq!(choice("m:b"), Vec::<String>::new());
        assert_eq!(choice("x"), ["default-case: the choice `/c` has no case `x`"]);
        assert_eq!(choice("d"), ["default-case: the default case `d` of `/c` has a mandatory node"]);
    }
}

//! Typedefs and groupings that nothing can use (RFC 7950 section 5.5).

use super::warn;
use crate::compile::Context;
use crate::diagnostic::Code;
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use std::collections::HashMap;

/// Those of the top level may serve another module; one inside of a statement serves what stands there with it, or nothing.
pub(super) fn unused_definitions<'t>(context: &mut Context<'t>, root: Stmt<'t>) {
    // Where each name is used, in the order of the text. Names are not shadowed, so one name is one definition at a place.
    let mut uses: HashMap<(Keyword, &str), Vec<u32>> = HashMap::new();
    let own = context.module_of(root);
    for stmt in root.descendants() {
        let defined_by = match stmt.keyword() {
            Keyword::Type => Keyword::Typedef,
            Keyword::Uses => Keyword::Grouping,
            _ => continue,
        };
        let name = match stmt.arg().split_once(':') {
            None => stmt.arg(),
            Some((prefix, name)) if context.scopes.prefix(stmt.id().file, prefix) == Some(own) => name,
            Some(_) => continue,
        };
        uses.entry((defined_by, name)).or_default().push(stmt.span().start);
    }
    for stmt in root.descendants().filter(|s| matches!(s.keyword(), Keyword::Typedef | Keyword::Grouping)) {
        let Some(scope) = stmt.parent().filter(|p| *p != root).map(Stmt::span) else { continue };
        let used = uses.get(&(stmt.keyword(), stmt.arg())).is_some_and(|places| {
            let first = places.partition_point(|&at| at < scope.start);
            places.get(first).is_some_and(|&at| at < scope.end)
        });
        if !used {
            let message = format!("the {} `{}` is not used where it can be", stmt.keyword_text(), stmt.arg());
            warn(context, Code::UnusedDefinition, stmt, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::warnings;
    use crate::Code;

    #[test]
    fn only_what_no_other_module_can_reach() {
        for (body, expected) in [
            ("typedef t { type string; } grouping g;", &[][..]),
            ("container c { typedef t { type string; } leaf a { type t; } }", &[]),
            ("container c { grouping g; container d { uses m:g; } }", &[]),
            (
                "container c { typedef t { type string; } grouping t { leaf a { type t; } } }",
                &["the grouping `t` is not used where it can be"],
            ),
            // The other one of the name is used.
            (
                "container c { typedef t { type string; } } container d { typedef t { type string; } leaf a { type t; } }",
                &["the typedef `t` is not used where it can be"],
            ),
        ] {
            assert_eq!(warnings(Code::UnusedDefinition, body), expected, "{body}");
        }
    }
}

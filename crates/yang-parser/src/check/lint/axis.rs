//! Expressions whose meaning hangs on the order of data, or that search all of it (RFC 8407 sections 4.6.3 and 4.6.5).

use super::warn;
use crate::compile::Context;
use crate::diagnostic::Code;
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use yang_schema::xpath::{self, Axis, Expr, NodeTest, Step};

pub(super) fn axes<'t>(context: &mut Context<'t>, root: Stmt<'t>) {
    for stmt in root.descendants().filter(|s| s.is(Keyword::Must) || s.is(Keyword::When)) {
        let library = context.library;
        let prefixes = &library.file(stmt.id().file).prefixes;
        // What is no expression is an error already.
        let Ok(expr) = xpath::parse(stmt.arg(), &mut |prefix| prefixes.get(prefix).copied()) else {
            continue;
        };
        for fault in faults(&expr) {
            warn(context, Code::LintAxis, stmt, fault);
        }
    }
}

/// What there is to say of an expression, each thing once.
fn faults(expr: &Expr) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        match expr {
            Expr::Or(a, b)
            | Expr::And(a, b)
            | Expr::Union(a, b)
            | Expr::Compare(_, a, b)
            | Expr::Arithmetic(_, a, b) => open.extend([&**b, &**a]),
            Expr::Negate(inner) => open.push(inner),
            Expr::Call(_, arguments) => open.extend(arguments.iter().rev()),
            Expr::Literal(_) | Expr::Number(_) => {}
            Expr::Path(path) => steps(&path.steps, &mut open, &mut found),
            Expr::Filter { primary, predicates, steps: behind } => {
                steps(behind, &mut open, &mut found);
                open.extend(predicates.iter().rev());
                open.push(primary);
            }
        }
    }
    found
}

fn steps<'e>(steps: &'e [Step], open: &mut Vec<&'e Expr>, found: &mut Vec<String>) {
    for step in steps {
        if let Some(fault) = fault(step)
            && !found.contains(&fault)
        {
            found.push(fault);
        }
        open.extend(step.predicates.iter().rev());
    }
}

fn fault(step: &Step) -> Option<String> {
    let name = step.axis.name();
    match step.axis {
        Axis::Preceding | Axis::Following | Axis::PrecedingSibling | Axis::FollowingSibling => {
            Some(format!("the axis `{name}` asks for the order of nodes, which servers choose"))
        }
        Axis::Attribute | Axis::Namespace => {
            Some(format!("the axis `{name}` selects nothing: YANG's data has no such nodes"))
        }
        Axis::DescendantOrSelf if step.test == NodeTest::Node && step.predicates.is_empty() => {
            Some("`//` searches all that is below, also what other modules add".to_owned())
        }
        Axis::Descendant | Axis::DescendantOrSelf => {
            Some(format!("the axis `{name}` searches all that is below, also what other modules add"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::warnings;
    use crate::Code;

    #[test]
    fn order_and_searches() {
        let order =
            |axis: &str| format!("the axis `{axis}` asks for the order of nodes, which servers choose");
        let search = "`//` searches all that is below, also what other modules add".to_owned();
        for (expression, expected) in [
            ("preceding-sibling::a = 1", vec![order("preceding-sibling")]),
            ("not(following-sibling::a[. = 2])", vec![order("following-sibling")]),
            ("a[following::b] or preceding::b", vec![order("preceding"), order("following")]),
            ("//a and //b", vec![search.clone()]),
            ("count(current()//a) > 2", vec![search]),
            ("@a", vec!["the axis `attribute` selects nothing: YANG's data has no such nodes".to_owned()]),
            ("../c/a = 2 or self::node()", vec![]),
        ] {
            let mut found = warnings(
                Code::LintAxis,
                &format!(
                    "container c {{ must \"{expression}\"; leaf a {{ type int8; }} leaf b {{ type int8; }} }}"
                ),
            );
            let mut expected = expected;
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{expression}");
        }
        let when = "leaf a { type int8; } leaf b { when \"//a\"; type int8; }";
        assert_eq!(warnings(Code::LintAxis, when).len(), 1);
    }
}

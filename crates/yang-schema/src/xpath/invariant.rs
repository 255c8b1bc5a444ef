//! What a predicate compares the nodes with.

use super::{Expr, Function};

/// Is the value of an expression the same whichever node the predicate looks at?
pub fn is_invariant(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(_) | Expr::Number(_) => true,
        Expr::Path(path) => path.absolute,
        // Predicates and steps have context nodes of their own.
        Expr::Filter { primary, .. } => is_invariant(primary),
        Expr::Negate(inner) => is_invariant(inner),
        Expr::Or(a, b) | Expr::And(a, b) | Expr::Union(a, b) => is_invariant(a) && is_invariant(b),
        Expr::Compare(_, a, b) | Expr::Arithmetic(_, a, b) => is_invariant(a) && is_invariant(b),
        Expr::Call(Function::Current | Function::True | Function::False, _) => true,
        // The others without an argument ask about the context.
        Expr::Call(Function::Lang, _) => false,
        Expr::Call(_, arguments) => !arguments.is_empty() && arguments.iter().all(is_invariant),
    }
}

//! XPath filters (RFC 6241 section 8.9).

use super::Selection;
use crate::error::{DataError, ErrorTag};
use crate::event::Prefixes;
use crate::view::View;
use crate::xpath::{ModuleNames, Names, XPathValue, evaluate_expr};
use std::borrow::Cow;
use yang_schema::xpath::{Expr, NodeTest, Step};
use yang_schema::{ModuleId, Schema, xpath};

/// The nodes of an expression, each with all that is below it and its ancestors with their keys.
///
/// Prefixes are those in scope of the `filter` element, and a name without one is of no namespace (XPath 1.0 section 2.3), where
/// YANG has nothing: it selects nothing. Where there is no scope, prefixes are names of modules, and a name without one matches in any.
///
/// # Errors
/// An expression that is none (`invalid-value`), that does not select nodes, or that visits more nodes than `limit`.
pub fn select<'v>(
    view: &'v View,
    expression: &str,
    scope: Option<&dyn Prefixes>,
    limit: Option<u64>,
) -> Result<Selection<'v>, DataError> {
    let schema: &Schema = view.schema();
    let fail = |message: String| DataError::new(ErrorTag::InvalidValue, "/", message);
    let mut resolve = |prefix: &str| match scope {
        Some(scope) => scope.namespace(prefix).and_then(|uri| schema.find_namespace(uri)),
        None => schema.find_module(prefix),
    };
    let mut expr = xpath::parse(expression, &mut resolve)
        .map_err(|e| fail(format!("`{expression}` is no XPath expression: {e}")))?;
    if scope.is_some() {
        names_of_no_namespace(&mut expr);
    }
    let names: &dyn Names = match scope {
        Some(scope) => &ScopeNames { schema, scope },
        None => &ModuleNames(schema),
    };
    let value = evaluate_expr(&expr, names, &view.root(), limit)
        .map_err(|e| fail(format!("`{expression}` cannot be evaluated: {e}")))?;
    if !matches!(value, XPathValue::Nodes(_)) {
        return Err(fail(format!("`{expression}` does not select nodes")));
    }
    let mut selection = Selection::new(view, Vec::new());
    for node in value.into_cursors() {
        if node.is_root() {
            node.children().for_each(|child| selection.add_node(child));
        } else {
            selection.add_node(node);
        }
    }
    Ok(selection)
}

/// Makes names without a prefix match nothing.
fn names_of_no_namespace(expr: &mut Expr) {
    let in_steps = |steps: &mut Vec<Step>| {
        for step in steps {
            if matches!(step.test, NodeTest::Name { module: None, .. }) {
                // There are none.
                step.test = NodeTest::ProcessingInstruction;
            }
            step.predicates.iter_mut().for_each(names_of_no_namespace);
        }
    };
    match expr {
        Expr::Or(a, b)
        | Expr::And(a, b)
        | Expr::Compare(_, a, b)
        | Expr::Arithmetic(_, a, b)
        | Expr::Union(a, b) => {
            names_of_no_namespace(a);
            names_of_no_namespace(b);
        }
        Expr::Negate(a) => names_of_no_namespace(a),
        Expr::Path(path) => in_steps(&mut path.steps),
        Expr::Filter { primary, predicates, steps } => {
            names_of_no_namespace(primary);
            predicates.iter_mut().for_each(names_of_no_namespace);
            in_steps(steps);
        }
        Expr::Call(_, arguments) => arguments.iter_mut().for_each(names_of_no_namespace),
        Expr::Literal(_) | Expr::Number(_) => {}
    }
}

/// The namespaces in scope of an XML element.
struct ScopeNames<'a> {
    schema: &'a Schema,
    scope: &'a dyn Prefixes,
}

impl Names for ScopeNames<'_> {
    fn default_module(&self) -> Option<ModuleId> {
        None
    }

    fn module(&self, prefix: &str) -> Option<ModuleId> {
        self.scope.namespace(prefix).and_then(|uri| self.schema.find_namespace(uri))
    }

    fn prefix(&self, module: ModuleId) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(self.schema.module_name(module)))
    }
}

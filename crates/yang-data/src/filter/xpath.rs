//! XPath filters (RFC 6241 section 8.9).

use super::Selection;
use crate::error::{DataError, ErrorTag};
use crate::event::Prefixes;
use crate::view::View;
use crate::xpath::{ModuleNames, Names, XPathValue, evaluate_expr};
use std::borrow::Cow;
use yang_schema::{ModuleId, Schema, xpath};

/// The nodes of an expression, each with all that is below it and its ancestors with their keys.
///
/// Prefixes are those in scope of the `filter` element, or names of modules where there is no scope. A name without a prefix
/// would be in no namespace (XPath 1.0 section 2.3), where YANG has nothing. It matches in any module, as with other servers: what
/// people and clients such as yangcli send is `/interfaces`, and they do not mean nothing by it.
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
    let expr = xpath::parse(expression, &mut resolve)
        .map_err(|e| fail(format!("`{expression}` is no XPath expression: {e}")))?;
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

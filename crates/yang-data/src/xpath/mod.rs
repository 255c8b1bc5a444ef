//! Evaluation of XPath 1.0 with the functions of RFC 7950 section 10 over a [`View`](crate::view::View).
//!
//! [`evaluate`] and [`holds`] take an expression of the schema (`must`, `when`), [`evaluate_expr`] one of a user,
//! [`leafref_targets`] the path of a leafref. What an expression can see is for the caller to say, by the view: constraints on
//! configuration are evaluated over a view of configuration (RFC 7950 section 6.4.1), with defaults in use.
//!
//! Values are compared in their canonical form. A predicate that gives all keys of a list is a look-up; so is one that compares
//! another leaf with what is the same for all entries, where an index knows the leaf.

mod axis;
mod compare;
mod convert;
mod descend;
mod evaluate;
mod function;
mod leafref;
mod lookup;
mod names;
mod node;
mod path;
mod plain;
#[cfg(test)]
mod tests;

pub(crate) use descend::KnownWays;
pub use leafref::leafref_targets;
pub(crate) use leafref::{Target, leafref_target};
pub use names::{ModuleNames, Names};
pub use node::Node;

use crate::view::Cursor;
use evaluate::Evaluator;
use names::SchemaNames;
use yang_schema::xpath::Expr;
use yang_schema::{Schema, XPathId};

/// What an expression gives.
#[derive(Clone, PartialEq, Debug)]
pub enum XPathValue<'v> {
    /// Nodes in the order of the document, each once.
    Nodes(Vec<Node<'v>>),
    /// A boolean.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A string.
    String(String),
}

/// Why an expression has no value.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluationError {
    /// A function or operator that works on nodes was given something else.
    #[error("`{function}` needs nodes, but was given {given}")]
    NotNodes {
        /// The function or operator.
        function: &'static str,
        /// What it was given.
        given: &'static str,
    },
    /// It visits more nodes than the caller allows.
    #[error("the expression visits more than {0} nodes")]
    TooManyNodes(u64),
    /// The pattern of a `re-match` is none.
    #[error("`re-match` was given no pattern: {0}")]
    Pattern(#[from] yang_schema::pattern::PatternError),
}

/// Evaluates an expression of the schema.
///
/// # Errors
/// See [`EvaluationError`].
pub fn evaluate<'v>(xpath: XPathId, context: &Cursor<'v>) -> Result<XPathValue<'v>, EvaluationError> {
    let names = SchemaNames::new(context.schema(), xpath);
    evaluate_expr(expr_of(context.schema(), xpath), &names, context, None)
}

/// Is an expression of the schema true?
///
/// # Errors
/// See [`EvaluationError`].
pub fn holds(xpath: XPathId, context: &Cursor<'_>) -> Result<bool, EvaluationError> {
    let names = SchemaNames::new(context.schema(), xpath);
    Evaluator::new(&names, context, None)
        .boolean(expr_of(context.schema(), xpath), &evaluate::Focus::at(context))
}

/// Evaluates any expression. `limit` is the number of nodes that it may visit.
///
/// # Errors
/// See [`EvaluationError`].
pub fn evaluate_expr<'v>(
    expr: &Expr,
    names: &dyn Names,
    context: &Cursor<'v>,
    limit: Option<u64>,
) -> Result<XPathValue<'v>, EvaluationError> {
    Evaluator::new(names, context, limit).value(expr, &evaluate::Focus::at(context))
}

fn expr_of(schema: &Schema, xpath: XPathId) -> &Expr {
    schema.expr(schema.xpath(xpath).expr)
}

impl<'v> XPathValue<'v> {
    /// As the function `boolean` converts it.
    pub fn boolean(&self) -> bool {
        match self {
            XPathValue::Nodes(nodes) => !nodes.is_empty(),
            XPathValue::Boolean(b) => *b,
            XPathValue::Number(n) => *n != 0.0 && !n.is_nan(),
            XPathValue::String(s) => !s.is_empty(),
        }
    }

    /// The nodes of the schema among what it gives; a text node counts as its leaf. None where it gives no nodes.
    pub fn into_cursors(self) -> Vec<Cursor<'v>> {
        let XPathValue::Nodes(nodes) = self else { return Vec::new() };
        let mut cursors: Vec<Cursor<'v>> = nodes.into_iter().map(|n| n.cursor).collect();
        cursors.dedup();
        cursors
    }

    fn kind(&self) -> &'static str {
        match self {
            XPathValue::Nodes(_) => "nodes",
            XPathValue::Boolean(_) => "a boolean",
            XPathValue::Number(_) => "a number",
            XPathValue::String(_) => "a string",
        }
    }
}

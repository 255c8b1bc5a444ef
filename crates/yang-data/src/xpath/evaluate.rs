//! Expressions (XPath 1.0 section 3).

use super::{EvaluationError, Names, Node, XPathValue, axis, compare, convert};
use crate::view::Cursor;
use std::borrow::Cow;
use std::cell::Cell;
use yang_schema::ModuleId;
use yang_schema::xpath::{ArithmeticOp, Axis, CompareOp, Expr, Function, LocationPath, NodeTest};

/// What stays the same during one evaluation.
pub(super) struct Evaluator<'e, 'v> {
    pub(super) names: &'e dyn Names,
    /// The context node of the whole expression, what `current()` gives.
    pub(super) current: Cursor<'v>,
    limit: Option<u64>,
    visited: Cell<u64>,
}

/// The nodes in front of the last step of a path, and the name in that step.
type BeforeChild<'x, 'v> = (Vec<Node<'v>>, Option<ModuleId>, &'x str);

/// The context node, position and size of an expression (XPath 1.0 section 1).
#[derive(Clone)]
pub(super) struct Focus<'v> {
    pub(super) node: Node<'v>,
    pub(super) position: usize,
    pub(super) size: usize,
}

impl<'v> Focus<'v> {
    pub(super) fn at(context: &Cursor<'v>) -> Self {
        Self { node: Node::element(context.clone()), position: 1, size: 1 }
    }
}

impl<'e, 'v> Evaluator<'e, 'v> {
    pub(super) fn new(names: &'e dyn Names, current: &Cursor<'v>, limit: Option<u64>) -> Self {
        Self { names, current: current.clone(), limit, visited: Cell::new(0) }
    }

    /// Counts a node that is visited.
    pub(super) fn visit(&self) -> Result<(), EvaluationError> {
        let visited = self.visited.get() + 1;
        self.visited.set(visited);
        match self.limit {
            Some(limit) if visited > limit => Err(EvaluationError::TooManyNodes(limit)),
            _ => Ok(()),
        }
    }

    /// The value of an expression. Its depth is bounded by the parser, hence so is the recursion.
    pub(super) fn value(&self, expr: &Expr, focus: &Focus<'v>) -> Result<XPathValue<'v>, EvaluationError> {
        Ok(match expr {
            Expr::Or(..) | Expr::And(..) | Expr::Compare(..) => {
                XPathValue::Boolean(self.boolean(expr, focus)?)
            }
            Expr::Arithmetic(op, left, right) => {
                let (a, b) = (self.number(left, focus)?, self.number(right, focus)?);
                XPathValue::Number(match op {
                    ArithmeticOp::Add => a + b,
                    ArithmeticOp::Subtract => a - b,
                    ArithmeticOp::Multiply => a * b,
                    ArithmeticOp::Divide => a / b,
                    // The sign of the dividend, as Rust has it (section 3.5).
                    ArithmeticOp::Modulo => a % b,
                })
            }
            Expr::Negate(inner) => XPathValue::Number(-self.number(inner, focus)?),
            Expr::Union(left, right) => {
                let mut nodes = self.nodes(left, focus, "|")?;
                nodes.extend(self.nodes(right, focus, "|")?);
                nodes.sort();
                nodes.dedup();
                XPathValue::Nodes(nodes)
            }
            Expr::Path(path) => {
                if let Some(only) = self.only_node(expr, focus)? {
                    return Ok(XPathValue::Nodes(Vec::from_iter(only)));
                }
                let start =
                    if path.absolute { Node::element(self.current.root()) } else { focus.node.clone() };
                XPathValue::Nodes(self.steps(vec![start], &path.steps)?)
            }
            Expr::Filter { primary, predicates, steps } => {
                let mut nodes = self.nodes(primary, focus, "/")?;
                for predicate in predicates {
                    nodes = self.filter(nodes, predicate)?;
                }
                XPathValue::Nodes(self.steps(nodes, steps)?)
            }
            Expr::Literal(text) => XPathValue::String(text.to_string()),
            Expr::Number(n) => XPathValue::Number(*n),
            Expr::Call(function, arguments) => return self.call(*function, arguments, focus),
        })
    }

    /// The value as a boolean, evaluated no further than it takes.
    pub(super) fn boolean(&self, expr: &Expr, focus: &Focus<'v>) -> Result<bool, EvaluationError> {
        match expr {
            Expr::Or(left, right) => Ok(self.boolean(left, focus)? || self.boolean(right, focus)?),
            Expr::And(left, right) => Ok(self.boolean(left, focus)? && self.boolean(right, focus)?),
            Expr::Compare(op, left, right) => {
                if let Some(holds) = self.compare_plain(*op, left, right, focus)? {
                    return Ok(holds);
                }
                let (left, right) = (self.value(left, focus)?, self.value(right, focus)?);
                self.compare(*op, &left, &right)
            }
            // Whether there is one takes no more than the first.
            Expr::Path(path) => {
                if let Some(only) = self.only_node(expr, focus)? {
                    return Ok(only.is_some());
                }
                match self.before_plain_child(path, focus)? {
                    Some((parents, module, name)) => Ok(parents.iter().any(|parent| {
                        let mut named = self.children_named(&parent.cursor, module, name);
                        named.any(|child| parent.cursor.child(child.id()).is_some())
                    })),
                    None => Ok(self.value(expr, focus)?.boolean()),
                }
            }
            _ => Ok(self.value(expr, focus)?.boolean()),
        }
    }

    /// How many nodes an expression gives. Entries of a list are not looked at to be counted.
    pub(super) fn count(&self, expr: &Expr, focus: &Focus<'v>) -> Result<usize, EvaluationError> {
        if let Some(total) = self.total(expr, focus)? {
            return Ok(usize::try_from(total.count).unwrap_or(usize::MAX));
        }
        if let Expr::Path(path) = expr
            && let Some((parents, module, name)) = self.before_plain_child(path, focus)?
        {
            let count = |parent: &Node<'v>| -> usize {
                let named = self.children_named(&parent.cursor, module, name);
                named.map(|child| parent.cursor.count_of(child.id())).sum()
            };
            return Ok(parents.iter().map(count).sum());
        }
        Ok(self.nodes(expr, focus, Function::Count.name())?.len())
    }

    /// Where a path ends in the name of children, without predicates: the nodes in front, and the name.
    fn before_plain_child<'x>(
        &self,
        path: &'x LocationPath,
        focus: &Focus<'v>,
    ) -> Result<Option<BeforeChild<'x, 'v>>, EvaluationError> {
        let [before @ .., last] = path.steps.as_slice() else { return Ok(None) };
        let NodeTest::Name { module, name } = &last.test else { return Ok(None) };
        // `//name` is evaluated as one step, and the operation of a view is a child of no schema node.
        let plain = last.axis == Axis::Child
            && last.predicates.is_empty()
            && before.iter().all(|s| matches!(s.axis, Axis::Child | Axis::Parent | Axis::SelfAxis))
            && !self.current.view().has_operation();
        if !plain {
            return Ok(None);
        }
        let start = if path.absolute { Node::element(self.current.root()) } else { focus.node.clone() };
        let parents = self.steps(vec![start], before)?;
        for parent in &parents {
            self.visit()?;
            if parent.text {
                return Ok(None);
            }
        }
        Ok(Some((parents, *module, name)))
    }

    /// Compares; what the string values of nodes are made of is counted.
    pub(super) fn compare(
        &self,
        op: CompareOp,
        left: &XPathValue<'v>,
        right: &XPathValue<'v>,
    ) -> Result<bool, EvaluationError> {
        self.charge(left)?;
        self.charge(right)?;
        Ok(compare::compare(op, left, right, self.names))
    }

    /// Counts what the string values of nodes are made of: that of a container is all the text in it.
    fn charge(&self, value: &XPathValue<'v>) -> Result<(), EvaluationError> {
        match value {
            XPathValue::Nodes(nodes) => nodes.iter().try_for_each(|n| self.charge_node(n)),
            _ => Ok(()),
        }
    }

    fn charge_first(&self, value: &XPathValue<'v>) -> Result<(), EvaluationError> {
        match value {
            XPathValue::Nodes(nodes) => nodes.first().map_or(Ok(()), |n| self.charge_node(n)),
            _ => Ok(()),
        }
    }

    /// Counts what the string value of a node is made of, where somebody counts.
    pub(super) fn charge_node(&self, node: &Node<'v>) -> Result<(), EvaluationError> {
        if self.limit.is_none() || node.text || node.cursor.value().is_some() {
            return Ok(());
        }
        axis::each(Axis::Descendant, node, &|| self.visit(), &mut |_| self.visit())
    }

    pub(super) fn number(&self, expr: &Expr, focus: &Focus<'v>) -> Result<f64, EvaluationError> {
        let value = self.value(expr, focus)?;
        self.charge_first(&value)?;
        Ok(self.to_number(&value))
    }

    pub(super) fn string(&self, expr: &Expr, focus: &Focus<'v>) -> Result<String, EvaluationError> {
        let value = self.value(expr, focus)?;
        self.charge_first(&value)?;
        Ok(self.to_string(&value).into_owned())
    }

    pub(super) fn nodes(
        &self,
        expr: &Expr,
        focus: &Focus<'v>,
        function: &'static str,
    ) -> Result<Vec<Node<'v>>, EvaluationError> {
        match self.value(expr, focus)? {
            XPathValue::Nodes(nodes) => Ok(nodes),
            other => Err(EvaluationError::NotNodes { function, given: other.kind() }),
        }
    }

    /// As the function `number` converts it.
    pub(super) fn to_number(&self, value: &XPathValue<'v>) -> f64 {
        match value {
            XPathValue::Nodes(nodes) => nodes.first().map_or(f64::NAN, |n| n.number(self.names)),
            XPathValue::Boolean(b) => f64::from(u8::from(*b)),
            XPathValue::Number(n) => *n,
            XPathValue::String(s) => convert::number(s),
        }
    }

    /// As the function `string` converts it.
    pub(super) fn to_string<'a>(&self, value: &'a XPathValue<'v>) -> Cow<'a, str> {
        match value {
            XPathValue::Nodes(nodes) => nodes.first().map_or(Cow::Borrowed(""), |n| n.string(self.names)),
            XPathValue::Boolean(b) => Cow::Borrowed(if *b { "true" } else { "false" }),
            XPathValue::Number(n) => Cow::Owned(convert::string(*n)),
            XPathValue::String(s) => Cow::Borrowed(s),
        }
    }
}

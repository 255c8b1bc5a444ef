//! Paths that lead to one node at most: up by `..`, then down by names of containers and leaves. Most constraints are made of them,
//! and of literals: they are evaluated without sets of nodes.

use super::compare::{Scalar, pair, with_scalar};
use super::evaluate::{Evaluator, Focus};
use super::{EvaluationError, Node, XPathValue};
use crate::view::{Cursor, Instances};
use std::rc::Rc;
use yang_schema::NodeKind;
use yang_schema::xpath::{Axis, CompareOp, Expr, Function, NodeTest, Step};

/// A side of a comparison.
enum Operand<'x, 'v> {
    Node(Option<Node<'v>>),
    Scalar(Scalar<'x>),
}

impl<'v> Evaluator<'_, 'v> {
    /// The node that an expression leads to, or that there is none. Nothing where it may lead to several, or is no such path.
    pub(super) fn only_node(
        &self,
        expr: &Expr,
        focus: &Focus<'v>,
    ) -> Result<Option<Option<Node<'v>>>, EvaluationError> {
        match expr {
            Expr::Path(path) => self.follow(&focus.node, path.absolute, &path.steps),
            Expr::Filter { primary, predicates, steps }
                if predicates.is_empty() && matches!(**primary, Expr::Call(Function::Current, _)) =>
            {
                self.follow(&Node::element(self.current.clone()), false, steps)
            }
            Expr::Call(Function::Current, _) => Ok(Some(Some(Node::element(self.current.clone())))),
            _ => Ok(None),
        }
    }

    fn follow(
        &self,
        from: &Node<'v>,
        absolute: bool,
        steps: &[Step],
    ) -> Result<Option<Option<Node<'v>>>, EvaluationError> {
        let up = steps.iter().take_while(|step| is_plain(step) && step.axis != Axis::Child).count();
        let (up, down) = steps.split_at(up);
        let is_name = |step: &Step| is_plain(step) && step.axis == Axis::Child;
        if from.text || !down.iter().all(is_name) || self.current.view().has_operation() {
            return Ok(None);
        }
        let (mut at, mut shared): (&Cursor<'v>, Option<&Rc<Cursor<'v>>>) = (&from.cursor, None);
        if absolute {
            while let Some(above) = &at.up {
                (at, shared) = (above, Some(above));
            }
        }
        for step in up {
            self.visit()?;
            if step.axis == Axis::Parent {
                let Some(above) = &at.up else { return Ok(Some(None)) };
                (at, shared) = (above, Some(above));
            }
        }
        let Some((last, above)) = down.split_last() else { return Ok(Some(Some(Node::element(at.clone())))) };
        let mut at = shared.map_or_else(|| Rc::new(at.clone()), Rc::clone);
        for step in above {
            match self.only_child(&at, step)? {
                Some(Some(child)) => at = Rc::new(child),
                Some(None) => return Ok(Some(None)),
                None => return Ok(None),
            }
        }
        Ok(self.only_child(&at, last)?.map(|child| child.map(Node::element)))
    }

    fn only_child(
        &self,
        at: &Rc<Cursor<'v>>,
        step: &Step,
    ) -> Result<Option<Option<Cursor<'v>>>, EvaluationError> {
        let NodeTest::Name { module, name } = &step.test else { return Ok(None) };
        let Some(module) = module.or_else(|| self.names.default_module()) else { return Ok(None) };
        self.visit()?;
        let Some(child) = at.content_node().data_child(module, name) else { return Ok(Some(None)) };
        match child.kind() {
            NodeKind::List | NodeKind::LeafList => Ok(None),
            _ => Ok(Some(Instances::of(at, child.id()).next())),
        }
    }

    fn operand<'x>(
        &self,
        expr: &'x Expr,
        focus: &Focus<'v>,
    ) -> Result<Option<Operand<'x, 'v>>, EvaluationError> {
        Ok(match expr {
            Expr::Literal(text) => Some(Operand::Scalar(Scalar::Text(text))),
            Expr::Number(n) => Some(Operand::Scalar(Scalar::Number(*n))),
            _ => self.only_node(expr, focus)?.map(Operand::Node),
        })
    }

    /// The result of a comparison of single nodes, literals and numbers.
    pub(super) fn compare_plain(
        &self,
        op: CompareOp,
        left: &Expr,
        right: &Expr,
        focus: &Focus<'v>,
    ) -> Result<Option<bool>, EvaluationError> {
        let Some(left) = self.operand(left, focus)? else { return Ok(None) };
        let Some(right) = self.operand(right, focus)? else { return Ok(None) };
        for side in [&left, &right] {
            if let Operand::Node(Some(node)) = side {
                self.charge_node(node)?;
            }
        }
        Ok(match (&left, &right) {
            (Operand::Node(Some(a)), Operand::Node(Some(b))) => Some(pair(op, a, b, self.names)),
            (Operand::Node(Some(node)), Operand::Scalar(other)) => {
                Some(with_scalar(op, node, *other, self.names))
            }
            (Operand::Scalar(other), Operand::Node(Some(node))) => {
                Some(with_scalar(op.mirrored(), node, *other, self.names))
            }
            // Of no nodes none compares.
            (Operand::Node(None), _) | (_, Operand::Node(None)) => Some(false),
            (Operand::Scalar(_), Operand::Scalar(_)) => None,
        })
    }

    /// Compares what an expression gives with a value that is known.
    pub(super) fn compare_with(
        &self,
        op: CompareOp,
        expr: &Expr,
        focus: &Focus<'v>,
        other: &XPathValue<'v>,
    ) -> Result<bool, EvaluationError> {
        if let (Some(other), Some(node)) = (Scalar::of(other), self.only_node(expr, focus)?) {
            let Some(node) = node else { return Ok(false) };
            self.charge_node(&node)?;
            return Ok(with_scalar(op, &node, other, self.names));
        }
        if let XPathValue::Nodes(others) = other
            && let [other] = others.as_slice()
            && let Some(node) = self.only_node(expr, focus)?
        {
            let Some(node) = node else { return Ok(false) };
            self.charge_node(&node)?;
            self.charge_node(other)?;
            return Ok(pair(op, &node, other, self.names));
        }
        self.compare(op, &self.value(expr, focus)?, other)
    }
}

/// `..`, `.` or a name, without predicates.
fn is_plain(step: &Step) -> bool {
    let test = match step.axis {
        Axis::Parent | Axis::SelfAxis => step.test == NodeTest::Node,
        Axis::Child => matches!(step.test, NodeTest::Name { .. }),
        _ => false,
    };
    test && step.predicates.is_empty()
}

//! Comparison (XPath 1.0 section 3.4): with nodes on a side it holds if it holds for one of them.

use super::{Names, Node, XPathValue, convert};
use std::collections::HashSet;
use yang_schema::xpath::CompareOp;

pub(super) fn compare<'v>(
    op: CompareOp,
    left: &XPathValue<'v>,
    right: &XPathValue<'v>,
    names: &dyn Names,
) -> bool {
    use XPathValue::{Boolean, Nodes, Number, String};
    match (left, right) {
        (Nodes(left), Nodes(right)) => nodes(op, left, right, names),
        // Against a boolean the nodes are one boolean, not many.
        (Nodes(_), Boolean(_)) | (Boolean(_), Nodes(_)) => scalars(op, left, right),
        (Nodes(nodes), other) => {
            Scalar::of(other).is_some_and(|other| nodes.iter().any(|n| with_scalar(op, n, other, names)))
        }
        (_, Nodes(_)) => compare(op.mirrored(), right, left, names),
        (Boolean(_) | Number(_) | String(_), _) => scalars(op, left, right),
    }
}

/// A string or a number.
#[derive(Clone, Copy)]
pub(super) enum Scalar<'a> {
    Text(&'a str),
    Number(f64),
}

impl<'a> Scalar<'a> {
    pub(super) fn of(value: &'a XPathValue<'_>) -> Option<Self> {
        match value {
            XPathValue::String(text) => Some(Scalar::Text(text)),
            XPathValue::Number(n) => Some(Scalar::Number(*n)),
            XPathValue::Nodes(_) | XPathValue::Boolean(_) => None,
        }
    }
}

fn numbers(op: CompareOp, a: f64, b: f64) -> bool {
    match op {
        CompareOp::Equal => a == b,
        CompareOp::NotEqual => a != b,
        CompareOp::Less => a < b,
        CompareOp::LessOrEqual => a <= b,
        CompareOp::Greater => a > b,
        CompareOp::GreaterOrEqual => a >= b,
    }
}

/// One node against a number or a string.
pub(super) fn with_scalar(op: CompareOp, node: &Node<'_>, other: Scalar<'_>, names: &dyn Names) -> bool {
    match (op, other) {
        (CompareOp::Equal, Scalar::Text(s)) => node.equals(s, names),
        (CompareOp::NotEqual, Scalar::Text(s)) => !node.equals(s, names),
        (_, Scalar::Text(s)) => numbers(op, node.number(names), convert::number(s)),
        (_, Scalar::Number(n)) => numbers(op, node.number(names), n),
    }
}

/// One node against another.
pub(super) fn pair(op: CompareOp, a: &Node<'_>, b: &Node<'_>, names: &dyn Names) -> bool {
    match op {
        CompareOp::Equal => a.has_text_of(b, names),
        CompareOp::NotEqual => !a.has_text_of(b, names),
        _ => numbers(op, a.number(names), b.number(names)),
    }
}

/// Neither side has nodes, or one has and the other is a boolean.
fn scalars(op: CompareOp, left: &XPathValue<'_>, right: &XPathValue<'_>) -> bool {
    use XPathValue::{Boolean, Number, String};
    let number = |value: &XPathValue<'_>| match value {
        Number(n) => *n,
        String(s) => convert::number(s),
        other => f64::from(u8::from(other.boolean())),
    };
    let equality = matches!(op, CompareOp::Equal | CompareOp::NotEqual);
    match (left, right) {
        (Boolean(_), _) | (_, Boolean(_)) if equality => {
            (left.boolean() == right.boolean()) == (op == CompareOp::Equal)
        }
        (String(a), String(b)) if equality => (a == b) == (op == CompareOp::Equal),
        // Nodes are here only against a boolean, and are then one themselves.
        _ => numbers(op, number(left), number(right)),
    }
}

/// Nodes on both sides. It costs the sum of their numbers, not the product.
fn nodes(op: CompareOp, left: &[Node<'_>], right: &[Node<'_>], names: &dyn Names) -> bool {
    if left.is_empty() || right.is_empty() {
        return false;
    }
    match op {
        CompareOp::Equal => {
            let (few, many) = if left.len() <= right.len() { (left, right) } else { (right, left) };
            if let [one] = few {
                return many.iter().any(|n| n.has_text_of(one, names));
            }
            let texts: HashSet<_> = few.iter().map(|n| n.string(names)).collect();
            many.iter().any(|n| texts.contains(&n.string(names)))
        }
        CompareOp::NotEqual => {
            // Only if all are the same is there no pair that differs.
            let text = left[0].string(names);
            left.iter().chain(right).any(|n| n.string(names) != text)
        }
        CompareOp::Less | CompareOp::LessOrEqual => {
            numbers(op, extreme(left, names, f64::min), extreme(right, names, f64::max))
        }
        CompareOp::Greater | CompareOp::GreaterOrEqual => {
            numbers(op, extreme(left, names, f64::max), extreme(right, names, f64::min))
        }
    }
}

/// The least or greatest number among the nodes. `f64::min` and `f64::max` pass over what is no number, which compares with nothing.
fn extreme(nodes: &[Node<'_>], names: &dyn Names, choose: fn(f64, f64) -> f64) -> f64 {
    nodes.iter().map(|n| n.number(names)).fold(f64::NAN, choose)
}

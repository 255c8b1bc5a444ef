//! Predicates that give the keys of a list, or the value of a leaf-list, are look-ups.

use super::evaluate::{Evaluator, Focus};
use super::names::KeyNames;
use super::path::is_keyed;
use super::{EvaluationError, Node, XPathValue, convert, node};
use crate::index;
use crate::view::Cursor;
use std::borrow::Cow;
use yang_schema::dependency::{is_indexed, sought};
use yang_schema::xpath::{Axis, CompareOp, Expr, LocationPath, NodeTest, Step, is_invariant};
use yang_schema::{Base, NodeId, NodeKind, NodeRef, TypeRef, Value};

/// More combinations of key values than this are found faster by looking at each entry.
const MOST: usize = 64;

/// Fewer entries than this are looked at faster than an index is asked. Tests, whose lists are short, ask.
const FEW: usize = if cfg!(test) { 1 } else { 8 };

impl<'v> Evaluator<'_, 'v> {
    /// The entries that the leading predicates pick by their keys, and how many predicates these are.
    ///
    /// Nothing where they do not give each key once, or where equal text does not mean equal values (a union of a number and
    /// a string): then each entry must be looked at. `also` demands a value of one key besides what the predicates say.
    pub(super) fn look_up(
        &self,
        up: &Cursor<'v>,
        list: NodeRef<'v>,
        predicates: &[Expr],
        also: Option<(NodeId, &Value)>,
    ) -> Result<Option<(Vec<Node<'v>>, usize)>, EvaluationError> {
        if !is_keyed(list) || (predicates.is_empty() && also.is_none()) {
            return Ok(None);
        }
        let leaves: Vec<NodeRef<'v>> = match list.kind() {
            NodeKind::List => list.keys().collect(),
            _ => vec![list],
        };
        let mut given: Vec<Option<Given<'_>>> = leaves.iter().map(|_| None).collect();
        if let Some((leaf, value)) = also {
            match leaves.iter().position(|l| l.id() == leaf) {
                Some(i) => given[i] = Some(Given::Value(value)),
                None => return Ok(None),
            }
        }
        let mut used = 0;
        for predicate in predicates {
            let mut tests = Vec::new();
            if !self.key_tests(predicate, &leaves, &mut tests) {
                break;
            }
            for (i, expr) in tests {
                if given[i].replace(Given::Expr(expr)).is_some() {
                    return Ok(None);
                }
            }
            used += 1;
        }
        let Some(given) = given.into_iter().collect::<Option<Vec<_>>>() else { return Ok(None) };
        let mut values: Vec<Vec<Value>> = Vec::with_capacity(given.len());
        for (leaf, given) in leaves.iter().zip(given) {
            match given {
                Given::Value(value) => values.push(vec![value.clone()]),
                Given::Expr(expr) => match self.key_values(up, *leaf, expr)? {
                    Some(found) => values.push(found),
                    None => return Ok(None),
                },
            }
        }
        let combinations =
            values.iter().try_fold(1usize, |n, v| n.checked_mul(v.len())).unwrap_or(usize::MAX);
        if combinations > MOST {
            return Ok(None);
        }
        let mut found = Vec::new();
        for nth in 0..combinations {
            self.visit()?;
            let mut nth = nth;
            let keys: Vec<&Value> = values
                .iter()
                .map(|of_key| {
                    let value = &of_key[nth % of_key.len()];
                    nth /= of_key.len();
                    value
                })
                .collect();
            found.extend(up.entry(list.id(), &keys).map(Node::element));
        }
        found.sort();
        Ok(Some((found, used)))
    }

    /// The entries of which an index says that they pass one of the predicates: those that do, in the order of the document, and
    /// perhaps others. Nothing where no predicate compares a leaf with what is the same for all entries, or no index can tell.
    pub(super) fn seek(
        &self,
        up: &Cursor<'v>,
        list: NodeRef<'v>,
        predicates: &[Expr],
    ) -> Result<Option<Vec<Node<'v>>>, EvaluationError> {
        if list.kind() != NodeKind::List || predicates.is_empty() || up.count_of(list.id()) < FEW {
            return Ok(None);
        }
        let sought = sought(list, predicates, self.names.default_module());
        let Some((leaf, expr)) = sought.into_iter().find(|(leaf, _)| is_indexed(*leaf)) else {
            return Ok(None);
        };
        let texts: Vec<Cow<'_, str>> = match self.value(expr, &Focus::at(up))? {
            XPathValue::String(text) => vec![Cow::Owned(text)],
            XPathValue::Nodes(nodes) if nodes.len() <= MOST => {
                nodes.iter().map(|n| n.string(self.names)).collect()
            }
            // Beyond this a number is the nearest of several integers.
            XPathValue::Number(n) if n.abs() < 9e15 && is_integer(leaf) => {
                vec![Cow::Owned(convert::string(n))]
            }
            _ => return Ok(None),
        };
        let mut found = Vec::new();
        for text in texts {
            let Some(leaves) = index::find(up, leaf, &text) else { return Ok(None) };
            for leaf in leaves {
                self.visit()?;
                let entry = std::iter::once(&leaf).chain(leaf.ancestors()).find(|c| c.node_id() == list.id());
                found.extend(entry.cloned().map(Node::element));
            }
        }
        found.sort();
        found.dedup();
        Ok(Some(found))
    }

    /// Is a predicate nothing but equalities of keys with what does not depend on the entry? Adds the position of each key
    /// and what it is compared with.
    fn key_tests<'x>(
        &self,
        predicate: &'x Expr,
        leaves: &[NodeRef<'v>],
        tests: &mut Vec<(usize, &'x Expr)>,
    ) -> bool {
        match predicate {
            Expr::And(left, right) => {
                self.key_tests(left, leaves, tests) && self.key_tests(right, leaves, tests)
            }
            Expr::Compare(CompareOp::Equal, left, right) => {
                for (key, other) in [(left, right), (right, left)] {
                    if let Some(i) = self.key(key, leaves)
                        && is_invariant(other)
                    {
                        tests.push((i, other));
                        return true;
                    }
                }
                false
            }
            _ => false,
        }
    }

    /// Which key does an expression inside a predicate name?
    fn key(&self, expr: &Expr, leaves: &[NodeRef<'v>]) -> Option<usize> {
        let Expr::Path(LocationPath { absolute: false, steps }) = expr else { return None };
        let [Step { axis, test, predicates }] = steps.as_slice() else { return None };
        if !predicates.is_empty() {
            return None;
        }
        match (axis, test) {
            (Axis::SelfAxis, NodeTest::Node) => leaves.iter().position(|l| l.kind() == NodeKind::LeafList),
            (Axis::Child, NodeTest::Name { module, name }) => {
                leaves.iter().position(|l| l.kind() == NodeKind::Leaf && self.has_name(*l, *module, name))
            }
            _ => None,
        }
    }

    /// The values of a key that equal an expression. Nothing where that cannot be said without looking at the entries.
    fn key_values(
        &self,
        up: &Cursor<'v>,
        leaf: NodeRef<'v>,
        expr: &Expr,
    ) -> Result<Option<Vec<Value>>, EvaluationError> {
        let Some(base) = leaf.type_().and_then(plain_base) else { return Ok(None) };
        let texts: Vec<String> = match self.value(expr, &Focus::at(up))? {
            XPathValue::String(text) => vec![text],
            XPathValue::Nodes(nodes) if nodes.len() <= MOST => {
                nodes.iter().map(|n| n.string(self.names).into_owned()).collect()
            }
            XPathValue::Number(n) if base.integer_bounds().is_some() => vec![convert::string(n)],
            _ => return Ok(None),
        };
        let mut values: Vec<Value> = Vec::new();
        for text in texts {
            let ty = leaf.type_().map(TypeRef::id).expect("it has been asked for above");
            let Ok(value) = Value::parse(leaf.schema(), ty, &text, &KeyNames(self.names)) else { continue };
            // The text must be what the key's own string would be: "007" names no number.
            if node::value_equals(&value, &text, leaf.schema(), self.names) && !values.contains(&value) {
                values.push(value);
            }
        }
        Ok(Some(values))
    }
}

/// Has a leaf, or each entry of a leaf-list, an integer for a value?
fn is_integer(leaf: NodeRef<'_>) -> bool {
    leaf.type_().and_then(plain_base).is_some_and(|base| base.integer_bounds().is_some())
}

/// What a key must be.
enum Given<'x> {
    Value(&'x Value),
    Expr(&'x Expr),
}

/// The one built-in type that all values of a type have.
fn plain_base(ty: TypeRef<'_>) -> Option<Base> {
    let mut stack = vec![ty.real()];
    let mut found = None;
    while let Some(ty) = stack.pop() {
        match ty.base() {
            Base::Union => stack.extend(ty.members().map(TypeRef::real)),
            // Each enumeration and bits of a union has values of its own; and a leafref that is not resolved has none.
            Base::Enumeration | Base::Bits | Base::Leafref if found.is_some() => return None,
            base if found.is_none_or(|f| f == base) => found = Some(base),
            _ => return None,
        }
    }
    found
}

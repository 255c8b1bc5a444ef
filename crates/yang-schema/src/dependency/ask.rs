//! Questions about expressions and leaves: what an index or a look-up can find, what counts positions, what may fail.

use super::place::{identities, is_many};
use crate::pattern;
use crate::xpath::{Axis, CompareOp, Expr, Function, LocationPath, NodeTest, Step, is_invariant};
use crate::{ModuleId, NodeId, NodeKind, NodeRef, TypeDetail, TypeRef, XPathId};

/// May the instances of a node below one instance of another be more than a look at a list can count?
pub fn counts_many(node: NodeRef<'_>, scope: NodeId) -> bool {
    let up = std::iter::successors(Some(node), |n| n.data_parent()).take_while(|n| n.id() != scope);
    let lists = up.filter(|n| is_many(*n)).count();
    // One list knows how many entries it has; what they add up to, or how many have a leaf, it does not.
    lists > 1 || lists == 1 && node.kind() != NodeKind::List
}

/// Can the instances of a leaf that have a value, below one instance of a node above it, not be found by keys?
pub fn needs_index(leaf: NodeRef<'_>, scope: NodeId) -> bool {
    let lists: Vec<NodeRef<'_>> = std::iter::successors(Some(leaf), |n| n.data_parent())
        .take_while(|n| n.id() != scope)
        .filter(|n| is_many(*n))
        .collect();
    match lists.as_slice() {
        [] => false,
        [only] if only.kind() == NodeKind::LeafList => !only.is_config(),
        [only] => !(only.keys().len() == 1 && only.keys().all(|k| k.id() == leaf.id())),
        _ => true,
    }
}

/// The leaves of a list's entries that predicates compare with what is the same for all entries, and with what. Predicates
/// behind one that counts positions are left out. Nothing where evaluation may end in an error: that must be found.
pub fn sought<'s, 'x>(
    list: NodeRef<'s>,
    predicates: &'x [Expr],
    default_module: Option<ModuleId>,
) -> Vec<(NodeRef<'s>, &'x Expr)> {
    let mut found = Vec::new();
    if predicates.iter().any(may_fail) {
        return found;
    }
    let mut stack: Vec<&Expr> = predicates.iter().take_while(|p| !counts_positions(p)).collect();
    stack.reverse();
    while let Some(predicate) = stack.pop() {
        match predicate {
            Expr::And(a, b) => stack.extend([&**b, &**a]),
            Expr::Compare(CompareOp::Equal, a, b) => {
                for (leaf, other) in [(a, b), (b, a)] {
                    if is_invariant(other)
                        && let Some(leaf) = leaf_below(list, leaf, default_module)
                    {
                        found.push((leaf, &**other));
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// Can an index find a leaf by the string of its value? The prefixes in the strings of identities are the expression's own, and
/// an index knows nothing of them.
pub fn is_indexed(leaf: NodeRef<'_>) -> bool {
    identities(leaf) == Some(false)
}

/// The leaf of a list's entry that a relative path of a predicate names: below the entry by containers alone.
fn leaf_below<'s>(list: NodeRef<'s>, expr: &Expr, default_module: Option<ModuleId>) -> Option<NodeRef<'s>> {
    let Expr::Path(LocationPath { absolute: false, steps }) = expr else { return None };
    let mut at = list;
    for step in steps {
        let NodeTest::Name { module, name } = &step.test else { return None };
        if step.axis != Axis::Child || !step.predicates.is_empty() || (at != list && is_many(at)) {
            return None;
        }
        at = match module.or(default_module) {
            Some(module) => at.data_child(module, name)?,
            None => {
                // Without a module a name may mean several nodes.
                let mut named = at.data_children().filter(|n| n.name() == &**name);
                let one = named.next()?;
                if named.next().is_some() {
                    return None;
                }
                one
            }
        };
    }
    at.kind().has_value().then_some(at)
}

/// Do steps begin with `//name`, or `descendant::name`? The step with the name, and those behind it.
pub fn named_descendants<'x>(step: &'x Step, rest: &'x [Step]) -> Option<(&'x Step, &'x [Step])> {
    let is_named = |step: &Step| matches!(step.test, NodeTest::Name { .. });
    match (step.axis, rest) {
        // The position of a node among all descendants is not that among the children of one.
        (Axis::Descendant, _) if is_named(step) && step.predicates.is_empty() => Some((step, rest)),
        (Axis::DescendantOrSelf, [next, rest @ ..])
            if step.test == NodeTest::Node
                && step.predicates.is_empty()
                && next.axis == Axis::Child
                && is_named(next) =>
        {
            Some((next, rest))
        }
        _ => None,
    }
}

/// A path without predicates, from the focus, the root or `current()`.
pub(super) fn is_simple(expr: &Expr) -> bool {
    let plain = |steps: &[Step]| steps.iter().all(|s| s.predicates.is_empty());
    match expr {
        Expr::Path(path) => plain(&path.steps),
        Expr::Filter { primary, predicates, steps } => {
            matches!(**primary, Expr::Call(Function::Current, _)) && predicates.is_empty() && plain(steps)
        }
        Expr::Call(Function::Current, _) => true,
        _ => false,
    }
}

/// May the value be a number, or ask for the position: does the place among the nodes count?
pub(super) fn counts_positions(expr: &Expr) -> bool {
    match expr {
        Expr::Number(_) | Expr::Arithmetic(..) | Expr::Negate(_) => true,
        Expr::Or(a, b) | Expr::And(a, b) | Expr::Compare(_, a, b) => asks_position(a) || asks_position(b),
        Expr::Call(
            Function::Count
            | Function::StringLength
            | Function::Number
            | Function::Sum
            | Function::Floor
            | Function::Ceiling
            | Function::Round
            | Function::EnumValue,
            _,
        ) => true,
        _ => asks_position(expr),
    }
}

/// Is the position asked for in the context of this very predicate?
fn asks_position(expr: &Expr) -> bool {
    match expr {
        Expr::Call(Function::Position | Function::Last, _) => true,
        Expr::Or(a, b) | Expr::And(a, b) | Expr::Compare(_, a, b) => asks_position(a) || asks_position(b),
        Expr::Arithmetic(_, a, b) | Expr::Union(a, b) => asks_position(a) || asks_position(b),
        Expr::Negate(a) => asks_position(a),
        // Predicates inside have positions of their own.
        Expr::Filter { primary, .. } => asks_position(primary),
        Expr::Call(_, arguments) => arguments.iter().any(asks_position),
        Expr::Path(_) | Expr::Literal(_) | Expr::Number(_) => false,
    }
}

/// May evaluation end in an error? Some function may be given no nodes, or a `re-match` no pattern. Then it must not be
/// evaluated for fewer nodes than it is written for.
pub(super) fn may_fail(expr: &Expr) -> bool {
    let in_steps = |steps: &[Step]| steps.iter().flat_map(|s| &s.predicates).any(may_fail);
    match expr {
        Expr::Or(a, b) | Expr::And(a, b) | Expr::Compare(_, a, b) | Expr::Arithmetic(_, a, b) => {
            may_fail(a) || may_fail(b)
        }
        Expr::Negate(a) => may_fail(a),
        Expr::Union(a, b) => !gives_nodes(a) || !gives_nodes(b) || may_fail(a) || may_fail(b),
        Expr::Path(path) => in_steps(&path.steps),
        Expr::Filter { primary, predicates, steps } => {
            !gives_nodes(primary) || may_fail(primary) || predicates.iter().any(may_fail) || in_steps(steps)
        }
        Expr::Literal(_) | Expr::Number(_) => false,
        Expr::Call(function, arguments) => {
            let own = match (function, arguments.as_slice()) {
                (Function::ReMatch, [_, Expr::Literal(xsd)]) => !is_pattern(xsd),
                (Function::ReMatch, _) => true,
                (
                    Function::Count
                    | Function::Sum
                    | Function::Deref
                    | Function::EnumValue
                    | Function::BitIsSet
                    | Function::DerivedFrom
                    | Function::DerivedFromOrSelf
                    | Function::LocalName
                    | Function::NamespaceUri
                    | Function::Name,
                    [first, ..],
                ) => !gives_nodes(first),
                _ => false,
            };
            own || arguments.iter().any(may_fail)
        }
    }
}

/// Can the text be used as a pattern, automaton and all?
fn is_pattern(xsd: &str) -> bool {
    pattern::kept(xsd).is_ok_and(|pattern| pattern.try_match("").is_ok())
}

fn gives_nodes(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Path(_)
            | Expr::Filter { .. }
            | Expr::Union(..)
            | Expr::Call(Function::Current | Function::Deref | Function::Id, _)
    )
}

/// The leafref paths of a type whose instances must exist, and whether it has an instance-identifier whose must.
pub(super) fn references(ty: TypeRef<'_>) -> (Vec<XPathId>, bool) {
    let (mut paths, mut identifiers) = (Vec::new(), false);
    let mut stack = vec![ty];
    while let Some(ty) = stack.pop() {
        match ty.detail() {
            TypeDetail::Leafref { path, require_instance: true, .. } => paths.push(*path),
            TypeDetail::InstanceIdentifier { require_instance: true } => identifiers = true,
            _ => {
                let from = stack.len();
                stack.extend(ty.members());
                stack[from..].reverse();
            }
        }
    }
    (paths, identifiers)
}

//! What a leafref refers to (RFC 7950 section 9.9).

use super::evaluate::Evaluator;
use super::names::SchemaNames;
use super::{EvaluationError, Node, expr_of};
use crate::index;
use crate::view::Cursor;
use yang_schema::dependency::needs_index;
use yang_schema::xpath::{Axis, Expr, LocationPath, NodeTest, Step};
use yang_schema::{NodeKind, NodeRef, Value, XPathId};

/// The instances that a leafref's path names and that have the value, in the order of the document. None means that the
/// required instance is missing.
///
/// `context` is the leaf or leaf-list entry with the leafref. Where the path ends in the key of a list, or in a leaf-list,
/// the instance is looked up.
///
/// # Errors
/// See [`EvaluationError`].
pub fn leafref_targets<'v>(
    context: &Cursor<'v>,
    path: XPathId,
    value: &Value,
) -> Result<Vec<Cursor<'v>>, EvaluationError> {
    let names = SchemaNames::new(context.schema(), path);
    let evaluator = Evaluator::new(&names, context, None);
    // The compiler lets only location paths pass.
    let Expr::Path(LocationPath { absolute, steps }) = expr_of(context.schema(), path) else {
        return Ok(Vec::new());
    };
    if let Some(targets) = targets_by_index(&evaluator, *absolute, steps, value)? {
        return Ok(targets);
    }
    let start = vec![Node::element(if *absolute { context.root() } else { context.clone() })];
    let mut found = Vec::new();
    if let [before @ .., list, leaf] = steps.as_slice()
        && is_named_child(list)
        && is_named_child(leaf)
    {
        for up in evaluator.steps(start.clone(), before)? {
            match targets_in_list(&evaluator, &up.cursor, list, leaf, value)? {
                Some(targets) => found.extend(targets),
                None => {
                    let entries = evaluator.steps(vec![up], std::slice::from_ref(list))?;
                    found.extend(targets_below(&evaluator, entries, leaf, value)?);
                }
            }
        }
    } else if let [before @ .., leaf] = steps.as_slice() {
        let parents = evaluator.steps(start, before)?;
        found = targets_below(&evaluator, parents, leaf, value)?;
    }
    Ok(found)
}

/// The targets of a path without predicates, where keys cannot find them and an index can.
fn targets_by_index<'v>(
    evaluator: &Evaluator<'_, 'v>,
    absolute: bool,
    steps: &[Step],
    value: &Value,
) -> Result<Option<Vec<Cursor<'v>>>, EvaluationError> {
    let context = &evaluator.current;
    let mut line: Vec<Cursor<'v>> = std::iter::once(context).chain(context.ancestors()).cloned().collect();
    line.reverse();
    // How many of the nodes from the root to the context are still on the way, and where it leads.
    let mut on = if absolute { 1 } else { line.len() };
    let mut at = line[on - 1].node();
    let mut down = false;
    for step in steps {
        match (step.axis, &step.test) {
            _ if !step.predicates.is_empty() => return Ok(None),
            (Axis::Parent, NodeTest::Node) if !down && on > 1 => {
                on -= 1;
                at = line[on - 1].node();
            }
            (Axis::Child, NodeTest::Name { module, name }) => {
                down = true;
                let content = context.view().content_of(at.id());
                let Some(module) = module.or_else(|| evaluator.names.default_module()) else {
                    return Ok(None);
                };
                let Some(child) = context.schema().node(content).data_child(module, name) else {
                    return Ok(None);
                };
                let shared = line[on - 1].node_id() == at.id()
                    && !matches!(child.kind(), NodeKind::List | NodeKind::LeafList)
                    && line.get(on).is_some_and(|c| c.node_id() == child.id());
                on += usize::from(shared);
                at = child;
            }
            _ => return Ok(None),
        }
    }
    let scope = &line[on - 1];
    if !at.kind().has_value() || !needs_index(at, scope.node_id()) {
        return Ok(None);
    }
    let Some(mut found) = index::find(scope, at, &value.canonical(context.schema())) else { return Ok(None) };
    for _ in &found {
        evaluator.visit()?;
    }
    found.retain(|c| c.value() == Some(value));
    found.sort();
    Ok(Some(found))
}

fn is_named_child(step: &Step) -> bool {
    step.axis == Axis::Child && matches!(step.test, NodeTest::Name { .. })
}

/// The schema node of a step below a node.
fn child_of<'v>(evaluator: &Evaluator<'_, 'v>, up: &Cursor<'v>, step: &Step) -> Option<NodeRef<'v>> {
    let NodeTest::Name { module, name } = &step.test else { return None };
    evaluator.children_named(up, *module, name).into_iter().next()
}

/// The targets among the entries of a list, if a look-up can find them.
fn targets_in_list<'v>(
    evaluator: &Evaluator<'_, 'v>,
    up: &Cursor<'v>,
    list: &Step,
    leaf: &Step,
    value: &Value,
) -> Result<Option<Vec<Cursor<'v>>>, EvaluationError> {
    let Some(node) = child_of(evaluator, up, list).filter(|n| n.kind() == NodeKind::List) else {
        return Ok(None);
    };
    let NodeTest::Name { module, name } = &leaf.test else { return Ok(None) };
    let module = module.or_else(|| evaluator.names.default_module());
    let Some(leaf) = module.and_then(|module| node.data_child(module, name)) else { return Ok(None) };
    let found = evaluator.look_up(up, node, &list.predicates, Some((leaf.id(), value)))?;
    Ok(found
        .filter(|(_, used)| *used == list.predicates.len())
        .map(|(entries, _)| entries.iter().filter_map(|entry| entry.cursor.child(leaf.id())).collect()))
}

/// The targets right below the given nodes.
fn targets_below<'v>(
    evaluator: &Evaluator<'_, 'v>,
    parents: Vec<Node<'v>>,
    leaf: &Step,
    value: &Value,
) -> Result<Vec<Cursor<'v>>, EvaluationError> {
    let mut found = Vec::new();
    for up in parents {
        match child_of(evaluator, &up.cursor, leaf).filter(|_| is_named_child(leaf)) {
            Some(node) if node.kind() == NodeKind::LeafList && node.is_config() => {
                evaluator.visit()?;
                found.extend(up.cursor.entry(node.id(), &[value]));
            }
            _ => {
                let nodes = evaluator.steps(vec![up], std::slice::from_ref(leaf))?;
                found.extend(nodes.into_iter().map(|n| n.cursor).filter(|c| c.value() == Some(value)));
            }
        }
    }
    Ok(found)
}

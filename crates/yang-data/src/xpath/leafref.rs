//! What a leafref refers to (RFC 7950 section 9.9).

use super::evaluate::{Evaluator, Focus};
use super::names::SchemaNames;
use super::{EvaluationError, Node, expr_of};
use crate::index::{self, Total};
use crate::view::Cursor;
use yang_schema::dependency::needs_index;
use yang_schema::xpath::{Axis, Expr, LocationPath, NodeTest, Step};
use yang_schema::{ModuleId, NodeId, NodeKind, NodeRef, Schema, Value, XPathId};

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
    let Expr::Path(path) = expr_of(context.schema(), path) else { return Ok(Vec::new()) };
    if let Some(targets) = targets_by_index(&evaluator, path, value)? {
        return Ok(targets);
    }
    let LocationPath { absolute, steps } = path;
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

/// Where a path without predicates leads: up, and down by names.
pub(crate) struct Target<'s> {
    /// How deep the node stands under which the targets are, the context or one above it; the root is 0 deep.
    pub(crate) depth: usize,
    /// That node.
    pub(crate) scope: NodeId,
    /// What they are: of a leafref a leaf or leaf-list.
    pub(crate) leaf: NodeRef<'s>,
}

/// Where the path of a leafref leads in the datastores, if it has no predicates.
pub(crate) fn leafref_target<'s>(leaf: NodeRef<'s>, path: XPathId) -> Option<Target<'s>> {
    let schema = leaf.schema();
    let mut line: Vec<NodeId> =
        std::iter::successors(Some(leaf), |n| n.data_parent()).map(|n| n.id()).collect();
    line.reverse();
    // Operations and notifications have places of their own.
    if line[0] != NodeId::ROOT || !line[1..].iter().all(|n| schema.node(*n).kind().is_data_node()) {
        return None;
    }
    let Expr::Path(path_expr) = expr_of(schema, path) else { return None };
    let found = target(schema, &line, path_expr, schema.xpath(path).default_module, |node| node);
    found.filter(|target| target.leaf.kind().has_value())
}

/// `line` are the nodes from the root to the context; `content_of` gives the node whose children are those of a node.
fn target<'s>(
    schema: &'s Schema,
    line: &[NodeId],
    path: &LocationPath,
    default_module: ModuleId,
    content_of: impl Fn(NodeId) -> NodeId,
) -> Option<Target<'s>> {
    // How many of the nodes from the root to the context are still on the way, and where it leads.
    let mut on = if path.absolute { 1 } else { line.len() };
    let mut at = schema.node(line[on - 1]);
    let mut down = false;
    for step in &path.steps {
        match (step.axis, &step.test) {
            _ if !step.predicates.is_empty() => return None,
            (Axis::Parent, NodeTest::Node) if !down && on > 1 => {
                on -= 1;
                at = schema.node(line[on - 1]);
            }
            (Axis::Child, NodeTest::Name { module, name }) => {
                down = true;
                let module = module.unwrap_or(default_module);
                let child = schema.node(content_of(at.id())).data_child(module, name)?;
                let shared = line[on - 1] == at.id()
                    && !matches!(child.kind(), NodeKind::List | NodeKind::LeafList)
                    && line.get(on) == Some(&child.id());
                on += usize::from(shared);
                at = child;
            }
            _ => return None,
        }
    }
    down.then(|| Target { depth: on - 1, scope: line[on - 1], leaf: at })
}

impl<'v> Evaluator<'_, 'v> {
    /// The total of the nodes that a path names, where one is known.
    pub(super) fn total(&self, expr: &Expr, focus: &Focus<'v>) -> Result<Option<Total>, EvaluationError> {
        let context = &focus.node.cursor;
        let Expr::Path(path) = expr else { return Ok(None) };
        if focus.node.text || context.view().index_set().is_none() || context.view().has_operation() {
            return Ok(None);
        }
        let Some(module) = self.names.default_module() else { return Ok(None) };
        let mut line: Vec<&Cursor<'v>> = std::iter::once(context).chain(context.ancestors()).collect();
        line.reverse();
        let nodes: Vec<NodeId> = line.iter().map(|c| c.node_id()).collect();
        let found = target(context.schema(), &nodes, path, module, |node| node);
        let Some(Target { depth, leaf, .. }) = found else { return Ok(None) };
        self.visit()?;
        Ok(index::total(line[depth], leaf))
    }
}

/// The targets of a path without predicates, where keys cannot find them and an index can.
fn targets_by_index<'v>(
    evaluator: &Evaluator<'_, 'v>,
    path: &LocationPath,
    value: &Value,
) -> Result<Option<Vec<Cursor<'v>>>, EvaluationError> {
    let context = &evaluator.current;
    let mut line: Vec<&Cursor<'v>> = std::iter::once(context).chain(context.ancestors()).collect();
    line.reverse();
    let nodes: Vec<NodeId> = line.iter().map(|c| c.node_id()).collect();
    let Some(module) = evaluator.names.default_module() else { return Ok(None) };
    let content_of = |node| context.view().content_of(node);
    let found = target(context.schema(), &nodes, path, module, content_of);
    let Some(Target { depth, scope, leaf }) =
        found.filter(|t| t.leaf.kind().has_value() && needs_index(t.leaf, t.scope))
    else {
        return Ok(None);
    };
    debug_assert_eq!(line[depth].node_id(), scope);
    let text = value.canonical(context.schema());
    let Some(mut found) = index::find(line[depth], leaf, &text) else { return Ok(None) };
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
    evaluator.children_named(up, *module, name).next()
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

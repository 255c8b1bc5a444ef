//! `//name` (XPath 1.0 section 2.5): the schema knows where the name can occur, and nothing else is walked.

use super::evaluate::Evaluator;
use super::{EvaluationError, Node};
use crate::view::{Cursor, Instances};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use yang_schema::xpath::{NodeTest, Step};
use yang_schema::{ModuleId, NodeId, NodeRef};

/// For schema nodes on the way to a name: the data children that lead on, and whether they have it themselves, in the order of
/// the schema.
type Ways = BTreeMap<NodeId, Vec<(NodeId, bool)>>;

/// Where one starts, and the name one is after, of one module or of any.
type Question = (NodeId, Option<ModuleId>, String);

/// Where names are found below nodes, for as long as a view is there.
#[derive(Default)]
pub(crate) struct KnownWays(Mutex<HashMap<Question, Arc<Ways>>>);

impl KnownWays {
    fn to(&self, from: NodeRef<'_>, module: Option<ModuleId>, name: &str) -> Arc<Ways> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ways = known.entry((from.id(), module, name.to_owned())).or_insert_with(|| {
            let mut ways = Ways::new();
            for &target in from.schema().data_nodes_named(name) {
                let node = from.schema().node(target);
                if module.is_some_and(|module| node.module() != module) {
                    continue;
                }
                let mut at = from.id();
                for next in node.data_line_below(from.id()).into_iter().flatten() {
                    let children = ways.entry(at).or_default();
                    match children.iter_mut().find(|(child, _)| *child == next.id()) {
                        Some((_, is_target)) => *is_target |= next == node,
                        None => children.push((next.id(), next == node)),
                    }
                    at = next.id();
                }
            }
            for children in ways.values_mut() {
                children.sort_by_key(|(child, _)| from.schema().data_ordinal(*child));
            }
            Arc::new(ways)
        });
        Arc::clone(ways)
    }
}

impl<'v> Evaluator<'_, 'v> {
    /// The nodes of a name below others, in the order of the document, each once. Nothing where the schema does not know all that
    /// is there.
    pub(super) fn descendants_named(
        &self,
        from: &[Node<'v>],
        step: &Step,
    ) -> Result<Option<Vec<Node<'v>>>, EvaluationError> {
        if self.current.view().has_operation() {
            return Ok(None);
        }
        let mut found = Vec::new();
        for from in from.iter().filter(|from| !from.text) {
            self.descendants_named_of(from, step, &mut found)?;
        }
        // With predicates the children of each node were found together, and not in order.
        if from.len() > 1 || !step.predicates.is_empty() {
            found.sort();
            found.dedup();
        }
        Ok(Some(found))
    }

    fn descendants_named_of(
        &self,
        from: &Node<'v>,
        step: &Step,
        found: &mut Vec<Node<'v>>,
    ) -> Result<(), EvaluationError> {
        let NodeTest::Name { module, name } = &step.test else { return Ok(()) };
        let module = module.or_else(|| self.names.default_module());
        let ways = from.cursor.view().known_ways().to(from.cursor.content_node(), module, name);
        // A predicate may count the children of a node, or be a look-up among them.
        let together = !step.predicates.is_empty();
        let mut stack = vec![Level::at(from.cursor.clone(), &ways)];
        if together {
            self.step_down(from, &ways, step, found)?;
        }
        while let Some(level) = stack.last_mut() {
            let Some((child, is_target)) = level.next() else {
                stack.pop();
                continue;
            };
            self.visit()?;
            if is_target && !together {
                found.push(Node::element(child.clone()));
            }
            if together {
                self.step_down(&Node::element(child.clone()), &ways, step, found)?;
            }
            if ways.contains_key(&child.node_id()) {
                stack.push(Level::at(child, &ways));
            }
        }
        Ok(())
    }

    fn step_down(
        &self,
        from: &Node<'v>,
        ways: &Ways,
        step: &Step,
        found: &mut Vec<Node<'v>>,
    ) -> Result<(), EvaluationError> {
        let below = ways.get(&from.cursor.content_node().id());
        match below.is_some_and(|below| below.iter().any(|(_, is_target)| *is_target)) {
            true => self.step(from, step.axis, step, found),
            false => Ok(()),
        }
    }
}

/// A node on the way down, and what is left of its children.
struct Level<'w, 'v> {
    at: Cursor<'v>,
    children: &'w [(NodeId, bool)],
    instances: (Instances<'v>, bool),
}

impl<'w, 'v> Level<'w, 'v> {
    fn at(at: Cursor<'v>, ways: &'w Ways) -> Self {
        let children = ways.get(&at.content_node().id()).map_or(&[][..], Vec::as_slice);
        Self { at, children, instances: (Instances::none(), false) }
    }

    fn next(&mut self) -> Option<(Cursor<'v>, bool)> {
        loop {
            if let Some(child) = self.instances.0.next() {
                return Some((child, self.instances.1));
            }
            let [(child, is_target), rest @ ..] = self.children else { return None };
            self.children = rest;
            self.instances = (self.at.children_of(*child), *is_target);
        }
    }
}

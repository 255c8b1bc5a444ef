//! Location paths: steps and predicates (XPath 1.0 section 2).

use super::evaluate::{Evaluator, Focus};
use super::{EvaluationError, Node, XPathValue, axis};
use crate::view::Cursor;
use yang_schema::dependency::named_descendants;
use yang_schema::xpath::{Axis, Expr, NodeTest, Step, is_invariant};
use yang_schema::{ModuleId, NodeKind, NodeRef};

impl<'v> Evaluator<'_, 'v> {
    /// The nodes at the end of the steps, in the order of the document, each once.
    pub(super) fn steps(
        &self,
        start: Vec<Node<'v>>,
        steps: &[Step],
    ) -> Result<Vec<Node<'v>>, EvaluationError> {
        // Is no context node inside another, and are all in order? Then so are their children, and nothing need be sorted.
        let mut flat = start.len() <= 1;
        let mut nodes = start;
        let mut rest = steps;
        while let [step, tail @ ..] = rest {
            rest = tail;
            // Up from one node takes no set of nodes.
            if let [only] = nodes.as_mut_slice()
                && step.axis == Axis::Parent
                && step.test == NodeTest::Node
                && step.predicates.is_empty()
            {
                self.visit()?;
                let Some(up) = axis::parent(only) else { return Ok(Vec::new()) };
                *only = up;
                continue;
            }
            if let Some((named, tail)) = named_descendants(step, tail)
                && let Some(found) = self.descendants_named(&nodes, named)?
            {
                rest = tail;
                flat = found.len() <= 1;
                nodes = found;
                continue;
            }
            let (axis, step) = match tail {
                // `//name` visits each node once if it is taken as one step; a predicate might count positions, though.
                [next, tail @ ..]
                    if is_any_descendant(step) && next.axis == Axis::Child && next.predicates.is_empty() =>
                {
                    rest = tail;
                    (Axis::Descendant, next)
                }
                _ => (step.axis, step),
            };
            let many = nodes.len() > 1;
            let mut found = Vec::new();
            for node in &nodes {
                self.step(node, axis, step, &mut found)?;
            }
            let sorted = match axis {
                Axis::Child | Axis::SelfAxis | Axis::Parent => flat,
                _ => !many,
            };
            if !sorted {
                found.sort();
            }
            if many {
                found.dedup();
            }
            flat = match axis {
                Axis::Child | Axis::SelfAxis | Axis::Parent => flat,
                _ => found.len() <= 1,
            };
            nodes = found;
        }
        Ok(nodes)
    }

    /// Adds the nodes of one step from one node, in the order of the document.
    pub(super) fn step(
        &self,
        from: &Node<'v>,
        axis: Axis,
        step: &Step,
        found: &mut Vec<Node<'v>>,
    ) -> Result<(), EvaluationError> {
        let mut predicates = step.predicates.as_slice();
        if let (Axis::Child, NodeTest::Name { module, name }, [], false) =
            (axis, &step.test, predicates, from.text)
        {
            for child in self.children_named(&from.cursor, *module, name) {
                for cursor in from.cursor.children_of(child.id()) {
                    self.visit()?;
                    found.push(Node::element(cursor));
                }
            }
            found.extend(self.operation_below(&from.cursor, *module, name).map(Node::element));
            return Ok(());
        }
        let mut nodes = Vec::new();
        match (axis, &step.test) {
            (Axis::Child, NodeTest::Name { module, name }) if !from.text => {
                for child in self.children_named(&from.cursor, *module, name) {
                    if let Some((entries, used)) = self.look_up(&from.cursor, child, predicates, None)? {
                        nodes = entries;
                        predicates = &predicates[used..];
                        break;
                    }
                    if let Some(entries) = self.seek(&from.cursor, child, predicates)? {
                        nodes.extend(entries);
                        continue;
                    }
                    for cursor in from.cursor.children_of(child.id()) {
                        self.visit()?;
                        nodes.push(Node::element(cursor));
                    }
                }
                if let Some(operation) = self.operation_below(&from.cursor, *module, name) {
                    nodes.push(Node::element(operation));
                }
            }
            (_, test) => axis::each(axis, from, &|| self.visit(), &mut |node| {
                self.visit()?;
                if self.matches(&node, test) {
                    nodes.push(node);
                }
                Ok(())
            })?,
        }
        for predicate in predicates {
            nodes = self.filter(nodes, predicate)?;
        }
        if axis.is_reverse() {
            nodes.reverse();
        }
        found.append(&mut nodes);
        Ok(())
    }

    /// The schema nodes that a name may mean below a node: more than one only where no module is said.
    pub(super) fn children_named(
        &self,
        at: &Cursor<'v>,
        module: Option<ModuleId>,
        name: &str,
    ) -> impl Iterator<Item = NodeRef<'v>> {
        let content = at.content_node();
        let module = module.or_else(|| self.names.default_module());
        let one = module.and_then(|module| content.data_child(module, name));
        let any = module.is_none().then(|| content.data_children().filter(move |n| n.name() == name));
        one.into_iter().chain(any.into_iter().flatten())
    }

    /// The rpc, action or notification that the view shows below a node (RFC 7950 section 6.4.1), if it is the one named.
    fn operation_below(&self, at: &Cursor<'v>, module: Option<ModuleId>, name: &str) -> Option<Cursor<'v>> {
        let (id, record) = at.view().operation_at(at)?;
        let node = at.schema().node(id);
        self.has_name(node, module, name).then(|| at.operation_below(id, record))
    }

    pub(super) fn has_name(&self, node: NodeRef<'v>, module: Option<ModuleId>, name: &str) -> bool {
        node.name() == name
            && module.or_else(|| self.names.default_module()).is_none_or(|module| node.module() == module)
    }

    /// Does a node pass the test (XPath 1.0 section 2.3)?
    fn matches(&self, node: &Node<'v>, test: &NodeTest) -> bool {
        let element = !node.text && !node.cursor.is_root();
        match test {
            NodeTest::Any => element,
            NodeTest::AnyIn(module) => element && node.cursor.node().module() == *module,
            NodeTest::Name { module, name } => element && self.has_name(node.cursor.node(), *module, name),
            NodeTest::Node => true,
            NodeTest::Text => node.text,
            NodeTest::Comment | NodeTest::ProcessingInstruction => false,
        }
    }

    /// The nodes that a predicate keeps (XPath 1.0 section 2.4). They come in the order in which the axis counts them.
    pub(super) fn filter(
        &self,
        nodes: Vec<Node<'v>>,
        predicate: &Expr,
    ) -> Result<Vec<Node<'v>>, EvaluationError> {
        if let Expr::Number(n) = predicate {
            return Ok(nodes
                .into_iter()
                .enumerate()
                .filter(|(i, _)| (i + 1) as f64 == *n)
                .map(|(_, n)| n)
                .collect());
        }
        if nodes.is_empty() {
            return Ok(nodes);
        }
        // What is the same for all nodes is evaluated once.
        let fixed = |expr: &Expr| match is_invariant(expr) {
            true => self.value(expr, &Focus::at(&self.current)).map(Some),
            false => Ok(None),
        };
        let sides = match predicate {
            Expr::Compare(_, left, right) => Some((fixed(left)?, fixed(right)?)),
            _ => None,
        };
        let size = nodes.len();
        let mut kept = Vec::new();
        for (i, node) in nodes.into_iter().enumerate() {
            let focus = Focus { node, position: i + 1, size };
            let keep = match (predicate, &sides) {
                (Expr::Compare(op, left, _), Some((None, Some(right)))) => {
                    self.compare_with(*op, left, &focus, right)?
                }
                (Expr::Compare(op, _, right), Some((Some(left), None))) => {
                    self.compare_with(op.mirrored(), right, &focus, left)?
                }
                (Expr::Or(..) | Expr::And(..) | Expr::Compare(..), _) => self.boolean(predicate, &focus)?,
                _ => match self.value(predicate, &focus)? {
                    XPathValue::Number(n) => n == focus.position as f64,
                    other => other.boolean(),
                },
            };
            if keep {
                kept.push(focus.node);
            }
        }
        Ok(kept)
    }
}

/// `descendant-or-self::node()`, the step inside `//`.
fn is_any_descendant(step: &Step) -> bool {
    step.axis == Axis::DescendantOrSelf && step.test == NodeTest::Node && step.predicates.is_empty()
}

/// May a look-up find the instances of this schema node: a list with keys, or a leaf-list?
pub(super) fn is_keyed(node: NodeRef<'_>) -> bool {
    match node.kind() {
        NodeKind::List => node.keys().len() > 0,
        NodeKind::LeafList => true,
        _ => false,
    }
}

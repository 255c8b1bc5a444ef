//! `must`, `when` and paths: parsed once each, then followed over the schema (RFC 7950 sections 6.4, 7.5.3, 7.21.5, 9.9.2).

use super::Context;
use crate::argument::shortened;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::Stmt;
use yang_schema::xpath::{self, Axis, Expr, Function, LocationPath, NodeTest, Step, XPathError};
use yang_schema::{ExprId, ModuleId, NodeId, NodeKind, TypeDetail};

impl<'t> Context<'t> {
    /// The expression of a `must` or `when`; `None` if it is wrong, which is reported once.
    pub(crate) fn expression(&mut self, stmt: Stmt<'t>) -> Option<ExprId> {
        self.parsed(stmt, xpath::parse)
    }

    /// The expression of a `path`.
    pub(super) fn leafref_path(&mut self, stmt: Stmt<'t>) -> Option<ExprId> {
        self.parsed(stmt, xpath::parse_leafref_path)
    }

    #[allow(clippy::type_complexity, reason = "the type of two functions of yang-schema")]
    fn parsed(
        &mut self,
        stmt: Stmt<'t>,
        parse: fn(&str, &mut dyn FnMut(&str) -> Option<ModuleId>) -> Result<Expr, XPathError>,
    ) -> Option<ExprId> {
        if let Some(known) = self.expressions.get(&stmt.id()) {
            return *known;
        }
        let text = stmt.argument()?;
        let scopes = &self.scopes;
        let mut unknown = None;
        let result = parse(text, &mut |prefix| {
            let found = scopes.prefix(stmt.id().file, prefix);
            if found.is_none() {
                unknown = Some(prefix.to_owned());
            }
            found
        });
        let id = match result {
            Ok(expr) => {
                self.check_functions(stmt, &expr);
                Some(self.builder.add_expr(expr))
            }
            Err(e) => {
                let at = e.offset.min(text.len());
                if let Some(prefix) = unknown {
                    let mut d = scopes.unknown_prefix(stmt, &prefix);
                    d.labels[0].span = stmt.argument_part(at, at + prefix.len());
                    self.diagnostics.push(d);
                    self.expressions.insert(stmt.id(), None);
                    return None;
                }
                let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
                let code =
                    if stmt.keyword_text() == "path" { Code::InvalidLeafref } else { Code::InvalidXPath };
                self.diagnostics.push(Diagnostic::error(
                    code,
                    stmt.argument_part(at, end),
                    format!("invalid `{}` of `{}`: {}", stmt.keyword_text(), shortened(text), e.message),
                ));
                None
            }
        };
        self.expressions.insert(stmt.id(), id);
        id
    }
}

/// What an expression does to the schema.
#[derive(Default)]
pub(crate) struct Reach {
    /// Nodes that its paths end at.
    pub(crate) reads: Vec<NodeId>,
    /// Names that are not there.
    pub(crate) missing: Vec<Missing>,
    /// Functions whose argument never is what they are about: what there is to say.
    pub(crate) useless: Vec<(Function, String)>,
}

/// A name that a path looks for in vain.
pub(crate) struct Missing {
    pub(crate) name: String,
    /// Where it was looked for.
    pub(crate) at: NodeId,
    /// There is such a node, but a feature or a deviation takes it away.
    pub(crate) switched_off: bool,
    /// Are nodes of the module that the name is of in the schema at all?
    pub(crate) implemented: bool,
}

/// Follows the paths of expressions over the schema.
pub(crate) struct Follower<'a, 't> {
    context: &'a mut Context<'t>,
    /// The context node of the whole expression.
    current: NodeId,
    default_module: ModuleId,
    /// The `input` or `output` that the current node is below, which paths do not name.
    parameters: Option<NodeId>,
    /// Where absolute paths start: the root, or the structure that the current node is in.
    root: NodeId,
    pub(crate) reach: Reach,
}

impl<'a, 't> Follower<'a, 't> {
    pub(crate) fn new(context: &'a mut Context<'t>, current: NodeId, default_module: ModuleId) -> Self {
        let mut parameters = None;
        let mut root = NodeId::ROOT;
        let mut at = current;
        while at != NodeId::ROOT {
            match context.builder.node(at).kind {
                NodeKind::Input | NodeKind::Output => parameters = Some(at),
                NodeKind::Structure => root = at,
                _ => {}
            }
            at = context.builder.parent(at);
        }
        let current = Self::instance(context, current);
        Self { context, current, default_module, parameters, root, reach: Reach::default() }
    }

    /// The node of the data tree that stands for a schema node: `input` and `output` have none, their operation has.
    fn instance(context: &Context<'t>, node: NodeId) -> NodeId {
        match context.builder.node(node).kind {
            NodeKind::Input | NodeKind::Output => context.builder.parent(node),
            _ => node,
        }
    }

    /// Follows the whole expression from its context node.
    pub(crate) fn whole(&mut self, expr: &Expr) -> Vec<NodeId> {
        let current = self.current;
        self.expression(expr, &[current])
    }

    /// Follows an expression; the nodes it selects, if it is a path.
    pub(crate) fn expression(&mut self, expr: &Expr, at: &[NodeId]) -> Vec<NodeId> {
        match expr {
            Expr::Or(a, b) | Expr::And(a, b) | Expr::Compare(_, a, b) | Expr::Arithmetic(_, a, b) => {
                self.expression(a, at);
                self.expression(b, at);
                Vec::new()
            }
            Expr::Negate(a) => {
                self.expression(a, at);
                Vec::new()
            }
            Expr::Union(a, b) => {
                let mut nodes = self.expression(a, at);
                nodes.extend(self.expression(b, at));
                nodes
            }
            Expr::Path(path) => self.path(path, at),
            Expr::Filter { primary, predicates, steps } => {
                let nodes = self.expression(primary, at);
                for predicate in predicates {
                    self.expression(predicate, &nodes);
                }
                let nodes = self.steps(steps, nodes);
                self.reach.reads.extend(&nodes);
                nodes
            }
            Expr::Literal(_) | Expr::Number(_) => Vec::new(),
            Expr::Call(function, arguments) => {
                let mut nodes = Vec::new();
                for argument in arguments {
                    nodes = self.expression(argument, at);
                }
                if let (1 | 2, Some(first)) = (arguments.len(), arguments.first())
                    && matches!(
                        function,
                        Function::Deref
                            | Function::DerivedFrom
                            | Function::DerivedFromOrSelf
                            | Function::EnumValue
                            | Function::BitIsSet
                    )
                {
                    let named = arguments.get(1);
                    let subjects = if named.is_some() { self.again(first, at) } else { nodes.clone() };
                    let problem = self.context.useless(*function, &subjects, named);
                    self.reach.useless.extend(problem.map(|p| (*function, p)));
                }
                match function {
                    Function::Current => vec![self.current],
                    Function::Deref => self.dereferenced(&nodes),
                    _ => Vec::new(),
                }
            }
        }
    }

    /// Follows an expression that has been followed: nothing is noted twice.
    fn again(&mut self, expr: &Expr, at: &[NodeId]) -> Vec<NodeId> {
        let reach = std::mem::take(&mut self.reach);
        let nodes = self.expression(expr, at);
        self.reach = reach;
        nodes
    }

    /// The targets of leafrefs; these are resolved before expressions are followed.
    fn dereferenced(&mut self, nodes: &[NodeId]) -> Vec<NodeId> {
        let builder = &self.context.builder;
        let target = |&node: &NodeId| match builder.type_(builder.node(node).type_id?).detail {
            TypeDetail::Leafref { target, .. } => target,
            _ => None,
        };
        let found: Vec<NodeId> = nodes.iter().filter_map(target).collect();
        self.reach.reads.extend(&found);
        found
    }

    pub(crate) fn path(&mut self, path: &LocationPath, at: &[NodeId]) -> Vec<NodeId> {
        // In a structure (RFC 8791), absolute paths start at its nodes; published modules also reach for the data tree.
        let start = match path.absolute {
            true if self.root == NodeId::ROOT => vec![NodeId::ROOT],
            true => vec![self.root, NodeId::ROOT],
            false => at.to_vec(),
        };
        let nodes = self.steps(&path.steps, start);
        self.reach.reads.extend(&nodes);
        nodes
    }

    fn steps(&mut self, steps: &[Step], mut nodes: Vec<NodeId>) -> Vec<NodeId> {
        for step in steps {
            let mut next = Vec::new();
            for &node in &nodes {
                self.step(step, node, &mut next);
            }
            next.sort_unstable();
            next.dedup();
            if next.is_empty()
                && let (Some(&at), NodeTest::Name { module, name }, Axis::Child) =
                    (nodes.first(), &step.test, step.axis)
            {
                let missing = self.missing(*module, name, at);
                self.reach.missing.push(missing);
            }
            for predicate in &step.predicates {
                self.expression(predicate, &next);
            }
            nodes = next;
        }
        nodes
    }

    fn missing(&mut self, module: Option<ModuleId>, name: &str, at: NodeId) -> Missing {
        let module = self.context.implemented_revision(module.unwrap_or(self.default_module));
        let sym = self.context.builder.find_string(name);
        let holder = self.holder(at);
        Missing {
            name: name.to_owned(),
            at,
            switched_off: {
                let node = sym.and_then(|sym| self.context.data_child(holder, module, sym));
                node.is_some_and(|n| self.context.extra(n).removed || self.context.extra(n).disabled)
            },
            implemented: self.context.implemented[module.index()],
        }
    }

    fn step(&mut self, step: &Step, node: NodeId, out: &mut Vec<NodeId>) {
        match step.axis {
            Axis::Child => self.children(&step.test, node, out),
            Axis::SelfAxis => self.tested(&step.test, node, out),
            Axis::Parent => {
                if let Some(parent) = self.parent(node) {
                    self.tested(&step.test, parent, out);
                }
            }
            Axis::Ancestor | Axis::AncestorOrSelf => {
                if step.axis == Axis::AncestorOrSelf {
                    self.tested(&step.test, node, out);
                }
                let mut at = node;
                while let Some(parent) = self.parent(at) {
                    self.tested(&step.test, parent, out);
                    at = parent;
                }
            }
            Axis::Descendant | Axis::DescendantOrSelf => {
                if step.axis == Axis::DescendantOrSelf {
                    self.tested(&step.test, node, out);
                }
                let mut stack = self.data_children(node);
                while let Some(below) = stack.pop() {
                    self.tested(&step.test, below, out);
                    stack.extend(self.data_children(below));
                }
            }
            Axis::FollowingSibling | Axis::PrecedingSibling => {
                if let Some(parent) = self.parent(node) {
                    self.children(&step.test, parent, out);
                }
            }
            // Everything may be before or behind: no node is named.
            Axis::Following | Axis::Preceding | Axis::Attribute | Axis::Namespace => {}
        }
    }

    /// The data node above, choices, cases, input and output left out; the root above top-level nodes.
    fn parent(&self, node: NodeId) -> Option<NodeId> {
        if node == self.root {
            return None;
        }
        let builder = &self.context.builder;
        let mut at = builder.parent(node);
        while matches!(
            builder.node(at).kind,
            NodeKind::Choice | NodeKind::Case | NodeKind::Input | NodeKind::Output
        ) {
            at = builder.parent(at);
        }
        Some(at)
    }

    fn is_there(&self, node: NodeId) -> bool {
        let extra = self.context.extra(node);
        !extra.removed && !extra.disabled && self.is_accessible(node)
    }

    /// An operation or notification is part of the accessible tree of its own constraints only (RFC 7950 section 6.4.1).
    fn is_accessible(&self, node: NodeId) -> bool {
        let kind = |node: NodeId| self.context.builder.node(node).kind;
        if !matches!(kind(node), NodeKind::Rpc | NodeKind::Action | NodeKind::Notification) {
            return true;
        }
        let mut at = self.current;
        while at != NodeId::ROOT && at != node {
            at = self.context.builder.parent(at);
        }
        at == node
    }

    /// Below an rpc or action, the parameters are what the expression's own place makes them.
    fn holder(&self, node: NodeId) -> NodeId {
        match (self.context.builder.node(node).kind, self.parameters) {
            (NodeKind::Rpc | NodeKind::Action, Some(parameters))
                if self.context.builder.parent(parameters) == node =>
            {
                parameters
            }
            _ => node,
        }
    }

    fn children(&mut self, test: &NodeTest, node: NodeId, out: &mut Vec<NodeId>) {
        let holder = self.holder(node);
        match test {
            NodeTest::Name { module, name } => {
                let module = self.context.implemented_revision(module.unwrap_or(self.default_module));
                // What is no string of the schema is no name in it.
                let Some(name) = self.context.builder.find_string(name) else { return };
                let found = self.context.data_child(holder, module, name);
                out.extend(found.filter(|&n| self.is_there(n)));
                // Above a structure there is a root too.
                if node == NodeId::ROOT && self.context.nodes.structure(module, name) == Some(self.root) {
                    out.push(self.root);
                }
            }
            NodeTest::Any | NodeTest::AnyIn(_) | NodeTest::Node => {
                for child in self.data_children(node) {
                    self.tested(test, child, out);
                }
            }
            NodeTest::Text | NodeTest::Comment | NodeTest::ProcessingInstruction => {}
        }
    }

    fn data_children(&self, node: NodeId) -> Vec<NodeId> {
        let builder = &self.context.builder;
        let mut found = Vec::new();
        let mut stack = vec![self.holder(node)];
        while let Some(at) = stack.pop() {
            for &child in builder.children(at) {
                match builder.node(child).kind {
                    _ if !self.is_there(child) => {}
                    NodeKind::Choice | NodeKind::Case => stack.push(child),
                    NodeKind::Structure | NodeKind::Grouping => {}
                    _ => found.push(child),
                }
            }
        }
        found
    }

    fn tested(&mut self, test: &NodeTest, node: NodeId, out: &mut Vec<NodeId>) {
        let def = self.context.builder.node(node);
        let passes = match test {
            NodeTest::Node => true,
            NodeTest::Any => node != NodeId::ROOT,
            NodeTest::AnyIn(module) => def.module == self.context.implemented_revision(*module),
            NodeTest::Name { module, name } => {
                def.module == self.context.implemented_revision(module.unwrap_or(self.default_module))
                    && self.context.builder.str(def.name) == &**name
            }
            NodeTest::Text | NodeTest::Comment | NodeTest::ProcessingInstruction => false,
        };
        if passes {
            out.push(node);
        }
    }
}

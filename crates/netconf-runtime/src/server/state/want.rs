//! What of the data a request can see: which state providers are asked, and for which entries.
//!
//! A want is a way down the schema, and means its end with all that is below. Wants err to one side: more may be provided than the
//! request selects, never less.

use crate::server::operation::{Filter, XPathFilter};
use yang_data::event::Prefixes as _;
use yang_data::filter::FilterPath;
use yang_schema::value::{InstanceIdentifier, InstanceSelector};
use yang_schema::xpath::{Axis, CompareOp, Expr, Function, LocationPath, NodeTest, Step};
use yang_schema::{NodeId, NodeKind, NodeRef, Schema, TypeDetail, TypeRef};

/// More ways than this are all there is.
const MOST: usize = 1024;

/// What is wanted.
pub(crate) enum Wants {
    /// Everything.
    All,
    /// These.
    Some(Vec<Want>),
}

/// A way down to a node.
#[derive(Clone, Debug, Default)]
pub(crate) struct Want {
    steps: Vec<WantStep>,
}

#[derive(Clone, Debug)]
struct WantStep {
    node: NodeId,
    /// Of a list, for each key the canonical text that it must have; `None` where any will do.
    keys: Vec<Option<String>>,
}

impl WantStep {
    fn new(node: NodeRef<'_>) -> Self {
        let keys = if node.kind() == NodeKind::List { vec![None; node.keys().len()] } else { Vec::new() };
        Self { node: node.id(), keys }
    }
}

impl Wants {
    /// What a filter can reach.
    pub(crate) fn of_filter(schema: &Schema, filter: &Filter) -> Self {
        match filter {
            Filter::All => Self::All,
            Filter::Subtree(filter) => {
                let Some(paths) = filter.paths(schema, MOST) else { return Self::All };
                Self::Some(paths.into_iter().map(Want::of_path).collect())
            }
            Filter::XPath(XPathFilter { expression, scope, .. }) => {
                let mut resolve =
                    |prefix: &str| scope.namespace(prefix).and_then(|uri| schema.find_namespace(uri));
                let Ok(expr) = yang_schema::xpath::parse(expression, &mut resolve) else { return Self::All };
                let mut reach = Reach { schema, here: Vec::new(), wants: Vec::new() };
                let known = reach.nodes(&expr);
                reach.finish(known)
            }
        }
    }

    /// One instance, and what is on the way to it.
    pub(crate) fn of_instance(schema: &Schema, at: &InstanceIdentifier) -> Self {
        let step = |step: &yang_schema::value::InstanceStep| {
            let node = schema.node(step.node);
            let keys = match &step.selector {
                InstanceSelector::Keys(values) => {
                    values.iter().map(|v| Some(v.canonical(schema).into_owned())).collect()
                }
                _ => WantStep::new(node).keys,
            };
            WantStep { node: step.node, keys }
        };
        Self::Some(vec![Want { steps: at.steps.iter().map(step).collect() }])
    }

    /// What the constraints on the parameters of an operation read outside of them (RFC 7950 section 6.4.1): `content` is its
    /// input or output, or the notification.
    pub(crate) fn of_constraints(schema: &Schema, content: NodeRef<'_>) -> Self {
        let mut reach = Reach { schema, here: Vec::new(), wants: Vec::new() };
        let mut known = true;
        for node in std::iter::once(content).chain(content.descendants()) {
            let here = line(node);
            let above = here.split_last().map_or(&[][..], |(_, above)| above);
            let musts = node.musts().iter().map(|m| (m.xpath, here.clone()));
            // The context of a `when` is the data node around, where the node itself is none.
            let whens = node
                .whens()
                .iter()
                .map(|w| (w.xpath, if node.kind().is_data_node() { here.clone() } else { above.to_vec() }));
            for (xpath, here) in musts.chain(whens) {
                reach.here = here;
                known &= reach.value(schema.expr(schema.xpath(xpath).expr));
            }
            if let Some(ty) = node.type_() {
                known &= reach.type_(ty);
            }
        }
        reach.finish(known)
    }

    /// What a provider of a node is to provide of it; `None` if it need not be asked.
    pub(crate) fn patterns(&self, schema: &Schema, provider: NodeRef<'_>) -> Option<Vec<Pattern>> {
        let way = line(provider);
        match self {
            Self::All => Some(vec![Pattern::any(&way)]),
            Self::Some(wants) => {
                let mut found: Vec<Pattern> = Vec::new();
                for pattern in wants.iter().filter_map(|want| want.pattern(schema, &way)) {
                    if !found.contains(&pattern) {
                        found.push(pattern);
                    }
                }
                (!found.is_empty()).then_some(found)
            }
        }
    }
}

/// For each key on the way to a node the text that it must have; `None` where any will do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Pattern(pub(crate) Vec<Option<String>>);

impl Pattern {
    fn any(way: &[NodeRef<'_>]) -> Self {
        Self(way.iter().flat_map(|node| WantStep::new(*node).keys).collect())
    }

    /// Do these keys fit it, as far as they go?
    pub(crate) fn fits<S: AsRef<str>>(&self, keys: impl IntoIterator<Item = S>) -> bool {
        self.0.iter().zip(keys).all(|(wanted, key)| wanted.as_deref().is_none_or(|w| w == key.as_ref()))
    }
}

impl Want {
    fn of_path(path: FilterPath) -> Self {
        Self { steps: path.into_iter().map(|(node, keys)| WantStep { node, keys }).collect() }
    }

    fn pattern(&self, schema: &Schema, way: &[NodeRef<'_>]) -> Option<Pattern> {
        if self.steps.iter().zip(way).any(|(step, node)| step.node != node.id()) {
            return None;
        }
        // What is wanted lies below: of configuration alone the provider knows nothing.
        if self.steps.len() > way.len()
            && let Some(last) = self.steps.last()
        {
            let node = schema.node(last.node);
            // Who provides state of an entry says by it that the entry is there, and so are its keys.
            let list = node.data_parent().filter(|_| node.is_key());
            if !holds_state(node) && !list.is_some_and(holds_state) {
                return None;
            }
        }
        let keys = way.iter().enumerate().flat_map(|(i, node)| match self.steps.get(i) {
            Some(step) => step.keys.clone(),
            None => WantStep::new(*node).keys,
        });
        Some(Pattern(keys.collect()))
    }
}

fn holds_state(node: NodeRef<'_>) -> bool {
    !node.is_config() || node.descendants().any(|n| n.kind().is_data_node() && !n.is_config())
}

/// The data nodes from the top to a node, or to the operation that it is a parameter of.
fn line(node: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    let mut line: Vec<_> = std::iter::successors(Some(node), |n| n.data_parent())
        .take_while(|n| n.kind() != NodeKind::Root)
        // Input and output are no nodes of the accessible tree.
        .filter(|n| {
            !matches!(n.kind(), NodeKind::Input | NodeKind::Output | NodeKind::Choice | NodeKind::Case)
        })
        .collect();
    line.reverse();
    line
}

/// Looks through an expression for the ways that it takes.
struct Reach<'s> {
    schema: &'s Schema,
    /// The context node, from the top.
    here: Vec<NodeRef<'s>>,
    wants: Vec<Want>,
}

impl<'s> Reach<'s> {
    fn finish(self, known: bool) -> Wants {
        if known && self.wants.len() <= MOST { Wants::Some(self.wants) } else { Wants::All }
    }

    /// An expression whose nodes are wanted with all below them. `false`: nobody can tell which.
    fn nodes(&mut self, expr: &Expr) -> bool {
        match expr {
            Expr::Union(a, b) => self.nodes(a) && self.nodes(b),
            Expr::Path(path) => self.path(path),
            Expr::Filter { primary, predicates, steps } => match **primary {
                // It is where the expression stands.
                Expr::Call(Function::Current, _) if predicates.is_empty() => {
                    self.path(&LocationPath { absolute: false, steps: steps.clone() })
                }
                _ => false,
            },
            _ => self.value(expr),
        }
    }

    /// An expression that reads nodes for a value.
    fn value(&mut self, expr: &Expr) -> bool {
        match expr {
            Expr::Or(a, b) | Expr::And(a, b) | Expr::Compare(_, a, b) | Expr::Arithmetic(_, a, b) => {
                self.value(a) && self.value(b)
            }
            Expr::Negate(a) => self.value(a),
            Expr::Literal(_) | Expr::Number(_) => true,
            Expr::Call(Function::Current, _) => true,
            Expr::Call(Function::Deref | Function::Id, _) => false,
            Expr::Call(_, arguments) => arguments.iter().all(|a| self.value(a)),
            Expr::Path(_) | Expr::Union(..) | Expr::Filter { .. } => self.nodes(expr),
        }
    }

    fn path(&mut self, path: &LocationPath) -> bool {
        let mut at: Vec<NodeRef<'s>> = if path.absolute { Vec::new() } else { self.here.clone() };
        let mut steps = path.steps.as_slice();
        while let Some((Step { axis: Axis::Parent, test: NodeTest::Node, predicates }, rest)) =
            steps.split_first()
        {
            if !predicates.is_empty() {
                return false;
            }
            at.pop();
            steps = rest;
        }
        // What stands in the operation itself needs nobody to provide it.
        if at.iter().any(|n| !n.kind().is_data_node()) {
            return steps.iter().all(|s| {
                matches!(s.axis, Axis::Child | Axis::Descendant | Axis::DescendantOrSelf | Axis::SelfAxis)
                    && s.predicates.iter().all(|p| self.value(p))
            });
        }
        let start = Want { steps: at.iter().map(|n| WantStep::new(*n)).collect() };
        self.down(start, at.last().copied().unwrap_or_else(|| self.schema.root()), steps)
    }

    /// Goes on with a way, as far as steps name nodes.
    fn down(&mut self, way: Want, at: NodeRef<'s>, steps: &[Step]) -> bool {
        let named = match steps.split_first() {
            Some((Step { axis: Axis::Child, test: NodeTest::Name { module, name }, predicates }, rest)) => {
                Some((module, name, predicates, rest))
            }
            Some((step, _)) if !step.predicates.iter().all(is_local) => return false,
            Some((
                Step {
                    axis: Axis::Child | Axis::Descendant | Axis::DescendantOrSelf | Axis::SelfAxis, ..
                },
                rest,
            )) => {
                if rest.iter().any(|s| !is_below(s)) {
                    return false;
                }
                None
            }
            Some(_) => return false,
            None => None,
        };
        let Some((module, name, predicates, rest)) = named else {
            // All from here on.
            if way.steps.is_empty() {
                return false;
            }
            self.wants.push(way);
            return self.wants.len() <= MOST;
        };
        // Without a prefix any module's will do: that errs to the right side.
        let children =
            at.data_children().filter(|c| c.name() == &**name && module.is_none_or(|m| m == c.module()));
        let children: Vec<_> = children.collect();
        for child in children {
            let mut step = WantStep::new(child);
            let mut open = false;
            for predicate in predicates {
                match key_of(predicate, child) {
                    Some((at, text)) => {
                        if let Some(key) = step.keys.get_mut(at) {
                            *key = Some(text);
                        }
                    }
                    None if is_local(predicate) => open = true,
                    None => return false,
                }
            }
            let mut way = way.clone();
            way.steps.push(step);
            let goes_on = if open {
                if rest.iter().any(|s| !is_below(s)) {
                    return false;
                }
                // The predicate may read whatever is below.
                self.wants.push(way);
                self.wants.len() <= MOST
            } else {
                self.down(way, child, rest)
            };
            if !goes_on {
                return false;
            }
        }
        true
    }

    /// A value that names a node must find it (RFC 7950 sections 9.9 and 9.13).
    fn type_(&mut self, ty: TypeRef<'s>) -> bool {
        match ty.detail() {
            TypeDetail::Leafref { target: Some(target), .. } => {
                let way = line(self.schema.node(*target));
                if way.iter().all(|n| n.kind().is_data_node()) {
                    self.wants.push(Want { steps: way.into_iter().map(WantStep::new).collect() });
                }
                true
            }
            TypeDetail::Leafref { .. } | TypeDetail::InstanceIdentifier { .. } => false,
            _ => {
                let members: Vec<_> = ty.members().collect();
                members.into_iter().all(|member| self.type_(member))
            }
        }
    }
}

/// `[name = 'x']` on a key: which one, and what it must be.
fn key_of(predicate: &Expr, list: NodeRef<'_>) -> Option<(usize, String)> {
    let Expr::Compare(CompareOp::Equal, a, b) = predicate else { return None };
    let (path, text) = match (&**a, &**b) {
        (Expr::Path(path), Expr::Literal(text)) | (Expr::Literal(text), Expr::Path(path)) => (path, text),
        _ => return None,
    };
    let [Step { axis: Axis::Child, test: NodeTest::Name { module, name }, predicates }] = &path.steps[..]
    else {
        return None;
    };
    if path.absolute || !predicates.is_empty() {
        return None;
    }
    let at = list.keys().position(|k| k.name() == &**name && module.is_none_or(|m| m == k.module()))?;
    Some((at, text.to_string()))
}

/// Does the step only go down, and reads only what is below?
fn is_below(step: &Step) -> bool {
    matches!(step.axis, Axis::Child | Axis::Descendant | Axis::DescendantOrSelf | Axis::SelfAxis)
        && step.predicates.iter().all(is_local)
}

/// Does the expression read nothing but what is below its context?
fn is_local(expr: &Expr) -> bool {
    match expr {
        Expr::Or(a, b)
        | Expr::And(a, b)
        | Expr::Compare(_, a, b)
        | Expr::Arithmetic(_, a, b)
        | Expr::Union(a, b) => is_local(a) && is_local(b),
        Expr::Negate(a) => is_local(a),
        Expr::Literal(_) | Expr::Number(_) => true,
        Expr::Path(path) => !path.absolute && path.steps.iter().all(is_below),
        Expr::Filter { primary, predicates, steps } => {
            is_local(primary) && predicates.iter().all(is_local) && steps.iter().all(is_below)
        }
        Expr::Call(Function::Current | Function::Deref | Function::Id, _) => false,
        Expr::Call(_, arguments) => arguments.iter().all(is_local),
    }
}

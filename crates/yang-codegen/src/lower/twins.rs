//! Containers and lists that one grouping (RFC 7950 section 7.12) made in several places, equal in all that a struct says of
//! them: one struct serves them all, each has a name of its own for it.
//!
//! Equal are subtrees whose nodes come from the same statements, in the same namespace, with the same refinements: what
//! `refine`, `augment` or a deviation changed in one place is another struct. So is what a leafref leads elsewhere from: its
//! target has to be the same node, or one of the subtree, at the same place in both.

use super::Selection;
use std::collections::HashMap;
use yang_schema::{
    ConstraintInfo, ModuleId, NodeId, NodeKind, NodeRef, OrderedBy, Schema, Span, Status, TypeDetail,
    TypeRef, XPathId,
};

/// For each node that shares a struct, the one whose struct it is: the first in the order of the model.
#[derive(Debug, Default)]
pub(super) struct Twins {
    first: HashMap<NodeId, NodeId>,
}

impl Twins {
    /// Finds them.
    pub(super) fn new(schema: &Schema, selection: &Selection) -> Self {
        let mut shapes = Shapes { schema, known: HashMap::new(), of: HashMap::new() };
        let mut first = HashMap::new();
        for (id, module) in schema.modules() {
            if !module.implemented {
                continue;
            }
            // The candidates of each shape, in the order of the model. A module shares nothing with another: nor do data and
            // the parameters of operations, since there are no paths to the latter.
            let mut found: HashMap<(u32, bool), Vec<NodeRef<'_>>> = HashMap::new();
            for top in schema.top_level(id).filter(|&n| selection.includes(n)) {
                shapes.tree(top, selection);
                let is_data = top.kind().is_data_node() || top.kind() == NodeKind::Choice;
                for node in top.descendants().filter(|&n| selection.includes(n)) {
                    let Some(shape) = shapes.shape(node) else { continue };
                    let earlier = found.entry((shape, is_data)).or_default();
                    match earlier.iter().find(|&&one| same_targets(one, node, selection)) {
                        Some(one) => drop(first.insert(node.id(), one.id())),
                        None => earlier.push(node),
                    }
                }
            }
        }
        Self { first }
    }

    /// The node whose struct a node shares.
    pub(super) fn first(&self, node: NodeId) -> Option<NodeId> {
        self.first.get(&node).copied()
    }
}

/// Numbers for subtrees: the same number, the same shape.
struct Shapes<'s> {
    schema: &'s Schema,
    known: HashMap<Key, u32>,
    /// The shapes of nodes; `None` where something below stands for its place alone.
    of: HashMap<NodeId, Option<u32>>,
}

/// All that generated code says of a node; what one statement says everywhere stands for itself by its place.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    span: Span,
    module: ModuleId,
    kind: NodeKind,
    config: bool,
    mandatory: bool,
    status: Status,
    types: Vec<Span>,
    texts: Vec<String>,
    elements: (u32, Option<u32>, bool),
    /// Positions of keys and of the default case, paths of uniques: as they are written.
    keys: Vec<Span>,
    conditions: Vec<(Span, ModuleId, InfoKey)>,
    children: Vec<u32>,
}

type InfoKey = (Option<String>, Option<String>, Option<String>);

impl Shapes<'_> {
    /// The shapes of a node and of all below it, from the leaves up.
    fn tree(&mut self, top: NodeRef<'_>, selection: &Selection) {
        let mut order: Vec<NodeRef<'_>> = vec![top];
        order.extend(top.descendants().filter(|&n| selection.includes(n)));
        for node in order.into_iter().rev() {
            let children: Option<Vec<u32>> = node
                .children()
                .filter(|&n| selection.includes(n))
                .map(|child| self.of.get(&child.id()).copied().flatten())
                .collect();
            let shape = match (children, node.kind()) {
                // An action knows what it is done at, and a notification stands for its place.
                (_, NodeKind::Action | NodeKind::Notification) | (None, _) => None,
                (Some(children), _) => {
                    let key = self.key(node, children);
                    let next = self.known.len() as u32;
                    Some(*self.known.entry(key).or_insert(next))
                }
            };
            self.of.insert(node.id(), shape);
        }
    }

    /// The shape of a node that may share its struct.
    fn shape(&self, node: NodeRef<'_>) -> Option<u32> {
        matches!(node.kind(), NodeKind::Container | NodeKind::List).then_some(())?;
        self.of.get(&node.id()).copied().flatten()
    }

    fn key(&self, node: NodeRef<'_>, children: Vec<u32>) -> Key {
        let schema = self.schema;
        let mut types = Vec::new();
        if let Some(ty) = node.type_() {
            type_spans(ty, &mut types);
        }
        let mut texts: Vec<String> = vec![node.name().to_owned()];
        for text in [node.description(), node.reference(), node.presence(), node.units()] {
            texts.push(text.map_or_else(String::new, |t| format!("={t}")));
        }
        texts.extend(node.if_features().map(str::to_owned));
        texts.push(String::new());
        texts.extend(node.defaults().iter().map(|d| d.value.canonical(schema).to_string()));
        texts.push(String::new());
        texts.extend(node.codes().iter().map(|code| format!("{code:?}")));
        texts.push(String::new());
        texts.extend(node.default_case().map(|c| format!("{}:{}", c.module_name(), c.name())));
        for unique in node.uniques() {
            texts.push(String::new());
            texts.extend(unique.leaves.iter().map(|&leaf| {
                let leaf = schema.node(leaf);
                format!("{}:{}", leaf.module_name(), leaf.name())
            }));
        }
        let conditions = node.musts().iter().map(|must| (must.xpath, info(schema, &must.info)));
        let conditions = conditions.chain(node.whens().iter().map(|when| (when.xpath, (None, None, None))));
        let place = |id: XPathId| (schema.xpath(id).span, schema.xpath(id).default_module);
        Key {
            span: node.span(),
            module: node.module(),
            kind: node.kind(),
            config: node.is_config(),
            mandatory: node.is_mandatory(),
            status: node.status(),
            types,
            texts,
            elements: (node.min_elements(), node.max_elements(), node.ordered_by() == OrderedBy::User),
            keys: node.keys().map(NodeRef::span).collect(),
            conditions: conditions.map(|(id, info)| (place(id).0, place(id).1, info)).collect(),
            children,
        }
    }
}

fn info(schema: &Schema, info: &ConstraintInfo) -> InfoKey {
    let text = |sym| schema.opt_str(sym).map(str::to_owned);
    (text(info.error_app_tag), text(info.error_message), info.code.map(|code| format!("{code:?}")))
}

/// A `type` statement means the same in all copies of its leaf; but for the targets of leafrefs, which are compared apart.
fn type_spans(ty: TypeRef<'_>, spans: &mut Vec<Span>) {
    let mut stack = vec![ty];
    while let Some(ty) = stack.pop() {
        spans.push(ty.get().span);
        // A typedef's members are those of its statement.
        if ty.get().typedef.is_none() {
            stack.extend(ty.members());
        }
    }
}

/// Do the leafrefs in two subtrees of one shape lead to the same nodes, or to the same places inside them?
fn same_targets(a: NodeRef<'_>, b: NodeRef<'_>, selection: &Selection) -> bool {
    let below = |node: NodeRef<'_>| -> Vec<NodeId> {
        node.descendants().filter(|&n| selection.includes(n)).map(NodeRef::id).collect()
    };
    let (below_a, below_b) = (below(a), below(b));
    if below_a.len() != below_b.len() {
        return false;
    }
    let schema = a.schema();
    let mut inside: Option<HashMap<NodeId, usize>> = None;
    for (&x, &y) in below_a.iter().zip(&below_b) {
        let (x, y) = (targets(schema.node(x)), targets(schema.node(y)));
        if x.len() != y.len() {
            return false;
        }
        for (x, y) in x.into_iter().zip(y) {
            if x == y {
                continue;
            }
            let inside = inside
                .get_or_insert_with(|| below_a.iter().copied().enumerate().map(|(i, id)| (id, i)).collect());
            let place = x.and_then(|x| inside.get(&x));
            if place.is_none_or(|&i| Some(below_b[i]) != y) {
                return false;
            }
        }
    }
    true
}

/// The targets of a leaf's leafrefs, those of its union's members too.
fn targets(node: NodeRef<'_>) -> Vec<Option<NodeId>> {
    let mut out = Vec::new();
    let mut stack: Vec<TypeRef<'_>> = node.type_().into_iter().collect();
    while let Some(ty) = stack.pop() {
        if let TypeDetail::Leafref { target, .. } = ty.detail() {
            out.push(*target);
        }
        stack.extend(ty.members());
    }
    out
}

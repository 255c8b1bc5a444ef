//! Schema nodes: what a data node may be (RFC 7950 sections 7.5 to 7.16), with all refinements, augments and deviations applied.

use crate::{
    ExtensionUse, GroupingId, ModuleId, Must, NodeCode, NodeId, Schema, Span, Sym, TypeId, TypeRef, Unique,
    Value, When,
};

/// The kind of a schema node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NodeKind {
    /// The one node above all top-level nodes.
    Root,
    /// `container` (section 7.5).
    Container,
    /// `leaf` (section 7.6).
    Leaf,
    /// `leaf-list` (section 7.7).
    LeafList,
    /// `list` (section 7.8).
    List,
    /// `choice` (section 7.9): not a data node.
    Choice,
    /// `case` (section 7.9.2): not a data node; shorthand cases have theirs too.
    Case,
    /// `anydata` (section 7.10).
    AnyData,
    /// `anyxml` (section 7.11).
    AnyXml,
    /// `rpc` (section 7.14).
    Rpc,
    /// `action` (section 7.15).
    Action,
    /// `input` of an rpc or action: always there, if empty.
    Input,
    /// `output` of an rpc or action: always there, if empty.
    Output,
    /// `notification` (section 7.16).
    Notification,
    /// `rc:yang-data` (RFC 8040 section 8) or `sx:structure` (RFC 8791): a tree of its own.
    Structure,
    /// `grouping` (section 7.12), below the root of a schema that was asked to keep them for a tree diagram; of no meaning
    /// for data.
    Grouping,
}

impl NodeKind {
    /// Does it stand in data: container, leaf, leaf-list, list, anydata or anyxml (RFC 7950 section 3, "data node")?
    pub fn is_data_node(self) -> bool {
        matches!(
            self,
            NodeKind::Container
                | NodeKind::Leaf
                | NodeKind::LeafList
                | NodeKind::List
                | NodeKind::AnyData
                | NodeKind::AnyXml
        )
    }

    /// Has it a value of a type: leaf or leaf-list?
    pub fn has_value(self) -> bool {
        matches!(self, NodeKind::Leaf | NodeKind::LeafList)
    }

    /// The statement's keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            NodeKind::Root => "root",
            NodeKind::Container => "container",
            NodeKind::Leaf => "leaf",
            NodeKind::LeafList => "leaf-list",
            NodeKind::List => "list",
            NodeKind::Choice => "choice",
            NodeKind::Case => "case",
            NodeKind::AnyData => "anydata",
            NodeKind::AnyXml => "anyxml",
            NodeKind::Rpc => "rpc",
            NodeKind::Action => "action",
            NodeKind::Input => "input",
            NodeKind::Output => "output",
            NodeKind::Notification => "notification",
            NodeKind::Structure => "structure",
            NodeKind::Grouping => "grouping",
        }
    }
}

/// `status` (section 7.21.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Status {
    /// In use.
    #[default]
    Current,
    /// May still be used.
    Deprecated,
    /// Should not be used.
    Obsolete,
}

/// `ordered-by` (section 7.7.7).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum OrderedBy {
    /// The order means nothing.
    #[default]
    System,
    /// Users set the order.
    User,
}

/// A `default`.
#[derive(Clone, PartialEq, Debug)]
pub struct Default {
    /// As written.
    pub text: Sym,
    /// The value, checked against the type.
    pub value: Value,
}

/// Where another statement than its own made or changed a node: an `augment` (RFC 7950 section 7.17) or a `deviation` (section
/// 7.20.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Amendment {
    /// The module in which the statement stands.
    pub module: ModuleId,
    /// The statement's argument.
    pub span: Span,
}

/// All that a compiler says of one node; [`Builder::finish`](crate::Builder::finish) lays it out flat.
///
/// Effective values stand here: `config` inherited, refinements and deviations applied, defaults of typedefs taken over.
#[derive(Clone, Debug)]
pub(crate) struct NodeRecord {
    pub(crate) name: Sym,
    pub(crate) module: ModuleId,
    pub(crate) kind: NodeKind,
    pub(crate) config: bool,
    pub(crate) mandatory: bool,
    pub(crate) status: Status,
    pub(crate) parent: NodeId,
    pub(crate) first_child: u32,
    pub(crate) child_count: u32,
    pub(crate) type_id: Option<TypeId>,
    /// Position in `Schema::details`, where the node has any.
    pub(crate) details: Option<u32>,
    pub(crate) grouping: Option<GroupingId>,
    pub(crate) uses: Option<GroupingId>,
    pub(crate) description: Option<Sym>,
    pub(crate) reference: Option<Sym>,
    pub(crate) span: Span,
}

impl NodeRecord {
    /// Its children, which stand together.
    pub(crate) fn child_ids(&self) -> std::ops::Range<u32> {
        self.first_child..self.first_child + self.child_count
    }
}

/// What few nodes have.
#[derive(Clone, PartialEq, Debug, std::default::Default)]
pub(crate) struct Details {
    pub(crate) presence: Option<Sym>,
    pub(crate) units: Option<Sym>,
    pub(crate) defaults: Vec<Default>,
    pub(crate) default_case: Option<NodeId>,
    pub(crate) min_elements: u32,
    pub(crate) max_elements: Option<u32>,
    pub(crate) ordered_by: OrderedBy,
    pub(crate) keys: Vec<NodeId>,
    pub(crate) uniques: Vec<Unique>,
    pub(crate) musts: Vec<Must>,
    pub(crate) whens: Vec<When>,
    pub(crate) if_features: Vec<Sym>,
    pub(crate) extensions: Vec<ExtensionUse>,
    pub(crate) augmented_by: Option<Amendment>,
    pub(crate) deviated_by: Vec<Amendment>,
    pub(crate) codes: Vec<NodeCode>,
}

/// A node and the schema it lives in.
#[derive(Clone, Copy)]
pub struct NodeRef<'s> {
    pub(crate) schema: &'s Schema,
    pub(crate) id: NodeId,
}

impl PartialEq for NodeRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && std::ptr::eq(self.schema, other.schema)
    }
}

impl Eq for NodeRef<'_> {}

impl std::fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind().keyword(), self.path())
    }
}

static NO_DETAILS: Details = Details {
    presence: None,
    units: None,
    defaults: Vec::new(),
    default_case: None,
    min_elements: 0,
    max_elements: None,
    ordered_by: OrderedBy::System,
    keys: Vec::new(),
    uniques: Vec::new(),
    musts: Vec::new(),
    whens: Vec::new(),
    if_features: Vec::new(),
    extensions: Vec::new(),
    augmented_by: None,
    deviated_by: Vec::new(),
    codes: Vec::new(),
};

impl<'s> NodeRef<'s> {
    fn record(self) -> &'s NodeRecord {
        self.schema.node_record(self.id)
    }

    fn details(self) -> &'s Details {
        match self.record().details {
            Some(i) => self.schema.details(i),
            None => &NO_DETAILS,
        }
    }

    fn at(self, id: NodeId) -> NodeRef<'s> {
        NodeRef { schema: self.schema, id }
    }

    fn opt_str(self, sym: Option<Sym>) -> Option<&'s str> {
        sym.map(|s| self.schema.str(s))
    }

    /// Its id.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// The schema it lives in.
    pub fn schema(self) -> &'s Schema {
        self.schema
    }

    /// Its name; empty for the root, `input` and `output` for these.
    pub fn name(self) -> &'s str {
        self.schema.str(self.record().name)
    }

    /// The module in whose namespace its name is: for a node from a grouping, the module of the `uses`.
    pub fn module(self) -> ModuleId {
        self.record().module
    }

    /// The name of [`module`](Self::module).
    pub fn module_name(self) -> &'s str {
        self.schema.str(self.schema.module(self.module()).name)
    }

    /// The namespace of [`module`](Self::module).
    pub fn namespace(self) -> &'s str {
        self.schema.str(self.schema.module(self.module()).namespace)
    }

    /// Its kind.
    pub fn kind(self) -> NodeKind {
        self.record().kind
    }

    /// The schema node above it.
    pub fn parent(self) -> Option<NodeRef<'s>> {
        (self.id != NodeId::ROOT).then(|| self.at(self.record().parent))
    }

    /// The closest ancestor that can stand in data: no choice, no case; input, output, notification and the root count.
    pub fn data_parent(self) -> Option<NodeRef<'s>> {
        let mut up = self.parent()?;
        while matches!(up.kind(), NodeKind::Choice | NodeKind::Case) {
            up = up.parent()?;
        }
        Some(up)
    }

    /// The data nodes from below another node down to this one, if it stands below that by data nodes alone.
    pub fn data_line_below(self, above: NodeId) -> Option<Vec<NodeRef<'s>>> {
        let mut line = Vec::new();
        let mut at = self;
        while at.id != above {
            if !at.kind().is_data_node() {
                return None;
            }
            line.push(at);
            at = at.data_parent()?;
        }
        line.reverse();
        Some(line)
    }

    /// The schema nodes right below it, in the order of the model.
    pub fn children(self) -> impl DoubleEndedIterator<Item = NodeRef<'s>> + ExactSizeIterator {
        self.record().child_ids().map(move |i| self.at(NodeId(i)))
    }

    /// The data nodes below it, those inside choices and cases included, in the order of the model; the keys of a list come first,
    /// in their own order (RFC 7950 section 7.8.5).
    pub fn data_children(self) -> impl ExactSizeIterator<Item = NodeRef<'s>> {
        self.schema.data_child_ids(self.id).iter().map(move |&id| self.at(id))
    }

    /// Its position among the data children of its data parent.
    pub fn data_ordinal(self) -> u32 {
        self.schema.data_ordinal(self.id)
    }

    /// The data child of a name; choices and cases are looked through.
    pub fn data_child(self, module: ModuleId, name: &str) -> Option<NodeRef<'s>> {
        self.schema.data_child(self.id, module, name).map(|id| self.at(id))
    }

    /// The schema child of a name: choices and cases count, and are not looked through.
    pub fn child(self, module: ModuleId, name: &str) -> Option<NodeRef<'s>> {
        self.children().find(|c| c.module() == module && c.name() == name && c.kind() != NodeKind::Grouping)
    }

    /// The data nodes of a choice or case, those of choices in it included, in the order of the model.
    pub fn data_nodes_inside(self) -> impl Iterator<Item = NodeRef<'s>> {
        let mut stack: Vec<NodeRef<'s>> = self.children().rev().collect();
        std::iter::from_fn(move || {
            loop {
                let next = stack.pop()?;
                match next.kind() {
                    NodeKind::Choice | NodeKind::Case => stack.extend(next.children().rev()),
                    kind if kind.is_data_node() => return Some(next),
                    _ => {}
                }
            }
        })
    }

    /// All nodes below it, depth first, in the order of the model; not itself.
    pub fn descendants(self) -> impl Iterator<Item = NodeRef<'s>> {
        let mut stack: Vec<NodeRef<'s>> = self.children().rev().collect();
        std::iter::from_fn(move || {
            let next = stack.pop()?;
            stack.extend(next.children().rev());
            Some(next)
        })
    }

    /// Can it be configured (`config true`)? Meaningless in rpcs, actions and notifications, where it is `false`.
    pub fn is_config(self) -> bool {
        self.record().config
    }

    /// Its status: no better than that of a node above it.
    pub fn status(self) -> Status {
        self.record().status
    }

    /// `mandatory` of a leaf, choice, anydata or anyxml.
    pub fn is_mandatory(self) -> bool {
        self.record().mandatory
    }

    /// The type of a leaf or leaf-list.
    pub fn type_(self) -> Option<TypeRef<'s>> {
        self.record().type_id.map(|id| TypeRef { schema: self.schema, id })
    }

    /// `description`.
    pub fn description(self) -> Option<&'s str> {
        self.opt_str(self.record().description)
    }

    /// `reference`.
    pub fn reference(self) -> Option<&'s str> {
        self.opt_str(self.record().reference)
    }

    /// The argument of its statement.
    pub fn span(self) -> Span {
        self.record().span
    }

    /// `presence`: the container's existence means something.
    pub fn presence(self) -> Option<&'s str> {
        self.opt_str(self.details().presence)
    }

    /// A container without `presence`: it exists by its children alone (RFC 7950 section 7.5.1).
    pub fn is_np_container(self) -> bool {
        self.kind() == NodeKind::Container && self.details().presence.is_none()
    }

    /// `units`, of the node or its type.
    pub fn units(self) -> Option<&'s str> {
        self.opt_str(self.details().units)
    }

    /// The defaults in use: of a leaf at most one, of a leaf-list any number; a mandatory leaf has none.
    pub fn defaults(self) -> &'s [Default] {
        &self.details().defaults
    }

    /// The `default` case of a choice.
    pub fn default_case(self) -> Option<NodeRef<'s>> {
        self.details().default_case.map(|id| self.at(id))
    }

    /// `min-elements`.
    pub fn min_elements(self) -> u32 {
        self.details().min_elements
    }

    /// `max-elements`; `None` is unbounded.
    pub fn max_elements(self) -> Option<u32> {
        self.details().max_elements
    }

    /// `ordered-by`; `System` where it does not apply (state, rpc output, notifications), RFC 7950 section 7.7.7.
    pub fn ordered_by(self) -> OrderedBy {
        self.details().ordered_by
    }

    /// The key leaves of a list, in the order of `key`; none for a keyless list.
    pub fn keys(self) -> impl ExactSizeIterator<Item = NodeRef<'s>> {
        self.details().keys.iter().map(move |&id| self.at(id))
    }

    /// Is it a key of the list above it?
    pub fn is_key(self) -> bool {
        self.kind() == NodeKind::Leaf
            && self
                .parent()
                .is_some_and(|p| p.kind() == NodeKind::List && p.details().keys.contains(&self.id))
    }

    /// `unique` statements of a list.
    pub fn uniques(self) -> &'s [Unique] {
        &self.details().uniques
    }

    /// `must` statements.
    pub fn musts(self) -> &'s [Must] {
        &self.details().musts
    }

    /// `when` statements: its own and those of the `uses` and `augment` it came by. All must hold.
    pub fn whens(self) -> &'s [When] {
        &self.details().whens
    }

    /// Error codes of what it demands, and its own.
    pub fn codes(self) -> &'s [NodeCode] {
        &self.details().codes
    }

    /// `if-feature` expressions as written. All hold: a node whose features are off is not in the schema.
    pub fn if_features(self) -> impl ExactSizeIterator<Item = &'s str> {
        self.details().if_features.iter().map(move |&s| self.schema.str(s))
    }

    /// Extension statements below it.
    pub fn extensions(self) -> &'s [ExtensionUse] {
        &self.details().extensions
    }

    /// The grouping whose direct child it is, where it came by `uses`.
    pub fn grouping(self) -> Option<GroupingId> {
        self.record().grouping
    }

    /// The grouping of the `uses` that stands below the statement of its parent, where it came by one: not the same as
    /// [`grouping`](Self::grouping) where that grouping uses others.
    pub fn uses(self) -> Option<GroupingId> {
        self.record().uses
    }

    /// The `augment` that added it, where one did (also the module's own). Nodes further down came with this one.
    pub fn augmented_by(self) -> Option<Amendment> {
        self.details().augmented_by
    }

    /// The deviations that changed it, in the order in which they were applied.
    pub fn deviated_by(self) -> &'s [Amendment] {
        &self.details().deviated_by
    }

    /// The schema path: `/module:name/name/…`, a module's name wherever it differs from that of the node above.
    pub fn path(self) -> String {
        self.path_where(|_| true)
    }

    /// The data path: as [`path`](Self::path), without choices, cases, input and output.
    pub fn data_path(self) -> String {
        self.path_where(|k| {
            !matches!(k, NodeKind::Choice | NodeKind::Case | NodeKind::Input | NodeKind::Output)
        })
    }

    fn path_where(self, keep: impl Fn(NodeKind) -> bool) -> String {
        let mut nodes = Vec::new();
        let mut at = Some(self);
        while let Some(node) = at.filter(|n| n.id != NodeId::ROOT) {
            if keep(node.kind()) {
                nodes.push(node);
            }
            at = node.parent();
        }
        if nodes.is_empty() {
            return "/".to_owned();
        }
        let mut path = String::new();
        let mut module = None;
        for node in nodes.iter().rev() {
            path.push('/');
            if module != Some(node.module()) {
                path.push_str(node.module_name());
                path.push(':');
                module = Some(node.module());
            }
            path.push_str(node.name());
        }
        path
    }
}

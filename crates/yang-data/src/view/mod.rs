//! What readers see: layers of trees under one root, with or without defaults, behind a read mask.
//!
//! XPath, filters, encoders and validation all read through a [`View`]; a node is a [`Cursor`]: the path to it from the
//! root. Nothing is copied.

mod cursor;
mod encode;
pub(crate) mod in_use;
mod instances;
mod path;
mod plain;
mod source;
pub(crate) mod when;

pub use cursor::{Cursor, LAYERS};
pub(crate) use cursor::{Data, Records};
pub use encode::{EncodeOptions, Encoder, modules_of_path};
pub(crate) use encode::{OwnedDatum, Writer, with_datum};
pub(crate) use instances::entry_order;
pub use instances::{Children, Instances};
pub(crate) use path::{push_predicate, push_step};
pub use source::CursorSource;

use crate::index::{IndexSet, OnDemand};
use crate::tree::{Record, Tree};
use crate::xpath::KnownWays;
use std::sync::Arc;
use yang_schema::value::InstanceIdentifier;
use yang_schema::{NodeId, NodeKind, NodeRef, Schema};

/// How a view treats defaults: the modes of RFC 6243 section 3.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum DefaultMode {
    /// Nodes that nobody set appear with their defaults, and containers without presence always exist. This is what
    /// XPath and validation must see (RFC 7950 section 6.4.1).
    ReportAll,
    /// As `ReportAll`; encoders tag what is a default.
    ReportAllTagged,
    /// Leaves with the value of their default are hidden, set or not.
    Trim,
    /// What is set is seen, no more.
    #[default]
    Explicit,
}

impl DefaultMode {
    /// Does the view supply defaults?
    pub fn supplies(self) -> bool {
        matches!(self, DefaultMode::ReportAll | DefaultMode::ReportAllTagged)
    }

    /// The word of RFC 6243.
    pub fn as_str(self) -> &'static str {
        match self {
            DefaultMode::ReportAll => "report-all",
            DefaultMode::ReportAllTagged => "report-all-tagged",
            DefaultMode::Trim => "trim",
            DefaultMode::Explicit => "explicit",
        }
    }

    /// The mode of a word.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::ReportAll, Self::ReportAllTagged, Self::Trim, Self::Explicit]
            .into_iter()
            .find(|m| m.as_str() == name)
    }
}

/// Says which nodes may be read. A node that may not hides all that is below it.
pub trait ReadMask: Send + Sync {
    /// May the node be read? It is asked from the top down.
    fn readable(&self, node: &Cursor<'_>) -> bool;

    /// May all that can be below each instance of a schema node be read? Then nothing below it is asked for; `false` where
    /// that is not known.
    fn readable_below(&self, _node: NodeRef<'_>) -> bool {
        false
    }
}

/// An rpc, action or notification, or a structure, seen together with the datastores.
#[derive(Clone)]
struct Operation {
    tree: Tree,
    /// The node that `tree`'s content belongs to in data: the rpc or action itself, not its input.
    node: NodeId,
    /// Where an action or nested notification stands; `None` at the top level.
    parent: Option<InstanceIdentifier>,
}

/// A snapshot to read. Cloning is cheap.
#[derive(Clone)]
pub struct View {
    schema: Arc<Schema>,
    layers: Vec<Tree>,
    operation: Option<Operation>,
    defaults: DefaultMode,
    mask: Option<Arc<dyn ReadMask>>,
    /// Does state not exist here?
    hides_state: bool,
    /// What constraints on configuration see, where that is not the same.
    configuration: Option<Arc<View>>,
    /// Indexes that were made for this view; another gets its own.
    on_demand: Arc<OnDemand>,
    /// Where names are found, by the schema.
    known_ways: Arc<KnownWays>,
    /// Indexes that came with the tree, which is the only layer.
    index_set: Option<IndexSet>,
}

impl View {
    /// A view of nothing.
    pub fn new(schema: Arc<Schema>) -> Self {
        Self {
            schema,
            layers: Vec::new(),
            operation: None,
            defaults: DefaultMode::default(),
            mask: None,
            hides_state: false,
            configuration: None,
            on_demand: Arc::default(),
            known_ways: Arc::default(),
            index_set: None,
        }
    }

    /// A view of one tree: of a datastore, or of the content of an rpc, notification or structure.
    pub fn of(tree: &Tree) -> Self {
        let view = Self::new(Arc::clone(tree.schema()));
        if tree.at() == NodeId::ROOT { view.layer(tree) } else { view.operation(tree, None) }
    }

    /// Lays a datastore under those before it: where both have a leaf, the earlier one's counts.
    ///
    /// # Panics
    /// With more than [`LAYERS`] layers, or a tree of another schema.
    #[must_use]
    pub fn layer(mut self, tree: &Tree) -> Self {
        assert!(self.layers.len() < LAYERS, "a view has at most {LAYERS} layers");
        assert!(Arc::ptr_eq(&self.schema, tree.schema()), "a layer has the schema of the view");
        self.layers.push(tree.clone());
        self.without_indexes()
    }

    /// Adds the content of an rpc (a tree at its input or output), notification or structure. An action or a nested
    /// notification also needs the path of the node that it is defined on.
    #[must_use]
    pub fn operation(mut self, tree: &Tree, parent: Option<InstanceIdentifier>) -> Self {
        let at = self.schema.node(tree.at());
        let node = match (at.kind(), at.parent()) {
            (NodeKind::Input | NodeKind::Output, Some(rpc)) => rpc.id(),
            _ => at.id(),
        };
        self.operation = Some(Operation { tree: tree.clone(), node, parent });
        self.without_indexes()
    }

    /// With this treatment of defaults.
    #[must_use]
    pub fn defaults(mut self, defaults: DefaultMode) -> Self {
        self.defaults = defaults;
        self.without_indexes()
    }

    /// Behind this mask.
    #[must_use]
    pub fn mask(mut self, mask: Arc<dyn ReadMask>) -> Self {
        self.mask = Some(mask);
        self.without_indexes()
    }

    /// As constraints see it: defaults in use and containers without presence exist, a mask does not count, and for constraints
    /// on configuration no state exists (RFC 7950 section 6.4.1), its defaults included.
    pub(crate) fn accessible(mut self) -> Self {
        self.mask = None;
        let mut view = self.defaults(DefaultMode::ReportAll);
        if view.schema.checks().of_node(NodeId::ROOT).holds_state() {
            let hiding = Self { hides_state: true, operation: None, ..view.clone() };
            view.configuration = Some(Arc::new(hiding.without_indexes()));
        }
        view
    }

    /// What a constraint on a node sees.
    pub(crate) fn accessible_to(&self, node: NodeRef<'_>) -> &View {
        self.configuration.as_deref().filter(|_| node.is_config()).unwrap_or(self)
    }

    /// What indexes know is what was seen.
    fn without_indexes(self) -> Self {
        Self { on_demand: Arc::default(), index_set: None, configuration: None, ..self }
    }

    /// Is a schema node one whose instances do not exist here?
    pub(crate) fn hides(&self, node: NodeRef<'_>) -> bool {
        self.hides_state && !node.is_config()
    }

    /// The accessible tree of a datastore with the indexes that belong to it.
    pub(crate) fn indexed(tree: &Tree, indexes: &IndexSet) -> Self {
        let with_indexes = |view: Self| Self { index_set: Some(indexes.clone()), ..view };
        let mut view = Self::of(tree).accessible();
        view.configuration = view.configuration.map(|hiding| Arc::new(with_indexes((*hiding).clone())));
        with_indexes(view)
    }

    pub(crate) fn index_set(&self) -> Option<&IndexSet> {
        self.index_set.as_ref()
    }

    pub(crate) fn known_ways(&self) -> &KnownWays {
        &self.known_ways
    }

    pub(crate) fn on_demand(&self) -> &OnDemand {
        &self.on_demand
    }

    /// The schema.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// How it treats defaults.
    pub fn default_mode(&self) -> DefaultMode {
        self.defaults
    }

    /// The layers, the first one counting first.
    pub fn layers(&self) -> &[Tree] {
        &self.layers
    }

    /// The root. It is there even if nothing else is.
    pub fn root(&self) -> Cursor<'_> {
        let mut records = [None; LAYERS];
        for (record, layer) in records.iter_mut().zip(&self.layers) {
            *record = Some(layer.root());
        }
        Cursor::root_of(self, records)
    }

    /// The rpc, action, notification or structure, where the view has one: its children are the parameters.
    pub fn operation_node(&self) -> Option<Cursor<'_>> {
        let operation = self.operation.as_ref()?;
        let parent = match &operation.parent {
            Some(path) => self.find(path).or_else(|| self.place_of(path))?,
            None => self.root(),
        };
        Some(parent.operation_below(operation.node, operation.tree.root()))
    }

    pub(crate) fn has_operation(&self) -> bool {
        self.operation.is_some()
    }

    /// The node of an instance-identifier, if it exists here.
    pub fn find(&self, path: &InstanceIdentifier) -> Option<Cursor<'_>> {
        path.steps.iter().try_fold(self.root(), |at, step| at.step(step.node, &step.selector))
    }

    /// The base of the operation's parameters: the input or output for an rpc or action.
    pub(crate) fn content_of(&self, node: NodeId) -> NodeId {
        match &self.operation {
            Some(operation) if operation.node == node => operation.tree.at(),
            _ => node,
        }
    }

    /// The operation, where it stands right below a node.
    pub(crate) fn operation_at(&self, at: &Cursor<'_>) -> Option<(NodeId, &Record)> {
        let operation = self.operation.as_ref()?;
        let here = match &operation.parent {
            None => at.is_root(),
            Some(path) => path.steps.last().is_some_and(|s| s.node == at.node_id()) && at.is_at(path),
        };
        here.then(|| (operation.node, operation.tree.root()))
    }

    /// Cursors to nodes that are not there, so that an action on a missing or foreign entry can still be looked at.
    fn place_of(&self, path: &InstanceIdentifier) -> Option<Cursor<'_>> {
        path.steps.iter().try_fold(self.root(), |at, step| Some(at.nothing_below(step.node)))
    }

    /// Is what stands below a node just what is set there, with nothing supplied and nothing hidden?
    fn shows_all_below(&self, node: NodeRef<'_>) -> bool {
        self.defaults == DefaultMode::Explicit
            && self.operation.is_none()
            && !self.hides_state
            && self.mask.as_ref().is_none_or(|mask| mask.readable_below(node))
    }

    pub(crate) fn readable(&self, node: &Cursor<'_>) -> bool {
        self.mask.as_ref().is_none_or(|m| m.readable(node))
    }
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut stack = vec![(0, self.root())];
        while let Some((depth, at)) = stack.pop() {
            if !at.is_root() {
                write!(
                    f,
                    "{:indent$}{}:{}",
                    "",
                    at.node().module_name(),
                    at.node().name(),
                    indent = 2 * (depth - 1)
                )?;
                match at.text() {
                    Some(text) => {
                        writeln!(f, " {text:?}{}", if at.is_default() { " (default)" } else { "" })?
                    }
                    None => writeln!(f)?,
                }
            }
            let from = stack.len();
            stack.extend(at.children().map(|c| (depth + 1, c)));
            stack[from..].reverse();
        }
        Ok(())
    }
}

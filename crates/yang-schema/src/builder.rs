//! How a compiler fills a schema.

use crate::node::{Details, NodeRecord};
use crate::schema::{Annotation, Arena, Grouping, Schema};
use crate::strings::Interner;
use crate::{
    Amendment, CodeId, Default, ErrorCode, ExprId, ExtensionDef, ExtensionUse, Feature, FeatureId, FileId,
    GroupingId, Identity, IdentityId, Module, ModuleId, Must, NodeCode, NodeId, NodeKind, OrderedBy, SidOf,
    SourceFile, Span, Status, Sym, Type, TypeDetail, TypeId, Typedef, TypedefId, Unique, Value, When, XPath,
    XPathId, xpath,
};
use std::collections::BTreeMap;

/// All that a compiler says of one node.
///
/// Effective values stand here: `config` inherited, refinements and deviations applied, defaults and units of typedefs
/// taken over. Ids of nodes are those that [`Builder::add_node`] gave; [`Builder::finish`] renumbers them everywhere.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each field has its meaning from the accessor of the same name in NodeRef")]
pub struct NodeDef {
    pub name: Sym,
    pub module: ModuleId,
    pub kind: NodeKind,
    pub span: Span,
    pub config: bool,
    pub mandatory: bool,
    pub status: Status,
    pub type_id: Option<TypeId>,
    pub description: Option<Sym>,
    pub reference: Option<Sym>,
    pub presence: Option<Sym>,
    pub units: Option<Sym>,
    pub defaults: Vec<Default>,
    pub default_case: Option<NodeId>,
    pub min_elements: u32,
    pub max_elements: Option<u32>,
    pub ordered_by: OrderedBy,
    pub keys: Vec<NodeId>,
    pub uniques: Vec<Unique>,
    pub musts: Vec<Must>,
    pub whens: Vec<When>,
    pub if_features: Vec<Sym>,
    pub extensions: Vec<ExtensionUse>,
    pub grouping: Option<GroupingId>,
    pub uses: Option<GroupingId>,
    pub augmented_by: Option<Amendment>,
    pub deviated_by: Vec<Amendment>,
    pub codes: Vec<NodeCode>,
}

impl NodeDef {
    /// A node with nothing but its name; current, `config true`, system-ordered.
    pub fn new(kind: NodeKind, name: Sym, module: ModuleId, span: Span) -> Self {
        Self {
            name,
            module,
            kind,
            span,
            config: true,
            mandatory: false,
            status: Status::Current,
            type_id: None,
            description: None,
            reference: None,
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
            grouping: None,
            uses: None,
            augmented_by: None,
            deviated_by: Vec::new(),
            codes: Vec::new(),
        }
    }
}

/// A schema in the making: everything can still be changed.
#[derive(Debug)]
pub struct Builder {
    strings: Interner,
    pub(crate) arena: Arena,
    nodes: Vec<NodeDef>,
    parents: Vec<NodeId>,
    children: Vec<Vec<NodeId>>,
}

impl std::default::Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

macro_rules! arena_of {
    ($($(#[$doc:meta])* $add:ident, $get:ident, $get_mut:ident: $field:ident, $id:ident => $item:ty;)*) => {$(
        $(#[$doc])*
        pub fn $add(&mut self, item: $item) -> $id {
            self.arena.$field.push(item);
            $id::from_index(self.arena.$field.len() - 1)
        }

        /// What was added under the id.
        pub fn $get(&self, id: $id) -> &$item {
            &self.arena.$field[id.index()]
        }

        /// What was added under the id, to change it.
        pub fn $get_mut(&mut self, id: $id) -> &mut $item {
            &mut self.arena.$field[id.index()]
        }
    )*};
}

impl Builder {
    /// An empty schema: the root alone.
    pub fn new() -> Self {
        let mut strings = Interner::default();
        let empty = strings.intern("");
        let span = Span { file: FileId(0), start: 0, end: 0 };
        let root = NodeDef::new(NodeKind::Root, empty, ModuleId(0), span);
        Self {
            strings,
            arena: Arena::default(),
            nodes: vec![root],
            parents: vec![NodeId::ROOT],
            children: vec![Vec::new()],
        }
    }

    /// The id of a string, which is stored once.
    pub fn intern(&mut self, s: &str) -> Sym {
        self.strings.intern(s)
    }

    /// The id of a string that has one.
    pub fn find_string(&self, s: &str) -> Option<Sym> {
        self.strings.find(s)
    }

    /// The string of an id.
    pub fn str(&self, sym: Sym) -> &str {
        self.strings.strings.get(sym)
    }

    arena_of! {
        /// Adds a module.
        add_module, module, module_mut: modules, ModuleId => Module;
        /// Adds a type.
        add_type, type_, type_mut: types, TypeId => Type;
        /// Adds a typedef.
        add_typedef, typedef, typedef_mut: typedefs, TypedefId => Typedef;
        /// Adds a grouping.
        add_grouping, grouping, grouping_mut: groupings, GroupingId => Grouping;
        /// Adds an identity.
        add_identity, identity, identity_mut: identities, IdentityId => Identity;
        /// Adds a feature.
        add_feature, feature, feature_mut: features, FeatureId => Feature;
        /// Adds a source file.
        add_file, file, file_mut: files, FileId => SourceFile;
        /// Adds a parsed expression.
        add_expr, expr, expr_mut: exprs, ExprId => xpath::Expr;
        /// Adds an expression in its place.
        add_xpath, xpath, xpath_mut: xpaths, XPathId => XPath;
        /// Adds an error code.
        add_code, code, code_mut: codes, CodeId => ErrorCode;
    }

    /// All modules added, with their ids.
    pub fn modules(&self) -> impl ExactSizeIterator<Item = (ModuleId, &Module)> {
        self.arena.modules.iter().enumerate().map(|(i, m)| (ModuleId::from_index(i), m))
    }

    /// Adds the definition of an extension.
    pub fn add_extension(&mut self, def: ExtensionDef) {
        self.arena.extensions.push(def);
    }

    /// Adds an annotation (`md:annotation`, RFC 7952).
    pub fn add_annotation(&mut self, annotation: Annotation) {
        self.arena.annotations.push(annotation);
    }

    /// Adds a node as the last child of another. Top-level nodes of every kind, also structures, stand below
    /// [`NodeId::ROOT`].
    pub fn add_node(&mut self, parent: NodeId, def: NodeDef) -> NodeId {
        let id = NodeId::from_index(self.nodes.len());
        self.nodes.push(def);
        self.parents.push(parent);
        self.children.push(Vec::new());
        self.children[parent.index()].push(id);
        id
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &NodeDef {
        &self.nodes[id.index()]
    }

    /// A node, to change it.
    pub fn node_mut(&mut self, id: NodeId) -> &mut NodeDef {
        &mut self.nodes[id.index()]
    }

    /// The node above; the root is above itself.
    pub fn parent(&self, id: NodeId) -> NodeId {
        self.parents[id.index()]
    }

    /// The nodes right below.
    pub fn children(&self, id: NodeId) -> &[NodeId] {
        &self.children[id.index()]
    }

    /// Puts the nodes right below in another order, or takes some out (`deviate not-supported`).
    pub fn set_children(&mut self, id: NodeId, children: Vec<NodeId>) {
        debug_assert!(children.iter().all(|c| self.parents[c.index()] == id));
        self.children[id.index()] = children;
    }

    /// Number of nodes added, the root and those taken out included.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// Computes what follows from the rest (derived identities, inherited look-ups) and lays the nodes out breadth
    /// first, so that the children of a node stand together.
    ///
    /// References to nodes that were taken out (a leafref's target, `reads`, keys) are dropped: it is for the compiler to
    /// report them before.
    pub fn finish(mut self) -> Schema {
        self.derive_identities();
        let mut order = vec![NodeId::ROOT];
        let mut new_ids = NewIds(vec![None; self.nodes.len()]);
        new_ids.0[0] = Some(NodeId::ROOT);
        let mut at = 0;
        while at < order.len() {
            for &child in &self.children[order[at].index()] {
                new_ids.0[child.index()] = Some(NodeId::from_index(order.len()));
                order.push(child);
            }
            at += 1;
        }
        let map = |id: NodeId| new_ids.get(id);
        let mut records = Vec::with_capacity(order.len());
        let mut all_details = Vec::new();
        let mut next_child = 1u32;
        for &old in &order {
            let def = &mut self.nodes[old.index()];
            let nothing = NodeDef::new(def.kind, def.name, def.module, def.span);
            let def = std::mem::replace(def, nothing);
            let child_count = self.children[old.index()].len() as u32;
            let details = Details {
                presence: def.presence,
                units: def.units,
                defaults: def.defaults,
                default_case: def.default_case.and_then(map),
                min_elements: def.min_elements,
                max_elements: def.max_elements,
                ordered_by: def.ordered_by,
                keys: def.keys.into_iter().filter_map(map).collect(),
                uniques: def
                    .uniques
                    .into_iter()
                    .map(|u| Unique { leaves: u.leaves.iter().copied().filter_map(map).collect(), ..u })
                    .collect(),
                musts: def.musts,
                whens: def.whens,
                if_features: def.if_features,
                extensions: def.extensions,
                augmented_by: def.augmented_by,
                deviated_by: def.deviated_by,
                codes: def.codes,
            };
            let details = (details != Details::default()).then(|| {
                all_details.push(details);
                (all_details.len() - 1) as u32
            });
            records.push(NodeRecord {
                name: def.name,
                module: def.module,
                kind: def.kind,
                config: def.config,
                mandatory: def.mandatory,
                status: def.status,
                parent: map(self.parents[old.index()]).unwrap_or(NodeId::ROOT),
                first_child: next_child,
                child_count,
                type_id: def.type_id,
                details,
                grouping: def.grouping,
                uses: def.uses,
                description: def.description,
                reference: def.reference,
                span: def.span,
            });
            next_child += child_count;
        }
        // What is laid out now need not be there twice while the look-up tables are built.
        self.nodes = Vec::new();
        self.parents = Vec::new();
        self.children = Vec::new();
        self.renumber(&new_ids);
        self.sort_sids(&new_ids);
        for details in &mut all_details {
            for default in &mut details.defaults {
                renumber_value(&mut default.value, &new_ids);
            }
        }
        drop(new_ids);
        Schema::assemble(self.strings.strings, self.arena, records, all_details)
    }

    fn renumber(&mut self, new_ids: &NewIds) {
        for ty in &mut self.arena.types {
            if let TypeDetail::Leafref { target, .. } = &mut ty.detail {
                *target = target.and_then(|t| new_ids.get(t));
            }
        }
        for xpath in &mut self.arena.xpaths {
            xpath.reads = xpath.reads.iter().filter_map(|&n| new_ids.get(n)).collect();
            xpath.reads.sort_unstable();
        }
        for typedef in &mut self.arena.typedefs {
            if let Some(default) = &mut typedef.default {
                renumber_value(&mut default.value, new_ids);
            }
        }
    }

    /// By item, each once; of nodes that were taken out none.
    fn sort_sids(&mut self, new_ids: &NewIds) {
        let sids: BTreeMap<SidOf, u64> = std::mem::take(&mut self.arena.sids)
            .into_iter()
            .filter_map(|(item, sid)| match item {
                SidOf::Node(id) => Some((SidOf::Node(new_ids.get(id)?), sid)),
                item => Some((item, sid)),
            })
            .collect();
        self.arena.sids = sids.into_iter().collect();
    }

    /// Fills [`Identity::derived`] by walking up from each identity. A cycle, which the compiler reports, ends the walk.
    fn derive_identities(&mut self) {
        let count = self.arena.identities.len();
        let mut derived: Vec<Vec<IdentityId>> = vec![Vec::new(); count];
        // The identity that was being looked at when this one was last met.
        let mut met_from: Vec<Option<IdentityId>> = vec![None; count];
        for i in 0..count {
            let id = IdentityId::from_index(i);
            met_from[i] = Some(id);
            let mut stack = self.arena.identities[i].bases.clone();
            while let Some(base) = stack.pop() {
                if met_from[base.index()].replace(id) == Some(id) {
                    continue;
                }
                derived[base.index()].push(id);
                stack.extend_from_slice(&self.arena.identities[base.index()].bases);
            }
        }
        for (identity, mut derived) in self.arena.identities.iter_mut().zip(derived) {
            derived.sort_unstable();
            identity.derived = derived;
        }
    }
}

/// The ids of nodes in the finished schema, by those in the builder; none for nodes that were taken out.
struct NewIds(Vec<Option<NodeId>>);

impl NewIds {
    fn get(&self, old: NodeId) -> Option<NodeId> {
        self.0.get(old.index()).copied().flatten()
    }
}

/// An instance-identifier names schema nodes too.
fn renumber_value(value: &mut Value, new_ids: &NewIds) {
    value.map_nodes(&|id| new_ids.get(id));
}

//! The schema: arenas and look-ups.

use crate::dependency::Dependencies;
use crate::dependency::constrained::Constrained;
use crate::node::{Details, NodeRecord};
use crate::strings::Strings;
use crate::{
    ExprId, ExtensionDef, ExtensionUse, Feature, FeatureId, FileId, GroupingId, Identity, IdentityId, Module,
    ModuleId, NodeId, NodeKind, NodeRef, SourceFile, Span, Status, Sym, Type, TypeId, TypeRef, Typedef,
    TypedefId, XPath, XPathId, xpath,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A `grouping` (RFC 7950 section 7.12), by name only: its nodes stand where it is used.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Grouping {
    /// Its name.
    pub name: Sym,
    /// The module that defines it.
    pub module: ModuleId,
    /// Does it stand at the top level of its module?
    pub top_level: bool,
    /// `description`.
    pub description: Option<Sym>,
    /// The argument of its statement.
    pub span: Span,
}

/// A metadata annotation (`md:annotation`, RFC 7952).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Annotation {
    /// Its name.
    pub name: Sym,
    /// The module that defines it.
    pub module: ModuleId,
    /// The type of its value.
    pub type_id: TypeId,
    /// `units`.
    pub units: Option<Sym>,
    /// Its status.
    pub status: Status,
    /// `description`.
    pub description: Option<Sym>,
    /// Extension statements below it.
    pub extensions: Vec<ExtensionUse>,
    /// The argument of its statement.
    pub span: Span,
}

/// All arenas but the nodes'.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Arena {
    pub(crate) modules: Vec<Module>,
    pub(crate) types: Vec<Type>,
    pub(crate) typedefs: Vec<Typedef>,
    pub(crate) groupings: Vec<Grouping>,
    pub(crate) identities: Vec<Identity>,
    pub(crate) features: Vec<Feature>,
    pub(crate) extensions: Vec<ExtensionDef>,
    pub(crate) annotations: Vec<Annotation>,
    pub(crate) files: Vec<SourceFile>,
    pub(crate) exprs: Vec<xpath::Expr>,
    pub(crate) xpaths: Vec<XPath>,
}

/// A compiled set of modules. Immutable; share it in an `Arc`.
///
/// Ids that another schema made give wrong answers or panic.
#[derive(Debug)]
pub struct Schema {
    pub(crate) strings: Strings,
    pub(crate) arena: Arena,
    pub(crate) nodes: Vec<NodeRecord>,
    pub(crate) details: Vec<Details>,
    // What follows is computed from the above.
    modules_by_name: HashMap<Box<str>, Vec<ModuleId>>,
    modules_by_namespace: HashMap<Box<str>, ModuleId>,
    /// Data children of all nodes, one after the other.
    data_children: Vec<NodeId>,
    /// Where those of each node start; one more at the end.
    data_child_starts: Vec<u32>,
    data_ordinals: Vec<u32>,
    /// Data children of nodes that have many, by name. Few are found faster by looking at each.
    wide: HashMap<NodeId, HashMap<Sym, Vec<NodeId>>>,
    symbols: HashMap<Box<str>, Sym>,
    /// Identities of modules that define many, by name: each value of an identityref is looked up.
    identities: HashMap<ModuleId, HashMap<Box<str>, IdentityId>>,
    /// Computed when they are first asked for: who only reads or writes data does without.
    dependencies: OnceLock<Dependencies>,
    constrained: OnceLock<Constrained>,
}

/// From this number of data children or identities on, they are found through a map.
const WIDE: usize = 12;

impl Schema {
    pub(crate) fn assemble(
        strings: Strings,
        arena: Arena,
        nodes: Vec<NodeRecord>,
        details: Vec<Details>,
    ) -> Schema {
        let mut schema = Schema {
            strings,
            arena,
            nodes,
            details,
            modules_by_name: HashMap::new(),
            modules_by_namespace: HashMap::new(),
            data_children: Vec::new(),
            data_child_starts: Vec::new(),
            data_ordinals: Vec::new(),
            wide: HashMap::new(),
            symbols: HashMap::new(),
            identities: HashMap::new(),
            dependencies: OnceLock::new(),
            constrained: OnceLock::new(),
        };
        schema.index_modules();
        schema.index_identities();
        schema.index_data_children();
        schema
    }

    fn index_modules(&mut self) {
        for (i, module) in self.arena.modules.iter().enumerate() {
            let id = ModuleId::from_index(i);
            self.modules_by_name.entry(self.strings.get(module.name).into()).or_default().push(id);
            let namespace: Box<str> = self.strings.get(module.namespace).into();
            let known = self.modules_by_namespace.entry(namespace).or_insert(id);
            // Of several revisions the implemented one owns the namespace in data, else the newest.
            let old = &self.arena.modules[known.index()];
            if (module.implemented, module.revision.map(|r| self.strings.get(r)))
                > (old.implemented, old.revision.map(|r| self.strings.get(r)))
            {
                *known = id;
            }
        }
        let (modules, strings) = (&self.arena.modules, &self.strings);
        #[allow(clippy::iter_over_hash_type, reason = "each entry is changed by itself")]
        for ids in self.modules_by_name.values_mut() {
            ids.sort_by_key(|id| {
                let m = &modules[id.index()];
                std::cmp::Reverse((m.implemented, m.revision.map(|r| strings.get(r))))
            });
        }
    }

    fn index_identities(&mut self) {
        for (i, module) in self.arena.modules.iter().enumerate() {
            if module.identities.len() < WIDE {
                continue;
            }
            let mut by_name = HashMap::with_capacity(module.identities.len());
            for &id in &module.identities {
                let name = self.strings.get(self.arena.identities[id.index()].name);
                by_name.entry(name.into()).or_insert(id);
            }
            self.identities.insert(ModuleId::from_index(i), by_name);
        }
    }

    fn index_data_children(&mut self) {
        self.data_ordinals = vec![0; self.nodes.len()];
        for i in 0..self.nodes.len() {
            let start = self.data_children.len();
            self.data_child_starts.push(start as u32);
            let node = NodeRef { schema: self, id: NodeId::from_index(i) };
            if matches!(node.kind(), NodeKind::Choice | NodeKind::Case) {
                continue;
            }
            let mut found = Vec::new();
            let mut stack: Vec<NodeRef<'_>> = node.children().rev().collect();
            while let Some(child) = stack.pop() {
                match child.kind() {
                    NodeKind::Choice | NodeKind::Case => stack.extend(child.children().rev()),
                    k if k.is_data_node() => found.push(child.id),
                    _ => {}
                }
            }
            for (ordinal, id) in found.iter().enumerate() {
                self.data_ordinals[id.index()] = ordinal as u32;
            }
            if found.len() >= WIDE {
                let mut by_name: HashMap<Sym, Vec<NodeId>> = HashMap::new();
                for &id in &found {
                    let name = self.nodes[id.index()].name;
                    by_name.entry(name).or_default().push(id);
                    self.symbols.entry(self.strings.get(name).into()).or_insert(name);
                }
                self.wide.insert(NodeId::from_index(i), by_name);
            }
            self.data_children.extend(found);
        }
        self.data_child_starts.push(self.data_children.len() as u32);
    }

    pub(crate) fn node_record(&self, id: NodeId) -> &NodeRecord {
        &self.nodes[id.index()]
    }

    pub(crate) fn details(&self, i: u32) -> &Details {
        &self.details[i as usize]
    }

    pub(crate) fn type_record(&self, id: TypeId) -> &Type {
        &self.arena.types[id.index()]
    }

    /// The data children of a node, in the order of the model; those of choices and cases are their data parent's.
    pub fn data_child_ids(&self, id: NodeId) -> &[NodeId] {
        let i = id.index();
        &self.data_children[self.data_child_starts[i] as usize..self.data_child_starts[i + 1] as usize]
    }

    /// The position of a data node among the data children of its data parent.
    pub fn data_ordinal(&self, id: NodeId) -> u32 {
        self.data_ordinals[id.index()]
    }

    /// The data child of a name; choices and cases are looked through.
    pub fn data_child(&self, parent: NodeId, module: ModuleId, name: &str) -> Option<NodeId> {
        if let Some(by_name) = self.wide.get(&parent) {
            let sym = self.symbols.get(name)?;
            return by_name.get(sym)?.iter().copied().find(|id| self.nodes[id.index()].module == module);
        }
        self.data_child_ids(parent).iter().copied().find(|id| {
            let node = &self.nodes[id.index()];
            node.module == module && self.strings.get(node.name) == name
        })
    }

    /// What the constraints of datastores read, and the way back. The first call computes it.
    pub fn dependencies(&self) -> &Dependencies {
        self.dependencies.get_or_init(|| Dependencies::of(self))
    }

    pub(crate) fn constrained(&self) -> &Constrained {
        self.constrained.get_or_init(|| Constrained::of(self))
    }

    /// A string.
    pub fn str(&self, sym: Sym) -> &str {
        self.strings.get(sym)
    }

    /// A string that may be missing.
    pub fn opt_str(&self, sym: Option<Sym>) -> Option<&str> {
        sym.map(|s| self.strings.get(s))
    }

    /// The root above all top-level nodes.
    pub fn root(&self) -> NodeRef<'_> {
        NodeRef { schema: self, id: NodeId::ROOT }
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> NodeRef<'_> {
        NodeRef { schema: self, id }
    }

    /// Number of nodes, the root included.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// A type.
    pub fn type_(&self, id: TypeId) -> TypeRef<'_> {
        TypeRef { schema: self, id }
    }

    /// A typedef.
    pub fn typedef(&self, id: TypedefId) -> &Typedef {
        &self.arena.typedefs[id.index()]
    }

    /// A grouping.
    pub fn grouping(&self, id: GroupingId) -> &Grouping {
        &self.arena.groupings[id.index()]
    }

    /// An identity.
    pub fn identity(&self, id: IdentityId) -> &Identity {
        &self.arena.identities[id.index()]
    }

    /// All identities, with their ids.
    pub fn identities(&self) -> impl Iterator<Item = (IdentityId, &Identity)> {
        self.arena.identities.iter().enumerate().map(|(i, x)| (IdentityId::from_index(i), x))
    }

    /// The identity of a name.
    pub fn find_identity(&self, module: ModuleId, name: &str) -> Option<IdentityId> {
        if let Some(by_name) = self.identities.get(&module) {
            return by_name.get(name).copied();
        }
        self.module(module).identities.iter().copied().find(|&id| self.str(self.identity(id).name) == name)
    }

    /// Is an identity derived from another, in one or more steps? No identity is derived from itself.
    pub fn is_derived_from(&self, identity: IdentityId, base: IdentityId) -> bool {
        self.identity(base).derived.binary_search(&identity).is_ok()
    }

    /// A feature.
    pub fn feature(&self, id: FeatureId) -> &Feature {
        &self.arena.features[id.index()]
    }

    /// All definitions of extensions.
    pub fn extension_defs(&self) -> &[ExtensionDef] {
        &self.arena.extensions
    }

    /// All annotations.
    pub fn annotations(&self) -> &[Annotation] {
        &self.arena.annotations
    }

    /// An expression in its place.
    pub fn xpath(&self, id: XPathId) -> &XPath {
        &self.arena.xpaths[id.index()]
    }

    /// A parsed expression.
    pub fn expr(&self, id: ExprId) -> &xpath::Expr {
        &self.arena.exprs[id.index()]
    }

    /// A source file.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.arena.files[id.index()]
    }

    /// A module.
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.arena.modules[id.index()]
    }

    /// The name of a module.
    pub fn module_name(&self, id: ModuleId) -> &str {
        self.str(self.module(id).name)
    }

    /// All modules, with their ids.
    pub fn modules(&self) -> impl ExactSizeIterator<Item = (ModuleId, &Module)> {
        self.arena.modules.iter().enumerate().map(|(i, m)| (ModuleId::from_index(i), m))
    }

    /// The module of a name: of several revisions the implemented one, else the newest.
    pub fn find_module(&self, name: &str) -> Option<ModuleId> {
        self.modules_by_name.get(name).map(|ids| ids[0])
    }

    /// The module of a namespace: of several revisions the implemented one, else the newest.
    pub fn find_namespace(&self, namespace: &str) -> Option<ModuleId> {
        self.modules_by_namespace.get(namespace).copied()
    }

    /// The top-level nodes of one kind of a module, in the order of the text.
    pub fn top_level(&self, module: ModuleId) -> impl Iterator<Item = NodeRef<'_>> {
        self.root().children().filter(move |n| n.module() == module)
    }

    /// The rpc of a name.
    pub fn find_rpc(&self, module: ModuleId, name: &str) -> Option<NodeRef<'_>> {
        self.top_level(module).find(|n| n.kind() == NodeKind::Rpc && n.name() == name)
    }

    /// The top-level notification of a name.
    pub fn find_notification(&self, module: ModuleId, name: &str) -> Option<NodeRef<'_>> {
        self.top_level(module).find(|n| n.kind() == NodeKind::Notification && n.name() == name)
    }

    /// The node of a path such as `/ietf-interfaces:interfaces/interface/ietf-ip:ipv4`: a module's name wherever it differs
    /// from that of the node above. Choices and cases may be named or left out; so may `input` and `output` not.
    pub fn find(&self, path: &str) -> Option<NodeRef<'_>> {
        let mut at = self.root();
        let mut module = None;
        for step in path.strip_prefix('/')?.split('/') {
            if step.is_empty() {
                return (path == "/").then_some(at);
            }
            let name = match step.split_once(':') {
                Some((m, name)) => {
                    module = Some(self.find_module(m)?);
                    name
                }
                None => step,
            };
            let module = module?;
            at = at.child(module, name).or_else(|| at.data_child(module, name))?;
        }
        Some(at)
    }
}

//! The schema: arenas and look-ups.

use crate::dependency::Dependencies;
use crate::dependency::checks::AllChecks;
use crate::exprs::Exprs;
use crate::node::{Details, NodeRecord};
use crate::strings::Strings;
use crate::{
    ErrorCode, ExprId, ExtensionDef, ExtensionUse, Feature, FeatureId, FileId, GroupingId, Identity,
    IdentityId, Module, ModuleId, NodeId, NodeKind, NodeRef, SidOf, SourceFile, Span, Status, Sym, Type,
    TypeId, TypeRef, Typedef, TypedefId, XPath, XPathId, xpath,
};
use std::cmp::Reverse;
use std::ops::Range;
use std::sync::OnceLock;

/// A `grouping` (RFC 7950 section 7.12), by name only: its nodes stand where it is used.
#[derive(Clone, PartialEq, Eq, Debug)]
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
#[derive(Clone, PartialEq, Debug)]
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
#[derive(Clone, PartialEq, Debug, Default)]
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
    pub(crate) exprs: Exprs,
    pub(crate) xpaths: Vec<XPath>,
    pub(crate) codes: Vec<ErrorCode>,
    /// By item, once the schema is finished.
    pub(crate) sids: Vec<(SidOf, u64)>,
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
    /// All modules by name; of one name the implemented one first, then the newest.
    by_name: Vec<ModuleId>,
    /// One module of each namespace, by namespace.
    by_namespace: Vec<ModuleId>,
    /// The module that each file is a part of.
    module_of_file: Vec<Option<ModuleId>>,
    /// Data children of all nodes, one after the other.
    data_children: Vec<NodeId>,
    /// Where those of each node start; one more at the end.
    data_child_starts: Vec<u32>,
    data_ordinals: Vec<u32>,
    /// Nodes with many data children, in the order of their ids. Few are found faster by looking at each.
    wide: Vec<NodeId>,
    /// The data children of these by name, sorted when one is first looked for.
    wide_children: Vec<OnceLock<Box<[NodeId]>>>,
    /// All data nodes by name, sorted when one is first looked for.
    data_nodes: OnceLock<Box<[NodeId]>>,
    /// The identities of each module by name, sorted when one is first looked for.
    identities: Vec<OnceLock<Box<[IdentityId]>>>,
    /// Computed when they are first asked for: who only reads or writes data does without.
    dependencies: OnceLock<Dependencies>,
    checks: OnceLock<AllChecks>,
}

/// From this number of data children on, they are sorted to be found.
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
            by_name: Vec::new(),
            by_namespace: Vec::new(),
            module_of_file: Vec::new(),
            data_children: Vec::new(),
            data_child_starts: Vec::new(),
            data_ordinals: Vec::new(),
            wide: Vec::new(),
            wide_children: Vec::new(),
            data_nodes: OnceLock::new(),
            identities: Vec::new(),
            dependencies: OnceLock::new(),
            checks: OnceLock::new(),
        };
        schema.index_modules();
        schema.index_data_children();
        schema
    }

    fn index_modules(&mut self) {
        let mut by_name: Vec<ModuleId> = (0..self.arena.modules.len()).map(ModuleId::from_index).collect();
        self.identities.resize_with(by_name.len(), OnceLock::new);
        // Of several revisions the implemented one stands for the name and owns the namespace in data, else the newest.
        let rank = |id: &ModuleId| {
            let m = self.module(*id);
            Reverse((m.implemented, self.opt_str(m.revision)))
        };
        let mut by_namespace = by_name.clone();
        by_name.sort_by_cached_key(|id| (self.module_name(*id), rank(id), *id));
        let namespace = |id: &ModuleId| self.str(self.module(*id).namespace);
        by_namespace.sort_by_cached_key(|id| (namespace(id), rank(id), *id));
        by_namespace.dedup_by(|b, a| namespace(a) == namespace(b));
        let mut module_of_file = vec![None; self.arena.files.len()];
        for (id, module) in self.modules() {
            let files = std::iter::once(module.file).chain(module.submodules.iter().map(|s| s.file));
            for file in files {
                if let Some(slot) = module_of_file.get_mut(file.index()) {
                    slot.get_or_insert(id);
                }
            }
        }
        self.by_name = by_name;
        self.by_namespace = by_namespace;
        self.module_of_file = module_of_file;
    }

    /// Children come behind their parents and stand together, so what choices and cases hold is in order below them.
    fn index_data_children(&mut self) {
        self.data_ordinals = vec![0; self.nodes.len()];
        self.data_child_starts.reserve(self.nodes.len() + 1);
        self.data_children.reserve(self.nodes.len());
        let mut stack: Vec<Range<u32>> = Vec::new();
        for (i, node) in self.nodes.iter().enumerate() {
            let start = self.data_children.len();
            self.data_child_starts.push(start as u32);
            if matches!(node.kind, NodeKind::Choice | NodeKind::Case) {
                continue;
            }
            stack.push(node.child_ids());
            while let Some(range) = stack.last_mut() {
                let Some(child) = range.next() else {
                    stack.pop();
                    continue;
                };
                let record = &self.nodes[child as usize];
                match record.kind {
                    NodeKind::Choice | NodeKind::Case => stack.push(record.child_ids()),
                    kind if kind.is_data_node() => {
                        self.data_ordinals[child as usize] = (self.data_children.len() - start) as u32;
                        self.data_children.push(NodeId(child));
                    }
                    _ => {}
                }
            }
            if let Some(details) = node.details {
                // Keys come first, in their own order (RFC 7950 section 7.8.5).
                let keys = &self.details[details as usize].keys;
                let children = &mut self.data_children[start..];
                if !children.starts_with(keys) {
                    let place = |id: &NodeId| keys.iter().position(|key| key == id).unwrap_or(keys.len());
                    children.sort_by_key(place);
                    for (ordinal, child) in children.iter().enumerate() {
                        self.data_ordinals[child.index()] = ordinal as u32;
                    }
                }
            }
            if self.data_children.len() - start >= WIDE {
                self.wide.push(NodeId::from_index(i));
            }
        }
        self.data_child_starts.push(self.data_children.len() as u32);
        self.wide_children.resize_with(self.wide.len(), OnceLock::new);
    }

    /// The data children of a node that has many, by name and module.
    fn wide_children(&self, slot: usize) -> &[NodeId] {
        self.wide_children[slot].get_or_init(|| {
            let mut children: Box<[NodeId]> = self.data_child_ids(self.wide[slot]).into();
            children.sort_by_key(|&id| self.name_of(id));
            children
        })
    }

    fn name_of(&self, id: NodeId) -> (&str, ModuleId) {
        let node = &self.nodes[id.index()];
        (self.strings.get(node.name), node.module)
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

    /// The data children of a node, in the order of the model but keys in front; those of choices and cases are their data parent's.
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
        let children = self.data_child_ids(parent);
        if children.len() >= WIDE {
            let children = self.wide_children(self.wide.binary_search(&parent).ok()?);
            let found = children.partition_point(|&id| self.name_of(id) < (name, module));
            return children.get(found).copied().filter(|&id| self.name_of(id) == (name, module));
        }
        children.iter().copied().find(|id| {
            let node = &self.nodes[id.index()];
            node.module == module && self.strings.get(node.name) == name
        })
    }

    /// All data nodes of a name, wherever they stand, in the order of their ids.
    pub fn data_nodes_named(&self, name: &str) -> &[NodeId] {
        let of = |id: &NodeId| self.strings.get(self.nodes[id.index()].name);
        let all = self.data_nodes.get_or_init(|| {
            let is_data = |id: &NodeId| self.nodes[id.index()].kind.is_data_node();
            let mut all: Box<[NodeId]> =
                (0..self.nodes.len()).map(NodeId::from_index).filter(is_data).collect();
            all.sort_by_key(of);
            all
        });
        let start = all.partition_point(|id| of(id) < name);
        let len = all[start..].partition_point(|id| of(id) == name);
        &all[start..start + len]
    }

    /// What the constraints of datastores read, and the way back. The first call computes it.
    pub fn dependencies(&self) -> &Dependencies {
        self.dependencies.get_or_init(|| Dependencies::of(self))
    }

    /// What validation has to look at. The first call works it out.
    pub fn checks(&self) -> &AllChecks {
        self.checks.get_or_init(|| AllChecks::new(self))
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
        let name_of = |id: &IdentityId| self.str(self.identity(*id).name);
        let by_name = self.identities[module.index()].get_or_init(|| {
            let mut ids: Box<[IdentityId]> = self.module(module).identities.as_slice().into();
            ids.sort_by_key(name_of);
            ids
        });
        let found = by_name.partition_point(|id| name_of(id) < name);
        by_name.get(found).copied().filter(|id| name_of(id) == name)
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
        let found = self.by_name.partition_point(|&id| self.module_name(id) < name);
        self.by_name.get(found).copied().filter(|&id| self.module_name(id) == name)
    }

    /// The module of a namespace: of several revisions the implemented one, else the newest.
    pub fn find_namespace(&self, namespace: &str) -> Option<ModuleId> {
        let of = |id: ModuleId| self.str(self.module(id).namespace);
        let found = self.by_namespace.partition_point(|&id| of(id) < namespace);
        self.by_namespace.get(found).copied().filter(|&id| of(id) == namespace)
    }

    /// All revisions of a module: the implemented one first, then the newest.
    pub fn revisions_of<'s>(&'s self, name: &'s str) -> impl Iterator<Item = ModuleId> + 's {
        let first = self.by_name.partition_point(|&id| self.module_name(id) < name);
        self.by_name[first..].iter().copied().take_while(move |&id| self.module_name(id) == name)
    }

    /// The module that a file is, or is a submodule of.
    pub fn module_of_file(&self, file: FileId) -> Option<ModuleId> {
        self.module_of_file.get(file.index()).copied().flatten()
    }

    /// The module that a prefix stands for in a file (RFC 7950 section 7.1.4): what was imported under it there, or the module
    /// itself. Submodules have imports of their own, and may know their module by another prefix than it does itself.
    pub fn prefix(&self, file: FileId, prefix: &str) -> Option<ModuleId> {
        let id = self.module_of_file(file)?;
        let module = self.module(id);
        if self.own_prefix(file, module) == prefix {
            return Some(id);
        }
        let import = module.imports.iter().find(|i| i.file == file && self.str(i.prefix) == prefix);
        import.map(|i| i.module)
    }

    /// The prefix by which a file knows a module: the other way of [`prefix`](Self::prefix). Two revisions of a module are one to
    /// whoever reads a name.
    pub fn prefix_of(&self, file: FileId, module: ModuleId) -> Option<&str> {
        let id = self.module_of_file(file)?;
        let own = self.module(id);
        if id == module {
            return Some(self.own_prefix(file, own));
        }
        let name = self.module(module).name;
        let mut imports = own.imports.iter().filter(|i| i.file == file);
        imports.find(|i| self.module(i.module).name == name).map(|i| self.str(i.prefix))
    }

    fn own_prefix(&self, file: FileId, module: &Module) -> &str {
        let submodule = module.submodules.iter().find(|s| s.file == file);
        self.str(submodule.map_or(module.prefix, |s| s.prefix))
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

//! Schema to [`Package`]: decides which items there are, and where.

mod leaf_type;
mod select;
mod twins;

pub(crate) use select::Selection;

use crate::error::MapError;
use crate::ir::{
    Action, CaseContent, Choice, Content, Field, Item, Module, Operation, Package, RustPath, Scope, Shared,
    Struct, Variant,
};
use crate::names::QName;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use twins::Twins;
use yang_schema::{IdentityId, ModuleId, NodeId, NodeKind, NodeRef, Schema, TypedefId};

/// Lowers a schema.
///
/// # Errors
/// All that has no mapping, at once.
pub(crate) fn lower(schema: &Schema, selection: &Selection) -> Result<Package, Vec<MapError>> {
    let mut lowering = Lowering {
        schema,
        selection,
        modules: BTreeMap::new(),
        twins: Twins::new(schema, selection),
        structs: HashMap::new(),
        typedefs: BTreeSet::new(),
        identities: BTreeSet::new(),
        values: BTreeMap::new(),
        errors: Vec::new(),
    };
    for (id, module) in schema.modules() {
        if module.implemented {
            lowering.module(id);
        }
    }
    lowering.types_of_modules();
    lowering.shared_types();
    let Lowering { modules, values, errors, .. } = lowering;
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut modules: Vec<Module> = modules.into_values().collect();
    modules.sort_by_key(|m| schema.module_name(m.id));
    let mut known: Vec<ModuleId> = schema
        .modules()
        .map(|(id, m)| (id, schema.str(m.name)))
        .filter(|&(id, name)| schema.find_module(name) == Some(id))
        .map(|(id, _)| id)
        .collect();
    known.sort_by_key(|&id| schema.module_name(id));
    Ok(Package { modules, known, values })
}

/// The path of the Rust module of a YANG module.
pub(crate) fn module_path(schema: &Schema, module: ModuleId) -> RustPath {
    RustPath(vec![QName::plain(schema.module_name(module)).module_text()])
}

/// The name of a node among its siblings: it carries its module where that is not the one of the node above.
pub(crate) fn qname<'s>(node: NodeRef<'s>) -> QName<'s> {
    // The node of a shorthand case stands in the choice's Rust module, beside those of other modules.
    let above = node.parent().map(|p| if is_shorthand(p) { p.parent().unwrap_or(p) } else { p });
    match above.filter(|p| p.kind() != NodeKind::Root) {
        Some(above) if above.module() != node.module() => QName::of(node.module_name(), node.name()),
        _ => QName::plain(node.name()),
    }
}

/// How many structs stand in each other at most: of 64 that hold each other in boxes rustc cannot tell any more how they are
/// dropped.
const DEEPEST: usize = 60;

/// The number of structs on the way to a node, its own too.
fn depth(node: NodeRef<'_>) -> usize {
    std::iter::successors(Some(node), |n| n.parent())
        .filter(|n| !matches!(n.kind(), NodeKind::Choice | NodeKind::Root))
        .count()
}

/// The Rust module in which the items of a node's children stand: below the module of the topmost node, one for each
/// schema node on the way.
pub(crate) fn scope_path(node: NodeRef<'_>) -> RustPath {
    let mut names = Vec::new();
    let mut at = node;
    loop {
        // A shorthand case has no Rust module of its own: its node stands right in the choice's.
        if !is_shorthand(at) {
            names.push(qname(at).module_text());
        }
        match at.parent().filter(|up| up.kind() != NodeKind::Root) {
            Some(up) => at = up,
            None => break,
        }
    }
    names.extend(top_path(at).0.into_iter().rev());
    names.reverse();
    RustPath(names)
}

/// The Rust module for the items of top-level nodes. Structures have names of their own (RFC 8791 section 2.1).
fn top_path(top: NodeRef<'_>) -> RustPath {
    let module = module_path(top.schema(), top.module());
    if top.kind() == NodeKind::Structure { module.join("structures") } else { module }
}

/// The Rust module in which the item of a node stands.
fn home_path(node: NodeRef<'_>) -> RustPath {
    match node.parent() {
        Some(parent) if parent.kind() != NodeKind::Root => scope_path(parent),
        _ => top_path(node),
    }
}

/// The path of the item of a node.
pub(crate) fn item_path(node: NodeRef<'_>) -> RustPath {
    home_path(node).join(qname(node).camel_text())
}

/// A case that RFC 7950 section 7.9.2 lets one leave out: the compiler made it of its one node, and they share their place.
pub(crate) fn is_shorthand(case: NodeRef<'_>) -> bool {
    let mut children = case.children();
    case.kind() == NodeKind::Case
        && match (children.next(), children.next()) {
            // A choice may stand for its case too (YANG 1.1); its enum then needs a struct to be a field of.
            (Some(only), None) => {
                only.kind().is_data_node()
                    && only.name() == case.name()
                    && only.module() == case.module()
                    && only.span() == case.span()
            }
            _ => false,
        }
}

struct Lowering<'s> {
    schema: &'s Schema,
    selection: &'s Selection,
    modules: BTreeMap<ModuleId, Module>,
    /// Nodes with one struct.
    twins: Twins,
    /// Nodes that have a struct, and whether something stands in a Rust module below it.
    structs: HashMap<NodeId, bool>,
    /// Typedefs and identities that need an item.
    typedefs: BTreeSet<TypedefId>,
    identities: BTreeSet<IdentityId>,
    values: BTreeMap<NodeId, Content>,
    errors: Vec<MapError>,
}

impl<'s> Lowering<'s> {
    /// The Rust module of a YANG module, made when it is first needed.
    fn module_of(&mut self, id: ModuleId) -> &mut Module {
        let path = module_path(self.schema, id);
        self.modules.entry(id).or_insert_with(|| Module {
            id,
            scope: Scope { name: path.0[0].clone(), ..Scope::default() },
            top: Vec::new(),
            rpcs: Vec::new(),
            actions: Vec::new(),
            nested: Vec::new(),
            notifications: Vec::new(),
        })
    }

    fn module(&mut self, id: ModuleId) {
        self.module_of(id);
        let mut scope = std::mem::take(&mut self.module_of(id).scope);
        let mut top = Vec::new();
        let (mut rpcs, mut notifications) = (Vec::new(), Vec::new());
        for node in self.schema.top_level(id) {
            if !self.selection.includes(node) {
                continue;
            }
            match node.kind() {
                NodeKind::Rpc => {
                    let operation = self.operation(node, &mut scope);
                    scope.items.push(Item::Rpc(operation.clone()));
                    rpcs.push(operation);
                }
                NodeKind::Notification => {
                    self.structure(node, &mut scope);
                    notifications.push((item_path(node), node.id()));
                }
                NodeKind::Structure => self.structure(node, scope.child("structures")),
                NodeKind::Grouping => {}
                _ => top.extend(self.child(node, &mut scope)),
            }
        }
        let module = self.module_of(id);
        module.scope = scope;
        module.top = top;
        module.rpcs = rpcs;
        module.notifications = notifications;
    }

    /// The fields for the children of a node; their items go into `scope`.
    fn children(&mut self, node: NodeRef<'s>, scope: &mut Scope) -> Vec<Field> {
        let mut fields = Vec::new();
        for child in node.children() {
            if self.selection.includes(child) {
                fields.extend(self.child(child, scope));
            }
        }
        fields
    }

    fn child(&mut self, node: NodeRef<'s>, scope: &mut Scope) -> Option<Field> {
        let content = match node.kind() {
            NodeKind::Leaf | NodeKind::LeafList => {
                let ty = self.leaf(node, scope)?;
                match node.kind() {
                    NodeKind::LeafList => Content::LeafList(ty),
                    _ if node.is_key() => Content::Key(ty),
                    _ => Content::Leaf(ty),
                }
            }
            NodeKind::Container => {
                self.structure(node, scope);
                Content::Container(item_path(node))
            }
            NodeKind::List => {
                self.structure(node, scope);
                let keyed = node.keys().len() > 0;
                let path = item_path(node);
                if keyed { Content::List(path) } else { Content::KeylessList(path) }
            }
            NodeKind::Choice => {
                self.choice(node, scope);
                Content::Choice(item_path(node))
            }
            NodeKind::AnyData => Content::AnyData,
            NodeKind::AnyXml => Content::AnyXml,
            NodeKind::Action => {
                let operation = self.operation(node, scope);
                self.count_keys(node);
                let parent = node.data_parent()?;
                let action = Action { operation, parent: item_path(parent) };
                scope.items.push(Item::Action(action.clone()));
                self.module_of(node.module()).actions.push(action);
                return None;
            }
            // A notification of a data node (RFC 7950 section 7.16): a struct, no field.
            NodeKind::Notification => {
                self.count_keys(node);
                self.structure(node, scope);
                self.module_of(node.module()).nested.push(node.id());
                return None;
            }
            NodeKind::Root
            | NodeKind::Case
            | NodeKind::Rpc
            | NodeKind::Input
            | NodeKind::Output
            | NodeKind::Structure
            | NodeKind::Grouping => {
                self.errors.push(MapError::at(
                    node.span(),
                    format!("{} {} stands where none can", node.kind().keyword(), node.name()),
                ));
                return None;
            }
        };
        self.values.insert(node.id(), content.clone());
        Some(Field { name: qname(node).snake_text(), node: node.id(), content })
    }

    /// The keys on the way to an action or notification are one tuple, and those have an end.
    fn count_keys(&mut self, node: NodeRef<'s>) {
        const MOST: usize = 12;
        let count: usize =
            std::iter::successors(node.data_parent(), |n| n.data_parent()).map(|n| n.keys().len()).sum();
        if count > MOST {
            let message = format!("{} stands below {count} keys; {MOST} can be told", node.name());
            self.errors.push(MapError::at(node.span(), message));
        }
    }

    /// The struct of a node.
    fn structure(&mut self, node: NodeRef<'s>, scope: &mut Scope) {
        if let Some(item) = self.shared(node) {
            self.same_values(node, self.schema.node(item.of));
            scope.items.push(Item::Shared(item));
            return;
        }
        if depth(node) > DEEPEST {
            let message =
                format!("{} {} is nested more than {DEEPEST} deep", node.kind().keyword(), node.name());
            let help = "rustc limits how deep types are nested (`recursion_limit`): generate less of the model with `only`";
            self.errors.push(MapError::at(node.span(), message).help(help));
            return;
        }
        let mut inner = Scope::default();
        let fields = self.children(node, &mut inner);
        let has_inner = !inner.items.is_empty() || !inner.scopes.is_empty();
        self.structs.insert(node.id(), has_inner);
        self.attach(node, inner, scope);
        scope.items.push(Item::Struct(Struct { name: qname(node).camel_text(), node: node.id(), fields }));
    }

    /// The struct that stands for this node's too, if there is one.
    fn shared(&self, node: NodeRef<'s>) -> Option<Shared> {
        let of = self.twins.first(node.id())?;
        let has_inner = *self.structs.get(&of)?;
        let first = self.schema.node(of);
        let scope = has_inner.then(|| (qname(node).module_text(), scope_path(first)));
        Some(Shared { name: qname(node).camel_text(), node: node.id(), of, path: item_path(first), scope })
    }

    /// What stands below a node whose struct is another's is what stands below that.
    fn same_values(&mut self, node: NodeRef<'s>, of: NodeRef<'s>) {
        let mut stack = vec![(node, of)];
        while let Some((node, of)) = stack.pop() {
            for (own, other) in node.children().zip(of.children()) {
                if let Some(value) = self.values.get(&other.id()).cloned() {
                    self.values.insert(own.id(), value);
                }
                stack.push((own, other));
            }
        }
    }

    /// Puts the items below a node into the Rust module of the node's name.
    fn attach(&mut self, node: NodeRef<'s>, inner: Scope, scope: &mut Scope) {
        if inner.items.is_empty() && inner.scopes.is_empty() {
            return;
        }
        let into = scope.child(&qname(node).module_text());
        into.items.extend(inner.items);
        into.scopes.extend(inner.scopes);
    }

    fn choice(&mut self, node: NodeRef<'s>, scope: &mut Scope) {
        let mut inner = Scope::default();
        let mut variants = Vec::new();
        for case in node.children() {
            if !self.selection.includes(case) {
                continue;
            }
            let content = if is_shorthand(case) {
                let Some(only) = case.children().next() else { continue };
                // The node's items stand where the case's would: the names are the same.
                let Some(field) = self.child(only, &mut inner) else { continue };
                CaseContent::Shorthand(field)
            } else {
                self.structure(case, &mut inner);
                CaseContent::Case(item_path(case))
            };
            variants.push(Variant { name: qname(case).variant_text(), case: case.id(), content });
        }
        self.attach(node, inner, scope);
        scope.items.push(Item::Choice(Choice { name: qname(node).camel_text(), node: node.id(), variants }));
    }

    /// The structs of input and output of an rpc or action, and what its marker says.
    fn operation(&mut self, node: NodeRef<'s>, scope: &mut Scope) -> Operation {
        let mut inner = Scope::default();
        let mut sides = [None, None];
        let mut without = Vec::new();
        for side in node.children() {
            let at = match side.kind() {
                NodeKind::Input => 0,
                NodeKind::Output => 1,
                _ => continue,
            };
            if side.children().any(|c| self.selection.includes(c)) {
                self.structure(side, &mut inner);
                sides[at] = Some(item_path(side));
            } else {
                without.push(side.id());
            }
        }
        self.attach(node, inner, scope);
        let [input, output] = sides;
        Operation { name: qname(node).camel_text(), node: node.id(), input, output, without }
    }
}

//! Types of leaves (RFC 7950 section 9) as Rust types.
//!
//! Numbers, strings and the like are Rust's or the runtime's; what restricts them stands in attributes at the leaf.
//! Enumerations, bits, unions and identityrefs have items of their own: that of a top-level typedef or of a base identity
//! is shared by all who name it, others stand at the leaf. A leafref has its target's type.

use super::{Lowering, home_path, item_path, module_path, qname};
use crate::error::MapError;
use crate::ir::{Item, LeafForm, LeafType, Member, Origin, RustPath, Scope, Ty};
use crate::names::QName;
use std::collections::BTreeSet;
use yang_schema::{Base, IdentityId, NodeRef, Schema, TypeDetail, TypeRef, TypedefId};

/// Where the item of a type goes that nobody shares.
#[derive(Clone)]
enum Place<'s> {
    /// Of the type of a node.
    Node(NodeRef<'s>),
    /// Of a typedef, or of a member of a union: the path of the item, and the Rust module for items below it.
    Own { item: RustPath, scope: RustPath },
}

/// Few types have items of their own: the paths are made where one does.
impl Place<'_> {
    /// The path of the item.
    fn item(&self) -> RustPath {
        match self {
            Place::Node(node) => item_path(*node),
            Place::Own { item, .. } => item.clone(),
        }
    }

    /// The Rust module for items below it.
    fn scope(&self) -> RustPath {
        match self {
            Place::Node(node) => home_path(*node).join(qname(*node).module_text()),
            Place::Own { scope, .. } => scope.clone(),
        }
    }
}

impl<'s> Lowering<'s> {
    /// The type of a leaf or leaf-list; items that it needs go into `scope`.
    pub(super) fn leaf(&mut self, node: NodeRef<'s>, scope: &mut Scope) -> Option<Ty> {
        let Some(ty) = node.type_() else {
            self.errors.push(MapError::at(node.span(), format!("{} has no type", node.name())));
            return None;
        };
        let before = self.errors.len();
        let found = self.ty(ty, &Place::Node(node), Origin::Node(node.id(), ty.id()), Some(scope), node, 0);
        (self.errors.len() == before).then_some(found)
    }

    /// The type for a `type` statement. Without `scope`, its items are declared elsewhere: at the target of a leafref.
    fn ty(
        &mut self,
        ty: TypeRef<'s>,
        place: &Place<'s>,
        origin: Origin,
        scope: Option<&mut Scope>,
        node: NodeRef<'s>,
        depth: u32,
    ) -> Ty {
        if depth > 64 {
            self.errors
                .push(MapError::at(ty.get().span, "this type goes through too many leafrefs and unions"));
            return Ty::Runtime("Empty");
        }
        if let TypeDetail::Leafref { target, real, .. } = ty.detail() {
            return match (target, real) {
                (Some(target), _) if self.selection.includes(self.schema.node(*target)) => {
                    let target = self.schema.node(*target);
                    match target.type_() {
                        Some(t) => {
                            let origin = Origin::Node(target.id(), t.id());
                            self.ty(t, &Place::Node(target), origin, None, target, depth + 1)
                        }
                        None => Ty::Runtime("Empty"),
                    }
                }
                (_, Some(real)) => {
                    let real = self.schema.type_(*real);
                    self.ty(real, place, origin, scope, node, depth + 1)
                }
                _ => {
                    let message = format!("the leafref of {} has no target here", node.name());
                    self.errors.push(MapError::at(ty.get().span, message));
                    Ty::Runtime("Empty")
                }
            };
        }
        if let Some(simple) = simple(ty) {
            return simple;
        }
        if let Some(id) = ty.get().typedef
            && !ty.get().restricted_here
            && is_shared(self.schema, id)
        {
            self.typedefs.insert(id);
            return Ty::Path(typedef_path(self.schema, id));
        }
        if let TypeDetail::Identityref { bases } = ty.detail()
            && let [base] = bases[..]
        {
            self.identities.insert(base);
            return Ty::Path(identity_path(self.schema, base));
        }
        if let Some(scope) = scope {
            self.declare(ty, place, origin, scope, node, depth);
        }
        Ty::Path(place.item())
    }

    /// Makes the item of a type.
    fn declare(
        &mut self,
        ty: TypeRef<'s>,
        place: &Place<'s>,
        origin: Origin,
        scope: &mut Scope,
        node: NodeRef<'s>,
        depth: u32,
    ) {
        if is_void(ty) {
            let message = "no value of this type is left with the features that are on".to_owned();
            self.errors.push(MapError::at(ty.get().span, message));
            return;
        }
        let form = match ty.detail() {
            TypeDetail::Enumeration(_) => LeafForm::Enumeration,
            TypeDetail::Bits(_) => LeafForm::Bits,
            TypeDetail::Identityref { bases } => {
                LeafForm::Identityref { bases: bases.clone(), values: values_of(self.schema, bases) }
            }
            TypeDetail::Union { .. } => {
                let mut inner = Scope::default();
                let members = self.members(ty, place, &mut inner, node, depth);
                if !inner.items.is_empty() || !inner.scopes.is_empty() {
                    let name = place.scope().0.last().cloned().unwrap_or_default();
                    let into = scope.child(&name);
                    into.items.extend(inner.items);
                    into.scopes.extend(inner.scopes);
                }
                LeafForm::Union(members)
            }
            _ => return,
        };
        let name = place.item().0.last().cloned().unwrap_or_default();
        scope.items.push(Item::Leaf(LeafType { name, origin, form }));
    }

    /// The members of a union in order; a union without a name inside it is part of it.
    fn members(
        &mut self,
        union: TypeRef<'s>,
        place: &Place<'s>,
        scope: &mut Scope,
        node: NodeRef<'s>,
        depth: u32,
    ) -> Vec<Member> {
        let mut flat = Vec::new();
        let mut stack: Vec<TypeRef<'s>> = union.members().collect();
        stack.reverse();
        while let Some(member) = stack.pop() {
            let named = member.get().typedef.is_some_and(|id| is_shared(self.schema, id));
            if member.base() == Base::Union && !named {
                let mut inner: Vec<TypeRef<'s>> = member.members().collect();
                inner.reverse();
                stack.extend(inner);
            } else {
                flat.push(member);
            }
        }
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut members = Vec::new();
        for member in flat {
            let plain = match member.typedef() {
                Some(typedef) => QName::plain(self.schema.str(typedef.name)),
                None => QName::plain(member.base().name()),
            };
            let mut n = 1;
            let mut suffix = String::new();
            while !taken.insert(plain.variant_text() + &suffix) {
                // A second member of the same type: `__` keeps the number apart from all names.
                n += 1;
                suffix = format!("__{n}");
            }
            let name = plain.variant_text() + &suffix;
            let place = Place::Own {
                item: place.scope().join(plain.camel_text() + &suffix),
                scope: place.scope().join(plain.module_text() + &suffix),
            };
            let ty =
                self.ty(member, &place, Origin::Member(node.id(), member.id()), Some(scope), node, depth + 1);
            members.push(Member { name, type_id: member.id(), ty });
        }
        members
    }

    /// Typedefs and identities that others can name, of the modules that were asked for: those of this set may not, but code on
    /// top of this crate does (`extern_crate`). Where a part of a model was asked for, nobody asked for these.
    pub(super) fn types_of_modules(&mut self) {
        if self.selection.is_part() {
            return;
        }
        for (id, module) in self.schema.modules() {
            if !module.implemented || !self.selection.asked_for(self.schema, id) {
                continue;
            }
            for &typedef in &module.typedefs {
                let ty = self.schema.type_(self.schema.typedef(typedef).type_id);
                // A type that has no values is an error for those alone who use it.
                if simple(ty).is_none() && is_shared(self.schema, typedef) && !has_void(ty) {
                    self.typedefs.insert(typedef);
                }
            }
            for &identity in &module.identities {
                let found = self.schema.identity(identity);
                if found.bases.is_empty() || !found.derived.is_empty() {
                    self.identities.insert(identity);
                }
            }
        }
    }

    /// The items of typedefs and identities that were named, and of those that these name.
    pub(super) fn shared_types(&mut self) {
        let mut typedefs_done = BTreeSet::new();
        while let Some(id) = self.typedefs.iter().copied().find(|id| !typedefs_done.contains(id)) {
            typedefs_done.insert(id);
            self.typedef(id);
        }
        for id in std::mem::take(&mut self.identities) {
            let path = identity_path(self.schema, id);
            let name = path.0.last().cloned().unwrap_or_default();
            let form = LeafForm::Identityref { bases: vec![id], values: values_of(self.schema, &[id]) };
            let module = self.module_of(self.schema.identity(id).module);
            let item = Item::Leaf(LeafType { name, origin: Origin::Identity(id), form });
            module.scope.child("identities").items.push(item);
        }
        // In the order of names: which leaf named a type first must not show.
        for module in self.modules.values_mut() {
            for shared in ["types", "identities"] {
                if module.scope.scopes.iter().any(|s| s.name == shared) {
                    module.scope.child(shared).items.sort_by(|a, b| leaf_name(a).cmp(leaf_name(b)));
                }
            }
        }
    }

    fn typedef(&mut self, id: TypedefId) {
        let typedef = self.schema.typedef(id);
        let ty = self.schema.type_(typedef.type_id);
        let path = typedef_path(self.schema, id);
        let module = module_path(self.schema, typedef.module).join("types");
        let place = Place::Own {
            item: path.clone(),
            scope: module.join(QName::plain(self.schema.str(typedef.name)).module_text()),
        };
        let origin = Origin::Typedef(id, typedef.type_id);
        let mut scope = Scope::default();
        // Members of a typedef's union stand for no node; an error shows the typedef.
        let root = self.schema.root();
        let found = self.ty(ty, &place, origin, Some(&mut scope), root, 0);
        if found != Ty::Path(path.clone()) {
            let name = path.0.last().cloned().unwrap_or_default();
            scope.items.push(Item::Leaf(LeafType { name, origin, form: LeafForm::Alias(found) }));
        }
        let into = self.module_of(typedef.module).scope.child("types");
        into.items.extend(scope.items);
        into.scopes.extend(scope.scopes);
    }
}

fn leaf_name(item: &Item) -> &str {
    match item {
        Item::Leaf(leaf) => &leaf.name,
        _ => "",
    }
}

/// The types that need no item.
fn simple(ty: TypeRef<'_>) -> Option<Ty> {
    Some(match ty.detail() {
        TypeDetail::Integer { base, .. } => Ty::Rust(match base {
            Base::Int8 => "i8",
            Base::Int16 => "i16",
            Base::Int32 => "i32",
            Base::Int64 => "i64",
            Base::Uint8 => "u8",
            Base::Uint16 => "u16",
            Base::Uint32 => "u32",
            _ => "u64",
        }),
        TypeDetail::Decimal64 { fraction_digits, .. } => Ty::Decimal64(*fraction_digits),
        TypeDetail::String { .. } => Ty::Rust("String"),
        TypeDetail::Boolean => Ty::Rust("bool"),
        TypeDetail::Binary { .. } => Ty::Runtime("Binary"),
        TypeDetail::Empty => Ty::Runtime("Empty"),
        TypeDetail::InstanceIdentifier { .. } => Ty::Runtime("InstanceIdentifier"),
        TypeDetail::Enumeration(_)
        | TypeDetail::Bits(_)
        | TypeDetail::Leafref { .. }
        | TypeDetail::Identityref { .. }
        | TypeDetail::Union { .. } => return None,
    })
}

/// Has the type no values, with the features that are on?
fn is_void(ty: TypeRef<'_>) -> bool {
    match ty.detail() {
        TypeDetail::Enumeration(items) => !items.iter().any(|item| item.enabled),
        TypeDetail::Bits(items) => !items.iter().any(|item| item.enabled),
        _ => false,
    }
}

/// Has it or a member no values? Of types that [`is_shared`] found to be no larger than it looks.
fn has_void(ty: TypeRef<'_>) -> bool {
    let mut stack = vec![ty];
    while let Some(ty) = stack.pop() {
        if is_void(ty) {
            return true;
        }
        stack.extend(ty.members());
    }
    false
}

/// Has the typedef one type for all who name it? Not below a statement, where names may be used again; nor where it leads
/// to a leafref, whose target is another at each use.
fn is_shared(schema: &Schema, id: TypedefId) -> bool {
    let typedef = schema.typedef(id);
    let mut stack = vec![schema.type_(typedef.type_id)];
    let mut seen = 0u32;
    while let Some(ty) = stack.pop() {
        seen += 1;
        if ty.base() == Base::Leafref || seen > 100_000 {
            return false;
        }
        stack.extend(ty.members());
    }
    typedef.top_level
}

fn typedef_path(schema: &Schema, id: TypedefId) -> RustPath {
    let typedef = schema.typedef(id);
    module_path(schema, typedef.module)
        .join("types")
        .join(QName::plain(schema.str(typedef.name)).camel_text())
}

fn identity_path(schema: &Schema, id: IdentityId) -> RustPath {
    let identity = schema.identity(id);
    module_path(schema, identity.module)
        .join("identities")
        .join(QName::plain(schema.str(identity.name)).camel_text())
}

/// What is derived from all bases and not switched off: those of the first base's module first, then by module.
fn values_of(schema: &Schema, bases: &[IdentityId]) -> Vec<IdentityId> {
    let Some((&first, others)) = bases.split_first() else { return Vec::new() };
    let home = schema.identity(first).module;
    let mut values: Vec<IdentityId> = schema
        .identity(first)
        .derived
        .iter()
        .copied()
        .filter(|&id| others.iter().all(|&base| schema.is_derived_from(id, base)))
        .filter(|&id| schema.identity(id).enabled)
        .collect();
    values.sort_by_key(|&id| {
        let identity = schema.identity(id);
        (identity.module != home, schema.module_name(identity.module), id)
    });
    values
}

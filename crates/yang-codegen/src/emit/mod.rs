//! [`Package`] to tokens: one file per concept of YANG.

mod action;
mod attributes;
mod bits;
mod case;
mod choice;
mod client;
mod code;
mod configuration;
mod enumeration;
mod extern_crate;
mod fields;
mod fingerprint;
mod handlers;
mod identityref;
mod mock;
mod module;
mod notification;
mod out;
mod path;
mod place;
mod registry;
mod rpc;
mod schema;
mod shared;
mod state;
mod structure;
mod typedef;
mod union;

pub(crate) use extern_crate::extern_item;
pub use handlers::Required;
pub(crate) use out::Out;
pub(crate) use schema::{Content, Embedded, module_item, root};

use crate::docs::Docs;
use crate::error::MapError;
use crate::extern_crate::Externs;
use crate::ir::{Item, LeafForm, LeafType, Module, Origin, Package, RustPath, Scope, Ty};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use std::collections::BTreeMap;
use yang_schema::{ModuleId, NodeId, NodeKind, NodeRef, Schema, Status};

/// What is generated besides the types.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    /// Typed paths.
    pub paths: bool,
    /// The extension trait of a client session.
    pub client: bool,
    /// The handler traits of a server.
    pub server: bool,
    /// Do types keep what the model does not know?
    pub keep_unknown: bool,
    /// Has each module a cargo feature of its name?
    pub feature_per_module: bool,
    /// Nodes with hooks of their own.
    pub hooks: Vec<NodeId>,
    /// Nodes whose state comes instance by instance.
    pub streams: Vec<NodeId>,
    /// A mock of the device.
    pub mock: bool,
    /// Who sees what stands at the root.
    pub visibility: String,
    /// Modules that another crate has.
    pub externs: Externs,
    /// What each module was generated of.
    pub fingerprints: BTreeMap<ModuleId, u64>,
}

/// Where tokens are being written.
pub(crate) struct Cx<'a> {
    /// The schema.
    pub schema: &'a Schema,
    /// All that is generated.
    pub package: &'a Package,
    /// What is asked for.
    pub parts: &'a Parts,
    /// The Rust module that the tokens stand in.
    pub here: Vec<String>,
}

impl<'a> Cx<'a> {
    fn inside(&self, name: &str) -> Cx<'a> {
        let mut here = self.here.clone();
        here.push(name.to_owned());
        Cx { schema: self.schema, package: self.package, parts: self.parts, here }
    }

    /// A generated item, as it is written here.
    fn path_text(&self, path: &RustPath) -> String {
        path.seen_from(&self.here)
    }

    /// A generated item, as tokens.
    fn path(&self, path: &RustPath) -> TokenStream {
        tokens(&self.path_text(path))
    }

    /// An item at the root of the generated code.
    fn at_root(&self, name: &str) -> String {
        self.path_text(&RustPath(vec![name.to_owned()]))
    }

    /// A type of values.
    fn ty_text(&self, ty: &Ty) -> String {
        match ty {
            Ty::Rust(name) => (*name).to_owned(),
            Ty::Runtime(name) => format!("rt::{name}"),
            Ty::Decimal64(digits) => format!("rt::Decimal64<{digits}>"),
            Ty::Path(path) => self.path_text(path),
        }
    }

    /// A type of values, as tokens.
    fn ty(&self, ty: &Ty) -> TokenStream {
        tokens(&self.ty_text(ty))
    }

    /// The cargo feature on which hangs what stands here and is of another module, as an attribute.
    fn gate_text(&self, module: ModuleId) -> Option<String> {
        let here = self.here.first();
        let elsewhere = here != crate::lower::module_path(self.schema, module).0.first();
        // What another crate has stands behind no feature of this one.
        (self.parts.feature_per_module && elsewhere && !self.parts.externs.has(module))
            .then(|| format!("#[cfg(feature = {:?})]", self.schema.module_name(module)))
    }

    /// The same as tokens: nothing, or the attribute.
    fn gate(&self, module: ModuleId) -> TokenStream {
        self.gate_text(module).map(|gate| tokens(&gate)).unwrap_or_default()
    }

    /// The `MODULE` of a YANG module, or what it would be where that has no Rust module.
    fn module_text(&self, id: ModuleId) -> String {
        if self.package.modules.iter().any(|m| m.id == id) {
            return self.path_text(&crate::lower::module_path(self.schema, id).join("MODULE"));
        }
        let module = self.schema.module(id);
        let (name, namespace) = (self.schema.str(module.name), self.schema.str(module.namespace));
        format!("rt::Module::new({name:?}, {namespace:?})")
    }

    /// The same as tokens.
    fn module(&self, id: ModuleId) -> TokenStream {
        tokens(&self.module_text(id))
    }
}

/// Text of ours as tokens.
fn tokens(text: &str) -> TokenStream {
    text.parse().expect("the generator's own text has tokens")
}

/// The content of the Rust module of a YANG module.
pub(crate) fn module(
    schema: &Schema,
    package: &Package,
    parts: &Parts,
    module: &Module,
) -> Result<String, Vec<MapError>> {
    let cx = Cx { schema, package, parts, here: vec![module.scope.name.clone()] };
    let mut out = Out::default();
    module::head(&cx, module, &mut out);
    let deep = module.scope.is_deep();
    if !deep {
        module::data(&cx, module, &mut out);
    }
    scope_content(&cx, &module.scope, &mut out);
    if deep {
        module::data(&cx, module, &mut out);
    }
    if parts.paths {
        path::paths(&cx, module, &mut out);
    }
    if parts.client {
        out.side("client", &client::client(&cx, module));
    }
    if parts.server {
        out.side("server", &handlers::handlers(&cx, module));
    }
    out.finish()
}

/// The methods that a device must write, of all modules.
pub(crate) fn required(schema: &Schema, package: &Package, at: &str) -> Vec<Required> {
    let parts = Parts::default();
    let of = |module: &Module| {
        let cx = Cx { schema, package, parts: &parts, here: vec!["outside".to_owned()] };
        handlers::required(&cx, module, at)
    };
    package.modules.iter().flat_map(of).collect()
}

fn scope_content(cx: &Cx<'_>, scope: &Scope, out: &mut Out) {
    let deep = scope.is_deep();
    if deep {
        scopes(cx, scope, out);
    }
    for item in &scope.items {
        let node = match item {
            Item::Struct(item) => Some(item.node),
            Item::Shared(item) => Some(item.node),
            Item::Choice(item) => Some(item.node),
            Item::Leaf(item) => item.origin.node(),
            Item::Rpc(_) => None,
            Item::Action(item) => Some(item.operation.node),
        };
        let node = node.map(|node| cx.schema.node(node)).filter(|n| n.kind() != NodeKind::Root);
        out.gate(node.and_then(|node| cx.gate_text(node.module())));
        match item {
            Item::Struct(item) => structure::structure(cx, item, out),
            Item::Shared(item) => shared::shared(cx, item, out),
            Item::Choice(item) => choice::choice(cx, item, out),
            Item::Leaf(item) => leaf_type(cx, item, out),
            Item::Rpc(item) => rpc::marker(cx, item, out),
            Item::Action(item) => action::marker(cx, item, out),
        }
        out.gate(None);
    }
    if !deep {
        scopes(cx, scope, out);
    }
}

fn scopes(cx: &Cx<'_>, scope: &Scope, out: &mut Out) {
    for inner in &scope.scopes {
        out.module(&inner.name, |out| scope_content(&cx.inside(&inner.name), inner, out));
    }
}

fn leaf_type(cx: &Cx<'_>, item: &LeafType, out: &mut Out) {
    match &item.form {
        LeafForm::Alias(ty) => typedef::alias(cx, item, ty, out),
        LeafForm::Enumeration => enumeration::enumeration(cx, item, out),
        LeafForm::Bits => bits::bits(cx, item, out),
        LeafForm::Union(members) => union::union(cx, item, members, out),
        LeafForm::Identityref { bases, values } => identityref::identityref(cx, item, bases, values, out),
    }
}

/// Begins the item of a type of leaves: what it says of itself.
fn leaf_type_head(cx: &Cx<'_>, item: &LeafType, to: &mut Out) {
    let mut out = Docs::default();
    let status = match item.origin {
        Origin::Typedef(id, _) => {
            let typedef = cx.schema.typedef(id);
            out.add_text(cx.schema.opt_str(typedef.description).unwrap_or_default());
            if let Some(reference) = cx.schema.opt_str(typedef.reference) {
                out.add_labelled("Reference", reference);
            }
            typedef.status
        }
        Origin::Identity(id) => {
            let identity = cx.schema.identity(id);
            out.add_text(cx.schema.opt_str(identity.description).unwrap_or_default());
            if let Some(reference) = cx.schema.opt_str(identity.reference) {
                out.add_labelled("Reference", reference);
            }
            identity.status
        }
        Origin::Node(id, _) => {
            out.add(format!("Values of `{}`.", cx.schema.node(id).data_path()));
            Status::Current
        }
        Origin::Member(..) => {
            out.add("A member of a union.");
            Status::Current
        }
    };
    to.item();
    to.docs(0, &out);
    to.deprecated(0, status);
}

/// Doc comments, as tokens.
fn docs(docs: &Docs) -> TokenStream {
    let lines = docs.lines().iter().map(|line| {
        let line = if line.is_empty() { String::new() } else { format!(" {line}") };
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// `description` and `reference`.
fn described(description: Option<&str>, reference: Option<&str>) -> Docs {
    let mut out = Docs::default();
    out.add_text(description.unwrap_or_default());
    if let Some(reference) = reference {
        out.add_labelled("Reference", reference);
    }
    out
}

/// `description`, `reference` and status of a node, as tokens.
fn node_docs(node: NodeRef<'_>) -> TokenStream {
    let lines = docs(&described(node.description(), node.reference()));
    let deprecated = match node.status() {
        Status::Current => TokenStream::new(),
        Status::Deprecated => quote!(#[deprecated = "deprecated in the model"]),
        Status::Obsolete => quote!(#[deprecated = "obsolete in the model"]),
    };
    quote!(#lines #deprecated)
}

/// Writes `description`, `reference` and status of a node.
fn write_docs(node: NodeRef<'_>, indent: usize, out: &mut Out) {
    out.docs(indent, &described(node.description(), node.reference()));
    out.deprecated(indent, node.status());
}

/// An identifier, raw or not.
fn ident(text: &str) -> Ident {
    match text.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(text, Span::call_site()),
    }
}

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
pub(crate) use schema::{Content, Embedded, module_item, root};

use crate::docs::Docs;
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
    pub visibility: TokenStream,
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
    fn path(&self, path: &RustPath) -> TokenStream {
        path.seen_from(&self.here)
    }

    /// An item at the root of the generated code.
    fn at_root(&self, name: &str) -> TokenStream {
        self.path(&RustPath(vec![name.to_owned()]))
    }

    /// A type of values.
    fn ty(&self, ty: &Ty) -> TokenStream {
        match ty {
            Ty::Rust(name) => {
                let name = ident(name);
                quote!(#name)
            }
            Ty::Runtime(name) => {
                let name = ident(name);
                quote!(rt::#name)
            }
            Ty::Decimal64(digits) => {
                let digits = proc_macro2::Literal::u8_unsuffixed(*digits);
                quote!(rt::Decimal64<#digits>)
            }
            Ty::Path(path) => self.path(path),
        }
    }

    /// The cargo feature on which hangs what stands here and is of another module: a node that it put there by `augment`.
    fn gate(&self, module: ModuleId) -> TokenStream {
        let here = self.here.first();
        let elsewhere = here != crate::lower::module_path(self.schema, module).0.first();
        // What another crate has stands behind no feature of this one.
        if self.parts.feature_per_module && elsewhere && !self.parts.externs.has(module) {
            let feature = self.schema.module_name(module);
            quote!(#[cfg(feature = #feature)])
        } else {
            TokenStream::new()
        }
    }

    /// The `MODULE` of a YANG module, or what it would be where that has no Rust module.
    fn module(&self, id: ModuleId) -> TokenStream {
        if self.package.modules.iter().any(|m| m.id == id) {
            return self.path(&crate::lower::module_path(self.schema, id).join("MODULE"));
        }
        let module = self.schema.module(id);
        let (name, namespace) = (self.schema.str(module.name), self.schema.str(module.namespace));
        quote!(rt::Module::new(#name, #namespace))
    }
}

/// The Rust module of a YANG module.
pub(crate) fn module(schema: &Schema, package: &Package, parts: &Parts, module: &Module) -> TokenStream {
    let cx = Cx { schema, package, parts, here: vec![module.scope.name.clone()] };
    let head = module::head(&cx, module);
    let data = module::data(&cx, module);
    let items = scope_content(&cx, &module.scope);
    let (before, after) = if module.scope.is_deep() { (None, data) } else { (data, None) };
    let paths = parts.paths.then(|| path::paths(&cx, module));
    let client = parts.client.then(|| client::client(&cx, module));
    let server = parts.server.then(|| handlers::handlers(&cx, module));
    quote!(#head #before #items #after #paths #client #server)
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

fn scope_content(cx: &Cx<'_>, scope: &Scope) -> TokenStream {
    let items = scope.items.iter().map(|item| {
        let (node, tokens) = match item {
            Item::Struct(item) => (Some(item.node), structure::structure(cx, item)),
            Item::Shared(item) => (Some(item.node), shared::shared(cx, item)),
            Item::Choice(item) => (Some(item.node), choice::choice(cx, item)),
            Item::Leaf(item) => (item.origin.node(), leaf_type(cx, item)),
            Item::Rpc(item) => (None, rpc::marker(cx, item)),
            Item::Action(item) => (Some(item.operation.node), action::marker(cx, item)),
        };
        let node = node.map(|node| cx.schema.node(node)).filter(|n| n.kind() != NodeKind::Root);
        gated(node.map(|node| cx.gate(node.module())), tokens)
    });
    let scopes = scope.scopes.iter().map(|inner| {
        let name = ident(&inner.name);
        let content = scope_content(&cx.inside(&inner.name), inner);
        quote! {
            pub mod #name {
                use super::rt;
                #content
            }
        }
    });
    if scope.is_deep() { quote!(#(#scopes)* #(#items)*) } else { quote!(#(#items)* #(#scopes)*) }
}

/// An attribute in front of each of some items; in front of the first alone where there is no telling them apart.
fn gated(gate: Option<TokenStream>, items: TokenStream) -> TokenStream {
    match gate {
        Some(gate) if !gate.is_empty() => match syn::parse2::<syn::File>(items.clone()) {
            Ok(file) => {
                let items = file.items;
                quote!(#(#gate #items)*)
            }
            Err(_) => quote!(#gate #items),
        },
        _ => items,
    }
}

fn leaf_type(cx: &Cx<'_>, item: &LeafType) -> TokenStream {
    match &item.form {
        LeafForm::Alias(ty) => typedef::alias(cx, item, ty),
        LeafForm::Enumeration => enumeration::enumeration(cx, item),
        LeafForm::Bits => bits::bits(cx, item),
        LeafForm::Union(members) => union::union(cx, item, members),
        LeafForm::Identityref { bases, values } => identityref::identityref(cx, item, bases, values),
    }
}

/// What a type of leaves says of itself.
fn leaf_type_docs(cx: &Cx<'_>, item: &LeafType) -> (TokenStream, Status) {
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
    (docs(&out), status)
}

/// Doc comments.
fn docs(docs: &Docs) -> TokenStream {
    let lines = docs.lines().iter().map(|line| {
        let line = if line.is_empty() { String::new() } else { format!(" {line}") };
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// `description`, `reference` and status of a node.
fn node_docs(node: NodeRef<'_>) -> TokenStream {
    let mut out = Docs::default();
    out.add_text(node.description().unwrap_or_default());
    if let Some(reference) = node.reference() {
        out.add_labelled("Reference", reference);
    }
    let lines = docs(&out);
    let deprecated = deprecated(node.status());
    quote!(#lines #deprecated)
}

/// `#[deprecated]` for what a model's `status` says.
fn deprecated(status: Status) -> TokenStream {
    match status {
        Status::Current => TokenStream::new(),
        Status::Deprecated => quote!(#[deprecated = "deprecated in the model"]),
        Status::Obsolete => quote!(#[deprecated = "obsolete in the model"]),
    }
}

/// An identifier, raw or not.
fn ident(text: &str) -> Ident {
    match text.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(text, Span::call_site()),
    }
}

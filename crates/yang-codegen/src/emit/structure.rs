//! Containers (RFC 7950 section 7.5), list entries (7.8), cases, inputs, outputs and notifications: structs.

use super::attributes::Attributes;
use super::{Cx, case, code, fields, ident, node_docs, notification, path};
use crate::docs::Docs;
use crate::ir::Struct;
use proc_macro2::TokenStream;
use quote::quote;
use yang_schema::{CodeOf, NodeKind, NodeRef, OrderedBy};

pub(super) fn structure(cx: &Cx<'_>, item: &Struct) -> TokenStream {
    let node = cx.schema.node(item.node);
    let name = ident(&item.name);
    let mut attributes = Attributes::default();
    match node.kind() {
        NodeKind::Container => attributes.text(quote!(container), node.name()),
        NodeKind::List => list(cx, node, &mut attributes),
        NodeKind::Case => attributes.text(quote!(case), node.name()),
        NodeKind::Structure if is_container(node) => attributes.text(quote!(container), node.name()),
        // `yang-data` itself is not in the data: its one container is.
        NodeKind::Structure => attributes.push(quote!(root)),
        NodeKind::Input => attributes.push(quote!(input)),
        NodeKind::Output => attributes.push(quote!(output)),
        _ => notification::attributes(node, &mut attributes),
    }
    let needs_module = match node.kind() {
        NodeKind::Case => case::needs_module(node),
        NodeKind::Input | NodeKind::Output | NodeKind::Notification => true,
        _ => node.parent().is_some_and(|p| p.kind() == NodeKind::Root),
    };
    if needs_module {
        let module = cx.module(node.module());
        attributes.push(quote!(module = #module));
        if node.kind() != NodeKind::Case {
            let modules = cx.at_root("MODULES");
            attributes.push(quote!(modules = #modules));
        }
    }
    if matches!(node.kind(), NodeKind::Input | NodeKind::Output | NodeKind::Notification) {
        attributes.conditions(cx, node);
    }
    let attributes = attributes.finish();
    let docs = match node.kind() {
        // They have no statements of their own to be described by.
        NodeKind::Input | NodeKind::Output => {
            let operation = node.parent().map(NodeRef::data_path).unwrap_or_default();
            super::docs(&Docs::line(format!("The {} of `{operation}`.", node.name())))
        }
        _ => {
            // A case is not on the path of any data.
            let path = if node.kind() == NodeKind::Case { node.path() } else { node.data_path() };
            let path = format!(" `{path}`");
            let docs = node_docs(node);
            if node.description().is_some() {
                quote!(#docs #[doc = ""] #[doc = #path])
            } else {
                quote!(#docs #[doc = #path])
            }
        }
    };
    let fields = item.fields.iter().map(|field| fields::field(cx, field, node.module()));
    let unknown = cx.parts.keep_unknown.then(|| {
        quote! {
            /// Nodes that the model does not know, as they came.
            #[yang(unknown)]
            pub unknown_: rt::Unknown,
        }
    });
    let placed = notification::placed(cx, node, &item.name);
    let paths = cx.parts.paths.then(|| path::beside(cx, node, &name));
    quote! {
        #docs
        #[derive(Default, rt::Yang)]
        #attributes
        pub struct #name {
            #(#fields,)*
            #unknown
        }

        #placed

        #paths
    }
}

/// `key`, `unique` and the order of entries.
fn list(cx: &Cx<'_>, node: NodeRef<'_>, attributes: &mut Attributes) {
    attributes.text(quote!(list), node.name());
    let keys: Vec<&str> = node.keys().map(NodeRef::name).collect();
    if !keys.is_empty() {
        attributes.text(quote!(key), &keys.join(" "));
    }
    for (at, unique) in node.uniques().iter().enumerate() {
        let leaves: Vec<String> =
            unique.leaves.iter().map(|&leaf| relative(node, cx.schema.node(leaf))).collect();
        let leaves = leaves.join(" ");
        let info = code::of(cx, node, CodeOf::Unique(at as u32));
        attributes.push(quote!(unique(#leaves #info)));
    }
    if node.ordered_by() == OrderedBy::User {
        attributes.text(quote!(ordered_by), "user");
    }
}

/// Is the structure an element of its own, as `sx:structure` (RFC 8791) is and `rc:yang-data` (RFC 8040) is not?
fn is_container(node: NodeRef<'_>) -> bool {
    let schema = node.schema();
    let uses = &schema.module(node.module()).extensions;
    !uses.iter().any(|u| {
        schema.str(u.name) == "yang-data" && schema.opt_str(u.argument).is_some_and(|a| a == node.name())
    })
}

/// The path from a list down to a leaf; a module's name wherever it differs from that of the node above.
fn relative(list: NodeRef<'_>, leaf: NodeRef<'_>) -> String {
    let mut steps = Vec::new();
    let mut at = leaf;
    while at != list {
        let Some(up) = at.data_parent() else { break };
        if at.module() == up.module() {
            steps.push(at.name().to_owned());
        } else {
            steps.push(format!("{}:{}", at.module_name(), at.name()));
        }
        at = up;
    }
    steps.reverse();
    steps.join("/")
}

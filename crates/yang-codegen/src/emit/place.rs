//! Where actions (RFC 7950 section 7.15) and nested notifications (section 7.16) stand, and hooks and state providers
//! reach: the nodes on the way, and the keys that tell one instance from another.

use super::{Cx, ident};
use crate::ir::{Content, Module};
use crate::lower::{item_path, module_path, qname};
use crate::names::QName;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::BTreeSet;
use yang_schema::{NodeId, NodeKind, NodeRef};

/// A key on the way to a node.
pub(super) struct Key {
    /// What an argument that holds it is called: `server_name`.
    pub(super) name: Ident,
    /// Its type.
    pub(super) ty: TokenStream,
}

/// The data nodes from the top to a node.
pub(super) fn line(node: NodeRef<'_>) -> Vec<NodeRef<'_>> {
    let mut line: Vec<_> = std::iter::successors(Some(node), |n| n.data_parent())
        .take_while(|n| n.kind() != NodeKind::Root)
        .collect();
    line.reverse();
    line
}

/// The top-level data nodes of a module, those in choices too.
pub(super) fn tops<'a>(cx: &Cx<'a>, module: &Module) -> Vec<NodeRef<'a>> {
    let mut found = Vec::new();
    let mut stack: Vec<NodeRef<'a>> = module.top.iter().rev().map(|f| cx.schema.node(f.node)).collect();
    while let Some(node) = stack.pop() {
        if matches!(node.kind(), NodeKind::Choice | NodeKind::Case) {
            stack.extend(node.children().rev());
        } else if cx.package.values.contains_key(&node.id()) {
            found.push(node);
        }
    }
    found
}

/// The nodes of a module's subtrees that stand in a list, below the top.
pub(super) fn asked_for<'a>(cx: &Cx<'a>, module: &Module, asked: &[NodeId]) -> Vec<NodeRef<'a>> {
    let nodes = asked.iter().map(|&id| cx.schema.node(id));
    let is_below = |node: &NodeRef<'_>| line(*node).len() > 1;
    nodes.filter(|n| is_below(n) && line(*n).first().is_some_and(|top| top.module() == module.id)).collect()
}

/// The type of what stands at a data node: of a leaf-list all of it, of a list an entry.
pub(super) fn value(cx: &Cx<'_>, node: NodeRef<'_>) -> Option<TokenStream> {
    Some(match cx.package.values.get(&node.id())? {
        Content::Key(ty) | Content::Leaf(ty) => cx.ty(ty),
        Content::LeafList(ty) => {
            let ty = cx.ty(ty);
            quote!(Vec<#ty>)
        }
        Content::Container(path) | Content::List(path) | Content::KeylessList(path) => cx.path(path),
        Content::AnyData => quote!(rt::AnyData),
        Content::AnyXml => quote!(rt::AnyXml),
        Content::Choice(_) => return None,
    })
}

/// The keys on the way to an instance of a node, the outermost first; its own among them if it is a list.
pub(super) fn keys(cx: &Cx<'_>, node: NodeRef<'_>) -> Vec<Key> {
    let mut names = BTreeSet::new();
    let mut found = Vec::new();
    for list in line(node).into_iter().filter(|n| n.kind() == NodeKind::List) {
        for key in list.keys() {
            let Some(Content::Key(ty)) = cx.package.values.get(&key.id()) else { continue };
            let plain = |name: QName<'_>| name.snake_text().trim_start_matches("r#").to_owned();
            let mut name = format!("{}_{}", plain(qname(list)), plain(qname(key)));
            while !names.insert(name.clone()) {
                name.push('_');
            }
            found.push(Key { name: ident(&name), ty: cx.ty(ty) });
        }
    }
    found
}

/// The tuple of the keys' types.
pub(super) fn tuple(keys: &[Key]) -> TokenStream {
    let types = keys.iter().map(|key| &key.ty);
    quote!((#(#types,)*))
}

/// `Config` or `State`.
pub(super) fn mode(node: NodeRef<'_>) -> TokenStream {
    if node.is_config() { quote!(rt::path::Config) } else { quote!(rt::path::State) }
}

/// The path to all instances of a node of a type.
pub(super) fn path(cx: &Cx<'_>, node: NodeRef<'_>, target: &TokenStream) -> TokenStream {
    let line = line(node);
    let Some(top) = line.first() else { return TokenStream::new() };
    let data = cx.path(&module_path(cx.schema, top.module()).join("Data"));
    let mode = mode(node);
    let steps = line.iter().map(|step| {
        let (module, name) = (cx.module(step.module()), step.name());
        let ty = if *step == node { target.clone() } else { cx.path(&item_path(*step)) };
        match step.kind() {
            NodeKind::List => quote!(.every_of::<#ty, #mode>(&#module, #name)),
            _ => quote!(.child_of::<#ty, #mode>(&#module, #name)),
        }
    });
    quote!(rt::path::Path::<#data, #mode>::root() #(#steps)*)
}

/// Says where an action's marker or the struct of a nested notification stands.
pub(super) fn placed(cx: &Cx<'_>, node: NodeRef<'_>, marker: &Ident) -> TokenStream {
    let Some(parent) = node.data_parent() else { return TokenStream::new() };
    let (ty, mode) = (cx.path(&item_path(parent)), mode(parent));
    let (keys, path) = (tuple(&keys(cx, parent)), path(cx, parent, &ty));
    quote! {
        impl rt::Placed for #marker {
            type Node = #ty;
            type Mode = #mode;
            type Keys = #keys;
            fn places() -> rt::path::Path<#ty, #mode> {
                #path
            }
        }
    }
}

/// What stands behind a node's name in the names of its methods.
const WHAT_IS_DONE: [&str; 5] = ["state", "amend", "prepare", "apply", "abort"];

/// What methods for a node are called, among those of a module: the names on the way to it. A name carries its module where
/// that is not the one of the node above, or at the top not the module whose methods these are.
pub(super) fn stem(cx: &Cx<'_>, node: NodeRef<'_>, of: yang_schema::ModuleId) -> String {
    let mut above = of;
    let mut names = Vec::new();
    let mut line = line(node);
    if !node.kind().is_data_node() {
        line = node.data_parent().map(self::line).unwrap_or_default();
        line.push(node);
    }
    for step in line {
        let name = if step.module() == above {
            QName::plain(step.name())
        } else {
            QName::of(cx.schema.module_name(step.module()), step.name())
        };
        names.push(name.snake_text().trim_start_matches("r#").to_owned());
        above = step.module();
    }
    let stem = names.join("__");
    // What a node's action is called must not be what is done about the node itself.
    let own = names.last().is_some_and(|name| WHAT_IS_DONE.contains(&name.as_str()));
    if own && !node.kind().is_data_node() { format!("{stem}_") } else { stem }
}

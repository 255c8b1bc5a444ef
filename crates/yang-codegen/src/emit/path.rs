//! Typed paths: `paths::interfaces().interface("eth0").mtu()`.
//!
//! A step is a method of a trait that is there for the path of one struct. The trait stands beside the struct, so that what it
//! names is near; the `paths` of a module make all of its traits known at once, for `use …::paths::*`. Choices and cases
//! are no steps, as they are none in data (RFC 7950 section 7.9).

use super::attributes::in_operation;
use super::{Cx, action, ident};
use crate::ir::{Content, Item, Module, Scope};
use crate::names::QName;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::BTreeMap;
use yang_schema::{ModuleId, NodeKind, NodeRef};

/// The first steps of a module, and the traits of all others.
pub(super) fn paths(cx: &Cx<'_>, module: &Module) -> TokenStream {
    if module.top.is_empty() {
        return TokenStream::new();
    }
    let cx = cx.inside("paths");
    let tops = super::place::tops(&cx, module);
    let tops = tops.into_iter().map(|node| steps(&cx, node, Some(module.id)));
    let traits = traits(&cx, &module.scope);
    quote! {
        /// Typed paths to the nodes of this module. Import `*`: each step is a method of a trait.
        pub mod paths {
            use super::rt;
            #(#tops)*
            #traits
        }
    }
}

/// Makes the traits of all steps known, without their names: one `use` for those that are there whenever the module is, and one
/// for each feature on which others hang.
fn traits(cx: &Cx<'_>, scope: &Scope) -> TokenStream {
    let mut by_gate: BTreeMap<Option<&str>, TokenStream> = BTreeMap::new();
    for gate in gates(cx, scope) {
        let inside = uses(cx, scope, gate);
        if !inside.is_empty() {
            by_gate.insert(gate.map(|id| cx.schema.module_name(id)), inside);
        }
    }
    let uses = by_gate.into_iter().map(|(feature, inside)| {
        let gate = feature.map(|feature| quote!(#[cfg(feature = #feature)]));
        quote!(#gate pub use super::{#inside};)
    });
    quote!(#(#uses)*)
}

/// The modules on whose features steps hang.
fn gates(cx: &Cx<'_>, scope: &Scope) -> Vec<Option<ModuleId>> {
    let mut found = Vec::new();
    let mut stack = vec![scope];
    while let Some(scope) = stack.pop() {
        for gate in structs(cx, scope).map(|node| gate(cx, node)) {
            if !found.contains(&gate) {
                found.push(gate);
            }
        }
        stack.extend(&scope.scopes);
    }
    found
}

fn gate(cx: &Cx<'_>, node: NodeRef<'_>) -> Option<ModuleId> {
    (!cx.gate(node.module()).is_empty()).then(|| node.module())
}

/// The nodes of the structs of a Rust module.
fn structs<'a>(cx: &'a Cx<'_>, scope: &'a Scope) -> impl Iterator<Item = NodeRef<'a>> {
    scope.items.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(cx.schema.node(item.node)),
        _ => None,
    })
}

/// The inside of a `use`: names of this Rust module, and the same of those in it.
fn uses(cx: &Cx<'_>, scope: &Scope, of: Option<ModuleId>) -> TokenStream {
    let own = structs(cx, scope).filter(|&node| gate(cx, node) == of).flat_map(|node| {
        let steps = has_steps(cx, node).then(|| trait_name(node, "Path"));
        let actions = has_actions(cx, node).then(|| trait_name(node, "Actions"));
        steps.into_iter().chain(actions).map(|name| quote!(#name as _))
    });
    let inner = scope.scopes.iter().filter_map(|inner| {
        let inside = uses(cx, inner, of);
        let name = ident(&inner.name);
        (!inside.is_empty()).then(|| quote!(#name::{#inside}))
    });
    let all = own.chain(inner);
    quote!(#(#all),*)
}

/// Does a path lead to it? None does into operations, nor into structures that no datastore has.
fn has_path(node: NodeRef<'_>) -> bool {
    matches!(node.kind(), NodeKind::Container | NodeKind::List)
        && !in_operation(node)
        && super::place::line(node).first().is_some_and(|top| top.kind().is_data_node())
}

fn has_steps(cx: &Cx<'_>, node: NodeRef<'_>) -> bool {
    has_path(node) && node.data_children().any(|child| cx.package.values.contains_key(&child.id()))
}

fn has_actions(cx: &Cx<'_>, node: NodeRef<'_>) -> bool {
    cx.parts.client && has_path(node) && !action::of(cx, node).is_empty()
}

/// What stands beside the struct of a node for the paths to it: its steps and its actions.
pub(super) fn beside(cx: &Cx<'_>, node: NodeRef<'_>, of: &Ident) -> TokenStream {
    let steps = has_steps(cx, node).then(|| steps_of(cx, node, of));
    let actions = has_actions(cx, node).then(|| action::client(cx, node, &trait_name(node, "Actions"), of));
    quote!(#steps #actions)
}

/// The steps from a node.
fn steps_of(cx: &Cx<'_>, node: NodeRef<'_>, of: &Ident) -> TokenStream {
    let name = trait_name(node, "Path");
    let about = format!(" Steps from `{}`.", node.name());
    let methods = node.data_children().map(|child| steps(cx, child, None));
    quote! {
        #[doc = #about]
        pub trait #name<M>: rt::path::Steps<#of, M> {
            #(#methods)*
        }

        impl<M> #name<M> for rt::Path<#of, M> {}
    }
}

/// What a path itself can do: a step of such a name would hide behind that.
const OWN: [&str; 31] = [
    "action_xml",
    "borrow",
    "borrow_mut",
    "check",
    "child",
    "child_of",
    "clone",
    "clone_into",
    "create",
    "delete",
    "edit",
    "entry",
    "entry_of",
    "every",
    "every_of",
    "fmt",
    "into",
    "item",
    "item_of",
    "notification_xml",
    "read",
    "read_all",
    "read_keys",
    "remove",
    "replace",
    "subtree_filter",
    "to_owned",
    "to_string",
    "try_into",
    "validate",
    "xpath",
];

/// The method of a path for a node.
pub(super) fn method(name: QName<'_>) -> Ident {
    let text = name.snake_text();
    if OWN.contains(&text.as_str()) { ident(&format!("{text}_")) } else { ident(&text) }
}

/// The methods for a step, or the functions for a first one, in the `paths` of the module `top`; two for a list or leaf-list: to
/// one entry and to all.
fn steps(cx: &Cx<'_>, node: NodeRef<'_>, top: Option<ModuleId>) -> TokenStream {
    let Some(content) = cx.package.values.get(&node.id()) else { return TokenStream::new() };
    // A name carries its module where that is not the one of the struct, or of the `paths`.
    let home = top.or_else(|| node.data_parent().map(NodeRef::module));
    let (name, module) = if home.is_none_or(|home| home == node.module()) {
        (QName::plain(node.name()), None)
    } else {
        (QName::of(node.module_name(), node.name()), Some(cx.module(node.module())))
    };
    let method = if top.is_some() { name.snake() } else { method(name) };
    // `__` keeps the name apart from all names of nodes.
    let every = ident(&format!("{}__all", name.snake_text().trim_start_matches("r#")));
    let text = node.name();
    let (receiver, from, visible) = match top {
        Some(module) => {
            let data = cx.path(&crate::lower::module_path(cx.schema, module).join("Data"));
            (None, quote!(rt::Path::<#data>::root()), Some(quote!(pub)))
        }
        None => (Some(quote!(self,)), quote!(self), None),
    };
    // Below a node that is state, all is.
    let mode = match (node.is_config(), top) {
        (false, _) => quote!(, rt::path::State),
        (true, Some(_)) => TokenStream::new(),
        (true, None) => quote!(, M),
    };
    let gate = cx.gate(node.module());
    let docs = top.map(|_| {
        let about = format!(" To `{}`.", node.data_path());
        quote!(#[doc = #about])
    });
    let function =
        |method: &Ident, arguments: TokenStream, to: &TokenStream, how: &str, more: TokenStream| {
            let call = match &module {
                None => {
                    let how = ident(how);
                    quote!(#how(#text #more))
                }
                Some(module) => {
                    let how = ident(&format!("{how}_of"));
                    quote!(#how(&#module, #text #more))
                }
            };
            quote! {
                #gate
                #docs
                #visible fn #method(#receiver #arguments) -> rt::Path<#to #mode> {
                    #from.#call
                }
            }
        };
    let none = TokenStream::new;
    let once = |to: TokenStream| function(&method, none(), &to, "child", none());
    let all = |method: &Ident, to: &TokenStream| function(method, none(), to, "every", none());
    match content {
        Content::Key(ty) | Content::Leaf(ty) => once(cx.ty(ty)),
        Content::Container(path) => once(cx.path(path)),
        Content::AnyData => once(quote!(rt::AnyData)),
        Content::AnyXml => once(quote!(rt::AnyXml)),
        Content::LeafList(ty) => {
            let to = cx.ty(ty);
            let key = quote!(, rt::path::key_of::<#to>(value));
            let item = function(&method, quote!(value: impl Into<#to>), &to, "item", key);
            let every = all(&every, &to);
            quote!(#item #every)
        }
        Content::List(path) => {
            let (arguments, keys) = keys(cx, node);
            let to = cx.path(path);
            let entry = function(&method, arguments, &to, "entry", quote!(, vec![#keys]));
            let every = all(&every, &to);
            quote!(#entry #every)
        }
        Content::KeylessList(path) => all(&method, &cx.path(path)),
        // Not reached: choices are looked through.
        Content::Choice(_) => TokenStream::new(),
    }
}

/// The keys of a list, as arguments and as what is made of them.
fn keys(cx: &Cx<'_>, list: NodeRef<'_>) -> (TokenStream, TokenStream) {
    let keys: Vec<_> = list
        .keys()
        .filter_map(|key| match cx.package.values.get(&key.id()) {
            Some(Content::Key(ty)) => Some((QName::plain(key.name()).snake(), cx.ty(ty))),
            _ => None,
        })
        .collect();
    let arguments = keys.iter().map(|(name, ty)| quote!(#name: impl Into<#ty>));
    let texts = keys.iter().map(|(name, ty)| quote!(rt::path::key_of::<#ty>(#name)));
    (quote!(#(#arguments),*), quote!(#(#texts),*))
}

/// The name of a trait beside a node's struct, which is that of no node: a type's name ends in `_` where it would be a reserved
/// word, and of those that are spelled out none has a `p` or an `a` for a character.
fn trait_name(node: NodeRef<'_>, what: &str) -> Ident {
    let name = crate::lower::qname(node).camel_text();
    let short = what.to_ascii_lowercase();
    ident(&if name.starts_with('_') { format!("{name}__{short}") } else { format!("{name}{what}_") })
}

//! Typed paths: `paths::interfaces().interface("eth0").mtu()`.
//!
//! A step is a method of a trait that is there for the path of one struct; the traits of a module stand in its `paths`,
//! for `use …::paths::*`. Choices and cases are no steps, as they are none in data (RFC 7950 section 7.9).

use super::{Cx, action, ident};
use crate::ir::{CaseContent, Content, Field, Item, Module, Scope, Struct};
use crate::names::QName;
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::{BTreeMap, BTreeSet};
use yang_schema::{NodeId, NodeKind, NodeRef};

pub(super) fn paths(cx: &Cx<'_>, module: &Module) -> TokenStream {
    if module.top.is_empty() {
        return TokenStream::new();
    }
    let cx = cx.inside("paths");
    let mut fields = BTreeMap::new();
    let mut shared = BTreeMap::new();
    collect(&module.scope, &mut fields, &mut shared);
    // Who names an entry of a list that shares its struct needs the types of its keys.
    for (&node, &of) in &shared {
        let keys = cx.schema.node(node).keys().zip(cx.schema.node(of).keys());
        for (key, of) in keys {
            if let Some(&field) = fields.get(&of.id()) {
                fields.insert(key.id(), field);
            }
        }
    }
    for field in &module.top {
        fields.insert(field.node, field);
    }
    let data = cx.path(&crate::lower::module_path(cx.schema, module.id).join("Data"));
    let own = cx.module(module.id);
    let tops = module.top.iter().filter_map(|field| fields.get(&field.node)).flat_map(|top| {
        let node = cx.schema.node(top.node);
        data_fields(node, top, &fields)
            .into_iter()
            .map(|field| {
                let start = quote!(rt::path::Path::<#data, rt::path::Config>::root());
                step(&cx, &fields, field, Step::Top { start, own: own.clone() })
            })
            .collect::<Vec<_>>()
    });
    let mut names = BTreeSet::new();
    let mut traits = Vec::new();
    for field in &module.top {
        let mut stack = vec![field.node];
        while let Some(id) = stack.pop() {
            if shared.contains_key(&id) {
                // The steps of the one struct are there already.
                continue;
            }
            let node = cx.schema.node(id);
            let below: Vec<&Field> =
                node.data_children().filter_map(|child| fields.get(&child.id()).copied()).collect();
            // What stands deeper comes after, in the order of the model.
            stack.extend(node.data_children().map(NodeRef::id).collect::<Vec<_>>().into_iter().rev());
            if !matches!(node.kind(), NodeKind::Container | NodeKind::List) {
                continue;
            }
            if !below.is_empty() {
                traits.push(steps_of(&cx, &fields, node, &below, &mut names));
            }
            if cx.parts.client {
                traits.push(action::client(&cx, node, &trait_name(node, "Actions_")));
            }
        }
    }
    quote! {
        /// Typed paths to the nodes of this module. Import `*`: each step is a method of a trait.
        pub mod paths {
            use super::rt;
            #(#tops)*
            #(#traits)*
        }
    }
}

type Fields<'a> = BTreeMap<NodeId, &'a Field>;

/// All fields by their nodes, those of cases and shorthand cases too; and the nodes that share the struct of another.
fn collect<'a>(scope: &'a Scope, fields: &mut Fields<'a>, shared: &mut BTreeMap<NodeId, NodeId>) {
    for item in &scope.items {
        match item {
            Item::Struct(Struct { fields: own, .. }) => fields.extend(own.iter().map(|f| (f.node, f))),
            Item::Choice(choice) => {
                for variant in &choice.variants {
                    if let CaseContent::Shorthand(field) = &variant.content {
                        fields.insert(field.node, field);
                    }
                }
            }
            Item::Shared(item) => drop(shared.insert(item.node, item.of)),
            Item::Leaf(_) | Item::Rpc(_) | Item::Action(_) => {}
        }
    }
    for inner in &scope.scopes {
        collect(inner, fields, shared);
    }
}

/// A top-level node, or those in a top-level choice.
fn data_fields<'a>(node: NodeRef<'_>, field: &'a Field, fields: &Fields<'a>) -> Vec<&'a Field> {
    if node.kind() != NodeKind::Choice {
        return vec![field];
    }
    let mut found = Vec::new();
    let mut stack: Vec<NodeRef<'_>> = node.children().rev().collect();
    while let Some(node) = stack.pop() {
        if matches!(node.kind(), NodeKind::Choice | NodeKind::Case) {
            stack.extend(node.children().rev());
        } else {
            found.extend(fields.get(&node.id()));
        }
    }
    found
}

fn steps_of(
    cx: &Cx<'_>,
    fields: &Fields<'_>,
    node: NodeRef<'_>,
    below: &[&Field],
    names: &mut BTreeSet<String>,
) -> TokenStream {
    let mut name = trait_name(node, "Path_");
    while !names.insert(name.clone()) {
        name.push('_');
    }
    let (name, of) = (ident(&name), cx.path(&crate::lower::item_path(node)));
    let about = format!(" Steps from `{}`.", node.data_path());
    let methods: Vec<_> = below.iter().map(|field| step(cx, fields, field, Step::Signature)).collect();
    let bodies = below.iter().map(|field| step(cx, fields, field, Step::Method));
    let gate = cx.gate(node.module());
    quote! {
        #gate
        #[doc = #about]
        pub trait #name<M>: Sized {
            #(#methods)*
        }

        #gate
        impl<M> #name<M> for rt::path::Path<#of, M> {
            #(#bodies)*
        }
    }
}

enum Step {
    /// A function: the first step.
    Top { start: TokenStream, own: TokenStream },
    /// In the trait.
    Signature,
    /// In its implementation.
    Method,
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
pub(super) fn method(name: QName<'_>) -> proc_macro2::Ident {
    let text = name.snake_text();
    if OWN.contains(&text.as_str()) { ident(&format!("{text}_")) } else { ident(&text) }
}

/// The function or method for one step; two for a list or leaf-list: to one entry and to all.
fn step(cx: &Cx<'_>, fields: &Fields<'_>, field: &Field, kind: Step) -> TokenStream {
    let node = cx.schema.node(field.node);
    let name = match node.data_parent() {
        Some(up) if up.kind() != NodeKind::Root && up.module() != node.module() => {
            QName::of(node.module_name(), node.name())
        }
        _ => QName::plain(node.name()),
    };
    let method = if matches!(kind, Step::Top { .. }) { name.snake() } else { method(name) };
    let text = node.name();
    let (receiver, from, top) = match &kind {
        Step::Top { start, .. } => (TokenStream::new(), start.clone(), true),
        Step::Signature | Step::Method => (quote!(self,), quote!(self), false),
    };
    let module = match &kind {
        Step::Top { own, .. } => own.clone(),
        _ => cx.module(node.module()),
    };
    // Below a node that is state, all is.
    let mode = if !node.is_config() {
        quote!(rt::path::State)
    } else if top {
        quote!(rt::path::Config)
    } else {
        quote!(M)
    };
    let visible = top.then(|| quote!(pub));
    let gate = cx.gate(node.module());
    let about = format!(" To `{}`.", node.data_path());
    let one = |to: TokenStream, arguments: TokenStream, body: TokenStream| {
        let signature = quote!(#visible fn #method(#receiver #arguments) -> rt::path::Path<#to, #mode>);
        match kind {
            Step::Signature => quote!(#gate #[doc = #about] #signature;),
            _ => quote!(#gate #[doc = #about] #signature { #body }),
        }
    };
    // To all entries of a list or leaf-list: `__` keeps the name apart from all names of nodes.
    let every = |to: TokenStream| {
        let method = ident(&format!("{}__all", name.snake_text().trim_start_matches("r#")));
        let about = format!(" To all entries of `{}`.", node.data_path());
        let signature = quote!(#visible fn #method(#receiver) -> rt::path::Path<#to, #mode>);
        match kind {
            Step::Signature => quote!(#gate #[doc = #about] #signature;),
            _ => quote!(#gate #[doc = #about] #signature { #from.every_of(&#module, #text) }),
        }
    };
    let child = quote!(#from.child_of(&#module, #text));
    match &field.content {
        Content::Key(ty) | Content::Leaf(ty) => one(cx.ty(ty), quote!(), child),
        Content::LeafList(ty) => {
            let ty = cx.ty(ty);
            let body = quote!(#from.item_of(&#module, #text, rt::path::key::<#ty>(value.into())));
            let item = one(ty.clone(), quote!(value: impl Into<#ty>), body);
            let every = every(ty);
            quote!(#item #every)
        }
        Content::Container(path) => one(cx.path(path), quote!(), child),
        Content::AnyData => one(quote!(rt::AnyData), quote!(), child),
        Content::AnyXml => one(quote!(rt::AnyXml), quote!(), child),
        Content::KeylessList(path) => one(cx.path(path), quote!(), quote!(#from.every_of(&#module, #text))),
        Content::List(path) => {
            let keys: Vec<_> = node
                .keys()
                .filter_map(|key| match fields.get(&key.id()).map(|f| &f.content) {
                    Some(Content::Key(ty)) => Some((QName::plain(key.name()).snake(), cx.ty(ty))),
                    _ => None,
                })
                .collect();
            let arguments = keys.iter().map(|(name, ty)| quote!(#name: impl Into<#ty>));
            let texts = keys.iter().map(|(name, ty)| quote!(rt::path::key::<#ty>(#name.into())));
            let body = quote!(#from.entry_of(&#module, #text, vec![#(#texts),*]));
            let to = cx.path(path);
            let entry = one(to.clone(), quote!(#(#arguments),*), body);
            let every = every(to);
            quote!(#entry #every)
        }
        // Not reached: choices are looked through.
        Content::Choice(_) => TokenStream::new(),
    }
}

/// The trait's name: of no struct, or importing that would hide it; and of one module alone, or importing the traits of two
/// would hide both. Nobody has to write it.
fn trait_name(node: NodeRef<'_>, what: &str) -> String {
    let mut names = Vec::new();
    let mut at = node;
    loop {
        names.push(crate::lower::qname(at).camel_text());
        match at.data_parent().filter(|up| up.kind() != NodeKind::Root) {
            Some(up) => at = up,
            None => break,
        }
    }
    names.push(QName::plain(at.module_name()).camel_text());
    names.reverse();
    format!("{}{what}", names.join("__"))
}

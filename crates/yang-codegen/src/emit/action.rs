//! Actions (RFC 7950 section 7.15): like rpcs, on a data node.

use super::attributes::Attributes;
use super::{Cx, Out, ident, node_docs, place, rpc};
use crate::ir::{Action, Operation};
use crate::lower::{item_path, qname};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use yang_schema::{ModuleId, NodeId, NodeKind, NodeRef};

pub(super) fn marker(cx: &Cx<'_>, item: &Action, out: &mut Out) {
    let node = cx.schema.node(item.operation.node);
    let mut attributes = Attributes::default();
    attributes.text("action", node.name());
    attributes.push(format!("parent = {}", cx.path_text(&item.parent)));
    rpc::finish(cx, &item.operation, attributes, out);
    out.tokens(&place::placed(cx, node, &ident(&item.operation.name)));
}

/// What a device does when it is invoked, and the call that registers that: the handler gets the keys on the way to the node.
pub(super) fn handler(cx: &Cx<'_>, item: &Action, of: ModuleId) -> (TokenStream, TokenStream) {
    let operation = &item.operation;
    let node = cx.schema.node(operation.node);
    let method = ident(&place::stem(cx, node, of));
    let (input, output) = rpc::types(cx, operation);
    let docs = node_docs(node);
    let keys = node.data_parent().map(|parent| place::keys(cx, parent)).unwrap_or_default();
    let names: Vec<_> = keys.iter().map(|key| &key.name).collect();
    let arguments = keys.iter().map(|place::Key { name, ty }| quote!(, #name: #ty));
    let (argument, value) = match operation.input {
        Some(_) => (quote!(, input: #input), quote!(, input)),
        None => (quote!(), quote!()),
    };
    let about = format!(" The action `{}`.", node.data_path());
    let signature = quote! {
        #[doc = #about]
        #[doc = ""]
        #docs
        fn #method(&self, cx: &::netconf_runtime::Cx #(#arguments)* #argument) -> impl ::std::future::Future<
            Output = ::std::result::Result<#output, ::netconf_runtime::RpcError>
        > + Send;
    };
    let ignored = operation.input.is_none().then(|| quote!(let () = input;));
    let (marker, path) = (cx.path(&item_path(node)), node.data_path());
    let registration = quote! {
        let h = ::std::clone::Clone::clone(&handler);
        registry.action::<#marker>(#path, move |cx, (#(#names,)*), input| {
            #ignored
            let h = ::std::clone::Clone::clone(&h);
            Box::pin(async move { h.#method(&cx #(, #names)* #value).await })
        });
    };
    (signature, registration)
}

/// The actions of a node.
pub(super) fn of<'a>(cx: &Cx<'a>, node: NodeRef<'_>) -> Vec<&'a Operation> {
    node.children()
        .filter(|child| child.kind() == NodeKind::Action)
        .filter_map(|child| operation(cx, child.id()))
        .collect()
}

/// The actions of a node, as methods of a path to it, beside its struct.
pub(super) fn client(cx: &Cx<'_>, node: NodeRef<'_>, name: &Ident, of: &Ident) -> TokenStream {
    let about = format!(" The actions of `{}`.", node.name());
    let mut signatures = Vec::new();
    let mut bodies = Vec::new();
    for operation in self::of(cx, node) {
        let node = cx.schema.node(operation.node);
        let method = super::path::method(qname(node));
        let marker = cx.path(&item_path(node));
        let (input, output) = rpc::types(cx, operation);
        let docs = node_docs(node);
        let (argument, value) = match operation.input {
            Some(_) => (quote!(, input: #input), quote!(input)),
            None => (quote!(), quote!(())),
        };
        let signature = quote! {
            fn #method(&self, session: &::netconf_runtime::client::Session #argument)
            -> impl ::std::future::Future<
                Output = ::std::result::Result<#output, ::netconf_runtime::client::Error>
            > + Send
        };
        let gate = cx.gate(node.module());
        signatures.push(quote!(#gate #docs #signature;));
        bodies.push(quote!(#gate #signature { session.action::<#marker, M_>(self, #value) }));
    }
    quote! {
        #[doc = #about]
        pub trait #name<M_> {
            #(#signatures)*
        }

        impl<M_: rt::path::Mode> #name<M_> for rt::Path<#of, M_> {
            #(#bodies)*
        }
    }
}

/// An action that is generated.
fn operation<'a>(cx: &Cx<'a>, id: NodeId) -> Option<&'a Operation> {
    let modules = cx.package.modules.iter();
    modules.flat_map(|m| &m.actions).map(|action| &action.operation).find(|operation| operation.node == id)
}

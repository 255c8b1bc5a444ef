//! Rpcs (RFC 7950 section 7.14): a unit struct that knows the types of input and output.

use super::attributes::Attributes;
use super::{Cx, ident, node_docs};
use crate::ir::Operation;
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn marker(cx: &Cx<'_>, item: &Operation) -> TokenStream {
    let node = cx.schema.node(item.node);
    let mut attributes = Attributes::default();
    attributes.text(quote!(rpc), node.name());
    finish(cx, item, attributes)
}

/// The unit struct of an rpc or action.
pub(super) fn finish(cx: &Cx<'_>, item: &Operation, mut attributes: Attributes) -> TokenStream {
    let node = cx.schema.node(item.node);
    let module = cx.module(node.module());
    attributes.push(quote!(module = #module));
    if let Some(input) = &item.input {
        let path = cx.path(input);
        attributes.push(quote!(input = #path));
    }
    if let Some(output) = &item.output {
        let path = cx.path(output);
        attributes.push(quote!(output = #path));
    }
    let (name, docs, attributes) = (ident(&item.name), node_docs(node), attributes.finish());
    quote! {
        #docs
        #[derive(rt::Yang)]
        #attributes
        pub struct #name;
    }
}

/// The types of input and output, `()` where there are none.
pub(super) fn types(cx: &Cx<'_>, item: &Operation) -> (TokenStream, TokenStream) {
    let ty = |path: &Option<_>| path.as_ref().map_or_else(|| quote!(()), |path| cx.path(path));
    (ty(&item.input), ty(&item.output))
}

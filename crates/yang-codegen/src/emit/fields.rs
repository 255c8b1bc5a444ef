//! Leaves (RFC 7950 section 7.6), leaf-lists (7.7) and all other nodes as fields of the struct above them.

use super::attributes::Attributes;
use super::{Cx, ident, node_docs};
use crate::ir::{Content, Field};
use proc_macro2::TokenStream;
use quote::quote;
use yang_schema::ModuleId;

/// A field of a struct whose own names are those of the module `home`.
pub(super) fn field(cx: &Cx<'_>, field: &Field, home: ModuleId) -> TokenStream {
    let node = cx.schema.node(field.node);
    let name = ident(&field.name);
    let attributes = attributes(cx, field, home);
    let ty = ty(cx, &field.content);
    // What a struct or choice has to say stands at its type.
    let docs = match field.content {
        Content::Container(_) | Content::List(_) | Content::KeylessList(_) | Content::Choice(_) => {
            super::deprecated(node.status())
        }
        _ => node_docs(node),
    };
    let gate = cx.gate(node.module());
    quote! {
        #gate
        #docs
        #attributes
        pub #name: #ty
    }
}

/// `#[yang(...)]` of a field, or of the variant of a shorthand case.
pub(super) fn attributes(cx: &Cx<'_>, field: &Field, home: ModuleId) -> TokenStream {
    let node = cx.schema.node(field.node);
    let mut attributes = Attributes::default();
    let kind = match &field.content {
        Content::Key(_) | Content::Leaf(_) => quote!(leaf),
        Content::LeafList(_) => quote!(leaf_list),
        Content::Container(_) => quote!(container),
        Content::List(_) | Content::KeylessList(_) => quote!(list),
        Content::Choice(_) => quote!(choice),
        Content::AnyData => quote!(anydata),
        Content::AnyXml => quote!(anyxml),
    };
    attributes.text(kind, node.name());
    if node.module() != home {
        let module = cx.module(node.module());
        attributes.push(quote!(module = #module));
    }
    attributes.node(cx, node);
    attributes.finish()
}

/// The type of a field. All but keys may be missing: filtered replies and edits leave them out, mandatory or not.
fn ty(cx: &Cx<'_>, content: &Content) -> TokenStream {
    match content {
        Content::Key(ty) => cx.ty(ty),
        Content::Leaf(ty) => {
            let ty = cx.ty(ty);
            quote!(Option<#ty>)
        }
        Content::LeafList(ty) => {
            let ty = cx.ty(ty);
            quote!(Vec<#ty>)
        }
        // Always boxed: a node that grows does not change the type of the field that holds it.
        Content::Container(path) => {
            let path = cx.path(path);
            quote!(Option<Box<#path>>)
        }
        Content::List(path) => {
            let path = cx.path(path);
            quote!(rt::List<#path>)
        }
        Content::KeylessList(path) => {
            let path = cx.path(path);
            quote!(Vec<#path>)
        }
        Content::Choice(path) => {
            let path = cx.path(path);
            quote!(Option<#path>)
        }
        Content::AnyData => quote!(Option<rt::AnyData>),
        Content::AnyXml => quote!(Option<rt::AnyXml>),
    }
}

/// The type of what a variant holds.
pub(super) fn variant_ty(cx: &Cx<'_>, content: &Content) -> TokenStream {
    match content {
        Content::Key(ty) | Content::Leaf(ty) => cx.ty(ty),
        Content::Container(path) => {
            let path = cx.path(path);
            quote!(Box<#path>)
        }
        Content::Choice(path) => cx.path(path),
        Content::AnyData => quote!(rt::AnyData),
        Content::AnyXml => quote!(rt::AnyXml),
        Content::LeafList(_) | Content::List(_) | Content::KeylessList(_) => ty(cx, content),
    }
}

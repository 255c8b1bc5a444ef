//! Choices (RFC 7950 section 7.9): enums with a variant for each case.

use super::attributes::Attributes;
use super::{Cx, case, ident, node_docs};
use crate::ir::Choice;
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn choice(cx: &Cx<'_>, item: &Choice) -> TokenStream {
    let node = cx.schema.node(item.node);
    let name = ident(&item.name);
    let docs = node_docs(node);
    let gap = node.description().is_some().then(|| quote!(#[doc = ""]));
    let path = format!(" `{}`", node.path());
    let mut attributes = Attributes::default();
    attributes.text(quote!(choice), node.name());
    let attributes = attributes.finish();
    let variants = item.variants.iter().map(|variant| case::variant(cx, variant, node.module()));
    quote! {
        #docs
        #gap
        #[doc = #path]
        #[derive(rt::Yang)]
        #attributes
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
        }
    }
}

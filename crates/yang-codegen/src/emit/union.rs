//! Unions (RFC 7950 section 9.12): enums with a variant for each member, in their order: the first that accepts a value
//! takes it.

use super::attributes::Attributes;
use super::{Cx, deprecated, ident, leaf_type_docs};
use crate::ir::{LeafType, Member, Origin};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn union(cx: &Cx<'_>, item: &LeafType, members: &[Member]) -> TokenStream {
    let (head, status) = leaf_type_docs(cx, item);
    let deprecated_type = deprecated(status);
    let name = ident(&item.name);
    let node = match item.origin {
        Origin::Node(node, _) => cx.schema.node(node),
        _ => cx.schema.root(),
    };
    let variants = members.iter().map(|member| {
        let mut attributes = Attributes::default();
        attributes.type_(cx, cx.schema.type_(member.type_id), node);
        let (attributes, variant, ty) = (attributes.finish(), ident(&member.name), cx.ty(&member.ty));
        quote!(#attributes #variant(#ty))
    });
    quote! {
        #head
        #deprecated_type
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, rt::Yang)]
        #[yang(union)]
        pub enum #name {
            #(#variants,)*
        }
    }
}

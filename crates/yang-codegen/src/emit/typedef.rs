//! Typedefs (RFC 7950 section 7.3) that stand for a type which has an item already.

use super::{Cx, deprecated, ident, leaf_type_docs};
use crate::ir::{LeafType, Ty};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn alias(cx: &Cx<'_>, item: &LeafType, ty: &Ty) -> TokenStream {
    let (head, status) = leaf_type_docs(cx, item);
    let (name, ty, old) = (ident(&item.name), cx.ty(ty), deprecated(status));
    quote!(#head #old pub type #name = #ty;)
}

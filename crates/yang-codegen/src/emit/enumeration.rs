//! Enumerations (RFC 7950 section 9.6): enums.

use super::{Cx, deprecated, docs, ident, leaf_type_docs};
use crate::docs::Docs;
use crate::ir::{LeafType, Origin};
use crate::names::QName;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use yang_schema::{TypeDetail, TypeRef};

pub(super) fn enumeration(cx: &Cx<'_>, item: &LeafType) -> TokenStream {
    let Some(TypeDetail::Enumeration(enums)) = type_of(cx, item.origin).map(TypeRef::detail) else {
        return TokenStream::new();
    };
    let (head, status) = leaf_type_docs(cx, item);
    let deprecated_type = deprecated(status);
    let name = ident(&item.name);
    // A name that is switched off is no value of the type.
    let variants = enums.iter().filter(|e| e.enabled).enumerate().map(|(i, e)| {
        let text = cx.schema.str(e.name);
        let variant = QName::plain(text).variant();
        let value = Literal::i32_unsuffixed(e.value);
        let mut about = Docs::default();
        about.add_text(cx.schema.opt_str(e.description).unwrap_or_default());
        if let Some(reference) = cx.schema.opt_str(e.reference) {
            about.add_labelled("Reference", reference);
        }
        let (about, old) = (docs(&about), deprecated(e.status));
        let default = (i == 0).then(|| quote!(#[default]));
        quote!(#about #old #default #[yang(name = #text, value = #value)] #variant)
    });
    // With room for what the model does not know, it cannot be copied as a number is.
    let (copy, unknown) = if cx.parts.keep_unknown {
        let variant = quote! {
            /// A name that the model does not know.
            #[yang(unknown)]
            Unknown_(Box<str>),
        };
        (None, Some(variant))
    } else {
        (Some(quote!(Copy,)), None)
    };
    quote! {
        #head
        #deprecated_type
        #[derive(Clone, #copy Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, rt::Yang)]
        #[yang(enumeration)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            #unknown
        }
    }
}

/// The type that an item is made from; an identity has none.
pub(super) fn type_of<'a>(cx: &Cx<'a>, origin: Origin) -> Option<TypeRef<'a>> {
    match origin {
        Origin::Typedef(_, ty) | Origin::Node(_, ty) | Origin::Member(_, ty) => {
            Some(cx.schema.type_(ty).real())
        }
        Origin::Identity(_) => None,
    }
}

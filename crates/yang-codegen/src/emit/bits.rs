//! Bits (RFC 7950 section 9.7): structs of booleans.

use super::enumeration::type_of;
use super::{Cx, deprecated, docs, ident, leaf_type_docs};
use crate::docs::Docs;
use crate::ir::LeafType;
use crate::names::QName;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use yang_schema::{TypeDetail, TypeRef};

pub(super) fn bits(cx: &Cx<'_>, item: &LeafType) -> TokenStream {
    let Some(TypeDetail::Bits(bits)) = type_of(cx, item.origin).map(TypeRef::detail) else {
        return TokenStream::new();
    };
    let (head, status) = leaf_type_docs(cx, item);
    let deprecated_type = deprecated(status);
    let name = ident(&item.name);
    let fields = bits.iter().filter(|b| b.enabled).map(|b| {
        let text = cx.schema.str(b.name);
        let field = QName::plain(text).snake();
        let position = Literal::u32_unsuffixed(b.position);
        let mut about = Docs::default();
        about.add_text(cx.schema.opt_str(b.description).unwrap_or_default());
        if let Some(reference) = cx.schema.opt_str(b.reference) {
            about.add_labelled("Reference", reference);
        }
        let (about, old) = (docs(&about), deprecated(b.status));
        quote!(#about #old #[yang(name = #text, position = #position)] pub #field: bool)
    });
    let unknown = cx.parts.keep_unknown.then(|| {
        quote! {
            /// Names that the model does not know.
            #[yang(unknown)]
            pub unknown_: Vec<Box<str>>,
        }
    });
    quote! {
        #head
        #deprecated_type
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, rt::Yang)]
        #[yang(bits)]
        pub struct #name {
            #(#fields,)*
            #unknown
        }
    }
}

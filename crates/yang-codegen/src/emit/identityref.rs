//! Identityrefs (RFC 7950 section 9.10): open newtypes with a constant for each identity that the set knows.

use super::{Cx, deprecated, docs, ident, leaf_type_docs};
use crate::docs::Docs;
use crate::ir::LeafType;
use crate::names::QName;
use proc_macro2::TokenStream;
use quote::quote;
use yang_schema::{IdentityId, ModuleId};

pub(super) fn identityref(
    cx: &Cx<'_>,
    item: &LeafType,
    bases: &[IdentityId],
    values: &[IdentityId],
) -> TokenStream {
    let (head, status) = leaf_type_docs(cx, item);
    let deprecated_type = deprecated(status);
    let name = ident(&item.name);
    let home = bases.first().map(|&base| cx.schema.identity(base).module);
    let base = bases.iter().map(|&base| {
        let text = full_name(cx, base);
        quote!(base = #text)
    });
    let constants: Vec<_> = values.iter().map(|&id| constant(cx, id, home).constant()).collect();
    let definitions = values.iter().zip(&constants).map(|(&id, constant)| {
        let identity = cx.schema.identity(id);
        let mut about = Docs::default();
        about.add_text(cx.schema.opt_str(identity.description).unwrap_or_default());
        if let Some(reference) = cx.schema.opt_str(identity.reference) {
            about.add_labelled("Reference", reference);
        }
        let full = full_name(cx, id);
        about.add(format!("`{full}`"));
        let (about, old) = (docs(&about), deprecated(identity.status));
        let module = cx.module(identity.module);
        let text = cx.schema.str(identity.name);
        quote!(#about #old pub const #constant: Self = Self(rt::Identity::new(#module, #text));)
    });
    quote! {
        #head
        #deprecated_type
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, rt::Yang)]
        #[yang(identityref, #(#base,)* identities(#(#constants),*))]
        pub struct #name(pub rt::Identity);

        impl #name {
            #(#definitions)*
        }
    }
}

fn full_name(cx: &Cx<'_>, id: IdentityId) -> String {
    let identity = cx.schema.identity(id);
    format!("{}:{}", cx.schema.module_name(identity.module), cx.schema.str(identity.name))
}

/// An identity of another module than the base's carries its module.
pub(super) fn constant<'a>(cx: &Cx<'a>, id: IdentityId, home: Option<ModuleId>) -> QName<'a> {
    let identity = cx.schema.identity(id);
    let name = cx.schema.str(identity.name);
    if Some(identity.module) == home {
        QName::plain(name)
    } else {
        QName::of(cx.schema.module_name(identity.module), name)
    }
}

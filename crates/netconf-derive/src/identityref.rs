//! Identityrefs (RFC 7950 section 9.10): a newtype of `Identity` with constants.

use crate::attribute::{Argument, Form, Words};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, Expr, Fields, Result};

pub(crate) fn expand(input: &DeriveInput, fields: &Fields, words: &mut Words) -> Result<TokenStream> {
    let ident = &input.ident;
    if !matches!(fields, Fields::Unnamed(f) if f.unnamed.len() == 1) {
        return Err(Error::new(ident.span(), "an identityref is a newtype: `struct Name(Identity);`"));
    }
    // What it derives from is a record: whether an identity does, the list below tells.
    let bases = words.take_strings("base")?;
    let mut known = Vec::new();
    let mut listed = false;
    for word in words.take_all("identities") {
        listed = true;
        let Form::Call(arguments) = word.form else {
            return Err(Error::new(word.name.span(), "constants are expected: `identities(ONE, OTHER)`"));
        };
        for argument in arguments {
            match argument {
                Argument::Positional(Expr::Path(path)) => match path.path.get_ident() {
                    Some(constant) => known.push(quote!(#ident::#constant)),
                    None => known.push(quote!(#path)),
                },
                Argument::Positional(other) => {
                    return Err(Error::new_spanned(other, "the name of a constant is expected"));
                }
                Argument::Named(name, _) => return Err(Error::new(name.span(), "no value is expected")),
            }
        }
    }
    let count = known.len();
    // Where none was listed, any will do; where the list is empty, none will.
    let all = if listed {
        quote!(::core::option::Option::Some(&mut KNOWN.iter().map(|known| &known.0)))
    } else {
        quote!(::core::option::Option::None)
    };
    let leaf_slot = crate::leaf_slot(ident);
    Ok(quote! {
        static KNOWN: [#ident; #count] = [#(#known),*];
        impl __y::Leaf for #ident {
            const BASE: __y::derived::Base = __y::derived::Base::Identityref;
            #[inline]
            fn describe() -> __y::TypeInfo {
                __y::TypeInfo::Identityref {
                    bases: &[#(#bases),*],
                    known: KNOWN.iter().map(|known| ::core::clone::Clone::clone(&known.0)).collect(),
                }
            }
            #[inline]
            fn parse(
                scalar: &__y::derived::Scalar<'_>,
                context: &__y::ValueContext<'_>,
            ) -> ::core::result::Result<Self, __y::LeafError> {
                __y::Identity::parse(scalar, context, #all).map(Self)
            }
            #[inline]
            fn write(&self, write: __y::Write<'_>) -> ::core::result::Result<(), __y::derived::CodecError> {
                self.0.write(write)
            }
            #[inline]
            fn facet(&self) -> __y::Facet<'_> {
                self.0.facet(#all)
            }
        }
        #leaf_slot
        impl ::core::fmt::Display for #ident {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }
    })
}

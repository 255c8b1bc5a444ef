//! Unions (RFC 7950 section 9.12): an enum with a variant for each member, in their order.

use crate::attribute::Words;
use crate::described::Described;
use crate::detail::detail;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DataEnum, DeriveInput, Error, Fields, Result};
use yang_schema::record::{Kind, Word};

pub(crate) fn expand(input: &DeriveInput, data: &DataEnum, _: &mut Words) -> Result<TokenStream> {
    let ident = &input.ident;
    let (mut rust, mut types) = (Vec::new(), Vec::new());
    let mut members = Described::new(Kind::Choice, "");
    let mut checks = TokenStream::new();
    for variant in &data.variants {
        let ty = match &variant.fields {
            Fields::Unnamed(unnamed) if unnamed.unnamed.len() == 1 => &unnamed.unnamed[0].ty,
            _ => return Err(Error::new(variant.ident.span(), "a member holds one value: `Name(Type)`")),
        };
        let mut words = Words::new(&variant.attrs, variant.ident.span())?;
        let detail = detail(&mut words, ty, None)?;
        words.finish()?;
        members.word(&Word::Field(Kind::Leaf, "", ""));
        members.words(&detail.text);
        checks.extend(detail.checks);
        rust.push(&variant.ident);
        types.push(ty);
    }
    let (Some(first), count) = (rust.first(), rust.len()) else {
        return Err(Error::new(ident.span(), "a union has a member at least"));
    };
    let indexes: Vec<usize> = (0..count).collect();
    let described = members.expression(None);
    let parses = rust.iter().zip(&types).zip(&indexes).map(|((rust, ty), index)| {
        quote_spanned! {ty.span()=>
            if let ::core::option::Option::Some(value) =
                __y::derived::member::<#ty>(scalar, &context, MEMBERS.detail(#index))
            {
                return ::core::result::Result::Ok(Self::#rust(value));
            }
        }
    });
    let leaf_slot = crate::leaf_slot(ident);
    Ok(quote! {
        #checks
        static MEMBERS: __y::Described = #described;
        impl __y::Leaf for #ident {
            const BASE: __y::derived::Base = __y::derived::Base::Union;
            #[inline]
            fn describe() -> __y::TypeInfo {
                __y::TypeInfo::Union(::std::vec![#((<#types as __y::Leaf>::describe(), MEMBERS.detail(#indexes))),*])
            }
            #[inline]
            fn parse(
                scalar: &__y::derived::Scalar<'_>,
                context: &__y::ValueContext<'_>,
            ) -> ::core::result::Result<Self, __y::LeafError> {
                for context in __y::derived::rounds(context) {
                    #(#parses)*
                }
                ::core::result::Result::Err(__y::derived::no_member(scalar))
            }
            #[inline]
            fn write(&self, write: __y::Write<'_>) -> ::core::result::Result<(), __y::derived::CodecError> {
                match self {
                    #(Self::#rust(value) => __y::Leaf::write(value, write),)*
                }
            }
            #[inline]
            fn facet(&self) -> __y::Facet<'_> {
                match self {
                    #(Self::#rust(value) => __y::Facet::Member(value, MEMBERS.detail(#indexes)),)*
                }
            }
        }
        #leaf_slot
        impl ::core::default::Default for #ident {
            #[inline]
            fn default() -> Self {
                Self::#first(::core::default::Default::default())
            }
        }
        impl ::core::fmt::Display for #ident {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(&__y::canonical(self))
            }
        }
    })
}

//! Choices: an enum with a variant for each case.

use crate::attribute::{Word, Words, kebab};
use crate::described::Described;
use crate::detail::module;
use crate::node::{distinct, member};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DataEnum, DeriveInput, Error, Fields, Result};
use yang_schema::record::Kind;

pub(crate) fn expand(
    input: &DeriveInput,
    data: &DataEnum,
    kind: &Word,
    words: &mut Words,
) -> Result<TokenStream> {
    let ident = &input.ident;
    let name = kind.yang_name()?.unwrap_or_else(|| kebab(&ident.to_string()));
    let own_module = module(words)?;
    let mut checks = TokenStream::new();
    let mut members = Vec::new();
    let (mut numbers, mut contents, mut contents_mut, mut makes, mut clones) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (index, variant) in data.variants.iter().enumerate() {
        let rust = &variant.ident;
        let ty = match &variant.fields {
            Fields::Unnamed(unnamed) if unnamed.unnamed.len() == 1 => &unnamed.unnamed[0].ty,
            _ => {
                return Err(Error::new(
                    rust.span(),
                    "a case holds one value: the struct of its nodes, or its node",
                ));
            }
        };
        let text = rust.to_string();
        let member = member(&variant.attrs, &text, kebab(&text), ty, true)?;
        let slot = syn::Ident::new(member.slot, rust.span());
        numbers.push(quote!(Self::#rust(_) => #index,));
        contents.push(quote_spanned!(ty.span()=> Self::#rust(value) => __y::Slot::#slot(value),));
        contents_mut.push(quote_spanned!(ty.span()=> Self::#rust(value) => __y::SlotMut::#slot(value),));
        makes.push(quote!(#index => Self::#rust(::core::default::Default::default()),));
        clones.push(quote!(Self::#rust(value) => Self::#rust(::core::clone::Clone::clone(value)),));
        checks.extend(member.detail.checks.clone());
        members.push(member);
    }
    distinct(&members)?;
    let mut table = Described::new(Kind::Choice, &name);
    table.module(own_module.as_ref());
    members.iter().for_each(|member| table.member(member));
    let has_table = table.has_table(ident, None);
    // A choice may wait for the cases that others augment it with: such an enum has no values.
    let subject = if members.is_empty() { quote!(*self) } else { quote!(self) };
    let make = if members.is_empty() {
        quote! {
            let _ = variant;
            ::core::option::Option::None
        }
    } else {
        quote! {
            ::core::option::Option::Some(match variant {
                #(#makes)*
                _ => return ::core::option::Option::None,
            })
        }
    };
    Ok(quote! {
        #checks
        #has_table
        impl __y::ChoiceNode for #ident {
            #[inline]
            fn variant(&self) -> usize {
                match #subject { #(#numbers)* }
            }
            #[inline]
            fn content(&self) -> __y::Slot<'_> {
                match #subject { #(#contents)* }
            }
            #[inline]
            fn content_mut(&mut self) -> __y::SlotMut<'_> {
                match #subject { #(#contents_mut)* }
            }
        }
        impl __y::Choice for #ident {
            #[inline]
            fn make(variant: usize) -> ::core::option::Option<Self> {
                #make
            }
        }
        impl ::core::clone::Clone for #ident {
            #[inline]
            fn clone(&self) -> Self {
                match #subject { #(#clones)* }
            }
        }
        impl ::core::cmp::PartialEq for #ident {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                __y::derived::same_choice(self, other)
            }
        }
        impl ::core::fmt::Debug for #ident {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                __y::derived::debug_choice(self, f)
            }
        }
    })
}

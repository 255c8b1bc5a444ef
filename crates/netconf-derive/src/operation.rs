//! rpcs and actions (RFC 7950 sections 7.14 and 7.15): unit structs that tie input and output together.

use crate::attribute::{Word, Words, kebab};
use crate::detail::{module, optional};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{DeriveInput, Error, Fields, Result};

pub(crate) fn expand(
    input: &DeriveInput,
    fields: &Fields,
    kind: &Word,
    words: &mut Words,
) -> Result<TokenStream> {
    let ident = &input.ident;
    if !matches!(fields, Fields::Unit) {
        return Err(Error::new(
            ident.span(),
            "an operation is a unit struct: its nodes are in input and output",
        ));
    }
    let name = kind.yang_name()?.unwrap_or_else(|| kebab(&ident.to_string()));
    let nothing = || quote!(());
    let in_type = words.take_type("input")?.map_or_else(nothing, ToTokens::into_token_stream);
    let out_type = words.take_type("output")?.map_or_else(nothing, ToTokens::into_token_stream);
    let module = module(words)?;
    let told = optional(&module);
    if kind.name == "action" {
        let parent = words.take_type("parent")?.ok_or_else(|| {
            Error::new(kind.name.span(), "an action tells the struct that it stands in: `parent = Type`")
        })?;
        return Ok(quote! {
            impl __y::Action for #ident {
                type Parent = #parent;
                type Input = #in_type;
                type Output = #out_type;
                const NAME: &'static str = #name;
                const MODULE: ::core::option::Option<__y::Module> = #told;
            }
        });
    }
    let Some(module) = module else {
        return Err(Error::new(kind.name.span(), "an rpc tells its module: `module = ...`"));
    };
    Ok(quote! {
        impl __y::Rpc for #ident {
            type Input = #in_type;
            type Output = #out_type;
            const NAME: &'static str = #name;
            const MODULE: __y::Module = #module;
        }
    })
}

//! Enumerations (RFC 7950 section 9.6).

use crate::attribute::{Words, kebab};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataEnum, DeriveInput, Error, Fields, Result};

pub(crate) fn expand(input: &DeriveInput, data: &DataEnum, _: &mut Words) -> Result<TokenStream> {
    let ident = &input.ident;
    let mut variants = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut values: Vec<i32> = Vec::new();
    let mut unknown = None;
    for variant in &data.variants {
        let rust = &variant.ident;
        let mut words = Words::new(&variant.attrs, rust.span())?;
        if words.take_flag("unknown")? {
            words.finish()?;
            if !matches!(&variant.fields, Fields::Unnamed(f) if f.unnamed.len() == 1) {
                return Err(Error::new(rust.span(), "it holds the name of the enum: `Unknown(Box<str>)`"));
            }
            if unknown.replace(rust).is_some() {
                return Err(Error::new(rust.span(), "one variant is enough for unknown enums"));
            }
            continue;
        }
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new(rust.span(), "an enum holds nothing"));
        }
        let name = words.take_string("name")?;
        let span = name.as_ref().map_or(rust.span(), syn::LitStr::span);
        let name = name.map_or_else(|| kebab(&rust.to_string()), |n| n.value());
        if name.is_empty() || name.trim() != name {
            return Err(Error::new(span, "an enum's name is not empty and has no space around it"));
        }
        if names.contains(&name) {
            return Err(Error::new(span, format!("the enum {name:?} is there already")));
        }
        // Section 9.6.4.2: one more than the highest so far.
        let value = match words.take_integer("value")? {
            Some(value) => {
                i32::try_from(value).map_err(|_| Error::new(rust.span(), "the value is no int32"))?
            }
            None => match values.iter().max() {
                None => 0,
                Some(highest) => highest
                    .checked_add(1)
                    .ok_or_else(|| Error::new(rust.span(), "the value must be told: the highest is taken"))?,
            },
        };
        if values.contains(&value) {
            return Err(Error::new(rust.span(), format!("the value {value} is there already")));
        }
        words.finish()?;
        variants.push(rust);
        names.push(name);
        values.push(value);
    }
    if variants.is_empty() {
        return Err(Error::new(ident.span(), "an enumeration has an enum at least"));
    }
    let indexes: Vec<usize> = (0..variants.len()).collect();
    let keep = unknown.is_some();
    let unknown_name = unknown.map(|u| quote!(Self::#u(name) => name,));
    let unknown_value = unknown.map(|u| quote!(Self::#u(_) => return ::core::option::Option::None,));
    let facet = unknown.map(|u| {
        quote! {
            #[inline]
            fn facet(&self) -> __y::Facet<'_> {
                match self {
                    Self::#u(name) => __y::Facet::Unknown(__y::derived::no_enum(name, NAMES).0),
                    _ => __y::Facet::None,
                }
            }
        }
    });
    let other = match unknown {
        Some(u) => quote!(Self::#u(__y::derived::string_text(scalar, "enumeration")?.into())),
        None => quote!(return ::core::result::Result::Err(__y::LeafError::no(scalar, "enum"))),
    };
    let leaf_slot = crate::leaf_slot(ident);
    Ok(quote! {
        const NAMES: &[&str] = &[#(#names),*];
        impl #ident {
            /// Its name in YANG.
            #[inline]
            pub fn name(&self) -> &str {
                match self {
                    #(Self::#variants => #names,)*
                    #unknown_name
                }
            }
            /// Its value in YANG; one that the model does not know has none.
            #[inline]
            pub fn value(&self) -> ::core::option::Option<i32> {
                ::core::option::Option::Some(match self {
                    #(Self::#variants => #values,)*
                    #unknown_value
                })
            }
            #[inline]
            fn __at(index: usize) -> ::core::option::Option<Self> {
                ::core::option::Option::Some(match index {
                    #(#indexes => Self::#variants,)*
                    _ => return ::core::option::Option::None,
                })
            }
        }
        impl __y::Leaf for #ident {
            const BASE: __y::derived::Base = __y::derived::Base::Enumeration;
            #[inline]
            fn describe() -> __y::TypeInfo {
                __y::TypeInfo::Enumeration(&[#((#names, #values)),*])
            }
            #[inline]
            fn parse(
                scalar: &__y::derived::Scalar<'_>,
                context: &__y::ValueContext<'_>,
            ) -> ::core::result::Result<Self, __y::LeafError> {
                let found = __y::derived::find_enum(scalar, context, NAMES, #keep)?;
                ::core::result::Result::Ok(match found.and_then(Self::__at) {
                    ::core::option::Option::Some(found) => found,
                    ::core::option::Option::None => #other,
                })
            }
            #[inline]
            fn write(&self, write: __y::Write<'_>) -> ::core::result::Result<(), __y::derived::CodecError> {
                write(__y::derived::Datum::Text(self.name()))
            }
            #facet
        }
        #leaf_slot
        impl ::core::fmt::Display for #ident {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.name())
            }
        }
        impl ::core::str::FromStr for #ident {
            type Err = __y::LeafError;
            #[inline]
            fn from_str(text: &str) -> ::core::result::Result<Self, __y::LeafError> {
                NAMES
                    .iter()
                    .position(|name| *name == text)
                    .and_then(Self::__at)
                    .ok_or_else(|| __y::derived::no_enum(text, NAMES))
            }
        }
    })
}

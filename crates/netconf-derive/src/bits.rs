//! Bits (RFC 7950 section 9.7): a struct with a `bool` for each.

use crate::attribute::{Words, hyphened};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Error, Fields, Result};

struct Bit<'f> {
    rust: &'f syn::Ident,
    name: String,
    position: u32,
}

pub(crate) fn expand(input: &DeriveInput, fields: &Fields, _: &mut Words) -> Result<TokenStream> {
    let ident = &input.ident;
    let mut bits: Vec<Bit<'_>> = Vec::new();
    let mut unknown = None;
    for field in fields {
        let Some(rust) = &field.ident else {
            return Err(Error::new(ident.span(), "each bit is a field with a name"));
        };
        let mut words = Words::new(&field.attrs, rust.span())?;
        if words.take_flag("unknown")? {
            words.finish()?;
            unknown = Some(rust);
            continue;
        }
        let name = words.take_string("name")?;
        let span = name.as_ref().map_or(rust.span(), syn::LitStr::span);
        let name = name.map_or_else(|| hyphened(&rust.to_string()), |n| n.value());
        if !crate::attribute::is_identifier(&name) || bits.iter().any(|b| b.name == name) {
            return Err(Error::new(span, format!("{name:?} is no identifier, or is there already")));
        }
        // Section 9.7.4.2: one more than the highest so far.
        let position = match words.take_integer("position")? {
            Some(position) => u32::try_from(position)
                .map_err(|_| Error::new(rust.span(), "a position is 0 to 4294967295"))?,
            None => match bits.iter().map(|b| b.position).max() {
                None => 0,
                Some(highest) => highest.checked_add(1).ok_or_else(|| {
                    Error::new(rust.span(), "the position must be told: the highest is taken")
                })?,
            },
        };
        if bits.iter().any(|b| b.position == position) {
            return Err(Error::new(rust.span(), format!("the position {position} is taken already")));
        }
        words.finish()?;
        bits.push(Bit { rust, name, position });
    }
    if bits.is_empty() {
        return Err(Error::new(ident.span(), "bits has a bit at least"));
    }
    bits.sort_by_key(|b| b.position);
    let names = bits.iter().map(|b| &b.name);
    let (described, positions) = (names.clone(), bits.iter().map(|b| b.position));
    let rust: Vec<_> = bits.iter().map(|b| b.rust).collect();
    let indexes: Vec<usize> = (0..bits.len()).collect();
    let keep = unknown.is_some();
    let set_unknown = match unknown {
        Some(field) => quote!(out.#field = unknown;),
        None => quote!(let _ = unknown;),
    };
    let get_unknown = match unknown {
        Some(field) => quote!(&self.#field),
        None => quote!(&[]),
    };
    let facet = unknown.map(|field| {
        quote! {
            #[inline]
            fn facet(&self) -> __y::Facet<'_> {
                __y::derived::bits_facet(NAMES, &self.#field)
            }
        }
    });
    let leaf_slot = crate::leaf_slot(ident);
    Ok(quote! {
        const NAMES: &[&str] = &[#(#names),*];
        impl __y::Leaf for #ident {
            const BASE: __y::derived::Base = __y::derived::Base::Bits;
            #[inline]
            fn describe() -> __y::TypeInfo {
                __y::TypeInfo::Bits(&[#((#described, #positions)),*])
            }
            #[inline]
            fn parse(
                scalar: &__y::derived::Scalar<'_>,
                context: &__y::ValueContext<'_>,
            ) -> ::core::result::Result<Self, __y::LeafError> {
                let mut out = <Self as ::core::default::Default>::default();
                let unknown = __y::derived::find_bits(scalar, context, NAMES, #keep, &mut |at| match at {
                    #(#indexes => out.#rust = true,)*
                    _ => {}
                })?;
                #set_unknown
                ::core::result::Result::Ok(out)
            }
            #[inline]
            fn write(&self, write: __y::Write<'_>) -> ::core::result::Result<(), __y::derived::CodecError> {
                write(__y::derived::Datum::Text(&::std::string::ToString::to_string(self)))
            }
            #facet
            #[inline]
            fn is_zero(&self) -> bool {
                *self == <Self as ::core::default::Default>::default()
            }
        }
        #leaf_slot
        impl ::core::fmt::Display for #ident {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let is_set = |at: usize| match at {
                    #(#indexes => self.#rust,)*
                    _ => false,
                };
                f.write_str(&__y::derived::print_bits(NAMES, &is_set, #get_unknown))
            }
        }
    })
}

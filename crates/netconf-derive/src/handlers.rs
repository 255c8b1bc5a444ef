//! `#[derive(Handlers)]`: one device out of the handlers of many modules.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Error, Fields, Ident, Path, Result, Token, parenthesized};

/// What stands in one `#[handlers(...)]`.
struct Argument {
    /// Rust modules, each with a `register` function: those that yang-codegen makes of YANG modules.
    modules: Vec<Path>,
    /// `unsupported(...)`: such modules, whose rpcs and actions nobody handles.
    unsupported: Vec<Path>,
    /// `crate = path`: where the runtime is, if not at `::netconf_runtime`.
    runtime: Option<Path>,
}

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(
            input.ident.span(),
            "derive(Handlers) is for a struct: the device whose handlers these are",
        ));
    };
    let Argument { modules, unsupported, runtime } = arguments(&input.attrs)?;
    let runtime = runtime.map_or_else(|| quote!(::netconf_runtime), |path| quote!(#path));
    let mut calls = Vec::new();
    for module in &modules {
        // The call carries the module's span: a handler that is missing is reported there.
        calls.push(quote_spanned! {module.span()=>
            #module::register(::std::sync::Arc::clone(&self), registry);
        });
    }
    for (i, field) in data.fields.iter().enumerate() {
        let argument = arguments(&field.attrs)?;
        if let Some(path) = argument.unsupported.first() {
            return Err(Error::new(path.span(), "`unsupported` belongs to the attribute of the struct"));
        }
        if let Some(path) = argument.runtime {
            return Err(Error::new(path.span(), "`crate` belongs to the attribute of the struct"));
        }
        let member = match (&data.fields, &field.ident) {
            (Fields::Named(_), Some(name)) => quote!(#name),
            _ => {
                let index = syn::Index::from(i);
                quote!(#index)
            }
        };
        for module in &argument.modules {
            calls.push(quote_spanned! {module.span()=>
                #module::register(::std::sync::Arc::clone(&self.#member), registry);
            });
        }
    }
    if calls.is_empty() {
        return Err(Error::new(
            input.ident.span(),
            "name the modules that this device handles: #[handlers(yang::example_toaster)], on the struct or on a \
             field that holds an Arc of the handler",
        ));
    }
    for module in &unsupported {
        calls.push(quote_spanned! {module.span()=> registry.unsupported(#module::MODULE.name); });
    }
    let name = &input.ident;
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    Ok(quote! {
        #[automatically_derived]
        impl #impl_generics #runtime::Handlers for #name #type_generics #where_clause {
            fn register(self: ::std::sync::Arc<Self>, registry: &mut #runtime::Registry) {
                #(#calls)*
                registry.complete();
            }
        }
    })
}

fn arguments(attributes: &[Attribute]) -> Result<Argument> {
    let mut found = Argument { modules: Vec::new(), unsupported: Vec::new(), runtime: None };
    for attribute in attributes.iter().filter(|a| a.path().is_ident("handlers")) {
        attribute.parse_args_with(|input: syn::parse::ParseStream<'_>| {
            while !input.is_empty() {
                if input.peek(Token![crate]) && input.peek2(Token![=]) {
                    input.parse::<Token![crate]>()?;
                    input.parse::<Token![=]>()?;
                    found.runtime = Some(input.parse()?);
                } else if is_unsupported(input) {
                    input.call(Ident::parse_any)?;
                    let inside;
                    parenthesized!(inside in input);
                    let paths =
                        Punctuated::<Path, Token![,]>::parse_terminated_with(&inside, Path::parse_mod_style)?;
                    found.unsupported.extend(paths);
                } else {
                    let path: Path = input.call(Path::parse_mod_style)?;
                    if found.modules.contains(&path) {
                        return Err(Error::new(path.span(), "this module stands here twice"));
                    }
                    found.modules.push(path);
                }
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
            Ok(())
        })?;
    }
    Ok(found)
}

/// `unsupported(`, which no path begins with.
fn is_unsupported(input: syn::parse::ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.call(Ident::parse_any).is_ok_and(|word| word == "unsupported") && ahead.peek(syn::token::Paren)
}

#[cfg(test)]
mod tests {
    use super::expand;
    use quote::quote;

    fn message(input: proc_macro2::TokenStream) -> String {
        expand(&syn::parse2(input).unwrap()).unwrap_err().to_string()
    }

    #[test]
    fn each_module_is_registered_once() {
        let input = quote! {
            #[handlers(yang::a, yang::b)]
            struct Device<T: Send> {
                #[handlers(yang::c)]
                part: std::sync::Arc<T>,
            }
        };
        let out = expand(&syn::parse2(input).unwrap()).unwrap().to_string();
        let find = |s: &str| out.matches(s).count();
        assert_eq!(find("yang :: a :: register (:: std :: sync :: Arc :: clone (& self)"), 1, "{out}");
        assert_eq!(find("yang :: b :: register (:: std :: sync :: Arc :: clone (& self)"), 1, "{out}");
        assert_eq!(find("yang :: c :: register (:: std :: sync :: Arc :: clone (& self . part)"), 1, "{out}");
        assert_eq!(find("impl < T : Send > :: netconf_runtime :: Handlers for Device < T >"), 1, "{out}");
    }

    #[test]
    fn what_nobody_handles_is_said() {
        let input = quote! {
            #[handlers(yang::a, unsupported(yang::b, yang::c))]
            struct Device;
        };
        let out = expand(&syn::parse2(input).unwrap()).unwrap().to_string();
        assert!(out.contains("registry . unsupported (yang :: b :: MODULE . name)"), "{out}");
        assert!(out.contains("registry . unsupported (yang :: c :: MODULE . name)"), "{out}");
        assert!(out.contains("registry . complete ()"), "{out}");
        // A module of that name is still a module.
        let input = quote! {
            #[handlers(unsupported)]
            struct Device;
        };
        let out = expand(&syn::parse2(input).unwrap()).unwrap().to_string();
        assert!(out.contains("unsupported :: register"), "{out}");
    }

    #[test]
    fn mistakes_are_told() {
        assert!(
            message(quote!(
                struct Device;
            ))
            .contains("name the modules")
        );
        assert!(
            message(quote!(
                #[handlers(a, a)]
                struct Device;
            ))
            .contains("twice")
        );
        assert!(
            message(quote!(
                #[handlers(a)]
                enum Device {}
            ))
            .contains("for a struct")
        );
        assert!(
            message(quote!(
                struct Device(#[handlers(a, crate = x)] A);
            ))
            .contains("of the struct")
        );
        assert!(
            message(quote!(
                struct Device(#[handlers(a, unsupported(b))] A);
            ))
            .contains("of the struct")
        );
    }
}

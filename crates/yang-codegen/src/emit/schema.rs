//! The root of generated code: the modules of the set, the compiled schema and the texts of the modules.

use super::{Cx, ident};
use crate::ir::{Module, Package};
use proc_macro2::TokenStream;
use quote::quote;
use yang_schema::Schema;

/// Files that generated code carries in itself, by their names beside it.
#[derive(Debug, Default)]
pub(crate) struct Embedded {
    /// The schema's blob.
    pub schema: String,
    /// Name, revision and file of each module and submodule.
    pub texts: Vec<(String, Option<String>, String)>,
}

/// What stands in front of the modules.
pub(crate) fn root(
    schema: &Schema,
    package: &Package,
    parts: &super::Parts,
    embedded: Option<&Embedded>,
) -> TokenStream {
    let cx = Cx { schema, package, parts, here: Vec::new() };
    let modules = package.known.iter().map(|&id| cx.module(id));
    let mock = (parts.mock && embedded.is_some()).then(super::mock::mock);
    let embedded = embedded.map(embed);
    let registry = super::registry::registry(&cx);
    quote! {
        #[allow(unused_imports)]
        use ::netconf_runtime::binding as rt;

        /// The modules that instance data can name.
        #[allow(dead_code, unreachable_pub)]
        pub static MODULES: &[rt::Module] = &[#(#modules),*];

        #embedded

        #registry

        #mock
    }
}

fn embed(embedded: &Embedded) -> TokenStream {
    let blob = &embedded.schema;
    let texts = embedded.texts.iter().map(|(name, revision, file)| {
        let revision = match revision {
            Some(revision) => quote!(::std::option::Option::Some(#revision)),
            None => quote!(::std::option::Option::None),
        };
        quote!((#name, #revision, include_str!(#file)))
    });
    quote! {
        /// The compiled schema of the set.
        ///
        /// # Panics
        /// Where generator and runtime are of versions that do not read each other's schema.
        #[allow(dead_code, unreachable_pub, clippy::expect_used)]
        pub fn schema() -> &'static ::std::sync::Arc<::netconf_runtime::yang_schema::Schema> {
            static SCHEMA: ::std::sync::LazyLock<::std::sync::Arc<::netconf_runtime::yang_schema::Schema>> =
                ::std::sync::LazyLock::new(|| {
                    let blob = include_bytes!(#blob);
                    let schema = ::netconf_runtime::yang_schema::Schema::from_bytes(blob);
                    ::std::sync::Arc::new(schema.expect("the schema was made by the generator of this runtime"))
                });
            &SCHEMA
        }

        /// Name, revision and text of each module and submodule: what `get-schema` (RFC 6022) hands out.
        #[allow(dead_code, unreachable_pub)]
        pub static MODULE_TEXTS: &[(&str, ::std::option::Option<&str>, &str)] = &[#(#texts),*];
    }
}

/// Where the content of a module stands.
pub(crate) enum Content<'a> {
    /// Here.
    Inline(&'a TokenStream),
    /// In a file of this name beside the root.
    File(&'a str),
}

/// A module of the set, its lints off: the names are the model's. Where it is a feature that is off, its `MODULE` alone
/// stays, by which the others know it.
pub(crate) fn module_item(
    schema: &Schema,
    package: &Package,
    parts: &super::Parts,
    module: &Module,
    content: Content<'_>,
) -> TokenStream {
    let record = schema.module(module.id);
    let mut docs = crate::docs::Docs::default();
    docs.add_text(schema.opt_str(record.description).unwrap_or_default());
    let (name, docs, allow) = (ident(&module.scope.name), super::docs(&docs), allow());
    let feature = schema.str(record.name);
    let gate = parts.feature_per_module.then(|| quote!(#[cfg(feature = #feature)]));
    let without = parts.feature_per_module.then(|| {
        let cx = Cx { schema, package, parts, here: vec![module.scope.name.clone()] };
        let head = super::module::head(&cx, module);
        quote! {
            #[cfg(not(feature = #feature))]
            #[doc(hidden)]
            #allow
            pub mod #name {
                #head
            }
        }
    });
    let content = match content {
        Content::Inline(content) => quote!(pub mod #name { #content }),
        Content::File(file) => quote! {
            #[rustfmt::skip]
            #[path = #file]
            pub mod #name;
        },
    };
    quote! {
        #gate
        #docs
        #allow
        #content
        #without
    }
}

fn allow() -> TokenStream {
    quote! {
        #[allow(
            dead_code,
            deprecated,
            missing_docs,
            non_camel_case_types,
            non_snake_case,
            non_upper_case_globals,
            unreachable_pub,
            unused_imports,
            clippy::all,
            clippy::pedantic,
            rustdoc::all
        )]
    }
}

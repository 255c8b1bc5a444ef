//! The root of generated code: the modules of the set, the compiled schema and the texts of the modules.

use super::{Cx, ident};
use crate::ir::{Module, Package};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use yang_schema::Schema;

/// Files that generated code carries in itself, by their names beside it.
#[derive(Debug, Default)]
pub(crate) struct Embedded {
    /// The schema's blob.
    pub schema: String,
    /// The modules' and submodules' texts, compressed one by one and put together.
    pub texts: String,
    /// Name, revision and length of each text, and where its compressed bytes end.
    pub rows: Vec<(String, Option<String>, usize, usize)>,
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
    let visible = &parts.visibility;
    let mock = (parts.mock && embedded.is_some()).then(|| super::mock::mock(visible));
    let embedded = embedded.map(|embedded| embed(embedded, visible));
    let registry = super::registry::registry(&cx);
    quote! {
        #[allow(unused_imports)]
        use ::netconf_runtime::binding as rt;

        /// The modules that instance data can name.
        #[allow(dead_code, unreachable_pub)]
        #visible static MODULES: &[rt::Module] = &[#(#modules),*];

        #embedded

        #registry

        #mock
    }
}

fn embed(embedded: &Embedded, visible: &TokenStream) -> TokenStream {
    let (blob, texts) = (&embedded.schema, &embedded.texts);
    let rows = embedded.rows.iter().map(|(name, revision, length, end)| {
        let revision = match revision {
            Some(revision) => quote!(::std::option::Option::Some(#revision)),
            None => quote!(::std::option::Option::None),
        };
        let (length, end) = (Literal::usize_unsuffixed(*length), Literal::usize_unsuffixed(*end));
        quote!((#name, #revision, #length, #end))
    });
    quote! {
        /// The compiled schema of the set.
        ///
        /// # Panics
        /// Where generator and runtime are of versions that do not read each other's schema.
        #[allow(dead_code, unreachable_pub, clippy::expect_used)]
        #visible fn schema() -> &'static ::std::sync::Arc<::netconf_runtime::yang_schema::Schema> {
            static SCHEMA: ::std::sync::LazyLock<::std::sync::Arc<::netconf_runtime::yang_schema::Schema>> =
                ::std::sync::LazyLock::new(|| {
                    let blob = include_bytes!(#blob);
                    let schema = ::netconf_runtime::yang_schema::Schema::from_bytes(blob);
                    ::std::sync::Arc::new(schema.expect("the schema was made by the generator of this runtime"))
                });
            &SCHEMA
        }

        /// The text of each module and submodule, compressed: what `get-schema` (RFC 6022) hands out.
        #[allow(dead_code, unreachable_pub)]
        #visible static MODULE_TEXTS: ::netconf_runtime::ModuleTexts =
            ::netconf_runtime::ModuleTexts::compressed(include_bytes!(#texts), &[#(#rows),*]);
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
    let (feature, visible) = (schema.str(record.name), &parts.visibility);
    let gate = parts.feature_per_module.then(|| quote!(#[cfg(feature = #feature)]));
    let without = parts.feature_per_module.then(|| {
        let cx = Cx { schema, package, parts, here: vec![module.scope.name.clone()] };
        let head = super::module::head(&cx, module);
        quote! {
            #[cfg(not(feature = #feature))]
            #[doc(hidden)]
            #allow
            #visible mod #name {
                #head
            }
        }
    });
    let content = match content {
        Content::Inline(content) => quote!(#visible mod #name { #content }),
        Content::File(file) => quote! {
            #[rustfmt::skip]
            #[path = #file]
            #visible mod #name;
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

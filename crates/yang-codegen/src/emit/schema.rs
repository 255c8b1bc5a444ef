//! The root of generated code: the modules of the set, the compiled schema and the texts of the modules.

use super::{Cx, Out};
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
    out: &mut Out,
) {
    let cx = Cx { schema, package, parts, here: Vec::new() };
    let modules: Vec<String> = package.known.iter().map(|&id| cx.module_text(id)).collect();
    let visible = &parts.visibility;
    out.line(0, "#[allow(unused_imports)]");
    out.line(0, "use ::netconf_runtime::binding as rt;");
    out.item();
    out.line(0, "/// The modules that instance data can name.");
    out.line(0, "#[allow(dead_code, unreachable_pub)]");
    out.listed(0, &format!("{visible}static MODULES: &[rt::Module] = &["), &modules, "];", ",");
    if let Some(embedded) = embedded {
        out.tokens(&embed(embedded, &super::tokens(visible)));
    }
    super::registry::registry(&cx, out);
    if parts.mock && embedded.is_some() {
        out.tokens(&super::mock::mock(&super::tokens(visible)));
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
    Inline(&'a str),
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
    out: &mut Out,
) {
    let record = schema.module(module.id);
    let (name, visible) = (&module.scope.name, &parts.visibility);
    let feature = parts.feature_per_module.then(|| schema.str(record.name));
    out.item();
    if let Some(feature) = feature {
        out.line(0, format_args!("#[cfg(feature = {feature:?})]"));
    }
    out.docs(0, &super::described(schema.opt_str(record.description), None));
    allow(out);
    match content {
        Content::Inline(content) => {
            out.line(0, format_args!("{visible}mod {name} {{"));
            out.verbatim(content);
            out.line(0, "}");
        }
        Content::File(file) => {
            out.line(0, "#[rustfmt::skip]");
            out.line(0, format_args!("#[path = {file:?}]"));
            out.line(0, format_args!("{visible}mod {name};"));
        }
    }
    if let Some(feature) = feature {
        let cx = Cx { schema, package, parts, here: vec![name.clone()] };
        out.item();
        out.line(0, format_args!("#[cfg(not(feature = {feature:?}))]"));
        out.line(0, "#[doc(hidden)]");
        allow(out);
        out.line(0, format_args!("{visible}mod {name} {{"));
        super::module::head(&cx, module, out);
        out.line(0, "}");
    }
}

fn allow(out: &mut Out) {
    let lints = [
        "dead_code",
        "deprecated",
        "missing_docs",
        "non_camel_case_types",
        "non_snake_case",
        "non_upper_case_globals",
        "unreachable_pub",
        "unused_imports",
        "clippy::all",
        "clippy::pedantic",
        "rustdoc::all",
    ];
    out.listed(0, "#[allow(", &lints.map(str::to_owned), ")]", "");
}

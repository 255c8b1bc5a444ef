//! What stands at the top of a module's Rust module: its name, and all its data.

use super::{Cx, fields};
use crate::ir::Module;
use proc_macro2::TokenStream;
use quote::quote;

/// The name of the module: all that stays of it where its feature is off.
pub(super) fn head(cx: &Cx<'_>, module: &Module) -> TokenStream {
    let record = cx.schema.module(module.id);
    let (name, namespace) = (cx.schema.str(record.name), cx.schema.str(record.namespace));
    let fingerprint = super::fingerprint::value(cx, module.id);
    quote! {
        use super::rt;

        /// The name of the module and its namespace.
        pub const MODULE: rt::Module = rt::Module::new(#name, #namespace);

        /// What it was generated of.
        pub const FINGERPRINT_: rt::Fingerprint = #fingerprint;
    }
}

/// All data of the module; nothing where there is none.
pub(super) fn data(cx: &Cx<'_>, module: &Module) -> Option<TokenStream> {
    (!module.top.is_empty()).then(|| {
        let name = cx.schema.module_name(module.id);
        let modules = cx.at_root("MODULES");
        let fields = module.top.iter().map(|field| fields::field(cx, field, module.id));
        let unknown = cx.parts.keep_unknown.then(|| {
            quote! {
                /// Nodes that the model does not know, as they came.
                #[yang(unknown)]
                pub unknown_: rt::Unknown,
            }
        });
        let about = format!(" All data of `{name}`: its top-level nodes.");
        quote! {
            #[doc = #about]
            #[derive(Default, rt::Yang)]
            #[yang(root, module = MODULE, modules = #modules)]
            pub struct Data {
                #(#fields,)*
                #unknown
            }
        }
    })
}

//! Configuration changes: prepare (which may refuse), apply and abort for each top-level node that can be configured.

use super::{Cx, ident};
use crate::ir::{Content, Field, Module};
use crate::names::QName;
use proc_macro2::TokenStream;
use quote::quote;

/// The methods for one node and the call that registers them.
pub(super) struct Hooks {
    /// The methods, which do nothing unless they are written.
    pub(super) methods: TokenStream,
    /// Their registration.
    pub(super) registration: TokenStream,
}

/// Hooks for each top-level node that can be configured.
pub(super) fn hooks(cx: &Cx<'_>, module: &Module) -> Vec<Hooks> {
    module.top.iter().filter(|f| cx.schema.node(f.node).is_config()).map(|f| hook(cx, f)).collect()
}

fn hook(cx: &Cx<'_>, field: &Field) -> Hooks {
    let node = cx.schema.node(field.node);
    let stem = QName::plain(node.name()).snake_text();
    let stem = stem.trim_start_matches("r#");
    let [prepare, apply, abort] = ["prepare", "apply", "abort"].map(|what| ident(&format!("{stem}__{what}")));
    let path = node.data_path();
    // Only a container is one struct; of others the hooks get the change without types.
    let (changed, call) = match &field.content {
        Content::Container(path) => {
            let ty = cx.path(path);
            (quote!(::netconf_runtime::Changed<'_, #ty>), quote!(::netconf_runtime::Changed::new(change)))
        }
        _ => (quote!(&::netconf_runtime::Change), quote!(change)),
    };
    let fallible = quote! {
        impl ::std::future::Future<Output = ::std::result::Result<(), ::netconf_runtime::RpcError>> + Send
    };
    let about_prepare = format!(" `{path}` is about to change. An error refuses the whole transaction.");
    let about_apply = format!(
        " `{path}` has changed, or the device has started with it. Must be idempotent, and cannot refuse: an error is \
         logged and reported, the commit stands."
    );
    let about_abort = format!(" The change of `{path}` that was prepared does not happen.");
    Hooks {
        methods: quote! {
            #[doc = #about_prepare]
            fn #prepare(&self, change: #changed) -> #fallible {
                let _ = change;
                async { Ok(()) }
            }
            #[doc = #about_apply]
            fn #apply(&self, change: #changed) -> #fallible {
                let _ = change;
                async { Ok(()) }
            }
            #[doc = #about_abort]
            fn #abort(&self, change: #changed) -> impl ::std::future::Future<Output = ()> + Send {
                let _ = change;
                async {}
            }
        },
        registration: quote! {{
            struct Hooks<H>(::std::sync::Arc<H>);
            impl<H: Handler> ::netconf_runtime::ConfigHandler for Hooks<H> {
                fn name(&self) -> &str {
                    #path
                }
                fn prepare<'a>(
                    &'a self,
                    change: &'a ::netconf_runtime::Change,
                ) -> ::netconf_runtime::BoxFuture<'a, ::std::result::Result<(), ::netconf_runtime::RpcError>> {
                    Box::pin(self.0.#prepare(#call))
                }
                fn apply<'a>(
                    &'a self,
                    change: &'a ::netconf_runtime::Change,
                ) -> ::netconf_runtime::BoxFuture<'a, ::std::result::Result<(), ::netconf_runtime::RpcError>> {
                    Box::pin(self.0.#apply(#call))
                }
                fn abort<'a>(
                    &'a self,
                    change: &'a ::netconf_runtime::Change,
                ) -> ::netconf_runtime::BoxFuture<'a, ()> {
                    Box::pin(self.0.#abort(#call))
                }
            }
            let hooks = Hooks(::std::sync::Arc::clone(&handler));
            registry.config(#path, ::std::sync::Arc::new(hooks));
        }},
    }
}

//! Configuration changes: amend, prepare (which may refuse), apply and abort for each top-level node that can be configured, and for each
//! node that was asked for.

use super::{Cx, ident, place};
use crate::ir::Module;
use proc_macro2::TokenStream;
use quote::quote;
use yang_schema::{NodeKind, NodeRef};

/// The methods for one node and the call that registers them.
pub(super) struct Hooks {
    /// The methods, which do nothing unless they are written.
    pub(super) methods: TokenStream,
    /// Their registration.
    pub(super) registration: TokenStream,
}

/// Hooks for each top-level node that can be configured, and for those of the module's subtrees that were asked for.
pub(super) fn hooks(cx: &Cx<'_>, module: &Module) -> Vec<Hooks> {
    let tops = place::tops(cx, module);
    let below = place::asked_for(cx, module, &cx.parts.hooks);
    let nodes = tops.into_iter().chain(below).filter(|node| node.is_config());
    nodes.filter_map(|node| hook(cx, module, node)).collect()
}

fn hook(cx: &Cx<'_>, module: &Module, node: NodeRef<'_>) -> Option<Hooks> {
    let stem = place::stem(cx, node, module.id);
    let [amend, prepare, apply, abort] =
        ["amend", "prepare", "apply", "abort"].map(|what| ident(&format!("{stem}__{what}")));
    let path = node.data_path();
    let ty = place::value(cx, node)?;
    let keys = place::keys(cx, node);
    let (keys, place) = (place::tuple(&keys), place::path(cx, node, &ty));
    let changed = match node.kind() {
        NodeKind::List => quote!(::netconf_runtime::Changed<'_, #ty, #keys>),
        _ if place::line(node).iter().any(|n| n.kind() == NodeKind::List) => {
            quote!(::netconf_runtime::Changed<'_, #ty, #keys>)
        }
        _ => quote!(::netconf_runtime::Changed<'_, #ty>),
    };
    let call = quote!(::netconf_runtime::Changed::new(change, #place));
    let result = |of: TokenStream| quote!(::std::result::Result<#of, ::netconf_runtime::RpcError>);
    let (amended, done) = (result(quote!(::netconf_runtime::Amendment)), result(quote!(())));
    let future = |of: &TokenStream| quote!(impl ::std::future::Future<Output = #of> + Send);
    let (amending, fallible) = (future(&amended), future(&done));
    let about_amend = format!(
        " `{path}` is about to change. What is returned changes with it. There is one round of this, and it must do nothing else."
    );
    let about_prepare = format!(" `{path}` is about to change. An error refuses the whole transaction.");
    let about_apply = format!(
        " `{path}` has changed, or the device has started with it. Must be idempotent, and cannot refuse: an error is \
         logged and reported, the commit stands."
    );
    let about_abort = format!(" The change of `{path}` that was prepared does not happen.");
    Some(Hooks {
        methods: quote! {
            #[doc = #about_amend]
            fn #amend(&self, change: #changed) -> #amending {
                let _ = change;
                async { Ok(::std::default::Default::default()) }
            }
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
            struct Hooks_<H_>(::std::sync::Arc<H_>);
            impl<H_: Handler> ::netconf_runtime::ConfigHandler for Hooks_<H_> {
                fn name(&self) -> &str {
                    #path
                }
                fn amend<'a>(
                    &'a self,
                    change: &'a ::netconf_runtime::Change,
                ) -> ::netconf_runtime::BoxFuture<'a, #amended> {
                    Box::pin(self.0.#amend(#call))
                }
                fn prepare<'a>(
                    &'a self,
                    change: &'a ::netconf_runtime::Change,
                ) -> ::netconf_runtime::BoxFuture<'a, #done> {
                    Box::pin(self.0.#prepare(#call))
                }
                fn apply<'a>(
                    &'a self,
                    change: &'a ::netconf_runtime::Change,
                ) -> ::netconf_runtime::BoxFuture<'a, #done> {
                    Box::pin(self.0.#apply(#call))
                }
                fn abort<'a>(
                    &'a self,
                    change: &'a ::netconf_runtime::Change,
                ) -> ::netconf_runtime::BoxFuture<'a, ()> {
                    Box::pin(self.0.#abort(#call))
                }
            }
            let hooks = Hooks_(::std::clone::Clone::clone(&handler));
            registry.config(#path, ::std::sync::Arc::new(hooks));
        }},
    })
}

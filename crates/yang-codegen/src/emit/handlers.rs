//! The server's side of a module: a trait with a method for each rpc, hooks for state and configuration, and `register`,
//! which `#[derive(Handlers)]` calls.

use super::{Cx, configuration, ident, node_docs, rpc, state};
use crate::ir::Module;
use crate::lower::qname;
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn handlers(cx: &Cx<'_>, module: &Module) -> TokenStream {
    if module.rpcs.is_empty() && module.top.is_empty() {
        return TokenStream::new();
    }
    let name = cx.schema.module_name(module.id);
    let mut methods = Vec::new();
    let mut registrations = Vec::new();
    for operation in &module.rpcs {
        let node = cx.schema.node(operation.node);
        let method = qname(node).snake();
        let marker = ident(&operation.name);
        let (input, output) = rpc::types(cx, operation);
        let docs = node_docs(node);
        let (argument, value) = match operation.input {
            Some(_) => (quote!(, input: #input), quote!(, input)),
            None => (quote!(), quote!()),
        };
        methods.push(quote! {
            #docs
            fn #method(&self, cx: &::netconf_runtime::Cx #argument) -> impl ::std::future::Future<
                Output = ::std::result::Result<#output, ::netconf_runtime::RpcError>
            > + Send;
        });
        let ignored = operation.input.is_none().then(|| quote!(let () = input;));
        registrations.push(quote! {
            let h = ::std::sync::Arc::clone(&handler);
            registry.rpc::<#marker>(move |cx, input| {
                #ignored
                let h = ::std::sync::Arc::clone(&h);
                Box::pin(async move { h.#method(&cx #value).await })
            });
        });
    }
    for provider in state::providers(cx, module) {
        methods.push(provider.method);
        registrations.push(provider.registration);
    }
    for hooks in configuration::hooks(cx, module) {
        methods.push(hooks.methods);
        registrations.push(hooks.registration);
    }
    let about = format!(
        " What a device does for `{name}`. A method without a body here must be written; the others do nothing unless \
         they are."
    );
    let message = format!("`{{Self}}` has no handlers for the YANG module {name}");
    let note = format!("write `impl {}::Handler for {{Self}} {{{{ … }}}}`", module.scope.name);
    quote! {
        #[doc = #about]
        #[diagnostic::on_unimplemented(message = #message, label = "named here", note = #note)]
        pub trait Handler: Send + ::std::marker::Sync + 'static {
            #(#methods)*
        }

        /// Registers the handlers of this module; `#[derive(Handlers)]` calls it.
        pub fn register<H: Handler>(handler: ::std::sync::Arc<H>, registry: &mut ::netconf_runtime::Registry) {
            #(#registrations)*
        }
    }
}

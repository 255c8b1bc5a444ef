//! The server's side of a module: a trait with a method for each rpc and action, hooks for state and configuration, and `register`,
//! which `#[derive(Handlers)]` calls.

use super::{Cx, action, configuration, ident, node_docs, place, rpc, state};
use crate::ir::{Module, Operation};
use crate::lower::qname;
use proc_macro2::TokenStream;
use quote::quote;

/// A method that a device must write, with types as they are written outside of generated code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Required {
    /// The YANG module whose `Handler` has it.
    pub module: String,
    /// The schema path of its rpc or action.
    pub operation: String,
    /// Its name.
    pub method: String,
    /// The types of what it gets besides the context.
    pub parameters: Vec<String>,
    /// What it gives.
    pub output: String,
}

/// The methods without which the handlers of a module do not compile. `root` is the path of the generated code, and `cx` stands
/// right below it, so that all of that is reached by `super`.
pub(crate) fn required(cx: &Cx<'_>, module: &Module, root: &str) -> Vec<Required> {
    let text = |tokens: TokenStream| {
        let text = tokens.to_string().replace("rt :: ", "netconf_runtime::binding::").replace(' ', "");
        text.replace("super::", &format!("{root}::"))
    };
    let name = cx.schema.module_name(module.id);
    let method = |operation: &Operation, method: String, keys: Vec<place::Key>| {
        let (input, output) = rpc::types(cx, operation);
        let input = operation.input.as_ref().map(|_| input);
        Required {
            module: name.to_owned(),
            operation: cx.schema.node(operation.node).data_path(),
            method,
            parameters: keys.into_iter().map(|key| key.ty).chain(input).map(text).collect(),
            output: text(output),
        }
    };
    let rpcs =
        module.rpcs.iter().map(|rpc| method(rpc, qname(cx.schema.node(rpc.node)).snake_text(), Vec::new()));
    let actions = module.actions.iter().map(|action| {
        let node = cx.schema.node(action.operation.node);
        let keys = node.data_parent().map(|parent| place::keys(cx, parent)).unwrap_or_default();
        method(&action.operation, place::stem(cx, node, module.id), keys)
    });
    rpcs.chain(actions).collect()
}

pub(super) fn handlers(cx: &Cx<'_>, module: &Module) -> TokenStream {
    if module.rpcs.is_empty() && module.actions.is_empty() && module.top.is_empty() {
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
            let h = ::std::clone::Clone::clone(&handler);
            registry.rpc::<#marker>(move |cx, input| {
                #ignored
                let h = ::std::clone::Clone::clone(&h);
                Box::pin(async move { Handler::#method(&*h, &cx #value).await })
            });
        });
    }
    for item in &module.actions {
        let (method, registration) = action::handler(cx, item, module.id);
        methods.push(method);
        registrations.push(registration);
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
        pub fn register<H_: Handler>(handler: ::std::sync::Arc<H_>, registry: &mut ::netconf_runtime::Registry) {
            #(#registrations)*
        }
    }
}

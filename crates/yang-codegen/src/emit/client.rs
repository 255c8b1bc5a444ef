//! The client's side of a module: one method for each rpc.

use super::{Cx, ident, node_docs, rpc};
use crate::ir::Module;
use crate::lower::qname;
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn client(cx: &Cx<'_>, module: &Module) -> TokenStream {
    if module.rpcs.is_empty() {
        return TokenStream::new();
    }
    let name = cx.schema.module_name(module.id);
    let about = format!(" The rpcs of `{name}`, as methods of a client's session.");
    let mut signatures = Vec::new();
    let mut bodies = Vec::new();
    for operation in &module.rpcs {
        let node = cx.schema.node(operation.node);
        let method = qname(node).snake();
        let marker = ident(&operation.name);
        let (input, output) = rpc::types(cx, operation);
        let docs = node_docs(node);
        let (argument, value) = match operation.input {
            Some(_) => (quote!(, input: #input), quote!(input)),
            None => (quote!(), quote!(())),
        };
        let future = quote! {
            impl ::std::future::Future<Output = ::std::result::Result<#output, ::netconf_runtime::client::Error>> + Send
        };
        signatures.push(quote!(#docs fn #method(&self #argument) -> #future;));
        bodies.push(quote! {
            fn #method(&self #argument) -> #future {
                self.rpc::<#marker>(#value)
            }
        });
    }
    quote! {
        #[doc = #about]
        pub trait Client {
            #(#signatures)*
        }

        impl Client for ::netconf_runtime::client::Session {
            #(#bodies)*
        }
    }
}

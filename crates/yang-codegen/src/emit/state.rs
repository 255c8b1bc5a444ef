//! State (RFC 7950 section 7.21.1, `config false`) that a device provides when it is asked.

use super::{Cx, ident};
use crate::ir::{Content, Field, Module};
use crate::names::QName;
use proc_macro2::TokenStream;
use quote::quote;
use yang_schema::NodeRef;

/// A provider's method and the call that registers it.
pub(super) struct Provider {
    /// The method, which provides nothing unless it is written.
    pub(super) method: TokenStream,
    /// Its registration.
    pub(super) registration: TokenStream,
}

/// A provider for each top-level node that holds state.
pub(super) fn providers(cx: &Cx<'_>, module: &Module) -> Vec<Provider> {
    module.top.iter().filter(|f| holds_state(cx.schema.node(f.node))).map(|f| provider(cx, f)).collect()
}

fn holds_state(node: NodeRef<'_>) -> bool {
    !node.is_config() || node.descendants().any(|n| n.kind().is_data_node() && !n.is_config())
}

fn provider(cx: &Cx<'_>, field: &Field) -> Provider {
    let node = cx.schema.node(field.node);
    let method =
        ident(&format!("{}__state", QName::plain(node.name()).snake_text().trim_start_matches("r#")));
    let (ty, path) = match &field.content {
        Content::Container(path) => (cx.path(path), node.data_path()),
        // Not a struct by itself: it comes as a field of all the module's data.
        _ => (quote!(Data), "/".to_owned()),
    };
    let about = format!(
        " The state below `{}`: only `config false` nodes, and the keys of the lists above them.",
        node.data_path()
    );
    Provider {
        method: quote! {
            #[doc = #about]
            fn #method(&self, cx: &::netconf_runtime::Cx) -> impl ::std::future::Future<
                Output = ::std::result::Result<#ty, ::netconf_runtime::RpcError>
            > + Send {
                let _ = cx;
                async { Ok(#ty::default()) }
            }
        },
        registration: quote! {
            let h = ::std::sync::Arc::clone(&handler);
            registry.state::<#ty>(#path, move |cx| {
                let h = ::std::sync::Arc::clone(&h);
                Box::pin(async move { h.#method(&cx).await })
            });
        },
    }
}

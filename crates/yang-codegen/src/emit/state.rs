//! State (RFC 7950 section 7.21.1, `config false`) that a device provides when it is asked: a struct at once, or entry by entry.

use super::{Cx, ident, place};
use crate::ir::Module;
use proc_macro2::TokenStream;
use quote::quote;
use yang_schema::{NodeKind, NodeRef};

/// A provider's method and the call that registers it.
pub(super) struct Provider {
    /// The method, which provides nothing unless it is written.
    pub(super) method: TokenStream,
    /// Its registration.
    pub(super) registration: TokenStream,
}

/// A provider for each top-level node that holds state, and for those of the module's subtrees that were asked for.
pub(super) fn providers(cx: &Cx<'_>, module: &Module) -> Vec<Provider> {
    let asked_for = place::asked_for(cx, module, &cx.parts.streams);
    let mut found: Vec<Provider> = Vec::new();
    // Of what stands in a choice at the top each node has its own.
    for node in place::tops(cx, module).into_iter().filter(|n| holds_state(*n)) {
        let is_struct = matches!(node.kind(), NodeKind::Container);
        if node.kind() == NodeKind::List {
            found.extend(entries(cx, module, node));
        } else {
            found.push(whole(cx, module, node, is_struct));
        }
    }
    found.extend(asked_for.into_iter().filter(|n| holds_state(*n)).filter_map(|n| entries(cx, module, n)));
    found
}

fn holds_state(node: NodeRef<'_>) -> bool {
    !node.is_config() || node.descendants().any(|n| n.kind().is_data_node() && !n.is_config())
}

/// A provider that gives a struct.
fn whole(cx: &Cx<'_>, module: &Module, node: NodeRef<'_>, is_struct: bool) -> Provider {
    let method = ident(&format!("{}__state", place::stem(cx, node, module.id)));
    let path = node.data_path();
    let (ty, register) = match place::value(cx, node) {
        Some(ty) if is_struct => (ty, quote!(state)),
        // Not a struct by itself: it comes as a field of all the module's data.
        _ => (quote!(Data), quote!(state_at_top)),
    };
    let about = format!(
        " The state below `{}`: only `config false` nodes, and the keys of the lists above them. It is asked for when a \
         request can see some of it.",
        path
    );
    Provider {
        method: quote! {
            #[doc = #about]
            fn #method(&self, cx: &::netconf_runtime::Cx) -> impl ::std::future::Future<
                Output = ::std::result::Result<#ty, ::netconf_runtime::RpcError>
            > + Send {
                let _ = cx;
                async { Ok(<#ty as ::std::default::Default>::default()) }
            }
        },
        registration: quote! {
            let h = ::std::clone::Clone::clone(&handler);
            registry.#register::<#ty>(#path, move |cx| {
                let h = ::std::clone::Clone::clone(&h);
                Box::pin(async move { h.#method(&cx).await })
            });
        },
    }
}

/// A provider that sends its instances one by one.
fn entries(cx: &Cx<'_>, module: &Module, node: NodeRef<'_>) -> Option<Provider> {
    if !matches!(node.kind(), NodeKind::Container | NodeKind::List) {
        return None;
    }
    let method = ident(&format!("{}__state", place::stem(cx, node, module.id)));
    let ty = place::value(cx, node)?;
    let own = place::tuple(&place::keys(cx, node));
    let around = place::tuple(&node.data_parent().map(|up| place::keys(cx, up)).unwrap_or_default());
    let path = place::path(cx, node, &ty);
    let about = format!(
        " The state of `{}`: sends its instances one by one, each with only `config false` nodes and keys. `out` tells which \
         of them a request can see.",
        node.data_path()
    );
    let out = quote!(::netconf_runtime::Entries<#ty, #around, #own>);
    Some(Provider {
        method: quote! {
            #[doc = #about]
            fn #method(
                &self,
                cx: &::netconf_runtime::Cx,
                out: &mut #out,
            ) -> impl ::std::future::Future<Output = ::std::result::Result<(), ::netconf_runtime::RpcError>> + Send {
                let _ = (cx, out);
                async { Ok(()) }
            }
        },
        registration: quote! {
            let h = ::std::clone::Clone::clone(&handler);
            registry.state_entries(#path, move |cx, mut out: #out| {
                let h = ::std::clone::Clone::clone(&h);
                Box::pin(async move {
                    h.#method(&cx, &mut out).await?;
                    Ok(out)
                })
            });
        },
    })
}

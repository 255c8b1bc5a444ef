//! Containers and lists whose struct is that of another node: aliases at the names that their own places give them.

use super::{Cx, deprecated, docs, ident};
use crate::docs::Docs;
use crate::ir::Shared;
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn shared(cx: &Cx<'_>, item: &Shared) -> TokenStream {
    let node = cx.schema.node(item.node);
    let (name, path) = (ident(&item.name), cx.path(&item.path));
    let of = cx.schema.node(item.of).data_path();
    let about = docs(&Docs::line(format!("`{}`: as `{of}`.", node.data_path())));
    let old = deprecated(node.status());
    let scope = item.scope.as_ref().map(|(name, path)| {
        let renamed = path.0.last().is_none_or(|last| last != name).then(|| {
            let name = ident(name);
            quote!(as #name)
        });
        let path = cx.path(path);
        quote!(#[doc(inline)] pub use #path #renamed;)
    });
    quote! {
        #about
        #old
        pub type #name = #path;
        #scope
    }
}

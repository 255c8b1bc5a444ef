//! Actions (RFC 7950 section 7.15): like rpcs, on a data node.

use super::attributes::Attributes;
use super::{Cx, rpc};
use crate::ir::Action;
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn marker(cx: &Cx<'_>, item: &Action) -> TokenStream {
    let node = cx.schema.node(item.operation.node);
    let mut attributes = Attributes::default();
    attributes.text(quote!(action), node.name());
    let parent = cx.path(&item.parent);
    attributes.push(quote!(parent = #parent));
    rpc::finish(cx, &item.operation, attributes)
}

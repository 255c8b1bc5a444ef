//! Rpcs (RFC 7950 section 7.14): a unit struct that knows the types of input and output.

use super::attributes::Attributes;
use super::{Cx, Out, write_docs};
use crate::ir::Operation;
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn marker(cx: &Cx<'_>, item: &Operation, out: &mut Out) {
    let mut attributes = Attributes::default();
    attributes.text("rpc", cx.schema.node(item.node).name());
    finish(cx, item, attributes, out);
}

/// The unit struct of an rpc or action.
pub(super) fn finish(cx: &Cx<'_>, item: &Operation, mut attributes: Attributes, out: &mut Out) {
    let node = cx.schema.node(item.node);
    attributes.push(format!("module = {}", cx.module_text(node.module())));
    if let Some(input) = &item.input {
        attributes.push(format!("input = {}", cx.path_text(input)));
    }
    if let Some(output) = &item.output {
        attributes.push(format!("output = {}", cx.path_text(output)));
    }
    out.item();
    write_docs(node, 0, out);
    out.line(0, "#[derive(rt::Yang)]");
    attributes.write(0, out);
    out.line(0, format_args!("pub struct {};", item.name));
}

/// The types of input and output, `()` where there are none.
pub(super) fn types(cx: &Cx<'_>, item: &Operation) -> (TokenStream, TokenStream) {
    let ty = |path: &Option<_>| path.as_ref().map_or_else(|| quote!(()), |path| cx.path(path));
    (ty(&item.input), ty(&item.output))
}

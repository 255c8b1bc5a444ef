//! Choices (RFC 7950 section 7.9): enums with a variant for each case.

use super::{Cx, Out, case, write_docs};
use crate::ir::Choice;

pub(super) fn choice(cx: &Cx<'_>, item: &Choice, out: &mut Out) {
    let node = cx.schema.node(item.node);
    out.item();
    write_docs(node, 0, out);
    if node.description().is_some() {
        out.line(0, "///");
    }
    out.line(0, format_args!("/// `{}`", node.path()));
    out.line(0, "#[derive(rt::Yang)]");
    out.line(0, format_args!("#[yang(choice = {:?})]", node.name()));
    out.line(0, "#[non_exhaustive]");
    if item.variants.is_empty() {
        return out.line(0, format_args!("pub enum {} {{}}", item.name));
    }
    out.line(0, format_args!("pub enum {} {{", item.name));
    for variant in &item.variants {
        case::variant(cx, variant, node.module(), out);
    }
    out.line(0, "}");
}

//! Error codes and `non-zero` (the extensions of `netconf-error-codes`) as attributes.

use super::Cx;
use super::attributes::Attributes;
use std::fmt::Write as _;
use yang_schema::{CodeOf, ConstraintInfo, ErrorCode, NodeRef, TypeRef};

/// `, error_app_tag = …, error_message = …, code = …`: what a constraint says of its violation.
pub(super) fn info(cx: &Cx<'_>, info: &ConstraintInfo) -> String {
    let code = info.code.map(|id| cx.schema.code(id));
    let message = info.error_message.or_else(|| code.and_then(|c| c.message));
    let mut out = String::new();
    // A string takes whatever is written.
    if let Some(tag) = cx.schema.opt_str(info.error_app_tag) {
        let _ = write!(out, ", error_app_tag = {tag:?}");
    }
    if let Some(message) = cx.schema.opt_str(message) {
        let _ = write!(out, ", error_message = {:?}", one_line(message));
    }
    if let Some(code) = code {
        let _ = write!(out, ", code = {}", code.number);
    }
    out
}

/// The same for what has no `error-message`: `mandatory`, `unique` and their like. Nothing where the node's own code is
/// meant, which stands at the node.
pub(super) fn of(cx: &Cx<'_>, node: NodeRef<'_>, of: CodeOf) -> String {
    match node.codes().iter().find(|c| c.of == of) {
        Some(found) => said(cx, cx.schema.code(found.code)),
        None => String::new(),
    }
}

fn said(cx: &Cx<'_>, code: &ErrorCode) -> String {
    let number = code.number;
    match cx.schema.opt_str(code.message) {
        Some(message) => format!(", error_message = {:?}, code = {number}", one_line(message)),
        None => format!(", code = {number}"),
    }
}

/// `name` or `name(…)`, for a word without an argument.
pub(super) fn word(attributes: &mut Attributes, name: &str, info: &str) {
    match info.strip_prefix(", ") {
        Some(inside) => attributes.push(format!("{name}({inside})")),
        None => attributes.push(name),
    }
}

/// `name = 1` or `name(1, …)`.
pub(super) fn count(attributes: &mut Attributes, name: &str, n: u32, info: &str) {
    attributes.push(if info.is_empty() { format!("{name} = {n}") } else { format!("{name}({n}{info})") });
}

/// The code of a node itself.
pub(super) fn of_node(cx: &Cx<'_>, node: NodeRef<'_>, attributes: &mut Attributes) {
    if let Some(found) = node.codes().iter().find(|c| c.of == CodeOf::Node) {
        let code = cx.schema.code(found.code);
        if let Some(message) = cx.schema.opt_str(code.message) {
            attributes.push(format!("error_message = {:?}", one_line(message)));
        }
        attributes.push(format!("code = {}", code.number));
    }
}

/// `non-zero`.
pub(super) fn non_zero(cx: &Cx<'_>, ty: TypeRef<'_>, attributes: &mut Attributes) {
    if let Some(said) = &ty.get().non_zero {
        word(attributes, "nonzero", &info(cx, said));
    }
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

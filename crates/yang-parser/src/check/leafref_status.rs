//! The status of a leafref and of its target (RFC 7950 section 7.21.2).

use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic};
use yang_schema::{NodeId, Span, Status};

/// Within a module, no leafref points at a leaf whose status is worse than its own.
pub(crate) fn leafref_status(context: &mut Context<'_>, leaf: NodeId, target: NodeId, span: Span) {
    let status = |node: NodeId| context.builder.node(node).status;
    if status(target) <= status(leaf) || !same_module(context, leaf, target, span) {
        return;
    }
    let message = format!(
        "the {} leafref {} refers to {}, which is {}",
        word(status(leaf)),
        context.path_of(leaf),
        context.path_of(target),
        word(status(target))
    );
    let there = context.builder.node(target).span;
    context
        .diagnostics
        .push(Diagnostic::error(Code::StatusReference, span, message).also(there, "defined here"));
}

/// Are the path, the leaf and its target written in one module?
fn same_module(context: &Context<'_>, leaf: NodeId, target: NodeId, span: Span) -> bool {
    let module = |file| context.library.file(file).module;
    let of = |node: NodeId| module(context.builder.node(node).span.file);
    module(span.file) == of(leaf) && of(leaf) == of(target)
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Current => "current",
        Status::Deprecated => "deprecated",
        Status::Obsolete => "obsolete",
    }
}

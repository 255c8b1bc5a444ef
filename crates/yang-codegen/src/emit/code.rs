//! Error codes and `non-zero` (the extensions of `netconf-error-codes`) as attributes.

use super::Cx;
use super::attributes::Attributes;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use yang_schema::{CodeOf, ConstraintInfo, ErrorCode, NodeRef, TypeRef};

/// `, error_app_tag = …, error_message = …, code = …`: what a constraint says of its violation.
pub(super) fn info(cx: &Cx<'_>, info: &ConstraintInfo) -> TokenStream {
    let code = info.code.map(|id| cx.schema.code(id));
    let message = info.error_message.or_else(|| code.and_then(|c| c.message));
    let mut out = TokenStream::new();
    if let Some(tag) = cx.schema.opt_str(info.error_app_tag) {
        out.extend(quote!(, error_app_tag = #tag));
    }
    if let Some(message) = cx.schema.opt_str(message) {
        let message = one_line(message);
        out.extend(quote!(, error_message = #message));
    }
    if let Some(code) = code {
        let number = Literal::u64_unsuffixed(code.number);
        out.extend(quote!(, code = #number));
    }
    out
}

/// The same for what has no `error-message`: `mandatory`, `unique` and their like. Nothing where the node's own code is
/// meant, which stands at the node.
pub(super) fn of(cx: &Cx<'_>, node: NodeRef<'_>, of: CodeOf) -> TokenStream {
    match node.codes().iter().find(|c| c.of == of) {
        Some(found) => said(cx, cx.schema.code(found.code)),
        None => TokenStream::new(),
    }
}

fn said(cx: &Cx<'_>, code: &ErrorCode) -> TokenStream {
    let number = Literal::u64_unsuffixed(code.number);
    match cx.schema.opt_str(code.message) {
        Some(message) => {
            let message = one_line(message);
            quote!(, error_message = #message, code = #number)
        }
        None => quote!(, code = #number),
    }
}

/// `name` or `name(…)`, for a word without an argument.
pub(super) fn word(attributes: &mut Attributes, name: &TokenStream, info: TokenStream) {
    // Behind the first comma.
    let inside: TokenStream = info.into_iter().skip(1).collect();
    attributes.push(if inside.is_empty() { name.clone() } else { quote!(#name(#inside)) });
}

/// `name = 1` or `name(1, …)`.
pub(super) fn count(attributes: &mut Attributes, name: &TokenStream, n: u32, info: &TokenStream) {
    let n = Literal::u32_unsuffixed(n);
    attributes.push(if info.is_empty() { quote!(#name = #n) } else { quote!(#name(#n #info)) });
}

/// The code of a node itself.
pub(super) fn of_node(cx: &Cx<'_>, node: NodeRef<'_>, attributes: &mut Attributes) {
    let own: TokenStream = of(cx, node, CodeOf::Node).into_iter().skip(1).collect();
    if !own.is_empty() {
        attributes.push(own);
    }
}

/// `non-zero`.
pub(super) fn non_zero(cx: &Cx<'_>, ty: TypeRef<'_>, attributes: &mut Attributes) {
    if let Some(said) = &ty.get().non_zero {
        word(attributes, &quote!(nonzero), info(cx, said));
    }
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

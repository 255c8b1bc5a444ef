//! Cases (RFC 7950 section 7.9.2): variants. A shorthand case holds its one node, any other a struct.

use super::attributes::Attributes;
use super::{Cx, fields, ident, node_docs};
use crate::ir::{CaseContent, Variant};
use proc_macro2::TokenStream;
use quote::quote;
use yang_schema::{ModuleId, NodeRef};

/// A variant of a choice whose own names are those of the module `home`.
pub(super) fn variant(cx: &Cx<'_>, variant: &Variant, home: ModuleId) -> TokenStream {
    let case = cx.schema.node(variant.case);
    let name = ident(&variant.name);
    let gate = cx.gate(case.module());
    match &variant.content {
        CaseContent::Case(path) => {
            let mut attributes = Attributes::default();
            attributes.text(quote!(case), case.name());
            if case.module() != home {
                let module = cx.module(case.module());
                attributes.push(quote!(module = #module));
            }
            attributes.node(cx, case);
            let (attributes, path) = (attributes.finish(), cx.path(path));
            let deprecated = super::deprecated(case.status());
            quote!(#gate #deprecated #attributes #name(Box<#path>))
        }
        CaseContent::Shorthand(field) => {
            let docs = node_docs(cx.schema.node(field.node));
            let attributes = fields::attributes(cx, field, home);
            let ty = fields::variant_ty(cx, &field.content);
            quote!(#gate #docs #attributes #name(#ty))
        }
    }
}

/// Are a case's nodes of another module than the data node that the choice stands in?
pub(super) fn needs_module(case: NodeRef<'_>) -> bool {
    case.parent().is_some_and(|choice| choice.module() != case.module())
}

//! What a module was generated of: what code on top of this crate compares when it is compiled.

use super::{Cx, Out};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use yang_schema::{ModuleId, Schema};

/// The parts of a fingerprint that people understand.
pub(super) struct Print<'a> {
    pub(super) revision: &'a str,
    pub(super) features: Vec<&'a str>,
    pub(super) deviations: Vec<&'a str>,
}

pub(super) fn of(schema: &Schema, id: ModuleId) -> Print<'_> {
    let module = schema.module(id);
    let features = module.features.iter().map(|&f| schema.feature(f)).filter(|f| f.enabled);
    let mut features: Vec<&str> = features.map(|f| schema.str(f.name)).collect();
    let mut deviations: Vec<&str> = module.deviated_by.iter().map(|&id| schema.module_name(id)).collect();
    features.sort_unstable();
    deviations.sort_unstable();
    deviations.dedup();
    Print { revision: schema.opt_str(module.revision).unwrap_or_default(), features, deviations }
}

/// As the fields of an expression.
pub(super) fn fields(cx: &Cx<'_>, id: ModuleId, out: &mut Out) {
    let Print { revision, features, deviations } = of(cx.schema, id);
    let number = cx.parts.fingerprints.get(&id).copied().unwrap_or_default();
    let list = |names: &[&str]| names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>();
    out.line(4, format_args!("revision: {revision:?},"));
    out.listed(4, "features: &[", &list(&features), "],", ",");
    out.listed(4, "deviations: &[", &list(&deviations), "],", ",");
    out.line(4, format_args!("content: 0x{number:016x},"));
}

/// As an expression.
pub(super) fn value(cx: &Cx<'_>, id: ModuleId) -> TokenStream {
    let Print { revision, features, deviations } = of(cx.schema, id);
    let number = cx.parts.fingerprints.get(&id).copied().unwrap_or_default();
    let content: Literal =
        format!("0x{number:016x}").parse().unwrap_or_else(|_| Literal::u64_unsuffixed(number));
    quote! {
        rt::Fingerprint {
            revision: #revision,
            features: &[#(#features),*],
            deviations: &[#(#deviations),*],
            content: #content,
        }
    }
}

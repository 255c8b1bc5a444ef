//! A module whose Rust stands in another crate: the name that it has here, and what that crate must have been made of.

use super::{Cx, Out, Parts, fingerprint, ident};
use crate::ir::{Item, LeafForm, LeafType, Module, Origin, Package};
use crate::lower::module_path;
use proc_macro2::TokenStream;
use quote::quote;
use yang_schema::Schema;

/// The module of another crate at the path that it would have if it were generated.
pub(crate) fn extern_item(
    schema: &Schema,
    package: &Package,
    parts: &Parts,
    module: &Module,
    told: &str,
    out: &mut Out,
) {
    let cx = &Cx { schema, package, parts, here: Vec::new() };
    let name = ident(&module.scope.name);
    let own = cx.schema.module_name(module.id);
    let path = super::tokens(told);
    let ours = fingerprint::value(cx, module.id);
    let print = fingerprint::of(cx.schema, module.id);
    let list = |names: &[&str]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let revision = if print.revision.is_empty() { "none" } else { print.revision };
    let of = format!("`{told}` was generated of another {own}");
    let revision = format!("{of}: its revision is not the one of this set ({revision})");
    let features =
        format!("{of}: its features that are on are not those of this set ({})", list(&print.features));
    let deviations =
        format!("{of}: not the same modules deviate from it as here ({})", list(&print.deviations));
    let content =
        format!("{of}: its text, or that of a module whose types it uses, is not the one of this set");
    let visible = super::tokens(&cx.parts.visibility);
    let known = identities(cx, module);
    out.tokens(&quote! {
        #[doc(inline)]
        #[allow(unused_imports)]
        #visible use #path::#name;

        const _: () = {
            const OURS: rt::Fingerprint = #ours;
            const THEIRS: rt::Fingerprint = #path::#name::FINGERPRINT_;
            assert!(THEIRS.same_revision(&OURS), #revision);
            assert!(THEIRS.same_features(&OURS), #features);
            assert!(THEIRS.same_deviations(&OURS), #deviations);
            assert!(THEIRS.same_content(&OURS), #content);
        };

        #known
    });
}

/// Identities of modules that nobody asked for are known there too, or this does not compile.
fn identities(cx: &Cx<'_>, module: &Module) -> TokenStream {
    let scope = module.scope.scopes.iter().find(|s| s.name == "identities");
    let items = scope.iter().flat_map(|scope| &scope.items).filter_map(|item| match item {
        Item::Leaf(LeafType {
            name,
            origin: Origin::Identity(_),
            form: LeafForm::Identityref { bases, values },
        }) => Some((name, bases, values)),
        _ => None,
    });
    let checks = items.filter_map(|(name, bases, values)| {
        let elsewhere: Vec<_> = values
            .iter()
            .filter(|&&id| !cx.parts.externs.together(cx.schema.identity(id).module, module.id))
            .map(|&id| super::identityref::constant(cx, id, bases.first().map(|_| module.id)).constant())
            .collect();
        let ty = cx.path(&module_path(cx.schema, module.id).join("identities").join(name));
        let all = quote!(const _: &[#ty] = &[#(#ty::#elsewhere),*];);
        (!elsewhere.is_empty()).then_some(all)
    });
    quote!(#(#checks)*)
}

//! All error codes of a set in one place.

use super::{Cx, ident};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use std::collections::BTreeMap;
use yang_schema::{CodeId, CodeOf, ConstraintInfo, NodeRef, Sym, TypeDetail, TypeRef};

/// A code with the nodes it speaks of.
struct Entry {
    message: Option<String>,
    /// Path and what is demanded there.
    places: Vec<(String, String)>,
}

/// `codes`: a constant for each code, and a table of all. Nothing where no model has any.
pub(super) fn registry(cx: &Cx<'_>) -> TokenStream {
    let entries = entries(cx);
    if entries.is_empty() {
        return TokenStream::new();
    }
    // A YANG module may have the name; it comes first, since its name is the model's.
    let taken = cx.package.modules.iter().any(|m| m.scope.name == "codes");
    let module = ident(if taken { "codes_" } else { "codes" });
    let mut constants = Vec::new();
    let mut rows = Vec::new();
    for (number, entry) in &entries {
        let name = quote::format_ident!("CODE_{number}");
        let literal = Literal::u64_unsuffixed(*number);
        let docs = entry.places.iter().map(|(path, demand)| format!(" {demand} of `{path}`."));
        let message = entry.message.iter().map(|m| format!(" {m}"));
        let docs: Vec<String> = message.chain(docs).take(16).collect();
        constants.push(quote!(#(#[doc = #docs])* pub const #name: u64 = #literal;));
        let message = match &entry.message {
            Some(message) => quote!(::std::option::Option::Some(#message)),
            None => quote!(::std::option::Option::None),
        };
        let places = entry.places.iter().map(|(path, demand)| quote!((#path, #demand)));
        rows.push(quote!(rt::ErrorCode { number: #name, message: #message, places: &[#(#places),*] }));
    }
    let visible = &cx.parts.visibility;
    quote! {
        /// The error codes of the models.
        #[allow(dead_code, unreachable_pub, rustdoc::all)]
        #visible mod #module {
            use super::rt;

            #(#constants)*

            /// All of them, by number.
            pub static ALL: &[rt::ErrorCode] = &[#(#rows),*];
        }
    }
}

/// A code, and the message of the constraint that has it.
struct Said {
    code: CodeId,
    message: Option<Sym>,
}

impl Said {
    fn by(info: &ConstraintInfo) -> Option<Self> {
        info.code.map(|code| Self { code, message: info.error_message })
    }
}

/// Codes that speak of nodes of the set, by number.
fn entries(cx: &Cx<'_>) -> BTreeMap<u64, Entry> {
    let schema = cx.schema;
    let mut found: Vec<(Said, String, String)> = Vec::new();
    for node in schema.root().descendants() {
        // Choices and cases are on the path of no data, but have codes.
        let path = || node.path();
        for code in node.codes() {
            found.push((Said { code: code.code, message: None }, path(), demand(node, code.of)));
        }
        for must in node.musts() {
            let text = schema.str(schema.xpath(must.xpath).text);
            let demand = format!("`must \"{}\"`", super::code::one_line(text));
            found.extend(Said::by(&must.info).map(|said| (said, path(), demand)));
        }
        if let Some(ty) = node.type_() {
            let mut own = Vec::new();
            of_type(ty, &mut own);
            found.extend(own.into_iter().map(|(said, demand)| (said, path(), demand)));
        }
    }
    let mut entries: BTreeMap<u64, Entry> = BTreeMap::new();
    for (said, path, demand) in found {
        let code = schema.code(said.code);
        let message = schema.opt_str(said.message.or(code.message)).map(super::code::one_line);
        let entry = entries.entry(code.number).or_insert(Entry { message: None, places: Vec::new() });
        entry.message = entry.message.take().or(message);
        if !entry.places.contains(&(path.clone(), demand.clone())) {
            entry.places.push((path, demand));
        }
    }
    entries
}

fn demand(node: NodeRef<'_>, of: CodeOf) -> String {
    let schema = node.schema();
    match of {
        CodeOf::Node => "any violation".to_owned(),
        CodeOf::Mandatory => "`mandatory`".to_owned(),
        CodeOf::MinElements => format!("`min-elements {}`", node.min_elements()),
        CodeOf::MaxElements => {
            format!(
                "`max-elements {}`",
                node.max_elements().map_or("unbounded".to_owned(), |n| n.to_string())
            )
        }
        CodeOf::Unique(at) => {
            let text = node.uniques().get(at as usize).map_or("", |u| schema.str(u.text));
            format!("`unique \"{}\"`", super::code::one_line(text))
        }
        CodeOf::When(at) => {
            let text = node.whens().get(at as usize).map_or("", |w| schema.str(schema.xpath(w.xpath).text));
            format!("`when \"{}\"`", super::code::one_line(text))
        }
    }
}

/// Of a type and, in a union, of its members. Models from outside may nest unions as deeply as they like.
fn of_type(ty: TypeRef<'_>, out: &mut Vec<(Said, String)>) {
    let mut stack = vec![ty];
    let mut seen = Vec::new();
    while let Some(ty) = stack.pop() {
        if seen.contains(&ty.id()) {
            continue;
        }
        seen.push(ty.id());
        let schema = ty.schema();
        let said = ty.get().non_zero.as_ref().and_then(Said::by);
        out.extend(said.map(|said| (said, "`non-zero`".to_owned())));
        let (ranges, word) = match ty.detail() {
            TypeDetail::Integer { ranges, .. } | TypeDetail::Decimal64 { ranges, .. } => (ranges, "range"),
            TypeDetail::String { lengths, patterns } => {
                for pattern in patterns {
                    let demand = || format!("`pattern '{}'`", schema.str(pattern.text));
                    out.extend(Said::by(&pattern.info).map(|said| (said, demand())));
                }
                (lengths, "length")
            }
            TypeDetail::Binary { lengths } => (lengths, "length"),
            TypeDetail::Union { .. } => {
                stack.extend(ty.members());
                continue;
            }
            _ => continue,
        };
        for range in ranges {
            let demand = || format!("`{word} \"{}\"`", schema.str(range.text));
            out.extend(Said::by(&range.info).map(|said| (said, demand())));
        }
    }
}

//! All error codes of a set in one place.

use super::{Cx, Out};
use std::collections::BTreeMap;
use yang_schema::{CodeId, CodeOf, ConstraintInfo, NodeRef, Sym, TypeDetail, TypeRef};

/// A code with the nodes it speaks of.
struct Entry {
    message: Option<String>,
    /// Path and what is demanded there.
    places: Vec<(String, String)>,
}

/// `codes`: a constant for each code, and a table of all. Nothing where no model has any.
pub(super) fn registry(cx: &Cx<'_>, out: &mut Out) {
    let entries = entries(cx);
    if entries.is_empty() {
        return;
    }
    // A YANG module may have the name; it comes first, since its name is the model's.
    let taken = cx.package.modules.iter().any(|m| m.scope.name == "codes");
    let module = if taken { "codes_" } else { "codes" };
    out.item();
    out.line(0, "/// The error codes of the models.");
    out.line(0, "#[allow(dead_code, unreachable_pub, rustdoc::all)]");
    out.line(0, format_args!("{}mod {module} {{", cx.parts.visibility));
    out.line(0, "use super::rt;");
    for (number, entry) in &entries {
        let docs = entry.places.iter().map(|(path, demand)| format!("{demand} of `{path}`."));
        out.item();
        for line in entry.message.iter().cloned().chain(docs).take(16) {
            out.line(0, format_args!("/// {line}"));
        }
        out.line(0, format_args!("pub const CODE_{number}: u64 = {number};"));
    }
    out.item();
    out.line(0, "/// All of them, by number.");
    out.line(0, "pub static ALL: &[rt::ErrorCode] = &[");
    for (number, entry) in &entries {
        let message = match &entry.message {
            Some(message) => format!("::std::option::Option::Some({message:?})"),
            None => "::std::option::Option::None".to_owned(),
        };
        let places: Vec<String> =
            entry.places.iter().map(|(path, demand)| format!("({path:?}, {demand:?})")).collect();
        out.line(4, "rt::ErrorCode {");
        out.line(8, format_args!("number: CODE_{number},"));
        out.line(8, format_args!("message: {message},"));
        out.listed(8, "places: &[", &places, "],", ",");
        out.line(4, "},");
    }
    out.line(0, "];");
    out.line(0, "}");
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

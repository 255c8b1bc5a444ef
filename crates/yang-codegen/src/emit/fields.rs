//! Leaves (RFC 7950 section 7.6), leaf-lists (7.7) and all other nodes as fields of the struct above them.

use super::attributes::Attributes;
use super::{Cx, Out, write_docs};
use crate::ir::{Content, Field};
use yang_schema::ModuleId;

/// A field of a struct whose own names are those of the module `home`.
pub(super) fn field(cx: &Cx<'_>, field: &Field, home: ModuleId, out: &mut Out) {
    let node = cx.schema.node(field.node);
    if let Some(gate) = cx.gate_text(node.module()) {
        out.line(4, gate);
    }
    // What a struct or choice has to say stands at its type.
    match field.content {
        Content::Container(_) | Content::List(_) | Content::KeylessList(_) | Content::Choice(_) => {
            out.deprecated(4, node.status());
        }
        _ => write_docs(node, 4, out),
    }
    attributes(cx, field, home).write(4, out);
    out.line(4, format_args!("pub {}: {},", field.name, ty(cx, &field.content)));
}

/// The field that holds what the model does not know.
pub(super) fn unknown(cx: &Cx<'_>, out: &mut Out) {
    if cx.parts.keep_unknown {
        out.line(4, "/// Nodes that the model does not know, as they came.");
        out.line(4, "#[yang(unknown)]");
        out.line(4, "pub unknown_: rt::Unknown,");
    }
}

/// `#[yang(...)]` of a field, or of the variant of a shorthand case.
pub(super) fn attributes(cx: &Cx<'_>, field: &Field, home: ModuleId) -> Attributes {
    let node = cx.schema.node(field.node);
    let mut attributes = Attributes::default();
    let kind = match &field.content {
        Content::Key(_) | Content::Leaf(_) => "leaf",
        Content::LeafList(_) => "leaf_list",
        Content::Container(_) => "container",
        Content::List(_) | Content::KeylessList(_) => "list",
        Content::Choice(_) => "choice",
        Content::AnyData => "anydata",
        Content::AnyXml => "anyxml",
    };
    attributes.text(kind, node.name());
    if node.module() != home {
        attributes.push(format!("module = {}", cx.module_text(node.module())));
    }
    attributes.node(cx, node);
    attributes
}

/// The type of a field. All but keys may be missing: filtered replies and edits leave them out, mandatory or not.
fn ty(cx: &Cx<'_>, content: &Content) -> String {
    match content {
        Content::Key(ty) => cx.ty_text(ty),
        Content::Leaf(ty) => format!("Option<{}>", cx.ty_text(ty)),
        Content::LeafList(ty) => format!("Vec<{}>", cx.ty_text(ty)),
        // Always boxed: a node that grows does not change the type of the field that holds it.
        Content::Container(path) => format!("Option<Box<{}>>", cx.path_text(path)),
        Content::List(path) => format!("rt::List<{}>", cx.path_text(path)),
        Content::KeylessList(path) => format!("Vec<{}>", cx.path_text(path)),
        Content::Choice(path) => format!("Option<{}>", cx.path_text(path)),
        Content::AnyData => "Option<rt::AnyData>".to_owned(),
        Content::AnyXml => "Option<rt::AnyXml>".to_owned(),
    }
}

/// The type of what a variant holds.
pub(super) fn variant_ty(cx: &Cx<'_>, content: &Content) -> String {
    match content {
        Content::Key(ty) | Content::Leaf(ty) => cx.ty_text(ty),
        Content::Container(path) => format!("Box<{}>", cx.path_text(path)),
        Content::Choice(path) => cx.path_text(path),
        Content::AnyData => "rt::AnyData".to_owned(),
        Content::AnyXml => "rt::AnyXml".to_owned(),
        Content::LeafList(_) | Content::List(_) | Content::KeylessList(_) => ty(cx, content),
    }
}

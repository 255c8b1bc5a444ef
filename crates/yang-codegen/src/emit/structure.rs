//! Containers (RFC 7950 section 7.5), list entries (7.8), cases, inputs, outputs and notifications: structs.

use super::attributes::Attributes;
use super::{Cx, Out, case, code, fields, notification, path, write_docs};
use crate::ir::Struct;
use yang_schema::{CodeOf, NodeKind, NodeRef, OrderedBy};

pub(super) fn structure(cx: &Cx<'_>, item: &Struct, out: &mut Out) {
    let node = cx.schema.node(item.node);
    let mut attributes = Attributes::default();
    match node.kind() {
        NodeKind::Container => attributes.text("container", node.name()),
        NodeKind::List => list(cx, node, &mut attributes),
        NodeKind::Case => attributes.text("case", node.name()),
        NodeKind::Structure if is_container(node) => attributes.text("container", node.name()),
        // `yang-data` itself is not in the data: its one container is.
        NodeKind::Structure => attributes.push("root"),
        NodeKind::Input => attributes.push("input"),
        NodeKind::Output => attributes.push("output"),
        _ => notification::attributes(node, &mut attributes),
    }
    let needs_module = match node.kind() {
        NodeKind::Case => case::needs_module(node),
        NodeKind::Input | NodeKind::Output | NodeKind::Notification => true,
        _ => node.parent().is_some_and(|p| p.kind() == NodeKind::Root),
    };
    if needs_module {
        attributes.push(format!("module = {}", cx.module_text(node.module())));
        if node.kind() != NodeKind::Case {
            attributes.push(format!("modules = {}", cx.at_root("MODULES")));
        }
    }
    if matches!(node.kind(), NodeKind::Input | NodeKind::Output | NodeKind::Notification) {
        attributes.conditions(cx, node);
    }
    out.item();
    match node.kind() {
        // They have no statements of their own to be described by.
        NodeKind::Input | NodeKind::Output => {
            let operation = node.parent().map(NodeRef::data_path).unwrap_or_default();
            out.line(0, format_args!("/// The {} of `{operation}`.", node.name()));
        }
        _ => {
            write_docs(node, 0, out);
            if node.description().is_some() {
                out.line(0, "///");
            }
            // A case is not on the path of any data.
            let path = if node.kind() == NodeKind::Case { node.path() } else { node.data_path() };
            out.line(0, format_args!("/// `{path}`"));
        }
    }
    out.line(0, "#[derive(Default, rt::Yang)]");
    attributes.write(0, out);
    let inside = !item.fields.is_empty() || cx.parts.keep_unknown;
    out.line(0, format_args!("pub struct {} {}", item.name, if inside { "{" } else { "{}" }));
    if inside {
        for field in &item.fields {
            fields::field(cx, field, node.module(), out);
        }
        fields::unknown(cx, out);
        out.line(0, "}");
    }
    out.tokens(&notification::placed(cx, node, &item.name));
    if cx.parts.paths {
        path::beside(cx, node, &item.name, out);
    }
}

/// `key`, `unique` and the order of entries.
fn list(cx: &Cx<'_>, node: NodeRef<'_>, attributes: &mut Attributes) {
    attributes.text("list", node.name());
    let keys: Vec<&str> = node.keys().map(NodeRef::name).collect();
    if !keys.is_empty() {
        attributes.text("key", &keys.join(" "));
    }
    for (at, unique) in node.uniques().iter().enumerate() {
        let leaves: Vec<String> =
            unique.leaves.iter().map(|&leaf| relative(node, cx.schema.node(leaf))).collect();
        let leaves = leaves.join(" ");
        let info = code::of(cx, node, CodeOf::Unique(at as u32));
        attributes.push(format!("unique({leaves:?}{info})"));
    }
    if node.ordered_by() == OrderedBy::User {
        attributes.text("ordered_by", "user");
    }
}

/// Is the structure an element of its own, as `sx:structure` (RFC 8791) is and `rc:yang-data` (RFC 8040) is not?
fn is_container(node: NodeRef<'_>) -> bool {
    let schema = node.schema();
    let uses = &schema.module(node.module()).extensions;
    !uses.iter().any(|u| {
        schema.str(u.name) == "yang-data" && schema.opt_str(u.argument).is_some_and(|a| a == node.name())
    })
}

/// The path from a list down to a leaf; a module's name wherever it differs from that of the node above.
fn relative(list: NodeRef<'_>, leaf: NodeRef<'_>) -> String {
    let mut steps = Vec::new();
    let mut at = leaf;
    while at != list {
        let Some(up) = at.data_parent() else { break };
        if at.module() == up.module() {
            steps.push(at.name().to_owned());
        } else {
            steps.push(format!("{}:{}", at.module_name(), at.name()));
        }
        at = up;
    }
    steps.reverse();
    steps.join("/")
}

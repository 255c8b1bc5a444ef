//! Unions (RFC 7950 section 9.12): enums with a variant for each member, in their order: the first that accepts a value
//! takes it.

use super::attributes::Attributes;
use super::{Cx, Out, leaf_type_head};
use crate::ir::{LeafType, Member, Origin};

pub(super) fn union(cx: &Cx<'_>, item: &LeafType, members: &[Member], out: &mut Out) {
    let node = match item.origin {
        Origin::Node(node, _) => cx.schema.node(node),
        _ => cx.schema.root(),
    };
    leaf_type_head(cx, item, out);
    out.line(0, "#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, rt::Yang)]");
    out.line(0, "#[yang(union)]");
    out.line(0, format_args!("pub enum {} {{", item.name));
    for member in members {
        let mut attributes = Attributes::default();
        attributes.type_(cx, cx.schema.type_(member.type_id), node);
        attributes.write(4, out);
        out.line(4, format_args!("{}({}),", member.name, cx.ty_text(&member.ty)));
    }
    out.line(0, "}");
}

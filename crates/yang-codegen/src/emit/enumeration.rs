//! Enumerations (RFC 7950 section 9.6): enums.

use super::{Cx, Out, described, leaf_type_head};
use crate::ir::{LeafType, Origin};
use crate::names::QName;
use yang_schema::{TypeDetail, TypeRef};

pub(super) fn enumeration(cx: &Cx<'_>, item: &LeafType, out: &mut Out) {
    let Some(TypeDetail::Enumeration(enums)) = type_of(cx, item.origin).map(TypeRef::detail) else { return };
    leaf_type_head(cx, item, out);
    // With room for what the model does not know, it cannot be copied as a number is.
    if cx.parts.keep_unknown {
        out.line(0, "#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, rt::Yang)]");
    } else {
        out.line(0, "#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, rt::Yang)]");
    }
    out.line(0, "#[yang(enumeration)]");
    out.line(0, "#[non_exhaustive]");
    out.line(0, format_args!("pub enum {} {{", item.name));
    // A name that is switched off is no value of the type.
    for (i, one) in enums.iter().filter(|e| e.enabled).enumerate() {
        let name = cx.schema.str(one.name);
        let text = |sym| cx.schema.opt_str(sym);
        out.docs(4, &described(text(one.description), text(one.reference)));
        out.deprecated(4, one.status);
        if i == 0 {
            out.line(4, "#[default]");
        }
        let pieces = [format!("name = {name:?}"), format!("value = {}", one.value)];
        out.listed(4, "#[yang(", &pieces, ")]", "");
        out.line(4, format_args!("{},", QName::plain(name).variant_text()));
    }
    if cx.parts.keep_unknown {
        out.line(4, "/// A name that the model does not know.");
        out.line(4, "#[yang(unknown)]");
        out.line(4, "Unknown_(Box<str>),");
    }
    out.line(0, "}");
}

/// The type that an item is made from; an identity has none.
pub(super) fn type_of<'a>(cx: &Cx<'a>, origin: Origin) -> Option<TypeRef<'a>> {
    match origin {
        Origin::Typedef(_, ty) | Origin::Node(_, ty) | Origin::Member(_, ty) => {
            Some(cx.schema.type_(ty).real())
        }
        Origin::Identity(_) => None,
    }
}

//! Bits (RFC 7950 section 9.7): structs of booleans.

use super::enumeration::type_of;
use super::{Cx, Out, described, leaf_type_head};
use crate::ir::LeafType;
use crate::names::QName;
use yang_schema::{TypeDetail, TypeRef};

pub(super) fn bits(cx: &Cx<'_>, item: &LeafType, out: &mut Out) {
    let Some(TypeDetail::Bits(bits)) = type_of(cx, item.origin).map(TypeRef::detail) else { return };
    leaf_type_head(cx, item, out);
    out.line(0, "#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, rt::Yang)]");
    out.line(0, "#[yang(bits)]");
    out.line(0, format_args!("pub struct {} {{", item.name));
    for bit in bits.iter().filter(|b| b.enabled) {
        let name = cx.schema.str(bit.name);
        let text = |sym| cx.schema.opt_str(sym);
        out.docs(4, &described(text(bit.description), text(bit.reference)));
        out.deprecated(4, bit.status);
        out.line(4, format_args!("#[yang(name = {name:?}, position = {})]", bit.position));
        out.line(4, format_args!("pub {}: bool,", QName::plain(name).snake_text()));
    }
    if cx.parts.keep_unknown {
        out.line(4, "/// Names that the model does not know.");
        out.line(4, "#[yang(unknown)]");
        out.line(4, "pub unknown_: Vec<Box<str>>,");
    }
    out.line(0, "}");
}

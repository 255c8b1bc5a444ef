//! Typedefs (RFC 7950 section 7.3) that stand for a type which has an item already.

use super::{Cx, Out, leaf_type_head};
use crate::ir::{LeafType, Ty};

pub(super) fn alias(cx: &Cx<'_>, item: &LeafType, ty: &Ty, out: &mut Out) {
    leaf_type_head(cx, item, out);
    out.line(0, format_args!("pub type {} = {};", item.name, cx.ty_text(ty)));
}

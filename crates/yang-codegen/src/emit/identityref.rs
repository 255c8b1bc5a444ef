//! Identityrefs (RFC 7950 section 9.10): open newtypes with a constant for each identity that the set knows.

use super::{Cx, Out, described, leaf_type_head};
use crate::ir::LeafType;
use crate::names::QName;
use yang_schema::{IdentityId, ModuleId};

pub(super) fn identityref(
    cx: &Cx<'_>,
    item: &LeafType,
    bases: &[IdentityId],
    values: &[IdentityId],
    out: &mut Out,
) {
    let home = bases.first().map(|&base| cx.schema.identity(base).module);
    let constants: Vec<String> = values.iter().map(|&id| constant(cx, id, home).constant_text()).collect();
    let mut pieces = vec!["identityref".to_owned()];
    pieces.extend(bases.iter().map(|&base| format!("base = {:?}", full_name(cx, base))));
    pieces.push(format!("identities({})", constants.join(", ")));
    leaf_type_head(cx, item, out);
    out.line(0, "#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, rt::Yang)]");
    out.listed(0, "#[yang(", &pieces, ")]", "");
    out.line(0, format_args!("pub struct {}(pub rt::Identity);", item.name));
    out.item();
    if values.is_empty() {
        return out.line(0, format_args!("impl {} {{}}", item.name));
    }
    out.line(0, format_args!("impl {} {{", item.name));
    for (&id, constant) in values.iter().zip(&constants) {
        let identity = cx.schema.identity(id);
        let text = |sym| cx.schema.opt_str(sym);
        let mut about = described(text(identity.description), text(identity.reference));
        about.add(format!("`{}`", full_name(cx, id)));
        out.between();
        out.docs(4, &about);
        out.deprecated(4, identity.status);
        let pieces = [cx.module_text(identity.module), format!("{:?}", cx.schema.str(identity.name))];
        let head = format!("pub const {constant}: Self = Self(rt::Identity::new(");
        out.listed(4, &head, &pieces, "));", ",");
    }
    out.line(0, "}");
}

fn full_name(cx: &Cx<'_>, id: IdentityId) -> String {
    let identity = cx.schema.identity(id);
    format!("{}:{}", cx.schema.module_name(identity.module), cx.schema.str(identity.name))
}

/// An identity of another module than the base's carries its module.
pub(super) fn constant<'a>(cx: &Cx<'a>, id: IdentityId, home: Option<ModuleId>) -> QName<'a> {
    let identity = cx.schema.identity(id);
    let name = cx.schema.str(identity.name);
    if Some(identity.module) == home {
        QName::plain(name)
    } else {
        QName::of(cx.schema.module_name(identity.module), name)
    }
}

//! What stands at the top of a module's Rust module: its name, and all its data.

use super::{Cx, Out, fields};
use crate::ir::Module;

/// The name of the module: all that stays of it where its feature is off.
pub(super) fn head(cx: &Cx<'_>, module: &Module, out: &mut Out) {
    let record = cx.schema.module(module.id);
    let (name, namespace) = (cx.schema.str(record.name), cx.schema.str(record.namespace));
    out.line(0, "use super::rt;");
    out.item();
    out.line(0, "/// The name of the module and its namespace.");
    let pieces = [format!("{name:?}"), format!("{namespace:?}")];
    out.listed(0, "pub const MODULE: rt::Module = rt::Module::new(", &pieces, ");", ",");
    out.item();
    out.line(0, "/// What it was generated of.");
    out.line(0, "pub const FINGERPRINT_: rt::Fingerprint = rt::Fingerprint {");
    super::fingerprint::fields(cx, module.id, out);
    out.line(0, "};");
}

/// All data of the module; nothing where there is none.
pub(super) fn data(cx: &Cx<'_>, module: &Module, out: &mut Out) {
    if module.top.is_empty() {
        return;
    }
    let name = cx.schema.module_name(module.id);
    out.item();
    out.line(0, format_args!("/// All data of `{name}`: its top-level nodes."));
    out.line(0, "#[derive(Default, rt::Yang)]");
    out.line(0, format_args!("#[yang(root, module = MODULE, modules = {})]", cx.at_root("MODULES")));
    out.line(0, "pub struct Data {");
    for field in &module.top {
        fields::field(cx, field, module.id, out);
    }
    fields::unknown(cx, out);
    out.line(0, "}");
}

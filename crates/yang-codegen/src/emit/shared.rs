//! Containers and lists whose struct is that of another node: aliases at the names that their own places give them.

use super::{Cx, Out};
use crate::docs::Docs;
use crate::ir::Shared;

pub(super) fn shared(cx: &Cx<'_>, item: &Shared, out: &mut Out) {
    let node = cx.schema.node(item.node);
    let of = cx.schema.node(item.of).data_path();
    out.item();
    out.docs(0, &Docs::line(format!("`{}`: as `{of}`.", node.data_path())));
    out.deprecated(0, node.status());
    out.line(0, format_args!("pub type {} = {};", item.name, cx.path_text(&item.path)));
    if let Some((name, path)) = &item.scope {
        let path_text = cx.path_text(path);
        out.item();
        out.line(0, "#[doc(inline)]");
        if path.0.last() == Some(name) {
            out.line(0, format_args!("pub use {path_text};"));
        } else {
            out.line(0, format_args!("pub use {path_text} as {name};"));
        }
    }
}

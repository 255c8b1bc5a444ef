//! Cases (RFC 7950 section 7.9.2): variants. A shorthand case holds its one node, any other a struct.

use super::attributes::Attributes;
use super::{Cx, Out, fields, write_docs};
use crate::ir::{CaseContent, Variant};
use yang_schema::{ModuleId, NodeRef};

/// A variant of a choice whose own names are those of the module `home`.
pub(super) fn variant(cx: &Cx<'_>, variant: &Variant, home: ModuleId, out: &mut Out) {
    let case = cx.schema.node(variant.case);
    if let Some(gate) = cx.gate_text(case.module()) {
        out.line(4, gate);
    }
    let ty = match &variant.content {
        CaseContent::Case(path) => {
            let mut attributes = Attributes::default();
            attributes.text("case", case.name());
            if case.module() != home {
                attributes.push(format!("module = {}", cx.module_text(case.module())));
            }
            attributes.node(cx, case);
            out.deprecated(4, case.status());
            attributes.write(4, out);
            format!("Box<{}>", cx.path_text(path))
        }
        CaseContent::Shorthand(field) => {
            write_docs(cx.schema.node(field.node), 4, out);
            fields::attributes(cx, field, home).write(4, out);
            fields::variant_ty(cx, &field.content)
        }
    };
    out.line(4, format_args!("{}({ty}),", variant.name));
}

/// Are a case's nodes of another module than the data node that the choice stands in?
pub(super) fn needs_module(case: NodeRef<'_>) -> bool {
    case.parent().is_some_and(|choice| choice.module() != case.module())
}

//! Mandatory configuration at the top (RFC 8407 section 4.10).

use crate::diagnostic::{Code, Diagnostic};
use yang_schema::{NodeKind, NodeRef, Schema};

/// A server that has a module with such a node has no valid configuration until someone sets it.
pub(super) fn mandatory(schema: &Schema, found: &mut Vec<Diagnostic>) {
    for (module, _) in schema.modules() {
        for top in schema.top_level(module) {
            let Some(node) = demanded(top) else { continue };
            let message = format!("the top-level {} `{}` is mandatory", top.kind().keyword(), top.path());
            let mut diagnostic = Diagnostic::warning(Code::LintMandatory, top.span(), message);
            if node.id() != top.id() {
                diagnostic = diagnostic.also(node.span(), "because this is");
            }
            found.push(diagnostic);
        }
    }
}

/// The node that any valid configuration has because of this one (RFC 7950 section 3, "mandatory node").
fn demanded(node: NodeRef<'_>) -> Option<NodeRef<'_>> {
    if !node.is_config() || !node.whens().is_empty() {
        return None;
    }
    match node.kind() {
        NodeKind::Leaf | NodeKind::Choice | NodeKind::AnyData | NodeKind::AnyXml => {
            node.is_mandatory().then_some(node)
        }
        NodeKind::List | NodeKind::LeafList => (node.min_elements() > 0).then_some(node),
        NodeKind::Container if node.is_np_container() => node.children().find_map(demanded),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::warnings;
    use crate::Code;

    #[test]
    fn nothing_is_demanded_of_every_server() {
        for (body, expected) in [
            ("leaf a { type string; mandatory true; }", &["the top-level leaf `/m:a` is mandatory"][..]),
            (
                "container c { container d { leaf a { type string; mandatory true; } } }",
                &["the top-level container `/m:c` is mandatory"],
            ),
            (
                "grouping g { leaf-list a { type string; min-elements 1; } } uses g;",
                &["the top-level leaf-list `/m:a` is mandatory"],
            ),
            (
                "choice h { mandatory true; leaf a { type string; } }",
                &["the top-level choice `/m:h` is mandatory"],
            ),
            ("container c { presence p; leaf a { type string; mandatory true; } }", &[]),
            ("container c { config false; leaf a { type string; mandatory true; } }", &[]),
            ("list l { key k; leaf k { type string; } leaf a { type string; mandatory true; } }", &[]),
            ("rpc r { input { leaf a { type string; mandatory true; } } }", &[]),
            (
                "container c { leaf b { type string; } leaf a { when ../b; type string; mandatory true; } }",
                &[],
            ),
        ] {
            assert_eq!(warnings(Code::LintMandatory, body), expected, "{body}");
        }
    }
}

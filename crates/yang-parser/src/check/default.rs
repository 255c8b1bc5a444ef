//! What values alone do not tell of defaults (RFC 7950 sections 7.7, 7.7.4).

use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::Stmt;
use std::collections::HashMap;
use yang_schema::{Default, NodeId, NodeKind};

/// The defaults of a leaf-list of configuration differ.
pub(crate) fn default_values<'t>(
    context: &mut Context<'t>,
    node: NodeId,
    own: &[Stmt<'t>],
    values: &[Default],
) {
    let def = context.builder.node(node);
    let (kind, config) = (def.kind, def.config);
    if kind == NodeKind::LeafList && config && values.len() == own.len() {
        let mut first = HashMap::new();
        for (i, value) in values.iter().enumerate() {
            let before = *first.entry(&value.value).or_insert(i);
            if before != i {
                let message =
                    format!("the default `{}` of {} stands twice", own[i].arg(), context.path_of(node));
                context.diagnostics.push(
                    Diagnostic::error(Code::InvalidDefault, own[i].argument_span(), message)
                        .also(own[before].argument_span(), "first given here"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{codes, errors};

    #[test]
    fn defaults_are_values_of_the_type() {
        for (ty, good, bad) in [
            ("int8 { range 1..5; }", "5", "6"),
            ("int8", "0x7f", "0x80"),
            ("string { pattern '[a-z]+'; }", "abc", "ABC"),
            ("enumeration { enum a; }", "a", "b"),
            ("bits { bit a; bit b; }", "a b", "a c"),
            ("boolean", "true", "yes"),
            ("decimal64 { fraction-digits 1; }", "1.5", "1.55"),
            ("identityref { base i; }", "j", "i"),
            ("identityref { base i; }", "m:j", "x:j"),
            ("union { type uint8; type enumeration { enum a; } }", "a", "b"),
            ("leafref { path ../n; }", "3", "x"),
        ] {
            let body = |default: &str| {
                format!(
                    "identity i; identity j {{ base i; }} leaf n {{ type int8; }}
                     leaf a {{ type {ty}{} default \"{default}\"; }}",
                    if ty.ends_with('}') { "" } else { ";" }
                )
            };
            assert_eq!(errors(&body(good)), Vec::<String>::new(), "{ty} {good}");
            assert_eq!(codes(&body(bad)), ["invalid-default"], "{ty} {bad}");
        }
    }

    #[test]
    fn an_inherited_default_fits_the_narrower_type() {
        assert_eq!(
            codes("typedef t { type int8; default 9; } leaf a { type t { range 1..5; } }"),
            ["invalid-default"]
        );
        assert_eq!(
            codes("typedef t { type int8; default 9; } leaf a { type t { range 1..5; } default 3; }"),
            Vec::<String>::new()
        );
        assert_eq!(codes("typedef t { type int8; default 200; }"), ["invalid-default"]);
    }

    #[test]
    fn special_cases() {
        assert_eq!(codes("leaf a { type empty; default \"\"; }"), ["invalid-default"]);
        assert_eq!(codes("leaf-list a { type int8; default 1; default 0x1; }"), ["invalid-default"]);
        assert_eq!(
            codes("leaf-list a { config false; type int8; default 1; default 1; }"),
            Vec::<String>::new()
        );
        assert_eq!(
            codes("feature f; leaf a { type enumeration { enum x { if-feature f; } } default x; }"),
            ["conditional-default"]
        );
    }
}

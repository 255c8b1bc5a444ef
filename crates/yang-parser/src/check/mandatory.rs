//! What is mandatory has no default (RFC 7950 sections 7.6.4, 7.7.4, 7.9.3).

use super::Visit;
use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic};
use yang_schema::NodeKind;

/// A `default` beside `mandatory true` or `min-elements` above zero says two things.
pub(crate) fn mandatory_default(context: &mut Context<'_>, visit: Visit) {
    let def = context.builder.node(visit.node);
    if !matches!(def.kind, NodeKind::Leaf | NodeKind::LeafList | NodeKind::Choice) {
        // The grammar has reported a default of anything else.
        return;
    }
    let extra = context.extra(visit.node);
    let Some(&default) = extra.defaults.first() else { return };
    let because = if def.mandatory {
        extra.mandatory
    } else if def.min_elements > 0 {
        extra.min_elements
    } else {
        None
    };
    let Some(because) = because else { return };
    context.diagnostics.push(
        Diagnostic::error(
            Code::MandatoryDefault,
            default.argument_span(),
            format!(
                "the {} {} is mandatory and has a default",
                def.kind.keyword(),
                context.path_of(visit.node)
            ),
        )
        .also(because.argument_span(), "mandatory because of this"),
    );
}

#[cfg(test)]
mod tests {
    use crate::check::testing::errors;

    #[test]
    fn mandatory_or_default() {
        for (body, kind) in [
            ("leaf a { type string; mandatory true; default x; }", "leaf"),
            ("leaf-list a { type string; min-elements 1; default x; }", "leaf-list"),
            ("choice a { mandatory true; default b; leaf b { type string; } }", "choice"),
            (
                "grouping g { leaf a { type string; default x; } } uses g { refine a { mandatory true; } }",
                "leaf",
            ),
        ] {
            assert_eq!(
                errors(body),
                [format!("mandatory-default: the {kind} `/a` is mandatory and has a default")]
            );
        }
        let from_type = "typedef t { type string; default x; } leaf a { type t; mandatory true; }";
        assert_eq!(errors(from_type), Vec::<String>::new());
    }
}

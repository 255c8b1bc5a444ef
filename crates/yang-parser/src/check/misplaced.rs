//! Where actions and notifications may stand (RFC 7950 sections 7.15, 7.16).

use super::Visit;
use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic, article};
use yang_schema::{NodeId, NodeKind};

/// Not in rpcs, actions and notifications, and not below lists without keys.
pub(crate) fn misplaced(context: &mut Context<'_>, visit: Visit) {
    let def = context.builder.node(visit.node);
    let (kind, span) = (def.kind, def.span);
    if !matches!(kind, NodeKind::Action | NodeKind::Notification) {
        return;
    }
    let mut at = context.builder.parent(visit.node);
    while at != NodeId::ROOT {
        let above = context.builder.node(at);
        let keyless = above.kind == NodeKind::List && context.extra(at).key.is_none();
        let why = match above.kind {
            NodeKind::Rpc | NodeKind::Action | NodeKind::Notification => {
                Some(format!("it stands in {}", article(above.kind.keyword())))
            }
            NodeKind::List if keyless => Some("it stands below a list without keys".to_owned()),
            _ => None,
        };
        if let Some(why) = why {
            context.diagnostics.push(
                Diagnostic::error(
                    Code::MisplacedNode,
                    span,
                    format!(
                        "the {} {} may not stand here: {why}",
                        kind.keyword(),
                        context.path_of(visit.node)
                    ),
                )
                .also(above.span, "this one"),
            );
            return;
        }
        at = context.builder.parent(at);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::codes;

    #[test]
    fn actions_belong_to_entries_that_can_be_named() {
        let list =
            |body: &str| codes(&format!("container s {{ config false; list l {{ {body} action a; }} }}"));
        assert_eq!(list("leaf k { type string; }"), ["misplaced-node"]);
        assert_eq!(list("key k; leaf k { type string; }"), Vec::<String>::new());
    }

    #[test]
    fn not_in_operations_and_notifications() {
        let grouping = "grouping g { container c { action a; } }";
        assert_eq!(codes(&format!("{grouping} rpc r {{ input {{ uses g; }} }}")), ["misplaced-node"]);
        assert_eq!(codes(&format!("{grouping} notification n {{ uses g; }}")), ["misplaced-node"]);
        assert_eq!(codes(&format!("{grouping} container d {{ uses g; }}")), Vec::<String>::new());
    }
}

//! Where actions and notifications may stand (RFC 7950 sections 7.15, 7.16).

use super::Visit;
use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use yang_schema::{NodeId, NodeKind};

/// Not in rpcs, actions and notifications, not below lists without keys, not in cases, and actions not at the top.
pub(crate) fn misplaced(context: &mut Context<'_>, visit: Visit) {
    let def = context.builder.node(visit.node);
    let (kind, span) = (def.kind, def.span);
    if !matches!(kind, NodeKind::Action | NodeKind::Notification) || is_reported(context, visit.node) {
        return;
    }
    let parent = context.builder.parent(visit.node);
    let holder = context.builder.node(parent);
    let mut found = match holder.kind {
        NodeKind::Root if kind == NodeKind::Action => Some(("it stands at the top of a module", None)),
        NodeKind::Case => Some(("it stands in a case", Some(holder.span))),
        _ => None,
    };
    let mut at = parent;
    while found.is_none() && at != NodeId::ROOT {
        let above = context.builder.node(at);
        found = match above.kind {
            NodeKind::Rpc => Some("it stands in an rpc"),
            NodeKind::Action => Some("it stands in an action"),
            NodeKind::Notification => Some("it stands in a notification"),
            NodeKind::List if context.extra(at).key.is_none() => Some("it stands below a list without keys"),
            _ => None,
        }
        .map(|why| (why, Some(above.span)));
        at = context.builder.parent(at);
    }
    let Some((why, place)) = found else { return };
    let mut d = Diagnostic::error(
        Code::MisplacedNode,
        span,
        format!("the {} {} may not stand here: {why}", kind.keyword(), context.path_of(visit.node)),
    );
    if let Some(place) = place {
        d = d.also(place, "this one");
    }
    context.diagnostics.push(d);
}

/// Has the grammar said that the statement may not stand below the one that holds it?
fn is_reported(context: &Context<'_>, node: NodeId) -> bool {
    let is_action = context.builder.node(node).kind == NodeKind::Action;
    let holder = context.extra(node).stmt.and_then(Stmt::parent);
    holder.is_some_and(|s| match s.keyword() {
        Keyword::Container | Keyword::List | Keyword::Grouping | Keyword::Augment | Keyword::Extended => {
            false
        }
        Keyword::Module | Keyword::Submodule => is_action,
        _ => true,
    })
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

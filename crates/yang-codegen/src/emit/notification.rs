//! Notifications (RFC 7950 section 7.16): at the top level of a module, or about a data node.

use super::attributes::Attributes;
use super::{Cx, ident, place};
use proc_macro2::TokenStream;
use yang_schema::{NodeKind, NodeRef};

/// What makes a struct a notification.
pub(super) fn attributes(node: NodeRef<'_>, attributes: &mut Attributes) {
    attributes.text("notification", node.name());
    if is_nested(node) {
        attributes.push("nested");
    }
}

/// Where the notification of a struct stands, if it is about a data node.
pub(super) fn placed(cx: &Cx<'_>, node: NodeRef<'_>, name: &str) -> TokenStream {
    if is_nested(node) { place::placed(cx, node, &ident(name)) } else { TokenStream::new() }
}

fn is_nested(node: NodeRef<'_>) -> bool {
    node.kind() == NodeKind::Notification && node.parent().is_some_and(|p| p.kind() != NodeKind::Root)
}

//! Notifications (RFC 7950 section 7.16).

use super::attributes::Attributes;
use quote::quote;
use yang_schema::NodeRef;

/// What makes a struct a notification.
pub(super) fn attributes(node: NodeRef<'_>, attributes: &mut Attributes) {
    attributes.text(quote!(notification), node.name());
}

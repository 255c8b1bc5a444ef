//! What a change takes (RFC 8341 sections 3.2.3 and 3.4.5): the nodes that are different afterwards, held against the rules.

use super::access::Access;
use super::denied_at;
use super::rules::Action;
use crate::rpc_error::RpcError;
use std::sync::Arc;
use yang_data::diff::{Changed, ChangedKind};
use yang_data::error::{DataError, ErrorTag};
use yang_data::tree::Tree;
use yang_data::view::{Cursor, View};
use yang_schema::Schema;
use yang_schema::value::{CanonicalNames, InstanceIdentifier};

/// Errors that are told of one change: a thousand nodes that may not be made need not all be named.
const TOLD: usize = 20;

impl Access {
    /// May the change be made?
    ///
    /// # Errors
    /// `access-denied` for each node that may not be made, changed or removed, twenty at most.
    pub(crate) fn check_changes(
        &self,
        before: &Tree,
        after: &Tree,
        changes: &[Changed],
    ) -> Result<(), Vec<RpcError>> {
        let (before, after) = (View::of(before), View::of(after));
        let mut errors = Vec::new();
        for change in changes {
            let Some(last) = change.path.steps.last() else { continue };
            let whole = match change.kind {
                ChangedKind::Created => Some((Action::Create, &after)),
                ChangedKind::Deleted => Some((Action::Delete, &before)),
                ChangedKind::Replaced | ChangedKind::Moved | ChangedKind::Annotated => None,
            };
            match whole {
                Some((action, _)) if self.may_all(action, last.node) => {}
                Some((action, view)) => {
                    if let Some(cursor) = view.find(&change.path) {
                        self.check_all(action, &cursor, &mut errors);
                    }
                }
                None if !self.may(Action::Update, last.node, || change.path.clone()) => {
                    let at = after.find(&change.path).or_else(|| before.find(&change.path));
                    let path = at.map(|at| at.path()).unwrap_or_default();
                    errors.push(denied_at(self, Action::Update.as_str(), &path, before.schema()));
                }
                None => {}
            }
            if errors.len() >= TOLD {
                break;
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// What the user is told of an edit that met something, or nothing, where it should not be: whether a node is there is for those
    /// alone who may make, remove or read it. The right to do something with a node is asked before how it is.
    pub(crate) fn veiled(&self, error: &DataError, schema: &Schema) -> Option<RpcError> {
        let may = |action, at: &InstanceIdentifier| {
            at.steps.last().is_none_or(|last| self.may(action, last.node, || at.clone()))
        };
        let at = InstanceIdentifier::parse(schema, &error.path, &CanonicalNames(schema)).ok()?;
        let action = match error.tag {
            ErrorTag::DataExists if !may(Action::Create, &at) => Action::Create,
            ErrorTag::DataMissing if !may(Action::Delete, &at) && !may(Action::Read, &at) => Action::Delete,
            _ => return None,
        };
        Some(denied_at(self, action.as_str(), &error.path, schema))
    }

    /// A node that comes or goes, with all that is in it. Of a subtree the topmost that is denied is told. A container without
    /// presence comes with its first node and goes with its last, so it is these that the rules are asked of.
    fn check_all(&self, action: Action, top: &Cursor<'_>, errors: &mut Vec<RpcError>) {
        let mut stack = vec![top.clone()];
        while let Some(at) = stack.pop() {
            if errors.len() >= TOLD {
                return;
            }
            if self.may_all(action, at.node_id()) {
                continue;
            }
            if at.node().is_np_container() || self.may(action, at.node_id(), || at.instance_identifier()) {
                stack.extend(at.children().filter(Cursor::is_set));
            } else {
                let schema: &Arc<_> = top.view().schema();
                errors.push(denied_at(self, action.as_str(), &at.path(), schema));
            }
        }
    }
}

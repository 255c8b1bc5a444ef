//! `when` (RFC 7950 sections 7.21.5, 8.2 and 8.3.2).

use crate::edit::{ApplyOptions, DefaultOperation, Edit, Operation, Payload};
use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::tree::Tree;
use crate::view::{Cursor, DefaultMode, View, when};
use std::sync::Arc;
use yang_schema::value::InstanceIdentifier;
use yang_schema::{CodeOf, NodeId, NodeKind, NodeRef, Schema};

/// The fault of a node that exists although a condition on it, or on the case or choice it is of, does not hold.
pub(super) fn unmet(at: &Cursor<'_>) -> Option<DataError> {
    let node = at.node();
    let fault = |condition: NodeRef<'_>| {
        let schema = at.schema();
        let texts: Vec<String> = condition
            .whens()
            .iter()
            .map(|w| format!("`{}`", schema.str(schema.xpath(w.xpath).text)))
            .collect();
        let message = format!(
            "{} `{}` must not be there: when {} does not hold",
            node.kind().keyword(),
            node.name(),
            texts.join(" and ")
        );
        let info = ErrorInfo::BadElement(node.name().to_owned());
        let code = condition.codes().iter().find(|c| matches!(c.of, CodeOf::When(_))).map(|c| c.of);
        let code = condition.code(code.unwrap_or(CodeOf::Node));
        let error = DataError::new(ErrorTag::UnknownElement, at.path(), message).info(info);
        Some(error.coded(schema, code, false))
    };
    if !node.whens().is_empty() && !when::holds(at) {
        return fault(node);
    }
    let up = at.up.as_ref()?;
    std::iter::successors(node.parent(), |n| n.parent())
        .take_while(|n| matches!(n.kind(), NodeKind::Choice | NodeKind::Case))
        .find(|n| !n.whens().is_empty() && !when::holds_at(up, *n))
        .and_then(fault)
}

/// A tree whose `when` conditions all hold.
#[derive(Debug)]
pub struct Settled {
    /// The tree.
    pub tree: Tree,
    /// The paths of the nodes that are gone.
    pub removed: Vec<String>,
}

/// Deletes nodes whose `when` does not hold any longer (RFC 7950 section 8.2), and those whose own depended on them.
///
/// A node that was not there before the edit, in `base`, must not be created while its condition does not hold: that is an
/// error (section 8.3.2).
///
/// # Errors
/// `unknown-element` for each such node.
pub fn settle_whens(tree: &Tree, base: &Tree, commit: u64) -> Result<Settled, Vec<DataError>> {
    let conditional = conditional(tree.schema());
    if !conditional[NodeId::ROOT.index()] {
        return Ok(Settled { tree: tree.clone(), removed: Vec::new() });
    }
    settle(tree, base, commit, &mut |tree| {
        let view = View::of(tree).accessible();
        let mut found = Vec::new();
        let mut stack = vec![view.root()];
        while let Some(at) = stack.pop() {
            for child in at.children().filter(|c| c.is_set() && conditional[c.node_id().index()]) {
                match unmet(&child.accessible_to(child.node())) {
                    Some(error) => found.push((child.instance_identifier(), error)),
                    None if child.value().is_none() => stack.push(child),
                    None => {}
                }
            }
        }
        found
    })
}

/// Finds the topmost nodes of a tree whose `when` does not hold.
pub(super) type Unmet<'a> = dyn FnMut(&Tree) -> Vec<(InstanceIdentifier, DataError)> + 'a;

/// Deletes what `unmet` finds until it finds nothing, or says that it must not have been created.
pub(super) fn settle(
    tree: &Tree,
    base: &Tree,
    commit: u64,
    unmet: &mut Unmet<'_>,
) -> Result<Settled, Vec<DataError>> {
    let schema = tree.schema();
    let mut settled = Settled { tree: tree.clone(), removed: Vec::new() };
    let before = View::of(base);
    loop {
        let mut found = unmet(&settled.tree);
        if found.is_empty() {
            return Ok(settled);
        }
        found.sort_by(|a, b| a.1.path.cmp(&b.1.path));
        let view = View::of(&settled.tree).defaults(DefaultMode::ReportAll);
        // A value that the edit changed was modified, too.
        let unchanged = |id: &InstanceIdentifier| match (before.find(id), view.find(id)) {
            (Some(old), Some(new)) => old.value() == new.value(),
            _ => false,
        };
        let created: Vec<DataError> =
            found.iter().filter(|(id, _)| !unchanged(id)).map(|(_, e)| e.clone()).collect();
        if !created.is_empty() {
            return Err(created);
        }
        let mut edit = Edit::new(Arc::clone(schema));
        for (id, error) in &found {
            edit.push(id, Operation::Remove, Payload::None, None).map_err(|e| vec![e])?;
            settled.removed.push(error.path.clone());
        }
        let options = ApplyOptions { default_operation: DefaultOperation::None, commit };
        settled.tree = edit.apply(&settled.tree, &options)?;
    }
}

/// For each schema node, whether it or a node below it has a `when`.
fn conditional(schema: &Schema) -> Vec<bool> {
    let mut found = vec![false; schema.node_count()];
    for i in (0..schema.node_count()).rev() {
        let node = schema.node(NodeId::from_index(i));
        // Conditions on choices and cases are their nodes'.
        let of_case = std::iter::successors(node.parent(), |n| n.parent())
            .take_while(|n| matches!(n.kind(), NodeKind::Choice | NodeKind::Case))
            .any(|n| !n.whens().is_empty());
        if found[i] || !node.whens().is_empty() || of_case {
            found[i] = true;
            if let Some(parent) = node.parent() {
                found[parent.id().index()] = true;
            }
        }
    }
    found
}

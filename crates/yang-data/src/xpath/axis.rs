//! Axes (XPath 1.0 section 2.2). Data has no attributes and no namespace nodes.

use super::{EvaluationError, Node};
use crate::view::{Children, Cursor};
use yang_schema::xpath::Axis;

type Passed<'a> = &'a dyn Fn() -> Result<(), EvaluationError>;
type Visit<'a, 'v> = &'a mut dyn FnMut(Node<'v>) -> Result<(), EvaluationError>;

/// Visits the nodes of an axis in the order in which it counts positions: away from the context node. `passed` is told of each
/// node that is only passed over.
pub(super) fn each<'v>(
    axis: Axis,
    from: &Node<'v>,
    passed: Passed<'_>,
    visit: Visit<'_, 'v>,
) -> Result<(), EvaluationError> {
    match axis {
        Axis::SelfAxis => visit(from.clone()),
        Axis::Child => children(from, visit),
        Axis::Parent => parent(from).map_or(Ok(()), visit),
        Axis::Ancestor | Axis::AncestorOrSelf => {
            if axis == Axis::AncestorOrSelf {
                visit(from.clone())?;
            }
            let mut at = parent(from);
            while let Some(node) = at {
                at = parent(&node);
                visit(node)?;
            }
            Ok(())
        }
        Axis::Descendant => descendants(from, visit),
        Axis::DescendantOrSelf => {
            visit(from.clone())?;
            descendants(from, visit)
        }
        Axis::FollowingSibling => siblings_after(from, passed)?.try_for_each(|c| visit(Node::element(c))),
        Axis::PrecedingSibling => {
            siblings_before(from, passed)?.into_iter().rev().try_for_each(|c| visit(Node::element(c)))
        }
        Axis::Following => {
            // What stands behind it and all of its ancestors; neither is itself part of the axis.
            for at in std::iter::successors(Some(from.clone()), parent) {
                for sibling in siblings_after(&at, passed)? {
                    let sibling = Node::element(sibling);
                    visit(sibling.clone())?;
                    descendants(&sibling, visit)?;
                }
            }
            Ok(())
        }
        Axis::Preceding => {
            for at in std::iter::successors(Some(from.clone()), parent) {
                for sibling in siblings_before(&at, passed)?.into_iter().rev() {
                    let sibling = Node::element(sibling);
                    let mut below = Vec::new();
                    descendants(&sibling, &mut |node| {
                        below.push(node);
                        Ok(())
                    })?;
                    below.into_iter().rev().try_for_each(&mut *visit)?;
                    visit(sibling)?;
                }
            }
            Ok(())
        }
        Axis::Attribute | Axis::Namespace => Ok(()),
    }
}

pub(super) fn parent<'v>(node: &Node<'v>) -> Option<Node<'v>> {
    if node.text { Some(Node::element(node.cursor.clone())) } else { node.cursor.parent().map(Node::element) }
}

fn children<'v>(node: &Node<'v>, visit: Visit<'_, 'v>) -> Result<(), EvaluationError> {
    if node.text {
        return Ok(());
    }
    if let Some(text) = Node::text_of(&node.cursor) {
        return visit(text);
    }
    node.cursor.children().try_for_each(|c| visit(Node::element(c)))
}

/// Depth first, without recursion: data may be as deep as its schema.
fn descendants<'v>(from: &Node<'v>, visit: Visit<'_, 'v>) -> Result<(), EvaluationError> {
    if from.text {
        return Ok(());
    }
    if let Some(text) = Node::text_of(&from.cursor) {
        return visit(text);
    }
    let mut stack = vec![from.cursor.children()];
    while let Some(children) = stack.last_mut() {
        let Some(child) = children.next() else {
            stack.pop();
            continue;
        };
        visit(Node::element(child.clone()))?;
        match Node::text_of(&child) {
            Some(text) => visit(text)?,
            None => stack.push(child.children()),
        }
    }
    Ok(())
}

/// The children of the node above. A text node is the only child of its leaf, and the root has no siblings.
fn siblings<'v>(node: &Node<'v>) -> Option<Children<'v>> {
    if node.text { None } else { node.cursor.parent().map(|p| p.children()) }
}

/// Those behind a node, which itself need not be there: a condition has a context before its node exists.
fn siblings_after<'v>(
    node: &Node<'v>,
    passed: Passed<'_>,
) -> Result<impl Iterator<Item = Cursor<'v>>, EvaluationError> {
    let mut siblings = siblings(node);
    let mut first = None;
    for sibling in siblings.iter_mut().flatten() {
        if sibling > node.cursor {
            first = Some(sibling);
            break;
        }
        passed()?;
    }
    Ok(first.into_iter().chain(siblings.into_iter().flatten()))
}

fn siblings_before<'v>(node: &Node<'v>, passed: Passed<'_>) -> Result<Vec<Cursor<'v>>, EvaluationError> {
    let mut before = Vec::new();
    for sibling in siblings(node).into_iter().flatten() {
        if sibling >= node.cursor {
            break;
        }
        passed()?;
        before.push(sibling);
    }
    Ok(before)
}

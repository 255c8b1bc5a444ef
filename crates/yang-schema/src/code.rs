//! Error codes: the numbers and messages that a model's author gives to constraints and nodes by the extension `code` of the
//! module [`CODE_MODULE`], and the demand `non-zero` of the same module. They are no part of RFC 7950, and mean nothing to a
//! tool that does not know them.

use crate::{CodeId, NodeRef, Schema, Span, Sym};

/// The module that defines the extensions; the compiler carries its text.
pub const CODE_MODULE: &str = "netconf-error-codes";

/// The namespace of [`CODE_MODULE`], also that of the `code` in an `error-info`.
pub const CODE_NAMESPACE: &str = "urn:netconf-runtime:error-codes";

/// A `code` statement. One statement may speak for many nodes: all uses of its grouping or typedef.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ErrorCode {
    /// The number: each stands once in a set of modules.
    pub number: u64,
    /// Its `error-message`, for statements that have none of their own.
    pub message: Option<Sym>,
    /// The argument of the statement.
    pub span: Span,
}

/// What a node's code speaks of. Codes of `must`, `range`, `length`, `pattern` and `non-zero` are in their
/// [`ConstraintInfo`](crate::ConstraintInfo).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CodeOf {
    /// Every violation at the node that has no code of its own.
    Node,
    /// `mandatory`.
    Mandatory,
    /// `min-elements`.
    MinElements,
    /// `max-elements`.
    MaxElements,
    /// The `unique` at a position of [`NodeRef::uniques`].
    Unique(u32),
    /// The `when` at a position of [`NodeRef::whens`].
    When(u32),
}

/// A code of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NodeCode {
    /// What it speaks of.
    pub of: CodeOf,
    /// The code.
    pub code: CodeId,
}

impl Schema {
    /// All codes of the set, in the order of their numbers.
    pub fn codes(&self) -> impl Iterator<Item = (CodeId, &ErrorCode)> {
        let mut ids: Vec<CodeId> = (0..self.arena.codes.len()).map(CodeId::from_index).collect();
        ids.sort_by_key(|id| (self.code(*id).number, id.index()));
        ids.into_iter().map(|id| (id, self.code(id)))
    }

    /// A code.
    pub fn code(&self, id: CodeId) -> &ErrorCode {
        &self.arena.codes[id.index()]
    }
}

impl<'s> NodeRef<'s> {
    /// The code of what a node demands, else the node's own.
    pub fn code(self, of: CodeOf) -> Option<&'s ErrorCode> {
        let codes = self.codes();
        let found = codes.iter().find(|c| c.of == of).or_else(|| codes.iter().find(|c| c.of == CodeOf::Node));
        found.map(|c| self.schema().code(c.code))
    }
}

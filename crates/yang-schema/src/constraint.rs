//! `must`, `when` and `unique`, and the XPath expressions they hold.

use crate::{CodeId, ExprId, ModuleId, NodeId, Span, Sym, XPathId};

/// What a constraint may say about its own violation (RFC 7950 section 7.5.4), besides what it demands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ConstraintInfo {
    /// `error-message`.
    pub error_message: Option<Sym>,
    /// `error-app-tag`.
    pub error_app_tag: Option<Sym>,
    /// `description`.
    pub description: Option<Sym>,
    /// `reference`.
    pub reference: Option<Sym>,
    /// Its error code (see [`ErrorCode`](crate::ErrorCode)).
    pub code: Option<CodeId>,
}

/// An XPath expression in its place.
#[derive(Clone, PartialEq, Debug)]
pub struct XPath {
    /// The expression as written.
    pub text: Sym,
    /// The parsed expression. A grouping's expression is parsed once for all its uses.
    pub expr: ExprId,
    /// The module of names without a prefix: that of the current node (RFC 7950 section 6.4.1), so the place of use decides.
    pub default_module: ModuleId,
    /// Schema nodes whose instances the expression reads, as far as its paths tell; sorted.
    pub reads: Vec<NodeId>,
    /// The argument in the source.
    pub span: Span,
}

/// A `must` (RFC 7950 section 7.5.3). Its context node is the node that carries it.
#[derive(Clone, PartialEq, Debug)]
pub struct Must {
    /// The condition.
    pub xpath: XPathId,
    /// What it says of its violation.
    pub info: ConstraintInfo,
}

/// A `when` (RFC 7950 section 7.21.5).
#[derive(Clone, PartialEq, Debug)]
pub struct When {
    /// The condition.
    pub xpath: XPathId,
    /// Where it is evaluated.
    pub context: WhenContext,
    /// `description`.
    pub description: Option<Sym>,
    /// `reference`.
    pub reference: Option<Sym>,
}

/// The context node of a `when`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhenContext {
    /// The node itself: the statement stood on the node. (On a choice or case: its closest data node ancestor.)
    Node,
    /// The closest ancestor that is a data node (or the root): the statement stood on a `uses` or an `augment`.
    Parent,
}

/// A `unique` of a list (RFC 7950 section 7.8.3).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unique {
    /// The argument as written.
    pub text: Sym,
    /// The leaves it names.
    pub leaves: Vec<NodeId>,
    /// The argument in the source.
    pub span: Span,
}

//! Identities (RFC 7950 section 7.18) and features (section 7.20.1).

use crate::{ExtensionUse, IdentityId, ModuleId, Span, Status, Sym};

/// An `identity`.
#[derive(Clone, PartialEq, Debug)]
pub struct Identity {
    /// Its name.
    pub name: Sym,
    /// The module that defines it.
    pub module: ModuleId,
    /// The identities that it names as `base`.
    pub bases: Vec<IdentityId>,
    /// All identities derived from it, directly or not, sorted by id; not itself. [`Builder::finish`] computes it.
    ///
    /// [`Builder::finish`]: crate::Builder::finish
    pub derived: Vec<IdentityId>,
    /// Its status.
    pub status: Status,
    /// `description`.
    pub description: Option<Sym>,
    /// `reference`.
    pub reference: Option<Sym>,
    /// `if-feature` expressions, as written.
    pub if_features: Vec<Sym>,
    /// Do all its `if-feature` expressions hold? Where not, no value may name it.
    pub enabled: bool,
    /// Extension statements below it.
    pub extensions: Vec<ExtensionUse>,
    /// The argument of its statement.
    pub span: Span,
}

/// A `feature`.
#[derive(Clone, PartialEq, Debug)]
pub struct Feature {
    /// Its name.
    pub name: Sym,
    /// The module that defines it.
    pub module: ModuleId,
    /// Is it supported? A feature whose own `if-feature` does not hold never is.
    pub enabled: bool,
    /// Its status.
    pub status: Status,
    /// `description`.
    pub description: Option<Sym>,
    /// `reference`.
    pub reference: Option<Sym>,
    /// `if-feature` expressions, as written.
    pub if_features: Vec<Sym>,
    /// The argument of its statement.
    pub span: Span,
}

//! Extensions: their definitions and their uses (RFC 7950 section 7.19).

use crate::{ModuleId, Span, Sym};

/// An `extension` statement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExtensionDef {
    /// Its name.
    pub name: Sym,
    /// The module that defines it.
    pub module: ModuleId,
    /// The name of its argument; without one it takes none.
    pub argument: Option<Sym>,
    /// Does the argument stand in an element of its own in YIN?
    pub yin_element: bool,
    /// `description`.
    pub description: Option<Sym>,
    /// The argument of its statement.
    pub span: Span,
}

/// A use of an extension, or a statement below one: kept whole, known or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExtensionUse {
    /// The module that defines the keyword; `None` for a core statement below an extension's use.
    pub module: Option<ModuleId>,
    /// The keyword, without prefix.
    pub name: Sym,
    /// The argument, if there is one.
    pub argument: Option<Sym>,
    /// The statements below it.
    pub substatements: Vec<ExtensionUse>,
    /// The whole statement.
    pub span: Span,
}

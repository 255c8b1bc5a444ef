//! Modules and submodules (RFC 7950 section 7.1, 7.2).

use crate::{ExtensionUse, FeatureId, FileId, IdentityId, ModuleId, Span, Sym, TypedefId};

/// The language version of a module (`yang-version`, RFC 7950 section 7.1.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum YangVersion {
    /// YANG 1, RFC 6020.
    #[default]
    V1,
    /// YANG 1.1, RFC 7950.
    V1_1,
}

/// A module with all its submodules.
#[derive(Clone, PartialEq, Debug)]
pub struct Module {
    /// Its name.
    pub name: Sym,
    /// Its XML namespace.
    pub namespace: Sym,
    /// Its own prefix.
    pub prefix: Sym,
    /// Its newest revision.
    pub revision: Option<Sym>,
    /// Its language version.
    pub yang_version: YangVersion,
    /// Are its data nodes part of the schema? An imported module only lends types, groupings, identities and features
    /// (RFC 7950 section 5.6.5).
    pub implemented: bool,
    /// `organization`.
    pub organization: Option<Sym>,
    /// `contact`.
    pub contact: Option<Sym>,
    /// `description`.
    pub description: Option<Sym>,
    /// `reference`.
    pub reference: Option<Sym>,
    /// `revision` statements, in the order of the text.
    pub revisions: Vec<Revision>,
    /// `import` statements of the module and its submodules.
    pub imports: Vec<Import>,
    /// Submodules that it includes, directly or not.
    pub submodules: Vec<Submodule>,
    /// Features that it defines.
    pub features: Vec<FeatureId>,
    /// Identities that it defines.
    pub identities: Vec<IdentityId>,
    /// Top-level typedefs that it defines.
    pub typedefs: Vec<TypedefId>,
    /// Modules whose deviations were applied to nodes of this one.
    pub deviated_by: Vec<ModuleId>,
    /// Modules that augment nodes of this one.
    pub augmented_by: Vec<ModuleId>,
    /// Extension statements right below `module`.
    pub extensions: Vec<ExtensionUse>,
    /// Its file.
    pub file: FileId,
    /// The `module` statement's argument.
    pub span: Span,
}

/// A `revision` statement (RFC 7950 section 7.1.9).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Revision {
    /// The date, YYYY-MM-DD.
    pub date: Sym,
    /// `description`.
    pub description: Option<Sym>,
    /// `reference`.
    pub reference: Option<Sym>,
}

/// An `import` statement (RFC 7950 section 7.1.5).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Import {
    /// The file that it stands in: the module's, or that of a submodule. The prefix means something there only.
    pub file: FileId,
    /// The prefix by which the importing file knows it.
    pub prefix: Sym,
    /// What it names.
    pub module: ModuleId,
    /// `revision-date`, if the statement names one.
    pub revision: Option<Sym>,
}

/// A submodule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Submodule {
    /// Its name.
    pub name: Sym,
    /// The prefix by which it knows its module (`belongs-to`, RFC 7950 section 7.2.2).
    pub prefix: Sym,
    /// Its newest revision.
    pub revision: Option<Sym>,
    /// Its file.
    pub file: FileId,
}

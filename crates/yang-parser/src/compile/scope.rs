//! Which definition a name means (RFC 7950 sections 5.5, 6.2.1): the definitions of each module, and the typedefs and
//! groupings of inner scopes.

use super::map::IdMap;
use crate::argument::{is_identifier, split_reference};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::grammar::Keyword;
use crate::library::Library;
use crate::spelling::did_you_mean;
use crate::syntax::{Stmt, StmtId};
use hashbrown::HashMap;
use yang_schema::{Base, FileId, ModuleId, YangVersion};

/// What is defined by name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Kind {
    Typedef,
    Grouping,
    Feature,
    Identity,
    Extension,
}

impl Kind {
    fn of(keyword: Keyword) -> Option<Kind> {
        Some(match keyword {
            Keyword::Typedef => Kind::Typedef,
            Keyword::Grouping => Kind::Grouping,
            Keyword::Feature => Kind::Feature,
            Keyword::Identity => Kind::Identity,
            Keyword::Extension => Kind::Extension,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Typedef => "typedef",
            Kind::Grouping => "grouping",
            Kind::Feature => "feature",
            Kind::Identity => "identity",
            Kind::Extension => "extension",
        }
    }

    fn unknown(self) -> Code {
        match self {
            Kind::Typedef => Code::UnknownType,
            Kind::Grouping => Code::UnknownGrouping,
            Kind::Feature => Code::UnknownFeature,
            Kind::Identity => Code::UnknownIdentity,
            Kind::Extension => Code::UnknownExtension,
        }
    }
}

/// All definitions by name.
pub(crate) struct Scopes<'t> {
    library: &'t Library,
    /// Of each module, at its top level.
    top: Vec<[HashMap<&'t str, Stmt<'t>>; 5]>,
    /// Inside of the statement that makes the scope.
    inner: HashMap<(StmtId, Kind, &'t str), Stmt<'t>>,
    /// Statements that make a scope with definitions in it.
    scopes: IdMap<StmtId, ()>,
}

/// The statement in which a definition can be seen; `None` for a whole module.
fn scope_of(definition: Stmt<'_>) -> Option<Stmt<'_>> {
    definition.parent().filter(|p| !matches!(p.keyword(), Keyword::Module | Keyword::Submodule))
}

impl<'t> Scopes<'t> {
    /// Collects the definitions of all files and reports names that are taken.
    pub(crate) fn collect(library: &'t Library, diagnostics: &mut Diagnostics) -> Self {
        let mut scopes = Scopes {
            library,
            top: library.modules.iter().map(|_| Default::default()).collect(),
            inner: HashMap::new(),
            scopes: IdMap::default(),
        };
        let mut nested = Vec::new();
        for (i, module) in library.modules.iter().enumerate() {
            for &file in &module.files {
                let Some(root) = library.file(file).root() else { continue };
                for stmt in root.descendants() {
                    let Some(kind) = Kind::of(stmt.keyword()) else { continue };
                    if stmt.argument().is_none() {
                        continue;
                    }
                    if stmt.parent() == Some(root) {
                        scopes.define_top(ModuleId::from_index(i), kind, stmt, diagnostics);
                    } else if matches!(kind, Kind::Typedef | Kind::Grouping) {
                        nested.push((kind, stmt));
                    }
                }
            }
        }
        for (kind, stmt) in nested {
            scopes.define_inner(kind, stmt, diagnostics);
        }
        for &(kind, stmt) in &scopes.all_inner() {
            scopes.check_shadowing(kind, stmt, diagnostics);
        }
        scopes
    }

    fn all_inner(&self) -> Vec<(Kind, Stmt<'t>)> {
        #[allow(clippy::iter_over_hash_type, reason = "sorted right away")]
        let mut all: Vec<_> = self.inner.iter().map(|(&(_, kind, _), &stmt)| (kind, stmt)).collect();
        all.sort_by_key(|(_, stmt)| stmt.id());
        all
    }

    fn define_top(&mut self, module: ModuleId, kind: Kind, stmt: Stmt<'t>, diagnostics: &mut Diagnostics) {
        check_type_name(kind, stmt, diagnostics);
        let map = &mut self.top[module.index()][kind as usize];
        match map.get(stmt.arg()) {
            Some(first) => diagnostics.push(taken(kind, stmt, *first)),
            None => {
                map.insert(stmt.arg(), stmt);
            }
        }
    }

    fn define_inner(&mut self, kind: Kind, stmt: Stmt<'t>, diagnostics: &mut Diagnostics) {
        check_type_name(kind, stmt, diagnostics);
        let Some(scope) = scope_of(stmt) else { return };
        self.scopes.insert(scope.id(), ());
        let key = (scope.id(), kind, stmt.arg());
        match self.inner.get(&key) {
            Some(first) => diagnostics.push(taken(kind, stmt, *first)),
            None => {
                self.inner.insert(key, stmt);
            }
        }
    }

    /// RFC 7950 section 5.5: a name may not be one that can be seen from an enclosing scope.
    fn check_shadowing(&self, kind: Kind, stmt: Stmt<'t>, diagnostics: &mut Diagnostics) {
        let Some(scope) = scope_of(stmt) else { return };
        let outer = self.lookup_inner(kind, scope.parent(), stmt.arg());
        let module = self.library.file(stmt.id().file).module;
        let top = || self.top[module?.index()][kind as usize].get(stmt.arg()).copied();
        if let Some(outer) = outer.or_else(top) {
            diagnostics.push(
                Diagnostic::error(
                    Code::ShadowedDefinition,
                    stmt.argument_span(),
                    format!("the {} `{}` hides another of the same name", kind.name(), stmt.arg()),
                )
                .also(outer.argument_span(), "this one can be seen here too"),
            );
        }
    }

    fn lookup_inner(&self, kind: Kind, from: Option<Stmt<'t>>, name: &str) -> Option<Stmt<'t>> {
        if self.scopes.is_empty() {
            return None;
        }
        let mut at = from;
        while let Some(scope) = at {
            if self.scopes.contains_key(&scope.id())
                && let Some(&found) = self.inner.get(&(scope.id(), kind, name))
            {
                return Some(found);
            }
            at = scope.parent();
        }
        None
    }

    /// The top-level definition of a module.
    pub(crate) fn top_level(&self, module: ModuleId, kind: Kind, name: &str) -> Option<Stmt<'t>> {
        self.top[module.index()][kind as usize].get(name).copied()
    }

    /// All top-level definitions of a kind of a module, in the order of the text.
    pub(crate) fn all(&self, module: ModuleId, kind: Kind) -> Vec<Stmt<'t>> {
        #[allow(clippy::iter_over_hash_type, reason = "sorted right away")]
        let mut all: Vec<_> = self.top[module.index()][kind as usize].values().copied().collect();
        let files = &self.library.module(module).files;
        all.sort_by_key(|s| (files.iter().position(|&f| f == s.id().file), s.id().index));
        all
    }

    /// The module of a prefix in a file.
    pub(crate) fn prefix(&self, file: FileId, prefix: &str) -> Option<ModuleId> {
        self.library.file(file).prefixes.get(prefix).copied()
    }

    /// What a reference in a statement means; what is wrong is reported.
    pub(crate) fn resolve(
        &self,
        at: Stmt<'t>,
        kind: Kind,
        reference: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Stmt<'t>> {
        let file = at.id().file;
        let own = self.library.file(file).module?;
        let (prefix, name) = split_reference(reference);
        if !is_identifier(name) || !prefix.is_none_or(is_identifier) {
            // The grammar has reported what has not the form.
            return None;
        }
        let module = match prefix {
            None => own,
            Some(prefix) => match self.prefix(file, prefix) {
                Some(module) => module,
                // The grammar has reported what is no name.
                None if !is_identifier(prefix) => return None,
                None => {
                    diagnostics.push(self.unknown_prefix(at, prefix));
                    return None;
                }
            },
        };
        let inner = || match kind {
            Kind::Typedef | Kind::Grouping if module == own => self.lookup_inner(kind, at.parent(), name),
            _ => None,
        };
        let found = inner().or_else(|| self.top_level(module, kind, name));
        let Some(found) = found else {
            // The grammar has reported what is no name.
            if is_identifier(name) {
                diagnostics.push(self.unknown(at, kind, module, name));
            }
            return None;
        };
        if module == own {
            self.check_included(at, kind, found, diagnostics);
        }
        Some(found)
    }

    /// In YANG 1 a submodule sees only what it includes itself (RFC 6020 section 5.1), never its module.
    fn check_included(&self, at: Stmt<'t>, kind: Kind, found: Stmt<'t>, diagnostics: &mut Diagnostics) {
        let (here, there) = (at.id().file, found.id().file);
        let file = self.library.file(here);
        if here == there || file.version != YangVersion::V1 || !file.is_submodule() {
            return;
        }
        if !file.includes.contains(&there) {
            diagnostics.push(
                Diagnostic::error(
                    kind.unknown(),
                    at.argument_span(),
                    format!(
                        "the {} `{}` is in `{}`, which this submodule does not include",
                        kind.name(),
                        found.arg(),
                        self.library.file(there).name()
                    ),
                )
                .also(found.argument_span(), "defined here")
                .help("in YANG 1 a submodule includes the submodules that it refers to"),
            );
        }
    }

    /// An error for a prefix that means nothing.
    pub(crate) fn unknown_prefix(&self, at: Stmt<'t>, prefix: &str) -> Diagnostic {
        let span = if at.is(Keyword::Extended) { at.keyword_span() } else { at.argument_span() };
        let file = self.library.file(at.id().file);
        let failed = file
            .root()
            .is_some_and(|r| r.all(Keyword::Import).any(|i| i.value_of(Keyword::Prefix) == Some(prefix)));
        let d = Diagnostic::error(Code::UnknownPrefix, span, format!("the prefix `{prefix}` is not defined"));
        if failed {
            return d.help("its import failed, see above");
        }
        let mut known: Vec<&str> = file.prefixes.keys().map(|k| &**k).collect();
        known.sort_unstable();
        d.help(did_you_mean(prefix, known).unwrap_or_else(|| "add an `import` with this prefix".to_owned()))
    }

    fn unknown(&self, at: Stmt<'t>, kind: Kind, module: ModuleId, name: &str) -> Diagnostic {
        let span = if at.is(Keyword::Extended) { at.keyword_span() } else { at.argument_span() };
        let owner = &self.library.module(module).name;
        let d = Diagnostic::error(
            kind.unknown(),
            span,
            match kind {
                Kind::Typedef => format!("`{owner}` has no type `{name}`"),
                _ => format!("`{owner}` has no {} `{name}`", kind.name()),
            },
        );
        let own = self.top[module.index()][kind as usize].keys().copied();
        let builtin = Base::ALL.iter().map(|b| b.name()).filter(|_| kind == Kind::Typedef);
        match did_you_mean(name, own.chain(builtin)) {
            Some(help) => d.help(help),
            None => d,
        }
    }
}

fn check_type_name(kind: Kind, stmt: Stmt<'_>, diagnostics: &mut Diagnostics) {
    if kind == Kind::Typedef && Base::from_name(stmt.arg()).is_some() {
        diagnostics.error(
            Code::BuiltinTypeName,
            stmt.argument_span(),
            format!("`{}` is the name of a built-in type", stmt.arg()),
        );
    }
}

fn taken(kind: Kind, stmt: Stmt<'_>, first: Stmt<'_>) -> Diagnostic {
    Diagnostic::error(
        Code::DuplicateDefinition,
        stmt.argument_span(),
        format!("the {} `{}` is defined twice", kind.name(), stmt.arg()),
    )
    .also(first.argument_span(), "first defined here")
}

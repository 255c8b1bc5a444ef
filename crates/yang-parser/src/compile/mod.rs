//! Statements to schema (RFC 7950 sections 5 to 9): names are resolved, groupings and augments expanded, deviations
//! applied, and the result is checked. The checks of the finished tree stand in [`check`](crate::check).

mod augment;
mod code;
mod data;
mod default;
mod deviation;
mod extension;
mod feature;
mod finish;
mod function;
mod graph;
mod identity;
mod implement;
mod leafref;
mod map;
mod module;
mod nodes;
mod scope;
mod types;
mod uses;
mod when;
mod xpath;

pub(crate) use finish::Visit;
pub(crate) use graph::order;
pub(crate) use nodes::Extra;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::grammar::Keyword;
use crate::library::{Library, ModuleUnit};
use crate::progress::{Listener, Progress};
use crate::syntax::{Stmt, StmtId};
pub(crate) use map::IdMap;
use nodes::Nodes;
use scope::Scopes;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use types::Types;
use yang_schema::{
    Builder, CodeId, ExprId, FeatureId, GroupingId, IdentityId, ModuleId, Schema, Status, Sym, TypedefId,
    YangVersion,
};

/// What the user asks of a compilation, besides modules.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// Features of the modules that are named; in others all are on.
    pub(crate) features: BTreeMap<String, BTreeSet<String>>,
    pub(crate) lint: bool,
    /// Keeps groupings in the schema, by themselves.
    pub(crate) groupings: bool,
    pub(crate) progress: Listener,
}

/// Everything that the stages of the compilation share.
pub(crate) struct Context<'t> {
    pub(crate) library: &'t Library,
    /// Of each module: do its nodes stand in the schema?
    pub(crate) implemented: Vec<bool>,
    /// Of each module: the revision of it whose nodes stand in the schema, else itself.
    revisions: Vec<ModuleId>,
    pub(crate) scopes: Scopes<'t>,
    pub(crate) builder: Builder,
    pub(crate) diagnostics: Diagnostics,
    pub(crate) nodes: Nodes<'t>,
    types: Types<'t>,
    features: IdMap<StmtId, FeatureId>,
    if_features: IdMap<StmtId, bool>,
    identities: IdMap<StmtId, IdentityId>,
    typedefs: IdMap<StmtId, TypedefId>,
    groupings: IdMap<StmtId, GroupingId>,
    expressions: IdMap<StmtId, Option<ExprId>>,
    codes: IdMap<StmtId, CodeId>,
    /// The first statement that gives each error code.
    pub(crate) numbers: BTreeMap<u64, Stmt<'t>>,
    /// Groupings that are being expanded, innermost last.
    open_groupings: Vec<StmtId>,
    /// How many `uses` and nodes in them have been expanded; groupings that double each other would know no end.
    expanded: usize,
    /// How many there may be.
    room: usize,
    /// The arguments of statements as strings of the schema, by file: a grouping's are asked for at each of its uses.
    symbols: Vec<Vec<Option<Sym>>>,
}

/// What is done with a context, one after the other.
const STAGES: [fn(&mut Context<'_>, &Options); 11] = [
    |context, _| context.modules(),
    |context, options| context.features(options),
    |context, _| context.identities(),
    |context, _| context.extensions(),
    |context, _| context.definitions(),
    |context, _| context.data(),
    |context, _| context.augments(),
    |context, _| context.deviations(),
    |context, options| context.groupings_by_themselves(options.groupings),
    |context, _| context.finish(),
    |context, options| {
        if options.lint {
            crate::check::lint(context);
        }
    },
];

/// Compiles what the library holds. There is a schema if there are no errors.
pub(crate) fn compile(library: &Library, options: &Options) -> (Option<Schema>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let scopes = Scopes::collect(library, &mut diagnostics);
    let implemented = implement::implemented(library, &scopes);
    let mut context = Context {
        library,
        revisions: implemented_revisions(library, &implemented),
        implemented,
        scopes,
        builder: Builder::new(),
        diagnostics,
        nodes: Nodes::default(),
        types: Types::default(),
        features: IdMap::default(),
        if_features: IdMap::default(),
        identities: IdMap::default(),
        typedefs: IdMap::default(),
        groupings: IdMap::default(),
        expressions: IdMap::default(),
        codes: IdMap::default(),
        numbers: BTreeMap::new(),
        open_groupings: Vec::new(),
        expanded: 0,
        room: uses::room(library.files.iter().map(|file| file.tree.len()).sum()),
        symbols: vec![Vec::new(); library.files.len()],
    };
    for (done, stage) in STAGES.iter().enumerate() {
        options.progress.tell(Progress::Compiling { done, total: STAGES.len() });
        stage(&mut context, options);
        if context.expanded >= context.room {
            // What is there is a part; whatever else is found in it may be due to that.
            break;
        }
    }
    // What else the context holds is dropped here, before the schema is laid out.
    let (builder, mut diagnostics) = context.into_parts();
    let failed = diagnostics.has_errors() || library.diagnostics.has_errors();
    let schema = (!failed).then(|| builder.finish());
    if let Some(schema) = schema.as_ref().filter(|_| options.lint) {
        crate::check::lint_schema(schema, library, &mut diagnostics);
    }
    (schema, diagnostics)
}

impl<'t> Context<'t> {
    pub(crate) fn module_ids(&self) -> impl Iterator<Item = ModuleId> + use<'t> {
        (0..self.library.modules.len()).map(ModuleId::from_index)
    }

    /// The modules whose nodes stand in the schema.
    pub(crate) fn implemented_ids(&self) -> Vec<ModuleId> {
        self.module_ids().filter(|m| self.implemented[m.index()]).collect()
    }

    /// The roots of a module's files: the module's and its submodules'.
    pub(crate) fn roots(&self, module: ModuleId) -> Vec<Stmt<'t>> {
        let library = self.library;
        library.module(module).files.iter().filter_map(|&f| library.file(f).root()).collect()
    }

    pub(crate) fn version(&self, stmt: Stmt<'t>) -> YangVersion {
        self.library.file(stmt.id().file).version
    }

    /// The module that a statement is written in.
    pub(crate) fn module_of(&self, stmt: Stmt<'t>) -> ModuleId {
        self.library.file(stmt.id().file).module.unwrap_or(ModuleId::from_index(0))
    }

    fn into_parts(self) -> (Builder, Diagnostics) {
        (self.builder, self.diagnostics)
    }

    /// The argument of a statement as a string of the schema; nothing where it has none.
    fn symbol(&mut self, stmt: Stmt<'t>) -> Option<Sym> {
        let id = stmt.id();
        let known = &mut self.symbols[id.file.index()];
        let at = id.index as usize;
        if at >= known.len() {
            known.resize(self.library.file(id.file).tree.len().max(at + 1), None);
        }
        if known[at].is_none() {
            known[at] = stmt.argument().map(|text| self.builder.intern(text));
        }
        known[at]
    }

    fn text_of(&mut self, stmt: Stmt<'t>, keyword: Keyword) -> Option<Sym> {
        stmt.child(keyword).and_then(|child| self.symbol(child))
    }

    fn status_of(&self, stmt: Stmt<'t>) -> Status {
        stmt.child(Keyword::Status).map_or(Status::Current, status)
    }

    pub(crate) fn error(&mut self, code: Code, at: Stmt<'t>, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(code, at.argument_span(), message));
    }

    /// Every `type`, `must`, `when`, `if-feature` and `base` of every file, used or not, is looked at once.
    fn definitions(&mut self) {
        for module in self.module_ids() {
            for root in self.roots(module) {
                let mut skip_until = 0;
                for stmt in root.descendants() {
                    if stmt.span().start < skip_until {
                        continue;
                    }
                    match stmt.keyword() {
                        Keyword::Extended if !self.is_understood(stmt) => skip_until = stmt.span().end,
                        Keyword::Type => {
                            self.compile_type(stmt);
                        }
                        Keyword::Typedef => self.typedef(stmt, module),
                        Keyword::IfFeature => {
                            self.if_feature(stmt);
                        }
                        Keyword::Must | Keyword::When => {
                            self.expression(stmt);
                        }
                        _ => {}
                    }
                }
            }
        }
    }
}

fn implemented_revisions(library: &Library, implemented: &[bool]) -> Vec<ModuleId> {
    let mut by_name = HashMap::new();
    for (i, module) in library.modules.iter().enumerate().filter(|(i, _)| implemented[*i]) {
        by_name.insert(module.name.as_str(), ModuleId::from_index(i));
    }
    let own = |(i, module): (usize, &ModuleUnit)| {
        let id = ModuleId::from_index(i);
        if implemented[i] { id } else { by_name.get(module.name.as_str()).copied().unwrap_or(id) }
    };
    library.modules.iter().enumerate().map(own).collect()
}

/// The value of a `status` statement.
fn status(stmt: Stmt<'_>) -> Status {
    match stmt.arg() {
        "deprecated" => Status::Deprecated,
        "obsolete" => Status::Obsolete,
        _ => Status::Current,
    }
}

//! Extensions (RFC 7950 section 7.19): definitions, uses anywhere, and the few that the compiler understands: `annotation`
//! (RFC 7952), `yang-data` (RFC 8040 section 8), `structure` and `augment-structure` (RFC 8791).

use super::data::Place;
use super::scope::Kind;
use super::{Context, Extra};
use crate::argument::{is_identifier, split_reference};
use crate::check;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use yang_schema::{Annotation, ExtensionDef, ExtensionUse, ModuleId, NodeDef, NodeId, NodeKind, Status};

/// Extensions whose statements hold core statements that mean what they always mean.
const UNDERSTOOD: [(&str, &str); 4] = [
    ("ietf-yang-metadata", "annotation"),
    ("ietf-restconf", "yang-data"),
    ("ietf-yang-structure-ext", "structure"),
    ("ietf-yang-structure-ext", "augment-structure"),
];

impl<'t> Context<'t> {
    /// Adds all definitions of extensions and checks all their uses.
    pub(super) fn extensions(&mut self) {
        for module in self.module_ids() {
            for stmt in self.scopes.all(module, Kind::Extension) {
                let argument = stmt.child(Keyword::Argument);
                let def = ExtensionDef {
                    name: self.builder.intern(stmt.arg()),
                    module,
                    argument: self.text_of(stmt, Keyword::Argument),
                    yin_element: argument.is_some_and(|a| a.value_of(Keyword::YinElement) == Some("true")),
                    description: self.text_of(stmt, Keyword::Description),
                    span: stmt.argument_span(),
                };
                self.builder.add_extension(def);
            }
        }
        for module in self.module_ids() {
            for root in self.roots(module) {
                for stmt in root.descendants().filter(|s| s.is(Keyword::Extended)) {
                    self.check_use(stmt);
                }
            }
        }
    }

    fn check_use(&mut self, stmt: Stmt<'t>) {
        let Some(def) =
            self.scopes.resolve(stmt, Kind::Extension, stmt.keyword_text(), &mut self.diagnostics)
        else {
            return;
        };
        self.check_status_reference(stmt, def, def.argument_span());
        check::mount_point(self, stmt);
        check::error_code(self, stmt);
        let takes = def.child(Keyword::Argument).is_some();
        let problem = match (takes, stmt.argument()) {
            (true, None) => format!("`{}` needs an argument", stmt.keyword_text()),
            (false, Some(_)) => format!("`{}` takes no argument", stmt.keyword_text()),
            _ => return,
        };
        self.diagnostics.push(
            Diagnostic::error(Code::ExtensionArgument, stmt.keyword_span(), problem)
                .also(def.argument_span(), "defined here"),
        );
    }

    fn definition_of(&self, stmt: Stmt<'t>) -> Option<Stmt<'t>> {
        let (prefix, name) = stmt.extension_name()?;
        let module = self.scopes.prefix(stmt.id().file, prefix)?;
        self.scopes.top_level(module, Kind::Extension, name)
    }

    /// Is the statement a use of an extension of a module?
    pub(crate) fn is_use_of(&self, stmt: Stmt<'t>, module: &str, name: &str) -> bool {
        let Some((prefix, found)) = stmt.extension_name() else { return false };
        found == name
            && self
                .scopes
                .prefix(stmt.id().file, prefix)
                .is_some_and(|m| self.library.module(m).name == module)
    }

    /// Does the compiler look into the statement?
    pub(super) fn is_understood(&self, stmt: Stmt<'t>) -> bool {
        UNDERSTOOD.iter().any(|(module, name)| self.is_use_of(stmt, module, name))
    }

    /// The extension statements right below a statement.
    pub(crate) fn extension_uses(&mut self, stmt: Stmt<'t>) -> Vec<ExtensionUse> {
        if stmt.is_childless() {
            return Vec::new();
        }
        let found: Vec<_> = stmt.children().filter(|s| s.is(Keyword::Extended)).collect();
        found.into_iter().map(|s| self.extension_use(s)).collect()
    }

    fn extension_use(&mut self, stmt: Stmt<'t>) -> ExtensionUse {
        let module = match stmt.keyword() {
            Keyword::Extended => self.definition_of(stmt).map(|d| self.module_of(d)),
            _ => None,
        };
        // Statements are nested no deeper than the syntax allows.
        let below: Vec<_> = stmt.children().collect();
        ExtensionUse {
            module,
            name: self.builder.intern(split_reference(stmt.keyword_text()).1),
            argument: self.symbol(stmt),
            substatements: below.into_iter().map(|s| self.extension_use(s)).collect(),
            span: stmt.span(),
        }
    }

    /// Annotations and structures of a module.
    pub(super) fn structures(&mut self, root: Stmt<'t>, module: ModuleId) {
        for stmt in root.descendants().filter(|s| s.is(Keyword::Extended)) {
            let top = stmt.parent() == Some(root);
            let Some((owner, name)) = UNDERSTOOD.iter().find(|(m, n)| self.is_use_of(stmt, m, n)) else {
                continue;
            };
            if !top {
                // RFC 8040 section 8: "yang-data" elsewhere is ignored; the others are forbidden there.
                if *name != "yang-data" {
                    self.misuse(stmt, format!("`{name}` stands at the top of a module only"));
                }
                continue;
            }
            let _ = owner;
            match *name {
                "annotation" => self.annotation(stmt, module),
                "yang-data" => self.yang_data(stmt, module),
                "structure" => self.structure(stmt, module),
                _ => {}
            }
        }
    }

    fn misuse(&mut self, stmt: Stmt<'t>, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(Code::ExtensionMisuse, stmt.keyword_span(), message));
    }

    /// Core statements below an extension that it does not provide for are reported.
    fn only(&mut self, stmt: Stmt<'t>, allowed: impl Fn(Keyword) -> bool) {
        let mut once = Vec::new();
        for child in stmt.children() {
            let keyword = child.keyword();
            if matches!(keyword, Keyword::Extended) {
                continue;
            }
            if !allowed(keyword) {
                let message =
                    format!("`{}` may not stand below `{}`", child.keyword_text(), stmt.keyword_text());
                self.misuse(child, message);
            }
            let single = matches!(
                keyword,
                Keyword::Status | Keyword::Description | Keyword::Reference | Keyword::Type | Keyword::Units
            );
            if single && once.contains(&keyword) {
                let message =
                    format!("`{}` may stand only once below `{}`", child.keyword_text(), stmt.keyword_text());
                self.misuse(child, message);
            }
            once.push(keyword);
        }
    }

    fn named(&mut self, stmt: Stmt<'t>) -> bool {
        let good = stmt.argument().is_some_and(is_identifier);
        if !good && stmt.argument().is_some() {
            self.error(Code::InvalidIdentifier, stmt, format!("`{}` is no identifier", stmt.arg()));
        }
        good
    }

    /// RFC 7952 section 3.
    fn annotation(&mut self, stmt: Stmt<'t>, module: ModuleId) {
        use Keyword::{Description, IfFeature, Reference, Status as StatusStmt, Type, Units};
        self.only(stmt, |k| matches!(k, Type | IfFeature | Units | StatusStmt | Description | Reference));
        if !self.named(stmt) {
            return;
        }
        let Some(ty) = stmt.child(Type) else {
            self.misuse(stmt, "an annotation needs a `type`");
            return;
        };
        let Some(entry) = self.compile_type(ty) else { return };
        if !self.features_hold(stmt) {
            return;
        }
        let annotation = Annotation {
            name: self.builder.intern(stmt.arg()),
            module,
            type_id: entry.id,
            units: stmt.child(Units).or(entry.units).map(|u| self.builder.intern(u.arg())),
            status: self.status_of(stmt),
            description: self.text_of(stmt, Description),
            extensions: self.extension_uses(stmt),
            span: stmt.argument_span(),
        };
        self.builder.add_annotation(annotation);
    }

    fn structure_node(&mut self, stmt: Stmt<'t>, module: ModuleId) -> NodeId {
        let mut def =
            NodeDef::new(NodeKind::Structure, self.builder.intern(stmt.arg()), module, stmt.argument_span());
        def.status = stmt.child(Keyword::Status).map_or(Status::Current, super::status);
        def.description = self.text_of(stmt, Keyword::Description);
        def.reference = self.text_of(stmt, Keyword::Reference);
        def.extensions = self.extension_uses(stmt);
        let musts = stmt.all(Keyword::Must).collect();
        let id = self.add_node(NodeId::ROOT, def, Extra { stmt: Some(stmt), musts, ..Extra::default() });
        self.children(id, stmt, Place::new(module));
        id
    }

    /// RFC 8040 section 8: one container, directly or by `uses`, also the only node of each case of one choice.
    fn yang_data(&mut self, stmt: Stmt<'t>, module: ModuleId) {
        self.only(stmt, |k| k.is_data_definition() || matches!(k, Keyword::Typedef | Keyword::Grouping));
        if stmt.argument().is_none() {
            return;
        }
        let id = self.structure_node(stmt, module);
        let top = self.builder.children(id).to_vec();
        let is_container = |node: NodeId| {
            let kind = |n: NodeId| self.builder.node(n).kind;
            match kind(node) {
                NodeKind::Container => true,
                NodeKind::Choice => self.builder.children(node).iter().all(|&case| {
                    let inside = self.builder.children(case);
                    inside.len() == 1 && kind(inside[0]) == NodeKind::Container
                }),
                _ => false,
            }
        };
        if top.len() != 1 || !is_container(top[0]) {
            self.misuse(stmt, "`yang-data` holds exactly one container");
        }
    }

    /// RFC 8791 section 3.1.
    fn structure(&mut self, stmt: Stmt<'t>, module: ModuleId) {
        use Keyword::{Description, Grouping, Must, Reference, Status as StatusStmt, Typedef};
        self.only(stmt, |k| {
            k.is_data_definition()
                || matches!(k, Must | StatusStmt | Description | Reference | Typedef | Grouping)
        });
        if self.named(stmt) {
            self.structure_node(stmt, module);
        }
    }

    /// RFC 8791 section 3.2; after all structures are there.
    pub(super) fn augment_structures(&mut self) {
        for module in self.implemented_ids() {
            for root in self.roots(module) {
                for stmt in root.children().filter(|s| s.is(Keyword::Extended)) {
                    if self.is_use_of(stmt, "ietf-yang-structure-ext", "augment-structure") {
                        self.augment_structure(stmt, module);
                    }
                }
            }
        }
    }

    fn augment_structure(&mut self, stmt: Stmt<'t>, module: ModuleId) {
        use Keyword::{Case, Description, Reference, Status as StatusStmt};
        self.only(stmt, |k| {
            k.is_data_definition() || matches!(k, Case | StatusStmt | Description | Reference)
        });
        let Ok(path) = crate::argument::parse_schema_path(stmt.arg(), true) else {
            self.error(
                Code::InvalidPath,
                stmt,
                format!("`{}` is no absolute schema node identifier", stmt.arg()),
            );
            return;
        };
        let mut at: Option<NodeId> = None;
        for step in path {
            let owner = step.prefix.map_or(Some(module), |p| self.scopes.prefix(stmt.id().file, p));
            let name = self.builder.intern(step.name);
            let next = owner.and_then(|owner| match at {
                None => self.nodes.structure(owner, name),
                Some(at) => self.nodes.child(at, owner, name),
            });
            let Some(next) = next else {
                self.error(
                    Code::InvalidAugment,
                    stmt,
                    format!("there is no structure node `{}`", stmt.arg()),
                );
                return;
            };
            at = Some(next);
        }
        if let Some(target) = at {
            let place = Place { augment: Some((module, stmt)), ..Place::new(module) };
            self.augment_node(target, stmt, place);
        }
    }
}

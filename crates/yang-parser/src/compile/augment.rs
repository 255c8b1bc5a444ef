//! `augment` at the top of a module (RFC 7950 section 7.17).

use super::Context;
use super::data::Place;
use crate::argument::{parse_schema_path, shortened};
use crate::diagnostic::{Code, Diagnostic, article};
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use yang_schema::{ModuleId, NodeId, NodeKind, YangVersion};

impl<'t> Context<'t> {
    /// Applies the augments of all implemented modules. The target of one may be what another adds, whose own target is
    /// higher in the tree then: shorter paths go first, and the order of modules does not matter.
    pub(super) fn augments(&mut self) {
        let mut all = Vec::new();
        for module in self.implemented_ids() {
            for root in self.roots(module) {
                for stmt in root.all(Keyword::Augment) {
                    all.push((stmt.arg().matches('/').count(), module, stmt));
                }
            }
        }
        all.sort_by_key(|&(depth, ..)| depth);
        for (_, module, stmt) in all {
            let Some(target) = self.schema_node(stmt, Code::InvalidAugment) else { continue };
            let owner = self.builder.node(target).module;
            let place = Place { augment: Some((module, stmt)), ..Place::new(module) };
            self.augment_node(target, stmt, place);
            let by = &mut self.builder.module_mut(owner).augmented_by;
            if owner != module && !by.contains(&module) {
                by.push(module);
            }
        }
    }

    /// The node that an absolute schema node identifier names; what is wrong is reported.
    pub(super) fn schema_node(&mut self, stmt: Stmt<'t>, code: Code) -> Option<NodeId> {
        // The grammar has reported what has not the form.
        let path = parse_schema_path(stmt.arg(), true).ok()?;
        let own = self.module_of(stmt);
        let mut at = NodeId::ROOT;
        for step in path {
            let module = match step.prefix {
                None => own,
                Some(prefix) => match self.scopes.prefix(stmt.id().file, prefix) {
                    Some(module) => self.implemented_revision(module),
                    None => {
                        let d = self.scopes.unknown_prefix(stmt, prefix);
                        self.diagnostics.push(d);
                        return None;
                    }
                },
            };
            let name = self.builder.intern(step.name);
            match self.nodes.child(at, module, name) {
                Some(found) => at = found,
                None => {
                    let message = format!("there is no schema node `{}`", shortened(stmt.arg()));
                    let place = self.path_of(at);
                    let owner = &self.library.module(module).name;
                    let mut d = Diagnostic::error(code, stmt.argument_span(), message)
                        .here(format!("`{owner}` has no `{}` in {place}", step.name));
                    if self.data_child(at, module, name).is_some() {
                        d = d.help("the path names choices and cases too");
                    } else {
                        d.help = self.closest_child(at, step.name);
                    }
                    self.diagnostics.push(d);
                    return None;
                }
            }
        }
        Some(at)
    }

    /// The revision of a module whose nodes stand in the schema.
    pub(crate) fn implemented_revision(&self, module: ModuleId) -> ModuleId {
        self.revisions[module.index()]
    }

    /// Adds the nodes of an augment to its target.
    pub(super) fn augment_node(&mut self, target: NodeId, stmt: Stmt<'t>, place: Place<'t>) {
        let kind = self.builder.node(target).kind;
        let may_hold = |keyword: Keyword| match keyword {
            Keyword::Action | Keyword::Notification => matches!(kind, NodeKind::Container | NodeKind::List),
            Keyword::Case => kind == NodeKind::Choice,
            Keyword::Uses => kind != NodeKind::Choice,
            _ => true,
        };
        let is_target = matches!(
            kind,
            NodeKind::Container
                | NodeKind::List
                | NodeKind::Choice
                | NodeKind::Case
                | NodeKind::Input
                | NodeKind::Output
                | NodeKind::Notification
                | NodeKind::Structure
        );
        if !is_target {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::InvalidAugment,
                    stmt.argument_span(),
                    format!("{} cannot be augmented", article(kind.keyword())),
                )
                .also(self.builder.node(target).span, "the target"),
            );
            return;
        }
        for child in stmt.children() {
            let keyword = child.keyword();
            let adds = keyword.is_data_definition()
                || matches!(keyword, Keyword::Case | Keyword::Action | Keyword::Notification);
            if adds && !may_hold(keyword) {
                self.diagnostics.push(
                    Diagnostic::error(
                        Code::InvalidAugment,
                        child.keyword_span(),
                        format!("{} cannot hold `{}`", article(kind.keyword()), child.keyword_text()),
                    )
                    .also(self.builder.node(target).span, "the target of the augment"),
                );
                return;
            }
        }
        // Cases that are left out may not be choices in YANG 1 (RFC 6020 section 7.9.2).
        let nested = stmt.child(Keyword::Choice).filter(|_| kind == NodeKind::Choice);
        if let Some(nested) = nested.filter(|_| self.version(stmt) == YangVersion::V1) {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::VersionMismatch,
                    nested.keyword_span(),
                    "a choice that is a case by itself is new in YANG 1.1",
                )
                .also(self.builder.node(target).span, "the target of the augment")
                .help("put it in a `case`, or add `yang-version 1.1;` to the module"),
            );
        }
        let first = self.builder.children(target).len();
        self.children(target, stmt, place);
        let added = self.builder.children(target)[first..].to_vec();
        self.conditions(&added, stmt);
    }
}

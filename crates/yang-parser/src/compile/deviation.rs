//! Deviations (RFC 7950 section 7.20.3).

use super::Context;
use crate::argument::shortened;
use crate::diagnostic::{Code, Diagnostic, article};
use crate::grammar::{Keyword, may_deviate};
use crate::syntax::Stmt;
use std::collections::HashMap;
use yang_schema::{Amendment, NodeId, NodeKind, YangVersion};

/// What has been replaced, by node and property.
type Replaced<'t> = HashMap<(NodeId, Keyword), Stmt<'t>>;

impl<'t> Context<'t> {
    /// Applies the deviations of all implemented modules. The outcome may not depend on their order (section 7.20.3): all
    /// deletions come first, then replacements, then additions, and what is not supported goes last.
    pub(super) fn deviations(&mut self) {
        let mut all = Vec::new();
        for module in self.implemented_ids() {
            for root in self.roots(module) {
                for stmt in root.all(Keyword::Deviation) {
                    if let Some(node) = self.schema_node(stmt, Code::InvalidDeviation) {
                        self.mark_deviated(node, Amendment { module, span: stmt.argument_span() });
                        all.push((stmt, node));
                    }
                }
            }
        }
        let mut replaced = HashMap::new();
        for kind in ["delete", "replace", "add"] {
            for &(stmt, node) in &all {
                for deviate in stmt.all(Keyword::Deviate).filter(|d| d.arg() == kind) {
                    self.deviate(node, deviate, &mut replaced);
                }
            }
        }
        for (stmt, node) in all {
            let removed = stmt.all(Keyword::Deviate).find(|d| d.arg() == "not-supported");
            if let Some(removed) = removed {
                self.extra_mut(node).removed = true;
                if let Some(other) = stmt.all(Keyword::Deviate).find(|d| *d != removed) {
                    self.error(Code::InvalidDeviation, other, "what is not supported cannot be changed too");
                }
            }
        }
    }

    fn mark_deviated(&mut self, node: NodeId, by: Amendment) {
        let owner = self.builder.node(node).module;
        self.builder.node_mut(node).deviated_by.push(by);
        let marks = &mut self.builder.module_mut(owner).deviated_by;
        if !marks.contains(&by.module) {
            marks.push(by.module);
        }
    }

    fn deviate(&mut self, node: NodeId, deviate: Stmt<'t>, replaced: &mut Replaced<'t>) {
        let kind = self.builder.node(node).kind;
        let mut seen = Vec::new();
        for property in deviate.children() {
            let keyword = property.keyword();
            // The grammar has reported what may not stand there, or not twice.
            let many = matches!(keyword, Keyword::Must | Keyword::Unique)
                || keyword == Keyword::Default && deviate.arg() != "replace";
            if !may_deviate(deviate.arg(), keyword) || (!many && seen.contains(&keyword)) {
                continue;
            }
            seen.push(keyword);
            let result = match deviate.arg() {
                _ if !may_have(kind, keyword) => {
                    Err(format!("{} has no `{}`", article(kind.keyword()), property.keyword_text()))
                }
                "add" => self.deviate_add(node, property),
                "replace" => self.deviate_replace(node, property, replaced),
                _ => self.deviate_delete(node, property),
            };
            if let Err(message) = result {
                let path = self.path_of(node);
                let mut d = Diagnostic::error(Code::InvalidDeviation, property.keyword_span(), message);
                if let Some(first) = replaced.get(&(node, keyword)).filter(|first| **first != property) {
                    d = d.also(first.keyword_span(), "replaced here");
                }
                self.diagnostics
                    .push(d.also(self.builder.node(node).span, format!("the deviated node, {path}")));
            }
        }
    }

    /// Properties that can stand once, where they are kept.
    fn single(&mut self, node: NodeId, keyword: Keyword) -> Option<&mut Option<Stmt<'t>>> {
        let extra = self.extra_mut(node);
        Some(match keyword {
            Keyword::Config => &mut extra.config,
            Keyword::Mandatory => &mut extra.mandatory,
            Keyword::MinElements => &mut extra.min_elements,
            Keyword::MaxElements => &mut extra.max_elements,
            Keyword::Units => &mut extra.units,
            Keyword::Type => &mut extra.type_stmt,
            _ => return None,
        })
    }

    fn takes_many_defaults(&self, node: NodeId, stmt: Stmt<'t>) -> bool {
        self.builder.node(node).kind == NodeKind::LeafList && self.version(stmt) == YangVersion::V1_1
    }

    fn deviate_add(&mut self, node: NodeId, property: Stmt<'t>) -> Result<(), String> {
        let word = property.keyword_text();
        match property.keyword() {
            Keyword::Must => self.extra_mut(node).musts.push(property),
            Keyword::Unique => self.extra_mut(node).uniques.push(property),
            Keyword::Default => {
                if self.builder.node(node).kind == NodeKind::LeafList
                    && self.version(property) == YangVersion::V1
                {
                    let message = "a default of a leaf-list is new in YANG 1.1";
                    self.diagnostics.push(Diagnostic::error(
                        Code::VersionMismatch,
                        property.keyword_span(),
                        message,
                    ));
                    return Ok(());
                }
                if !self.extra(node).defaults.is_empty() && !self.takes_many_defaults(node, property) {
                    return Err("the node has a `default` already: use `deviate replace`".to_owned());
                }
                self.extra_mut(node).defaults.push(property);
            }
            keyword => match self.single(node, keyword) {
                Some(Some(_)) => {
                    return Err(format!("the node has a `{word}` already: use `deviate replace`"));
                }
                Some(place) => *place = Some(property),
                None => return Err(format!("`{word}` cannot be added")),
            },
        }
        Ok(())
    }

    fn deviate_replace(
        &mut self,
        node: NodeId,
        property: Stmt<'t>,
        replaced: &mut Replaced<'t>,
    ) -> Result<(), String> {
        let word = property.keyword_text();
        if let Some(first) = replaced.get(&(node, property.keyword())) {
            return match first.source_text() == property.source_text() {
                true => Ok(()),
                false => Err(format!("two deviations replace the `{word}` differently")),
            };
        }
        replaced.insert((node, property.keyword()), property);
        match property.keyword() {
            Keyword::Default => {
                let inherited = self.extra(node).defaults.is_empty() && !self.has_typedef_default(node);
                if inherited {
                    return Err("the node has no `default` to replace: use `deviate add`".to_owned());
                }
                self.extra_mut(node).defaults = vec![property];
            }
            // Nodes have these always, said or not.
            keyword @ (Keyword::Config
            | Keyword::Mandatory
            | Keyword::MinElements
            | Keyword::MaxElements
            | Keyword::Type) => {
                if let Some(place) = self.single(node, keyword) {
                    *place = Some(property);
                }
            }
            keyword => match self.single(node, keyword) {
                Some(place @ Some(_)) => *place = Some(property),
                _ => return Err(format!("the node has no `{word}` to replace: use `deviate add`")),
            },
        }
        Ok(())
    }

    fn has_typedef_default(&mut self, node: NodeId) -> bool {
        let ty = self.extra(node).type_stmt;
        ty.and_then(|ty| self.compile_type(ty)).is_some_and(|entry| entry.default.is_some())
    }

    fn deviate_delete(&mut self, node: NodeId, property: Stmt<'t>) -> Result<(), String> {
        let word = property.keyword_text();
        let same = |s: &Stmt<'t>| match property.keyword() {
            Keyword::Unique => s.arg().split_whitespace().eq(property.arg().split_whitespace()),
            _ => s.arg() == property.arg(),
        };
        let extra = self.extra_mut(node);
        let list = match property.keyword() {
            Keyword::Must => &mut extra.musts,
            Keyword::Unique => &mut extra.uniques,
            Keyword::Default => &mut extra.defaults,
            _ => {
                if extra.units.as_ref().is_some_and(same) {
                    extra.units = None;
                    return Ok(());
                }
                return Err(format!("the node has no `{word}` of `{}` to delete", shortened(property.arg())));
            }
        };
        match list.iter().position(same) {
            Some(at) => {
                list.remove(at);
                Ok(())
            }
            None => Err(format!("the node has no `{word}` of `{}` to delete", shortened(property.arg()))),
        }
    }
}

/// May a node of the kind have the property?
fn may_have(kind: NodeKind, property: Keyword) -> bool {
    use NodeKind::{AnyData, AnyXml, Choice, Container, Input, Leaf, LeafList, List, Notification, Output};
    match property {
        Keyword::Type | Keyword::Units => matches!(kind, Leaf | LeafList),
        Keyword::Default => matches!(kind, Leaf | LeafList | Choice),
        Keyword::Unique => kind == List,
        Keyword::Mandatory => matches!(kind, Leaf | Choice | AnyData | AnyXml),
        Keyword::MinElements | Keyword::MaxElements => matches!(kind, List | LeafList),
        Keyword::Config => matches!(kind, Container | Leaf | LeafList | List | Choice | AnyData | AnyXml),
        Keyword::Must => {
            matches!(
                kind,
                Container | Leaf | LeafList | List | AnyData | AnyXml | Input | Output | Notification
            )
        }
        _ => true,
    }
}

//! `uses`, `refine` and the `augment` in a `uses` (RFC 7950 sections 7.13, 7.17).

use super::Context;
use super::data::Place;
use crate::argument::{parse_schema_path, shortened};
use crate::diagnostic::{Code, Diagnostic, article};
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use yang_schema::{NodeId, NodeKind, WhenContext, YangVersion};

/// How many nodes all groupings together may add to a set of so many statements. Each of forty groupings that uses the one
/// before it twice would add more than any memory holds. What is written once and used everywhere is no such thing: the sets of
/// vendors grow to some nodes for each statement, and these are many.
pub(super) fn room(statements: usize) -> usize {
    statements.saturating_mul(32).clamp(1 << 20, 1 << 23)
}

impl<'t> Context<'t> {
    /// Counts a `uses`, or a node inside of one; is there room for it? That there is none is said once.
    pub(super) fn may_expand(&mut self, stmt: Stmt<'t>) -> bool {
        if self.expanded >= self.room {
            return false;
        }
        self.expanded += 1;
        if self.expanded == self.room {
            let message = format!("the groupings add more than {} nodes", self.room);
            let d = Diagnostic::error(Code::ExpansionTooLarge, stmt.argument_span(), message)
                .here("the limit is reached here")
                .help("look for groupings that use others several times, and these others again");
            self.diagnostics.push(d);
        }
        self.expanded < self.room
    }

    /// Puts a grouping's nodes in the place of a `uses`.
    pub(super) fn uses(&mut self, parent: NodeId, stmt: Stmt<'t>, place: Place<'t>) {
        let Some(grouping) = self.used_grouping(stmt) else { return };
        if !self.may_expand(stmt) {
            return;
        }
        let id = self.grouping_id(grouping);
        let first = self.builder.children(parent).len();
        self.open_groupings.push(grouping.id());
        let inside =
            Place { grouping: Some(id), uses: place.uses.or(Some(id)), depth: place.depth + 1, ..place };
        self.children(parent, grouping, inside);
        self.open_groupings.pop();
        let added = self.builder.children(parent)[first..].to_vec();
        self.conditions(&added, stmt);
        for child in stmt.children() {
            match child.keyword() {
                Keyword::Refine => self.refine(parent, &added, child, place),
                Keyword::Augment => self.uses_augment(parent, &added, child, place),
                _ => {}
            }
        }
    }

    /// `when` and `if-feature` of a `uses` or `augment` count for each node that it adds.
    pub(super) fn conditions(&mut self, added: &[NodeId], stmt: Stmt<'t>) {
        for child in stmt.children() {
            match child.keyword() {
                Keyword::When => {
                    for &node in added {
                        self.extra_mut(node).whens.push((child, WhenContext::Parent));
                    }
                }
                Keyword::IfFeature => {
                    let holds = self.if_feature(child);
                    let text = self.builder.intern(child.arg());
                    for &node in added {
                        self.builder.node_mut(node).if_features.push(text);
                        self.extra_mut(node).if_features.push(child);
                        self.extra_mut(node).disabled |= !holds;
                    }
                }
                Keyword::Status => {
                    for &node in added {
                        let worse = self.builder.node(node).status.max(super::status(child));
                        self.builder.node_mut(node).status = worse;
                    }
                }
                _ => {}
            }
        }
    }

    /// The node that a `refine` or `augment` of a `uses` names, among the nodes that the `uses` added.
    fn used_node(
        &mut self,
        parent: NodeId,
        added: &[NodeId],
        stmt: Stmt<'t>,
        place: Place<'t>,
    ) -> Option<NodeId> {
        let path = parse_schema_path(stmt.arg(), false).ok()?;
        let own = self.module_of(stmt);
        let mut at = parent;
        for (i, step) in path.iter().enumerate() {
            let module = match step.prefix {
                None => place.module,
                Some(prefix) => match self.scopes.prefix(stmt.id().file, prefix) {
                    // In a grouping, the own prefix means wherever the grouping is used.
                    Some(module) if module == own => place.module,
                    Some(module) => module,
                    None => {
                        let d = self.scopes.unknown_prefix(stmt, prefix);
                        self.diagnostics.push(d);
                        return None;
                    }
                },
            };
            let name = self.builder.intern(step.name);
            let found = self.nodes.child(at, module, name).filter(|n| i > 0 || added.contains(n));
            let Some(found) = found else {
                let code = if stmt.is(Keyword::Refine) { Code::InvalidRefine } else { Code::InvalidAugment };
                let grouping = stmt.parent().map_or("", Stmt::arg);
                let message = format!("the grouping `{grouping}` has no node `{}`", shortened(stmt.arg()));
                let d = Diagnostic::error(code, stmt.argument_span(), message)
                    .here(format!("`{}` is not there", step.name));
                self.diagnostics.push(d);
                return None;
            };
            at = found;
        }
        Some(at)
    }

    fn uses_augment(&mut self, parent: NodeId, added: &[NodeId], stmt: Stmt<'t>, place: Place<'t>) {
        let Some(target) = self.used_node(parent, added, stmt, place) else { return };
        let place = Place {
            grouping: None,
            uses: None,
            augment: Some((place.module, stmt)),
            depth: place.depth + 1,
            ..place
        };
        self.augment_node(target, stmt, place);
    }

    fn refine(&mut self, parent: NodeId, added: &[NodeId], stmt: Stmt<'t>, place: Place<'t>) {
        let Some(node) = self.used_node(parent, added, stmt, place) else { return };
        let kind = self.builder.node(node).kind;
        let mut defaults = Vec::new();
        for child in stmt.children() {
            if !may_refine(kind, child.keyword()) {
                self.diagnostics.push(
                    Diagnostic::error(
                        Code::InvalidRefine,
                        child.keyword_span(),
                        format!("{} has no `{}` to refine", article(kind.keyword()), child.keyword_text()),
                    )
                    .also(self.builder.node(node).span, "the refined node"),
                );
                continue;
            }
            match child.keyword() {
                Keyword::Description => {
                    self.builder.node_mut(node).description =
                        child.argument().map(|a| self.builder.intern(a));
                }
                Keyword::Reference => {
                    self.builder.node_mut(node).reference = child.argument().map(|a| self.builder.intern(a));
                }
                Keyword::Presence => {
                    self.builder.node_mut(node).presence = child.argument().map(|a| self.builder.intern(a));
                }
                Keyword::Config => self.extra_mut(node).config = Some(child),
                Keyword::Mandatory => self.extra_mut(node).mandatory = Some(child),
                Keyword::MinElements => self.extra_mut(node).min_elements = Some(child),
                Keyword::MaxElements => self.extra_mut(node).max_elements = Some(child),
                Keyword::Must => self.extra_mut(node).musts.push(child),
                Keyword::Default => {
                    if kind == NodeKind::LeafList && self.version(child) == YangVersion::V1 {
                        let message = "a default of a leaf-list is new in YANG 1.1";
                        self.diagnostics.push(Diagnostic::error(
                            Code::VersionMismatch,
                            child.keyword_span(),
                            message,
                        ));
                    }
                    defaults.push(child);
                }
                Keyword::IfFeature => {
                    let holds = self.if_feature(child);
                    let text = self.builder.intern(child.arg());
                    self.builder.node_mut(node).if_features.push(text);
                    self.extra_mut(node).if_features.push(child);
                    self.extra_mut(node).disabled |= !holds;
                }
                _ => {}
            }
        }
        if !defaults.is_empty() {
            if let Some(second) = defaults.get(1).filter(|_| kind != NodeKind::LeafList) {
                self.error(
                    Code::InvalidRefine,
                    *second,
                    format!("{} has one default only", article(kind.keyword())),
                );
            }
            self.extra_mut(node).defaults = defaults;
        }
        let extensions = self.extension_uses(stmt);
        self.builder.node_mut(node).extensions.extend(extensions);
    }
}

/// RFC 7950 section 7.13.2.
fn may_refine(kind: NodeKind, keyword: Keyword) -> bool {
    use NodeKind::{AnyData, AnyXml, Case, Choice, Container, Leaf, LeafList, List};
    match keyword {
        Keyword::Default => matches!(kind, Leaf | LeafList | Choice),
        Keyword::Config => matches!(kind, Leaf | LeafList | List | Container | Choice | AnyData | AnyXml),
        Keyword::Mandatory => matches!(kind, Leaf | Choice | AnyData | AnyXml),
        Keyword::Presence => kind == Container,
        Keyword::Must => matches!(kind, Leaf | LeafList | List | Container | AnyData | AnyXml),
        Keyword::MinElements | Keyword::MaxElements => matches!(kind, LeafList | List),
        Keyword::IfFeature => {
            matches!(kind, Leaf | LeafList | List | Container | Choice | Case | AnyData | AnyXml)
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::room;

    #[test]
    fn room_grows_with_the_text_within_bounds() {
        assert_eq!([0, 32_768, 65_536, 1_000_000].map(room), [1 << 20, 1 << 20, 1 << 21, 1 << 23]);
    }
}

//! The finished tree: what is inherited is worked out, references between nodes are resolved, and the checks run.

use super::leafref::{Place, reads};
use super::xpath::Follower;
use super::{Context, Extra};
use crate::argument::{max_elements, non_negative};
use crate::check;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use yang_schema::xpath::Expr;
use yang_schema::{
    ExprId, Must, NodeId, NodeKind, OrderedBy, When, WhenContext, XPath, XPathId, YangVersion,
};

/// A node in the order of the tree, with what it has from above.
#[derive(Clone, Copy)]
pub(crate) struct Visit {
    pub(crate) node: NodeId,
    /// Do its features, and those of the nodes above, hold?
    pub(crate) active: bool,
    /// Is it part of a grouping that nothing uses?
    pub(crate) trial: bool,
    /// Does `config` mean something here?
    pub(crate) in_data: bool,
}

impl<'t> Context<'t> {
    /// Completes and checks all nodes, then takes out those that are not supported.
    pub(super) fn finish(&mut self) {
        self.augment_structures();
        if self.nodes.extra.is_empty() {
            self.nodes.extra.push(Extra::default());
        }
        let visits = self.inherit();
        let mut places = Vec::new();
        for visit in &visits {
            self.complete(visit.node, &mut places);
        }
        for visit in &visits {
            check::keys(self, *visit);
            check::unique(self, *visit);
            check::elements(self, *visit);
        }
        let mandatory = self.mandatory(&visits);
        for visit in &visits {
            check::default_case(self, *visit, &mandatory);
            check::mandatory_default(self, *visit);
            check::augment_mandatory(self, *visit, &mandatory);
        }
        let mut active = vec![true; self.builder.node_count()];
        for visit in visits.iter().filter(|v| !v.active) {
            active[visit.node.index()] = false;
        }
        places.retain(|p: &Place| active[p.node().index()]);
        self.leafrefs(&places);
        for visit in &visits {
            self.expressions_of(*visit);
            if visit.active || self.is_independent_of_features(visit.node) {
                self.defaults_of(visit.node);
            }
        }
        self.circular_whens(&visits);
        self.typedef_defaults();
        self.prune(&visits);
    }

    /// All nodes that are not removed, each behind its parent: `config` and `status` come down to them.
    fn inherit(&mut self) -> Vec<Visit> {
        let mut visits = Vec::with_capacity(self.builder.node_count());
        let root = Visit { node: NodeId::ROOT, active: true, trial: false, in_data: true };
        let mut stack = vec![root];
        while let Some(visit) = stack.pop() {
            let kind = self.builder.node(visit.node).kind;
            let parent = self.builder.parent(visit.node);
            let mut visit = visit;
            if visit.node != NodeId::ROOT {
                visit.trial |= self.nodes.trials.binary_search(&visit.node).is_ok();
                if self.extra(visit.node).removed && !visit.trial {
                    continue;
                }
                visit.active &= !self.extra(visit.node).disabled;
                visit.in_data &= !matches!(
                    kind,
                    NodeKind::Rpc | NodeKind::Action | NodeKind::Notification | NodeKind::Structure
                );
                self.inherit_config(visit, parent);
                let above = self.builder.node(parent).status;
                let def = self.builder.node_mut(visit.node);
                def.status = def.status.max(above);
                visits.push(visit);
                check::misplaced(self, visit);
            }
            let below = self.builder.children(visit.node).iter().rev();
            stack.extend(below.map(|&node| Visit { node, ..visit }));
        }
        visits
    }

    fn inherit_config(&mut self, visit: Visit, parent: NodeId) {
        let above = self.builder.node(parent).config;
        let said = self.extra(visit.node).config;
        let own = said.map(|s| s.arg() != "false");
        let config = if visit.in_data { own.unwrap_or(above) } else { false };
        if let (Some(stmt), true, true, false) = (said, visit.in_data, config, above) {
            let span = self.builder.node(visit.node).span;
            self.diagnostics.push(
                Diagnostic::error(
                    Code::ConfigBelowState,
                    stmt.argument_span(),
                    format!(
                        "{} is `config true` below a node that is `config false`",
                        self.path_of(visit.node)
                    ),
                )
                .also(span, "this node"),
            );
        }
        self.builder.node_mut(visit.node).config = config;
    }

    /// Fills in what the node's statements say.
    fn complete(&mut self, node: NodeId, places: &mut Vec<Place>) {
        let extra = self.extra(node);
        let (mandatory, least, most) = (extra.mandatory, extra.min_elements, extra.max_elements);
        let (type_stmt, units) = (extra.type_stmt, extra.units);
        let kind = self.builder.node(node).kind;
        if let Some(ty) = type_stmt.filter(|_| kind.has_value()) {
            let units = units.or_else(|| self.compile_type(ty).and_then(|e| e.units));
            let units = units.and_then(|u| self.symbol(u));
            let type_id = self.type_for_leaf(node, ty, places).map(|ty| self.non_zero(node, ty));
            let def = self.builder.node_mut(node);
            def.type_id = type_id;
            def.units = units;
        }
        let def = self.builder.node_mut(node);
        def.mandatory = mandatory.is_some_and(|m| m.arg() == "true");
        def.min_elements = least.and_then(|m| non_negative(m.arg())).unwrap_or(0);
        def.max_elements = most.and_then(|m| max_elements(m.arg())).flatten();
        if !def.config && def.ordered_by == OrderedBy::User {
            // RFC 7950 section 7.7.7: ignored for state, output and notifications; input keeps the order of the sender.
            def.ordered_by = OrderedBy::System;
        }
        self.codes_of(node);
    }

    /// Of each node: is it mandatory (RFC 7950 section 3)? Children come behind their parents, so this goes backwards.
    fn mandatory(&self, visits: &[Visit]) -> Vec<bool> {
        let mut mandatory = vec![false; self.builder.node_count()];
        for visit in visits.iter().rev() {
            let def = self.builder.node(visit.node);
            let is = match def.kind {
                NodeKind::Leaf | NodeKind::Choice | NodeKind::AnyData | NodeKind::AnyXml => def.mandatory,
                NodeKind::List | NodeKind::LeafList => def.min_elements > 0,
                NodeKind::Container => {
                    def.presence.is_none()
                        && self.builder.children(visit.node).iter().any(|c| mandatory[c.index()])
                }
                _ => false,
            };
            mandatory[visit.node.index()] = is && visit.active;
        }
        mandatory
    }

    /// `must` and `when`: what they read, and names in them that do not exist.
    fn expressions_of(&mut self, visit: Visit) {
        let node = visit.node;
        let musts = std::mem::take(&mut self.extra_mut(node).musts);
        let whens = std::mem::take(&mut self.extra_mut(node).whens);
        for &stmt in &musts {
            let Some(expr) = self.expression(stmt) else { continue };
            let xpath = self.expression_in_place(visit, node, stmt, expr);
            let info = self.constraint_info(stmt);
            self.builder.node_mut(node).musts.push(Must { xpath, info });
        }
        for &(stmt, context) in &whens {
            let Some(expr) = self.expression(stmt) else { continue };
            let at = match context {
                WhenContext::Node => self.data_parent_from(node),
                WhenContext::Parent => self.data_parent_from(self.builder.parent(node)),
            };
            let xpath = self.expression_in_place(visit, at, stmt, expr);
            let when = When {
                xpath,
                context,
                description: self.text_of(stmt, Keyword::Description),
                reference: self.text_of(stmt, Keyword::Reference),
            };
            self.builder.node_mut(node).whens.push(when);
        }
        let extra = self.extra_mut(node);
        extra.musts = musts;
        extra.whens = whens;
    }

    fn expression_in_place(&mut self, visit: Visit, at: NodeId, stmt: Stmt<'t>, expr: ExprId) -> XPathId {
        // Names without a prefix are of the module of the context node, which an augment's target may lend (section 6.4.1).
        let named_by = if at == NodeId::ROOT { visit.node } else { at };
        let default_module = self.builder.node(named_by).module;
        // Taken out while it is followed: expressions are large, and there is one place after the other.
        let parsed = std::mem::replace(self.builder.expr_mut(expr), Expr::Number(0.0));
        let mut follower = Follower::new(self, at, default_module);
        follower.whole(&parsed);
        let reach = follower.reach;
        *self.builder.expr_mut(expr) = parsed;
        self.warn_of_state(visit, stmt, &reach.reads);
        // In a grouping that nothing uses, paths may lead out of it.
        if visit.active && !visit.trial {
            for (function, problem) in &reach.useless {
                let at = stmt.arg().find(function.name()).unwrap_or(0);
                let span = stmt.argument_part(at, at + function.name().len());
                self.diagnostics.push(Diagnostic::warning(Code::XPathType, span, problem.clone()));
            }
            for missing in reach.missing.iter().filter(|m| m.implemented && !m.switched_off) {
                let place =
                    if missing.at == NodeId::ROOT { "the root".to_owned() } else { self.path_of(missing.at) };
                let message = format!(
                    "the `{}` of {} names `{}`, which is not in {place}",
                    stmt.keyword_text(),
                    self.path_of(visit.node),
                    missing.name
                );
                let at = stmt.arg().find(&missing.name).unwrap_or(0);
                let span = stmt.argument_part(at, at + missing.name.len());
                self.diagnostics.push(
                    Diagnostic::warning(Code::XPathNode, span, message).here("this path selects nothing"),
                );
            }
        }
        let xpath = XPath {
            text: self.symbol(stmt).unwrap_or_else(|| self.builder.intern("")),
            expr,
            default_module,
            reads: reads(reach.reads),
            span: stmt.argument_span(),
        };
        self.builder.add_xpath(xpath)
    }

    /// RFC 7950 section 6.4.1: an expression of configuration sees configuration alone.
    fn warn_of_state(&mut self, visit: Visit, stmt: Stmt<'t>, reads: &[NodeId]) {
        if !visit.active || visit.trial || !visit.in_data || !self.builder.node(visit.node).config {
            return;
        }
        for &read in reads {
            let def = self.builder.node(read);
            if def.config || !def.kind.is_data_node() || self.has_no_config(read) {
                continue;
            }
            let name = self.builder.str(def.name).to_owned();
            // A path that does not name the node (`//*`, `..`) does not mean it alone.
            let Some(at) = stmt.arg().rfind(&name) else { continue };
            let message = format!(
                "the `{}` of {} is about configuration, and {} is state",
                stmt.keyword_text(),
                self.path_of(visit.node),
                self.path_of(read)
            );
            self.diagnostics.push(
                Diagnostic::warning(Code::XPathNode, stmt.argument_part(at, at + name.len()), message)
                    .here("configuration does not see this node")
                    .also(self.builder.node(read).span, "it is `config false`"),
            );
        }
    }

    /// Can the default of a node whose features are off be judged? Names may be gone with the same feature.
    fn is_independent_of_features(&self, node: NodeId) -> bool {
        use yang_schema::TypeDetail::{Bits, Enumeration, Identityref, InstanceIdentifier, Leafref, Union};
        self.builder.node(node).type_id.is_some_and(|ty| {
            let detail = &self.builder.type_(ty).detail;
            !matches!(
                detail,
                Bits { .. }
                    | Enumeration { .. }
                    | Identityref { .. }
                    | InstanceIdentifier { .. }
                    | Leafref { .. }
                    | Union { .. }
            )
        })
    }

    /// The defaults of a leaf or leaf-list: its own, else that of its type (RFC 7950 sections 7.6.1, 7.7.2).
    fn defaults_of(&mut self, node: NodeId) {
        let def = self.builder.node(node);
        let Some(type_id) = def.type_id.filter(|_| def.kind.has_value()) else { return };
        let (kind, required) = (def.kind, def.mandatory || def.min_elements > 0);
        let own = self.extra(node).defaults.clone();
        let mut values = Vec::new();
        for &stmt in &own {
            values.extend(self.default_value(stmt, type_id, false, |c| c.path_of(node)));
        }
        check::default_values(self, node, &own, &values);
        if own.is_empty() && !required && !self.is_key(node) {
            let entry = self.extra(node).type_stmt.and_then(|ty| self.compile_type(ty));
            let counts = kind == NodeKind::Leaf
                || self.extra(node).stmt.is_some_and(|s| self.version(s) == YangVersion::V1_1);
            if let Some((entry, stmt)) = entry.and_then(|e| Some((e, e.default?))).filter(|_| counts) {
                // What is wrong with the typedef's own default is said there, not at every leaf.
                let checked_before = !entry.leafref
                    && !self.builder.type_(entry.id).restricted_here
                    && self.builder.type_(type_id).non_zero.is_none();
                let before = checked_before.then(|| std::mem::take(&mut self.diagnostics));
                values.extend(self.default_value(stmt, type_id, true, |c| c.path_of(node)));
                if let Some(before) = before {
                    self.diagnostics = before;
                }
            }
        }
        if !self.is_key(node) && !required {
            self.builder.node_mut(node).defaults = values;
        }
    }

    /// Is the leaf a key of the list above it?
    pub(crate) fn is_key(&self, node: NodeId) -> bool {
        let parent = self.builder.node(self.builder.parent(node));
        parent.kind == NodeKind::List && parent.keys.contains(&node)
    }

    /// Takes out what features or deviations switch off, and trials.
    fn prune(&mut self, visits: &[Visit]) {
        let keep = self.nodes.keep_trials;
        let mut alive = vec![false; self.builder.node_count()];
        for visit in visits {
            alive[visit.node.index()] = visit.active && (!visit.trial || keep);
        }
        let parents = visits.iter().filter(|v| alive[v.node.index()]).map(|v| v.node);
        for parent in std::iter::once(NodeId::ROOT).chain(parents) {
            let children = self.builder.children(parent);
            if children.iter().any(|c| !alive[c.index()]) {
                let kept = children.iter().copied().filter(|c| alive[c.index()]).collect();
                self.builder.set_children(parent, kept);
            }
        }
    }
}

//! `when` expressions that depend on each other (RFC 7950 section 7.21.5).

use super::graph::order;
use super::{Context, IdMap, Visit};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::Stmt;
use std::collections::HashSet;
use yang_schema::NodeId;

impl<'t> Context<'t> {
    /// An expression that reads a node with a `when`, its own or one above it, depends on that `when`. There may be no circle.
    ///
    /// While it is evaluated, the nodes that it decides about are out of sight (a dummy stands for one of them), so that reading
    /// these, or what is below them, is no dependency.
    pub(super) fn circular_whens(&mut self, visits: &[Visit]) {
        let conditional: Vec<NodeId> = visits
            .iter()
            .filter(|v| v.active && !v.trial && !self.extra(v.node).whens.is_empty())
            .map(|v| v.node)
            .collect();
        let index: IdMap<NodeId, usize> = conditional.iter().enumerate().map(|(i, &n)| (n, i)).collect();
        let mut edges = vec![Vec::new(); conditional.len()];
        for (from, &node) in conditional.iter().enumerate() {
            let whens = self.builder.node(node).whens.iter();
            for &target in whens.flat_map(|w| &self.builder.xpath(w.xpath).reads) {
                let above = self.conditional_from(target);
                if above.iter().any(|&n| n == node || self.share_a_when(n, node)) {
                    continue;
                }
                edges[from].extend(above.iter().filter_map(|n| index.get(n).copied()));
            }
            edges[from].sort_unstable();
            edges[from].dedup();
        }
        let mut reported = HashSet::new();
        for (from, to) in order(&edges).circles {
            let (Some(here), Some(there)) = (self.when_of(conditional[from]), self.when_of(conditional[to]))
            else {
                continue;
            };
            if !reported.insert(here.id()) {
                continue;
            }
            let message = format!("the `when` of {} depends on itself", self.path_of(conditional[from]));
            let d = Diagnostic::error(Code::CircularWhen, here.argument_span(), message);
            self.diagnostics.push(match here == there {
                true => d,
                false => d.also(there.argument_span(), "through this one"),
            });
        }
    }

    fn when_of(&self, node: NodeId) -> Option<Stmt<'t>> {
        self.extra(node).whens.first().map(|(stmt, _)| *stmt)
    }

    /// The node and those above it that have a `when`.
    fn conditional_from(&self, node: NodeId) -> Vec<NodeId> {
        let mut found = Vec::new();
        let mut at = node;
        while at != NodeId::ROOT {
            if !self.extra(at).whens.is_empty() {
                found.push(at);
            }
            at = self.builder.parent(at);
        }
        found
    }

    /// Were both nodes added by one `uses` or `augment` with a `when`?
    fn share_a_when(&self, a: NodeId, b: NodeId) -> bool {
        let whens = |n: NodeId| self.extra(n).whens.iter().map(|(stmt, _)| stmt.id());
        self.builder.parent(a) == self.builder.parent(b) && whens(a).any(|w| whens(b).any(|v| v == w))
    }
}

//! The parts of a module's diagram (RFC 8340 section 2): data, augments of other modules, rpcs, notifications, groupings
//! (section 2.2), `yang-data` (section 2.3) and structures (RFC 8791 section 2).

use super::Printer;
use std::fmt::Write as _;
use yang_schema::{ExtensionUse, NodeKind, NodeRef, Span};

/// One `augment` statement: what it adds to which node.
struct Augment<'s> {
    at: Option<Span>,
    target: NodeRef<'s>,
    added: Vec<NodeRef<'s>>,
}

impl<'s> Printer<'s, '_> {
    /// Draws all sections that hold something.
    pub(super) fn sections(&mut self) {
        let schema = self.schema;
        let top = |kind: fn(NodeKind) -> bool| -> Vec<NodeRef<'s>> {
            schema.top_level(self.module).filter(|n| kind(n.kind())).collect()
        };
        let data = top(|k| k.is_data_node() || k == NodeKind::Choice);
        let rpcs = top(|k| k == NodeKind::Rpc);
        let notifications = top(|k| k == NodeKind::Notification);
        let groupings = top(|k| k == NodeKind::Grouping);
        let structures = top(|k| k == NodeKind::Structure);
        let augments = if self.path.is_empty() { self.augments() } else { Vec::new() };

        self.section(None, &data);
        let (of_structures, of_data): (Vec<_>, Vec<_>) =
            augments.into_iter().partition(|a| is_in_structure(a.target));
        for augment in of_data {
            self.section(Some(("augment", &self.prefixed_path(augment.target))), &augment.added);
        }
        self.section(Some(("rpcs", "")), &rpcs);
        self.section(Some(("notifications", "")), &notifications);
        for grouping in groupings {
            if self.options.groupings && self.path.is_empty() && is_top_level_grouping(grouping) {
                self.holder("grouping", grouping);
            }
        }
        for structure in structures {
            if self.is_on_path(structure, 0) {
                let word = if is_yang_data(structure) { "yang-data" } else { "structure" };
                self.holder(word, structure);
            }
        }
        for augment in of_structures {
            self.section(Some(("augment-structure", &self.prefixed_path(augment.target))), &augment.added);
        }
    }

    fn section(&mut self, heading: Option<(&str, &str)>, nodes: &[NodeRef<'s>]) {
        let nodes: Vec<_> = nodes.iter().copied().filter(|n| self.is_on_path(*n, 0)).collect();
        if nodes.is_empty() {
            return;
        }
        let indent = match heading {
            None => {
                self.title();
                "  "
            }
            Some((word, path)) => {
                self.heading(word, path);
                "    "
            }
        };
        self.children(&nodes, indent, None, 0);
    }

    /// A section of what a grouping or a structure holds.
    fn holder(&mut self, word: &str, node: NodeRef<'s>) {
        self.heading(word, node.name());
        let children: Vec<_> = node.children().collect();
        let level = if node.kind() == NodeKind::Grouping { 0 } else { 1 };
        let below = self.options.depth.map(|depth| depth + level);
        self.children_to(&children, "    ", None, level as usize, below);
    }

    fn title(&mut self) {
        if self.out.is_empty() {
            _ = writeln!(self.out, "module: {}", self.schema.module_name(self.module));
        }
    }

    fn heading(&mut self, word: &str, rest: &str) {
        self.title();
        self.out.push('\n');
        if rest.is_empty() {
            _ = writeln!(self.out, "  {word}:");
        } else {
            self.broken_path(&format!("  {word} "), rest);
        }
    }

    /// What the module adds to nodes of modules that are not drawn, in the order of its text.
    fn augments(&self) -> Vec<Augment<'s>> {
        let mut found: Vec<Augment<'s>> = Vec::new();
        for node in self.schema.root().descendants() {
            if node.module() != self.module || node.augmented_by().map(|a| a.module) != Some(self.module) {
                continue;
            }
            let Some(target) = node.parent().filter(|p| p.module() != self.module) else { continue };
            if self.modules.contains(&target.module()) {
                continue;
            }
            let at = node.augmented_by().map(|a| a.span);
            match found.iter_mut().find(|a| a.target == target && a.at == at) {
                Some(augment) => augment.added.push(node),
                None => found.push(Augment { at, target, added: vec![node] }),
            }
        }
        let module = self.schema.module(self.module);
        let file = |span: &Span| {
            let submodule = module.submodules.iter().position(|s| s.file == span.file);
            submodule.map_or(0, |i| i + 1)
        };
        found.sort_by_key(|a| a.at.map(|at| (file(&at), at.start)));
        found
    }

    fn prefixed_path(&self, node: NodeRef<'s>) -> String {
        let mut steps: Vec<_> = std::iter::successors(Some(node), |n| n.parent()).collect();
        steps.pop();
        steps.iter().rev().map(|n| format!("/{}:{}", self.prefix(n.module()), n.name())).collect()
    }
}

fn is_in_structure(node: NodeRef<'_>) -> bool {
    std::iter::successors(Some(node), |n| n.parent()).any(|n| n.kind() == NodeKind::Structure)
}

fn is_top_level_grouping(node: NodeRef<'_>) -> bool {
    node.grouping().is_some_and(|id| node.schema().grouping(id).top_level)
}

/// Is the tree that of a `yang-data` statement, not of a `structure`?
fn is_yang_data(node: NodeRef<'_>) -> bool {
    let schema = node.schema();
    let is_its = |e: &ExtensionUse| {
        schema.str(e.name) == "yang-data" && schema.opt_str(e.argument) == Some(node.name())
    };
    schema.module(node.module()).extensions.iter().any(is_its)
}

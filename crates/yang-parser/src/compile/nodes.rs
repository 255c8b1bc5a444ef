//! What the compiler knows of schema nodes beyond the schema: the statements they come from, and nodes by name.

use super::Context;
use super::map::IdMap;
use crate::diagnostic::{Code, Diagnostic};
use crate::spelling::did_you_mean;
use crate::syntax::Stmt;
use yang_schema::{ModuleId, NodeDef, NodeId, NodeKind, Sym, WhenContext};

/// The statements behind a node, refinements and deviations applied.
#[derive(Clone, Default, Debug)]
pub(crate) struct Extra<'t> {
    /// Its own; none for the root.
    pub(crate) stmt: Option<Stmt<'t>>,
    pub(crate) config: Option<Stmt<'t>>,
    pub(crate) mandatory: Option<Stmt<'t>>,
    pub(crate) type_stmt: Option<Stmt<'t>>,
    pub(crate) key: Option<Stmt<'t>>,
    pub(crate) min_elements: Option<Stmt<'t>>,
    pub(crate) max_elements: Option<Stmt<'t>>,
    pub(crate) ordered_by: Option<Stmt<'t>>,
    pub(crate) units: Option<Stmt<'t>>,
    pub(crate) uniques: Vec<Stmt<'t>>,
    pub(crate) musts: Vec<Stmt<'t>>,
    pub(crate) whens: Vec<(Stmt<'t>, WhenContext)>,
    pub(crate) defaults: Vec<Stmt<'t>>,
    pub(crate) if_features: Vec<Stmt<'t>>,
    /// The `augment` that added it to another node.
    pub(crate) augment: Option<Stmt<'t>>,
    /// A feature that it depends on is off.
    pub(crate) disabled: bool,
    /// `deviate not-supported`, or a mere trial (an unused grouping).
    pub(crate) removed: bool,
}

/// All nodes.
#[derive(Default)]
pub(crate) struct Nodes<'t> {
    /// By the node's id.
    pub(crate) extra: Vec<Extra<'t>>,
    /// Schema children by name; choices and cases count.
    children: IdMap<(NodeId, ModuleId, Sym), NodeId>,
    /// Nodes in cases by name, below the closest node above that is no choice and no case.
    in_cases: IdMap<(NodeId, ModuleId, Sym), NodeId>,
    /// Choices in cases, in the same way: they share these names.
    choices_in_cases: IdMap<(NodeId, ModuleId, Sym), NodeId>,
    /// Structures have names of their own.
    structures: IdMap<(ModuleId, Sym), NodeId>,
    /// Parents of nodes that are only tried.
    pub(crate) trials: Vec<NodeId>,
    /// These stay in the schema.
    pub(crate) keep_trials: bool,
}

impl Nodes<'_> {
    pub(crate) fn child(&self, parent: NodeId, module: ModuleId, name: Sym) -> Option<NodeId> {
        self.children.get(&(parent, module, name)).copied()
    }

    pub(crate) fn structure(&self, module: ModuleId, name: Sym) -> Option<NodeId> {
        self.structures.get(&(module, name)).copied()
    }
}

/// Is it a kind of node whose name is unique among the data children of the node above, cases looked through?
fn has_data_name(kind: NodeKind) -> bool {
    kind.is_data_node() || matches!(kind, NodeKind::Action | NodeKind::Notification | NodeKind::Rpc)
}

impl<'t> Context<'t> {
    /// Adds a node; a name that is taken is reported.
    pub(crate) fn add_node(&mut self, parent: NodeId, def: NodeDef, extra: Extra<'t>) -> NodeId {
        let (name, module, kind) = (def.name, def.module, def.kind);
        let span = def.span;
        let id = self.builder.add_node(parent, def);
        if self.nodes.extra.is_empty() {
            // The root's own.
            self.nodes.extra.push(Extra::default());
        }
        debug_assert_eq!(self.nodes.extra.len(), id.index());
        self.nodes.extra.push(extra);
        let taken = if kind == NodeKind::Structure {
            self.nodes.structures.insert((module, name), id)
        } else {
            let direct = self.nodes.children.get(&(parent, module, name)).copied();
            if direct.is_none() {
                self.nodes.children.insert((parent, module, name), id);
            }
            direct.or_else(|| self.index_data(parent, id, kind, module, name))
        };
        if let Some(first) = taken {
            let what = self.builder.str(name).to_owned();
            let first = self.builder.node(first).span;
            let place = self.path_of(parent);
            self.diagnostics.push(
                Diagnostic::error(
                    Code::DuplicateNode,
                    span,
                    format!("there is a node `{what}` in {place} already"),
                )
                .also(first, "first defined here"),
            );
        }
        id
    }

    /// Enters a node among the data children; the one that has its name already, in another case, is returned.
    fn index_data(
        &mut self,
        parent: NodeId,
        id: NodeId,
        kind: NodeKind,
        module: ModuleId,
        name: Sym,
    ) -> Option<NodeId> {
        let is_choice = kind == NodeKind::Choice;
        if !has_data_name(kind) && !is_choice {
            return None;
        }
        let data_parent = self.data_parent_from(parent);
        let key = (data_parent, module, name);
        let nodes = &mut self.nodes;
        let in_case = nodes.in_cases.get(&key).or_else(|| nodes.choices_in_cases.get(&key)).copied();
        if data_parent == parent {
            // It is among the children; only one in a case can have the same name.
            return in_case;
        }
        let first = nodes.child(data_parent, module, name).or(in_case);
        if first.is_none() {
            let index = if is_choice { &mut nodes.choices_in_cases } else { &mut nodes.in_cases };
            index.insert(key, id);
        }
        first
    }

    /// The node itself, or the closest above it that is no choice and no case.
    pub(crate) fn data_parent_from(&self, mut at: NodeId) -> NodeId {
        while matches!(self.builder.node(at).kind, NodeKind::Choice | NodeKind::Case) {
            at = self.builder.parent(at);
        }
        at
    }

    /// The data node, rpc, action or notification of a name below a node; choices and cases are looked through.
    pub(crate) fn data_child(&self, parent: NodeId, module: ModuleId, name: Sym) -> Option<NodeId> {
        let direct = self.nodes.child(parent, module, name);
        direct
            .filter(|&id| has_data_name(self.builder.node(id).kind))
            .or_else(|| self.nodes.in_cases.get(&(parent, module, name)).copied())
    }

    pub(crate) fn extra(&self, id: NodeId) -> &Extra<'t> {
        &self.nodes.extra[id.index()]
    }

    pub(crate) fn extra_mut(&mut self, id: NodeId) -> &mut Extra<'t> {
        &mut self.nodes.extra[id.index()]
    }

    /// A schema path for messages.
    pub(crate) fn path_of(&self, id: NodeId) -> String {
        let mut names = Vec::new();
        let mut at = id;
        while at != NodeId::ROOT && names.len() < 200 {
            let node = self.builder.node(at);
            if self.nodes.trials.binary_search(&at).is_ok() {
                let name = self.builder.str(node.name);
                names.reverse();
                let below: String = names.iter().map(|n| format!("/{n}")).collect();
                return format!(
                    "the grouping `{name}`{}",
                    if below.is_empty() { below } else { format!(" at `{below}`") }
                );
            }
            names.push(self.builder.str(node.name).to_owned());
            at = self.builder.parent(at);
        }
        if names.is_empty() {
            return "the module".to_owned();
        }
        names.reverse();
        let path: String = names.iter().map(|n| format!("/{n}")).collect();
        format!("`{path}`")
    }

    /// What a name that is not there most likely means, for a help.
    pub(crate) fn closest_child(&self, parent: NodeId, name: &str) -> Option<String> {
        let known = self.builder.children(parent).iter();
        did_you_mean(name, known.map(|&child| self.builder.str(self.builder.node(child).name)))
    }

    /// Is the node below an rpc, action, notification or structure, where `config` means nothing?
    pub(crate) fn has_no_config(&self, id: NodeId) -> bool {
        let mut at = id;
        loop {
            match self.builder.node(at).kind {
                NodeKind::Rpc | NodeKind::Action | NodeKind::Notification | NodeKind::Structure => {
                    return true;
                }
                NodeKind::Root => return false,
                _ => at = self.builder.parent(at),
            }
        }
    }
}

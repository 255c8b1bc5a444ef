//! What one user may do: the rules that concern him, and what they come to at each node of the schema.

use super::rules::{Action, Defaults, Kind, Rule, Which};
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};
use yang_data::view::{Cursor, ReadMask};
use yang_schema::value::InstanceIdentifier;
use yang_schema::{DefaultDeny, NodeId, NodeKind, NodeRef, Schema};

/// What one user may do.
pub(crate) struct Access {
    schema: Arc<Schema>,
    user: String,
    rules: Vec<Arc<Rule>>,
    defaults: Defaults,
    /// What is known of each node, for reading, creating, updating, deleting.
    tables: [Table; 4],
    /// The same of all that may stand below each node: denied is what is not permitted whole.
    below: [Table; 4],
}

/// What is known by now of each schema node.
type Table = OnceLock<Box<[AtomicU8]>>;

/// What the rules come to at a schema node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Verdict {
    Permitted,
    Denied,
    /// It depends on the instance.
    Depends,
}

const UNKNOWN: u8 = 0;
const PERMITTED: u8 = 1;
const DENIED: u8 = 2;
const DEPENDS: u8 = 3;

impl Access {
    pub(super) fn new(schema: Arc<Schema>, user: String, rules: Vec<Arc<Rule>>, defaults: Defaults) -> Self {
        let (tables, below) = Default::default();
        Self { schema, user, rules, defaults, tables, below }
    }

    /// Whose it is.
    pub(crate) fn user(&self) -> &str {
        &self.user
    }

    /// May the operation be run (RFC 8341 section 3.4.4)?
    pub(crate) fn may_execute(&self, module: &str, name: &str) -> bool {
        // "If the requested operation is the NETCONF <close-session> protocol operation, then the protocol operation is permitted."
        if (module, name) == ("ietf-netconf", "close-session") {
            return true;
        }
        let is_it = |rule: &&Arc<Rule>| {
            rule.operations.has(Action::Execute)
                && is_of_module(rule, module)
                && match &rule.kind {
                    Kind::Any | Kind::Operation(Which::All) => true,
                    Kind::Operation(Which::One(wanted)) => wanted == name,
                    Kind::Notification(_) | Kind::Data(_) => false,
                }
        };
        if let Some(rule) = self.rules.iter().find(is_it) {
            return rule.permits;
        }
        !is_denied_operation(&self.schema, module, name) && self.defaults.execute
    }

    /// May the notification be delivered (section 3.4.6)? `at` is the node that it is about.
    pub(crate) fn may_get(&self, notification: NodeRef<'_>, at: Option<&InstanceIdentifier>) -> bool {
        let line = line(notification);
        let is_it = |rule: &&Arc<Rule>| {
            rule.operations.has(Action::Read)
                && is_of_module(rule, notification.module_name())
                && match &rule.kind {
                    Kind::Any | Kind::Notification(Which::All) => true,
                    Kind::Notification(Which::One(wanted)) => wanted == notification.name(),
                    Kind::Operation(_) => false,
                    Kind::Data(pattern) => {
                        pattern.covers(&line)
                            && (!pattern.is_of_instances()
                                || at.is_none_or(|at| pattern.matches(at, &self.schema, &self.user)))
                    }
                }
        };
        match self.rules.iter().find(is_it) {
            Some(rule) => rule.permits,
            None => !is_denied_by_default(notification, Action::Read) && self.defaults.read,
        }
    }

    /// May this be done with the node (section 3.4.5)?
    pub(crate) fn may(&self, action: Action, node: NodeId, at: impl FnOnce() -> InstanceIdentifier) -> bool {
        match self.verdict(action, node) {
            Verdict::Permitted => true,
            Verdict::Denied => false,
            Verdict::Depends => self.decide(action, node, &at()),
        }
    }

    /// May this be done with every node of a kind and with whatever stands in it? Then nothing needs to be asked of its instances.
    pub(crate) fn may_all(&self, action: Action, node: NodeId) -> bool {
        self.verdict(action, node) == Verdict::Permitted && self.may_below(action, self.schema.node(node))
    }

    /// May this be done with whatever stands below a node?
    fn may_below(&self, action: Action, node: NodeRef<'_>) -> bool {
        let look = || {
            let mut below = node.descendants();
            below.all(|n| !n.kind().is_data_node() || self.verdict(action, n.id()) == Verdict::Permitted)
        };
        let Some(table) = self.below.get(action as usize) else { return look() };
        let known = &self.table(table)[node.id().index()];
        match known.load(Ordering::Relaxed) {
            UNKNOWN => {
                let may = look();
                known.store(if may { PERMITTED } else { DENIED }, Ordering::Relaxed);
                may
            }
            known => known == PERMITTED,
        }
    }

    fn table<'t>(&self, table: &'t Table) -> &'t [AtomicU8] {
        table.get_or_init(|| (0..self.schema.node_count()).map(|_| AtomicU8::new(UNKNOWN)).collect())
    }

    /// May everything be read? Then nothing needs to be asked.
    pub(crate) fn reads_all(&self) -> bool {
        self.may_below(Action::Read, self.schema.root())
    }

    fn verdict(&self, action: Action, node: NodeId) -> Verdict {
        let Some(table) = self.tables.get(action as usize) else { return self.look_up(action, node) };
        let known = &self.table(table)[node.index()];
        match known.load(Ordering::Relaxed) {
            PERMITTED => Verdict::Permitted,
            DENIED => Verdict::Denied,
            DEPENDS => Verdict::Depends,
            _ => {
                let verdict = self.look_up(action, node);
                known.store(
                    match verdict {
                        Verdict::Permitted => PERMITTED,
                        Verdict::Denied => DENIED,
                        Verdict::Depends => DEPENDS,
                    },
                    Ordering::Relaxed,
                );
                verdict
            }
        }
    }

    /// The first rule that is about a node, if it can be told without the instance.
    fn look_up(&self, action: Action, node: NodeId) -> Verdict {
        let node = self.schema.node(node);
        let line = line(node);
        for rule in self.about(action, node) {
            match &rule.kind {
                Kind::Data(pattern) if !pattern.covers(&line) => {}
                Kind::Data(pattern) if pattern.is_of_instances() => return Verdict::Depends,
                _ if rule.permits => return Verdict::Permitted,
                _ => return Verdict::Denied,
            }
        }
        if self.by_default(action, node) { Verdict::Permitted } else { Verdict::Denied }
    }

    fn decide(&self, action: Action, node: NodeId, at: &InstanceIdentifier) -> bool {
        let node = self.schema.node(node);
        let line = line(node);
        let is_about = |rule: &&Arc<Rule>| match &rule.kind {
            Kind::Data(pattern) => pattern.covers(&line) && pattern.matches(at, &self.schema, &self.user),
            _ => true,
        };
        match self.about(action, node).find(is_about) {
            Some(rule) => rule.permits,
            None => self.by_default(action, node),
        }
    }

    /// Rules that may be about a data node or action, in their order.
    fn about(&self, action: Action, node: NodeRef<'_>) -> impl Iterator<Item = &Arc<Rule>> {
        let module = node.module();
        self.rules.iter().filter(move |rule| {
            rule.operations.has(action)
                && matches!(rule.kind, Kind::Any | Kind::Data(_))
                && match &rule.module {
                    Which::All => true,
                    Which::One(wanted) => wanted.id == Some(module),
                }
        })
    }

    fn by_default(&self, action: Action, node: NodeRef<'_>) -> bool {
        let default = match action {
            Action::Read => self.defaults.read,
            Action::Execute => self.defaults.execute,
            Action::Create | Action::Update | Action::Delete => self.defaults.write,
        };
        default && !is_denied_by_default(node, action)
    }
}

impl ReadMask for Access {
    fn readable(&self, node: &Cursor<'_>) -> bool {
        self.may(Action::Read, node.node_id(), || node.instance_identifier())
    }

    fn readable_below(&self, node: NodeRef<'_>) -> bool {
        self.may_below(Action::Read, node)
    }
}

fn is_of_module(rule: &Rule, module: &str) -> bool {
    match &rule.module {
        Which::All => true,
        Which::One(wanted) => wanted.name == module,
    }
}

/// A node and those that it stands in, from the top, choices and cases left out.
fn line(node: NodeRef<'_>) -> Vec<NodeId> {
    let up = std::iter::successors(Some(node), |node| node.parent());
    let mut line: Vec<NodeId> = up
        .filter(|node| !matches!(node.kind(), NodeKind::Root | NodeKind::Choice | NodeKind::Case))
        .map(|node| node.id())
        .collect();
    line.reverse();
    line
}

/// Is it denied where no rule speaks, by what its model says of it or of a node above it?
fn is_denied_by_default(node: NodeRef<'_>, action: Action) -> bool {
    std::iter::successors(Some(node), |node| node.parent()).any(|node| match node.default_deny() {
        Some(DefaultDeny::All) => true,
        Some(DefaultDeny::Write) => {
            matches!(action, Action::Create | Action::Update | Action::Delete)
        }
        None => false,
    })
}

/// The same of an operation. What RFC 6241 says of its own stands here: its module need not be in the schema.
fn is_denied_operation(schema: &Schema, module: &str, name: &str) -> bool {
    if module == "ietf-netconf" {
        return matches!(name, "kill-session" | "delete-config");
    }
    let rpc = schema.find_module(module).and_then(|module| schema.find_rpc(module, name));
    rpc.is_some_and(|rpc| rpc.default_deny() == Some(DefaultDeny::All))
}

//! The rules as they are configured (RFC 8341 section 2.4 and 3.2).

use super::MODULE;
use super::access::Access;
use super::path::Pattern;
use crate::rpc_error::{ErrorType, RpcError};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use yang_data::tree::Tree;
use yang_data::view::{Cursor, DefaultMode, View};
use yang_schema::{ModuleId, Schema};

/// Users whose rules are kept sorted out. One more begins again.
const KNOWN: usize = 1024;

/// A user, and the groups that the transport knows the user to be in.
type Who = (String, Vec<String>);

/// All rules of a configuration.
pub(crate) struct Rules {
    schema: Arc<Schema>,
    enabled: bool,
    external_groups: bool,
    defaults: Defaults,
    /// The groups of each user.
    groups: BTreeMap<String, BTreeSet<String>>,
    lists: Vec<RuleList>,
    known: Mutex<BTreeMap<Who, Arc<Access>>>,
}

/// What is done where no rule speaks: is it permitted?
#[derive(Clone, Copy, Debug)]
pub(super) struct Defaults {
    pub(super) read: bool,
    pub(super) write: bool,
    pub(super) execute: bool,
}

struct RuleList {
    /// `*` is everybody.
    groups: BTreeSet<String>,
    rules: Vec<Arc<Rule>>,
}

/// One rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) module: Which<ModuleName>,
    pub(super) kind: Kind,
    pub(super) operations: Operations,
    pub(super) permits: bool,
}

/// The module that a rule is about, as far as the schema knows it.
#[derive(Debug)]
pub(super) struct ModuleName {
    pub(super) name: String,
    pub(super) id: Option<ModuleId>,
}

/// All, or one.
#[derive(Debug)]
pub(super) enum Which<T> {
    All,
    One(T),
}

/// What a rule is about (`rule-type`).
#[derive(Debug)]
pub(super) enum Kind {
    /// Everything.
    Any,
    /// An operation.
    Operation(Which<String>),
    /// A notification.
    Notification(Which<String>),
    /// Data.
    Data(Pattern),
}

/// What one does with a node (`access-operations`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Action {
    /// Reads it, or gets it as a notification.
    Read,
    /// Makes it.
    Create,
    /// Gives it another value.
    Update,
    /// Removes it.
    Delete,
    /// Runs it.
    Execute,
}

impl Action {
    /// The word of `access-operations-type`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Action::Read => "read",
            Action::Create => "create",
            Action::Update => "update",
            Action::Delete => "delete",
            Action::Execute => "exec",
        }
    }
}

/// Some of the actions.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operations(u8);

impl Operations {
    fn parse(text: &str) -> Self {
        if text == "*" {
            return Self(u8::MAX);
        }
        let all = [Action::Read, Action::Create, Action::Update, Action::Delete, Action::Execute];
        let named = all.into_iter().filter(|a| text.split_ascii_whitespace().any(|word| word == a.as_str()));
        Self(named.fold(0, |bits, action| bits | 1 << action as u8))
    }

    pub(super) fn has(self, action: Action) -> bool {
        self.0 & 1 << action as u8 != 0
    }
}

impl Rules {
    /// The rules that let nobody do anything.
    fn nothing(schema: &Arc<Schema>) -> Self {
        Self {
            schema: Arc::clone(schema),
            enabled: true,
            external_groups: false,
            defaults: Defaults { read: false, write: false, execute: false },
            groups: BTreeMap::new(),
            lists: Vec::new(),
            known: Mutex::default(),
        }
    }

    pub(super) fn compile(schema: &Arc<Schema>, running: &Tree) -> Result<Self, Vec<RpcError>> {
        let mut rules = Self::nothing(schema);
        let view = View::new(Arc::clone(schema)).defaults(DefaultMode::ReportAll).layer(running);
        let root = view.root();
        let Some(nacm) = schema.find_module(MODULE).and_then(|module| root.child_named(module, "nacm"))
        else {
            return Ok(rules);
        };
        let at = Reader { schema };
        let permits = |name: &str| at.text(&nacm, name).is_some_and(|action| action == "permit");
        rules.enabled = at.text(&nacm, "enable-nacm").is_none_or(|yes| yes == "true");
        rules.external_groups = at.text(&nacm, "enable-external-groups").is_none_or(|yes| yes == "true");
        rules.defaults = Defaults {
            read: permits("read-default"),
            write: permits("write-default"),
            execute: permits("exec-default"),
        };
        for group in at.child(&nacm, "groups").iter().flat_map(|groups| at.all(groups, "group")) {
            let name = at.text(&group, "name").unwrap_or_default();
            for user in at.texts(&group, "user-name") {
                rules.groups.entry(user).or_default().insert(name.clone());
            }
        }
        let mut errors = Vec::new();
        for list in at.all(&nacm, "rule-list") {
            let groups = at.texts(&list, "group").into_iter().collect();
            let mut found = Vec::new();
            for rule in at.all(&list, "rule") {
                match at.rule(&rule) {
                    Ok(rule) => found.push(Arc::new(rule)),
                    Err(why) => {
                        let path = format!("{}/path", rule.path());
                        let mut error =
                            RpcError::invalid_value(format!("the rule names nothing here: {why}"))
                                .of_type(ErrorType::Application);
                        error.path = crate::server::error::error_path(&path, schema).map(Box::new);
                        errors.push(error);
                    }
                }
            }
            rules.lists.push(RuleList { groups, rules: found });
        }
        if errors.is_empty() { Ok(rules) } else { Err(errors) }
    }

    pub(super) fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// What a user may do.
    pub(super) fn of(&self, user: &str, groups: &[String]) -> Arc<Access> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (user.to_owned(), groups.to_vec());
        if let Some(access) = known.get(&key) {
            return Arc::clone(access);
        }
        let mut own = self.groups.get(user).cloned().unwrap_or_default();
        if self.external_groups {
            own.extend(groups.iter().cloned());
        }
        // Section 3.4.4, step 4: without a group no rule applies, and only the defaults speak.
        let lists = self
            .lists
            .iter()
            .filter(|list| !own.is_empty() && (list.groups.contains("*") || !list.groups.is_disjoint(&own)));
        let rules = lists.flat_map(|list| list.rules.iter().cloned()).collect();
        let access = Arc::new(Access::new(Arc::clone(&self.schema), user.to_owned(), rules, self.defaults));
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert(key, Arc::clone(&access));
        access
    }
}

/// Reads the nodes of the module.
struct Reader<'s> {
    schema: &'s Schema,
}

impl Reader<'_> {
    fn child<'v>(&self, at: &Cursor<'v>, name: &str) -> Option<Cursor<'v>> {
        at.child_named(self.schema.find_module(MODULE)?, name)
    }

    fn all<'v>(&self, at: &Cursor<'v>, name: &str) -> Vec<Cursor<'v>> {
        let module = self.schema.find_module(MODULE);
        let node = module.and_then(|module| at.node().data_child(module, name));
        node.map(|node| at.children_of(node.id()).collect()).unwrap_or_default()
    }

    fn text(&self, at: &Cursor<'_>, name: &str) -> Option<String> {
        Some(self.child(at, name)?.text()?.into_owned())
    }

    fn texts(&self, at: &Cursor<'_>, name: &str) -> Vec<String> {
        self.all(at, name).iter().filter_map(|leaf| Some(leaf.text()?.into_owned())).collect()
    }

    fn rule(&self, at: &Cursor<'_>) -> Result<Rule, String> {
        let which = |text: String| if text == "*" { Which::All } else { Which::One(text) };
        let module = match self.text(at, "module-name") {
            None => Which::All,
            Some(name) if name == "*" => Which::All,
            Some(name) => Which::One(ModuleName { id: self.schema.find_module(&name), name }),
        };
        let kind = if let Some(name) = self.text(at, "rpc-name") {
            Kind::Operation(which(name))
        } else if let Some(name) = self.text(at, "notification-name") {
            Kind::Notification(which(name))
        } else if let Some(path) = self.text(at, "path") {
            Kind::Data(Pattern::parse(self.schema, &path)?)
        } else {
            Kind::Any
        };
        Ok(Rule {
            module,
            kind,
            operations: Operations::parse(self.text(at, "access-operations").as_deref().unwrap_or("*")),
            permits: self.text(at, "action").is_some_and(|action| action == "permit"),
        })
    }
}

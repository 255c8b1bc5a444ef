//! `validate()`: all that one struct can tell of its own constraints, all violations at once.
//!
//! What needs the data around (must, when, leafref, instances) is for validation of the tree.

use super::decode::Context;
use super::leaf::canonical;
use super::restriction::{Fault, check_value, unknown};
use super::{Field, Info, Kind, LeafValue, ListSlot, Module, Node, Slot, Table, walk};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use yang_schema::value::seen::{self, shown};

/// A constraint that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// The error-tag (RFC 6241 appendix A).
    pub tag: &'static str,
    /// The error-app-tag: the model's own, or that of RFC 7950 section 15.
    pub app_tag: Option<Cow<'static, str>>,
    /// The node, as an instance-identifier in the form of RFC 7951 from the struct that was validated.
    pub path: String,
    /// The model's error-message, or what was seen and what should be.
    pub message: String,
    /// What was seen, whatever the model's message says: "9001 is above 9000".
    pub seen: String,
    /// The code that the model's author gave.
    pub code: Option<u64>,
    /// Is it about a node, enum, bit or identity that the model does not know, and that was kept because
    /// [`Unknowns::Keep`](super::Unknowns::Keep) says so? By the model of the types it is not valid; a peer with a newer one takes it.
    pub unknown: bool,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)?;
        if self.message != self.seen {
            write!(f, " ({})", self.seen)?;
        }
        Ok(())
    }
}

/// All constraints that do not hold; never none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violations(pub Vec<Violation>);

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, violation) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            violation.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

impl Violations {
    /// Those that are not about what was [kept](Violation::unknown); nothing where there are no others. A client that sends back
    /// what it has read of a newer peer asks for these alone.
    pub fn of_what_is_known(self) -> Option<Self> {
        let known: Vec<Violation> = self.0.into_iter().filter(|v| !v.unknown).collect();
        (!known.is_empty()).then_some(Self(known))
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

pub(crate) struct Validator {
    path: String,
    violations: Vec<Violation>,
    /// The struct around can be configured. State that is absent from it is no fault then: an edit has none, and only
    /// the operational state is asked for it (RFC 7950 section 8.1).
    config: bool,
}

pub(crate) fn validate(node: &dyn Node, module: Module) -> Vec<Violation> {
    let table = node.node_table();
    let context = Context { options: super::Options::default(), module, modules: &[] }.inside(table);
    let config = !matches!(table.kind, Kind::Input | Kind::Output | Kind::Notification);
    let mut validator = Validator { path: String::new(), violations: Vec::new(), config };
    if !matches!(table.kind, Kind::Root | Kind::Case) && !table.name.is_empty() {
        validator.path = match context.module.name {
            "" => format!("/{}", table.name),
            module => format!("/{module}:{}", table.name),
        };
        if table.kind == Kind::List {
            validator.keys(node);
        }
    }
    validator.node(node, table, context.module);
    validator.violations
}

/// The faults of one value, as for a leaf with this detail.
pub(crate) fn validate_value(value: &dyn LeafValue, field: &'static Field, path: String) -> Vec<Violation> {
    let mut validator = Validator { path, violations: Vec::new(), config: true };
    validator.leaf(value, field);
    validator.violations
}

impl Validator {
    fn report(&mut self, node: &Info, fault: Fault<'_>) {
        let Fault { tag, app_tag, info, seen } = fault;
        let app_tag = info.app_tag.or(node.app_tag).or(app_tag).map(Cow::Borrowed);
        let message = info.message.or(node.message).map_or_else(|| seen.clone(), str::to_owned);
        let path = if self.path.is_empty() { "/".to_owned() } else { self.path.clone() };
        let code = info.code.or(node.code);
        self.violations.push(Violation { tag, app_tag, path, message, seen, code, unknown: false });
    }

    /// What the model does not know, and was kept.
    fn kept(&mut self, node: &Info, tag: &'static str, seen: String) {
        self.report(node, Fault::new(tag, None, &Info::NONE, seen));
        if let Some(last) = self.violations.last_mut() {
            last.unknown = true;
        }
    }

    /// Runs with a step more on the path.
    fn below(&mut self, name: &str, module: Module, parent: Module, run: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push('/');
        if !module.name.is_empty() && (module != parent || length == 0) {
            self.path.push_str(module.name);
            self.path.push(':');
        }
        self.path.push_str(name);
        run(self);
        self.path.truncate(length);
    }

    /// Adds the keys of a list entry to the path.
    fn keys(&mut self, entry: &dyn Node) {
        let table = entry.node_table();
        for &key in table.keys {
            if let Slot::Leaf(leaf) = entry.slot(key)
                && let Some(value) = leaf.get()
            {
                self.path.push('[');
                self.path.push_str(table.fields[key].name);
                self.path.push('=');
                self.path.push_str(&quoted(&canonical(value)));
                self.path.push(']');
            }
        }
    }

    fn node(&mut self, node: &dyn Node, table: &'static Table, module: Module) {
        for (index, field) in table.fields.iter().enumerate() {
            let own = field.module.unwrap_or(module);
            self.slot(&node.slot(index), field, own, module);
        }
    }

    /// `parent` is the module of the node around.
    fn slot(&mut self, slot: &Slot<'_>, field: &'static Field, module: Module, parent: Module) {
        let detail = field.detail;
        let around = self.config;
        if around && !detail.config {
            if walk::slot_is_empty(slot, true) {
                return;
            }
            self.config = false;
        }
        self.slot_there(slot, field, module, parent);
        self.config = around;
    }

    fn slot_there(&mut self, slot: &Slot<'_>, field: &'static Field, module: Module, parent: Module) {
        let detail = field.detail;
        match slot {
            Slot::Leaf(leaf) => match leaf.get() {
                Some(value) => self.below(field.name, module, parent, |v| v.leaf(value, field)),
                None => self.missing(field, module, parent),
            },
            Slot::LeafList(list) => {
                self.below(field.name, module, parent, |v| {
                    v.count(field, list.len());
                    // RFC 7950 section 7.7: values of configuration are unique.
                    let again = if v.config { list.duplicates() } else { Vec::new() };
                    for value in again.into_iter().filter_map(|at| list.get(at)) {
                        let seen = format!("{} stands there already", shown(&canonical(value)));
                        v.report(&detail.info, Fault::new("operation-failed", None, &Info::NONE, seen));
                    }
                    for value in (0..list.len()).filter_map(|i| list.get(i)) {
                        let length = v.path.len();
                        v.path.push_str("[.=");
                        v.path.push_str(&quoted(&canonical(value)));
                        v.path.push(']');
                        v.leaf(value, field);
                        v.path.truncate(length);
                    }
                });
            }
            Slot::Container(container) => match container.get() {
                Some(node) if field.kind == Kind::Case => {
                    let table = node.node_table();
                    self.node_in_place(node, table, table.module.unwrap_or(module), parent);
                }
                Some(node) => {
                    let table = node.node_table();
                    let inner = table.module.unwrap_or(module);
                    self.below(field.name, module, parent, |v| v.node(node, table, inner));
                }
                // A container without `presence` exists as soon as that around it does (RFC 7950 section 7.5.1).
                None => {
                    if let (None, true, Some(child)) = (detail.presence, detail.whens.is_empty(), field.child)
                    {
                        let table = child();
                        let inner = table.module.unwrap_or(module);
                        self.below(field.name, module, parent, |v| v.absent(table, inner));
                    }
                }
            },
            Slot::List(list) => {
                self.below(field.name, module, parent, |v| {
                    v.count(field, list.len());
                    v.entries(*list, field, module);
                });
            }
            Slot::Choice(choice) => match choice.get() {
                None => self.missing(field, module, parent),
                Some(choice) => {
                    let table = choice.node_table();
                    let module = table.module.unwrap_or(module);
                    if let Some(variant) = table.fields.get(choice.variant()) {
                        let own = variant.module.unwrap_or(module);
                        self.slot(&choice.content(), variant, own, parent);
                    }
                }
            },
            Slot::Any(any) => {
                if any.get().is_none() {
                    self.missing(field, module, parent);
                }
            }
            Slot::Unknown(kept) => {
                for (module, name) in kept.names() {
                    let qualified =
                        module.map_or_else(|| name.to_owned(), |module| format!("{module}:{name}"));
                    let length = self.path.len();
                    self.path.push('/');
                    self.path.push_str(&qualified);
                    self.kept(&detail.info, "unknown-element", seen::unknown_node(&qualified));
                    self.path.truncate(length);
                }
            }
            Slot::Nothing => {}
        }
    }

    /// The fields of a case: the path does not show it.
    fn node_in_place(&mut self, node: &dyn Node, table: &'static Table, module: Module, parent: Module) {
        for (index, field) in table.fields.iter().enumerate() {
            let own = field.module.unwrap_or(module);
            self.slot(&node.slot(index), field, own, parent);
        }
    }

    fn entries(&mut self, list: &dyn ListSlot, field: &'static Field, module: Module) {
        for entry in list.entries() {
            let length = self.path.len();
            self.keys(entry);
            let table = entry.node_table();
            self.node(entry, table, table.module.unwrap_or(module));
            self.path.truncate(length);
        }
        if let Some(entry) = list.misplaced() {
            let length = self.path.len();
            self.keys(entry);
            let seen = "the keys of an entry were changed in place, or are those of another".to_owned();
            self.report(&field.detail.info, Fault::new("operation-failed", None, &Info::NONE, seen));
            self.path.truncate(length);
        }
        self.uniques(list, field.name);
    }

    /// RFC 7950 section 7.8.3: entries in which all the leaves exist must differ in one of them.
    fn uniques(&mut self, list: &dyn ListSlot, name: &str) {
        let Some(table) = list.entries().next().map(|entry| entry.node_table()) else { return };
        for unique in table.uniques {
            let mut seen: HashMap<Vec<String>, &dyn Node> = HashMap::new();
            for entry in list.entries() {
                let values: Option<Vec<String>> =
                    unique.leaves.iter().map(|path| leaf_at(entry, path)).collect();
                let Some(values) = values else { continue };
                let Some(first) = seen.get(&values) else {
                    seen.insert(values, entry);
                    continue;
                };
                let length = self.path.len();
                self.keys(*first);
                let other = self.path.clone();
                self.path.truncate(length);
                let shown = values.iter().map(String::as_str);
                let text = seen::not_unique(unique.text, name, shown, &other);
                self.keys(entry);
                // Section 15.1.
                let fault = Fault::new("operation-failed", Some("data-not-unique"), &unique.info, text);
                self.report(&Info::NONE, fault);
                self.path.truncate(length);
            }
        }
    }

    /// A container that is not there but exists all the same: what is mandatory in it is missing.
    fn absent(&mut self, table: &'static Table, module: Module) {
        for field in table.fields {
            if self.config && !field.detail.config {
                continue;
            }
            let own = field.module.unwrap_or(module);
            match (field.kind, field.child) {
                (Kind::Container, Some(child))
                    if field.detail.presence.is_none() && field.detail.whens.is_empty() =>
                {
                    let table = child();
                    let inner = table.module.unwrap_or(own);
                    self.below(field.name, own, module, |v| v.absent(table, inner));
                }
                (Kind::List | Kind::LeafList, _) => {
                    self.below(field.name, own, module, |v| v.count(field, 0));
                }
                _ => self.missing(field, own, module),
            }
        }
    }

    fn missing(&mut self, field: &'static Field, module: Module, parent: Module) {
        let detail = field.detail;
        let Some(info) = detail.mandatory.as_ref() else { return };
        // Whether it may be there at all only its `when` knows.
        if !detail.whens.is_empty() {
            return;
        }
        if field.kind == Kind::Choice {
            // Section 15.6; the error-path is the node around.
            let seen = seen::missing_choice(field.name);
            self.report(&detail.info, Fault::new("data-missing", Some("missing-choice"), info, seen));
        } else {
            let seen = seen::missing(keyword(field.kind), field.name);
            self.below(field.name, module, parent, |v| {
                v.report(&detail.info, Fault::new("data-missing", None, info, seen));
            });
        }
    }

    fn count(&mut self, field: &'static Field, count: usize) {
        let detail = field.detail;
        if let Some((least, info)) = &detail.min_elements
            && count < *least as usize
            && (count > 0 || detail.whens.is_empty())
        {
            let seen = seen::too_few(keyword(field.kind), field.name, count, *least as usize);
            let fault = Fault::new("operation-failed", Some("too-few-elements"), info, seen);
            self.report(&detail.info, fault);
        }
        if let Some((most, info)) = &detail.max_elements
            && count > *most as usize
        {
            let seen = seen::too_many(keyword(field.kind), field.name, count, *most as usize);
            let fault = Fault::new("operation-failed", Some("too-many-elements"), info, seen);
            self.report(&detail.info, fault);
        }
    }

    fn leaf(&mut self, value: &dyn LeafValue, field: &'static Field) {
        let detail = field.detail;
        if let Some(info) = &detail.nonzero
            && value.is_zero()
        {
            let seen = seen::zero(&canonical(value));
            self.report(&detail.info, Fault::new("invalid-value", None, info, seen));
        }
        if let Some(seen) = unknown(value) {
            self.kept(&detail.info, "invalid-value", seen);
        }
        let mut faults = Vec::new();
        check_value(value, detail, &mut faults);
        for fault in faults {
            self.report(&detail.info, fault);
        }
    }
}

/// The leaf at a path of names below an entry; containers alone stand between, and choices that are looked through.
fn leaf_at(node: &dyn Node, path: &[&str]) -> Option<String> {
    let (name, rest) = path.split_first()?;
    let table = node.node_table();
    table.fields.iter().enumerate().find_map(|(index, field)| in_slot(&node.slot(index), field, name, rest))
}

fn in_slot(slot: &Slot<'_>, field: &Field, name: &str, rest: &[&str]) -> Option<String> {
    match slot {
        // A default in use counts; whether a `when` lets it be, only the tree can tell.
        Slot::Leaf(leaf) if field.name == name && rest.is_empty() => match leaf.get() {
            Some(value) => Some(canonical(value)),
            None if field.detail.whens.is_empty() => field.detail.defaults.first().map(|d| (*d).to_owned()),
            None => None,
        },
        Slot::Container(case) if field.kind == Kind::Case => {
            let node = case.get()?;
            let table = node.node_table();
            table.fields.iter().enumerate().find_map(|(i, f)| in_slot(&node.slot(i), f, name, rest))
        }
        Slot::Container(container) if field.name == name => leaf_at(container.get()?, rest),
        Slot::Choice(choice) => {
            let choice = choice.get()?;
            let variant = choice.node_table().fields.get(choice.variant())?;
            in_slot(&choice.content(), variant, name, rest)
        }
        _ => None,
    }
}

fn keyword(kind: Kind) -> &'static str {
    match kind {
        Kind::Leaf => "leaf",
        Kind::AnyData => "anydata",
        Kind::AnyXml => "anyxml",
        Kind::Container => "container",
        Kind::List => "list",
        Kind::LeafList => "leaf-list",
        _ => "node",
    }
}

/// A value in a predicate: in the quotes that it does not hold itself.
pub(crate) fn quoted(text: &str) -> String {
    if !text.contains('\'') {
        format!("'{text}'")
    } else if !text.contains('"') {
        format!("\"{text}\"")
    } else {
        // XPath has no escape; RFC 7950 section 14 has one inside double quotes.
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

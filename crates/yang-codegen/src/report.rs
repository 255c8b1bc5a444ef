//! What of a model is in the Rust that was made of it: schema nodes counted by kind, and those that an item, field or
//! variant stands for.

use crate::error::MapError;
use crate::extern_crate::Externs;
use crate::ir::{CaseContent, Content, Field, Item, Operation, Package, Scope};
use crate::lower::Selection;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use yang_schema::{ModuleId, NodeId, NodeKind, NodeRef, Schema};

/// Schema nodes of one kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Count {
    /// Those that were to be generated.
    pub schema: usize,
    /// Those of them that are in the generated code.
    pub mapped: usize,
}

impl Count {
    fn add(&mut self, mapped: bool) {
        self.schema += 1;
        self.mapped += usize::from(mapped);
    }
}

/// The schema nodes of a module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ModuleCounts {
    /// The module.
    pub name: String,
    /// Its revision.
    pub revision: Option<String>,
    /// Its nodes by the keyword of their statement, without those kinds that it has none of.
    pub kinds: BTreeMap<&'static str, Count>,
}

/// What was generated.
///
/// A node counts as mapped if the items that were emitted have its place in them: a leaf its field; a container its field and
/// its struct; a case its variant and what that holds; an rpc, an action or a notification its type. Nodes that are not to
/// be generated, of modules that were not asked for or that another crate has, or outside of `only`, are not counted at all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// The modules that have nodes here, by name.
    pub modules: Vec<ModuleCounts>,
    /// Structs that were generated.
    pub structs: usize,
    /// Structs that were not, since one that is equal stands for them.
    pub shared: usize,
    /// Bytes of Rust.
    pub rust: usize,
}

impl Report {
    /// Counts what is in a package. Whatever was to be and is not is an error, too.
    pub(crate) fn new(
        schema: &Schema,
        package: &Package,
        selection: &Selection,
        externs: &Externs,
    ) -> (Report, Vec<MapError>) {
        let mut emitted = Emitted::default();
        for module in package.modules.iter().filter(|m| !externs.has(m.id)) {
            emitted.fields(&module.top);
            emitted.scope(&module.scope);
        }
        emitted.share(schema, selection);
        let mut modules: BTreeMap<ModuleId, BTreeMap<&'static str, Count>> = BTreeMap::new();
        let mut lost = Vec::new();
        for node in schema.root().descendants() {
            if node.kind() == NodeKind::Grouping || !selection.includes(node) || externs.holds(node) {
                continue;
            }
            let mapped = emitted.has(node);
            if !mapped {
                let message = format!("{} {} has no mapping to Rust", node.kind().keyword(), node.path());
                lost.push(MapError::at(node.span(), message));
            }
            modules.entry(node.module()).or_default().entry(node.kind().keyword()).or_default().add(mapped);
        }
        let mut modules: Vec<ModuleCounts> = modules
            .into_iter()
            .map(|(id, kinds)| ModuleCounts {
                name: schema.module_name(id).to_owned(),
                revision: schema.opt_str(schema.module(id).revision).map(str::to_owned),
                kinds,
            })
            .collect();
        modules.sort_by(|a, b| (&a.name, &a.revision).cmp(&(&b.name, &b.revision)));
        let report =
            Report { modules, structs: emitted.structs.len(), shared: emitted.shared.len(), rust: 0 };
        (report, lost)
    }

    /// All modules together, by the keyword of the statement.
    pub fn kinds(&self) -> BTreeMap<&'static str, Count> {
        let mut all: BTreeMap<&'static str, Count> = BTreeMap::new();
        for (kind, count) in self.modules.iter().flat_map(|m| &m.kinds) {
            let sum = all.entry(kind).or_default();
            sum.schema += count.schema;
            sum.mapped += count.mapped;
        }
        all
    }

    /// All nodes together.
    pub fn total(&self) -> Count {
        self.kinds().values().fold(Count::default(), |sum, count| Count {
            schema: sum.schema + count.schema,
            mapped: sum.mapped + count.mapped,
        })
    }

    /// As JSON: `nodes` (all together), `kinds` (by keyword), `modules` (each with its `kinds`), `structs`, `shared` and `rust`;
    /// a count is an object of `schema` and `mapped`.
    pub fn to_json(&self) -> String {
        let mut out = String::from("{\n");
        let _ = writeln!(out, "  \"nodes\": {},", count_json(self.total()));
        let _ = writeln!(out, "  \"kinds\": {},", kinds_json(&self.kinds(), "  "));
        out.push_str("  \"modules\": [");
        for (i, module) in self.modules.iter().enumerate() {
            out.push_str(if i == 0 { "\n" } else { ",\n" });
            // Names and dates of YANG hold nothing that JSON escapes.
            let _ = writeln!(out, "    {{\n      \"name\": \"{}\",", module.name);
            if let Some(revision) = &module.revision {
                let _ = writeln!(out, "      \"revision\": \"{revision}\",");
            }
            let _ = write!(out, "      \"kinds\": {}\n    }}", kinds_json(&module.kinds, "      "));
        }
        out.push_str(if self.modules.is_empty() { "],\n" } else { "\n  ],\n" });
        let _ = writeln!(out, "  \"structs\": {},", self.structs);
        let _ = writeln!(out, "  \"shared\": {},", self.shared);
        let _ = writeln!(out, "  \"rust\": {}\n}}", self.rust);
        out
    }
}

fn count_json(count: Count) -> String {
    format!("{{ \"schema\": {}, \"mapped\": {} }}", count.schema, count.mapped)
}

fn kinds_json(kinds: &BTreeMap<&'static str, Count>, indent: &str) -> String {
    if kinds.is_empty() {
        return "{}".to_owned();
    }
    let lines: Vec<String> =
        kinds.iter().map(|(kind, count)| format!("{indent}  \"{kind}\": {}", count_json(*count))).collect();
    format!("{{\n{}\n{indent}}}", lines.join(",\n"))
}

/// The nodes that emitted code has a place for.
#[derive(Default)]
struct Emitted {
    /// Nodes that a field or a variant holds.
    places: HashSet<NodeId>,
    /// Nodes that are a struct.
    structs: HashSet<NodeId>,
    /// Nodes that are an enum, or the marker of an operation.
    others: HashSet<NodeId>,
    /// Nodes whose struct is that of another, with the other.
    shared: Vec<(NodeId, NodeId)>,
}

impl Emitted {
    fn scope(&mut self, scope: &Scope) {
        for item in &scope.items {
            match item {
                Item::Struct(item) => {
                    self.structs.insert(item.node);
                    self.fields(&item.fields);
                }
                Item::Shared(item) => self.shared.push((item.node, item.of)),
                Item::Choice(item) => {
                    self.others.insert(item.node);
                    for variant in &item.variants {
                        self.places.insert(variant.case);
                        if let CaseContent::Shorthand(field) = &variant.content {
                            self.others.insert(variant.case);
                            self.fields(std::slice::from_ref(field));
                        }
                    }
                }
                Item::Rpc(item) => self.operation(item),
                Item::Action(item) => self.operation(&item.operation),
                Item::Leaf(_) => {}
            }
        }
        scope.scopes.iter().for_each(|inner| self.scope(inner));
    }

    fn fields(&mut self, fields: &[Field]) {
        for field in fields {
            self.places.insert(field.node);
            if !matches!(
                field.content,
                Content::Container(_) | Content::List(_) | Content::KeylessList(_) | Content::Choice(_)
            ) {
                self.others.insert(field.node);
            }
        }
    }

    /// The marker names the types of input and output, if only `()`.
    fn operation(&mut self, operation: &Operation) {
        self.others.insert(operation.node);
        self.others.extend(&operation.without);
    }

    /// What the struct of another node holds is held for the node that it stands for as well.
    fn share(&mut self, schema: &Schema, selection: &Selection) {
        let below =
            |id: NodeId| schema.node(id).descendants().filter(|&n| selection.includes(n)).map(NodeRef::id);
        let mut shared = self.shared.clone();
        // What stands inside of another is smaller, and has to be known before.
        shared.sort_by_key(|&(node, _)| below(node).count());
        for (node, of) in shared {
            if self.structs.contains(&of) {
                self.others.insert(node);
            }
            for (node, of) in below(node).zip(below(of)) {
                if self.places.contains(&of) {
                    self.places.insert(node);
                }
                if self.is_item(of) {
                    self.others.insert(node);
                }
            }
        }
    }

    fn is_item(&self, id: NodeId) -> bool {
        self.structs.contains(&id) || self.others.contains(&id)
    }

    fn has(&self, node: NodeRef<'_>) -> bool {
        let is_item = self.is_item(node.id());
        match node.kind() {
            NodeKind::Rpc
            | NodeKind::Action
            | NodeKind::Input
            | NodeKind::Output
            | NodeKind::Notification
            | NodeKind::Structure => is_item,
            _ => is_item && self.places.contains(&node.id()),
        }
    }
}

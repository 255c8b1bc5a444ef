//! Typed paths: `paths::interfaces().interface("eth0").mtu()`.
//!
//! A step is a method of a trait that is there for the path of one struct. The trait stands beside the struct, so that what it
//! names is near; the `paths` of a module make all of its traits known at once, for `use …::paths::*`. Choices and cases
//! are no steps, as they are none in data (RFC 7950 section 7.9).

use super::attributes::in_operation;
use super::{Cx, Out, action, ident};
use crate::ir::{Content, Item, Module, Scope};
use crate::names::QName;
use proc_macro2::Ident;
use std::collections::BTreeMap;
use yang_schema::{ModuleId, NodeKind, NodeRef};

/// The first steps of a module, and the traits of all others.
pub(super) fn paths(cx: &Cx<'_>, module: &Module, out: &mut Out) {
    if module.top.is_empty() {
        return;
    }
    let cx = cx.inside("paths");
    out.item();
    out.line(0, "/// Typed paths to the nodes of this module. Import `*`: each step is a method of a trait.");
    out.line(0, "pub mod paths {");
    out.line(0, "use super::rt;");
    for node in super::place::tops(&cx, module) {
        steps(&cx, node, Some(module.id), out);
    }
    traits(&cx, &module.scope, out);
    out.line(0, "}");
}

/// Makes the traits of all steps known, without their names: one `use` for those that are there whenever the module is, and one
/// for each feature on which others hang.
fn traits(cx: &Cx<'_>, scope: &Scope, out: &mut Out) {
    let gates = gates(cx, scope);
    for what in ["Path", "Actions"] {
        let mut by_gate: BTreeMap<Option<&str>, Vec<String>> = BTreeMap::new();
        for &gate in &gates {
            let inside = uses(cx, scope, gate, what);
            if !inside.is_empty() {
                by_gate.insert(gate.map(|id| cx.schema.module_name(id)), inside);
            }
        }
        let of_client = what == "Actions" && !by_gate.is_empty();
        if of_client {
            out.begin_side("client");
        }
        for (feature, inside) in by_gate {
            out.item();
            if let Some(feature) = feature {
                out.line(0, format_args!("#[cfg(feature = {feature:?})]"));
            }
            out.filled("pub use super::{", &inside, "};");
        }
        if of_client {
            out.line(0, "}");
        }
    }
}

/// The modules on whose features steps hang.
fn gates(cx: &Cx<'_>, scope: &Scope) -> Vec<Option<ModuleId>> {
    let mut found = Vec::new();
    let mut stack = vec![scope];
    while let Some(scope) = stack.pop() {
        for gate in structs(cx, scope).map(|node| gate(cx, node)) {
            if !found.contains(&gate) {
                found.push(gate);
            }
        }
        stack.extend(&scope.scopes);
    }
    found
}

fn gate(cx: &Cx<'_>, node: NodeRef<'_>) -> Option<ModuleId> {
    cx.gate_text(node.module()).map(|_| node.module())
}

/// The nodes of the structs of a Rust module.
fn structs<'a>(cx: &'a Cx<'_>, scope: &'a Scope) -> impl Iterator<Item = NodeRef<'a>> {
    scope.items.iter().filter_map(|item| match item {
        Item::Struct(item) => Some(cx.schema.node(item.node)),
        _ => None,
    })
}

/// The inside of a `use`: the traits of steps or of actions of this Rust module, and the same of those in it.
fn uses(cx: &Cx<'_>, scope: &Scope, of: Option<ModuleId>, what: &str) -> Vec<String> {
    let has = |node| if what == "Path" { has_steps(cx, node) } else { has_actions(cx, node) };
    let own = structs(cx, scope).filter(|&node| gate(cx, node) == of && has(node));
    let mut all: Vec<String> = own.map(|node| format!("{} as _", trait_name(node, what))).collect();
    for inner in &scope.scopes {
        let mut inside = uses(cx, inner, of, what);
        match &mut inside[..] {
            [] => {}
            [only] => *only = format!("{}::{only}", inner.name),
            [first, .., last] => {
                *first = format!("{}::{{{first}", inner.name);
                last.push('}');
            }
        }
        all.extend(inside);
    }
    all
}

/// Does a path lead to it? None does into operations, nor into structures that no datastore has.
fn has_path(node: NodeRef<'_>) -> bool {
    matches!(node.kind(), NodeKind::Container | NodeKind::List)
        && !in_operation(node)
        && super::place::line(node).first().is_some_and(|top| top.kind().is_data_node())
}

fn has_steps(cx: &Cx<'_>, node: NodeRef<'_>) -> bool {
    has_path(node) && node.data_children().any(|child| cx.package.values.contains_key(&child.id()))
}

fn has_actions(cx: &Cx<'_>, node: NodeRef<'_>) -> bool {
    cx.parts.client && has_path(node) && !action::of(cx, node).is_empty()
}

/// What stands beside the struct of a node for the paths to it: its steps and its actions.
pub(super) fn beside(cx: &Cx<'_>, node: NodeRef<'_>, of: &str, out: &mut Out) {
    if has_steps(cx, node) {
        let name = trait_name(node, "Path");
        out.item();
        out.line(0, format_args!("/// Steps from `{}`.", node.name()));
        out.line(0, format_args!("pub trait {name}<M_>: rt::path::Steps<{of}, M_> {{"));
        for child in node.data_children() {
            steps(cx, child, None, out);
        }
        out.line(0, "}");
        out.item();
        out.line(0, format_args!("impl<M_> {name}<M_> for rt::Path<{of}, M_> {{}}"));
    }
    if has_actions(cx, node) {
        out.side("client", &action::client(cx, node, &ident(&trait_name(node, "Actions")), &ident(of)));
    }
}

/// What a path itself can do: a step of such a name would hide behind that.
const OWN: [&str; 31] = [
    "action_xml",
    "borrow",
    "borrow_mut",
    "check",
    "child",
    "child_of",
    "clone",
    "clone_into",
    "create",
    "delete",
    "edit",
    "entry",
    "entry_of",
    "every",
    "every_of",
    "fmt",
    "into",
    "item",
    "item_of",
    "notification_xml",
    "read",
    "read_all",
    "read_keys",
    "remove",
    "replace",
    "subtree_filter",
    "to_owned",
    "to_string",
    "try_into",
    "validate",
    "xpath",
];

/// The method of a path for a node.
pub(super) fn method(name: QName<'_>) -> Ident {
    ident(&method_text(name))
}

fn method_text(name: QName<'_>) -> String {
    let mut text = name.snake_text();
    if OWN.contains(&text.as_str()) {
        text.push('_');
    }
    text
}

/// One method for a step, or one function for a first step.
struct Step<'a> {
    /// The first step of this module.
    top: Option<ModuleId>,
    /// The node's name in YANG, and the module if that has to be told.
    name: &'a str,
    module: Option<String>,
    /// Where it leads, and whether to state.
    to: String,
    mode: &'a str,
}

impl Step<'_> {
    /// Writes it: its name, its arguments, which function takes it, and what is given to that.
    fn write(
        &self,
        cx: &Cx<'_>,
        node: NodeRef<'_>,
        method: &str,
        keys: &[(String, String)],
        how: &str,
        out: &mut Out,
    ) {
        out.between();
        if let Some(gate) = cx.gate_text(node.module()) {
            out.line(if self.top.is_some() { 0 } else { 4 }, gate);
        }
        let (indent, from, visible) = match self.top {
            Some(module) => {
                out.line(0, format_args!("/// To `{}`.", node.data_path()));
                let data = cx.path_text(&crate::lower::module_path(cx.schema, module).join("Data"));
                (0, format!("rt::Path::<{data}>::root()"), "pub ")
            }
            None => (4, "self".to_owned(), ""),
        };
        let own = self.top.is_none().then(|| "self".to_owned());
        let arguments = keys.iter().map(|(name, ty)| format!("{name}: impl Into<{ty}>"));
        let arguments: Vec<String> = own.into_iter().chain(arguments).collect();
        let Self { name, to, mode, .. } = self;
        let tail = format!(") -> rt::Path<{to}{mode}> {{");
        out.listed(indent, &format!("{visible}fn {method}("), &arguments, &tail, ",");
        let of = if self.module.is_some() { "_of" } else { "" };
        let mut given: Vec<String> = self.module.iter().map(|module| format!("&{module}")).collect();
        given.push(format!("{name:?}"));
        let values: Vec<String> =
            keys.iter().map(|(name, ty)| format!("rt::path::key_of::<{ty}>({name})")).collect();
        match how {
            "entry" => given.push(format!("vec![{}]", values.join(", "))),
            _ => given.extend(values),
        }
        out.listed(indent + 4, &format!("{from}.{how}{of}("), &given, ")", ",");
        out.line(indent, "}");
    }
}

/// The methods for a step, or the functions for a first one, in the `paths` of the module `top`; two for a list or leaf-list: to
/// one entry and to all.
fn steps(cx: &Cx<'_>, node: NodeRef<'_>, top: Option<ModuleId>, out: &mut Out) {
    let Some(content) = cx.package.values.get(&node.id()) else { return };
    // A name carries its module where that is not the one of the struct, or of the `paths`.
    let home = top.or_else(|| node.data_parent().map(NodeRef::module));
    let (name, module) = if home.is_none_or(|home| home == node.module()) {
        (QName::plain(node.name()), None)
    } else {
        (QName::of(node.module_name(), node.name()), Some(cx.module_text(node.module())))
    };
    let method = if top.is_some() { name.snake_text() } else { method_text(name) };
    // `__` keeps the name apart from all names of nodes.
    let every = format!("{}__all", name.snake_text().trim_start_matches("r#"));
    // Below a node that is state, all is.
    let mode = match (node.is_config(), top) {
        (false, _) => ", rt::path::State",
        (true, Some(_)) => "",
        (true, None) => ", M_",
    };
    let step = |to: String| Step { top, name: node.name(), module: module.clone(), to, mode };
    let once = |to: String, out: &mut Out| step(to).write(cx, node, &method, &[], "child", out);
    match content {
        Content::Key(ty) | Content::Leaf(ty) => once(cx.ty_text(ty), out),
        Content::Container(path) => once(cx.path_text(path), out),
        Content::AnyData => once("rt::AnyData".to_owned(), out),
        Content::AnyXml => once("rt::AnyXml".to_owned(), out),
        Content::LeafList(ty) => {
            let to = cx.ty_text(ty);
            let value = [("value".to_owned(), to.clone())];
            let step = step(to);
            step.write(cx, node, &method, &value, "item", out);
            step.write(cx, node, &every, &[], "every", out);
        }
        Content::List(path) => {
            let step = step(cx.path_text(path));
            step.write(cx, node, &method, &keys(cx, node), "entry", out);
            step.write(cx, node, &every, &[], "every", out);
        }
        Content::KeylessList(path) => step(cx.path_text(path)).write(cx, node, &method, &[], "every", out),
        // Not reached: choices are looked through.
        Content::Choice(_) => {}
    }
}

/// The keys of a list: the name and type of each.
fn keys(cx: &Cx<'_>, list: NodeRef<'_>) -> Vec<(String, String)> {
    list.keys()
        .filter_map(|key| match cx.package.values.get(&key.id()) {
            Some(Content::Key(ty)) => Some((QName::plain(key.name()).snake_text(), cx.ty_text(ty))),
            _ => None,
        })
        .collect()
}

/// The name of a trait beside a node's struct, which is that of no node: a type's name ends in `_` where it would be a reserved
/// word, and of those that are spelled out none has a `p` or an `a` for a character.
fn trait_name(node: NodeRef<'_>, what: &str) -> String {
    let name = crate::lower::qname(node).camel_text();
    let short = what.to_ascii_lowercase();
    if name.starts_with('_') { format!("{name}__{short}") } else { format!("{name}{what}_") }
}

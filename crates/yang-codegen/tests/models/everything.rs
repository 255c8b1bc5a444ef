//! Data of every kind that a model has, made from the compiled schema, through the types that were generated of it and back: by XML,
//! JSON, serde and data trees. Compiled by `tests/models.rs` in a crate of its own, for each of the nasty models.

#![deny(warnings)]

#[path = "../src/abyss/yang.gen.rs"]
mod abyss;
#[path = "../src/deviated/yang.gen.rs"]
mod deviated;
#[path = "../src/kept/yang.gen.rs"]
mod kept;
#[path = "../src/maze/yang.gen.rs"]
mod maze;
#[path = "../src/maze_deviated/yang.gen.rs"]
mod maze_deviated;
#[path = "../src/nasty/yang.gen.rs"]
mod nasty;
#[path = "../src/words/yang.gen.rs"]
mod words;

use netconf_runtime::binding::{Options, Yang};
use netconf_runtime::yang_schema::value::{NameResolver, Notation};
use netconf_runtime::yang_schema::{ModuleId, NodeId, NodeKind, NodeRef, Schema, TypeDetail, TypeRef, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

/// Random numbers that a seed fixes.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n.max(1) as u64) as usize
    }
}

/// Names as the canonical form has them: modules for prefixes.
struct Names<'s>(&'s Schema, ModuleId);

impl NameResolver for Names<'_> {
    fn module(&self, prefix: &str) -> Option<ModuleId> {
        if prefix.is_empty() { Some(self.1) } else { self.0.find_module(prefix) }
    }

    fn notation(&self) -> Notation {
        Notation::Canonical
    }
}

/// A document that is being made.
struct Maker<'s> {
    schema: &'s Schema,
    random: Random,
    seen: BTreeSet<NodeId>,
    /// Leaves whose type no value has: an identityref without identities.
    impossible: BTreeSet<NodeId>,
}

impl<'s> Maker<'s> {
    /// Of a top-level node.
    fn document(&mut self, top: NodeRef<'s>) -> String {
        let mut out = String::new();
        self.node(top, None, &mut out);
        out
    }

    fn node(&mut self, node: NodeRef<'s>, above: Option<ModuleId>, out: &mut String) {
        match node.kind() {
            NodeKind::Choice => {
                let mut cases: Vec<_> = node.children().collect();
                // Mostly one that has something new.
                if self.random.below(8) > 0 && cases.iter().any(|case| self.has_new(*case)) {
                    cases.retain(|case| self.has_new(*case));
                }
                let Some(case) = cases.get(self.random.below(cases.len())) else { return };
                self.seen.insert(node.id());
                self.seen.insert(case.id());
                self.inside(*case, above, out);
            }
            NodeKind::Container => {
                let mut inside = String::new();
                self.inside(node, Some(node.module()), &mut inside);
                // An empty container that means nothing is not written again.
                if !inside.is_empty() || node.presence().is_some() {
                    self.element(node, above, &inside, out);
                }
            }
            NodeKind::List => {
                let mut keys = BTreeSet::new();
                for _ in 0..1 + self.random.below(3) {
                    let mut inside = String::new();
                    let mut key = Vec::new();
                    for leaf in node.keys() {
                        let Some(value) = self.value(leaf) else { return };
                        self.element(leaf, Some(node.module()), &escape(&value), &mut inside);
                        key.push(value);
                    }
                    if node.keys().len() == 0 || keys.insert(key) {
                        self.inside(node, Some(node.module()), &mut inside);
                        self.element(node, above, &inside, out);
                    }
                }
            }
            NodeKind::LeafList => {
                let mut values = BTreeSet::new();
                for _ in 0..1 + self.random.below(3) {
                    let Some(value) = self.value(node) else { return };
                    if values.insert(value.clone()) {
                        self.element(node, above, &escape(&value), out);
                    }
                }
            }
            NodeKind::Leaf => {
                let Some(value) = self.value(node) else { return };
                self.element(node, above, &escape(&value), out);
            }
            NodeKind::AnyData | NodeKind::AnyXml => self.element(node, above, "", out),
            _ => {}
        }
    }

    fn inside(&mut self, node: NodeRef<'s>, module: Option<ModuleId>, out: &mut String) {
        let mut children: Vec<_> = node.children().filter(|n| is_data(*n) && !n.is_key()).collect();
        if module.is_none() {
            // Of the nodes of a case at the top the first alone is written.
            let at = self.random.below(children.len());
            children.rotate_left(at);
        }
        for child in children {
            if self.random.below(8) > 0 {
                self.node(child, module, out);
            }
        }
    }

    fn has_new(&self, node: NodeRef<'s>) -> bool {
        node.descendants()
            .any(|n| n.kind().is_data_node() && !in_operation(n) && !self.seen.contains(&n.id()))
    }

    fn element(&mut self, node: NodeRef<'s>, above: Option<ModuleId>, inside: &str, out: &mut String) {
        // A document has one root: of the entries of a list at the top, and of the nodes of a case, the first.
        if above.is_none() && !out.is_empty() {
            return;
        }
        self.seen.insert(node.id());
        let name = node.name();
        write!(out, "<{name}").unwrap();
        if above != Some(node.module()) {
            write!(out, " xmlns=\"{}\"", escape(node.namespace())).unwrap();
        }
        if above.is_none() {
            for (_, module) in self.schema.modules() {
                let (name, namespace) = (self.schema.str(module.name), self.schema.str(module.namespace));
                // Names that begin so are not for users (Namespaces in XML, section 3).
                if !name.to_ascii_lowercase().starts_with("xml") {
                    write!(out, " xmlns:{name}=\"{}\"", escape(namespace)).unwrap();
                }
            }
        }
        write!(out, ">{inside}</{name}>").unwrap();
    }

    /// A value that the type takes, as its canonical text.
    fn value(&mut self, leaf: NodeRef<'s>) -> Option<String> {
        let ty = leaf.type_().unwrap();
        let mut candidates = Vec::new();
        self.candidates(ty, &mut candidates);
        candidates.extend(leaf.defaults().iter().map(|d| d.value.canonical(self.schema).into_owned()));
        while !candidates.is_empty() {
            let text = candidates.swap_remove(self.random.below(candidates.len()));
            if let Ok(value) = Value::parse(self.schema, ty.id(), &text, &Names(self.schema, leaf.module())) {
                return Some(value.qualified(self.schema).into_owned());
            }
        }
        let is_identity = matches!(ty.real().detail(), TypeDetail::Identityref { .. });
        assert!(is_identity, "no value is known for {}", leaf.path());
        self.impossible.insert(leaf.id());
        None
    }

    fn candidates(&self, ty: TypeRef<'s>, out: &mut Vec<String>) {
        let texts = |all: &[&str]| all.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        let ty = ty.real();
        match ty.detail() {
            TypeDetail::Integer { base, ranges } => {
                let whole = base.integer_bounds().unwrap();
                let parts = ranges.last().map_or(vec![whole], |r| r.parts.clone());
                out.extend(parts.iter().flat_map(|p| [p.min.to_string(), p.max.to_string()]));
            }
            TypeDetail::Decimal64 { ranges, fraction_digits } => {
                out.extend(texts(&["0.0", "1.5", "-0.5", "42.0", "9000000.1"]));
                let bounds = ranges.iter().flat_map(|r| &r.parts).flat_map(|p| [p.min, p.max]);
                out.extend(bounds.map(|units| {
                    let digits = usize::from(*fraction_digits);
                    let text = format!("{:0>1$}", units.unsigned_abs(), digits + 1);
                    let (whole, rest) = text.split_at(text.len() - digits);
                    let rest = rest.trim_end_matches('0');
                    format!(
                        "{}{whole}.{}",
                        if units < 0 { "-" } else { "" },
                        if rest.is_empty() { "0" } else { rest }
                    )
                }));
            }
            TypeDetail::String { .. } => {
                out.extend(texts(&[
                    "",
                    "a",
                    "b1c",
                    "x y",
                    "1",
                    "<&\"'>]]>",
                    "ünï 😀",
                    " padded ",
                    "A-1.b:c",
                ]));
                out.extend((2..40).step_by(7).map(|n| "a".repeat(n)));
            }
            TypeDetail::Boolean => out.extend(texts(&["true", "false"])),
            TypeDetail::Enumeration(items) => {
                out.extend(items.iter().filter(|i| i.enabled).map(|i| self.schema.str(i.name).to_owned()));
            }
            TypeDetail::Bits(items) => {
                let names: Vec<&str> =
                    items.iter().filter(|i| i.enabled).map(|i| self.schema.str(i.name)).collect();
                out.push(names.join(" "));
                out.extend(texts(&names));
                out.push(String::new());
            }
            TypeDetail::Binary { .. } => out.extend(texts(&["", "AA==", "AAECAw==", "////"])),
            TypeDetail::Identityref { bases } => {
                for (id, identity) in self.schema.identities() {
                    if bases.iter().all(|&base| self.schema.is_derived_from(id, base)) {
                        let module = self.schema.module_name(identity.module);
                        out.push(format!("{module}:{}", self.schema.str(identity.name)));
                    }
                }
            }
            TypeDetail::Empty => out.push(String::new()),
            TypeDetail::Union { .. } => ty.members().for_each(|member| self.candidates(member, out)),
            TypeDetail::InstanceIdentifier { .. } => {
                let tops = self.schema.root().children().filter(|n| n.kind() == NodeKind::Container);
                out.extend(tops.map(|n| format!("/{}:{}", n.module_name(), n.name())).take(5));
            }
            TypeDetail::Leafref { .. } => panic!("it is looked through"),
        }
    }
}

fn is_data(node: NodeRef<'_>) -> bool {
    node.kind().is_data_node() || matches!(node.kind(), NodeKind::Choice | NodeKind::Case)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn elements(xml: &str) -> usize {
    xml.matches("</").count() + xml.matches("/>").count()
}

/// Many documents of a module; together they have all its data nodes, cases and choices.
fn module<T: Yang + Serialize + DeserializeOwned>(schema: &Arc<Schema>, name: &str) {
    let id = schema.find_module(name).unwrap();
    let mut maker = Maker {
        schema,
        random: Random(name.len() as u64),
        seen: BTreeSet::new(),
        impossible: BTreeSet::new(),
    };
    let options = Options::default();
    let tops: Vec<_> = schema.top_level(id).filter(|n| is_data(*n)).collect();
    for top in (0..80).flat_map(|_| &tops) {
        let document = maker.document(*top);
        if document.is_empty() {
            continue;
        }
        let data = T::from_xml(&document, &options).unwrap_or_else(|e| panic!("{e}: {document}"));
        let xml = data.to_xml().unwrap();
        assert_eq!(elements(&xml), elements(&document), "{xml}\n{document}");
        assert_eq!(T::from_xml(&xml, &options).unwrap(), data, "{xml}");
        let json = data.to_json().unwrap();
        assert_eq!(T::from_json(&json, &options).unwrap(), data, "{json}");
        let text = serde_json::to_string(&data).unwrap();
        assert_eq!(serde_json::from_str::<T>(&text).unwrap(), data, "{text}");
        let tree = data.to_tree(schema).unwrap_or_else(|e| panic!("{e:?}: {document}"));
        // A tree has what the system orders in an order of its own.
        let ordered = T::from_tree(&tree, &options).unwrap();
        assert_eq!(elements(&ordered.to_xml().unwrap()), elements(&document), "{xml}");
        let again = ordered.to_tree(schema).unwrap();
        assert_eq!(T::from_tree(&again, &options).unwrap(), ordered, "{xml}");
        assert_eq!(data.clone(), data);
        assert!(data != T::default(), "{document}");
    }
    let all = schema.top_level(id).filter(|n| is_data(*n)).flat_map(|top| {
        let below = top.descendants().filter(|n| is_data(*n) && !in_operation(*n));
        below.chain(Some(top)).collect::<Vec<_>>()
    });
    // An empty case leaves nothing to see, and nor does a choice that waits for its cases.
    let missing: Vec<String> = all
        .filter(|n| !maker.seen.contains(&n.id()) && !maker.impossible.contains(&n.id()))
        .filter(|n| n.kind() != NodeKind::Choice && n.kind() != NodeKind::Case)
        .filter(|n| {
            n.kind() != NodeKind::Container
                || n.descendants().any(|d| d.kind().is_data_node() && !in_operation(d))
        })
        .map(NodeRef::path)
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

fn in_operation(node: NodeRef<'_>) -> bool {
    std::iter::successors(Some(node), |n| n.parent())
        .any(|n| matches!(n.kind(), NodeKind::Rpc | NodeKind::Action | NodeKind::Notification))
}

macro_rules! whole {
    ($($test:ident of $set:ident: $($name:literal $data:ty),*;)*) => {$(
        #[test]
        fn $test() {
            $(module::<$data>($set::schema(), $name);)*
        }
    )*};
}

whole! {
    the_nasty_one of nasty: "nasty" nasty::nasty::Data, "nasty-b.2_x" nasty::_nasty__hb__d2_x__m::Data;
    the_abyss of abyss: "abyss" abyss::abyss::Data, "abyss-aug" abyss::abyss_aug::Data, "std" abyss::std::Data;
    the_abyss_with_room_for_more of kept: "abyss" kept::abyss::Data, "abyss-aug" kept::abyss_aug::Data, "std" kept::std::Data;
    the_abyss_deviated of deviated: "abyss" deviated::abyss::Data, "abyss-aug" deviated::abyss_aug::Data, "std" deviated::std::Data;
    the_maze of maze: "maze" maze::maze::Data, "maze-walls" maze::maze_walls::Data;
    the_maze_deviated of maze_deviated: "maze" maze_deviated::maze::Data, "maze-walls" maze_deviated::maze_walls::Data;
    words_of_rust of words: "self" words::self_::Data, "crate" words::crate_::Data, "rt" words::rt_::Data, "Option" words::_Option__m::Data, "codes" words::codes::Data, "Vec" words::_Vec__m::Data;
}

//! What holds for all data of all models: documents come back, in either encoding and across; a diff makes the second tree of
//! the first, turned round the first of the second, and as an edit-config, too.

mod common;
use common::*;
use proptest::prelude::*;
use std::fmt::Write as _;
use std::sync::Arc;
use yang_data::codec::Limits;
use yang_data::diff::diff;
use yang_data::edit::{ApplyOptions, DefaultOperation, Edit};
use yang_data::event::{FullName, Shape, Sink};
use yang_data::merge::merge3;
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::view::EncodeOptions;
use yang_data::{json, xml};
use yang_schema::{NodeId, Schema};

/// Chance, the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n.max(1)
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn of<'t>(&mut self, items: &[&'t str]) -> &'t str {
        items[self.below(items.len())]
    }
}

/// Types, and texts of their values in XML.
const TYPES: &[(&str, &[&str])] = &[
    (
        "string",
        &["", "a", "b c", " x ", "&lt;&amp;>\"'", "é\u{1f600}", "1", "true", "a:b", "line&#10;two", "]]&gt;"],
    ),
    ("int8", &["0", "-128", "127", "5", "-1"]),
    ("uint32", &["0", "4294967295", "17"]),
    ("uint64", &["0", "18446744073709551615", "17"]),
    ("decimal64 { fraction-digits 2; }", &["0.0", "-1.5", "92233720368547758.07", "3.14"]),
    ("boolean", &["true", "false"]),
    ("enumeration { enum one; enum \"two words\"; enum 3; }", &["one", "two words", "3"]),
    ("bits { bit a; bit b; bit c; }", &["", "a", "a c", "a b c"]),
    ("binary", &["", "AQ==", "SGVsbG8="]),
    ("identityref { base root; }", &["q:one", "q:two"]),
    ("union { type int8; type boolean; type string; }", &["7", "true", "x", "300", "-"]),
    (
        "union { type uint64; type enumeration { enum all; } type identityref { base root; } }",
        &["7", "all", "q:two"],
    ),
];

enum Kind {
    Leaf(usize),
    Empty,
    LeafList { ty: usize, user: bool },
    Container { presence: bool, children: Vec<Node> },
    List { keys: Vec<usize>, user: bool, children: Vec<Node> },
    Choice(Vec<Vec<Node>>),
}

struct Node {
    name: String,
    kind: Kind,
}

fn nodes(chance: &mut Chance, depth: usize, count: &mut usize) -> Vec<Node> {
    (0..1 + chance.below(4)).map(|_| node(chance, depth, count)).collect()
}

fn node(chance: &mut Chance, depth: usize, count: &mut usize) -> Node {
    *count += 1;
    let name = format!("n{count}");
    let ty = chance.below(TYPES.len());
    let kind = match chance.below(if depth == 0 { 4 } else { 8 }) {
        0 | 1 => Kind::Leaf(ty),
        2 => Kind::Empty,
        3 => Kind::LeafList { ty, user: chance.one_in(2) },
        4 => Kind::Container { presence: chance.one_in(2), children: nodes(chance, depth - 1, count) },
        5 | 6 => Kind::List {
            keys: (0..1 + chance.below(2)).map(|_| chance.below(TYPES.len())).collect(),
            user: chance.one_in(2),
            children: nodes(chance, depth - 1, count),
        },
        _ => Kind::Choice((0..2 + chance.below(2)).map(|_| nodes(chance, depth - 1, count)).collect()),
    };
    Node { name, kind }
}

fn yang(nodes: &[Node], out: &mut String) {
    let ordered = |user: &bool| if *user { "ordered-by user;" } else { "" };
    for Node { name, kind } in nodes {
        let ty = |ty: &usize| {
            let ty = TYPES[*ty].0;
            if ty.ends_with('}') { format!("type {ty}") } else { format!("type {ty};") }
        };
        // Writing to a String cannot fail.
        _ = match kind {
            Kind::Leaf(t) => writeln!(out, "leaf {name} {{ {} }}", ty(t)),
            Kind::Empty => writeln!(out, "leaf {name} {{ type empty; }}"),
            Kind::LeafList { ty: t, user } => {
                writeln!(out, "leaf-list {name} {{ {} {} }}", ty(t), ordered(user))
            }
            Kind::Container { presence, children } => {
                _ = writeln!(out, "container {name} {{ {}", if *presence { "presence p;" } else { "" });
                yang(children, out);
                writeln!(out, "}}")
            }
            Kind::List { keys, user, children } => {
                let names: Vec<String> = (0..keys.len()).map(|i| format!("k{i}")).collect();
                _ = writeln!(out, "list {name} {{ key \"{}\"; {}", names.join(" "), ordered(user));
                for (key, t) in names.iter().zip(keys) {
                    _ = writeln!(out, "leaf {key} {{ {} }}", ty(t));
                }
                yang(children, out);
                writeln!(out, "}}")
            }
            Kind::Choice(cases) => {
                _ = writeln!(out, "choice {name} {{");
                for (i, case) in cases.iter().enumerate() {
                    _ = writeln!(out, "case {name}c{i} {{");
                    yang(case, out);
                    _ = writeln!(out, "}}");
                }
                writeln!(out, "}}")
            }
        };
    }
}

fn data(nodes: &[Node], chance: &mut Chance, out: &mut String) {
    for Node { name, kind } in nodes {
        if chance.one_in(4) {
            continue;
        }
        match kind {
            Kind::Leaf(ty) => _ = write!(out, "<{name}>{}</{name}>", chance.of(TYPES[*ty].1)),
            Kind::Empty => _ = write!(out, "<{name}/>"),
            Kind::LeafList { ty, .. } => {
                for value in some(TYPES[*ty].1, chance) {
                    _ = write!(out, "<{name}>{value}</{name}>");
                }
            }
            Kind::Container { children, .. } => {
                _ = write!(out, "<{name}>");
                data(children, chance, out);
                _ = write!(out, "</{name}>");
            }
            Kind::List { keys, children, .. } => {
                for first in some(TYPES[keys[0]].1, chance) {
                    _ = write!(out, "<{name}><k0>{first}</k0>");
                    for (i, ty) in keys.iter().enumerate().skip(1) {
                        _ = write!(out, "<k{i}>{}</k{i}>", chance.of(TYPES[*ty].1));
                    }
                    data(children, chance, out);
                    _ = write!(out, "</{name}>");
                }
            }
            Kind::Choice(cases) => data(&cases[chance.below(cases.len())], chance, out),
        }
    }
}

/// Some of the values, in any order, each once.
fn some<'t>(values: &[&'t str], chance: &mut Chance) -> Vec<&'t str> {
    let mut left = values.to_vec();
    let count = chance.below(values.len().min(6) + 1);
    (0..count).map(|_| left.swap_remove(chance.below(left.len()))).collect()
}

/// A model, and trees of it.
fn world(seed: u64, trees: usize) -> (Arc<Schema>, Vec<Tree>) {
    let mut chance = Chance(seed | 1);
    let mut count = 0;
    let nodes = nodes(&mut chance, 3, &mut count);
    let mut module = String::from(
        "module g { yang-version 1.1; namespace urn:g; prefix g;
         identity root; identity one { base root; } identity two { base one; } container top {\n",
    );
    yang(&nodes, &mut module);
    module.push_str("} }");
    let schema = schema(&[&module]);
    let trees = (0..trees)
        .map(|_| {
            let mut text = String::from("<top xmlns='urn:g' xmlns:q='urn:g'>");
            data(&nodes, &mut chance, &mut text);
            text.push_str("</top>");
            tree(&schema, &text)
        })
        .collect();
    (schema, trees)
}

fn to_xml(tree: &Tree) -> String {
    xml::to_string(|sink| wrapped(sink, |sink| tree.encode(sink, &EncodeOptions::default())))
        .expect("XML can say it")
}

fn wrapped(
    sink: &mut dyn Sink,
    write: impl FnOnce(&mut dyn Sink) -> Result<(), yang_data::codec::CodecError>,
) -> Result<(), yang_data::codec::CodecError> {
    sink.open(FullName { module: "all", namespace: "urn:all", local: "all" }, Shape::Container, &[])?;
    write(sink)?;
    sink.close()
}

fn of_xml(schema: &Arc<Schema>, text: &str) -> Tree {
    use yang_data::event::{Event, Inside, Source as _};
    let mut source = xml::SliceSource::new(text.as_bytes(), Limits::default());
    assert!(matches!(source.next(), Ok(Event::Open { .. })));
    let tree = Tree::decode(schema, NodeId::ROOT, &mut Inside::new(&mut source), &DecodeOptions::default());
    tree.unwrap_or_else(|e| panic!("{}: {text}", lines(&e)))
}

fn to_json(tree: &Tree) -> String {
    json::to_string(|sink| tree.encode(sink, &EncodeOptions::default())).expect("JSON can say it")
}

fn of_json(schema: &Arc<Schema>, text: &str) -> Tree {
    let mut source = json::SliceSource::new(text.as_bytes(), Limits::default());
    let tree = Tree::decode(schema, NodeId::ROOT, &mut source, &DecodeOptions::default());
    tree.unwrap_or_else(|e| panic!("{}: {text}", lines(&e)))
}

/// Values of unions may change their member from one encoding to the other, which tells their kinds apart: they are the same as
/// text, not as values.
fn canonical(tree: &Tree) -> String {
    text(tree)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 200 } else { 2000 }))]

    #[test]
    fn documents_come_back(seed: u64) {
        let (schema, trees) = world(seed, 2);
        for tree in trees {
            let (as_xml, as_json) = (to_xml(&tree), to_json(&tree));
            prop_assert_eq!(&of_xml(&schema, &as_xml), &tree);
            let from_json = of_json(&schema, &as_json);
            prop_assert_eq!(canonical(&from_json), canonical(&tree));
            prop_assert_eq!(to_json(&from_json), as_json);
            prop_assert_eq!(of_xml(&schema, &to_xml(&from_json)), tree);
        }
    }

    #[test]
    fn diffs_are_applied_and_turned_round(seed: u64) {
        let (schema, trees) = world(seed, 3);
        let (a, b, c) = (&trees[0], &trees[1], &trees[2]);
        let changes = diff(a, b);
        prop_assert_eq!(changes.is_empty(), a == b);
        prop_assert_eq!(&changes.apply(a, 1).expect("it is of this tree"), b);
        prop_assert_eq!(&changes.reverse().apply(b, 2).expect("it is of this tree"), a);
        prop_assert_eq!(&changes.reverse().reverse().apply(a, 3).expect("it is of this tree"), b);
        // As an edit.
        let text = xml::to_string(|sink| wrapped(sink, |sink| changes.encode_edit(sink))).expect("XML can say it");
        let edit = {
            use yang_data::event::{Event, Inside, Source as _};
            let mut source = xml::SliceSource::new(text.as_bytes(), Limits::default());
            assert!(matches!(source.next(), Ok(Event::Open { .. })));
            Edit::decode(&schema, &mut Inside::new(&mut source))
        };
        let edit = edit.unwrap_or_else(|e| panic!("{}: {text}", lines(&e)));
        let options = ApplyOptions { default_operation: DefaultOperation::None, commit: 1 };
        let edited = edit.apply(a, &options).unwrap_or_else(|e| panic!("{}: {text}", lines(&e)));
        prop_assert_eq!(&edited, b, "{}", text);
        // Nothing is merged with nothing, and one side alone.
        prop_assert_eq!(&merge3(a, a, c, 1).expect("one side changed"), c);
        prop_assert_eq!(&merge3(a, b, a, 1).expect("one side changed"), b);
        // Merging a tree into an empty one makes it.
        let options = ApplyOptions { default_operation: DefaultOperation::Merge, commit: 1 };
        prop_assert_eq!(&Edit::merging(b).apply(&Tree::new(Arc::clone(&schema)), &options).expect("nothing is in the way"), b);
        let options = ApplyOptions { default_operation: DefaultOperation::Replace, commit: 1 };
        prop_assert_eq!(&Edit::merging(b).apply(a, &options).expect("nothing is in the way"), b);
    }
}

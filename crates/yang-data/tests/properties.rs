//! What holds for all data of all models: documents come back, in either encoding and across; a diff makes the second tree of
//! the first, turned round the first of the second, and as an edit-config, too.

mod common;
mod model;
use common::*;
use model::{Model, Random, change};
use proptest::prelude::*;
use std::sync::Arc;
use yang_data::codec::{CodecError, Limits};
use yang_data::diff::diff;
use yang_data::edit::{ApplyOptions, DefaultOperation, Edit};
use yang_data::event::{Datum, FullName, OutAttribute, Shape, Sink};
use yang_data::merge::merge3;
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::view::{Cursor, EncodeOptions, ReadMask, View};
use yang_data::{json, xml};
use yang_schema::{NodeId, Schema};

/// A model, and trees of it; none if it is one that the compiler refuses.
fn world(seed: u64, trees: usize) -> Option<(Arc<Schema>, Vec<Tree>)> {
    let random = Random::new(seed);
    let model = Model::rich(&random);
    let compiler = yang_parser::Compiler::new().source("md", Model::METADATA).source("m", model.text());
    let schema = Arc::new(compiler.compile().schema?);
    let trees = (0..trees).map(|_| tree(&schema, &change::document(&random, &model))).collect();
    Some((schema, trees))
}

/// What is configuration of a tree: an edit holds no more.
fn configuration(tree: &Tree) -> Tree {
    let text =
        xml::to_string(|sink| wrapped(sink, |sink| tree.encode(sink, &EncodeOptions { config_only: true })));
    of_xml(tree.schema(), &text.expect("XML can say it"))
}

fn to_xml(tree: &Tree) -> String {
    xml::to_string(|sink| wrapped(sink, |sink| tree.encode(sink, &EncodeOptions::default())))
        .expect("XML can say it")
}

fn wrapped(
    sink: &mut dyn Sink,
    write: impl FnOnce(&mut dyn Sink) -> Result<(), CodecError>,
) -> Result<(), CodecError> {
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

/// Lets everything be read, but wants to be asked for each node.
struct AsksForEach;

impl ReadMask for AsksForEach {
    fn readable(&self, _: &Cursor<'_>) -> bool {
        true
    }
}

/// Leaves come in three steps.
struct PieceByPiece<'s>(&'s mut dyn Sink);

impl Sink for PieceByPiece<'_> {
    fn open(
        &mut self,
        name: FullName<'_>,
        shape: Shape,
        attributes: &[OutAttribute<'_>],
    ) -> Result<(), CodecError> {
        self.0.open(name, shape, attributes)
    }

    fn value(&mut self, value: Datum<'_>) -> Result<(), CodecError> {
        self.0.value(value)
    }

    fn close(&mut self) -> Result<(), CodecError> {
        self.0.close()
    }

    fn announce(&mut self, module: &str, namespace: &str) {
        self.0.announce(module, namespace);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 200 } else { 2000 }))]

    #[test]
    fn documents_come_back(seed: u64) {
        let Some((schema, trees)) = world(seed, 2) else { return Ok(()) };
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
    fn what_is_written_in_one_go_is_what_is_written_node_by_node(seed: u64) {
        let Some((schema, trees)) = world(seed, 1) else { return Ok(()) };
        for config_only in [false, true] {
            let options = EncodeOptions { config_only };
            let asked = View::of(&trees[0]).mask(Arc::new(AsksForEach));
            let as_xml = |view: &View| xml::to_string(|sink| wrapped(sink, |sink| view.encode(sink, &options)));
            let as_json = |view: &View| json::to_string(|sink| view.encode(sink, &options));
            let plain = View::of(&trees[0]);
            // Without cursors prefixes may be declared elsewhere.
            prop_assert_eq!(as_json(&plain), as_json(&asked));
            let text = as_xml(&plain).expect("XML can say it");
            let back = of_xml(&schema, &text);
            prop_assert_eq!(&back, &of_xml(&schema, &as_xml(&asked).expect("XML can say it")));
            let slowly = xml::to_string(|sink| {
                let mut sink = PieceByPiece(sink);
                wrapped(&mut sink, |sink| plain.encode(sink, &options))
            });
            prop_assert_eq!(text, slowly.expect("XML can say it"));
        }
    }

    #[test]
    fn diffs_are_applied_and_turned_round(seed: u64) {
        let Some((schema, trees)) = world(seed, 3) else { return Ok(()) };
        let (a, b, c) = (&trees[0], &trees[1], &trees[2]);
        let changes = diff(a, b);
        prop_assert_eq!(changes.is_empty(), a == b);
        prop_assert_eq!(&changes.apply(a, 1).expect("it is of this tree"), b);
        prop_assert_eq!(&changes.reverse().apply(b, 2).expect("it is of this tree"), a);
        prop_assert_eq!(&changes.reverse().reverse().apply(a, 3).expect("it is of this tree"), b);
        // As an edit.
        let (a, b, c) = (&configuration(a), &configuration(b), &configuration(c));
        let changes = diff(a, b);
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

    /// What an edit says of nodes whole is what it says of each of them, whatever there is already, and all that it makes is of its
    /// commit.
    #[test]
    fn an_edit_that_was_read_is_one_of_its_nodes(seed: u64) {
        use DefaultOperation::{Merge, Replace};
        let Some((schema, trees)) = world(seed, 2) else { return Ok(()) };
        let (a, b) = (&configuration(&trees[0]), &configuration(&trees[1]));
        let text = to_xml(b);
        let nothing = &Tree::new(Arc::clone(&schema));
        for (base, default_operation) in [(nothing, Merge), (a, Merge), (a, Replace), (b, Merge)] {
            let options = ApplyOptions { default_operation, commit: 7 };
            let expected = Edit::merging(b).apply(base, &options).expect("nothing is in the way");
            for commit in [0, 7] {
                let edit = {
                    use yang_data::event::{Event, Inside, Source as _};
                    let mut source = xml::SliceSource::new(text.as_bytes(), Limits::default());
                    assert!(matches!(source.next(), Ok(Event::Open { .. })));
                    Edit::decode_for(&schema, &mut Inside::new(&mut source), commit)
                };
                let edit = edit.unwrap_or_else(|e| panic!("{}: {text}", lines(&e)));
                let edited = edit.apply(base, &options).expect("nothing is in the way");
                prop_assert_eq!(&edited, &expected, "{}", text);
                prop_assert_eq!(commits(&edited), commits(&expected), "{}", text);
                prop_assert_eq!(edited.same(base), edited == *base);
            }
        }
    }
}

/// The commits of all containers and entries, by their paths.
fn commits(tree: &Tree) -> Vec<(String, u64)> {
    let view = View::of(tree);
    let mut found = Vec::new();
    let mut stack = vec![view.root()];
    while let Some(at) = stack.pop() {
        found.push((at.path(), at.commit()));
        stack.extend(at.children().filter(Cursor::is_set));
    }
    found
}

/// A property over nothing would hold, too.
#[test]
fn the_models_are_worth_it() {
    let (mut models, mut leaves, mut annotated) = (0, 0, 0);
    for (_, trees) in (0..100).filter_map(|seed| world(seed, 2)) {
        models += 1;
        for text in trees.iter().map(to_xml) {
            leaves += text.matches("</").count();
            annotated += text.matches("m:note=").count();
        }
    }
    assert!(models > 50 && leaves > 500 && annotated > 50, "{models} {leaves} {annotated}");
}

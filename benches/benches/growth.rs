//! How cost grows: what must follow the text follows the text, what must follow the change does not follow the data.
//! Each row of a group does the same work on more; compare the rows of one run with each other.

use std::fmt::Write as _;
use std::sync::Arc;
use yang_data::diff::diff;
use yang_data::edit::{ApplyOptions, DefaultOperation, Edit};
use yang_data::tree::{DecodeOptions, Tree};
use yang_parser::Compiler;
use yang_schema::{NodeId, Schema};

fn main() {
    divan::main();
}

fn module(body: &str) -> String {
    format!("module m {{ yang-version 1.1; namespace urn:m; prefix m; {body} }}")
}

fn compile(text: &str) -> Schema {
    Compiler::new().source("m.yang", text).compile().schema.expect("the module compiles")
}

/// Text to schema: groupings, typedefs, leafrefs and augments that all use each other. Linear in the argument.
#[divan::bench(args = [500, 1_000, 2_000, 4_000])]
fn compile_definitions(bencher: divan::Bencher<'_, '_>, count: usize) {
    let mut body = String::new();
    for i in 0..count {
        write!(
            body,
            "grouping g{i} {{ leaf a{i} {{ type t{i}; must \"../b{i}\"; }} leaf b{i} {{ type leafref {{ path ../a{i}; }} }} }}
             typedef t{i} {{ type uint8 {{ range 1..9; }} default 3; }}
             container c{i} {{ uses g{i} {{ refine a{i} {{ default 4; }} }} }}
             augment /m:c{i} {{ leaf c {{ type string; }} }}"
        )
        .expect("a string takes all");
    }
    let text = module(&body);
    bencher.counter(divan::counter::BytesCount::of_str(&text)).bench(|| compile(&text));
}

fn hosts(count: usize) -> (Arc<Schema>, Tree) {
    let schema =
        Arc::new(compile(&module("list host { key id; leaf id { type uint32; } leaf os { type string; } }")));
    let mut text = String::from("<data>");
    for i in 0..count {
        write!(text, "<host xmlns='urn:m'><id>{i}</id><os>x</os></host>").expect("a string takes all");
    }
    text.push_str("</data>");
    let tree = read(&text, |source| {
        Tree::decode(&schema, NodeId::ROOT, source, &DecodeOptions::default()).expect("the data fits")
    });
    (schema, tree)
}

/// Steps into the one element around the data.
fn read<T>(text: &str, inside: impl FnOnce(&mut dyn yang_data::event::Source) -> T) -> T {
    use yang_data::event::{Inside, Source as _};
    let mut source = yang_data::xml::SliceSource::new(text.as_bytes(), yang_data::codec::Limits::default());
    source.next().expect("an element opens");
    inside(&mut Inside::new(&mut source))
}

/// One leaf of one entry changed, and the difference found. What is shared is not looked at: the rows should be alike.
#[divan::bench(args = [1_000, 10_000, 100_000])]
fn edit_one_entry_and_diff(bencher: divan::Bencher<'_, '_>, count: usize) {
    let (schema, before) = hosts(count);
    let change = "<config><host xmlns='urn:m'><id>777</id><os>y</os></host></config>";
    let edit = read(change, |source| Edit::decode(&schema, source).expect("the edit fits"));
    let options = ApplyOptions { default_operation: DefaultOperation::Merge, commit: 1 };
    bencher.bench(|| {
        let after = edit.apply(&before, &options).expect("it applies");
        let found = diff(&before, &after);
        assert_eq!(found.changes().len(), 1);
        after
    });
}

/// The datastore cloned: one pointer, whatever is below it.
#[divan::bench(args = [1_000, 100_000])]
fn clone_tree(bencher: divan::Bencher<'_, '_>, count: usize) {
    let (_, tree) = hosts(count);
    bencher.bench(|| tree.clone());
}

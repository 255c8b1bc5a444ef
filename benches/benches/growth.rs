//! How cost grows: what must follow the text follows the text, what must follow the change does not follow the data.
//!
//! Each row of a table does the same work on more, all in one run: compare them with each other. `--quick` leaves out the
//! largest. Of several runs the one in the middle is shown.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};
use yang_data::diff::diff;
use yang_data::edit::{ApplyOptions, DefaultOperation, Edit};
use yang_data::event::{Inside, Source as _};
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::validate::{ValidateOptions, Validated, validate};
use yang_data::view::View;
use yang_parser::Compiler;
use yang_schema::{NodeId, Schema};

fn main() -> io::Result<()> {
    let quick = std::env::args().any(|a| a == "--quick");
    let mut out = io::stdout().lock();
    definitions(&mut out)?;
    full(&mut out)?;
    changes(&mut out, if quick { 100_000 } else { 1_000_000 })
}

fn module(body: &str) -> String {
    format!("module m {{ yang-version 1.1; namespace urn:m; prefix m; {body} }}")
}

fn compile(text: &str) -> Schema {
    Compiler::new().source("m.yang", text).compile().schema.expect("the module compiles")
}

fn median(runs: usize, mut work: impl FnMut() -> Duration) -> Duration {
    middle((0..runs).map(|_| work()).collect())
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let made = black_box(work());
    (made, start.elapsed())
}

/// Text to schema: groupings, typedefs, leafrefs and augments that all use each other. Linear in the number.
fn definitions(out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "text to schema\n{:>12} {:>14} {:>16}", "definitions", "time", "each")?;
    for count in [500, 1_000, 2_000, 4_000] {
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
        let time = median(5, || timed(|| compile(&text)).1);
        writeln!(out, "{count:>12} {time:>14.2?} {:>16.2?}", time / count)?;
    }
    Ok(())
}

/// A model, its data by the number of the entry, and a change of one entry that leaves it valid.
struct Case {
    name: &'static str,
    module: &'static str,
    entry: fn(usize, &mut String),
    change: fn(usize) -> String,
}

const CASES: [Case; 4] = [
    Case {
        name: "plain",
        module: "list c { key k; leaf k { type uint32; } leaf x { type string; } }",
        entry: |i, text| entry(i, format_args!("<x>v{i}</x>"), text),
        change: |i| changed(i, "<x>new</x>"),
    },
    Case {
        name: "leafref",
        module: "list c { key k; leaf k { type uint32; } leaf x { type string; } leaf y { type leafref { path ../../c/x; } } }",
        entry: |i, text| entry(i, format_args!("<x>v{i}</x><y>v{}</y>", i / 2), text),
        change: |i| changed(i, &format!("<y>v{}</y>", (i / 2) ^ 1)),
    },
    Case {
        name: "unique",
        module: "list c { key k; unique 'x y'; leaf k { type uint32; } leaf x { type string; } leaf y { type uint32; } }",
        entry: |i, text| entry(i, format_args!("<x>v{}</x><y>{}</y>", i / 4, i % 4), text),
        change: |i| changed(i, "<y>77</y>"),
    },
    Case {
        name: "count() must",
        module: "list c { key k; leaf k { type uint32; } leaf x { type string; must 'count(../../c[x = current()]) = 1'; } }",
        entry: |i, text| entry(i, format_args!("<x>v{i}</x>"), text),
        change: |i| changed(i, "<x>new</x>"),
    },
];

fn entry(i: usize, leaves: std::fmt::Arguments<'_>, text: &mut String) {
    write!(text, "<c xmlns='urn:m'><k>{i}</k>{leaves}</c>").expect("a string takes all");
}

fn changed(i: usize, leaves: &str) -> String {
    format!("<config><c xmlns='urn:m'><k>{i}</k>{leaves}</c></config>")
}

/// A document that is written while it is read.
struct Document {
    entry: fn(usize, &mut String),
    next: usize,
    count: usize,
    text: String,
    read: usize,
}

impl io::Read for Document {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.text.len() {
            self.text.clear();
            self.read = 0;
            while self.text.len() < 1 << 16 && self.next <= self.count {
                match self.next == self.count {
                    true => self.text.push_str("</data>"),
                    false => (self.entry)(self.next, &mut self.text),
                }
                self.next += 1;
            }
        }
        let taken = (&self.text.as_bytes()[self.read..]).read(buffer)?;
        self.read += taken;
        Ok(taken)
    }
}

fn load(case: &Case, count: usize) -> (Arc<Schema>, Tree) {
    let schema = Arc::new(compile(&module(case.module)));
    let document = Document { entry: case.entry, next: 0, count, text: "<data>".to_owned(), read: 0 };
    let limits = yang_data::codec::Limits { nodes: u64::MAX, ..Default::default() };
    let mut source = yang_data::xml::ReadSource::new(document, limits);
    source.next().expect("an element opens");
    let tree = Tree::decode(&schema, NodeId::ROOT, &mut Inside::new(&mut source), &DecodeOptions::default());
    (schema, tree.expect("the data fits"))
}

fn edit(schema: &Arc<Schema>, text: &str) -> Edit {
    let mut source = yang_data::xml::SliceSource::new(text.as_bytes(), yang_data::codec::Limits::default());
    source.next().expect("an element opens");
    Edit::decode(schema, &mut Inside::new(&mut source)).expect("the edit fits")
}

/// All of the data validated. Linear.
fn full(out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "\nfull validation\n{:>12} {}", "entries", names(14))?;
    for count in [1_000, 4_000, 16_000] {
        write!(out, "{count:>12}")?;
        for case in &CASES {
            let (_, tree) = load(case, count);
            let view = View::of(&tree);
            let time =
                median(3, || timed(|| assert!(validate(&view, &ValidateOptions::default()).is_empty())).1);
            write!(out, " {time:>14.2?}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn names(width: usize) -> String {
    CASES.iter().map(|c| format!("{:>width$}", c.name)).collect::<Vec<_>>().join(" ")
}

/// One entry changed: the edit applied, the difference found, the new version validated. Alike, but for the depth of trees.
fn changes(out: &mut dyn io::Write, most: usize) -> io::Result<()> {
    writeln!(out, "\none change: edit + diff + incremental validation (and validation alone); clone")?;
    writeln!(out, "{:>12} {} {:>10}", "entries", names(24), "clone")?;
    for count in [1_000, 10_000, 100_000, 1_000_000].into_iter().filter(|count| *count <= most) {
        write!(out, "{count:>12}")?;
        let mut clone = Duration::MAX;
        for case in &CASES {
            let (schema, tree) = load(case, count);
            let valid = Validated::new(&tree, true).expect("it is valid");
            let options = ApplyOptions { default_operation: DefaultOperation::Merge, commit: 1 };
            let (mut whole, mut alone) = (Vec::new(), Vec::new());
            for i in 0..200 {
                // Another entry each time, far from the last.
                let edit = edit(&schema, &(case.change)((i * 7919 + count / 2) % count));
                let start = Instant::now();
                let new = edit.apply(valid.tree(), &options).expect("it applies");
                let found = black_box(diff(valid.tree(), &new));
                let version = timed(|| valid.change(&new));
                whole.push(start.elapsed());
                alone.push(version.1);
                assert!(version.0.is_ok() && !found.is_empty());
            }
            clone = clone.min(median(100, || timed(|| tree.clone()).1));
            let shown = format!("{:.1?} ({:.1?})", middle(whole), middle(alone));
            write!(out, " {shown:>24}")?;
            out.flush()?;
        }
        writeln!(out, " {clone:>10.0?}")?;
    }
    Ok(())
}

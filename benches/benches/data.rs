//! Instance data, side by side with libyang: a configuration of 100,000 interfaces (30 MB) read, validated and written in XML and
//! JSON, each run in a process of its own; and what a tree costs.
//!
//! `YANG_CORPUS` names the corpus with the modules; without libyang ours is measured alone. `--quick` (after `--`) makes one
//! round on a tenth of the interfaces.

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use toolchain_benches::interfaces;
use toolchain_benches::job::{self, Run};
use toolchain_benches::peer::Libyang;
use toolchain_benches::table::{self, mebibytes, milliseconds};
use yang_data::codec::Limits;
use yang_data::event::Source;
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::validate::{ValidateOptions, validate};
use yang_data::view::{EncodeOptions, View};
use yang_data::{json, xml};
use yang_parser::Compiler;
use yang_schema::{NodeId, Schema};

/// The modules of the document, in the corpus.
const MODULES: [&str; 3] = ["ietf-interfaces", "ietf-ip", "iana-if-type"];
const SEARCH: [&str; 2] = ["ietf", "iana"];

fn main() {
    if let Some((name, arguments)) = job::asked_for() {
        return child(&name, &arguments);
    }
    let quick = std::env::args().any(|a| a == "--quick");
    let (count, rounds) = if quick { (10_000, 1) } else { (100_000, 3) };
    let Some(corpus) = std::env::var_os("YANG_CORPUS").map(PathBuf::from) else {
        return table::say("YANG_CORPUS does not name the corpus: no real modules");
    };
    let scratch = tempfile::tempdir().expect("there is room for temporary files");
    documents(&corpus, scratch.path(), count, rounds);
    references();
}

/// Both documents, ours and libyang's turn about.
fn documents(corpus: &Path, scratch: &Path, count: usize, rounds: usize) {
    let yang = corpus.join("yang");
    let mut compiler = Compiler::new();
    for directory in SEARCH {
        compiler = compiler.search_path(yang.join(directory));
    }
    for module in MODULES {
        compiler = compiler.module(module);
    }
    let schema = compiler.compile().schema.expect("real modules are accepted");
    let blob = scratch.join("interfaces.schema");
    write(&blob, &schema.to_bytes());
    let peer =
        Libyang::build(corpus, scratch).map_err(|why| table::say(&format!("without libyang: {why}"))).ok();
    let list: Vec<String> = MODULES.iter().filter_map(|name| file_of(&yang, name)).collect();
    let list_file = scratch.join("interfaces.list");
    write(&list_file, list.join("\n").as_bytes());

    let mut rows = Vec::new();
    let mut costs = Vec::new();
    for (format, text) in [("xml", interfaces::xml(count)), ("json", interfaces::json(count))] {
        let document = scratch.join(format!("interfaces.{format}"));
        write(&document, text.as_bytes());
        drop(text);
        let arguments = [blob.display().to_string(), document.display().to_string()];
        let mut ours = || job::run("document", &arguments);
        let runs = match &peer {
            Some(peer) => {
                job::best_of(rounds, &mut [&mut ours, &mut || peer.data(&document, &list_file, &SEARCH)])
            }
            None => job::best_of(rounds, &mut [&mut ours]),
        };
        let [ours, theirs @ ..] = runs.as_slice() else { continue };
        rows.push(row(&format!("{format}: parse and validate"), ours, theirs, |r| r.seconds));
        for step in ["parse", "validate", "print"] {
            let fact = format!("{step}_us");
            rows.push(row(&format!("{format}: {step}"), ours, theirs, |r| {
                r.facts.get(&fact).map_or(f64::NAN, |&us| us as f64 / 1e6)
            }));
        }
        let peak = |run: &Run| run.peak_kib.map_or(f64::NAN, |kib| kib as f64);
        rows.push(vec![
            format!("{format}: peak memory"),
            mebibytes(ours.peak_kib),
            theirs.first().map(|t| mebibytes(t.peak_kib)).unwrap_or_default(),
            theirs.first().map(|t| format!("{:.2}", peak(ours) / peak(t))).unwrap_or_default(),
        ]);
        costs.push(vec![
            format!("from {format}"),
            format!("{} bytes", ours.facts.get("tree_bytes").map_or(0, |bytes| bytes / count as u64)),
            format!("{} ns", ours.facts.get("clone_ns").copied().unwrap_or_default()),
        ]);
    }
    table::print(&[&format!("{count} interfaces"), "ours", "libyang", "ratio"], &rows);
    table::print(&["a tree", "memory an entry", "clone"], &costs);
}

fn row(what: &str, ours: &Run, theirs: &[Run], seconds: impl Fn(&Run) -> f64) -> Vec<String> {
    let mut row = vec![what.to_owned(), milliseconds(seconds(ours))];
    if let Some(theirs) = theirs.first() {
        row.extend([milliseconds(seconds(theirs)), format!("{:.2}", seconds(ours) / seconds(theirs))]);
    }
    row
}

/// A constraint that compares each entry with all others.
fn references() {
    const COUNT: usize = 4_000;
    let run = job::run("references", &[COUNT.to_string()]);
    let row = vec![format!("count() over {COUNT} entries"), milliseconds(run.seconds)];
    table::print(&["full validation", "ours"], &[row]);
}

fn child(name: &str, arguments: &[String]) {
    match (name, arguments) {
        ("document", [blob, document]) => document_job(Path::new(blob), Path::new(document)),
        ("references", [count]) => references_job(count.parse().expect("the bench passes a number")),
        _ => panic!("there is no job {name} with {} arguments", arguments.len()),
    }
}

fn document_job(blob: &Path, document: &Path) {
    let bytes = std::fs::read(blob).expect("the bench wrote it");
    let schema = Arc::new(Schema::from_bytes(&bytes).expect("it is a schema of ours"));
    drop(bytes);
    let json = document.extension().is_some_and(|e| e == "json");
    let before = resident_kib();
    let work = || {
        let start = Instant::now();
        let file = File::open(document).expect("the bench wrote it");
        let mut source: Box<dyn Source> = match json {
            true => Box::new(json::ReadSource::new(file, Limits::default())),
            false => Box::new(xml::ReadSource::new(file, Limits::default())),
        };
        let tree = Tree::decode(&schema, NodeId::ROOT, source.as_mut(), &DecodeOptions::default());
        let tree = tree.expect("the document is valid");
        let parse_us = start.elapsed().as_micros() as u64;
        let start = Instant::now();
        let options = ValidateOptions { config_only: true, ..ValidateOptions::default() };
        let errors = validate(&View::of(&tree), &options);
        assert!(errors.is_empty(), "{errors:?}");
        let validate_us = start.elapsed().as_micros() as u64;
        (tree, parse_us, validate_us)
    };
    job::report(work, |(tree, parse_us, validate_us)| {
        let tree_bytes = (resident_kib() - before) * 1024;
        let start = Instant::now();
        let encode = EncodeOptions::default();
        let written = match json {
            true => json::to_string(|sink| tree.encode(sink, &encode)),
            false => xml::to_string(|sink| tree.encode(sink, &encode)),
        };
        let print_us = start.elapsed().as_micros() as u64;
        const CLONES: u32 = 1_000;
        let start = Instant::now();
        let clones: Vec<Tree> = (0..CLONES).map(|_| tree.clone()).collect();
        let clone_ns = start.elapsed().as_nanos() as u64 / u64::from(CLONES);
        drop(clones);
        vec![
            ("parse_us", *parse_us),
            ("validate_us", *validate_us),
            ("print_us", print_us),
            ("printed", written.expect("what was read can be written").len() as u64),
            ("tree_bytes", tree_bytes),
            ("clone_ns", clone_ns),
        ]
    });
}

fn references_job(count: usize) {
    let module = "module m { yang-version 1.1; namespace urn:m; prefix m;
        container top { list a { key k; leaf k { type uint32; }
          list b { key x; leaf x { type uint32; must \"count(../../b[x = current()]) = 1\"; } } } } }";
    let compilation = Compiler::new().source("m.yang", module).compile();
    let schema = Arc::new(compilation.schema.expect("the module compiles"));
    let mut text = String::from("<top xmlns='urn:m'><a><k>1</k>");
    for i in 0..count {
        write!(text, "<b><x>{i}</x></b>").expect("a string takes all");
    }
    text.push_str("</a></top>");
    let mut source = xml::SliceSource::new(text.as_bytes(), Limits::default());
    let tree = Tree::decode(&schema, NodeId::ROOT, &mut source, &DecodeOptions::default());
    let tree = tree.expect("the document is valid");
    job::report(
        || {
            let errors = validate(&View::of(&tree), &ValidateOptions::default());
            assert!(errors.is_empty(), "{errors:?}");
        },
        |()| Vec::new(),
    );
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("there is room for temporary files");
}

/// A module's file below the corpus's `yang`, as libyang is given it.
fn file_of(yang: &Path, module: &str) -> Option<String> {
    SEARCH.iter().find_map(|directory| {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(yang.join(directory)).ok()?.flatten().map(|e| e.path()).collect();
        files.sort();
        let is = |p: &PathBuf| {
            let name = p.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            name.strip_prefix(module)
                .is_some_and(|rest| rest.starts_with(['@', '.']) && rest.ends_with(".yang"))
        };
        files.iter().rfind(|p| is(p)).map(|p| p.display().to_string())
    })
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or("0");
    line.trim().trim_end_matches("kB").trim().parse().unwrap_or(0)
}

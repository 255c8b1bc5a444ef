//! The compiler, side by side with libyang: from text to checked schema on one thread, each run in a process of its own. Times
//! are those on a processor, so that they mean something on a busy machine too.
//!
//! `YANG_CORPUS` names the corpus of real modules; without it, or without libyang, ours is measured alone. `--quick` (after
//! `--`) makes one round on smaller sets.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use toolchain_benches::job::{self, Run};
use toolchain_benches::peer::Libyang;
use toolchain_benches::table::{self, mebibytes, milliseconds};
use toolchain_tests::vendor::{self, Shape};
use yang_parser::{Compilation, Compiler};
use yang_schema::Schema;

/// A list of modules of the corpus, and the directories to search for what these import.
const LISTS: [(&str, &str, &[&str]); 2] = [
    ("OpenConfig", "openconfig.list", &["openconfig/models", "ietf", "iana"]),
    ("ietf", "ietf.list", &["ietf", "iana", "ieee"]),
];

fn main() {
    if let Some((name, arguments)) = job::asked_for() {
        return child(&name, &arguments);
    }
    let quick = std::env::args().any(|a| a == "--quick");
    let rounds = if quick { 2 } else { 7 };
    let scratch = tempfile::tempdir().expect("there is room for temporary files");
    match std::env::var_os("YANG_CORPUS").map(PathBuf::from) {
        Some(corpus) => {
            beside_libyang(&corpus, scratch.path(), rounds);
            blob(&corpus, scratch.path(), rounds);
        }
        None => table::say("YANG_CORPUS does not name the corpus: no real modules"),
    }
    vendor_sets(scratch.path(), quick);
}

fn beside_libyang(corpus: &Path, scratch: &Path, rounds: usize) {
    let peer =
        Libyang::build(corpus, scratch).map_err(|why| table::say(&format!("without libyang: {why}"))).ok();
    let mut rows = Vec::new();
    for (name, list, search) in LISTS {
        let list = corpus.join("peers").join(list);
        let search: Vec<String> = search.iter().map(|&d| d.to_owned()).collect();
        let mut arguments = vec![corpus.display().to_string(), list.display().to_string(), "1".to_owned()];
        arguments.extend_from_slice(&search);
        let mut ours = || job::run("list", &arguments);
        let runs = match &peer {
            Some(peer) => job::best_of(rounds, &mut [&mut ours, &mut || peer.schema(&list, &search)]),
            None => job::best_of(rounds, &mut [&mut ours]),
        };
        rows.push(row(name, &runs));
    }
    table::print(&["from text, one thread", "ours", "libyang", "ratio", "peak", "libyang", "ratio"], &rows);
}

fn row(name: &str, runs: &[Run]) -> Vec<String> {
    let ours = &runs[0];
    let (seconds, ratio, peak, peaks) = match runs.get(1) {
        Some(peer) => (
            milliseconds(peer.seconds),
            format!("{:.2}", ours.seconds / peer.seconds),
            mebibytes(peer.peak_kib),
            match (ours.peak_kib, peer.peak_kib) {
                (Some(a), Some(b)) => format!("{:.2}", a as f64 / b as f64),
                _ => "?".to_owned(),
            },
        ),
        None => Default::default(),
    };
    vec![name.to_owned(), milliseconds(ours.seconds), seconds, ratio, mebibytes(ours.peak_kib), peak, peaks]
}

/// The OpenConfig schema from its bytes: how a device starts.
fn blob(corpus: &Path, scratch: &Path, rounds: usize) {
    let (_, list, search) = LISTS[0];
    let compilation = compile_list(corpus, &corpus.join("peers").join(list), search, NonZeroUsize::MIN);
    let Some(schema) = compilation.schema else { return };
    let path = scratch.join("openconfig.schema");
    let bytes = schema.to_bytes();
    std::fs::write(&path, &bytes).expect("there is room for temporary files");
    let arguments = [path.display().to_string()];
    let runs = job::best_of(rounds, &mut [&mut || job::run("blob", &arguments)]);
    let size = mebibytes(Some(bytes.len() as u64 / 1024));
    let row = vec!["OpenConfig".to_owned(), size, milliseconds(runs[0].seconds), mebibytes(runs[0].peak_kib)];
    table::print(&["from the blob", "size", "load", "peak"], &[row]);
}

/// Sets as vendors ship them, doubled and doubled again: the time per megabyte stays the same.
fn vendor_sets(scratch: &Path, quick: bool) {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let parts: &[usize] = if quick { &[32, 16] } else { &[16, 8, 4, 2, 1] };
    let mut rows = Vec::new();
    for &part in parts {
        let directory = scratch.join(format!("vendor-{part}"));
        let bytes =
            vendor::write(Shape::FULL.part(part), &directory).expect("there is room for temporary files");
        let job =
            |threads: usize| job::run("directory", &[directory.display().to_string(), threads.to_string()]);
        let runs = job::best_of(if quick { 1 } else { 3 }, &mut [&mut || job(1), &mut || job(cores)]);
        let (one, all) = (&runs[0], &runs[1]);
        let megabytes = bytes as f64 / f64::from(1 << 20);
        rows.push(vec![
            format!("1/{part}"),
            format!("{megabytes:.1} MB"),
            one.facts["modules"].to_string(),
            one.facts["nodes"].to_string(),
            milliseconds(one.seconds),
            format!("{:.1} ms", one.seconds * 1000.0 / megabytes),
            mebibytes(one.peak_kib),
            format!("{:.1}", one.peak_kib.unwrap_or(0) as f64 / 1024.0 / megabytes),
            milliseconds(all.wall),
        ]);
    }
    let wall = format!("wall, {cores} threads");
    let headings =
        ["vendor set", "text", "modules", "nodes", "one thread", "per MB", "peak", "per MB", &wall];
    table::print(&headings, &rows);
}

fn child(name: &str, arguments: &[String]) {
    match (name, arguments) {
        ("list", [corpus, list, threads, search @ ..]) => {
            let search: Vec<&str> = search.iter().map(String::as_str).collect();
            let threads = threads.parse().expect("the bench passes a number");
            job::report(|| compile_list(Path::new(corpus), Path::new(list), &search, threads), facts);
        }
        ("directory", [path, threads]) => {
            let threads = threads.parse().expect("the bench passes a number");
            job::report(|| Compiler::new().directory(path).threads(threads).compile(), facts);
        }
        ("blob", [path]) => {
            let bytes = std::fs::read(path).expect("the bench wrote it");
            job::report(
                || Schema::from_bytes(&bytes).expect("it is a schema of ours"),
                |schema| vec![("nodes", schema.node_count() as u64)],
            );
        }
        _ => panic!("there is no job {name} with {} arguments", arguments.len()),
    }
}

fn facts(compilation: &Compilation) -> Vec<(&'static str, u64)> {
    let schema = compilation.schema.as_ref().expect("real modules are accepted");
    vec![("modules", schema.modules().len() as u64), ("nodes", schema.node_count() as u64)]
}

fn compile_list(corpus: &Path, list: &Path, search: &[&str], threads: NonZeroUsize) -> Compilation {
    let yang = corpus.join("yang");
    let names = std::fs::read_to_string(list).expect("the list can be read");
    let mut compiler = Compiler::new().threads(threads);
    for directory in search {
        compiler = compiler.search_path(yang.join(directory));
    }
    for file in names.lines().filter(|l| !l.is_empty()) {
        compiler = compiler.file(yang.join(file));
    }
    compiler.compile()
}

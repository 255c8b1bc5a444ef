//! `cargo yang tree` against pyang's tree plugin over the corpus: the same nodes, flags, options, types, keys and features.
//!
//! `PYANG` names the program. What differs must be one of [`DIFFERENCES`], each of which says why ours is as it is; one that
//! never occurs is reported too. Both diagrams are read into trees, since the order in which modules augment a node is nobody's
//! rule; among nodes of one module the order counts.

#![allow(clippy::print_stderr, reason = "counts and reasons are for who reads the log")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use toolchain_tests::corpus::{corpus, interop};
use toolchain_tests::diagram::{Diagram, Node};
use yang_parser::Compiler;
use yang_parser::print::{TreeOptions, tree};

/// Why a node is drawn differently; the test holds for what is left when each has had its say.
struct Difference {
    reason: &'static str,
    /// Makes the node of pyang's diagram what it should be, if this is the case; what is above ours helps to tell.
    apply: fn(pyang: &mut Node, ours: &Node, above: &[&Node]) -> bool,
}

const DIFFERENCES: &[Difference] = &[
    Difference {
        reason: "what stands in a deprecated or obsolete node, or comes by a deprecated or obsolete `uses`, is so too; pyang shows a node's own status alone",
        apply: |pyang, ours, _| {
            let worse = "+xo".find(ours.status) > "+xo".find(pyang.status);
            // That ours is right is the compiler's test; here it must not be better than what is above.
            worse && std::mem::replace(&mut pyang.status, ours.status) != ours.status
        },
    },
    Difference {
        reason: "parameters of notifications are `ro` (RFC 8340, 2.6), also of notifications in data; pyang leaves them without flags, or makes them `rw`",
        apply: |pyang, ours, above| {
            let inside = above.iter().any(|n| n.flags == "-n");
            inside
                && ours.flags == "ro"
                && std::mem::replace(&mut pyang.flags, ours.flags.clone()) != ours.flags
        },
    },
    Difference {
        reason: "nodes with a mount point are `mp` (RFC 8340, 2.6; RFC 8528, 2); pyang does not know it",
        apply: |pyang, ours, _| {
            ours.flags == "mp" && std::mem::replace(&mut pyang.flags, "mp".into()) != "mp"
        },
    },
    Difference {
        reason: "`config` means nothing in structures (RFC 8791, 2), whose nodes have no flags",
        apply: |pyang, ours, above| {
            let inside = above
                .first()
                .is_some_and(|n| n.name.starts_with("structure ") || n.name.starts_with("yang-data "));
            inside && ours.flags.is_empty() && !std::mem::take(&mut pyang.flags).is_empty()
        },
    },
    Difference {
        reason: "keys are not optional, in groupings and structures neither; pyang knows keys in data alone",
        apply: |pyang, ours, above| {
            let is_key = above.last().is_some_and(|list| {
                list.keys.as_deref().is_some_and(|keys| keys.split(' ').any(|k| ours.name.ends_with(k)))
            });
            is_key && ours.options.is_empty() && std::mem::take(&mut pyang.options) == "?"
        },
    },
    Difference {
        reason: "a module has one prefix in a diagram, its own (RFC 8340, 2.6), also in the targets of leafrefs; pyang writes there what each import calls it, takes a `/` in a predicate for the end of a step, and leaves the blanks there are",
        apply: |pyang, ours, _| {
            let plain = |text: &str| -> Option<String> {
                let target = text.strip_prefix("-> ")?.replace(' ', "");
                Some(
                    target
                        .split_inclusive(['/', '[', ']', '='])
                        .map(|s| s.rsplit_once(':').map_or(s, |(_, n)| n))
                        .collect(),
                )
            };
            let same = plain(&ours.type_name).is_some() && plain(&ours.type_name) == plain(&pyang.type_name);
            same && std::mem::replace(&mut pyang.type_name, ours.type_name.clone()) != ours.type_name
        },
    },
];

/// Where nodes of one module stand in another order. Ours is that of the augments in the module's text.
const ORDER: &[&str] =
    &["/access-points/access-point/oc-ap-if:interfaces/oc-ap-if:interface/oc-ap-if:ethernet"];

/// Modules by file; pyang shows a module's submodules with it.
fn modules(directory: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(directory).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            modules(&path, found);
        } else if path.extension().is_some_and(|e| e == "yang") {
            let text = std::fs::read_to_string(&path).unwrap();
            if text.lines().any(|l| l.trim_start().starts_with("module ")) {
                found.push(path);
            }
        }
    }
}

fn pyang(files: &[PathBuf], search: &[PathBuf], options: &[&str]) -> Command {
    let program = std::env::var_os("PYANG").expect("PYANG names pyang");
    let mut command = Command::new(program);
    let path = std::env::join_paths(search).unwrap();
    command.args(["-f", "tree", "-p"]).arg(path).args(options).args(files).stdin(Stdio::null());
    command
}

fn ours(files: &[PathBuf], search: &[PathBuf], change: impl FnOnce(&mut TreeOptions)) -> String {
    let mut compiler = Compiler::new().groupings(true);
    for directory in search {
        compiler = compiler.search_path(directory);
    }
    for file in files {
        compiler = compiler.file(file);
    }
    let compilation = compiler.compile();
    let mut options = TreeOptions::default();
    options.modules.clone_from(&compilation.requested);
    options.groupings = true;
    change(&mut options);
    tree(&compilation.schema.expect("the corpus is valid"), &options)
}

const SECTIONS: [&str; 3] = ["--tree-print-groupings", "--tree-print-yang-data", "--tree-print-structures"];

#[derive(Default)]
struct Comparison {
    nodes: usize,
    counts: BTreeMap<usize, usize>,
    unjustified: Vec<String>,
}

impl Comparison {
    fn nodes(&mut self, pyang: &[Node], ours: &[Node], above: &mut Vec<&Node>) {
        let place = || above.iter().map(|n| n.name.as_str()).collect::<Vec<_>>().join("/");
        let mut says = |what: String| self.unjustified.push(what);
        // The order of one module's nodes.
        let by_module = |nodes: &[Node]| {
            let mut by: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for n in nodes {
                // pyang draws first what the text does not have, and an augment does.
                if n.name == "input" || n.name == "output" {
                    by.entry(n.name.clone()).or_default();
                    continue;
                }
                let module = n.name.split_once(':').map_or("", |(prefix, _)| prefix);
                by.entry(module.to_owned()).or_default().push(n.name.clone());
            }
            by
        };
        let (theirs, mine) = (by_module(pyang), by_module(ours));
        let sorted = |by: &BTreeMap<String, Vec<String>>| {
            let mut all: Vec<String> = by.values().flatten().cloned().collect();
            all.sort_unstable();
            all
        };
        let elsewhere = ORDER.contains(&place().as_str()) && sorted(&theirs) == sorted(&mine);
        if theirs != mine && !elsewhere {
            says(format!("{}: pyang has {theirs:?}, we {mine:?}", place()));
            return;
        }
        for mine in ours {
            let Some(theirs) = pyang.iter().find(|n| n.name == mine.name) else { continue };
            self.nodes += 1;
            let mut adapted = theirs.alone();
            for (i, difference) in DIFFERENCES.iter().enumerate() {
                if (difference.apply)(&mut adapted, mine, above) {
                    *self.counts.entry(i).or_default() += 1;
                }
            }
            if adapted != mine.alone() {
                self.unjustified.push(format!(
                    "{}/{}: pyang has {:?}, we {:?}",
                    above.iter().map(|n| n.name.as_str()).collect::<Vec<_>>().join("/"),
                    mine.name,
                    theirs.alone(),
                    mine.alone()
                ));
            }
        }
        for mine in ours {
            let Some(theirs) = pyang.iter().find(|n| n.name == mine.name) else { continue };
            let mut deeper: Vec<&Node> = above.clone();
            deeper.push(mine);
            self.nodes(&theirs.children, &mine.children, &mut deeper);
        }
    }
}

#[test]
fn the_whole_corpus_is_drawn_alike() {
    let Some(corpus) = corpus().filter(|_| interop()) else { return };
    let yang = corpus.join("yang");
    let sets = ["ietf", "openconfig/models", "iana"];
    let mut comparison = Comparison::default();
    let mut modules_compared = 0;
    // pyang runs on one core: all sets at once.
    let jobs: Vec<_> = sets
        .iter()
        .map(|set| {
            let mut files = Vec::new();
            modules(&yang.join(set), &mut files);
            if *set == "iana" {
                modules(&yang.join("ieee"), &mut files);
            }
            let search = ["ietf", "iana", "ieee", "openconfig"].map(|d| yang.join(d)).to_vec();
            let child =
                pyang(&files, &search, &SECTIONS).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
            let child = child.expect("pyang starts");
            (set, files, search, std::thread::spawn(move || child.wait_with_output().unwrap()))
        })
        .collect();
    for (set, files, search, output) in jobs {
        let ours = ours(&files, &search, |_| {});
        let theirs = output.join().unwrap();
        let (ours, theirs) = (
            Diagram::read(&ours),
            Diagram::read(std::str::from_utf8(&theirs.stdout).expect("pyang writes UTF-8")),
        );
        assert!(!ours.modules.is_empty(), "{set} has modules with nodes");
        // What augments a structure that is drawn is drawn in it; pyang draws it by itself.
        let by_itself = |s: &Node| s.name.starts_with("augment-structure ");
        let names = |d: &Diagram| {
            let drawn = d.modules.iter().filter(|(_, sections)| !sections.iter().all(by_itself));
            drawn.map(|(name, _)| name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&ours), names(&theirs), "{set}");
        modules_compared += ours.modules.len();
        for (name, mine) in &ours.modules {
            let Some(theirs) = theirs.modules.get(name) else { continue };
            let headings = |sections: &[Node]| {
                sections.iter().filter(|s| !by_itself(s)).map(|s| s.name.clone()).collect::<Vec<_>>()
            };
            if headings(mine) != headings(theirs) {
                comparison.unjustified.push(format!(
                    "{name}: pyang has {:?}, we {:?}",
                    headings(theirs),
                    headings(mine)
                ));
                continue;
            }
            let kept = theirs.iter().filter(|s| !by_itself(s));
            for (theirs, mine) in kept.zip(mine.iter().filter(|s| !by_itself(s))) {
                let mut above = vec![mine];
                comparison.nodes(&theirs.children, &mine.children, &mut above);
            }
        }
    }
    eprintln!("{modules_compared} modules, {} nodes drawn as pyang draws them, but:", comparison.nodes);
    for (i, count) in &comparison.counts {
        eprintln!("{count:6} {}", DIFFERENCES[*i].reason);
    }
    let shown: Vec<_> = comparison.unjustified.iter().take(40).collect();
    assert!(shown.is_empty(), "{} differences, as\n{shown:#?}", comparison.unjustified.len());
    assert_eq!(comparison.counts.len(), DIFFERENCES.len(), "each difference occurs");
    assert!(comparison.nodes > 40_000, "{}", comparison.nodes);
}

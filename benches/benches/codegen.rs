//! What generated code costs: the time to generate the Rust of 18 OpenConfig modules, its size, and what `cargo check` and
//! a release build of it take, as one crate. Beside them stand the limits, what ygot takes for the same set, and how many times as
//! much that is.
//!
//! `YANG_CORPUS` names the corpus of real modules. `--quick` (after `--`) leaves out the release build.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use toolchain_benches::job;
use toolchain_benches::table::{self, mebibytes};
use yang_codegen::{Config, Outcome};

fn main() {
    if let Some((_, arguments)) = job::asked_for() {
        let [corpus] = &arguments[..] else { panic!("a job takes the corpus") };
        return job::report(|| generate(Path::new(corpus)), facts);
    }
    let Some(corpus) = std::env::var_os("YANG_CORPUS").map(PathBuf::from) else {
        return table::say("YANG_CORPUS does not name the corpus: there is nothing to measure");
    };
    let quick = std::env::args().any(|a| a == "--quick");
    let arguments = [corpus.display().to_string()];
    let rounds = if quick { 1 } else { 5 };
    let run = &job::best_of(rounds, &mut [&mut || job::run("generate", &arguments)])[0];
    let (nodes, structs, shared) = (run.facts["nodes"], run.facts["structs"], run.facts["shared"]);
    table::say(&format!(
        "18 OpenConfig modules: {nodes} nodes, {structs} structs, {shared} more are another's\n"
    ));
    let mut rows = vec![
        row("generate", &seconds(run.wall), "1 s", "4.9 s", Some(4.9 / run.wall)),
        row("Rust", &megabytes(run.facts["rust"]), "5 MB", "", None),
    ];
    let scratch = Scratch::new(&corpus);
    let mut build = |what: &str, arguments: &[&str], limit: &str| {
        // Dependencies first: they are compiled once, whatever the model.
        scratch.cargo(&[arguments, &["--package", "netconf-runtime"]].concat());
        let (cpu, peak) = scratch.cargo(arguments);
        // Of the 92 to 108 seconds that were measured the least.
        rows.push(row(what, &format!("{} cpu", seconds(cpu)), limit, "92 s cpu", Some(92.0 / cpu)));
        let times = peak.map(|kibibytes| 3.7 * 1024.0 * 1024.0 / kibibytes as f64);
        rows.push(row("  its memory", &mebibytes(peak), "1 GiB", "3.7 GiB", times));
    };
    build("cargo check", &["check"], "20 s cpu");
    if !quick {
        build("cargo build --release", &["build", "--release"], "60 s cpu");
    }
    table::print(&["18 OpenConfig modules", "ours", "limit", "ygot", "ratio"], &rows);
}

fn row(what: &str, ours: &str, limit: &str, ygot: &str, times: Option<f64>) -> Vec<String> {
    let times = times.map_or_else(String::new, |times| format!("{times:.1} x"));
    [what, ours, limit, ygot, &times].map(str::to_owned).to_vec()
}

fn seconds(seconds: f64) -> String {
    format!("{seconds:.1} s")
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

fn generate(corpus: &Path) -> Outcome {
    let list = std::fs::read_to_string(corpus.join("conformance/openconfig-18.list")).expect("the list");
    let mut config = Config::new().search_path(corpus.join("yang"));
    for module in list.split_whitespace() {
        config = config.module(module);
    }
    // The types and paths, as other generators make them; rpcs there are none.
    config.client(false).server(false).generate()
}

fn facts(outcome: &Outcome) -> Vec<(&'static str, u64)> {
    let report = outcome.report.as_ref().expect("OpenConfig is generated");
    let number = |n: usize| n as u64;
    vec![
        ("nodes", number(report.total().mapped)),
        ("structs", number(report.structs)),
        ("shared", number(report.shared)),
        ("rust", number(report.rust)),
    ]
}

/// A crate of the generated code alone, outside of the workspace, with the workspace's profiles.
struct Scratch {
    directory: tempfile::TempDir,
    target: PathBuf,
}

const NAME: &str = "openconfig-18-measured";

impl Scratch {
    fn new(corpus: &Path) -> Self {
        let directory = tempfile::tempdir().expect("there is room for temporary files");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let workspace = std::fs::read_to_string(root.join("Cargo.toml")).expect("the workspace");
        let profiles = workspace.find("[profile.dev]").map_or("", |at| &workspace[at..]);
        // Release builds as those of an SDK.
        let sdk = std::fs::read_to_string(root.join("crates/cargo-yang/templates/sdk/Cargo.toml.j2"));
        let sdk = sdk.expect("the template of an SDK");
        let release = sdk.find("[profile.release.package]").map_or("", |at| &sdk[at..]);
        let runtime = root.join("crates/netconf-runtime");
        let manifest = format!(
            "[package]\nname = \"{NAME}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
             netconf-runtime = {{ path = {:?} }}\n\n{profiles}\n{release}",
            runtime.display()
        );
        let write = |path: &str, text: &[u8]| {
            let path = directory.path().join(path);
            std::fs::create_dir_all(path.parent().expect("it is below")).expect("there is room");
            std::fs::write(path, text).expect("there is room for temporary files");
        };
        write("Cargo.toml", manifest.as_bytes());
        std::fs::copy(root.join("Cargo.lock"), directory.path().join("Cargo.lock"))
            .expect("the workspace's versions");
        write("src/lib.rs", b"include!(\"yang.gen.rs\");\n");
        for file in generate(corpus).result.expect("OpenConfig is generated") {
            write(&format!("src/{}", file.path), &file.content);
        }
        // Beside the workspace's own artifacts, whose dependencies serve here as well.
        let target = std::env::current_exe().expect("a bench knows its own program");
        let target = target.ancestors().nth(3).expect("it stands in target/release/deps").to_path_buf();
        Self { directory, target }
    }

    /// Seconds of all processors, and the most memory of the compiler.
    fn cargo(&self, arguments: &[&str]) -> (f64, Option<u64>) {
        let before = children_seconds();
        let done = AtomicBool::new(false);
        let (status, peak) = std::thread::scope(|scope| {
            let watch = scope.spawn(|| {
                let mut peak = None;
                while !done.load(Ordering::Relaxed) {
                    peak = peak.max(compiler_peak());
                    std::thread::sleep(Duration::from_millis(20));
                }
                peak
            });
            let status = Command::new(env!("CARGO"))
                .args(arguments)
                .args(["--offline", "--quiet"])
                .current_dir(self.directory.path())
                .env("CARGO_TARGET_DIR", &self.target)
                .env("CARGO_INCREMENTAL", "0")
                .stdout(Stdio::null())
                .status();
            done.store(true, Ordering::Relaxed);
            (status.expect("cargo is there"), watch.join().expect("it only reads"))
        });
        assert!(status.success(), "cargo {arguments:?} fails on what was generated");
        (children_seconds() - before, peak)
    }
}

/// Processor time of the processes that this one waited for, theirs included.
fn children_seconds() -> f64 {
    // Ticks are a hundredth of a second wherever Linux runs; elsewhere nothing is told.
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields: Vec<f64> = fields.split_whitespace().filter_map(|f| f.parse().ok()).collect();
    // Without the state, which is no number: cutime and cstime of proc(5).
    fields.get(12).zip(fields.get(13)).map_or(f64::NAN, |(user, system)| (user + system) / 100.0)
}

/// The most memory so far of the process that compiles the crate.
fn compiler_peak() -> Option<u64> {
    let name = NAME.replace('-', "_");
    let mut peak = None;
    for process in std::fs::read_dir("/proc").ok()?.flatten() {
        let Ok(command) = std::fs::read(process.path().join("cmdline")) else { continue };
        if !command.split(|&b| b == 0).any(|word| word == name.as_bytes()) {
            continue;
        }
        let Ok(status) = std::fs::read_to_string(process.path().join("status")) else { continue };
        let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        peak = peak.max(line.and_then(|l| l.trim().trim_end_matches("kB").trim().parse().ok()));
    }
    peak
}

//! `cargo yang`: the YANG toolchain on the command line, also as `cargo-yang`.
//!
//! Each verb is a file and, at heart, one call into a library below. What is shared is how models are named
//! ([`models`]) and how long work shows itself ([`progress`]). Exit codes: 0 for success (warnings included), 1 where the
//! models or the data have errors, 2 where the command line is wrong, or a file, directory or module that it names cannot be found,
//! read or written.

mod check;
mod compat;
mod completions;
mod convert;
mod defaults;
mod diff;
mod explain;
mod format;
mod generate;
mod instance;
mod library;
mod models;
mod nc;
mod new;
mod progress;
mod scaffold;
mod sdk;
mod serve;
mod store;
#[cfg(unix)]
mod subsystem;
mod tree;
mod validate;
mod yin;

use clap::Parser;
use std::process::ExitCode;

/// YANG in, typed Rust out: a NETCONF device, or the client of one.
#[derive(Parser)]
#[command(name = "cargo-yang", bin_name = "cargo yang", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Checks modules and shows all that is wrong with them.
    Check(check::Args),
    /// Prints modules as trees (RFC 8340).
    Tree(tree::Args),
    /// Writes modules in canonical layout.
    Fmt(format::Args),
    /// Turns a module into YIN, its XML form, or YIN into YANG.
    Yin(yin::Args),
    /// Tells what a new revision of modules breaks, and which version comes next (RFC 7950 section 11).
    Compat(compat::Args),
    /// Checks instance data against modules.
    Validate(validate::Args),
    /// Turns instance data from XML into JSON, and back.
    Convert(convert::Args),
    /// Shows what is different between two documents of instance data.
    Diff(diff::Args),
    /// Generates Rust into a directory.
    Gen(generate::Args),
    /// Starts a project: a device that answers over SSH.
    New(new::Args),
    /// Makes a crate of types and client methods, to be published and depended on.
    ///
    /// One of the inputs may be a device, as ssh://USER@HOST:PORT, tls://HOST:PORT or unix:PATH: it is asked for all of its modules, with
    /// the features and deviations that it has. They go into the directory `yang` of the crate. If modules are named besides, the crate
    /// is made for these alone, with all that they need.
    Sdk(Box<sdk::Args>),
    /// Talks to a device: reads, changes, commits, subscribes; a shell.
    Nc(Box<nc::Args>),
    /// Runs a NETCONF server for modules, without code.
    Serve(Box<serve::Args>),
    /// Looks into the store of a server that is not running: its log, and the way back.
    Store(Box<store::Args>),
    /// Tells more about the code of a diagnostic.
    Explain(explain::Args),
    /// Prints a completion script for a shell.
    Completions(completions::Args),
    /// Carries standard input and output to the unix socket of a server: what OpenSSH's sshd runs as its `Subsystem netconf`.
    #[cfg(unix)]
    #[command(hide = true)]
    NetconfSubsystem(subsystem::Args),
}

/// How a verb ended, unless it could not do its work at all. The worst is the last.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// Well.
    Done,
    /// The models or the data have errors, which were shown; or two documents differ.
    Faulty,
    /// Something that the command line names is not there or cannot be read, which was shown.
    Missing,
}

fn main() -> ExitCode {
    // `cargo yang check` runs `cargo-yang yang check`.
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|a| a == "yang") {
        arguments.remove(1);
    }
    let done = match Cli::parse_from(arguments).verb {
        Verb::Check(args) => check::run(&args),
        Verb::Tree(args) => tree::run(&args),
        Verb::Fmt(args) => format::run(&args),
        Verb::Yin(args) => yin::run(&args),
        Verb::Compat(args) => compat::run(&args),
        Verb::Validate(args) => validate::run(&args),
        Verb::Convert(args) => convert::run(&args),
        Verb::Diff(args) => diff::run(&args),
        Verb::Gen(args) => generate::run(&args),
        Verb::New(args) => new::run(&args),
        Verb::Sdk(args) => sdk::run(&args),
        Verb::Nc(args) => nc::run(&args),
        Verb::Serve(args) => serve::run(&args),
        Verb::Store(args) => store::run(&args),
        Verb::Explain(args) => explain::run(&args),
        Verb::Completions(args) => completions::run(&args),
        #[cfg(unix)]
        Verb::NetconfSubsystem(args) => subsystem::run(&args),
    };
    match done {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Faulty) => ExitCode::from(1),
        Ok(Outcome::Missing) => ExitCode::from(2),
        Err(error) => {
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr(), "error: {}", told(&error));
            ExitCode::from(2)
        }
    }
}

/// An error with its causes, none of which is said twice: some errors tell of their causes themselves.
fn told(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if said.is_empty() {
            said = cause;
        } else if !said.contains(&cause) {
            said = format!("{said}: {cause}");
        }
    }
    said
}

/// Writes to standard output. Who reads it may stop reading (`| head`): that is no error of ours.
fn print(text: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

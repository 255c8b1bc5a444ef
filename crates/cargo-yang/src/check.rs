//! `cargo yang check`: all that is wrong with some modules.

use crate::Outcome;
use crate::models::{Format, Models, count, report};
use crate::progress::compile;
use anyhow::Result;
use std::io::Write as _;
use yang_parser::Severity;

/// What `--help` says below the options.
const AFTER: &str = "\
Exit codes: 0 no errors (there may be warnings), 1 the modules have errors, 2 the command line is wrong, or a file,
directory, module or feature that it names cannot be found or read.

With --format json each diagnostic is one JSON object on a line of standard output:
  severity                        \"error\" or \"warning\"
  code                            a stable name; `cargo yang explain CODE` tells more
  message                         what is wrong
  file, line, column,             the place, if there is one: lines and columns count from 1, columns in characters,
  end_line, end_column            the end is the first character behind
  label                           what is at the place, if more is to be said of it
  related                         other places, each with file, line, column, end_line, end_column and text
  help                            what to do about it, if that is known";

#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub(crate) struct Args {
    #[command(flatten)]
    models: Models,

    /// Warns of habits that RFC 8407 advises against.
    #[arg(long)]
    lint: bool,

    /// How to show what is found.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let compilation = compile(args.models.compiler()?.lint(args.lint));
    let outcome = report(&compilation, args.format)?;
    if args.format == Format::Human {
        let of = |severity| compilation.diagnostics.iter().filter(|d| d.severity == severity).count();
        let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
        let modules = compilation.sources.iter().filter(|(_, s)| s.module.is_some()).count();
        let mut out = std::io::stderr().lock();
        let found = match (errors, warnings) {
            (0, 0) => "no errors".to_owned(),
            (0, w) => format!("no errors, {}", count(w, "warning")),
            (e, 0) => count(e, "error"),
            (e, w) => format!("{}, {}", count(e, "error"), count(w, "warning")),
        };
        let _ = writeln!(out, "{} read: {found}", count(modules, "module"));
    }
    Ok(outcome)
}

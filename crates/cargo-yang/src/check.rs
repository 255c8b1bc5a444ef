//! `cargo yang check`: all that is wrong with some modules.

use crate::Outcome;
use crate::models::{Format, Models, count, report};
use anyhow::Result;
use std::io::Write as _;
use yang_parser::Severity;

#[derive(clap::Args)]
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
    let compilation = args.models.compiler()?.lint(args.lint).compile();
    let faulty = report(&compilation, args.format)?;
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
        writeln!(out, "{} read: {found}", count(modules, "module"))?;
    }
    Ok(if faulty { Outcome::Faulty } else { Outcome::Done })
}

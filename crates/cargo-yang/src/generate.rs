//! `cargo yang gen`: Rust into a directory. Only files named `*.gen.rs`, and what they embed, are written.

use crate::Outcome;
use crate::models::{Models, count};
use anyhow::Result;
use clap::ValueEnum;
use std::io::Write as _;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    models: Models,

    /// Directory for the generated files; the root is yang.gen.rs.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Generate only this subtree: a schema path such as /ietf-interfaces:interfaces.
    #[arg(long, value_name = "PATH")]
    only: Vec<String>,

    /// No methods on the client's session.
    #[arg(long)]
    no_client: bool,

    /// No handler traits.
    #[arg(long)]
    no_server: bool,

    /// No typed paths.
    #[arg(long)]
    no_paths: bool,

    /// Types keep nodes and names that the models do not know.
    #[arg(long)]
    keep_unknown: bool,

    /// Print to standard output what of the models is in the Rust: schema nodes by kind, and how many of them are mapped.
    #[arg(long, value_name = "FORMAT")]
    report: Option<Format>,
}

/// How the report is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// `nodes`, `kinds` and `modules`, with `schema` and `mapped` for each.
    Json,
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let mut config = args
        .models
        .generator()?
        .client(!args.no_client)
        .server(!args.no_server)
        .paths(!args.no_paths)
        .keep_unknown(args.keep_unknown)
        .file_per_module(true);
    for path in &args.only {
        config = config.only(path);
    }
    let outcome = config.generate();
    let mut out = std::io::stderr().lock();
    for warning in &outcome.warnings {
        writeln!(out, "warning: {warning}")?;
    }
    match outcome.result {
        Ok(files) => {
            let changed = yang_codegen::write(&args.out, &files)?;
            writeln!(
                out,
                "{} in {}, {} of them changed",
                count(files.len(), "file"),
                args.out.display(),
                changed.len()
            )?;
            if let (Some(format), Some(report)) = (args.report, &outcome.report) {
                let text = match format {
                    Format::Text => table(report),
                    Format::Json => report.to_json(),
                };
                crate::print(text.as_bytes())?;
            }
            Ok(Outcome::Done)
        }
        Err(error @ yang_codegen::Error::Invalid { .. }) => {
            writeln!(out, "{error}")?;
            Ok(Outcome::Faulty)
        }
        Err(error) => Err(error.into()),
    }
}

/// A line for each kind.
fn table(report: &yang_codegen::Report) -> String {
    let mut out = String::new();
    let mut line = |kind: &str, schema: &str, mapped: &str| {
        out.push_str(&format!("{kind:<14}{schema:>10}{mapped:>10}\n"));
    };
    line("", "schema", "mapped");
    for (kind, count) in report.kinds() {
        line(kind, &count.schema.to_string(), &count.mapped.to_string());
    }
    let total = report.total();
    line("all", &total.schema.to_string(), &total.mapped.to_string());
    out
}

//! `cargo yang gen`: Rust into a directory. Only files named `*.gen.rs`, and what they embed, are written.

use crate::Outcome;
use crate::models::{Models, count};
use anyhow::{Result, bail};
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

    /// Modules whose Rust another generated crate has: CRATE::PATH=MODULE,MODULE, where the path is that of its generated code
    /// (`acme_types::yang`, or `acme_sdk` for a crate made by `sdk`). They are used from there, and not made again.
    #[arg(long = "extern", value_name = "CRATE::PATH=MODULES")]
    extern_crates: Vec<String>,

    /// Who sees the generated code: pub, pub(crate), pub(super), or the empty text for the Rust module alone that it stands in.
    #[arg(long, value_name = "VISIBILITY", default_value = "pub")]
    visibility: String,

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
        .visibility(&args.visibility)
        .file_per_module(true);
    for path in &args.only {
        config = config.only(path);
    }
    for said in &args.extern_crates {
        let Some((path, modules)) = said.split_once('=') else {
            bail!("--extern {said}: write the path of the other crate's generated code, =, and its modules");
        };
        config = config.extern_crate(path, modules.split(',').map(str::trim).filter(|m| !m.is_empty()));
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

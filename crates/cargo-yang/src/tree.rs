//! `cargo yang tree`: modules as RFC 8340 draws them.

use crate::Outcome;
use crate::models::{Format, Models, report};
use anyhow::Result;
use std::io::Write as _;
use yang_parser::print::{TreeOptions, tree};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    models: Models,

    /// Levels of nodes to print.
    #[arg(long, value_name = "N")]
    depth: Option<u32>,

    /// Subtree to print: a schema path such as /ietf-interfaces:interfaces/interface.
    #[arg(long, value_name = "PATH")]
    subtree: Option<String>,

    /// Length at which lines are broken.
    #[arg(long, value_name = "N")]
    line_length: Option<usize>,
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let compilation = args.models.compiler()?.compile();
    let faulty = report(&compilation, Format::Human)?;
    let Some(schema) = &compilation.schema else {
        return Ok(Outcome::Faulty);
    };
    let mut options = TreeOptions::default();
    options.modules.clone_from(&compilation.requested);
    options.depth = args.depth;
    options.path.clone_from(&args.subtree);
    options.line_length = args.line_length;
    std::io::stdout().lock().write_all(tree(schema, &options).as_bytes())?;
    Ok(if faulty { Outcome::Faulty } else { Outcome::Done })
}

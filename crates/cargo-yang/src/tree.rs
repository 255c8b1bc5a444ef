//! `cargo yang tree`: modules as RFC 8340 draws them.

use crate::Outcome;
use crate::models::{Format, Models, report};
use crate::progress::compile;
use anyhow::{Result, bail};
use yang_parser::print::{TreeOptions, tree};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    models: Models,

    /// Levels of nodes to print; `...` stands for what is below.
    #[arg(long, value_name = "N")]
    depth: Option<u32>,

    /// Subtree to print: a schema path such as /ietf-interfaces:interfaces/interface.
    #[arg(long, value_name = "PATH")]
    subtree: Option<String>,

    /// Length at which lines are broken.
    #[arg(long, value_name = "N")]
    line_length: Option<usize>,

    /// Prints groupings too.
    #[arg(long)]
    groupings: bool,

    /// Prints a `uses` as a line of its own (`-u`), without what is in the grouping.
    #[arg(long)]
    uses: bool,

    /// Puts modules' names before names of other modules, instead of prefixes.
    #[arg(long)]
    module_names: bool,
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let compilation = compile(args.models.compiler()?.groupings(args.groupings));
    let outcome = report(&compilation, Format::Human)?;
    let Some(schema) = &compilation.schema else {
        return Ok(outcome);
    };
    if let Some(path) = args.subtree.as_deref().filter(|path| schema.find(path).is_none()) {
        bail!(
            "--subtree {path}: there is no such node (a path is /MODULE:NODE/NODE, with a module wherever it changes)"
        );
    }
    let mut options = TreeOptions::default();
    options.modules.clone_from(&compilation.requested);
    options.depth = args.depth;
    options.path.clone_from(&args.subtree);
    options.line_length = args.line_length;
    options.groupings = args.groupings;
    options.uses = args.uses;
    options.module_names = args.module_names;
    crate::print(tree(schema, &options).as_bytes())?;
    Ok(outcome)
}

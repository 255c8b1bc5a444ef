//! `cargo yang completions SHELL`.

use crate::{Cli, Outcome};
use anyhow::Result;
use clap::CommandFactory as _;
use clap_complete::Shell;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let mut command = Cli::command();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "cargo-yang", &mut script);
    crate::print(&script)?;
    Ok(Outcome::Done)
}

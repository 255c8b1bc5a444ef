//! `cargo yang netconf-subsystem`: the front of a server for OpenSSH, which runs it for each session (RFC 6242 section 3). It is no verb
//! for people.

use crate::Outcome;
use anyhow::Result;
use netconf_runtime::transport::subsystem;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The socket that `serve --unix` listens on.
    #[arg(value_name = "PATH")]
    socket: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    subsystem::run(&args.socket)?;
    Ok(Outcome::Done)
}

//! A NETCONF device and its client, generated from the YANG modules in `yang/`.
//!
//! Without arguments it tells a story in five steps: a device starts, a typed client configures it, is refused, makes
//! toast, and finds its configuration again after a restart. `serve` keeps the device running for other clients.

mod device;
mod serve;
mod story;

/// The modules in Rust.
#[allow(dead_code, unreachable_pub, reason = "generated for whatever a crate makes of it")]
mod yang {
    include!(concat!(env!("OUT_DIR"), "/yang.gen.rs"));
}

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(version, about = "A NETCONF device and its client, generated from YANG")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Keeps the device running until Ctrl-C.
    Serve(serve::Serve),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        None => story::tell().await,
        Some(Command::Serve(serve)) => serve.run().await,
    }
}

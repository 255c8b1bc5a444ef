//! A NETCONF device and its client, generated from the YANG modules in `yang/`.
//!
//! Without arguments it tells a story in five steps: a device starts, a typed client configures it, is refused, makes
//! toast, and finds its configuration again after a restart, with the way back to what it was. `serve` keeps the device running.
#![allow(clippy::print_stdout, reason = "the program tells a story")]

mod device;
mod story;

/// The modules in Rust.
#[allow(dead_code, unreachable_pub, reason = "generated for whatever a crate makes of it")]
mod yang {
    include!(concat!(env!("OUT_DIR"), "/yang.gen.rs"));
}

use anyhow::{Context as _, Result};
use clap::Parser;
use netconf_runtime::server::Server;
use netconf_runtime::transport::ssh::server::{User, Users};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A NETCONF device and its client, generated from YANG.
#[derive(Parser)]
#[command(version)]
enum Arguments {
    /// Keeps the device running until Ctrl-C.
    Serve {
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:8300")]
        listen: SocketAddr,
        /// The user who may log in, and do everything.
        #[arg(long)]
        user: String,
        /// The user's password.
        #[arg(long)]
        password: String,
        /// Directory of the configuration and the host key. It is made if it is missing.
        #[arg(long)]
        store: PathBuf,
    },
}

/// Starts the device on a store, with a user whom its access control does not bind. Says where it listens.
async fn start(store: &Path, users: Users, admin: &str, listen: SocketAddr) -> Result<(Server, SocketAddr)> {
    let server = Server::builder(Arc::clone(yang::schema()))
        .handlers(Arc::new(device::Device::default()))
        .directory(store)
        .users(users)
        .recovery_user(admin)
        .build()
        .await?;
    let address = server.listen_ssh(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    Ok((server, address))
}

#[tokio::main]
async fn main() -> Result<()> {
    if std::env::args_os().len() == 1 {
        return story::tell().await;
    }
    let Arguments::Serve { listen, user, password, store } = Arguments::parse();
    let users = Users::new().user(&user, User::new().password(password));
    let (server, address) = start(&store, users, &user, listen).await?;
    println!(
        "The device runs. To reach it:\n    ssh -s -p {} {user}@{} netconf",
        address.port(),
        address.ip()
    );
    println!("Ctrl-C stops it.");
    tokio::signal::ctrl_c().await?;
    server.shutdown().await;
    println!("Stopped.");
    Ok(())
}

//! A device that runs: started, reached, stopped.

use crate::device::Device;
use crate::yang;
use anyhow::{Context as _, Result};
use netconf_runtime::server::Server;
use netconf_runtime::transport::ssh::server::{User, Users};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What `serve` is told.
#[derive(clap::Args)]
pub(crate) struct Serve {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8300")]
    listen: SocketAddr,
    /// The user who may log in.
    #[arg(long)]
    user: String,
    /// The user's password.
    #[arg(long)]
    password: String,
    /// Directory of the configuration and the host key. It is made if it is missing.
    #[arg(long)]
    store: PathBuf,
}

/// Starts the device on a store. Says where it listens.
pub(crate) async fn start(store: &Path, users: Users, listen: SocketAddr) -> Result<(Server, SocketAddr)> {
    let server = Server::builder(Arc::clone(yang::schema()))
        .handlers(Arc::new(Device::default()))
        .directory(store)
        .users(users)
        .build()
        .await?;
    let address = server.listen_ssh(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    Ok((server, address))
}

impl Serve {
    /// Runs the device until Ctrl-C.
    #[allow(clippy::print_stdout, reason = "says how to reach the device")]
    pub(crate) async fn run(self) -> Result<()> {
        let users = Users::new().user(&self.user, User::new().password(&self.password));
        let (server, address) = start(&self.store, users, self.listen).await?;
        println!("The device runs. To reach it:");
        println!("    ssh -s -p {} {}@{} netconf", address.port(), self.user, address.ip());
        println!("Ctrl-C stops it.");
        tokio::signal::ctrl_c().await?;
        server.shutdown().await;
        println!("Stopped.");
        Ok(())
    }
}

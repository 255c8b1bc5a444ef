//! `cargo yang store`: the store of a server that is not running.

use crate::Outcome;
use crate::instance::configuration;
use crate::models::{Models, Own, count};
use crate::serve::ACCESS_CONTROL;
use anyhow::{Context as _, Result, bail};
use netconf_runtime::server::Server;
use netconf_runtime::store::{Head, LogEntry, RedbStore, Store as _};
use std::path::{Path, PathBuf};
use yang_data::view::{EncodeOptions, View};
use yang_data::xml;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Lists the commits that the log remembers, the newest first.
    Log {
        /// The store.
        #[arg(value_name = "DIR")]
        store: PathBuf,
        /// So many of them.
        #[arg(short = 'n', long, default_value_t = 50)]
        number: usize,
    },
    /// Shows what is different between two commits; without TO, what FROM is away from now.
    Diff {
        #[command(flatten)]
        of: Of,
        /// The commit before.
        #[arg(long)]
        from: u64,
        /// The commit after [default: the newest].
        #[arg(long)]
        to: Option<u64>,
    },
    /// Makes the configuration what it was after a commit, by a commit of its own.
    Rollback {
        #[command(flatten)]
        of: Of,
        /// The commit.
        #[arg(long)]
        to: u64,
        /// What the log is to say of it.
        #[arg(long)]
        comment: Option<String>,
    },
    /// Writes the configuration as XML to standard output.
    Export {
        #[command(flatten)]
        of: Of,
        /// As it was after this commit [default: the newest].
        #[arg(long)]
        at: Option<u64>,
    },
    /// Makes the configuration what a file says, by a commit of its own.
    Import {
        #[command(flatten)]
        of: Of,
        /// The file, XML or JSON.
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
        /// What the log is to say of it.
        #[arg(long)]
        comment: Option<String>,
    },
}

/// A store and the modules of its configuration.
#[derive(clap::Args)]
struct Of {
    /// The store.
    #[arg(long = "store", value_name = "DIR")]
    store: PathBuf,

    #[command(flatten)]
    models: Models,
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match &args.verb {
            Verb::Log { store, number } => log(store, *number).await,
            Verb::Diff { of, from, to } => {
                let Some(server) = of.server().await? else { return Ok(Outcome::Faulty) };
                let newest = server.snapshot().commit;
                let old = server.running_at(Head(*from)).await?;
                let new = server.running_at(to.map_or(newest, Head)).await?;
                let diff = yang_data::diff::diff(&old, &new);
                crate::print(diff.to_string().as_bytes())?;
                Ok(if diff.is_empty() { Outcome::Done } else { Outcome::Faulty })
            }
            Verb::Rollback { of, to, comment } => {
                let Some(server) = of.server().await? else { return Ok(Outcome::Faulty) };
                let comment = comment.clone().unwrap_or_else(|| format!("back to commit {to}"));
                done(&server, server.roll_back(Head(*to), comment).await)
            }
            Verb::Export { of, at } => {
                let Some(server) = of.server().await? else { return Ok(Outcome::Faulty) };
                let tree = match at {
                    Some(at) => server.running_at(Head(*at)).await?,
                    None => server.snapshot().running.clone(),
                };
                let mut writer = xml::Writer::indented(Vec::new(), 2);
                View::of(&tree).encode(&mut writer, &EncodeOptions { config_only: true })?;
                let mut text = writer.finish()?;
                text.push(b'\n');
                crate::print(&text)?;
                Ok(Outcome::Done)
            }
            Verb::Import { of, from, comment } => {
                let Some(server) = of.server().await? else { return Ok(Outcome::Faulty) };
                let tree = configuration(server.schema(), from)?;
                let comment = comment.clone().unwrap_or_else(|| format!("from {}", from.display()));
                done(&server, server.replace(tree, comment).await)
            }
        }
    })
}

impl Of {
    /// A server of the store, without any way in; `None` if the modules have errors, which were shown.
    async fn server(&self) -> Result<Option<Server>> {
        if !self.store.is_dir() {
            bail!("{}: no such store", self.store.display());
        }
        let Some(compilation) = self.models.compile_with(&[Own::new(ACCESS_CONTROL)])? else {
            return Ok(None);
        };
        let Some(schema) = compilation.schema else { return Ok(None) };
        let server = Server::builder(schema).directory(&self.store).build().await;
        server.map(Some).with_context(|| format!("the store {}", self.store.display()))
    }
}

fn done(server: &Server, result: Result<(), Vec<netconf_runtime::RpcError>>) -> Result<Outcome> {
    match result {
        Ok(()) => {
            crate::print(format!("Now at commit {}.\n", server.snapshot().commit).as_bytes())?;
            Ok(Outcome::Done)
        }
        Err(errors) => {
            let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
            bail!("{}", told.join("\n       "))
        }
    }
}

async fn log(directory: &Path, number: usize) -> Result<Outcome> {
    if !directory.is_dir() {
        bail!("{}: no such store", directory.display());
    }
    let store = RedbStore::open(directory).await?;
    let head = *store.watch().borrow();
    let entries = store.history(head, number).await?;
    let text: String = entries.iter().map(line).collect();
    crate::print(text.as_bytes())?;
    Ok(Outcome::Done)
}

/// A commit in a line: which, when, who, how much, why.
fn line(entry: &LogEntry) -> String {
    let stamp = &entry.stamp;
    let who = match (stamp.user.as_str(), stamp.session) {
        ("", _) => "(the server)".to_owned(),
        (user, session) => format!("{user} in session {session}"),
    };
    let mut line =
        format!("{}  {}  {who}, {}", entry.head, stamp.when(), count(entry.changes.len(), "change"));
    if let Some(confirmed) = &stamp.confirmed {
        line.push_str(&format!(", waits for confirmation or goes back to {}", confirmed.rollback_to));
    }
    if let Some(comment) = &stamp.comment {
        line.push_str(&format!(": {comment}"));
    }
    line.push('\n');
    line
}

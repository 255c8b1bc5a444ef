//! `cargo yang store`: the store of a server that is not running.

use crate::Outcome;
use crate::instance::configuration;
use crate::models::{Models, Own, count};
use crate::serve::ACCESS_CONTROL;
use anyhow::{Context as _, Result, bail};
use netconf_runtime::datastore::running_at;
use netconf_runtime::migration::{Migrated, Unfit};
use netconf_runtime::server::Server;
use netconf_runtime::store::{Head, LogEntry, RedbStore, Store as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use yang_data::tree::Tree;
use yang_data::view::{EncodeOptions, View};
use yang_data::xml;
use yang_schema::Schema;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand)]
enum Verb {
    /// Lists the commits that the log remembers, the newest first.
    Log {
        /// The store: its directory, or a file that was put aside.
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
    /// The store: its directory. What only reads takes a file that was put aside, too.
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
                let Some(schema) = of.schema()? else { return Ok(Outcome::Faulty) };
                let store = open(&of.store).await?;
                let newest = *store.watch().borrow();
                let old = running_at(&store, &schema, Head(*from)).await?;
                let new = running_at(&store, &schema, to.map_or(newest, Head)).await?;
                let diff = yang_data::diff::diff(&old, &new);
                crate::print(diff.to_string().as_bytes())?;
                Ok(if diff.is_empty() { Outcome::Done } else { Outcome::Faulty })
            }
            Verb::Rollback { of, to, comment } => {
                let Some(schema) = of.schema()? else { return Ok(Outcome::Faulty) };
                let comment = comment.clone().unwrap_or_else(|| format!("back to commit {to}"));
                let tree = running_at(&open(&of.store).await?, &schema, Head(*to)).await?;
                of.replace(&schema, tree, comment).await
            }
            Verb::Export { of, at } => {
                let Some(schema) = of.schema()? else { return Ok(Outcome::Faulty) };
                let store = open(&of.store).await?;
                let newest = *store.watch().borrow();
                let tree = running_at(&store, &schema, at.map_or(newest, Head)).await?;
                let mut writer = xml::Writer::indented(Vec::new(), 2);
                View::of(&tree).encode(&mut writer, &EncodeOptions { config_only: true })?;
                let mut text = writer.finish()?;
                text.push(b'\n');
                crate::print(&text)?;
                Ok(Outcome::Done)
            }
            Verb::Import { of, from, comment } => {
                let Some(schema) = of.schema()? else { return Ok(Outcome::Faulty) };
                let tree = configuration(&schema, from)?;
                let comment = comment.clone().unwrap_or_else(|| format!("from {}", from.display()));
                of.replace(&schema, tree, comment).await
            }
        }
    })
}

impl Of {
    /// The schema of the modules; `None` if they have errors, which were shown.
    fn schema(&self) -> Result<Option<Arc<Schema>>> {
        let compilation = self.models.compile_with(&[Own::new(ACCESS_CONTROL)])?;
        Ok(compilation.and_then(|c| c.schema).map(Arc::new))
    }

    /// Makes the configuration another one, by a commit of a server without any way in. What is there now need not fit the modules:
    /// it goes.
    async fn replace(&self, schema: &Arc<Schema>, tree: Tree, comment: String) -> Result<Outcome> {
        if !RedbStore::is_in(&self.store) {
            bail!("{}: no such store", self.store.display());
        }
        let (instead, why) = (tree.clone(), comment.clone());
        let migration = move |_: Unfit| Ok(Migrated::tree(instead.clone()).note(why.clone()));
        let builder = Server::builder(Arc::clone(schema)).directory(&self.store).migrate(migration);
        let server = builder.build().await.with_context(|| format!("the store {}", self.store.display()))?;
        if let Err(errors) = server.replace(tree, comment).await {
            let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
            bail!("{}", told.join("\n       "))
        }
        crate::print(format!("Now at commit {}.\n", server.snapshot().commit).as_bytes())?;
        Ok(Outcome::Done)
    }
}

/// A store to be read: its directory, or a file of one, which may have been put aside.
async fn open(path: &Path) -> Result<RedbStore> {
    if path.is_file() {
        return Ok(RedbStore::open_file(path).await?);
    }
    if !RedbStore::is_in(path) {
        bail!("{}: no such store", path.display());
    }
    Ok(RedbStore::open(path).await?)
}

async fn log(path: &Path, number: usize) -> Result<Outcome> {
    let store = open(path).await?;
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
        // What somebody else wrote is no layout, and no orders to a terminal.
        let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
        line.push_str(": ");
        line.extend(comment.chars().map(shown));
    }
    line.push('\n');
    line
}

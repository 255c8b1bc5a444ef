//! The verbs, each one call of the client.

use super::edit::Edit;
use super::input::{read, unwrapped};
use super::output::line;
use super::read::Read;
use super::schemas::{self, Found};
use super::subscribe::Subscribe;
use super::{Context, Store, shell};
use crate::Outcome;
use anyhow::{Result, bail};
use netconf_runtime::client::Configuration;
use std::path::PathBuf;
use std::time::Duration;

#[derive(clap::Subcommand)]
pub(crate) enum Verb {
    /// Shows the session's id, the version, the capabilities and the modules that the device names.
    Hello,
    /// Reads state and configuration.
    Get(Read),
    /// Reads a configuration datastore.
    GetConfig {
        /// Which one.
        #[arg(long, value_enum, value_name = "NAME", default_value = "running")]
        datastore: Store,
        #[command(flatten)]
        read: Read,
    },
    /// Reads a datastore of the NMDA (RFC 8526).
    GetData {
        /// Which one.
        #[arg(long, value_enum, value_name = "NAME", default_value = "operational")]
        datastore: Store,
        /// Only configuration (true), or only state.
        #[arg(long, value_name = "BOOL")]
        config: Option<bool>,
        /// Only so many levels.
        #[arg(long, value_name = "LEVELS")]
        max_depth: Option<u16>,
        /// With the origin of each value.
        #[arg(long)]
        with_origin: bool,
        #[command(flatten)]
        read: Read,
    },
    /// Changes configuration.
    EditConfig(Edit),
    /// Sends an operation as it stands in a file: one element, or NETCONF's `rpc` around it.
    Rpc {
        /// The file; `-` for standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Copies a datastore onto another.
    CopyConfig {
        /// From.
        #[arg(value_enum)]
        source: Store,
        /// To.
        #[arg(value_enum)]
        target: Store,
    },
    /// Has a datastore checked.
    Validate {
        /// Which one.
        #[arg(value_enum, default_value = "candidate")]
        datastore: Store,
    },
    /// Locks a datastore: in the shell until `unlock`, else until standard input ends or Ctrl-C.
    Lock {
        /// Which one.
        #[arg(value_enum, default_value = "candidate")]
        datastore: Store,
    },
    /// Gives a lock of the shell back.
    Unlock {
        /// Which one.
        #[arg(value_enum, default_value = "candidate")]
        datastore: Store,
    },
    /// Makes the candidate running.
    Commit {
        /// For a time only, within which another commit is to confirm it.
        #[arg(long)]
        confirmed: bool,
        /// How many seconds that is; 600 if nothing is said.
        #[arg(long, value_name = "SECONDS", requires = "confirmed")]
        timeout: Option<u64>,
        /// Let it outlive this session: whoever knows this id may confirm it.
        #[arg(long, value_name = "ID", requires = "confirmed")]
        persist: Option<String>,
        /// Confirm the commit with this id.
        #[arg(long, value_name = "ID", conflicts_with = "confirmed")]
        persist_id: Option<String>,
        /// What the device's log is to say of it. Devices of ours take that (the module netconf-commit-comment).
        #[arg(long, value_name = "TEXT")]
        comment: Option<String>,
    },
    /// Takes back a commit that is to be confirmed.
    CancelCommit {
        /// The one with this id.
        #[arg(long, value_name = "ID")]
        persist_id: Option<String>,
    },
    /// Makes the candidate what running is.
    DiscardChanges,
    /// Ends another session.
    KillSession {
        /// Its id.
        id: u32,
    },
    /// Shows the text of a module.
    GetSchema {
        /// Its name, or NAME@REVISION.
        module: String,
    },
    /// Downloads all modules of the device.
    Schemas {
        /// Where to.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Download those that are there already, too.
        #[arg(long)]
        again: bool,
    },
    /// Shows notifications as they come, until Ctrl-C.
    Subscribe(Subscribe),
    /// Asks for one command after the other, in one session.
    Shell,
}

impl Verb {
    /// Whether what it writes is data, which some formats need the modules for.
    pub(crate) fn gives_data(&self) -> bool {
        use Verb as V;
        matches!(
            self,
            V::Get(_) | V::GetConfig { .. } | V::GetData { .. } | V::Rpc { .. } | V::Subscribe(_) | V::Shell
        )
    }

    pub(crate) async fn run(&self, context: &mut Context) -> Result<Outcome> {
        if let Verb::Shell = self {
            return shell::run(context).await;
        }
        self.once(context, false).await?;
        Ok(Outcome::Done)
    }

    /// Does it, in the shell or not.
    pub(crate) async fn once(&self, context: &Context, in_shell: bool) -> Result<()> {
        let session = &context.session;
        match self {
            Self::Hello => hello(context)?,
            Self::Get(read) => context.show(read.of(context, session.get()).await?).await?,
            Self::GetConfig { datastore, read } => {
                let get = session.get_config(datastore.configuration()?);
                context.show(read.of(context, get).await?).await?;
            }
            Self::GetData { datastore, config, max_depth, with_origin, read } => {
                let mut get = session.get_data(datastore.nmda());
                if let Some(filter) = read.filter(context).await? {
                    get = get.filter(filter);
                }
                if let Some(mode) = read.with_defaults {
                    get = get.with_defaults(mode.asked());
                }
                if let Some(config) = config {
                    get = get.config(*config);
                }
                if let Some(levels) = max_depth {
                    get = get.max_depth(*levels);
                }
                if *with_origin {
                    get = get.with_origin();
                }
                context.show(get).await?;
            }
            Self::EditConfig(edit) => {
                edit.run(context).await?;
                line("ok")?;
            }
            Self::Rpc { file } => {
                let operation = unwrapped(&read(file)?, "rpc");
                context.show_rpc(&operation).await?;
            }
            Self::CopyConfig { source, target } => {
                let source = Configuration::from(source.configuration()?);
                session.copy_config(source, target.configuration()?).await?;
                line("ok")?;
            }
            Self::Validate { datastore } => {
                session.validate(datastore.configuration()?).await?;
                line("ok")?;
            }
            Self::Lock { datastore } if in_shell => {
                session.lock(datastore.configuration()?).await?;
                line("ok")?;
            }
            Self::Lock { datastore } => {
                let lock = session.lock_guard(datastore.configuration()?).await?;
                line(&format!("{} is locked until the input ends, or Ctrl-C", lock.datastore()))?;
                wait_for_the_end().await?;
                if let Some(error) = session.ended() {
                    return Err(error.into());
                }
                lock.unlock().await?;
            }
            Self::Unlock { datastore } => {
                session.unlock(datastore.configuration()?).await?;
                line("ok")?;
            }
            Self::Commit { confirmed, timeout, persist, persist_id, comment } => {
                if *confirmed {
                    let mut commit = session.commit_confirmed();
                    if let Some(seconds) = timeout {
                        commit = commit.timeout(Duration::from_secs(*seconds));
                    }
                    if let Some(id) = persist {
                        commit = commit.persist(id.as_str());
                    } else if !in_shell {
                        bail!(
                            "a commit that is to be confirmed ends with its session: give it an id by --persist"
                        );
                    }
                    if let Some(comment) = comment {
                        commit = commit.comment(comment.as_str());
                    }
                    // It is the next command's to confirm.
                    _ = commit.await?.detach();
                } else if let Some(id) = persist_id {
                    let mut commit = session.resume_commit(id.as_str())?;
                    if let Some(comment) = comment {
                        commit = commit.comment(comment.as_str());
                    }
                    commit.confirm().await?;
                } else if let Some(comment) = comment {
                    session.commit_with_comment(comment).await?;
                } else {
                    session.commit().await?;
                }
                line("ok")?;
            }
            Self::CancelCommit { persist_id } => {
                session.cancel_commit(persist_id.as_deref()).await?;
                line("ok")?;
            }
            Self::DiscardChanges => {
                session.discard_changes().await?;
                line("ok")?;
            }
            Self::KillSession { id } => {
                session.kill_session(*id).await?;
                line("ok")?;
            }
            Self::GetSchema { module } => {
                let (name, revision) =
                    module.split_once('@').map_or((module.as_str(), None), |(n, r)| (n, Some(r)));
                let asked = session.get_schema(name);
                let asked = match revision {
                    Some(revision) => asked.version(revision),
                    None => asked,
                };
                line(asked.await?.trim_end())?;
            }
            Self::Schemas { out, again } => {
                let found = if *again { Found::Replace } else { Found::Keep };
                schemas::report(&schemas::download(session, out, found).await?, out)?;
            }
            Self::Subscribe(subscribe) => subscribe.run(context).await?,
            Self::Shell => bail!("this is the shell"),
        }
        Ok(())
    }
}

fn hello(context: &Context) -> Result<()> {
    let session = &context.session;
    let version = match session.version() {
        netconf_runtime::protocol::Version::V1_0 => "1.0",
        netconf_runtime::protocol::Version::V1_1 => "1.1",
    };
    line(&format!("session {}, NETCONF {version}", session.id()))?;
    for uri in session.capabilities().iter() {
        line(uri)?;
    }
    Ok(())
}

/// Waits until nobody wants to wait any more.
async fn wait_for_the_end() -> Result<()> {
    use tokio::io::AsyncReadExt as _;
    let mut nothing = [0; 64];
    let mut input = tokio::io::stdin();
    let ends = async {
        while input.read(&mut nothing).await? > 0 {}
        std::io::Result::Ok(())
    };
    tokio::select! {
        ended = ends => Ok(ended?),
        stopped = tokio::signal::ctrl_c() => Ok(stopped?),
    }
}

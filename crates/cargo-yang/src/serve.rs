//! `cargo yang serve`: a complete NETCONF server for any modules, without code.

mod call_home;
mod listeners;
mod logins;
mod memory;
mod rescue;
mod urls;

use crate::Outcome;
use crate::instance::configuration;
use crate::models::{Models, Own, count};
use anyhow::{Context as _, Result};
use listeners::Listeners;
use netconf_runtime::ModuleTexts;
use netconf_runtime::server::{Server, ServerBuilder};
use rescue::RescueArgs;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use urls::UrlArgs;
use yang_data::edit::{ApplyOptions, Edit, Operation, Payload};
use yang_data::tree::Tree;
use yang_data::view::View;
use yang_parser::{Compilation, Sources};
use yang_schema::Schema;
use yang_schema::value::{InstanceIdentifier, InstanceSelector, InstanceStep};

/// Modules that a server of ours implements by itself, whatever it is of.
const OWN: [&str; 9] = [
    "ietf-datastores",
    "ietf-netconf-monitoring",
    "ietf-netconf-notifications",
    "ietf-netconf-with-defaults",
    "ietf-yang-library",
    "nc-notifications",
    "netconf-commit-comment",
    "netconf-transports",
    "notifications",
];

/// The module of access control (RFC 8341).
pub(crate) const ACCESS_CONTROL: &str = "ietf-netconf-acm";

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    models: Models,

    #[command(flatten)]
    listeners: Listeners,

    /// Directory of the configuration, its log and the host key. It is made if it is missing.
    #[arg(long, value_name = "DIR", default_value = "netconf-store")]
    store: PathBuf,

    /// Keeps nothing: configuration and host key are gone when the server ends.
    #[arg(long, conflicts_with = "store")]
    in_memory: bool,

    /// The configuration that an empty store begins with, as XML or JSON.
    #[arg(long, value_name = "FILE")]
    startup: Option<PathBuf>,

    /// Rules of access control (RFC 8341): a document with `nacm` of ietf-netconf-acm. They take the place of those in the store
    /// each time the server starts. Without it, who may log in may do everything.
    #[arg(long, value_name = "FILE")]
    nacm: Option<PathBuf>,

    /// A user whom access control does not bind.
    #[arg(long, value_name = "NAME", requires = "nacm")]
    recovery_user: Vec<String>,

    /// Has a datastore `startup` (RFC 6241 section 8.7): what is not copied to it is gone at the next start.
    #[arg(long)]
    with_startup: bool,

    #[command(flatten)]
    rescue: RescueArgs,

    #[command(flatten)]
    urls: UrlArgs,

    /// Sessions whose hello asks for it have candidates of their own (draft-ietf-netconf-privcand).
    #[arg(long)]
    private_candidates: bool,

    /// Clients edit the candidate alone.
    #[arg(long)]
    no_writable_running: bool,

    /// Says more of what happens, on standard error. RUST_LOG says it more finely.
    #[arg(short, long, action = clap::ArgAction::Count)]
    verbose: u8,
}

impl Args {
    /// The features of ietf-netconf that the server has.
    fn capabilities(&self) -> Vec<&'static str> {
        let mut all = vec!["candidate", "confirmed-commit", "rollback-on-error", "validate", "xpath"];
        let optional = [
            (!self.no_writable_running, "writable-running"),
            (self.with_startup, "startup"),
            (self.urls.any(), "url"),
        ];
        all.extend(optional.into_iter().filter(|(has, _)| *has).map(|(_, feature)| feature));
        all
    }
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    memory::keep_little();
    let (ready, urls) = (args.listeners.prepare()?, args.urls.prepare()?);
    let mut more: Vec<Own<'_>> = OWN.into_iter().map(Own::new).collect();
    more.push(Own { module: "ietf-netconf", features: Some(args.capabilities()) });
    if args.nacm.is_some() {
        more.push(Own::new(ACCESS_CONTROL));
    }
    let Some(Compilation { schema: Some(schema), sources, .. }) = args.models.compile_with(&more)? else {
        return Ok(Outcome::Faulty);
    };
    log(args.verbose);
    let schema = Arc::new(schema);
    let (startup, nacm) = (
        args.startup.as_deref().map(|path| configuration(&schema, path)).transpose()?,
        args.nacm.as_deref().map(|path| configuration(&schema, path)).transpose()?,
    );
    let rescue = args.rescue.prepare(&schema)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let builder = rescue.apply(urls.apply(builder(args, &schema, &sources)));
        let first = match (&startup, &nacm) {
            (Some(startup), Some(nacm)) => Some(merged(startup, nacm)?),
            (startup, nacm) => startup.clone().or_else(|| nacm.clone()),
        };
        let builder = match first {
            Some(first) => builder.initial(first),
            None => builder,
        };
        let server = ready.users(builder).build().await?;
        if let Some(nacm) = &nacm {
            let wanted = with_rules(&server.snapshot().running, nacm)?;
            server
                .replace(wanted, "the rules of access control, from a file")
                .await
                .map_err(|errors| anyhow::anyhow!("the rules cannot be used: {}", errors[0]))?;
        }
        let mut stop = Stop::listen()?;
        let reached = ready.start(&server, args.in_memory).await?;
        hello(args, &server, &schema, &reached)?;
        stop.come().await?;
        server.shutdown().await;
        say("Stopped.\n")
    })?;
    Ok(Outcome::Done)
}

fn builder(args: &Args, schema: &Arc<Schema>, sources: &Sources) -> ServerBuilder {
    let mut builder = Server::builder(Arc::clone(schema))
        .module_texts(texts(schema, sources))
        .writable_running(!args.no_writable_running)
        .startup(args.with_startup)
        .private_candidates(args.private_candidates)
        .access_control(args.nacm.is_some());
    for user in &args.recovery_user {
        builder = builder.recovery_user(user);
    }
    if args.in_memory { builder } else { builder.directory(&args.store) }
}

/// The texts of the modules, for `get-schema`.
fn texts(schema: &Schema, sources: &Sources) -> ModuleTexts {
    let mut texts = Vec::new();
    for (_, module) in schema.modules() {
        let own = (schema.str(module.name), schema.opt_str(module.revision));
        let submodules = module.submodules.iter().map(|s| (schema.str(s.name), schema.opt_str(s.revision)));
        for (name, revision) in std::iter::once(own).chain(submodules) {
            if let Some(text) = sources.module_text(name, revision) {
                texts.push((name.to_owned(), revision.map(str::to_owned), text.to_owned()));
            }
        }
    }
    texts.into_iter().collect()
}

/// A configuration with another one merged into it.
fn merged(base: &Tree, more: &Tree) -> Result<Tree> {
    let merged = Edit::merging(more).apply(base, &ApplyOptions::default());
    merged.map_err(|errors| anyhow::anyhow!("they do not go together: {}", errors[0]))
}

/// A configuration with the rules of another one in place of its own. Rules that say nothing leave what RFC 8341 says where
/// nobody has configured anything.
fn with_rules(running: &Tree, rules: &Tree) -> Result<Tree> {
    let nacm = running.schema().find(&format!("/{ACCESS_CONTROL}:nacm")).expect("the module is in the set");
    let given = View::of(rules);
    if let Some(other) = given.root().children().find(|child| child.node_id() != nacm.id()) {
        anyhow::bail!("{} is no rule of access control: --nacm takes `nacm` alone", other.path());
    }
    let steps = vec![InstanceStep { node: nacm.id(), selector: InstanceSelector::Only }];
    let mut edit = Edit::new(Arc::clone(running.schema()));
    let (operation, payload) = match given.root().child(nacm.id()) {
        Some(_) => (Operation::Replace, Payload::Tree(rules.clone())),
        None => (Operation::Remove, Payload::None),
    };
    edit.push(&InstanceIdentifier { steps }, operation, payload, None)?;
    edit.apply(running, &ApplyOptions::default()).map_err(|errors| anyhow::anyhow!("{}", errors[0]))
}

fn hello(args: &Args, server: &Server, schema: &Schema, reached: &[String]) -> Result<()> {
    let implemented = schema.modules().filter(|(_, m)| m.implemented).count();
    let mut text = rescue::told(server);
    text.push_str(&format!("A server of {}", count(implemented, "module")));
    if args.in_memory {
        text.push_str(", in memory: what is configured is lost when it ends.\n");
    } else {
        let commit = server.snapshot().commit;
        text.push_str(&format!("; its store is {} (commit {commit}).\n", args.store.display()));
    }
    text.push_str(match (&args.nacm, args.recovery_user.is_empty()) {
        (None, _) => {
            "No access control: every user who logs in may read, run and write everything (--nacm FILE).\n"
        }
        (Some(_), true) => "Access control is on, and binds everybody (--recovery-user NAME).\n",
        (Some(_), false) => "Access control is on.\n",
    });
    text.push_str("To connect:\n");
    for way in reached {
        text.push_str(&format!("    {way}\n"));
    }
    text.push_str("Ctrl-C stops it.\n");
    say(&text)
}

fn say(text: &str) -> Result<()> {
    crate::print(text.as_bytes()).context("cannot write to standard output")
}

/// Whoever stops the server: heard from when this is made, not only from when it is waited for.
struct Stop {
    #[cfg(unix)]
    interrupted: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminated: tokio::signal::unix::Signal,
}

impl Stop {
    fn listen() -> Result<Self> {
        #[cfg(unix)]
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            #[cfg(unix)]
            interrupted: signal(SignalKind::interrupt())?,
            #[cfg(unix)]
            terminated: signal(SignalKind::terminate())?,
        })
    }

    #[cfg(unix)]
    async fn come(&mut self) -> Result<()> {
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
        }
        Ok(())
    }

    #[cfg(not(unix))]
    async fn come(&mut self) -> Result<()> {
        Ok(tokio::signal::ctrl_c().await?)
    }
}

/// What happens, on standard error.
fn log(verbose: u8) {
    use tracing_subscriber::EnvFilter;
    let default = match verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    // Somebody else's subscriber may be there already.
    _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    _ = std::io::stderr().flush();
}

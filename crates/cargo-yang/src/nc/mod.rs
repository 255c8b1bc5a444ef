//! `cargo yang nc`: a NETCONF client for people.
//!
//! Each verb is one call of [`netconf_runtime::client`]. The same verbs are the commands of the shell, where the session, its
//! locks and its candidate last.

mod connect;
mod edit;
mod indent;
mod input;
mod output;
mod read;
mod redact;
mod schemas;
mod shell;
mod stream;
mod subscribe;
mod target;
mod trace;
mod verbs;

pub(crate) use connect::Connection;
pub(crate) use target::Target;

use crate::Outcome;
use anyhow::Result;
use clap::ValueEnum;
use netconf_runtime::client::{Datastore, Error, NmdaDatastore, Session};
use std::cell::Cell;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use yang_schema::Schema;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    connection: Connection,

    /// What is written: XML as it came but indented, JSON (RFC 7951) or a tree of names and values. XML is written while it comes, however
    /// much there is of it. The latter two hold all of a reply, and need the device's modules: of -p, or the device's own, which are
    /// downloaded and kept.
    #[arg(short = 'o', long, value_enum, value_name = "FORMAT", default_value = "xml", global = true)]
    output: output::Format,

    /// Directory with the device's modules (`schemas --out` makes one); for --output json and tree, for completion in the shell, and for
    /// what --trace conceals.
    #[arg(short = 'p', long = "path", value_name = "DIR", global = true)]
    path: Vec<PathBuf>,

    /// The device: ssh://USER@HOST:PORT, tls://HOST:PORT or unix:PATH. User and port may be left out.
    #[arg(value_name = "TARGET")]
    target: String,

    #[command(subcommand)]
    verb: verbs::Verb,
}

/// A datastore on the command line.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Store {
    Running,
    Candidate,
    Startup,
    Intended,
    Operational,
}

impl std::fmt::Display for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.to_possible_value().as_ref().map_or("?", |value| value.get_name()))
    }
}

impl Store {
    /// One of RFC 6241.
    fn configuration(self) -> Result<Datastore> {
        Ok(match self {
            Self::Running => Datastore::Running,
            Self::Candidate => Datastore::Candidate,
            Self::Startup => Datastore::Startup,
            Self::Intended | Self::Operational => {
                anyhow::bail!("{self} can be read by `get-data` alone");
            }
        })
    }

    /// One of RFC 8342.
    fn nmda(self) -> NmdaDatastore {
        match self {
            Self::Running => NmdaDatastore::Running,
            Self::Candidate => NmdaDatastore::Candidate,
            Self::Startup => NmdaDatastore::Startup,
            Self::Intended => NmdaDatastore::Intended,
            Self::Operational => NmdaDatastore::Operational,
        }
    }
}

/// What the verbs work with.
pub(crate) struct Context {
    session: Session,
    output: output::Format,
    schema: Option<Arc<Schema>>,
    /// Replies are held whole: somebody looks for secrets in them.
    whole: bool,
    /// The rest of a reply comes that nobody reads any more. Whatever is asked now waits for its end.
    unread: Cell<bool>,
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    block_on(work(args))
}

/// Downloads all modules of a device into a directory, in place of those that are there.
pub(crate) fn download(connection: &Connection, target: &Target, directory: &Path) -> Result<Outcome> {
    block_on(async {
        let tracer = connection.tracer()?;
        let session = connect::connect(connection, target, tracer).await?;
        schemas::report(&schemas::download(&session, directory, schemas::Found::Replace).await?, directory)?;
        session.close().await?;
        Ok(Outcome::Done)
    })
}

fn block_on(work: impl Future<Output = Result<Outcome>>) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let done = runtime.block_on(work);
    // What a session still has to say in parting it says while the runtime ends.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    match done {
        Err(error) => refusal(error),
        done => done,
    }
}

/// What the device says no to is no fault of the command line: it is shown, and the exit code is another.
fn refusal(error: anyhow::Error) -> Result<Outcome> {
    match error.downcast_ref::<Error>() {
        Some(Error::Rpc(errors)) => {
            let mut out = std::io::stderr().lock();
            for error in &errors.0 {
                let what = if error.is_error() { "error" } else { "warning" };
                writeln!(out, "{what}: the device answers {error}")?;
            }
            Ok(Outcome::Faulty)
        }
        Some(Error::Unknown { .. }) => {
            writeln!(std::io::stderr(), "error: {error}")?;
            Ok(Outcome::Faulty)
        }
        _ => Err(error),
    }
}

async fn work(args: &Args) -> Result<Outcome> {
    let target = Target::parse(&args.target)?;
    let tracer = args.connection.tracer()?;
    let session = connect::connect(&args.connection, &target, tracer.clone()).await?;
    let needs = args.output.needs_schema() && args.verb.gives_data();
    let schema = if !args.path.is_empty() {
        Some(schemas::compile(&session, &args.path).await?)
    } else if needs {
        let directory = schemas::cache(&target)?;
        schemas::download(&session, &directory, schemas::Found::Keep).await?;
        Some(schemas::compile(&session, &[directory]).await?)
    } else {
        None
    };
    if let (Some(tracer), Some(schema)) = (&tracer, &schema) {
        tracer.conceal_by(schema);
    }
    let whole = tracer.is_some();
    let mut context = Context { session, output: args.output, schema, whole, unread: Cell::new(false) };
    let outcome = args.verb.run(&mut context).await;
    let outcome = outcome?;
    if context.session.ended().is_none() && !context.unread.get() {
        context.session.close().await?;
    }
    Ok(outcome)
}

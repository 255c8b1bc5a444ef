//! From a store to datastores, when a server starts.

use super::commit::record;
use super::copy::startup_writes;
use super::persist::{Changes, Names, PersistError, StoredSource, split, write_all};
use super::rollback::after_restart;
use super::{Datastores, Handler, Published, Snapshot, Writer};
use crate::handler::{Change, ConfigEntry, Cx, Publisher};
use crate::server::Limits;
use crate::store::{Entry, Head, Store, StoreError};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, OnceLock};
use yang_data::diff::diff;
use yang_data::error::DataError;
use yang_data::tree::{DecodeOptions, Tree, UnknownAnnotations};
use yang_data::validate::Validated;
use yang_data::view::View;
use yang_schema::{NodeId, Schema};

/// Why the configuration of a store cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It holds what makes no sense.
    #[error("{0}")]
    Damaged(String),
    /// It holds what this schema does not know or does not allow: the modules changed since it was written. Nothing is
    /// dropped.
    #[error("the stored configuration does not fit the modules of this server:\n{}", lines(.0))]
    Unfit(Vec<DataError>),
    /// A handler is registered for a place that the schema does not have.
    #[error("{0}")]
    Handler(String),
    /// The configuration to start with is not valid.
    #[error("the initial configuration is not valid:\n{}", lines(.0))]
    Initial(Vec<DataError>),
}

fn lines(errors: &[DataError]) -> String {
    errors.iter().map(|e| format!("  {e}\n")).collect::<String>().trim_end().to_owned()
}

impl From<PersistError> for OpenError {
    fn from(error: PersistError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl Datastores {
    /// The datastores of a store. `initial` is the configuration that an empty store starts with; with `has_startup`, `running`
    /// is what `startup` says (RFC 6241 section 8.7).
    pub(crate) async fn open(
        schema: Arc<Schema>,
        store: Arc<dyn Store>,
        entries: Vec<ConfigEntry>,
        initial: Option<Tree>,
        has_startup: bool,
        limits: Limits,
    ) -> Result<Arc<Self>, OpenError> {
        let handlers = entries.into_iter().map(|entry| place(&schema, entry)).collect::<Result<_, _>>()?;
        let loaded = after_restart(&*store, store.load().await?).await?;
        let names = Names::new(loaded.names);
        let is_new = loaded.head.0 == 0;
        let (entries, startup) = split(&loaded.entries);
        let startup = match startup.filter(|_| has_startup) {
            Some(entries) => Some(running_of(&schema, &entries, &names, loaded.head)?),
            None => None,
        };
        let running = running_of(&schema, entries, &names, loaded.head)?;
        let before = running.clone();
        let running = startup.clone().unwrap_or(running);
        let initial = initial.filter(|_| is_new);
        let valid = match &initial {
            Some(initial) => Validated::new(initial, true).map_err(OpenError::Initial)?,
            None => Validated::new(&running, true).map_err(OpenError::Unfit)?,
        };
        let mut writer = Writer {
            locks: super::Locks::default(),
            names,
            head: loaded.head,
            valid,
            draft: None,
            pending: None,
            confirmed: 0,
        };
        let running = match initial {
            Some(initial) => {
                write_initial(&*store, &mut writer, &initial).await?;
                initial
            }
            None => running,
        };
        if has_startup {
            start_with(&*store, &mut writer, &before, &running, startup.is_some(), is_new).await?;
        }
        let snapshot = Snapshot {
            candidate: running.clone(),
            startup: has_startup.then(|| running.clone()),
            running,
            candidate_modified: false,
            commit: writer.head,
        };
        Ok(Arc::new(Self {
            schema,
            published: Published::new(snapshot),
            store,
            handlers,
            limits,
            writer: tokio::sync::Mutex::new(writer),
            faults: Mutex::default(),
            privates: super::Privates::default(),
            ended: Mutex::new(BTreeSet::new()),
            publisher: OnceLock::new(),
            nacm: OnceLock::new(),
        }))
    }

    pub(crate) fn published(&self) -> Published {
        self.published.clone()
    }

    /// Every handler gets the whole configuration as one apply, before the first session.
    pub(crate) async fn start(&self, publisher: Publisher) {
        _ = self.publisher.set(publisher.clone());
        let after = self.snapshot().running.clone();
        let before = Tree::new(Arc::clone(&self.schema));
        let diff = Arc::new(diff(&before, &after));
        let change = Change { cx: Cx::of_server(publisher), node: NodeId::ROOT, before, after, diff };
        self.apply(&self.handlers, &change).await;
    }
}

/// A tree of what is stored.
pub(super) fn running_of(
    schema: &Arc<Schema>,
    entries: &[Entry],
    names: &Names,
    head: Head,
) -> Result<Tree, OpenError> {
    let mut source = StoredSource::new(entries, names)?;
    // Annotations were known when they were stored; the modules may have changed since.
    let options = DecodeOptions {
        config_only: true,
        commit: head.0,
        unknown_annotations: UnknownAnnotations::Keep,
        ..DecodeOptions::default()
    };
    Tree::decode(schema, NodeId::ROOT, &mut source, &options).map_err(OpenError::Unfit)
}

/// A server with `startup` begins: what is stored as `running` becomes what `startup` says, or there is none yet, and `running` is
/// what it begins with.
async fn start_with(
    store: &dyn Store,
    writer: &mut Writer,
    stored: &Tree,
    running: &Tree,
    is_there: bool,
    is_new: bool,
) -> Result<(), OpenError> {
    let (writes, comment) = if is_there {
        let touched = diff(stored, running).changes();
        if touched.is_empty() || is_new {
            return Ok(());
        }
        let (before, after) = (View::of(stored), View::of(running));
        let mut changes = Changes::new(&before, &after, &mut writer.names);
        for change in &touched {
            changes.touch(change)?;
        }
        (changes.finish(), "running starts as startup")
    } else {
        let nothing = Tree::new(Arc::clone(running.schema()));
        (startup_writes(writer, &nothing, running)?, "startup begins as running")
    };
    let record = record(None, writer, writes, Some(comment.to_owned()));
    writer.head = store.append(writer.head, record).await?;
    writer.names.settle();
    Ok(())
}

async fn write_initial(store: &dyn Store, writer: &mut Writer, initial: &Tree) -> Result<(), OpenError> {
    let writes = write_all(&View::of(initial), &mut writer.names)?;
    let comment = Some("initial configuration".to_owned());
    let record = record(None, writer, writes, comment);
    writer.head = store.append(writer.head, record).await?;
    writer.names.settle();
    Ok(())
}

/// Finds the place of a handler.
fn place(schema: &Schema, entry: ConfigEntry) -> Result<Handler, OpenError> {
    let node = schema.find(&entry.path).map(|n| (n.id(), n.is_config() || n.id() == NodeId::ROOT));
    match node {
        Some((node, true)) => Ok(Handler { entry, node }),
        Some(_) => Err(OpenError::Handler(format!(
            "the configuration handler {:?} is registered for {}, which is not configuration",
            entry.handler.name(),
            entry.path
        ))),
        None => Err(OpenError::Handler(format!(
            "the configuration handler {:?} is registered for {}, which the schema does not have",
            entry.handler.name(),
            entry.path
        ))),
    }
}

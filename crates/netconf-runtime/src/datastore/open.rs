//! From a store to datastores, when a server starts.

use super::commit::record;
use super::persist::{Names, PersistError, StoredSource, write_all};
use super::{Datastores, Handler, Published, Snapshot, Writer};
use crate::handler::{Change, ConfigEntry, Cx, Publisher};
use crate::server::Limits;
use crate::store::{Store, StoreError};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
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
    /// The datastores of a store. `initial` is the configuration that an empty store starts with.
    pub(crate) async fn open(
        schema: Arc<Schema>,
        store: Arc<dyn Store>,
        entries: Vec<ConfigEntry>,
        initial: Option<Tree>,
        limits: Limits,
    ) -> Result<Arc<Self>, OpenError> {
        let handlers = entries.into_iter().map(|entry| place(&schema, entry)).collect::<Result<_, _>>()?;
        let loaded = store.load().await?;
        let names = Names::new(loaded.names);
        let is_new = loaded.head.0 == 0;
        let running = {
            let mut source = StoredSource::new(&loaded.entries, &names)?;
            // Annotations were known when they were stored; the modules may have changed since.
            let options = DecodeOptions {
                config_only: true,
                commit: loaded.head.0,
                unknown_annotations: UnknownAnnotations::Keep,
                ..DecodeOptions::default()
            };
            Tree::decode(&schema, NodeId::ROOT, &mut source, &options).map_err(OpenError::Unfit)?
        };
        let initial = initial.filter(|_| is_new);
        let valid = match &initial {
            Some(initial) => Validated::new(initial, true).map_err(OpenError::Initial)?,
            None => Validated::new(&running, true).map_err(OpenError::Unfit)?,
        };
        let mut writer =
            Writer { locks: super::Locks::default(), names, head: loaded.head, valid, draft: None };
        let running = match initial {
            Some(initial) => {
                write_initial(&*store, &mut writer, &initial).await?;
                initial
            }
            None => running,
        };
        let snapshot =
            Snapshot { candidate: running.clone(), running, candidate_modified: false, commit: writer.head };
        Ok(Arc::new(Self {
            schema,
            published: Published::new(snapshot),
            store,
            handlers,
            limits,
            writer: tokio::sync::Mutex::new(writer),
            faults: Mutex::default(),
            ended: Mutex::new(BTreeSet::new()),
        }))
    }

    pub(crate) fn published(&self) -> Published {
        self.published.clone()
    }

    /// Every handler gets the whole configuration as one apply, before the first session.
    pub(crate) async fn start(&self, publisher: Publisher) {
        let after = self.snapshot().running.clone();
        let before = Tree::new(Arc::clone(&self.schema));
        let diff = Arc::new(diff(&before, &after));
        let change = Change { cx: Cx::of_server(publisher), node: NodeId::ROOT, before, after, diff };
        self.apply(&self.handlers, &change).await;
    }
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

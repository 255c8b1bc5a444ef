//! From a store to datastores, when a server starts.

use super::commit::record;
use super::copy::startup_writes;
use super::persist::{Changes, Names, PersistError, STARTUP, StoredSource, split, write_all};
use super::rollback::after_restart;
use super::turn::Turns;
use super::{Datastores, Handler, Name, Published, Snapshot, Writer};
use crate::handler::{Change, ConfigEntry, Cx, Publisher};
use crate::migration::{Migrated, Migration, Unfit, accept};
use crate::server::{BaseNotifications, Limits};
use crate::store::{Entry, Head, Store, StoreError, Write};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};
use yang_data::diff::diff;
use yang_data::error::DataError;
use yang_data::tree::Tree;
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
    /// It does not fit, and the migration makes nothing of it.
    #[error("{} does not fit the modules of this server, and its migration failed: {why}\n{}", datastore.as_str(), lines(errors))]
    Migration {
        /// The datastore.
        datastore: Name,
        /// Why the migration failed.
        why: String,
        /// Where it does not fit.
        errors: Vec<DataError>,
    },
    /// What the migration made does not fit either.
    #[error("what the migration made of the stored configuration does not fit the modules of this server:\n{}", lines(.0))]
    Migrated(Vec<DataError>),
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
    /// The datastores of a store.
    pub(crate) async fn open(
        schema: Arc<Schema>,
        store: Arc<dyn Store>,
        entries: Vec<ConfigEntry>,
        beginning: Beginning,
        limits: Limits,
    ) -> Result<Arc<Self>, OpenError> {
        let Beginning { initial, has_startup, migration } = beginning;
        let handlers = entries.into_iter().map(|entry| place(&schema, entry)).collect::<Result<_, _>>()?;
        let loaded = after_restart(&*store, store.load().await?).await?;
        let is_new = loaded.head.0 == 0;
        let (entries, startup) = split(&loaded.entries);
        let startup = startup.filter(|_| has_startup);
        let names = Names::new(loaded.names);
        let reading = Reading { schema: &schema, names: &names, head: loaded.head, migration };
        let stored = match initial.filter(|_| is_new) {
            Some(initial) => {
                Stored::Initial(Validated::new(&initial, true).map_err(OpenError::Initial)?, initial)
            }
            None => reading.read(entries, startup.as_deref())?,
        };
        let (running, valid, notes) = match &stored {
            Stored::Initial(valid, tree) => (tree.clone(), valid.clone(), Vec::new()),
            Stored::Fits { fit, .. } => (fit.tree.clone(), fit.valid.clone(), fit.notes.clone()),
        };
        let mut writer = Writer { names, head: loaded.head, valid, draft: None, pending: None, confirmed: 0 };
        match &stored {
            Stored::Initial(..) => write_initial(&*store, &mut writer, &running).await?,
            Stored::Fits { fit, .. } if fit.is_migrated => {
                let startup = startup.as_deref();
                write_migrated(&*store, &mut writer, entries, startup, &running, &notes).await?;
            }
            Stored::Fits { .. } => {}
        }
        if has_startup {
            let before = match &stored {
                Stored::Fits { before: Some(before), .. } => before,
                _ => &running,
            };
            start_with(&*store, &mut writer, before, &running, startup.is_some(), is_new).await?;
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
            locks: Mutex::default(),
            faults: Mutex::default(),
            privates: super::Privates::default(),
            ended: Mutex::new(BTreeSet::new()),
            turns: Turns::default(),
            publisher: OnceLock::new(),
            events: OnceLock::new(),
            nacm: OnceLock::new(),
            notes,
        }))
    }

    /// What a migration had to say when the store was opened.
    pub(crate) fn migration_notes(&self) -> &[String] {
        &self.notes
    }

    pub(crate) fn published(&self) -> Published {
        self.published.clone()
    }

    /// Every handler gets the whole configuration as one apply, before the first session.
    pub(crate) async fn start(&self, publisher: Publisher, events: Option<Arc<BaseNotifications>>) {
        _ = self.publisher.set(publisher.clone());
        if let Some(events) = events {
            _ = self.events.set(events);
        }
        let after = self.snapshot().running.clone();
        let before = Tree::new(Arc::clone(&self.schema));
        let diff = Arc::new(diff(&before, &after));
        let change = Change { cx: Cx::of_server(publisher), node: NodeId::ROOT, before, after, diff };
        self.apply(&self.handlers, &change).await;
    }
}

/// What datastores begin with.
#[derive(Clone, Default)]
pub(crate) struct Beginning {
    /// The configuration that an empty store starts with.
    pub(crate) initial: Option<Tree>,
    /// Is there a `startup`? Then `running` begins as it says (RFC 6241 section 8.7).
    pub(crate) has_startup: bool,
    /// What becomes of a stored configuration that does not fit the schema; without one it is refused.
    pub(crate) migration: Option<Arc<dyn Migration>>,
}

/// What a store holds, made fit.
enum Stored {
    /// Nothing yet: this is to be its first.
    Initial(Validated, Tree),
    Fits {
        /// What `running` will be.
        fit: Fit,
        /// `running` as it is stored, where it can be read and is another.
        before: Option<Tree>,
    },
}

/// A configuration that is read and valid.
struct Fit {
    tree: Tree,
    valid: Validated,
    is_migrated: bool,
    notes: Vec<String>,
}

/// What it takes to read what is stored.
struct Reading<'a> {
    schema: &'a Arc<Schema>,
    names: &'a Names,
    head: Head,
    migration: Option<Arc<dyn Migration>>,
}

impl Reading<'_> {
    fn read(&self, running: &[Entry], startup: Option<&[Entry]>) -> Result<Stored, OpenError> {
        let Some(startup) = startup else {
            return Ok(Stored::Fits { fit: self.fit(Name::Running, running)?, before: None });
        };
        let mut fit = self.fit(Name::Startup, startup)?;
        // What was `running` is replaced, whether it is valid or not.
        let before = match running_of(self.schema, running, self.names, self.head) {
            Ok(before) => Some(before),
            Err(OpenError::Unfit(_)) if self.migration.is_some() => {
                fit.is_migrated = true;
                None
            }
            Err(error) => return Err(error),
        };
        let before = before.filter(|_| !fit.is_migrated);
        Ok(Stored::Fits { fit, before })
    }

    /// A datastore, as it is or as the migration makes it.
    fn fit(&self, datastore: Name, entries: &[Entry]) -> Result<Fit, OpenError> {
        let errors = match running_of(self.schema, entries, self.names, self.head) {
            Ok(tree) => match Validated::new(&tree, true) {
                Ok(valid) => return Ok(Fit { tree, valid, is_migrated: false, notes: Vec::new() }),
                Err(errors) => errors,
            },
            Err(OpenError::Unfit(errors)) => errors,
            Err(error) => return Err(error),
        };
        let Some(migration) = &self.migration else { return Err(OpenError::Unfit(errors)) };
        let document = StoredSource::new(entries, self.names)?.document()?;
        let unfit = Unfit { schema: Arc::clone(self.schema), datastore, document, errors: errors.clone() };
        let Migrated { content, notes } =
            migration.migrate(unfit).map_err(|why| OpenError::Migration { datastore, why, errors })?;
        let (tree, valid) = accept(self.schema, content, self.head.0).map_err(OpenError::Migrated)?;
        Ok(Fit { tree, valid, is_migrated: true, notes })
    }
}

/// What a migration made takes the place of what is stored. What was stored stays in the log.
async fn write_migrated(
    store: &dyn Store,
    writer: &mut Writer,
    running: &[Entry],
    startup: Option<&[Entry]>,
    after: &Tree,
    notes: &[String],
) -> Result<(), OpenError> {
    for note in notes {
        tracing::warn!("migration: {note}");
    }
    let new = write_all(&View::of(after), &mut writer.names)?;
    let mut writes = instead_of(running, &new);
    for mut write in startup.map(|startup| instead_of(startup, &new)).unwrap_or_default() {
        write.key.insert(0, STARTUP);
        writes.push(write);
    }
    let told: Vec<&str> = notes.iter().take(TOLD).map(String::as_str).collect();
    let mut comment = format!("migrated to other modules: {}", told.join("; "));
    if notes.len() > TOLD {
        comment.push_str(&format!("; and {} more", notes.len() - TOLD));
    }
    let record = record(None, writer, writes, Some(comment));
    writer.head = store.append(writer.head, record).await?;
    writer.names.settle();
    Ok(())
}

/// So many notes of a migration stand in the log.
const TOLD: usize = 20;

/// The writes that bring entries to what others say.
fn instead_of(stored: &[Entry], new: &[Write]) -> Vec<Write> {
    let mut writes: BTreeMap<&[u8], Option<&[u8]>> = stored.iter().map(|e| (&*e.key, None)).collect();
    for Write { key, value } in new {
        let stored =
            stored.binary_search_by(|e| (*e.key).cmp(key.as_slice())).ok().map(|at| &*stored[at].value);
        match value.as_deref() {
            value if value == stored => drop(writes.remove(key.as_slice())),
            value => drop(writes.insert(key, value)),
        }
    }
    let write =
        |(key, value): (&[u8], Option<&[u8]>)| Write { key: key.to_vec(), value: value.map(<[u8]>::to_vec) };
    writes.into_iter().map(write).collect()
}

/// A tree of what is stored.
pub(super) fn running_of(
    schema: &Arc<Schema>,
    entries: &[Entry],
    names: &Names,
    head: Head,
) -> Result<Tree, OpenError> {
    let mut source = StoredSource::new(entries, names)?;
    let options = crate::migration::options(head.0);
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

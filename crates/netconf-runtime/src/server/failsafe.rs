//! How a server comes by its datastores: from its store, and when that cannot be used, from the failsafe configuration.

use super::{BuildError, Limits};
use crate::datastore::{Beginning, Datastores, OpenError};
use crate::handler::ConfigEntry;
use crate::migration::ReplaceWith;
use crate::nacm::Nacm;
use crate::store::{Store, StoreError};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use yang_data::tree::Tree;
use yang_schema::Schema;

/// Where the configuration is kept.
#[derive(Clone)]
pub(super) enum Kept {
    Store(Arc<dyn Store>),
    #[cfg(feature = "store-redb")]
    Directory(PathBuf),
}

/// How a server began: what whoever starts it should know.
#[derive(Clone, Default, Debug)]
#[non_exhaustive]
pub struct Opening {
    /// What a migration had to say.
    pub migration: Vec<String>,
    /// The stored configuration cannot be used, and the failsafe one runs instead.
    pub failsafe: Option<Failsafe>,
}

/// Why the failsafe configuration runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failsafe {
    /// What is wrong with the stored one.
    pub why: String,
    /// Where it is now; `None` where it stands in the log of the store.
    pub aside: Option<PathBuf>,
}

impl std::fmt::Display for Failsafe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the stored configuration cannot be used, and the failsafe configuration runs; the stored one is ")?;
        match &self.aside {
            Some(aside) => write!(f, "kept in {}", aside.display())?,
            None => f.write_str("kept in the log of its store")?,
        }
        write!(f, ": {}", self.why)
    }
}

/// What it takes to open the datastores.
#[derive(Clone)]
pub(super) struct Opener {
    pub(super) schema: Arc<Schema>,
    pub(super) store: Kept,
    pub(super) configs: Vec<ConfigEntry>,
    pub(super) beginning: Beginning,
    pub(super) limits: Limits,
    /// Users whom access control does not bind; `None` where it binds nobody.
    pub(super) recovery: Option<BTreeSet<String>>,
}

/// Open datastores.
pub(super) struct Opened {
    pub(super) datastores: Arc<Datastores>,
    pub(super) nacm: Option<Arc<Nacm>>,
    pub(super) directory: Option<PathBuf>,
    pub(super) opening: Opening,
}

impl Opener {
    pub(super) async fn open(self, failsafe: Option<Tree>) -> Result<Opened, BuildError> {
        let (why, failsafe) = match (self.clone().try_open().await, failsafe) {
            (Err(error), Some(failsafe)) if is_unusable(&error) => (error.to_string(), failsafe),
            (result, _) => return result,
        };
        let mut again = self;
        let aside = match &again.store {
            Kept::Store(_) => {
                again.beginning.migration = Some(Arc::new(ReplaceWith(failsafe)));
                None
            }
            #[cfg(feature = "store-redb")]
            Kept::Directory(directory) => {
                let aside = crate::store::RedbStore::put_aside(directory).await?;
                again.beginning.initial = Some(failsafe);
                Some(aside)
            }
        };
        let mut opened = again.try_open().await?;
        let failsafe = Failsafe { why, aside };
        tracing::error!("{failsafe}");
        opened.opening.failsafe = Some(failsafe);
        Ok(opened)
    }

    async fn try_open(self) -> Result<Opened, BuildError> {
        let (store, directory): (Arc<dyn Store>, Option<PathBuf>) = match self.store {
            Kept::Store(store) => (store, None),
            #[cfg(feature = "store-redb")]
            Kept::Directory(directory) => {
                (Arc::new(crate::store::RedbStore::open(&directory).await?), Some(directory))
            }
        };
        let schema = self.schema;
        let datastores =
            Datastores::open(Arc::clone(&schema), store, self.configs, self.beginning, self.limits).await?;
        let nacm = match self.recovery {
            None => None,
            Some(recovery) => {
                let running = datastores.snapshot().running.clone();
                Nacm::new(&schema, &running, recovery).map_err(BuildError::AccessControl)?.map(Arc::new)
            }
        };
        let opening = Opening { migration: datastores.migration_notes().to_vec(), failsafe: None };
        Ok(Opened { datastores, nacm, directory, opening })
    }
}

/// Is it the stored configuration that is at fault, and not the caller, or what may be over in a moment?
fn is_unusable(error: &BuildError) -> bool {
    match error {
        BuildError::AccessControl(_) => true,
        BuildError::Store(error) | BuildError::Open(OpenError::Store(error)) => matches!(
            error,
            StoreError::Damaged { .. } | StoreError::Foreign { .. } | StoreError::Newer { .. }
        ),
        BuildError::Open(error) => matches!(
            error,
            OpenError::Damaged(_)
                | OpenError::Unfit(_)
                | OpenError::Migration { .. }
                | OpenError::Migrated(_)
        ),
        _ => false,
    }
}

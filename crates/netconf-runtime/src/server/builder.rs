//! Putting a server together.

use super::core::Core;
use super::failsafe::{Kept, Opened, Opener};
use super::get_schema;
use super::monitoring::{self, Monitored};
use super::netconf::NetconfService;
use super::notification::Hub;
use super::sessions::Sessions;
use super::state::State;
use super::url::Urls;
use super::{BaseNotifications, Limits, Server, capabilities, yang_library};
use crate::ModuleTexts;
use crate::datastore::{Beginning, OpenError};
use crate::handler::{ActionHandler, Handlers, Publisher, Registry, RpcHandler, StateEntry};
use crate::migration::Migration;
use crate::protocol::capability::{BASE_1_0, BASE_1_1};
use crate::rpc_error::RpcError;
use crate::store::{MemoryStore, Store, StoreError};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use yang_data::error::DataError;
use yang_data::tree::Tree;
use yang_data::validate::Validated;
use yang_schema::{NodeId, NodeKind, Schema};

/// Why a server cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The store or what it holds cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Texts were given of modules that the schema does not know.
    #[error("texts were given of modules that are not in the schema of this server: {}", .0.join(", "))]
    ModuleTexts(Vec<String>),
    /// The stored rules of access control name nothing that there is.
    #[error("the stored rules of access control cannot be used:\n{}", .0.iter().map(|e| format!("  {e}")).collect::<Vec<_>>().join("\n"))]
    AccessControl(Vec<RpcError>),
    /// The failsafe configuration is not valid.
    #[error("the failsafe configuration is not valid:\n{}", .0.iter().map(|e| format!("  {e}")).collect::<Vec<_>>().join("\n"))]
    Failsafe(Vec<DataError>),
    /// The directory for files of configuration cannot be used.
    #[error("{}: {source}", path.display())]
    UrlRoot {
        /// The directory.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The URLs that clients may name make no sense, or nobody can vouch for the servers behind them.
    #[cfg(feature = "url-http")]
    #[error("the URLs of configuration cannot be used: {0}")]
    HttpUrls(String),
    /// The device's handlers do not fit the schema.
    #[error("the handlers do not fit the modules of this server:\n{}", .0.iter().map(|f| format!("  {f}")).collect::<Vec<_>>().join("\n"))]
    Handlers(Vec<String>),
}

/// Collects what a server is made of. See [`Server::builder`].
#[must_use]
pub struct ServerBuilder {
    schema: Arc<Schema>,
    registry: Registry,
    store: Kept,
    initial: Option<Tree>,
    migration: Option<Arc<dyn Migration>>,
    failsafe: Option<Tree>,
    limits: Limits,
    writable_running: bool,
    startup: bool,
    private_candidates: bool,
    url_root: Option<PathBuf>,
    #[cfg(feature = "url-http")]
    http_urls: Option<super::HttpUrls>,
    texts: ModuleTexts,
    controlled: bool,
    recovery: BTreeSet<String>,
    #[cfg(feature = "ssh")]
    authenticator: Option<Arc<dyn crate::transport::ssh::server::Authenticator>>,
}

impl ServerBuilder {
    pub(super) fn new(schema: Arc<Schema>) -> Self {
        Self {
            schema,
            registry: Registry::default(),
            store: Kept::Store(Arc::new(MemoryStore::new())),
            initial: None,
            migration: None,
            failsafe: None,
            limits: Limits::default(),
            writable_running: true,
            startup: false,
            private_candidates: false,
            url_root: None,
            #[cfg(feature = "url-http")]
            http_urls: None,
            texts: ModuleTexts::default(),
            controlled: true,
            recovery: BTreeSet::new(),
            #[cfg(feature = "ssh")]
            authenticator: None,
        }
    }

    /// Adds the handlers of a device. Several may be added, as long as no two handle the same.
    pub fn handlers<H: Handlers>(mut self, device: Arc<H>) -> Self {
        device.register(&mut self.registry);
        self
    }

    /// Keeps the configuration in this store. Without any, it is kept in memory and lost with the server.
    pub fn store(mut self, store: impl Store) -> Self {
        self.store = Kept::Store(Arc::new(store));
        self
    }

    /// Keeps the configuration in this directory, with redb; the host key of SSH lies there too. The directory is made
    /// if it is missing.
    #[cfg(feature = "store-redb")]
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.store = Kept::Directory(directory.into());
        self
    }

    /// What a store that is empty starts with.
    pub fn initial(mut self, configuration: Tree) -> Self {
        self.initial = Some(configuration);
        self
    }

    /// Makes something that fits of a stored configuration that does not fit the modules (any more). Without it the server does not
    /// start then. What was stored stays in the log.
    pub fn migrate(mut self, migration: impl Migration) -> Self {
        self.migration = Some(Arc::new(migration));
        self
    }

    /// What the server starts with when the stored configuration cannot be used: it does not fit, no migration makes it fit, or the
    /// store is damaged, newer or foreign. [`Server::opening`] tells of it, and so does the log of the program. The store is put
    /// aside in its directory under another name, and never overwritten; one that is no directory keeps what it holds in its log.
    ///
    /// A store that is in use, or that the file system does not give, is no such case.
    pub fn failsafe(mut self, configuration: Tree) -> Self {
        self.failsafe = Some(configuration);
        self
    }

    /// What others may cost the server.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// May clients edit `running` directly (RFC 6241 section 8.2)? They may unless this says no.
    pub fn writable_running(mut self, yes: bool) -> Self {
        self.writable_running = yes;
        self
    }

    /// Has it a datastore `startup` of its own (RFC 6241 section 8.7)? Without one, which is how it is unless this says otherwise,
    /// each commit outlives the server by itself. With one, the server starts with what `startup` says, and what was not copied
    /// there is gone.
    pub fn startup(mut self, yes: bool) -> Self {
        self.startup = yes;
        self
    }

    /// May sessions have candidates of their own (draft-ietf-netconf-privcand)? Those whose hello says so then do; `candidate` means
    /// the session's own, and what others commit meanwhile is merged into it by `update` and by `commit`. All others share one.
    pub fn private_candidates(mut self, yes: bool) -> Self {
        self.private_candidates = yes;
        self
    }

    /// Lets clients name files by `file:` URLs, as far as they are below this directory (RFC 6241 section 8.8).
    pub fn url_root(mut self, directory: impl Into<PathBuf>) -> Self {
        self.url_root = Some(directory.into());
        self
    }

    /// Lets clients name `http:` or `https:` URLs of the hosts in this list (RFC 6241 section 8.8). The server then fetches and
    /// writes there itself.
    #[cfg(feature = "url-http")]
    pub fn http_urls(mut self, allowed: super::HttpUrls) -> Self {
        self.http_urls = Some(allowed);
        self
    }

    /// Does access control (RFC 8341) bind the users, where ietf-netconf-acm is implemented? It does unless this says no: with no rules
    /// that is, everybody may read and run what is not denied by default, and nobody may write.
    pub fn access_control(mut self, yes: bool) -> Self {
        self.controlled = yes;
        self
    }

    /// A user whom access control does not bind (RFC 8341 section 3.1.3, "recovery session"): the first rules come from somebody.
    pub fn recovery_user(mut self, name: impl Into<String>) -> Self {
        self.recovery.insert(name.into());
        self
    }

    /// The texts of the modules, which generated code carries (`&yang::MODULE_TEXTS`); others are collected from names,
    /// revisions and texts. A schema with ietf-netconf-monitoring lets clients fetch them by `get-schema` (RFC 6022 section
    /// 3.1).
    pub fn module_texts(mut self, texts: impl Into<ModuleTexts>) -> Self {
        self.texts = texts.into();
        self
    }

    /// Who may come in over SSH.
    #[cfg(feature = "ssh")]
    pub fn users(mut self, users: impl crate::transport::ssh::server::Authenticator) -> Self {
        self.authenticator = Some(Arc::new(users));
        self
    }

    /// Opens the store, checks all against the schema, and gives the stored configuration to its handlers.
    ///
    /// # Errors
    /// What does not fit together is refused; the store stays as it is.
    pub async fn build(self) -> Result<Server, BuildError> {
        let Self {
            schema,
            mut registry,
            store,
            initial,
            migration,
            failsafe,
            limits,
            writable_running,
            startup,
            private_candidates,
            url_root,
            #[cfg(feature = "url-http")]
            http_urls,
            texts,
            controlled,
            recovery,
            ..
        } = self;
        let mut faults = std::mem::take(&mut registry.faults);
        let mut rpcs = rpcs(&schema, std::mem::take(&mut registry.rpcs), &mut faults);
        let actions = actions(&schema, std::mem::take(&mut registry.actions), &mut faults);
        check_states(&schema, &registry.states, &mut faults);
        check_complete(&schema, &registry, &rpcs, &actions, &mut faults);
        if !faults.is_empty() {
            return Err(BuildError::Handlers(faults));
        }
        let unknown = |name: &&str| get_schema::namespace(&schema, name).is_none();
        let strangers: Vec<_> =
            texts.modules().map(|(name, _)| name).filter(unknown).map(str::to_owned).collect();
        if !strangers.is_empty() {
            return Err(BuildError::ModuleTexts(strangers));
        }
        if let Some(failsafe) = &failsafe {
            Validated::new(failsafe, true).map_err(BuildError::Failsafe)?;
        }
        let mut urls = Urls::new(limits.codec, limits.file);
        if let Some(root) = url_root {
            urls = urls.files(&root).map_err(|source| BuildError::UrlRoot { path: root, source })?;
        }
        #[cfg(feature = "url-http")]
        if let Some(allowed) = http_urls {
            urls = urls.http(allowed, limits.url, limits.url_head).map_err(BuildError::HttpUrls)?;
        }
        let opener = Opener {
            schema: Arc::clone(&schema),
            store,
            configs: registry.configs,
            beginning: Beginning { initial, has_startup: startup, migration },
            limits: limits.clone(),
            recovery: controlled.then_some(recovery),
        };
        let Opened { datastores, nacm, directory, opening } = opener.open(failsafe).await?;
        let hub = Arc::new(Hub::new(Arc::clone(&schema), datastores.published(), limits.clone()));
        if let Some(nacm) = &nacm {
            datastores.control(Arc::clone(nacm));
            hub.control(Arc::clone(nacm));
        }
        let events = BaseNotifications::of(&hub).map(Arc::new);
        datastores.start(Publisher::new(Arc::clone(&hub)), events.clone()).await;

        let mut capabilities = capabilities::of(
            &schema,
            capabilities::Options { writable_running, startup, private_candidates, url: urls.schemes() },
        );
        let mut providers = registry.states;
        providers.extend(nacm.as_ref().map(crate::nacm::provider));
        providers.extend(super::apply_faults::provider(&schema, &datastores));
        providers.extend(super::streams::provider(&schema, &hub));
        if let Some(library) = yang_library::of(&schema, startup) {
            capabilities.extend(library.capabilities);
            providers.extend(library.providers);
        }
        if !texts.is_empty()
            && let Some(texts) = get_schema::of(&schema, &Arc::new(texts))
        {
            // A device may have its own.
            rpcs.entry(texts.rpc).or_insert(texts.handler);
            providers.push(texts.schemas);
        }
        let sessions = Arc::new(Sessions::new(limits.sessions));
        let bases = [BASE_1_0, BASE_1_1].map(str::to_owned);
        providers.extend(monitoring::providers(
            &schema,
            Monitored {
                capabilities: bases.into_iter().chain(capabilities.iter().cloned()).collect(),
                datastores: Arc::clone(&datastores),
                sessions: Arc::clone(&sessions),
            },
        ));
        let state = Arc::new(State { providers });
        hub.provide(Arc::clone(&state));
        let core = Arc::new(Core {
            events,
            datastores,
            hub,
            sessions,
            rpcs,
            actions,
            state,
            encoders: super::encoders::Encoders::default(),
            limits,
            writable_running,
            urls,
            nacm,
            schema,
        });
        Ok(Server {
            service: NetconfService::new(Arc::clone(&core), capabilities),
            core,
            opening,
            directory,
            #[cfg(feature = "ssh")]
            host_key: std::sync::OnceLock::new(),
            #[cfg(feature = "ssh")]
            authenticator: self.authenticator,
            listeners: tokio::sync::Mutex::new(Vec::new()),
        })
    }
}

/// The handlers by the nodes of their rpcs.
fn rpcs(
    schema: &Schema,
    handlers: BTreeMap<(String, String), RpcHandler>,
    faults: &mut Vec<String>,
) -> BTreeMap<NodeId, RpcHandler> {
    let mut rpcs = BTreeMap::new();
    for ((module, name), handler) in handlers {
        match schema.find_module(&module).and_then(|id| schema.find_rpc(id, &name)) {
            Some(rpc) => drop(rpcs.insert(rpc.id(), handler)),
            None => faults.push(format!("the schema has no rpc {module}:{name}")),
        }
    }
    rpcs
}

/// The handlers by the nodes of their actions.
fn actions(
    schema: &Schema,
    handlers: BTreeMap<String, ActionHandler>,
    faults: &mut Vec<String>,
) -> BTreeMap<NodeId, ActionHandler> {
    let mut actions = BTreeMap::new();
    for (path, handler) in handlers {
        match schema.find(&path).filter(|node| node.kind() == NodeKind::Action) {
            Some(action) => drop(actions.insert(action.id(), handler)),
            None => faults.push(format!("the schema has no action {path}")),
        }
    }
    actions
}

fn check_states(schema: &Schema, states: &[StateEntry], faults: &mut Vec<String>) {
    for StateEntry { path, .. } in states {
        let Some(node) = schema.find(path) else {
            faults.push(format!("a state provider is registered for {path}, which the schema does not have"));
            continue;
        };
        if node.kind() != NodeKind::Root && !node.kind().is_data_node() {
            faults.push(format!("a state provider is registered for {path}, which is no data node"));
        }
    }
}

/// What the front answers by itself.
const BUILT_IN: [&str; 2] = ["ietf-netconf", "notifications"];

/// Every rpc and action has a handler, or somebody said that it has none.
fn check_complete(
    schema: &Schema,
    registry: &Registry,
    rpcs: &BTreeMap<NodeId, RpcHandler>,
    actions: &BTreeMap<NodeId, ActionHandler>,
    faults: &mut Vec<String>,
) {
    for module in &registry.unsupported {
        if schema.find_module(module).is_none() {
            faults.push(format!("the module {module} is said to be unsupported, and is not in the schema"));
        }
    }
    if !registry.complete {
        return;
    }
    for (_, module) in schema.modules().filter(|(_, m)| m.implemented) {
        let name = schema.str(module.name);
        if BUILT_IN.contains(&name) || registry.unsupported.contains(name) {
            continue;
        }
        let nodes = schema
            .find_module(name)
            .into_iter()
            .flat_map(|id| schema.root().descendants().filter(move |n| n.module() == id));
        for node in nodes {
            let handled = match node.kind() {
                NodeKind::Rpc => rpcs.contains_key(&node.id()) || get_schema::is(node),
                NodeKind::Action => actions.contains_key(&node.id()),
                _ => true,
            };
            if !handled {
                faults.push(format!(
                    "nobody handles the {} {}; implement its module's `Handler`, or say \
                     `#[handlers(unsupported(..))]` of it",
                    node.kind().keyword(),
                    node.data_path()
                ));
            }
        }
    }
}

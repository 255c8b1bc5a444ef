//! All handlers of a device.

use super::config::ConfigHandler;
use super::cx::Cx;
use super::{BoxFuture, typed};
use crate::rpc_error::RpcError;
use std::collections::BTreeMap;
use std::sync::Arc;
use yang_data::binding::{Rpc, Yang};
use yang_data::tree::Tree;
use yang_schema::Schema;

/// A handler of an rpc: from a checked tree at its `input` to one at its `output`.
pub(crate) type RpcHandler =
    Arc<dyn Fn(Cx, Tree) -> BoxFuture<'static, Result<Tree, RpcError>> + Send + Sync>;

/// A provider of state: the context and the schema in, a tree of state out.
pub(crate) type StateProvider =
    Arc<dyn Fn(Cx, Arc<Schema>) -> BoxFuture<'static, Result<Tree, RpcError>> + Send + Sync>;

/// A provider and where its state stands.
#[derive(Clone)]
pub(crate) struct StateEntry {
    pub(crate) path: String,
    pub(crate) provider: StateProvider,
}

/// A configuration handler and what it wants to hear of.
#[derive(Clone)]
pub(crate) struct ConfigEntry {
    pub(crate) path: String,
    pub(crate) handler: Arc<dyn ConfigHandler>,
}

/// What a device can do. [`Handlers::register`](super::Handlers::register) fills it; the server checks it against its
/// schema when it is built.
#[derive(Default)]
pub struct Registry {
    /// By module and name.
    pub(crate) rpcs: BTreeMap<(String, String), RpcHandler>,
    pub(crate) states: Vec<StateEntry>,
    pub(crate) configs: Vec<ConfigEntry>,
    /// What was entered twice.
    pub(crate) faults: Vec<String>,
}

impl Registry {
    /// The handler of an rpc. It gets a valid input; its output is validated.
    pub fn rpc<R: Rpc>(
        &mut self,
        handler: impl Fn(Cx, R::Input) -> BoxFuture<'static, Result<R::Output, RpcError>> + Send + Sync + 'static,
    ) {
        let handler = Arc::new(handler);
        self.rpc_tree(R::MODULE.name, R::NAME, move |cx, input| {
            let handler = Arc::clone(&handler);
            Box::pin(async move {
                let typed = typed::from_content::<R::Input>(&input)?;
                let output = handler(cx, typed).await?;
                typed::output_tree(&input, &output)
            })
        });
    }

    /// The handler of an rpc that has no types: from a valid tree at the rpc's `input` to one at its `output`.
    pub fn rpc_tree(
        &mut self,
        module: &str,
        name: &str,
        handler: impl Fn(Cx, Tree) -> BoxFuture<'static, Result<Tree, RpcError>> + Send + Sync + 'static,
    ) {
        let key = (module.to_owned(), name.to_owned());
        if self.rpcs.insert(key, Arc::new(handler)).is_some() {
            self.faults.push(format!("the rpc {module}:{name} has two handlers"));
        }
    }

    /// A provider of state. `path` names a container, such as `/example-toaster:toaster`, and `T` is its struct, of which
    /// the provider fills in `config false` nodes, with what is needed to tell where they stand. It is called whenever
    /// state is read.
    pub fn state<T: Yang>(
        &mut self,
        path: &str,
        provider: impl Fn(Cx) -> BoxFuture<'static, Result<T, RpcError>> + Send + Sync + 'static,
    ) {
        let provider = Arc::new(provider);
        let at = path.to_owned();
        self.state_tree(path, move |cx, schema| {
            let (provider, at) = (Arc::clone(&provider), at.clone());
            Box::pin(async move {
                let state = provider(cx).await?;
                typed::state_tree(&schema, &at, &state)
            })
        });
    }

    /// A provider of state that has no types: it gives a tree at the root.
    pub fn state_tree(
        &mut self,
        path: &str,
        provider: impl Fn(Cx, Arc<Schema>) -> BoxFuture<'static, Result<Tree, RpcError>> + Send + Sync + 'static,
    ) {
        self.states.push(StateEntry { path: path.to_owned(), provider: Arc::new(provider) });
    }

    /// A handler of configuration: it hears of each commit that changes something at the node of the path, below it, or
    /// the existence of what it stands in. `path` names a schema node, such as `/ietf-interfaces:interfaces/interface`.
    pub fn config(&mut self, path: &str, handler: Arc<dyn ConfigHandler>) {
        self.configs.push(ConfigEntry { path: path.to_owned(), handler });
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry")
            .field("rpcs", &self.rpcs.keys())
            .field("states", &self.states.iter().map(|s| &s.path).collect::<Vec<_>>())
            .field("configs", &self.configs.iter().map(|s| &s.path).collect::<Vec<_>>())
            .finish()
    }
}

//! All handlers of a device.

use super::config::ConfigHandler;
use super::cx::Cx;
use super::state::{Entries, StateSender};
use super::{BoxFuture, typed};
use crate::rpc_error::RpcError;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use yang_data::binding::path::{Mode, Path};
use yang_data::binding::{Action, Keys, Placed, Rpc, Yang};
use yang_data::tree::Tree;
use yang_schema::value::InstanceIdentifier;

/// A handler of an rpc: from a checked tree at its `input` to one at its `output`.
pub(crate) type RpcHandler =
    Arc<dyn Fn(Cx, Tree) -> BoxFuture<'static, Result<Tree, RpcError>> + Send + Sync>;

/// A handler of an action: the node that it is invoked on, and a checked tree at its `input`, to one at its `output`.
pub(crate) type ActionHandler =
    Arc<dyn Fn(Cx, InstanceIdentifier, Tree) -> BoxFuture<'static, Result<Tree, RpcError>> + Send + Sync>;

/// A provider of state: the context, and where its state goes.
pub(crate) type StateProvider =
    Arc<dyn Fn(Cx, StateSender) -> BoxFuture<'static, Result<(), RpcError>> + Send + Sync>;

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
    /// By the schema path of the action.
    pub(crate) actions: BTreeMap<String, ActionHandler>,
    pub(crate) states: Vec<StateEntry>,
    pub(crate) configs: Vec<ConfigEntry>,
    /// Modules whose rpcs and actions nobody handles, as somebody said.
    pub(crate) unsupported: BTreeSet<String>,
    /// Must all other rpcs and actions have handlers?
    pub(crate) complete: bool,
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

    /// The handler of an action (RFC 7950 section 7.15). `path` is its schema path, such as `/example-farm:server/reset`. The
    /// handler gets the keys on the way to the node that it is invoked on, which exists, and a valid input; its output is
    /// validated.
    pub fn action<A: Action + Placed>(
        &mut self,
        path: &str,
        handler: impl Fn(Cx, A::Keys, A::Input) -> BoxFuture<'static, Result<A::Output, RpcError>>
        + Send
        + Sync
        + 'static,
    ) {
        let handler = Arc::new(handler);
        self.action_tree(path, move |cx, at, input| {
            let handler = Arc::clone(&handler);
            Box::pin(async move {
                let keys = typed::keys(&A::places(), input.schema(), &at)?;
                let typed = typed::from_content::<A::Input>(&input)?;
                let output = handler(cx, keys, typed).await?;
                typed::output_tree(&input, &output)
            })
        });
    }

    /// The handler of an action that has no types: the node that it is invoked on, and a valid tree at its `input`, to one at
    /// its `output`.
    pub fn action_tree(
        &mut self,
        path: &str,
        handler: impl Fn(Cx, InstanceIdentifier, Tree) -> BoxFuture<'static, Result<Tree, RpcError>>
        + Send
        + Sync
        + 'static,
    ) {
        if self.actions.insert(path.to_owned(), Arc::new(handler)).is_some() {
            self.faults.push(format!("the action {path} has two handlers"));
        }
    }

    /// Nobody handles the rpcs and actions of this module, and that is meant so: they are answered by
    /// `operation-not-supported`.
    pub fn unsupported(&mut self, module: &str) {
        self.unsupported.insert(module.to_owned());
    }

    /// What is entered is all there is: a server with an rpc or action that has no handler, and whose module is not said to be
    /// [`unsupported`](Self::unsupported), cannot be built.
    pub fn complete(&mut self) {
        self.complete = true;
    }

    /// A provider of state. `path` names a container, such as `/example-toaster:toaster`, and `T` is its struct, of which
    /// the provider fills in `config false` nodes, with what is needed to tell where they stand. It is called whenever
    /// state below it is read.
    pub fn state<T: Yang>(
        &mut self,
        path: &str,
        provider: impl Fn(Cx) -> BoxFuture<'static, Result<T, RpcError>> + Send + Sync + 'static,
    ) {
        let provider = Arc::new(provider);
        let at = path.to_owned();
        self.state_tree(path, move |cx, out| {
            let (provider, at) = (Arc::clone(&provider), at.clone());
            Box::pin(async move {
                let state = provider(cx).await?;
                let tree = typed::state_tree(out.schema(), &at, &state)?;
                out.send_tree(tree).await
            })
        });
    }

    /// A provider of the state of a node at the top that is no container. `path` names it, and `T` is the struct of all data at
    /// the top, of which the provider fills in that node alone. It is called whenever state there is read.
    pub fn state_at_top<T: Yang>(
        &mut self,
        path: &str,
        provider: impl Fn(Cx) -> BoxFuture<'static, Result<T, RpcError>> + Send + Sync + 'static,
    ) {
        let provider = Arc::new(provider);
        self.state_tree(path, move |cx, out| {
            let provider = Arc::clone(&provider);
            Box::pin(async move {
                let state = provider(cx).await?;
                let tree = typed::state_tree(out.schema(), "/", &state)?;
                out.send_tree(tree).await
            })
        });
    }

    /// A provider of the state of a list, or of what stands in one: it sends its instances one by one, and is told which of
    /// them a request can see. `path` leads to all of them.
    pub fn state_entries<T: Yang, A: Keys, K: Keys, M: Mode>(
        &mut self,
        path: Path<T, M>,
        provider: impl Fn(Cx, Entries<T, A, K>) -> BoxFuture<'static, Result<Entries<T, A, K>, RpcError>>
        + Send
        + Sync
        + 'static,
    ) {
        let provider = Arc::new(provider);
        let at = path.to_string();
        self.state_tree(&at, move |cx, out| {
            let (provider, out) = (Arc::clone(&provider), Entries::new(out, &path));
            Box::pin(async move { provider(cx, out).await?.finish().await })
        });
    }

    /// A provider of state that has no types: it sends trees at the root. `path` names a node, in a list or not, of which all
    /// instances are its to provide.
    pub fn state_tree(
        &mut self,
        path: &str,
        provider: impl Fn(Cx, StateSender) -> BoxFuture<'static, Result<(), RpcError>> + Send + Sync + 'static,
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
            .field("actions", &self.actions.keys())
            .field("states", &self.states.iter().map(|s| &s.path).collect::<Vec<_>>())
            .field("configs", &self.configs.iter().map(|s| &s.path).collect::<Vec<_>>())
            .finish()
    }
}

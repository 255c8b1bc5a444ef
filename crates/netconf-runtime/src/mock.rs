//! A device in memory for the tests of those who use a client: real sessions with a real server of the device's modules, its
//! configuration and state as the test says, its rpcs and actions answered by closures, and a record of what was asked.

use crate::client::{Error, Options, Session};
use crate::handler::{Handlers, Registry};
use crate::protocol;
use crate::rpc_error::RpcError;
use crate::server::service::TransportKind;
use crate::server::{BuildError, Server};
use crate::transport::{Peer, memory, serve};
use std::any::Any;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use yang_data::binding::path::{Mode, Path};
use yang_data::binding::{Action, NestedNotification, Notification, Placed, Rpc, Target, Yang};
use yang_data::error::DataError;
use yang_data::tree::{DecodeOptions, Tree, TreeSink};
use yang_data::view::View;
use yang_schema::{NodeId, Schema};

/// A device in memory before it starts. Generated code has a function `mock()` that makes one of its modules.
#[must_use = "it does nothing before `start`"]
pub struct Mock {
    schema: Arc<Schema>,
    configuration: Result<Tree, MockError>,
    state: Result<Tree, MockError>,
    answers: Vec<Answer>,
    calls: Calls,
}

type Answer = Box<dyn Fn(&mut Registry) + Send + Sync>;

/// Why a mock cannot start: the test asks for what the device's modules do not have.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MockError {
    /// A value does not fit the modules.
    #[error("this does not fit the modules of the device: {0}")]
    Data(String),
    /// The server cannot be built: an answer to an rpc that is not there, a configuration that is not valid.
    #[error(transparent)]
    Server(#[from] BuildError),
}

/// A call that came.
struct Call {
    /// Module and name of the rpc, or the name of the action's type.
    of: String,
    /// Keys and input of an action, input of an rpc.
    input: Box<dyn Any + Send>,
}

#[derive(Clone, Default)]
struct Calls(Arc<Mutex<Vec<Call>>>);

impl Calls {
    fn lock(&self) -> MutexGuard<'_, Vec<Call>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, of: String, input: impl Any + Send) {
        self.lock().push(Call { of, input: Box::new(input) });
    }

    fn of<T: Any + Clone>(&self, of: &str) -> Vec<T> {
        let calls = self.lock();
        calls.iter().filter(|c| c.of == of).filter_map(|c| c.input.downcast_ref::<T>()).cloned().collect()
    }
}

fn name_of_rpc<R: Rpc>() -> String {
    format!("{}:{}", R::MODULE.name, R::NAME)
}

/// An action's schema path.
fn path_of_action<A: Action + Placed>(schema: &Schema) -> String {
    let mut path = String::new();
    let mut module = "";
    for (of, name) in A::places().names() {
        path.push('/');
        if of.name != module {
            path.push_str(&format!("{}:", of.name));
            module = of.name;
        }
        path.push_str(name);
    }
    let own = A::MODULE.map_or(module, |m| m.name);
    let prefix = if own == module { String::new() } else { format!("{own}:") };
    let path = format!("{path}/{prefix}{}", A::NAME);
    schema.find(&path).map_or(path, |node| node.data_path())
}

impl Mock {
    /// A device of these modules, without configuration, state and answers.
    pub fn new(schema: Arc<Schema>) -> Self {
        Self {
            configuration: Ok(Tree::new(Arc::clone(&schema))),
            state: Ok(Tree::new(Arc::clone(&schema))),
            schema,
            answers: Vec::new(),
            calls: Calls::default(),
        }
    }

    /// Adds to the configuration that the device starts with: a `root`, or a top-level container.
    pub fn config<T: Yang>(mut self, value: &T) -> Self {
        self.configuration = self.configuration.and_then(|all| Ok(all.overlay(&tree(&self.schema, value)?)));
        self
    }

    /// Adds to the state that the device shows: only `config false` nodes are set in it, and the keys of lists.
    pub fn state<T: Yang>(mut self, value: &T) -> Self {
        self.state = self.state.and_then(|all| Ok(all.overlay(&tree(&self.schema, value)?)));
        self
    }

    /// Answers an rpc. The input was found valid before, and the output is checked: a mock keeps to its model.
    pub fn on<R: Rpc>(
        mut self,
        answer: impl Fn(R::Input) -> Result<R::Output, RpcError> + Send + Sync + 'static,
    ) -> Self {
        let (answer, calls) = (Arc::new(answer), self.calls.clone());
        self.answers.push(Box::new(move |registry| {
            let (answer, calls) = (Arc::clone(&answer), calls.clone());
            registry.rpc::<R>(move |_, input| {
                calls.add(name_of_rpc::<R>(), input.clone());
                Box::pin(std::future::ready(answer(input)))
            });
        }));
        self
    }

    /// Answers an action. The node that it is invoked on has to be there, in the configuration or in the state.
    pub fn on_action<A: Action + Placed>(
        mut self,
        answer: impl Fn(A::Keys, A::Input) -> Result<A::Output, RpcError> + Send + Sync + 'static,
    ) -> Self {
        let (answer, calls) = (Arc::new(answer), self.calls.clone());
        let path = path_of_action::<A>(&self.schema);
        self.answers.push(Box::new(move |registry| {
            let (answer, calls, path) = (Arc::clone(&answer), calls.clone(), path.clone());
            registry.action::<A>(&path.clone(), move |_, keys, input| {
                calls.add(path.clone(), (keys.clone(), input.clone()));
                Box::pin(std::future::ready(answer(keys, input)))
            });
        }));
        self
    }

    /// Starts it.
    ///
    /// # Errors
    /// What the test says does not fit the modules of the device.
    pub async fn start(self) -> Result<MockDevice, MockError> {
        let Self { schema, configuration, state, answers, calls } = self;
        let canned = Canned { answers, state: state? };
        let server =
            Server::builder(schema).initial(configuration?).handlers(Arc::new(canned)).build().await?;
        Ok(MockDevice { server, calls })
    }
}

impl std::fmt::Debug for Mock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mock").field("answers", &self.answers.len()).finish_non_exhaustive()
    }
}

/// A value as a tree at the root.
fn tree<T: Yang>(schema: &Arc<Schema>, value: &T) -> Result<Tree, MockError> {
    let mut sink = TreeSink::new(schema, NodeId::ROOT, &DecodeOptions::default());
    value.encode(&mut sink).map_err(|e| MockError::Data(e.to_string()))?;
    let told = |errors: Vec<DataError>| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    sink.finish().map_err(|e| MockError::Data(told(e)))
}

struct Canned {
    answers: Vec<Answer>,
    state: Tree,
}

impl Handlers for Canned {
    fn register(self: Arc<Self>, registry: &mut Registry) {
        self.answers.iter().for_each(|answer| answer(registry));
        let state = self.state.clone();
        registry.state_tree("/", move |_, out| {
            let state = state.clone();
            Box::pin(async move { out.send_tree(state).await })
        });
    }
}

/// A session of a user with a server of this process, as tests of a device want it.
///
/// # Errors
/// The server takes no more sessions.
pub async fn connect(server: &Server, user: &str) -> Result<Session, Error> {
    let (near, far) = memory();
    let (reader, writer) = tokio::io::split(far);
    let peer = Peer {
        user: user.to_owned(),
        groups: Vec::new(),
        address: "memory".to_owned(),
        transport: TransportKind::Memory,
    };
    tokio::spawn(serve(reader, writer, server.service(), peer, protocol::Limits::default()));
    Session::open(near, Options::default()).await
}

/// A mock that runs.
pub struct MockDevice {
    server: Server,
    calls: Calls,
}

impl MockDevice {
    /// A session with it, of a user `test`.
    ///
    /// # Errors
    /// The device takes no more sessions.
    pub async fn session(&self) -> Result<Session, Error> {
        self.session_of("test").await
    }

    /// A session with it, of any user.
    ///
    /// # Errors
    /// The device takes no more sessions.
    pub async fn session_of(&self, user: &str) -> Result<Session, Error> {
        connect(&self.server, user).await
    }

    /// The inputs of all calls of an rpc, in their order. Only those of an rpc that the test answers are here.
    pub fn calls<R: Rpc>(&self) -> Vec<R::Input> {
        self.calls.of(&name_of_rpc::<R>())
    }

    /// Keys and inputs of all calls of an action, in their order.
    pub fn action_calls<A: Action + Placed>(&self) -> Vec<(A::Keys, A::Input)> {
        self.calls.of(&path_of_action::<A>(self.server.schema()))
    }

    /// What `running` holds at a path.
    ///
    /// # Errors
    /// It does not fit the type.
    pub fn running<T: Target, M>(&self, path: &Path<T, M>) -> Result<Option<T>, MockError> {
        let snapshot = self.server.snapshot();
        path.read_in(&View::of(&snapshot.running)).map_err(|e| MockError::Data(e.to_string()))
    }

    /// Publishes a notification to the sessions that have subscribed.
    ///
    /// # Errors
    /// It breaks its model.
    pub fn publish<N: Notification>(&self, notification: &N) -> Result<(), RpcError> {
        self.server.publisher().publish(notification)
    }

    /// Publishes a notification about one node.
    ///
    /// # Errors
    /// It breaks its model.
    pub fn publish_at<N: NestedNotification + Placed, M: Mode>(
        &self,
        at: &Path<N::Node, M>,
        notification: &N,
    ) -> Result<(), RpcError> {
        self.server.publisher().publish_at(at, notification)
    }

    /// The server behind it.
    pub fn server(&self) -> &Server {
        &self.server
    }
}

impl std::fmt::Debug for MockDevice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MockDevice").field("server", &self.server).finish_non_exhaustive()
    }
}

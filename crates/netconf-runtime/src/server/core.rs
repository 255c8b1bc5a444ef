//! What every operation does, whoever asks for it in whichever protocol.

use super::error;
use super::notification::Hub;
use super::operation::{Edit, Operation, Outcome, Read, Source, Subject};
use super::service::SessionHandle;
use super::sessions::Sessions;
use super::state::{State, Wants};
use super::{Limits, invoke};
use crate::datastore::{Datastores, Name};
use crate::handler::{ActionHandler, Cx, Publisher, RpcHandler};
use crate::rpc_error::{ErrorType, RpcError};
use std::collections::BTreeMap;
use std::sync::Arc;
use yang_data::view::View;
use yang_schema::{NodeId, Schema};

/// A server without any protocol.
pub(crate) struct Core {
    pub(crate) schema: Arc<Schema>,
    pub(crate) datastores: Arc<Datastores>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) sessions: Sessions,
    /// By the node of the rpc.
    pub(crate) rpcs: BTreeMap<NodeId, RpcHandler>,
    /// By the node of the action.
    pub(crate) actions: BTreeMap<NodeId, ActionHandler>,
    pub(crate) state: State,
    pub(crate) limits: Limits,
    /// May `running` be edited directly (RFC 6241 section 8.2)?
    pub(crate) writable_running: bool,
}

type Errors = Vec<RpcError>;

impl Core {
    pub(crate) fn publisher(&self) -> Publisher {
        Publisher::new(Arc::clone(&self.hub))
    }

    /// Does what an operation says.
    pub(crate) async fn execute(
        &self,
        cx: &Cx,
        handle: &Arc<dyn SessionHandle>,
        operation: Operation,
    ) -> Result<Outcome, Errors> {
        let session = cx.session_id();
        match operation {
            Operation::Read(read) => return self.read(cx, read).await,
            Operation::Invoke(invocation) => return invoke::invoke(self, cx, invocation).await,
            Operation::Edit(Edit { target, request }) => {
                self.datastores.edit(cx.clone(), target, request).await?;
            }
            Operation::Validate(Subject::Datastore(name)) => {
                let snapshot = self.datastores.snapshot();
                let configuration = match name {
                    Name::Running => &snapshot.running,
                    Name::Candidate => &snapshot.candidate,
                };
                self.datastores.validate(configuration).await?;
            }
            Operation::Validate(Subject::Configuration(tree)) => self.datastores.validate(&tree).await?,
            Operation::Commit => self.datastores.commit(cx.clone()).await?,
            Operation::Discard => self.datastores.discard(session).await.map_err(one)?,
            Operation::Lock(name) => self.datastores.lock(name, session).await.map_err(one)?,
            Operation::Unlock(name) => self.datastores.unlock(name, session).await.map_err(one)?,
            Operation::Subscribe(subscribe) => {
                self.hub.subscribe(session, handle, subscribe).map_err(one)?;
            }
            Operation::Kill(other) => self.kill(session, other).map_err(one)?,
        }
        Ok(Outcome::Done)
    }

    async fn read(&self, cx: &Cx, read: Read) -> Result<Outcome, Errors> {
        let snapshot = self.datastores.snapshot();
        let view = View::new(Arc::clone(&self.schema)).defaults(read.defaults);
        let view = match read.source {
            Source::Datastore(Name::Running) => view.layer(&snapshot.running),
            Source::Datastore(Name::Candidate) => view.layer(&snapshot.candidate),
            Source::State => {
                let view = view.layer(&snapshot.running);
                let wants = Wants::of_filter(&self.schema, &read.filter);
                match self.state.collect(cx, &self.schema, &wants, &self.limits).await? {
                    Some(state) => view.layer(&state),
                    None => view,
                }
            }
        };
        Ok(Outcome::Data(view, read.filter))
    }

    /// `kill-session` (RFC 6241 section 7.9).
    fn kill(&self, session: u32, other: u32) -> Result<(), RpcError> {
        let refused = |why: &str| Err(RpcError::invalid_value(why).of_type(ErrorType::Protocol));
        if other == session {
            return refused("a session cannot kill itself; that is what close-session is for");
        }
        if !self.sessions.kill(other, session) {
            return refused(&format!("there is no session {other}"));
        }
        tracing::info!(session, killed = other, "a session is killed");
        Ok(())
    }

    /// A session is over: what it held is free.
    pub(crate) fn session_ended(&self, session: u32) {
        self.hub.session_ended(session);
        self.datastores.session_ended(session);
        self.sessions.close(session);
    }

    pub(crate) fn told(&self, errors: Vec<yang_data::error::DataError>) -> Errors {
        error::rpc_errors(errors, &self.schema)
    }
}

fn one(error: RpcError) -> Errors {
    vec![error]
}

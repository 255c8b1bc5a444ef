//! The NETCONF front: operations of RFC 6241, RFC 5277 and of the modules, from XML to [`Operation`] and back.
//!
//! Each operation has its file, which knows its parameters and nothing else. A parameter that is not known is an error,
//! never ignored.

mod close_session;
mod commit;
mod copy_config;
mod create_subscription;
mod datastore;
mod edit_config;
mod filter;
mod get;
mod invoke;
mod kill_session;
mod lock;
mod params;
mod reply;
mod source;
mod update;
mod validate;

use super::core::Core;
use super::notification;
use super::operation::Operation;
use super::service::{
    BoxFuture, CloseReason, Greeting, Refused, RpcReply, RpcRequest, Service, SessionHandle, SessionInfo,
    SessionService,
};
use crate::handler::Cx;
use crate::protocol::capability::{self, PRIVATE_CANDIDATE};
use crate::rpc_error::{ErrorType, RpcError, YANG_NAMESPACE};
use crate::xml::BASE_NAMESPACE;
use params::Request;
use std::sync::Arc;
use tracing::Instrument as _;

/// A server as NETCONF sessions see it.
#[derive(Clone)]
pub(crate) struct NetconfService {
    core: Arc<Core>,
    capabilities: Arc<[String]>,
}

impl NetconfService {
    pub(crate) fn new(core: Arc<Core>, capabilities: Vec<String>) -> Self {
        Self { core, capabilities: capabilities.into() }
    }
}

impl Service for NetconfService {
    fn greet(&self) -> Result<Greeting, Refused> {
        Ok(Greeting { session_id: self.core.sessions.next_id()?, capabilities: self.capabilities.to_vec() })
    }

    fn bad_hello(&self) {
        self.core.sessions.bad_hello();
    }

    fn open(&self, info: SessionInfo, handle: Arc<dyn SessionHandle>) -> Box<dyn SessionService> {
        tracing::info!(session = info.id, user = info.user, peer = info.peer, transport = %info.transport, "session opened");
        if capability::contains(info.capabilities.iter(), PRIVATE_CANDIDATE) {
            self.core.datastores.session_has_private_candidate(info.id);
        }
        self.core.sessions.open(info.clone(), Arc::clone(&handle));
        if let Some(events) = &self.core.events {
            events.session_started(&info);
        }
        Box::new(Session { core: Arc::clone(&self.core), info, handle, open: true })
    }
}

struct Session {
    core: Arc<Core>,
    info: SessionInfo,
    handle: Arc<dyn SessionHandle>,
    open: bool,
}

impl SessionService for Session {
    fn rpc<'a>(&'a mut self, request: RpcRequest) -> BoxFuture<'a, RpcReply> {
        Box::pin(async move {
            match self.answer(request).await {
                Ok(reply) => reply,
                Err(errors) => RpcReply::errors(errors),
            }
        })
    }

    fn closed(&mut self, reason: CloseReason) {
        if std::mem::take(&mut self.open) {
            tracing::info!(session = self.info.id, user = self.info.user, %reason, "session closed");
            self.core.session_ended(self.info.id, &reason);
            if let Some(events) = &self.core.events {
                events.session_ended(&self.info, &reason);
            }
        }
    }
}

/// A session loop that dies must not keep locks.
impl Drop for Session {
    fn drop(&mut self) {
        self.closed(CloseReason::Dropped);
    }
}

type Errors = Vec<RpcError>;

impl Session {
    async fn answer(&self, message: RpcRequest) -> Result<RpcReply, Errors> {
        let RpcRequest { message_id, attributes, operation } = message;
        let request = Request::read(&operation).map_err(one)?;
        // Nobody is denied this (RFC 8341 section 3.4.4).
        if request.namespace == BASE_NAMESPACE && request.name == "close-session" {
            close_session::parse(request, &self.core).map_err(one)?;
            return Ok(RpcReply::ok().then_close());
        }
        let access = self
            .core
            .nacm
            .as_ref()
            .and_then(|nacm| Some((nacm, nacm.access(&self.info.user, &self.info.groups)?)));
        // An action is asked about where it stands, by its path and with `exec-default` at the end (section 3.4.5).
        let is_action = request.namespace == YANG_NAMESPACE && request.name == "action";
        if let Some((nacm, access)) = &access
            && !is_action
        {
            nacm.check_operation(access, &module(&request, &self.core), request.name).map_err(one)?;
        }
        let asked = parse(request, &self.core).await?;
        // It may be large, and what it asks for takes its time.
        drop(operation);
        let cx = Cx::new(self.info.clone(), message_id, attributes, self.core.publisher())
            .allowed(access.map(|(_, access)| access));
        let is_configuration = matches!(
            &asked,
            Operation::Read(read) if read.source != super::operation::Source::State
        );
        let work = self.core.execute(&cx, &self.handle, asked);
        let outcome = work.instrument(cx.span()).await?;
        reply::write(outcome, is_configuration, &self.core).map_err(one)
    }
}

/// The module of an operation, by its namespace: NETCONF's own need not be in the schema.
fn module(request: &Request<'_>, core: &Core) -> String {
    match request.namespace.as_str() {
        BASE_NAMESPACE => "ietf-netconf".to_owned(),
        notification::NAMESPACE => "notifications".to_owned(),
        update::NAMESPACE => update::MODULE.to_owned(),
        namespace => {
            let found = core.schema.find_namespace(namespace);
            found.map(|module| core.schema.module_name(module).to_owned()).unwrap_or_default()
        }
    }
}

/// From XML to an operation.
async fn parse(request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    match (request.namespace.as_str(), request.name) {
        (BASE_NAMESPACE, "get") => get::get(request, core),
        (BASE_NAMESPACE, "get-config") => get::get_config(request, core),
        (BASE_NAMESPACE, "edit-config") => edit_config::parse(request, core).await,
        (BASE_NAMESPACE, "lock") => lock::lock(request, core),
        (BASE_NAMESPACE, "unlock") => lock::unlock(request, core),
        (BASE_NAMESPACE, "validate") => validate::parse(request, core).await,
        (BASE_NAMESPACE, "commit") => commit::commit(request, core),
        (BASE_NAMESPACE, "cancel-commit") => commit::cancel_commit(request, core),
        (BASE_NAMESPACE, "copy-config") => copy_config::copy_config(request, core).await,
        (BASE_NAMESPACE, "delete-config") => copy_config::delete_config(request, core),
        (BASE_NAMESPACE, "discard-changes") => commit::discard_changes(request, core),
        (BASE_NAMESPACE, "kill-session") => kill_session::parse(request, core),
        (notification::NAMESPACE, "create-subscription") => create_subscription::parse(request, core),
        (update::NAMESPACE, "update") => update::parse(request, core),
        (BASE_NAMESPACE, name) => Err(one(not_supported(name))),
        (YANG_NAMESPACE, "action") => invoke::action(request, core),
        _ => invoke::rpc(request, core),
    }
}

fn not_supported(name: &str) -> RpcError {
    RpcError::operation_not_supported(format!("this server does not support <{name}>"))
        .of_type(ErrorType::Protocol)
}

fn one(error: RpcError) -> Errors {
    vec![error]
}

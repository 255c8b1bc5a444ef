//! What every operation does, whoever asks for it in whichever protocol.

use super::encoders::Encoders;
use super::error;
use super::notification::Hub;
use super::operation::{Copy, Edit, Operation, Outcome, Read, Source, Subject, Target};
use super::service::{CloseReason, SessionHandle};
use super::sessions::Sessions;
use super::state::{State, Wants};
use super::url::Urls;
use super::{BaseNotifications, Limits, invoke};
use crate::datastore::{Datastores, Name};
use crate::handler::{ActionHandler, Cx, Publisher, RpcHandler};
use crate::nacm::{Access, Nacm};
use crate::rpc_error::{ErrorType, QualifiedName, RpcError};
use crate::xml::BASE_NAMESPACE;
use std::collections::BTreeMap;
use std::sync::Arc;
use yang_data::tree::{DecodeOptions, Tree, TreeSink, UnknownAnnotations};
use yang_data::view::{EncodeOptions, ReadMask, View};
use yang_data::xml::Writer;
use yang_schema::{NodeId, Schema};

/// A server without any protocol.
pub(crate) struct Core {
    pub(crate) schema: Arc<Schema>,
    pub(crate) datastores: Arc<Datastores>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) sessions: Arc<Sessions>,
    /// By the node of the rpc.
    pub(crate) rpcs: BTreeMap<NodeId, RpcHandler>,
    /// By the node of the action.
    pub(crate) actions: BTreeMap<NodeId, ActionHandler>,
    pub(crate) state: Arc<State>,
    /// Tells of what the server does, where the modules have words for it.
    pub(crate) events: Option<Arc<BaseNotifications>>,
    /// Who makes large replies.
    pub(crate) encoders: Encoders,
    pub(crate) limits: Limits,
    /// May `running` be edited directly (RFC 6241 section 8.2)?
    pub(crate) writable_running: bool,
    /// Where configuration may be read from and written to (RFC 6241 section 8.8).
    pub(crate) urls: Urls,
    /// Who may do what, if that is asked at all.
    pub(crate) nacm: Option<Arc<Nacm>>,
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
            Operation::Validate(Subject::Datastore(Name::Candidate)) => {
                self.datastores.validate_candidate(cx.clone()).await?;
            }
            Operation::Validate(subject) => {
                self.datastores.validate(&self.configuration(cx, subject)?).await?
            }
            Operation::Commit(request) => self.datastores.commit(cx.clone(), request).await?,
            Operation::CancelCommit(id) => self.datastores.cancel_commit(cx.clone(), id).await?,
            Operation::Copy(copy) => self.copy(cx, copy).await?,
            Operation::Delete(Target::Url(url)) => self.urls()?.delete(url).await?,
            Operation::Delete(Target::Datastore(name)) => match name {
                Name::Startup => self.datastores.delete_startup(cx.clone()).await?,
                Name::Running | Name::Candidate => {
                    let message = format!("{} cannot be deleted", name.as_str());
                    return Err(one(RpcError::operation_not_supported(message)));
                }
            },
            Operation::Update(resolution) => self.datastores.update(cx.clone(), resolution).await?,
            Operation::Discard => self.datastores.discard(cx.clone()).await?,
            Operation::Lock(name) => self.datastores.lock(name, cx.clone()).await?,
            Operation::Unlock(name) => self.datastores.unlock(name, cx.clone()).await?,
            Operation::Subscribe(subscribe) => {
                self.hub.subscribe(cx, handle, subscribe).map_err(one)?;
            }
            Operation::Kill(other) => self.kill(session, other).map_err(one)?,
        }
        Ok(Outcome::Done)
    }

    async fn read(&self, cx: &Cx, read: Read) -> Result<Outcome, Errors> {
        let view = View::new(Arc::clone(&self.schema)).defaults(read.defaults);
        let view = match read.source {
            Source::Datastore(name) => view.layer(&self.datastores.content(cx, name).map_err(one)?),
            Source::State => {
                let view = view.layer(&self.datastores.snapshot().running);
                let wants = Wants::of_filter(&self.schema, &read.filter);
                match self.state.collect(cx, &self.schema, &wants, &self.limits).await? {
                    Some(state) => view.layer(&state),
                    None => view,
                }
            }
        };
        Ok(Outcome::Data(masked(view, cx.access()), read.filter))
    }

    /// The configuration that is meant.
    fn configuration(&self, cx: &Cx, subject: Subject) -> Result<Tree, Errors> {
        match subject {
            Subject::Datastore(name) => self.datastores.content(cx, name).map_err(one),
            Subject::Configuration(tree) => Ok(tree),
        }
    }

    /// The URLs that the server takes, if it takes any.
    pub(crate) fn urls(&self) -> Result<&Urls, Errors> {
        if self.urls.schemes().is_empty() {
            return Err(one(RpcError::unknown_element(QualifiedName::base("url"))
                .message("this server does not have the capability :url")));
        }
        Ok(&self.urls)
    }

    /// `copy-config` (RFC 6241 section 7.3).
    async fn copy(&self, cx: &Cx, copy: Copy) -> Result<(), Errors> {
        let Copy { target, source, defaults } = copy;
        if let (Target::Datastore(target), Subject::Datastore(source)) = (&target, &source)
            && target == source
        {
            let message = format!("{} cannot be copied onto itself", target.as_str());
            return Err(one(RpcError::invalid_value(message).of_type(ErrorType::Protocol)));
        }
        let saves = matches!(
            (&target, &source),
            (Target::Datastore(Name::Startup), Subject::Datastore(Name::Running))
        );
        // What the user may not read is not copied.
        let mask = cx.access().filter(|_| matches!(source, Subject::Datastore(_)) && !saves);
        let content = self.configuration(cx, source)?;
        match target {
            Target::Datastore(name) => {
                let content = match mask {
                    Some(access) if !access.reads_all() => readable(&content, access).map_err(one)?,
                    _ => content,
                };
                self.datastores.copy(cx.clone(), name, content, saves).await
            }
            Target::Url(url) => {
                let view = View::new(Arc::clone(&self.schema)).defaults(defaults).layer(&content);
                let view = masked(view, mask);
                self.urls()?.write(url, document(&view).map_err(one)?).await
            }
        }
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
    pub(crate) fn session_ended(&self, session: u32, reason: &CloseReason) {
        self.hub.session_ended(session);
        self.datastores.session_ended(session);
        self.sessions.close(session, reason);
    }

    pub(crate) fn told(&self, errors: Vec<yang_data::error::DataError>) -> Errors {
        error::rpc_errors(errors, &self.schema)
    }
}

/// What a user may read of a view.
fn masked(view: View, access: Option<&Arc<Access>>) -> View {
    match access {
        Some(access) if !access.reads_all() => view.mask(Arc::clone(access) as Arc<dyn ReadMask>),
        _ => view,
    }
}

/// What a user may read of a configuration.
fn readable(content: &Tree, access: &Arc<Access>) -> Result<Tree, RpcError> {
    let schema = content.schema();
    let view = masked(View::of(content), Some(access));
    let options = DecodeOptions {
        config_only: true,
        unknown_annotations: UnknownAnnotations::Keep,
        ..DecodeOptions::default()
    };
    let mut sink = TreeSink::new(schema, NodeId::ROOT, &options);
    let failed = |e: &dyn std::fmt::Display| RpcError::operation_failed(format!("it cannot be copied: {e}"));
    view.encode(&mut sink, &EncodeOptions { config_only: true }).map_err(|e| failed(&e))?;
    sink.finish().map_err(|errors| failed(&errors.first().map(ToString::to_string).unwrap_or_default()))
}

/// A configuration as a file (RFC 6241 section 8.8): the element `config`.
fn document(view: &View) -> Result<Vec<u8>, RpcError> {
    let failed =
        |e: yang_data::codec::CodecError| RpcError::operation_failed(format!("it cannot be written: {e}"));
    let head = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<config xmlns=\"{BASE_NAMESPACE}\">");
    let mut writer = Writer::new(head.into_bytes()).within(BASE_NAMESPACE);
    view.encode(&mut writer, &EncodeOptions { config_only: true }).map_err(failed)?;
    let mut text = writer.finish().map_err(failed)?;
    text.extend_from_slice(b"</config>\n");
    Ok(text)
}

fn one(error: RpcError) -> Errors {
    vec![error]
}

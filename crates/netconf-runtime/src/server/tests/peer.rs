//! The other end of a dialogue, right behind the byte side.

use crate::server::Server;
use crate::server::service::{
    CloseReason, NotifyError, ReplyBody, RpcAttribute, RpcReply, RpcRequest, SessionHandle, SessionInfo,
    SessionService, TransportKind,
};
use crate::xml::BASE_NAMESPACE;
use bytes::Bytes;
use std::sync::{Arc, Mutex};

/// What the server did to a session by itself.
#[derive(Default)]
pub(in crate::server) struct Outbox {
    notifications: Mutex<Vec<String>>,
    closed: Mutex<Option<CloseReason>>,
    /// Takes no more notifications from this number on.
    most: Mutex<Option<usize>>,
}

impl SessionHandle for Outbox {
    fn notify(&self, message: Bytes) -> Result<(), NotifyError> {
        let mut notifications = self.notifications.lock().unwrap();
        if self.most.lock().unwrap().is_some_and(|most| notifications.len() >= most) {
            return Err(NotifyError::Full("notifications".to_owned()));
        }
        notifications.push(String::from_utf8(message.to_vec()).unwrap());
        Ok(())
    }

    fn close(&self, reason: CloseReason) {
        *self.closed.lock().unwrap() = Some(reason);
    }
}

/// A session's peer.
pub(in crate::server) struct Peer {
    session: Box<dyn SessionService>,
    outbox: Arc<Outbox>,
    pub(in crate::server) id: u32,
    messages: u32,
}

impl Peer {
    pub(in crate::server) fn connect(server: &Server) -> Self {
        Self::connect_as(server, "admin")
    }

    pub(in crate::server) fn connect_as(server: &Server, user: &str) -> Self {
        Self::connect_with(server, user, &[])
    }

    /// A peer that comes from somewhere.
    pub(in crate::server) fn connect_from(server: &Server, user: &str, address: &str) -> Self {
        Self::open(server, user, &[], address)
    }

    /// A peer whose hello says these capabilities, too.
    pub(in crate::server) fn connect_with(server: &Server, user: &str, capabilities: &[&str]) -> Self {
        Self::open(server, user, capabilities, "here")
    }

    fn open(server: &Server, user: &str, capabilities: &[&str], address: &str) -> Self {
        let service = server.service();
        let greeting = service.greet().unwrap();
        let id = greeting.session_id;
        // As the session loop does it.
        let offered = |c: &&&str| greeting.capabilities.iter().any(|ours| ours.split('?').next() == Some(c));
        let capabilities = capabilities.iter().filter(offered).map(|&c| c.to_owned()).collect();
        let outbox = Arc::new(Outbox::default());
        let info = SessionInfo {
            id,
            user: user.into(),
            groups: Vec::new(),
            peer: address.into(),
            transport: TransportKind::Memory,
            capabilities,
        };
        let session = service.open(info, Arc::clone(&outbox) as Arc<dyn SessionHandle>);
        Self { session, outbox, id, messages: 0 }
    }

    /// Sends an operation of NETCONF's own; gives the reply as text: data, `ok`, or one line an error.
    pub(in crate::server) async fn ask(&mut self, name: &str, params: &str) -> String {
        self.send(&format!("<{name} xmlns='{BASE_NAMESPACE}'>{params}</{name}>")).await
    }

    /// Sends any operation.
    pub(in crate::server) async fn send(&mut self, operation: &str) -> String {
        self.send_with(Vec::new(), operation).await
    }

    /// Sends an operation in an `rpc` with attributes.
    pub(in crate::server) async fn send_with(
        &mut self,
        attributes: Vec<RpcAttribute>,
        operation: &str,
    ) -> String {
        self.messages += 1;
        let request = RpcRequest {
            message_id: self.messages.to_string(),
            attributes,
            operation: Bytes::from(operation.to_owned()),
        };
        let reply = self.session.rpc(request).await;
        let end = if reply.close { " and close" } else { "" };
        told(reply).await + end
    }

    /// Edits a datastore, which must work.
    pub(in crate::server) async fn edit(&mut self, target: &str, config: &str) {
        let reply = self.try_edit(target, "", config).await;
        assert_eq!(reply, "ok", "{config}");
    }

    pub(in crate::server) async fn try_edit(&mut self, target: &str, options: &str, config: &str) -> String {
        self.ask("edit-config", &format!("<target><{target}/></target>{options}<config>{config}</config>"))
            .await
    }

    /// The content of a datastore.
    pub(in crate::server) async fn config(&mut self, source: &str) -> String {
        self.ask("get-config", &format!("<source><{source}/></source>")).await
    }

    pub(in crate::server) fn end(&mut self, reason: CloseReason) {
        self.session.closed(reason);
    }

    pub(in crate::server) fn notifications(&self) -> Vec<String> {
        std::mem::take(&mut *self.outbox.notifications.lock().unwrap())
    }

    pub(in crate::server) fn take_no_more_than(&self, most: usize) {
        *self.outbox.most.lock().unwrap() = Some(most);
    }

    /// Why the server wants the session to end.
    pub(in crate::server) fn told_to_close(&self) -> Option<CloseReason> {
        self.outbox.closed.lock().unwrap().clone()
    }
}

/// A reply as text.
async fn told(reply: RpcReply) -> String {
    match reply.body {
        ReplyBody::Ok => "ok".to_owned(),
        ReplyBody::Data(data) => String::from_utf8(data.to_vec()).unwrap(),
        ReplyBody::Stream(mut pieces) => {
            let mut text = Vec::new();
            while let Some(piece) = pieces.next().await {
                text.extend_from_slice(&piece.unwrap());
            }
            String::from_utf8(text).unwrap()
        }
        ReplyBody::Errors(errors) => {
            let line = |e: &crate::RpcError| {
                let info: String = e.info.iter().map(|i| format!(" [{i}]")).collect();
                let app_tag = e.app_tag.as_deref().map(|t| format!(" ({t})")).unwrap_or_default();
                let path = e.path.as_ref().map(|p| format!(" {}", p.xpath)).unwrap_or_default();
                let message = e.message.as_deref().unwrap_or_default();
                format!("{} {}{app_tag}{path}{info}: {message}", e.error_type.as_str(), e.tag)
            };
            errors.iter().map(line).collect::<Vec<_>>().join("\n")
        }
    }
}

/// A reply is an error with this beginning.
#[track_caller]
pub(in crate::server) fn refused(reply: &str, expected: &str) {
    assert!(reply.starts_with(expected), "expected {expected:?}, got {reply:?}");
}

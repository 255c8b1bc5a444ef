//! A service for tests: its operations do what their names say.

use crate::protocol::capability::{CANDIDATE, NOTIFICATION, VALIDATE};
use crate::protocol::message::Notification;
use crate::rpc_error::{ErrorTag, RpcError};
use crate::server::service::{
    BoxFuture, CloseReason, Greeting, NotifyError, Refused, RpcReply, RpcRequest, Service, SessionHandle,
    SessionInfo, SessionService,
};
use bytes::Bytes;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

#[derive(Default)]
pub(crate) struct Toy {
    pub(crate) last_id: AtomicU32,
    pub(crate) full: bool,
    /// How many requests were begun.
    pub(crate) begun: AtomicUsize,
    /// How many pieces of streamed replies were made.
    pub(crate) made: AtomicUsize,
    pub(crate) sessions: Mutex<Vec<(SessionInfo, Arc<dyn SessionHandle>)>>,
    pub(crate) ends: Mutex<Vec<(u32, CloseReason)>>,
}

impl Toy {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    pub(crate) fn close(&self, id: u32, reason: CloseReason) {
        let sessions = self.sessions.lock().unwrap();
        sessions.iter().find(|(info, _)| info.id == id).unwrap().1.close(reason);
    }

    /// Waits until a session has ended, and says how.
    pub(crate) async fn end_of(&self, id: u32) -> CloseReason {
        for _ in 0..500 {
            if let Some((_, reason)) = self.ends.lock().unwrap().iter().find(|(ended, _)| *ended == id) {
                return reason.clone();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("session {id} does not end");
    }
}

impl Service for Arc<Toy> {
    fn greet(&self) -> Result<Greeting, Refused> {
        if self.full {
            return Err(Refused::TooManySessions(0));
        }
        let session_id = self.last_id.fetch_add(1, Ordering::SeqCst) + 1;
        let capabilities = [CANDIDATE, VALIDATE, NOTIFICATION].map(str::to_owned).to_vec();
        Ok(Greeting { session_id, capabilities })
    }

    fn open(&self, info: SessionInfo, handle: Arc<dyn SessionHandle>) -> Box<dyn SessionService> {
        self.sessions.lock().unwrap().push((info.clone(), Arc::clone(&handle)));
        Box::new(ToySession { toy: Arc::clone(self), id: info.id, handle })
    }
}

struct ToySession {
    toy: Arc<Toy>,
    id: u32,
    handle: Arc<dyn SessionHandle>,
}

/// The text of `<name ...>text</name>`.
fn text(operation: &str) -> &str {
    operation.split_once('>').and_then(|(_, rest)| rest.rsplit_once('<')).map_or("", |(text, _)| text)
}

impl SessionService for ToySession {
    fn rpc<'a>(&'a mut self, request: RpcRequest) -> BoxFuture<'a, RpcReply> {
        self.toy.begun.fetch_add(1, Ordering::SeqCst);
        let operation = String::from_utf8(request.operation.to_vec()).unwrap();
        let name =
            operation[1..].split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap().to_owned();
        let text = text(&operation).to_owned();
        let number: usize = text.parse().unwrap_or(0);
        Box::pin(async move {
            match name.as_str() {
                "get" | "get-config" => RpcReply::data(format!("<data>{text}</data>")),
                // So many bytes of reply.
                "big" => RpcReply::data(format!("<data>{}</data>", "x".repeat(number))),
                // So many pieces, made while they are sent; an error if that is no number.
                "stream" => RpcReply::stream(Pieces::new(&self.toy, text.parse().ok())),
                // The same, of 64 KiB each.
                "fat" => RpcReply::stream(Pieces { fat: true, ..Pieces::new(&self.toy, text.parse().ok()) }),
                "torn" => RpcReply::stream(Pieces { ends: "", ..Pieces::new(&self.toy, Some(0)) }),
                "sleep" => {
                    tokio::time::sleep(Duration::from_millis(number as u64)).await;
                    RpcReply::ok()
                }
                "never" | "commit" => std::future::pending().await,
                "fail" => RpcReply::errors(vec![
                    RpcError::invalid_value("no").app_tag("toy"),
                    RpcError::new(crate::ErrorType::Application, ErrorTag::DataExists),
                ]),
                "warn" => RpcReply::errors(vec![RpcError::operation_failed("careful").warning()]),
                // So many notifications, of which some may be refused.
                "notify" => {
                    let mut refused = 0;
                    for n in 0..number {
                        let event = format!("<tick xmlns=\"urn:toy\"><n>{n}</n></tick>");
                        match self.handle.notify(Notification::write("2024-01-01T00:00:00Z", &event)) {
                            Ok(()) => {}
                            Err(NotifyError::Full(_)) => refused += 1,
                            Err(error) => panic!("{error}"),
                        }
                    }
                    RpcReply::data(format!("<refused xmlns=\"urn:toy\">{refused}</refused>"))
                }
                "create-subscription" => {
                    self.handle.notify(Notification::write("now", "<first xmlns=\"urn:toy\"/>")).unwrap();
                    RpcReply::ok()
                }
                "close-session" => RpcReply::ok().then_close(),
                _ => RpcReply::ok(),
            }
        })
    }

    fn closed(&mut self, reason: CloseReason) {
        self.toy.ends.lock().unwrap().push((self.id, reason));
    }
}

/// A reply in pieces.
struct Pieces {
    toy: Arc<Toy>,
    begun: bool,
    next: usize,
    most: Option<usize>,
    /// What it ends with; with nothing, it fails.
    ends: &'static str,
    fat: bool,
}

impl Pieces {
    fn new(toy: &Arc<Toy>, most: Option<usize>) -> Self {
        Self { toy: Arc::clone(toy), begun: false, next: 0, most, ends: "</data>", fat: false }
    }
}

impl futures_core::Stream for Pieces {
    type Item = Result<Bytes, RpcError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let error = || Some(Err(RpcError::new(crate::ErrorType::Application, ErrorTag::ResourceDenied)));
        let Some(most) = self.most else { return Poll::Ready(error()) };
        self.toy.made.fetch_add(1, Ordering::SeqCst);
        if !std::mem::replace(&mut self.begun, true) {
            let open = format!(
                "<data xmlns=\"{}\">{}",
                crate::BASE_NAMESPACE,
                if most == 0 { "<piece/>" } else { "" }
            );
            return Poll::Ready(Some(Ok(open.into())));
        }
        let n = self.next;
        self.next += 1;
        Poll::Ready(match n.cmp(&most) {
            std::cmp::Ordering::Less if self.fat => {
                Some(Ok(format!("<piece>{n}{}</piece>", "x".repeat(64 << 10)).into()))
            }
            std::cmp::Ordering::Less => Some(Ok(format!("<piece>{n}</piece>").into())),
            std::cmp::Ordering::Equal if self.ends.is_empty() => error(),
            std::cmp::Ordering::Equal => Some(Ok(Bytes::from_static(self.ends.as_bytes()))),
            std::cmp::Ordering::Greater => None,
        })
    }
}

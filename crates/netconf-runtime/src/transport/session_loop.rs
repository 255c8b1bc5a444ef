//! The server's side of a session, over any transport: RFC 6241 section 4.5 has its order.
//!
//! One task with two strands: one reads and parses, the other asks the service, decides what goes out next and writes it. The
//! reader waits for the other when its queue is full, never for the writer; a transport whose two directions depend on each
//! other (SSH) must not make reading wait for writing either, see `ssh::pipe`. They are no tasks of their own, since a small
//! request would spend more time on its way from one to the other than on being answered.

mod out;

use self::out::{Gone, Out, Torn};
use super::outbox::Outbox;
use super::{now, read_some};
use crate::protocol::capability::{BASE_1_0, BASE_1_1};
use crate::protocol::message::{Invalid, Rpc};
use crate::protocol::{Event, Inbound, Limits, Outbound, ProtocolError, Session};
use crate::server::service::{
    CloseReason, ReplyBody, RpcAttribute, RpcReply, RpcRequest, Service, SessionInfo, SessionService,
    TransportKind,
};
use bytes::BytesMut;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tracing::{Instrument as _, debug, info, info_span, warn};

/// Who is at the other end, as the transport knows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Peer {
    /// The authenticated user.
    pub user: String,
    /// The groups that the transport knows the user to be in (RFC 8341 section 3.4.1). They count in access control unless its
    /// `enable-external-groups` says that they do not.
    pub groups: Vec<String>,
    /// Where the peer is.
    pub address: String,
    /// By what it came.
    pub transport: TransportKind,
}

/// What the reader found.
enum Incoming {
    /// A request, and the room it takes.
    Rpc(Box<Rpc>, OwnedSemaphorePermit),
    Invalid(Box<Invalid>),
    End(CloseReason),
}

/// Serves one session until it ends, and says why it did.
///
/// Dropping the future ends the session at once; the service is told.
pub async fn serve<R, W>(
    reader: R,
    writer: W,
    service: Arc<dyn Service>,
    peer: Peer,
    limits: Limits,
) -> CloseReason
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    let greeting = match service.greet() {
        Ok(greeting) => greeting,
        Err(refused) => {
            warn!(user = peer.user, peer = peer.address, "session refused: {refused}");
            return CloseReason::Failed(refused.to_string());
        }
    };
    let id = greeting.session_id;
    let span = info_span!("session", id, user = peer.user, peer = peer.address);
    let mut capabilities = vec![BASE_1_0.to_owned(), BASE_1_1.to_owned()];
    let offered = greeting.capabilities;
    capabilities.extend(offered.iter().cloned());
    async move {
        let session = Session::server(id, capabilities, limits.clone(), now());
        let (connection, theirs) = match greet(session, reader, writer, &*service).await {
            Ok(connection) => connection,
            Err(reason) => {
                info!("no session: {reason}");
                return reason;
            }
        };
        info!(version = ?connection.outbound.version(), transport = %peer.transport, "session opened");
        let outbox = Arc::new(Outbox::new(&limits));
        // A hello may be long, and only what both know matters.
        let is_ours = |theirs: &String| {
            let name = |uri: &'_ str| uri.split('?').next().unwrap_or_default().to_owned();
            offered.iter().any(|ours| name(ours) == name(theirs))
        };
        let shared: Vec<String> = theirs.into_iter().filter(is_ours).collect();
        let info = SessionInfo {
            id,
            user: peer.user,
            groups: peer.groups,
            peer: peer.address,
            transport: peer.transport,
            capabilities: shared.into(),
        };
        let service = service.open(info, Arc::clone(&outbox) as _);
        let reason = run(connection, Open { service, told: false }, outbox, &limits).await;
        info!("session ended: {reason}");
        reason
    }
    .instrument(span)
    .await
}

/// A transport whose hellos are exchanged.
struct Connection<R, W> {
    reader: R,
    writer: W,
    inbound: Inbound,
    outbound: Outbound,
}

/// A session that is open at the service: however it ends, the service is told, and once.
struct Open {
    service: Box<dyn SessionService>,
    told: bool,
}

impl Open {
    fn close(&mut self, reason: CloseReason) {
        if !std::mem::replace(&mut self.told, true) {
            self.service.closed(reason);
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.close(CloseReason::Dropped);
    }
}

/// Exchanges hellos, both at once: neither end may wait for the other.
async fn greet<R, W>(
    mut session: Session,
    mut reader: R,
    mut writer: W,
    service: &dyn Service,
) -> Result<(Connection<R, W>, Vec<String>), CloseReason>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let deadline = session.poll_timeout();
    let mut hello = Vec::new();
    while let Some(bytes) = session.poll_transmit() {
        hello.push(bytes);
    }
    let send = async {
        for bytes in hello {
            writer.write_all(&bytes).await.map_err(|_| CloseReason::Dropped)?;
        }
        writer.flush().await.map_err(|_| CloseReason::Dropped)
    };
    let receive = async {
        let mut buffer = BytesMut::new();
        loop {
            let bytes = read_some(&mut reader, &mut buffer).await.map_err(|_| CloseReason::Dropped)?;
            if bytes.is_empty() {
                return Err(CloseReason::Dropped);
            }
            session.receive(bytes);
            match session.poll_event() {
                Ok(Some(Event::Hello(hello, _))) => return Ok(hello.capabilities),
                // Nothing else comes first.
                Ok(_) => {}
                Err(error) => {
                    service.bad_hello();
                    return Err(failed(&error));
                }
            }
        }
    };
    let both = async { tokio::try_join!(send, receive) };
    let done = match deadline {
        Some(deadline) => tokio::time::timeout_at(deadline.into(), both).await,
        None => Ok(both.await),
    };
    match done {
        Ok(Ok(((), theirs))) => {
            let (inbound, outbound) = session.split();
            Ok((Connection { reader, writer, inbound, outbound }, theirs))
        }
        Ok(Err(reason)) => Err(reason),
        Err(_) => Err(match session.handle_timeout(now()) {
            Err(error) => failed(&error),
            Ok(()) => CloseReason::Dropped,
        }),
    }
}

fn failed(error: &ProtocolError) -> CloseReason {
    CloseReason::Failed(error.to_string())
}

async fn run<R, W>(
    connection: Connection<R, W>,
    mut open: Open,
    outbox: Arc<Outbox>,
    limits: &Limits,
) -> CloseReason
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    let Connection { reader, writer, inbound, outbound } = connection;
    let (requests, mut incoming) = mpsc::channel(limits.queued_rpcs.max(1));
    let mut out = Out::new(outbound, writer, outbox.counters());
    let reading = async {
        read(reader, inbound, requests, limits.queued_bytes).await;
        // What it found is answered first.
        std::future::pending().await
    };
    let reason = tokio::select! {
        biased;
        reason = outbox.closed() => reason,
        reason = reading => reason,
        reason = answer(&mut incoming, &mut out, &mut open, &outbox, limits.idle_timeout) => reason,
    };
    // Before the peer can see the end: what the session held is free by then.
    open.close(reason.clone());
    // What was answered is sent, unless the session was killed or the peer does not take it.
    if !matches!(reason, CloseReason::Killed { .. }) {
        _ = tokio::time::timeout(limits.linger, out.end()).await;
    }
    reason
}

/// Answers one request after the other; notifications go between the replies.
async fn answer<W: AsyncWrite + Unpin>(
    incoming: &mut mpsc::Receiver<Incoming>,
    out: &mut Out<W>,
    open: &mut Open,
    outbox: &Outbox,
    mut idle_timeout: Option<Duration>,
) -> CloseReason {
    loop {
        out.take_notifications(outbox);
        if out.make_room().await.is_err() {
            return CloseReason::Dropped;
        }
        // Replies to requests that are there already go out together.
        let next = tokio::select! {
            biased;
            next = incoming.recv() => next,
            Gone = out.meanwhile(Some(outbox)) => return CloseReason::Dropped,
            idle = idle(idle_timeout) => return idle,
        };
        let sent = match next {
            None => return CloseReason::Dropped,
            Some(Incoming::End(reason)) => return reason,
            Some(Incoming::Invalid(invalid)) => {
                debug!("message refused: {}", invalid.error);
                out.counters.in_bad_rpcs.count();
                out.send_errors(&[invalid.error], &invalid.echo)
            }
            Some(Incoming::Rpc(rpc, _queued)) => {
                out.counters.in_rpcs.count();
                debug!(operation = rpc.operation.local(), message_id = rpc.message_id, "request");
                let (request, subscribes) = (request(&rpc), subscribes(&rpc));
                // The request is all that is needed of a message that may be large.
                let Rpc { echo, operation, .. } = *rpc;
                drop(operation);
                // The reply to a subscription comes before its first notification.
                let meanwhile = (!subscribes).then_some(outbox);
                let reply = perform(request, &mut *open.service, out, meanwhile).await;
                let Ok(RpcReply { body, close }) = reply else { return CloseReason::Dropped };
                if close {
                    // "The server will release any locks and resources associated with the session" (RFC 6241 section 7.8):
                    // who reads the reply may count on it.
                    open.close(CloseReason::Requested);
                }
                if subscribes && !matches!(body, ReplyBody::Errors(_)) {
                    idle_timeout = None;
                }
                let sent = match body {
                    ReplyBody::Ok => out.send(echo.ok(), &echo),
                    ReplyBody::Data(data) => out.send(echo.reply(&data), &echo),
                    ReplyBody::Errors(errors) => out.send_errors(&errors, &echo),
                    ReplyBody::Stream(pieces) => match out.stream(pieces, &echo).await {
                        Ok(()) => Ok(()),
                        Err(Torn::Gone) => Err(Gone),
                        Err(Torn::Failed(why)) => return CloseReason::Failed(why),
                    },
                };
                if close {
                    return CloseReason::Requested;
                }
                sent
            }
        };
        if sent.is_err() {
            return CloseReason::Dropped;
        }
    }
}

/// Has the service do what a request asks, while notifications go on.
async fn perform<W: AsyncWrite + Unpin>(
    request: RpcRequest,
    service: &mut dyn SessionService,
    out: &mut Out<W>,
    outbox: Option<&Outbox>,
) -> Result<RpcReply, Gone> {
    let mut working = service.rpc(request);
    tokio::select! {
        biased;
        reply = &mut working => Ok(reply),
        gone = out.meanwhile(outbox) => Err(gone),
    }
}

fn subscribes(rpc: &Rpc) -> bool {
    rpc.operation.local().ends_with("-subscription")
}

/// The end of a session in which nothing happens for too long.
async fn idle(limit: Option<Duration>) -> CloseReason {
    let Some(limit) = limit else { return std::future::pending().await };
    tokio::time::sleep(limit).await;
    CloseReason::Failed(format!("no request came for {limit:?} (limit `idle_timeout`)"))
}

fn request(rpc: &Rpc) -> RpcRequest {
    let operation = match rpc.operation.standalone() {
        std::borrow::Cow::Borrowed(_) => rpc.operation.bytes().clone(),
        std::borrow::Cow::Owned(text) => text.into(),
    };
    let attributes = rpc
        .attributes
        .iter()
        .map(|a| RpcAttribute {
            namespace: a.namespace.clone(),
            name: a.name.clone(),
            value: a.value.clone(),
        })
        .collect();
    RpcRequest { message_id: rpc.message_id.clone(), attributes, operation }
}

/// The reader: it waits for the service, never for the writer.
async fn read<R: AsyncRead + Unpin>(
    mut reader: R,
    mut inbound: Inbound,
    requests: mpsc::Sender<Incoming>,
    most: usize,
) {
    let most = u32::try_from(most.max(1)).unwrap_or(u32::MAX).min(1 << 28);
    let room = Arc::new(Semaphore::new(most as usize));
    let mut buffer = BytesMut::new();
    let reason = loop {
        let event = match inbound.poll_event() {
            Ok(event) => event,
            Err(error) => break failed(&error),
        };
        let incoming = match event {
            Some(Event::Rpc(rpc)) => {
                let size = u32::try_from(rpc.operation.bytes().len()).unwrap_or(u32::MAX);
                // A request larger than all the room waits until it has all of it.
                let Ok(permit) = Arc::clone(&room).acquire_many_owned(size.min(most)).await else { return };
                Incoming::Rpc(rpc, permit)
            }
            Some(Event::Invalid(invalid)) => Incoming::Invalid(invalid),
            Some(_) => continue,
            None => match read_some(&mut reader, &mut buffer).await {
                Ok(bytes) if bytes.is_empty() => {
                    break match inbound.receive_end() {
                        Ok(()) => CloseReason::Dropped,
                        Err(error) => failed(&error),
                    };
                }
                Ok(bytes) => {
                    inbound.receive(bytes);
                    continue;
                }
                Err(error) => {
                    debug!("reading failed: {error}");
                    break match error.kind() {
                        // A limit of this end, which the error names.
                        std::io::ErrorKind::QuotaExceeded => CloseReason::Failed(error.to_string()),
                        _ => CloseReason::Dropped,
                    };
                }
            },
        };
        if requests.send(incoming).await.is_err() {
            return;
        }
    };
    _ = requests.send(Incoming::End(reason)).await;
}

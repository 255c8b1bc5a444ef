//! The way to the peer: replies and notifications, gathered into what goes out at once.

use super::super::gather::Gather;
use super::super::outbox::{Counters, Outbox};
use crate::protocol::Outbound;
use crate::protocol::message::Echo;
use crate::rpc_error::RpcError;
use crate::server::service::BodyStream;
use bytes::Bytes;
use std::sync::Arc;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tracing::{debug, warn};

/// The writer is gone, and the peer with it.
pub(super) struct Gone;

/// Why a reply ends before its end.
pub(super) enum Torn {
    Gone,
    /// It cannot be made or sent.
    Failed(String),
}

impl From<Gone> for Torn {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

/// The way to the peer.
pub(super) struct Out<W> {
    outbound: Outbound,
    gather: Gather,
    writer: W,
    pub(super) counters: Arc<Counters>,
}

impl<W: AsyncWrite + Unpin> Out<W> {
    pub(super) fn new(outbound: Outbound, writer: W, counters: Arc<Counters>) -> Self {
        Self { outbound, gather: Gather::default(), writer, counters }
    }

    /// Takes what is framed to what goes out next.
    fn gather(&mut self) {
        while let Some(bytes) = self.outbound.poll_transmit() {
            self.gather.push(bytes);
        }
    }

    /// Queues a reply.
    pub(super) fn send(&mut self, message: Bytes, echo: &Echo) -> Result<(), Gone> {
        if let Err(error) = self.outbound.send(message) {
            // Version 1.0 cannot carry it. The peer waits for a reply, so it gets one that fits.
            warn!("a reply cannot be sent: {error}");
            let error = RpcError::operation_failed("the reply holds the end mark of NETCONF 1.0");
            self.counters.out_rpc_errors.count();
            self.outbound.send(echo.errors(&[error])).map_err(|_| Gone)?;
        }
        self.gather();
        Ok(())
    }

    /// Queues a reply of errors.
    pub(super) fn send_errors(&mut self, errors: &[RpcError], echo: &Echo) -> Result<(), Gone> {
        self.counters.out_rpc_errors.count();
        self.send(echo.errors(errors), echo)
    }

    /// Sends a reply while it is made. A piece is asked for when there is room for it, so that a peer that does not read
    /// holds up the making.
    pub(super) async fn stream(&mut self, mut pieces: BodyStream, echo: &Echo) -> Result<(), Torn> {
        self.make_room().await?;
        let mut part = match self.next(&mut pieces).await? {
            Some(Err(error)) => return Ok(self.send_errors(&[error], echo)?),
            piece => piece.and_then(Result::ok),
        };
        let fault = |error: &dyn std::fmt::Display| {
            warn!("a reply was given up in the middle: {error}");
            Torn::Failed(format!("a reply could not be finished: {error}"))
        };
        self.outbound.send_part(echo.open_tag()).map_err(|e| fault(&e))?;
        while let Some(piece) = part {
            self.outbound.send_part(piece).map_err(|e| fault(&e))?;
            self.gather();
            self.make_room().await?;
            part = self.next(&mut pieces).await?.transpose().map_err(|e| fault(&e))?;
        }
        self.outbound.send_part(echo.close_tag()).map_err(|e| fault(&e))?;
        self.outbound.end_message();
        self.gather();
        Ok(())
    }

    /// The next piece of a reply. What is there is written while it is made.
    async fn next(&mut self, pieces: &mut BodyStream) -> Result<Option<Result<Bytes, RpcError>>, Gone> {
        tokio::select! {
            biased;
            piece = pieces.next() => Ok(piece),
            gone = self.meanwhile(None) => Err(gone),
        }
    }

    /// Waits until the peer has taken enough.
    pub(super) async fn make_room(&mut self) -> Result<(), Gone> {
        if self.gather.is_full() {
            self.gather.write(&mut self.writer).await.map_err(gone)?;
        }
        Ok(())
    }

    /// Queues the notifications that are there, as far as there is room.
    pub(super) fn take_notifications(&mut self, outbox: &Outbox) {
        while !self.gather.is_full()
            && let Some(message) = outbox.take()
        {
            match self.outbound.send(message) {
                Ok(()) => {
                    self.counters.out_notifications.count();
                    self.gather();
                }
                Err(error) => warn!("a notification cannot be sent: {error}"),
            }
        }
    }

    /// Writes what is there, and notifications as they come, until the peer is gone; otherwise for ever. Dropping it loses none.
    pub(super) async fn meanwhile(&mut self, notifications: Option<&Outbox>) -> Gone {
        loop {
            if let Err(error) = self.gather.flush(&mut self.writer).await {
                return gone(error);
            }
            match notifications {
                None => std::future::pending().await,
                Some(outbox) => {
                    outbox.filled().await;
                    self.take_notifications(outbox);
                }
            }
        }
    }

    /// Sends what is left, and ends this direction.
    pub(super) async fn end(mut self) {
        if self.gather.flush(&mut self.writer).await.is_ok() {
            _ = self.writer.shutdown().await;
        }
    }
}

fn gone(error: std::io::Error) -> Gone {
    debug!("writing failed: {error}");
    Gone
}

//! A reply while it arrives: its content in pieces of XML, at bounded memory.

use super::{Error, RpcErrors, Session};
use crate::protocol::message::Attribute;
use crate::protocol::{ReplyEnd, ReplyStart};
use crate::rpc_error::RpcError;
use crate::xml::standalone;
use bytes::Bytes;
use futures_core::Stream;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc;

/// How many pieces wait for the one who takes them. What the peer sends beyond them waits in the transport.
pub(super) const PIECES: usize = 8;

/// What the reader of the session hands on.
#[derive(Debug)]
pub(super) enum Item {
    Start(Box<ReplyStart>),
    Piece(Bytes),
    End(Box<ReplyEnd>, Duration),
    /// The session is over.
    Lost(Error),
}

/// The content of a reply, in pieces: [`Self::open_tag`], the pieces and [`Self::close_tag`] are one XML document.
///
/// A piece may end anywhere, in the middle of a tag or of a character. While one is not taken, the session reads nothing more, for a session is
/// one stream of bytes: whoever asks for pieces takes them, or drops this; then the rest is thrown away when it comes.
#[derive(Debug)]
pub struct Pieces {
    session: Session,
    operation: String,
    start: ReplyStart,
    receiver: mpsc::Receiver<Item>,
    /// The first piece was waited for, to know that there is one.
    first: Option<Bytes>,
    end: Option<(ReplyEnd, Duration)>,
    over: bool,
}

impl Pieces {
    /// Waits until the content, or the end, begins.
    pub(super) async fn begin(
        session: Session,
        operation: String,
        mut receiver: mpsc::Receiver<Item>,
    ) -> Result<Self, Error> {
        let lost = |session: &Session| session.ended().unwrap_or(Error::Closed);
        let start = match receiver.recv().await {
            Some(Item::Start(start)) => *start,
            Some(Item::Lost(error)) => return Err(error),
            _ => return Err(lost(&session)),
        };
        let mut pieces = Self { session, operation, start, receiver, first: None, end: None, over: false };
        match pieces.receive().await {
            Some(Ok(piece)) => pieces.first = Some(piece),
            Some(Err(error)) => return Err(error),
            None => {}
        }
        Ok(pieces)
    }

    /// The attributes of the reply, besides its message-id.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        &self.start.attributes
    }

    /// A start tag that declares the namespaces in scope of the pieces.
    #[must_use]
    pub fn open_tag(&self) -> String {
        self.start.open_tag()
    }

    /// The end tag to [`Self::open_tag`].
    #[must_use]
    pub fn close_tag(&self) -> &'static str {
        self.start.close_tag()
    }

    /// An element that stands in the content with nothing around it, or its start tag, as a document of its own: what is in scope around
    /// it is declared on it.
    #[must_use]
    pub fn standalone(&self, element: &str) -> String {
        if !element.starts_with('<') {
            return element.to_owned();
        }
        standalone(element, self.start.scope.iter().map(|(p, u)| (p.as_str(), u.as_str())))
    }

    /// The next piece; `None` at the end of the reply. Waits for each as long as a call of the session waits for its reply.
    ///
    /// # Errors
    /// See [`Error`]: errors of the device may follow content.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        if let Some(first) = self.first.take() {
            return Some(Ok(first));
        }
        if self.over {
            return None;
        }
        let Some(after) = self.session.timeout() else { return self.receive().await };
        match tokio::time::timeout(after, self.receive()).await {
            Ok(next) => next,
            Err(_) => {
                self.over = true;
                Some(Err(Error::TimedOut {
                    operation: format!("{} (the rest of it)", self.operation),
                    after,
                }))
            }
        }
    }

    async fn receive(&mut self) -> Option<Result<Bytes, Error>> {
        let item = self.receiver.recv().await;
        self.sort(item)
    }

    fn sort(&mut self, item: Option<Item>) -> Option<Result<Bytes, Error>> {
        let item = item.unwrap_or_else(|| Item::Lost(self.session.ended().unwrap_or(Error::Closed)));
        match item {
            Item::Piece(piece) => Some(Ok(piece)),
            Item::Start(_) => Some(Ok(Bytes::new())),
            Item::Lost(error) => {
                self.over = true;
                Some(Err(error))
            }
            Item::End(end, elapsed) => {
                self.over = true;
                let failed = end.is_error().then(|| Error::Rpc(RpcErrors(end.errors.clone())));
                self.end = Some((*end, elapsed));
                failed.map(Err)
            }
        }
    }

    /// Whether the reply said `ok`, once it has ended.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.end.as_ref().is_some_and(|(end, _)| end.ok)
    }

    /// What the device warned of, once the reply has ended.
    #[must_use]
    pub fn warnings(&self) -> &[RpcError] {
        self.end.as_ref().map_or(&[], |(end, _)| &end.errors)
    }

    /// How long the reply took until its end, once it has ended.
    #[must_use]
    pub fn elapsed(&self) -> Option<Duration> {
        self.end.as_ref().map(|(_, elapsed)| *elapsed)
    }
}

/// As [`Pieces::next`], but without a bound on the time.
impl Stream for Pieces {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        if self.over {
            return Poll::Ready(None);
        }
        self.receiver.poll_recv(cx).map(|item| self.sort(item))
    }
}

//! A channel of the server: what russh's loop receives goes in, the session reads it; what the session writes waits for the
//! peer's permission, which comes by russh's loop.
//!
//! So the loop may wait for the session to read only as long as the session does not wait to write. Within that, a session
//! that is busy slows its peer down; a peer that sends without reading what it is sent is cut off at a limit.

use bytes::{Buf as _, Bytes};
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

/// What the channels of one connection share: whether one of them waits to write.
#[derive(Debug, Default)]
pub(super) struct Flow {
    writers_waiting: AtomicUsize,
    /// Something was read or began to wait. Only the loop waits for it.
    changed: Notify,
}

/// The loop's end of a channel.
#[derive(Debug)]
pub(super) struct Feeder {
    channel: Arc<Channel>,
    flow: Arc<Flow>,
    /// From here on the loop waits, if it may.
    enough: usize,
    /// From here on the channel is broken.
    too_much: usize,
}

/// The session's end for reading.
#[derive(Debug)]
pub(super) struct Reader {
    channel: Arc<Channel>,
    flow: Arc<Flow>,
}

/// The session's end for writing, around russh's.
pub(super) struct Writer<W> {
    inner: W,
    channel: Arc<Channel>,
    flow: Arc<Flow>,
    waiting: bool,
}

#[derive(Debug, Default)]
struct Channel {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    pieces: VecDeque<Bytes>,
    length: usize,
    /// The peer sends no more.
    ended: bool,
    /// Nothing goes in either direction any more.
    closed: bool,
    overrun: Option<usize>,
    /// The session no longer reads.
    deaf: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl Channel {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the ends of a channel, `writer` being russh's way to write.
pub(super) fn pipe<W>(
    flow: &Arc<Flow>,
    enough: usize,
    too_much: usize,
    writer: W,
) -> (Feeder, Reader, Writer<W>) {
    let channel = Arc::new(Channel::default());
    let reader = Reader { channel: Arc::clone(&channel), flow: Arc::clone(flow) };
    let writer =
        Writer { inner: writer, channel: Arc::clone(&channel), flow: Arc::clone(flow), waiting: false };
    let feeder = Feeder { channel, flow: Arc::clone(flow), enough, too_much: too_much.max(enough) };
    (feeder, reader, writer)
}

impl Feeder {
    /// Takes what was received, and waits as long as the session has enough and does not wait to write.
    pub(super) async fn feed(&self, data: &[u8]) {
        {
            let mut state = self.channel.state();
            if state.deaf || state.overrun.is_some() {
                return;
            }
            state.length += data.len();
            if state.length > self.too_much {
                state.overrun = Some(self.too_much);
                state.pieces.clear();
            } else {
                state.pieces.push_back(Bytes::copy_from_slice(data));
            }
            if let Some(waker) = state.reader.take() {
                waker.wake();
            }
        }
        while self.must_wait() {
            self.flow.changed.notified().await;
        }
    }

    fn must_wait(&self) -> bool {
        let state = self.channel.state();
        state.length > self.enough
            && !state.deaf
            && state.overrun.is_none()
            && self.flow.writers_waiting.load(Ordering::SeqCst) == 0
    }

    /// The peer sends no more.
    pub(super) fn end(&self) {
        let mut state = self.channel.state();
        state.ended = true;
        if let Some(waker) = state.reader.take() {
            waker.wake();
        }
    }

    /// The channel is gone.
    fn close(&self) {
        let mut state = self.channel.state();
        state.ended = true;
        state.closed = true;
        let wakers = [state.reader.take(), state.writer.take()];
        drop(state);
        wakers.into_iter().flatten().for_each(Waker::wake);
    }
}

impl Drop for Feeder {
    fn drop(&mut self) {
        self.close();
    }
}

impl AsyncRead for Reader {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut state = self.channel.state();
        if let Some(limit) = state.overrun {
            let message = format!(
                "more than {limit} bytes wait while the peer does not read its replies (limit `overrun_bytes`)"
            );
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::QuotaExceeded, message)));
        }
        let Some(mut piece) = state.pieces.pop_front() else {
            if state.ended {
                return Poll::Ready(Ok(()));
            }
            state.reader = Some(cx.waker().clone());
            return Poll::Pending;
        };
        let length = piece.len().min(buf.remaining());
        buf.put_slice(&piece[..length]);
        piece.advance(length);
        if !piece.is_empty() {
            state.pieces.push_front(piece);
        }
        state.length -= length;
        drop(state);
        self.flow.changed.notify_one();
        Poll::Ready(Ok(()))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let mut state = self.channel.state();
        state.deaf = true;
        state.pieces.clear();
        drop(state);
        self.flow.changed.notify_one();
    }
}

impl<W> Writer<W> {
    fn set_waiting(&mut self, waiting: bool) {
        if waiting == self.waiting {
            return;
        }
        self.waiting = waiting;
        if waiting {
            self.flow.writers_waiting.fetch_add(1, Ordering::SeqCst);
            self.flow.changed.notify_one();
        } else {
            self.flow.writers_waiting.fetch_sub(1, Ordering::SeqCst);
        }
    }

    /// Runs `poll` on the inner writer, unless the channel is gone: russh does not wake those who wait for a window then.
    fn poll_inner<T>(
        &mut self,
        cx: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut W>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>>
    where
        W: Unpin,
    {
        let closed = {
            let mut state = self.channel.state();
            state.writer = Some(cx.waker().clone());
            state.closed
        };
        let polled = if closed {
            Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))
        } else {
            poll(Pin::new(&mut self.inner), cx)
        };
        self.set_waiting(polled.is_pending());
        polled
    }
}

impl<W: AsyncWrite + Unpin> AsyncWrite for Writer<W> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if buf.is_empty() {
            return Poll::Ready(Ok(0));
        }
        self.poll_inner(cx, |inner, cx| inner.poll_write(cx, buf))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_inner(cx, |inner, cx| inner.poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_inner(cx, |inner, cx| inner.poll_shutdown(cx))
    }
}

impl<W> Drop for Writer<W> {
    fn drop(&mut self) {
        self.set_waiting(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

    fn ends() -> (Feeder, Reader, Writer<DuplexStream>, DuplexStream) {
        let (near, far) = tokio::io::duplex(8);
        let (feeder, reader, writer) = pipe(&Arc::new(Flow::default()), 10, 100, near);
        (feeder, reader, writer, far)
    }

    async fn waits<F: Future>(future: F) -> bool {
        tokio::time::timeout(Duration::from_millis(30), future).await.is_err()
    }

    #[tokio::test]
    async fn a_busy_session_slows_the_peer_down() {
        let (feeder, mut reader, _writer, _far) = ends();
        feeder.feed(&[1; 10]).await;
        assert!(waits(feeder.feed(&[2; 3])).await);
        let mut read = [0; 4];
        reader.read_exact(&mut read).await.unwrap();
        assert!(!waits(feeder.feed(&[])).await, "the session has read some");
    }

    #[tokio::test]
    async fn a_session_that_waits_to_write_does_not() {
        let (feeder, mut reader, mut writer, mut far) = ends();
        feeder.feed(&[1; 10]).await;
        let writing = tokio::spawn(async move { writer.write_all(&[3; 20]).await });
        while feeder.flow.writers_waiting.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        assert!(!waits(feeder.feed(&[2; 50])).await);
        feeder.feed(&[2; 50]).await;
        let error = reader.read_u8().await.unwrap_err();
        assert!(
            error.to_string().contains("100 bytes") && error.to_string().contains("overrun_bytes"),
            "{error}"
        );
        // Once it may write again, nobody waits.
        far.read_exact(&mut [0; 20]).await.unwrap();
        writing.await.unwrap().unwrap();
        assert_eq!(feeder.flow.writers_waiting.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn the_end_of_a_channel_wakes_both() {
        let (feeder, mut reader, mut writer, _far) = ends();
        let reading = tokio::spawn(async move { reader.read_to_end(&mut Vec::new()).await.unwrap() });
        let writing = tokio::spawn(async move { writer.write_all(&[0; 99]).await.unwrap_err().kind() });
        feeder.feed(b"abc").await;
        tokio::time::sleep(Duration::from_millis(10)).await;
        drop(feeder);
        assert_eq!(reading.await.unwrap(), 3);
        assert_eq!(writing.await.unwrap(), io::ErrorKind::BrokenPipe);
    }

    #[tokio::test]
    async fn a_session_that_is_gone_holds_nobody() {
        let (feeder, reader, _writer, _far) = ends();
        drop(reader);
        assert!(!waits(feeder.feed(&[0; 1000])).await);
    }
}

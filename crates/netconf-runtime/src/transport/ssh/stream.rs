//! The socket below russh: writing never waits for the peer, within a bound, and the whole can be cut off.
//!
//! russh's loop waits for the socket to take its bytes, and reads nothing meanwhile. With full sockets in both directions two
//! such loops wait for each other. The window of a channel bounds what can be on its way, so a buffer of that size between
//! loop and socket ends the wait; a task of its own empties it.

use super::WINDOW;
use bytes::BytesMut;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf, ReadHalf, WriteHalf};
use tokio::sync::Notify;

/// How much may wait for the socket: the windows of a few channels. A peer that grants more and reads nothing stalls itself.
const MOST: usize = 4 * WINDOW as usize;

/// How much the socket is given at once.
const ONCE: usize = 256 << 10;

/// A socket whose writes are taken at once.
pub(super) struct BufferedStream<S> {
    reader: ReadHalf<S>,
    shared: Arc<Shared>,
}

/// Cuts a stream off.
#[derive(Clone)]
pub(super) struct Cutter(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    filled: Notify,
    /// It failed or ended.
    over: Notify,
}

#[derive(Default)]
struct State {
    buffer: BytesMut,
    /// No more is written.
    ended: bool,
    failed: Option<io::ErrorKind>,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fail(&self, kind: io::ErrorKind) {
        let mut state = self.state();
        state.failed.get_or_insert(kind);
        state.buffer = BytesMut::new();
        let wakers = (state.reader.take(), state.writer.take());
        drop(state);
        [wakers.0, wakers.1].into_iter().flatten().for_each(Waker::wake);
        self.filled.notify_one();
        self.over.notify_one();
    }

    fn end(&self) {
        self.state().ended = true;
        self.filled.notify_one();
        self.over.notify_one();
    }
}

impl Cutter {
    /// Ends the stream at once, both ways.
    pub(super) fn cut(&self) {
        self.0.fail(io::ErrorKind::ConnectionAborted);
    }
}

impl<S: AsyncRead + AsyncWrite + Send + 'static> BufferedStream<S> {
    /// Must be called inside of a runtime. `linger` is how long what is written last may take to be sent.
    pub(super) fn new(socket: S, linger: Duration) -> (Self, Cutter) {
        let (reader, writer) = tokio::io::split(socket);
        let shared = Arc::new(Shared::default());
        tokio::spawn(pump(Arc::clone(&shared), writer, linger));
        let cutter = Cutter(Arc::clone(&shared));
        (Self { reader, shared }, cutter)
    }
}

impl<S> Drop for BufferedStream<S> {
    fn drop(&mut self) {
        self.shared.end();
    }
}

/// Carries the buffer to the socket.
async fn pump<S: AsyncWrite>(shared: Arc<Shared>, mut writer: WriteHalf<S>, linger: Duration) {
    let carry = async {
        loop {
            let (bytes, waker) = {
                let mut state = shared.state();
                if state.buffer.is_empty() && state.ended {
                    break;
                }
                // What is taken whole takes its memory along: an idle connection keeps none of it.
                let bytes = match state.buffer.len() {
                    0..=ONCE => std::mem::take(&mut state.buffer),
                    _ => state.buffer.split_to(ONCE),
                };
                (bytes, state.writer.take())
            };
            if let Some(waker) = waker {
                waker.wake();
            }
            if bytes.is_empty() {
                shared.filled.notified().await;
            } else if let Err(error) = writer.write_all(&bytes).await {
                shared.fail(error.kind());
                break;
            }
        }
    };
    let over = async {
        loop {
            let (ended, failed) = {
                let state = shared.state();
                (state.ended, state.failed.is_some())
            };
            if failed {
                return;
            }
            if ended {
                if tokio::time::timeout(linger, shared.over.notified()).await.is_err() {
                    return;
                }
                continue;
            }
            shared.over.notified().await;
        }
    };
    tokio::select! {
        () = carry => {}
        () = over => {}
    }
    // The peer is told in any case: whoever holds the reading half may be long in letting go of it.
    _ = tokio::time::timeout(linger, writer.shutdown()).await;
}

impl<S: AsyncRead + Send + 'static> AsyncRead for BufferedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        {
            let mut state = self.shared.state();
            if let Some(kind) = state.failed {
                return Poll::Ready(Err(kind.into()));
            }
            state.reader = Some(cx.waker().clone());
        }
        Pin::new(&mut self.reader).poll_read(cx, buf)
    }
}

impl<S: Send + 'static> AsyncWrite for BufferedStream<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let mut state = self.shared.state();
        if let Some(kind) = state.failed {
            return Poll::Ready(Err(kind.into()));
        }
        if state.ended {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let room = MOST.saturating_sub(state.buffer.len()).min(buf.len());
        if room == 0 && !buf.is_empty() {
            state.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        state.buffer.extend_from_slice(&buf[..room]);
        drop(state);
        self.shared.filled.notify_one();
        Poll::Ready(Ok(room))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Waiting for the socket here is what must not be done.
        Poll::Ready(self.shared.state().failed.map_or(Ok(()), |kind| Err(kind.into())))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.shared.end();
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt as _;

    #[tokio::test]
    async fn writing_does_not_wait_for_the_peer() {
        let (near, mut far) = tokio::io::duplex(16);
        let (mut stream, _) = BufferedStream::new(near, Duration::from_secs(9));
        let data: Vec<u8> = (0..1_000_000u32).map(|n| n as u8).collect();
        stream.write_all(&data).await.unwrap();
        stream.flush().await.unwrap();
        drop(stream);
        let mut back = Vec::new();
        far.read_to_end(&mut back).await.unwrap();
        assert!(back == data);
    }

    #[tokio::test]
    async fn the_buffer_has_a_bound_and_an_end() {
        let (near, _far) = tokio::io::duplex(16);
        let (mut stream, cutter) = BufferedStream::new(near, Duration::from_secs(9));
        let data = vec![0; 2 * MOST];
        let full = tokio::time::timeout(Duration::from_millis(50), stream.write_all(&data)).await;
        assert!(full.is_err(), "more than the bound was taken");
        assert!(stream.shared.state().buffer.len() <= MOST);
        let reader = tokio::spawn(async move {
            let error = stream.read_u8().await.unwrap_err();
            (error.kind(), stream.write_u8(1).await.unwrap_err().kind())
        });
        tokio::task::yield_now().await;
        cutter.cut();
        let aborted = io::ErrorKind::ConnectionAborted;
        assert_eq!(reader.await.unwrap(), (aborted, aborted));
    }
}

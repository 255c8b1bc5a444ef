//! The socket below russh: writing never waits for the peer, within a bound, and the whole can be cut off.
//!
//! russh's loop waits for the socket to take its bytes, and reads nothing meanwhile. With full sockets in both directions two
//! such loops wait for each other. The window of a channel bounds what can be on its way, so a buffer of that size between
//! loop and socket ends the wait; a task of its own empties it. Mostly the socket has room, and the buffer stays empty.
//!
//! russh reads each packet in two steps, its length and the rest; here they are read ahead, several packets at once.

use super::WINDOW;
use bytes::{Buf as _, BytesMut};
use std::io;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf, ReadHalf, WriteHalf};
use tokio::sync::Notify;

/// How much may wait for the socket: the windows of a few channels. A peer that grants more and reads nothing stalls itself.
const MOST: usize = 4 * WINDOW as usize;

/// How much the socket is given at once.
const ONCE: usize = 256 << 10;

/// How much is read ahead.
const AHEAD: usize = 32 << 10;

/// A socket whose writes are taken at once.
pub(super) struct BufferedStream<S> {
    reader: ReadHalf<S>,
    /// What was read and nobody asked for yet.
    ahead: BytesMut,
    writer: Arc<Mutex<WriteHalf<S>>>,
    shared: Arc<Shared>,
}

/// Cuts a stream off.
#[derive(Clone)]
pub(super) struct Cutter(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// It failed or ended.
    over: Notify,
}

#[derive(Default)]
struct State {
    /// What the socket did not take yet, in front of all that comes.
    buffer: BytesMut,
    /// No more is written.
    ended: bool,
    failed: Option<io::ErrorKind>,
    reader: Option<Waker>,
    writer: Option<Waker>,
    /// Who carries the buffer to the socket, while there is nothing in it.
    carrier: Option<Waker>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fail(&self, kind: io::ErrorKind) {
        let mut state = self.state();
        state.failed.get_or_insert(kind);
        state.buffer = BytesMut::new();
        let wakers = [state.reader.take(), state.writer.take()];
        drop(state);
        wakers.into_iter().flatten().for_each(Waker::wake);
        self.over.notify_one();
    }

    fn end(&self) {
        let mut state = self.state();
        state.ended = true;
        let carrier = state.carrier.take();
        drop(state);
        carrier.into_iter().for_each(Waker::wake);
        self.over.notify_one();
    }

    /// Carries the buffer to the socket until no more comes.
    fn poll_carry<S: AsyncWrite>(
        &self,
        writer: &Mutex<WriteHalf<S>>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let mut state = self.state();
            if state.buffer.is_empty() {
                if state.ended {
                    return Poll::Ready(Ok(()));
                }
                state.carrier = Some(cx.waker().clone());
                return Poll::Pending;
            }
            let piece = &state.buffer[..state.buffer.len().min(ONCE)];
            let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
            let written = ready!(Pin::new(&mut *writer).poll_write(cx, piece))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            state.buffer.advance(written);
            if state.buffer.is_empty() {
                // An idle connection keeps no memory.
                state.buffer = BytesMut::new();
            }
            let waiting = state.writer.take();
            drop(state);
            waiting.into_iter().for_each(Waker::wake);
        }
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
        let (writer, shared) = (Arc::new(Mutex::new(writer)), Arc::new(Shared::default()));
        tokio::spawn(pump(Arc::clone(&shared), Arc::clone(&writer), linger));
        let cutter = Cutter(Arc::clone(&shared));
        (Self { reader, ahead: BytesMut::new(), writer, shared }, cutter)
    }
}

impl<S> Drop for BufferedStream<S> {
    fn drop(&mut self) {
        self.shared.end();
    }
}

/// Carries to the socket what it does not take at once.
async fn pump<S: AsyncWrite>(shared: Arc<Shared>, writer: Arc<Mutex<WriteHalf<S>>>, linger: Duration) {
    let carry = async {
        if let Err(error) = std::future::poll_fn(|cx| shared.poll_carry(&writer, cx)).await {
            shared.fail(error.kind());
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
    let shutdown = std::future::poll_fn(|cx| {
        let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        Pin::new(&mut *writer).poll_shutdown(cx)
    });
    _ = tokio::time::timeout(linger, shutdown).await;
}

impl<S: AsyncRead + Send + 'static> AsyncRead for BufferedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.ahead.is_empty() {
            {
                let mut state = this.shared.state();
                if let Some(kind) = state.failed {
                    return Poll::Ready(Err(kind.into()));
                }
                state.reader = Some(cx.waker().clone());
            }
            if buf.remaining() >= AHEAD {
                return Pin::new(&mut this.reader).poll_read(cx, buf);
            }
            this.ahead.reserve(AHEAD);
            let read = pin!(this.reader.read_buf(&mut this.ahead)).poll(cx);
            if this.ahead.is_empty() {
                // While it waits it keeps no memory.
                this.ahead = BytesMut::new();
            }
            ready!(read)?;
        }
        let length = this.ahead.len().min(buf.remaining());
        buf.put_slice(&this.ahead[..length]);
        this.ahead.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Send + 'static> AsyncWrite for BufferedStream<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let mut state = self.shared.state();
        if let Some(kind) = state.failed {
            return Poll::Ready(Err(kind.into()));
        }
        if state.ended {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let mut taken = 0;
        if state.buffer.is_empty() && !buf.is_empty() {
            let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            // Who waits for the socket, if somebody must, is the pump.
            let mut nobody = Context::from_waker(Waker::noop());
            match Pin::new(&mut *writer).poll_write(&mut nobody, buf) {
                Poll::Ready(Ok(written)) => taken = written,
                Poll::Ready(Err(error)) => {
                    drop((writer, state));
                    self.shared.fail(error.kind());
                    return Poll::Ready(Err(error));
                }
                Poll::Pending => {}
            }
            if taken == buf.len() {
                return Poll::Ready(Ok(taken));
            }
        }
        let room = MOST.saturating_sub(state.buffer.len()).min(buf.len() - taken);
        if room == 0 && !buf.is_empty() {
            state.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        state.buffer.extend_from_slice(&buf[taken..taken + room]);
        let carrier = state.carrier.take();
        drop(state);
        carrier.into_iter().for_each(Waker::wake);
        Poll::Ready(Ok(taken + room))
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
    use tokio::io::AsyncWriteExt as _;

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

    /// A stream that counts how often it is asked.
    struct Counted(tokio::io::DuplexStream, Arc<std::sync::atomic::AtomicUsize>);

    impl AsyncRead for Counted {
        fn poll_read(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            buf: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            self.1.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            Pin::new(&mut self.0).poll_read(cx, buf)
        }
    }

    impl AsyncWrite for Counted {
        fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
            Pin::new(&mut self.0).poll_write(cx, buf)
        }

        fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_flush(cx)
        }

        fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.0).poll_shutdown(cx)
        }
    }

    #[tokio::test]
    async fn several_packets_are_read_at_once() {
        let (near, mut far) = tokio::io::duplex(AHEAD);
        let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let (mut stream, _) = BufferedStream::new(Counted(near, Arc::clone(&asked)), Duration::from_secs(9));
        let data: Vec<u8> = (0..1000u32).map(|n| n as u8).collect();
        far.write_all(&data).await.unwrap();
        let mut back = Vec::new();
        for length in (1..).map(|n| n % 7 + 1) {
            let mut piece = vec![0; length.min(data.len() - back.len())];
            stream.read_exact(&mut piece).await.unwrap();
            back.extend(piece);
            if back.len() == data.len() {
                break;
            }
        }
        assert_eq!(back, data);
        assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 1);
        assert_eq!(stream.ahead.len(), 0);
    }

    #[tokio::test]
    async fn what_the_socket_takes_is_not_kept() {
        let (near, mut far) = tokio::io::duplex(100);
        let (mut stream, _) = BufferedStream::new(near, Duration::from_secs(9));
        stream.write_all(&[1; 60]).await.unwrap();
        assert_eq!(stream.shared.state().buffer.len(), 0);
        stream.write_all(&[2; 60]).await.unwrap();
        assert_eq!(stream.shared.state().buffer.len(), 20);
        // What comes later waits behind it, though the socket may have room again.
        far.read_exact(&mut [0; 50]).await.unwrap();
        stream.write_all(&[3; 9]).await.unwrap();
        drop(stream);
        let mut rest = Vec::new();
        far.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, [&[1; 10][..], &[2; 60], &[3; 9]].concat());
    }
}

//! What waits to be written goes out together: a message is a head, a body and an end to its framing, and would else be three
//! packets of SSH or TLS, each with its own seal; and messages that are ready at the same time go out in one packet.

use bytes::{Buf as _, Bytes, BytesMut};
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::AsyncWrite;

/// So much is written at once: a packet of SSH.
const MOST: usize = 32 << 10;

/// Pieces on their way to a transport, in their order.
#[derive(Debug, Default)]
pub(crate) struct Gather {
    pieces: VecDeque<Bytes>,
    /// Bytes in `pieces`.
    length: usize,
    /// What goes next, in front of all pieces.
    packet: BytesMut,
}

impl Gather {
    /// Takes a piece, which waits for more until it is written.
    pub(crate) fn push(&mut self, piece: Bytes) {
        if !piece.is_empty() {
            self.length += piece.len();
            self.pieces.push_back(piece);
        }
    }

    /// Is there so much that it should be written before more comes?
    pub(crate) fn is_full(&self) -> bool {
        self.length + self.packet.len() >= MOST
    }

    /// Writes all there is. What is written is taken off at once: the call may be given up at any time, and made again.
    pub(crate) async fn write<W: AsyncWrite + Unpin>(&mut self, writer: &mut W) -> io::Result<()> {
        std::future::poll_fn(|cx| self.poll_write(cx, writer)).await
    }

    /// The same, and the transport keeps nothing back.
    pub(crate) async fn flush<W: AsyncWrite + Unpin>(&mut self, writer: &mut W) -> io::Result<()> {
        std::future::poll_fn(|cx| {
            ready!(self.poll_write(cx, writer))?;
            Pin::new(&mut *writer).poll_flush(cx)
        })
        .await
    }

    fn poll_write<W: AsyncWrite + Unpin>(
        &mut self,
        cx: &mut Context<'_>,
        writer: &mut W,
    ) -> Poll<io::Result<()>> {
        loop {
            if self.packet.is_empty() {
                self.pack();
            }
            // What is large by itself goes without being copied.
            let next = if self.packet.is_empty() { self.pieces.front() } else { None };
            let written = match next {
                None if self.packet.is_empty() => {
                    // It lets go of its memory: an idle session keeps none.
                    self.packet = BytesMut::new();
                    return Poll::Ready(Ok(()));
                }
                None => ready!(Pin::new(&mut *writer).poll_write(cx, &self.packet))?,
                Some(piece) => ready!(Pin::new(&mut *writer).poll_write(cx, piece))?,
            };
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            if self.packet.is_empty() { self.take(written) } else { self.packet.advance(written) }
        }
    }

    /// Fills a packet, unless the next piece is one or more by itself.
    fn pack(&mut self) {
        if self.pieces.front().is_none_or(|piece| piece.len() >= MOST) {
            return;
        }
        let length = self.length.min(MOST);
        self.packet = BytesMut::with_capacity(length);
        while self.packet.len() < length {
            let Some(piece) = self.pieces.front() else { break };
            let taken = piece.len().min(length - self.packet.len());
            self.packet.extend_from_slice(&piece[..taken]);
            self.take(taken);
        }
    }

    /// Takes bytes off the front piece.
    fn take(&mut self, count: usize) {
        if let Some(piece) = self.pieces.front_mut() {
            piece.advance(count);
            self.length -= count;
            if piece.is_empty() {
                self.pieces.pop_front();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Remembers each write, and takes so much of it at most; every other time it takes nothing at first.
    struct Writes {
        written: Vec<Vec<u8>>,
        most: usize,
        refuses: bool,
    }

    impl AsyncWrite for Writes {
        fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
            self.refuses = !self.refuses;
            if self.refuses {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let taken = buf.len().min(self.most);
            self.written.push(buf[..taken].to_vec());
            Poll::Ready(Ok(taken))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    async fn written(pieces: &[usize], most: usize) -> Vec<Vec<u8>> {
        let (mut gather, mut writes) =
            (Gather::default(), Writes { written: Vec::new(), most, refuses: false });
        for (n, &length) in (0u8..).zip(pieces) {
            gather.push(Bytes::from(vec![n; length]));
            if n % 3 == 0 {
                // Given up after the first step, as when something else becomes ready.
                let once = std::pin::pin!(gather.write(&mut writes));
                _ = once.poll(&mut Context::from_waker(std::task::Waker::noop()));
            }
        }
        gather.flush(&mut writes).await.unwrap();
        assert!(!gather.is_full());
        assert_eq!((gather.length, gather.pieces.len(), gather.packet.capacity()), (0, 0, 0));
        writes.written
    }

    #[tokio::test]
    async fn small_messages_are_one_write() {
        let mut gather = Gather::default();
        let mut writes = Writes { written: Vec::new(), most: usize::MAX, refuses: false };
        for length in [6, 400, 4, 6, 300, 4] {
            gather.push(Bytes::from(vec![0; length]));
        }
        gather.flush(&mut writes).await.unwrap();
        assert_eq!(writes.written.len(), 1);
        gather.flush(&mut writes).await.unwrap();
        assert_eq!(writes.written.len(), 1);
    }

    proptest! {
        #[test]
        fn all_goes_out_in_order_in_full_packets(
            pieces in proptest::collection::vec(0usize..2 * MOST, 0..20),
            most in prop_oneof![Just(usize::MAX), 1000usize..MOST],
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let writes = runtime.block_on(written(&pieces, most));
            let expected: Vec<u8> =
                (0u8..).zip(&pieces).flat_map(|(n, &length)| std::iter::repeat_n(n, length)).collect();
            prop_assert!(writes.concat() == expected);
        }
    }
}

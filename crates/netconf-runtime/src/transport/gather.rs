//! Small pieces go out together: a message is a head, a body and an end to its framing, and would else be three packets of SSH or
//! TLS, each with its own seal.

use bytes::{Bytes, BytesMut};
use std::io;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

/// What is this large goes by itself, without being copied.
const LARGE: usize = 16 << 10;

/// So much is gathered at most.
const MOST: usize = 32 << 10;

/// Pieces on their way to a transport, in their order.
#[derive(Debug, Default)]
pub(crate) struct Gather {
    small: BytesMut,
}

impl Gather {
    /// Takes a piece, which may wait for more until [`flush`](Self::flush).
    pub(crate) async fn write<W: AsyncWrite + Unpin>(
        &mut self,
        writer: &mut W,
        piece: Bytes,
    ) -> io::Result<()> {
        let large = piece.len() >= LARGE;
        if large || self.small.len() + piece.len() > MOST {
            self.send(writer).await?;
        }
        if large {
            writer.write_all(&piece).await
        } else {
            self.small.extend_from_slice(&piece);
            Ok(())
        }
    }

    /// Nothing waits any longer.
    pub(crate) async fn flush<W: AsyncWrite + Unpin>(&mut self, writer: &mut W) -> io::Result<()> {
        self.send(writer).await?;
        writer.flush().await
    }

    async fn send<W: AsyncWrite + Unpin>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.small.is_empty() {
            return Ok(());
        }
        // It takes its memory along: an idle session keeps none.
        writer.write_all(&std::mem::take(&mut self.small)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    /// Remembers each write.
    #[derive(Default)]
    struct Writes(Vec<Vec<u8>>);

    impl AsyncWrite for Writes {
        fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
            self.0.push(buf.to_vec());
            Poll::Ready(Ok(buf.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    async fn written(pieces: &[usize]) -> Vec<Vec<u8>> {
        let (mut gather, mut writes) = (Gather::default(), Writes::default());
        for (n, &length) in (0u8..).zip(pieces) {
            gather.write(&mut writes, Bytes::from(vec![n; length])).await.unwrap();
        }
        gather.flush(&mut writes).await.unwrap();
        writes.0
    }

    #[tokio::test]
    async fn a_small_message_is_one_write() {
        assert_eq!(written(&[6, 400, 4]).await.len(), 1);
        assert_eq!(written(&[]).await.len(), 0);
    }

    proptest! {
        #[test]
        fn all_goes_out_in_order_and_never_too_much_at_once(
            pieces in proptest::collection::vec(0usize..2 * LARGE, 0..20),
        ) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let writes = runtime.block_on(written(&pieces));
            prop_assert!(writes.iter().all(|w| w.len() <= MOST));
            let expected: Vec<u8> =
                (0u8..).zip(&pieces).flat_map(|(n, &length)| std::iter::repeat_n(n, length)).collect();
            prop_assert_eq!(writes.concat(), expected);
        }
    }
}

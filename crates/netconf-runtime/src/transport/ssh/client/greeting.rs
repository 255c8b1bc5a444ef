//! What a server says at first (RFC 4253 section 4.2): one that speaks SSH names its version. Of one that does not, the caller wants to know
//! what it is instead: a web server, a shell's port behind something else, nothing at all.

use super::SshError;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// So much of what comes is kept, until it is known for SSH. Lines may stand in front of the version.
const MOST: usize = 4 << 10;

/// So much of it is told.
const TOLD: usize = 60;

/// What was heard of a server. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Greeting(Arc<Mutex<Heard>>);

#[derive(Debug, Default)]
struct Heard {
    bytes: Vec<u8>,
    is_ssh: bool,
}

impl Greeting {
    fn hear(&self, bytes: &[u8]) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.is_ssh || heard.bytes.len() >= MOST {
            return;
        }
        let some = bytes.len().min(MOST - heard.bytes.len());
        heard.bytes.extend_from_slice(&bytes[..some]);
        heard.is_ssh = heard.bytes.split(|b| *b == b'\n').any(|line| line.starts_with(b"SSH-"));
        if heard.is_ssh {
            heard.bytes = Vec::new();
        }
    }

    /// What it says that is no SSH, in words; nothing of one that speaks SSH.
    fn other(&self) -> Option<String> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.is_ssh {
            return None;
        }
        let line = heard.bytes.split(|b| matches!(b, b'\r' | b'\n')).find(|line| !line.is_empty());
        let Some(line) = line else { return Some("it says nothing".to_owned()) };
        // It goes to terminals, whose control characters are not the server's to send.
        let text: String =
            String::from_utf8_lossy(line).chars().take(TOLD).filter(|c| !c.is_control()).collect();
        Some(format!("it says {text:?}, which is not SSH"))
    }

    /// How connecting ended, if it was because of this.
    pub(super) fn explain(&self, error: SshError) -> SshError {
        match (error, self.other()) {
            (SshError::Closed, Some(said)) => {
                SshError::NotSsh(format!("the server closed the connection; {said}"))
            }
            (SshError::Protocol(_), Some(said)) => SshError::NotSsh(said),
            (error, _) => error,
        }
    }

    /// It took too long.
    pub(super) fn timed_out(&self, target: String, limit: Duration) -> SshError {
        SshError::TimedOut { target, limit, said: self.other() }
    }
}

/// A stream of which the greeting is heard.
pub(super) struct Overheard<S> {
    pub(super) stream: S,
    pub(super) greeting: Greeting,
}

impl<S: AsyncRead + Unpin> AsyncRead for Overheard<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        self.greeting.hear(&buf.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Overheard<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told() {
        for (pieces, told) in [
            (&[][..], Some("it says nothing")),
            (&["\r\n\r\n"], Some("it says nothing")),
            (
                &["HTTP/1.1 400 Bad", " Request\r\nX: y\r\n"],
                Some("it says \"HTTP/1.1 400 Bad Request\", which is not SSH"),
            ),
            (&["\u{1b}[2Jx\u{7}\n"], Some("it says \"[2Jx\", which is not SSH")),
            (&["SSH-2.0-x\r\n"], None),
            (&["Welcome.\r\nSS", "H-2.0-x\r\n\0\0"], None),
        ] {
            let greeting = Greeting::default();
            pieces.iter().for_each(|piece| greeting.hear(piece.as_bytes()));
            assert_eq!(greeting.other().as_deref(), told, "{pieces:?}");
        }
        // However much it says, little of it is kept.
        let greeting = Greeting::default();
        (0..10_000).for_each(|_| greeting.hear(&[b'x'; 1000]));
        assert_eq!(greeting.0.lock().unwrap().bytes.len(), MOST);
        assert!(greeting.other().unwrap().len() < 100);
    }
}

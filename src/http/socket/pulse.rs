//! A stream that knows when its client was last heard, and when it last took something: byte by byte,
//! so that a client on a slow line, in the middle of a large message, is not taken for one that is gone.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// A stream with its pulse.
#[derive(Debug)]
pub(super) struct Pulse<S> {
    stream: S,
    heard_at: Instant,
    took_at: Instant,
}

impl<S> Pulse<S> {
    /// Of a stream that was opened now.
    pub(super) fn new(stream: S) -> Self {
        let now = Instant::now();
        Self { stream, heard_at: now, took_at: now }
    }

    /// When something was last read.
    pub(super) fn heard_at(&self) -> Instant {
        self.heard_at
    }

    /// When something was last written.
    pub(super) fn took_at(&self) -> Instant {
        self.took_at
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Pulse<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            this.heard_at = Instant::now();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Pulse<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.stream).poll_write(context, bytes))?;
        this.took_at = Instant::now();
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

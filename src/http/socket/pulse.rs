//! A stream that knows when its client was last heard, and when it last took something: byte by byte,
//! so that a client on a slow line, in the middle of a large message, is not taken for one that is gone.
//!
//! Of a client whom nobody knows yet it reads so much and no more, so that nobody fills the server's
//! memory before they have said who they are.

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
    /// Since when a message has been under way, and how many of its bytes were read, as far as that can
    /// be told: what comes together with the end of the message before is not counted.
    unfinished: Option<(Instant, usize)>,
    /// Bytes that may still be read; `None` for any number.
    readable: Option<usize>,
}

impl<S> Pulse<S> {
    /// Of a stream that was opened now, of which so many bytes are read at the most.
    pub(super) fn new(stream: S, readable: usize) -> Self {
        let now = Instant::now();
        Self { stream, heard_at: now, took_at: now, unfinished: None, readable: Some(readable) }
    }

    /// Whether no more is read, for it was as much as may be.
    pub(super) fn is_exhausted(&self) -> bool {
        self.readable == Some(0)
    }

    /// Reads whatever comes from now on.
    pub(super) fn read_on(&mut self) {
        self.readable = None;
    }

    /// When something was last read.
    pub(super) fn heard_at(&self) -> Instant {
        self.heard_at
    }

    /// Since when a message has been begun that is not finished.
    pub(super) fn unfinished_since(&self) -> Option<Instant> {
        self.unfinished.map(|(since, _bytes)| since)
    }

    /// A message is finished.
    pub(super) fn finished(&mut self) {
        self.unfinished = None;
    }

    /// A frame of so many bytes is finished, which may stand within a message.
    pub(super) fn finished_within(&mut self, frame_bytes: usize) {
        let left = self.unfinished.map(|(since, bytes)| (since, bytes.saturating_sub(frame_bytes)));
        self.unfinished = left.filter(|(_since, bytes)| *bytes > 0);
    }

    /// Nothing is read now, through no fault of the client.
    pub(super) fn rest(&mut self) {
        if let Some((since, _bytes)) = &mut self.unfinished {
            *since = Instant::now();
        }
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
        if this.is_exhausted() {
            return Poll::Ready(Err(io::ErrorKind::QuotaExceeded.into()));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        let count = buffer.filled().len().saturating_sub(before);
        if count > 0 {
            this.heard_at = Instant::now();
            let (since, bytes) = this.unfinished.unwrap_or((this.heard_at, 0));
            this.unfinished = Some((since, bytes.saturating_add(count)));
        }
        this.readable = this.readable.map(|readable| readable.saturating_sub(count));
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

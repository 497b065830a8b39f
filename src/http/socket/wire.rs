//! The WebSocket itself: messages in and out, bounded in both directions.
//!
//! What is to be sent waits in a short queue, and a long text goes out in pieces, each when the network
//! has taken the one before, for the library keeps a buffer as large as the largest. While the client
//! does not read ([`Wire::is_clear`]), operations are held back, and soon nothing is read of what it
//! sends either: so a client that does not read fills no memory but its own. Pings of WebSocket are answered by the library.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{Sink as _, SinkExt as _, Stream as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};

use super::close::Close;
use super::pulse::Pulse;

/// Messages that may wait to be sent before nothing is read any more.
const OUTGOING_MAX: usize = 16;

/// What is read from the network at once: most messages are shorter, and each socket keeps as much.
const READ_BUFFER_BYTES: usize = 4_096;

/// The largest piece of a text that is sent.
const PIECE_BYTES_MAX: usize = 16_384;

/// What a client's control frame has before its payload: two bytes, and the mask.
const CONTROL_HEAD_BYTES: usize = 6;

/// What is read of a client before it is known: a token, and what is around it.
pub(super) const UNKNOWN_BYTES_MAX: usize = 16_384;

/// What is read and thrown away at once from a client that has still to see that it is refused.
const DISCARDED_BYTES: usize = 4_096;

/// A WebSocket.
#[derive(Debug)]
pub(super) struct Wire<S> {
    socket: WebSocketStream<Pulse<S>>,
    outgoing: VecDeque<Outgoing>,
    /// Whether something was handed to the socket that the network may not have taken.
    is_unflushed: bool,
    /// Since when something has waited to be sent; only of use while something does.
    waits_since: Instant,
}

/// What is to be sent.
#[derive(Debug)]
enum Outgoing {
    /// What is left of a text, and whether it is all of it.
    Text(Bytes, bool),
    Ping,
}

impl Outgoing {
    /// The next piece, and whether it is the last.
    fn piece(&mut self) -> (Message, bool) {
        match self {
            Self::Ping => (Message::Ping(Bytes::new()), true),
            Self::Text(rest, is_whole) => {
                let piece = rest.split_to(rest.len().min(PIECE_BYTES_MAX));
                let kind = if *is_whole { Data::Text } else { Data::Continue };
                *is_whole = false;
                let is_last = rest.is_empty();
                (Message::Frame(Frame::message(piece, OpCode::Data(kind), is_last)), is_last)
            }
        }
    }
}

/// What happened on a socket.
#[derive(Debug)]
pub(super) enum Step {
    /// The client sent this.
    Received(Message),
    /// Everything that was to be sent is.
    Sent,
    /// The socket is closed.
    Ended,
    /// It cannot go on.
    Broken(Box<Error>),
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// The WebSocket over a stream that was upgraded.
    pub(super) async fn new(stream: S, message_bytes_max: usize) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_message_size(Some(message_bytes_max))
            .max_frame_size(Some(message_bytes_max));
        let pulse = Pulse::new(stream, UNKNOWN_BYTES_MAX);
        let socket = WebSocketStream::from_raw_socket(pulse, Role::Server, Some(config)).await;
        let waits_since = Instant::now();
        Self { socket, outgoing: VecDeque::new(), is_unflushed: false, waits_since }
    }

    /// Reads whatever the client sends from now on, for it is known.
    pub(super) fn read_on(&mut self) {
        self.socket.get_mut().read_on();
    }

    /// Whether nothing more is read of a client that is not known.
    pub(super) fn is_exhausted(&self) -> bool {
        self.socket.get_ref().is_exhausted()
    }

    /// Sends a message, as soon as those before it are sent.
    pub(super) fn push(&mut self, text: String) {
        self.push_outgoing(Outgoing::Text(text.into(), true));
    }

    /// Pings the client.
    pub(super) fn ping(&mut self) {
        self.push_outgoing(Outgoing::Ping);
    }

    fn push_outgoing(&mut self, outgoing: Outgoing) {
        if self.is_clear() {
            self.waits_since = Instant::now();
        }
        self.outgoing.push_back(outgoing);
    }

    /// Whether everything that was to be sent is.
    pub(super) fn is_clear(&self) -> bool {
        self.outgoing.is_empty() && !self.is_unflushed
    }

    /// Since when the client has taken nothing of what waits for it; `None` if nothing does.
    pub(super) fn stuck_since(&self) -> Option<Instant> {
        let took_at = self.socket.get_ref().took_at();
        (!self.is_clear()).then(|| took_at.max(self.waits_since))
    }

    /// Since when the client has begun a message, and not finished it.
    pub(super) fn unfinished_since(&self) -> Option<Instant> {
        self.socket.get_ref().unfinished_since()
    }

    /// When the client was last heard.
    pub(super) fn heard_at(&self) -> Instant {
        self.socket.get_ref().heard_at()
    }

    /// Sends what is to be sent, and waits for what happens next. May be dropped at any time.
    pub(super) async fn step(&mut self) -> Step {
        poll_fn(|context| self.poll_step(context)).await
    }

    fn poll_step(&mut self, context: &mut Context<'_>) -> Poll<Step> {
        match self.poll_send(context) {
            Poll::Ready(Ok(true)) => return Poll::Ready(Step::Sent),
            Poll::Ready(Err(error)) => return Poll::Ready(Step::Broken(Box::new(error))),
            Poll::Ready(Ok(false)) | Poll::Pending => {}
        }
        if self.outgoing.len() >= OUTGOING_MAX {
            self.socket.get_mut().rest();
            return Poll::Pending;
        }
        Pin::new(&mut self.socket).poll_next(context).map(|read| match read {
            Some(Ok(message)) => {
                self.finished(&message);
                Step::Received(message)
            }
            Some(Err(error)) => Step::Broken(Box::new(error)),
            None => Step::Ended,
        })
    }

    fn finished(&mut self, message: &Message) {
        let pulse = self.socket.get_mut();
        match message {
            Message::Ping(payload) | Message::Pong(payload) => {
                pulse.finished_within(CONTROL_HEAD_BYTES.saturating_add(payload.len()));
            }
            Message::Text(_) | Message::Binary(_) | Message::Close(_) | Message::Frame(_) => {
                pulse.finished();
            }
        }
    }

    /// Sends as much as the network takes; tells whether something was, and everything is.
    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<Result<bool, Error>> {
        let mut socket = Pin::new(&mut self.socket);
        while !self.outgoing.is_empty() {
            std::task::ready!(socket.as_mut().poll_ready(context))?;
            let Some((piece, is_last)) = self.outgoing.front_mut().map(Outgoing::piece) else {
                break;
            };
            if is_last {
                self.outgoing.pop_front();
            }
            socket.as_mut().start_send(piece)?;
            self.is_unflushed = true;
        }
        if !self.is_unflushed {
            return Poll::Ready(Ok(false));
        }
        std::task::ready!(socket.poll_flush(context))?;
        self.is_unflushed = false;
        Poll::Ready(Ok(true))
    }

    /// Sends what is left, then that the socket is closed, and waits until the client has seen it. How
    /// long that may take is for the caller to bound.
    pub(super) async fn close(&mut self, close: &Close) {
        if poll_fn(|context| self.poll_send(context)).await.is_err() {
            return;
        }
        let frame = CloseFrame { code: close.code.into(), reason: close.reason().into() };
        if self.socket.send(Message::Close(Some(frame))).await.is_ok() {
            self.see_off().await;
        }
    }

    /// Waits until the client has closed the socket too. Whoever goes with something unread breaks the
    /// connection, and the client might not see why.
    pub(super) async fn see_off(&mut self) {
        while let Some(Ok(_unread)) = self.socket.next().await {}
        let stream = self.socket.get_mut();
        if stream.shutdown().await.is_err() {
            return;
        }
        stream.read_on();
        let mut discarded = [0; DISCARDED_BYTES];
        while stream.read(&mut discarded).await.is_ok_and(|count| count > 0) {}
    }
}

//! The body of an answer on its way to the client, piece by piece.
//!
//! hyper takes a body in the pieces in which it comes, and keeps each until the client has read it: a
//! large answer that came in one would be there for as long as its connection, though to the rest of
//! the server it was sent. So it is handed over in small pieces, and only while the client reads; and
//! whoever holds a place for the request holds it until the body is dropped.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use super::activity::Sending;

/// The largest piece: one frame of HTTP/2, as clients take them if they do not say otherwise.
pub(super) const PIECE_BYTES_MAX: usize = 16_384;

/// A body that is being sent.
#[derive(Debug)]
pub(super) struct Answer {
    body: Body,
    /// What is left of the piece that the body gave last.
    rest: Bytes,
    /// `None` for one that has nothing to send.
    sending: Option<Sending>,
}

impl Answer {
    /// `sending` is over when all of the body is sent, or nobody wants the rest.
    pub(super) fn new(body: Body, sending: Sending) -> Self {
        let sending = (!body.is_end_stream()).then_some(sending);
        Self { body, rest: Bytes::new(), sending }
    }

    fn piece(&mut self, mut bytes: Bytes) -> Frame<Bytes> {
        self.rest = bytes.split_off(bytes.len().min(PIECE_BYTES_MAX));
        Frame::data(bytes)
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        let frame = if this.rest.is_empty() {
            match ready!(Pin::new(&mut this.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) => this.piece(bytes),
                    Err(trailers) => trailers,
                },
                end @ (Some(Err(_)) | None) => return Poll::Ready(end),
            }
        } else {
            let rest = std::mem::take(&mut this.rest);
            this.piece(rest)
        };
        if let Some(sending) = &this.sending {
            sending.moves();
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (of_body, rest) = (self.body.size_hint(), self.rest.len());
        let rest = u64::try_from(rest).unwrap_or(u64::MAX);
        let mut hint = SizeHint::new();
        hint.set_lower(of_body.lower().saturating_add(rest));
        if let Some(upper) = of_body.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures_util::future::poll_fn;

    use super::super::activity::Activity;
    use super::*;

    /// The sizes of the pieces of an answer; before each, it knows how much is left.
    async fn pieces(bytes: usize) -> Vec<usize> {
        let sending = Arc::new(Activity::new()).begin().answered();
        let mut answer = Answer::new(Body::from(vec![b'x'; bytes]), sending);
        let mut pieces = Vec::new();
        loop {
            let left = bytes.checked_sub(pieces.iter().sum()).unwrap();
            assert_eq!(answer.size_hint().exact(), u64::try_from(left).ok());
            assert_eq!(answer.is_end_stream(), left == 0);
            let frame = poll_fn(|context| Pin::new(&mut answer).poll_frame(context)).await;
            let Some(frame) = frame else { return pieces };
            pieces.push(frame.unwrap().into_data().unwrap().len());
        }
    }

    #[tokio::test]
    async fn a_large_answer_comes_in_pieces() {
        assert_eq!(pieces(0).await, [0; 0]);
        assert_eq!(pieces(1).await, [1]);
        assert_eq!(pieces(PIECE_BYTES_MAX).await, [PIECE_BYTES_MAX]);
        let large = pieces(PIECE_BYTES_MAX * 2 + 1).await;
        assert_eq!(large, [PIECE_BYTES_MAX, PIECE_BYTES_MAX, 1]);
    }
}

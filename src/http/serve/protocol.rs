//! What one connection may do, in the words of hyper.
//!
//! A client chooses between HTTP/1.1 and HTTP/2 by how it begins. Of the ways to make work without
//! asking anything that HTTP/2 is known for, h2 bounds the frames of one head (CONTINUATION floods)
//! by itself; streams that are begun and reset again (rapid reset) are bounded here.

use std::time::Duration;

use hyper_util::server::conn::auto;
use tokio_util::task::TaskTracker;

use super::answer::PIECE_BYTES_MAX;

/// Streams that a client may have reset before the server has looked at them, and that may have
/// been reset for the client's mistakes; one more ends the connection.
const RESET_STREAMS_MAX: usize = 20;
const FAULTY_STREAMS_MAX: usize = 100;

/// Header fields of one request.
const HEADER_FIELDS_MAX: usize = 100;

/// What a stream and a connection of HTTP/2 may send before somebody reads it.
const STREAM_WINDOW_BYTES: u32 = 262_144;
const CONNECTION_WINDOW_BYTES: u32 = 1_048_576;

/// What a stream of HTTP/2 may have written before its client reads it: two pieces of an answer.
const STREAM_SEND_BYTES_MAX: usize = 2 * PIECE_BYTES_MAX;

/// What each connection may do, and how many there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Connections at once; 1 upward. One more waits until one of them ends.
    pub connections_max: usize,
    /// How long a client may take to be greeted by TLS, and then to send the head of a request.
    pub header_timeout: Duration,
    /// How long a connection may rest, or leave an answer unread.
    pub idle_timeout: Duration,
    /// The largest head of a request; 8,192 upward.
    pub head_bytes_max: usize,
    /// Requests at once on one connection of HTTP/2.
    pub streams_max: u32,
}

/// Spawns what belongs to a stream of HTTP/2, so that it is waited for at the end.
#[derive(Clone, Debug)]
pub(super) struct Tracked(pub(super) TaskTracker);

impl<F> hyper::rt::Executor<F> for Tracked
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, future: F) {
        // Its end is waited for through the tracker.
        drop(self.0.spawn(future));
    }
}

/// Makes connections of both versions within `limits`.
pub(super) fn builder(limits: ConnectionLimits, tasks: TaskTracker) -> auto::Builder<Tracked> {
    let mut builder = auto::Builder::new(Tracked(tasks));
    // hyper's own time for a head begins when the last request ends, so that a client could not
    // rest for longer than it may take to send one; `activity` tells the two apart.
    builder
        .http1()
        .header_read_timeout(None)
        .max_headers(HEADER_FIELDS_MAX)
        .max_buf_size(limits.head_bytes_max.max(8_192));
    builder
        .http2()
        .max_header_list_size(u32::try_from(limits.head_bytes_max).unwrap_or(u32::MAX))
        .max_concurrent_streams(limits.streams_max)
        .max_send_buf_size(STREAM_SEND_BYTES_MAX)
        .max_pending_accept_reset_streams(RESET_STREAMS_MAX)
        .max_local_error_reset_streams(FAULTY_STREAMS_MAX)
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES);
    builder
}

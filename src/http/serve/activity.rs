//! What goes on on one connection, and for how long nothing has.
//!
//! A connection is busy while a request is under way, which has a time of its own; otherwise a head
//! is being sent, which must not take long, or it rests, which it may for longer. The first head is
//! waited for as if it were being sent already. HTTP/2 sends a head in one piece and other frames
//! between requests, so without a request its connections rest, whatever is read.
//!
//! An answer that is being sent has no time of its own, for a client may be slow: but each must make
//! headway ([`Sending`]), whatever else its connection carries. What HTTP/2 writes besides, as the
//! answers to a client's pings, is no headway.
//!
//! It is looked at by a timer now and then, and costs a request a few readings of the clock.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::ConnectionLimits;

/// How each connection of HTTP/2 begins.
const HTTP2_BEGINS: &[u8] = b"PRI ";

/// What goes on on a connection.
#[derive(Debug)]
pub(super) struct Activity {
    opened: Instant,
    /// When something went on for the last time, after `opened`.
    last_us: AtomicU64,
    requests: AtomicUsize,
    /// Those answers that are being sent; there are no more than streams.
    sending: Mutex<Vec<Headway>>,
    in_head: AtomicBool,
    nothing_read: AtomicBool,
    is_http2: AtomicBool,
}

/// How far the sending of an answer has come.
#[derive(Clone, Copy, Debug)]
struct Headway {
    /// Tells it from the others.
    number: u64,
    /// When a piece of it was taken for the last time, after `opened`.
    last_us: u64,
}

/// What is to become of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing; to be looked at again then.
    LookAgain(Instant),
    /// It has rested for long enough.
    Rested,
    /// Its client takes too long to send a head.
    Slow,
    /// Its client does not read an answer.
    Unread,
}

/// After how long a connection is looked at for the first time.
pub(super) fn look_after(limits: &ConnectionLimits) -> Duration {
    limits.header_timeout.min(limits.idle_timeout)
}

/// A request that is under way for as long as this is, up to the head of its answer.
#[derive(Debug)]
pub(super) struct UnderWay(Arc<Activity>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.requests.fetch_sub(1, Ordering::Relaxed);
    }
}

/// An answer that is being sent for as long as this is.
#[derive(Debug)]
pub(super) struct Sending {
    activity: Arc<Activity>,
    number: u64,
}

impl Sending {
    /// A piece of it was taken.
    pub(super) fn moves(&self) {
        let now = self.activity.stamp();
        let mut all = self.activity.sending();
        if let Some(this) = all.iter_mut().find(|one| one.number == self.number) {
            this.last_us = now;
        }
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        let mut all = self.activity.sending();
        if let Some(at) = all.iter().position(|one| one.number == self.number) {
            all.swap_remove(at);
        }
    }
}

impl UnderWay {
    /// The head of the answer is there, and its body is to be sent.
    pub(super) fn answered(self) -> Sending {
        let activity = Arc::clone(&self.0);
        let last_us = activity.stamp();
        let mut all = activity.sending();
        let number = all.iter().map(|one| one.number).max().map_or(0, |max| max.wrapping_add(1));
        all.push(Headway { number, last_us });
        drop(all);
        Sending { activity, number }
    }
}

impl Activity {
    /// Of a connection that is open since now.
    pub(super) fn new() -> Self {
        Self {
            opened: Instant::now(),
            last_us: AtomicU64::new(0),
            requests: AtomicUsize::new(0),
            sending: Mutex::default(),
            in_head: AtomicBool::new(true),
            nothing_read: AtomicBool::new(true),
            is_http2: AtomicBool::new(false),
        }
    }

    /// The head of a request has come.
    pub(super) fn begin(self: &Arc<Self>) -> UnderWay {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.in_head.store(false, Ordering::Relaxed);
        UnderWay(Arc::clone(self))
    }

    /// Whether it speaks HTTP/2.
    pub(super) fn is_http2(&self) -> bool {
        self.is_http2.load(Ordering::Relaxed)
    }

    /// Nothing that is done under the lock panics.
    fn sending(&self) -> MutexGuard<'_, Vec<Headway>> {
        self.sending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// For how long that answer has made no headway that has waited longest for its client; `None`
    /// if none is being sent.
    fn unread_for(&self, now: Instant) -> Option<Duration> {
        let longest = self.sending().iter().map(|one| one.last_us).min();
        longest.map(|last_us| self.since(last_us, now))
    }

    /// For how long nothing has gone on, not even the reading of an answer; `None` while a request
    /// has no answer yet.
    pub(super) fn resting_for(&self, now: Instant) -> Option<Duration> {
        self.is_resting().then(|| self.still_for(now))
    }

    fn is_resting(&self) -> bool {
        self.requests.load(Ordering::Relaxed) == 0
    }

    fn still_for(&self, now: Instant) -> Duration {
        self.since(self.last_us.load(Ordering::Relaxed), now)
    }

    fn since(&self, us: u64, now: Instant) -> Duration {
        now.saturating_duration_since(self.opened).saturating_sub(Duration::from_micros(us))
    }

    /// What is to become of the connection by now.
    pub(super) fn verdict(&self, limits: &ConnectionLimits, now: Instant) -> Verdict {
        let look_again_after = |duration: Duration| {
            // A rest or a head may begin at once.
            let after = duration.min(look_after(limits));
            Verdict::LookAgain(now.checked_add(after).unwrap_or(now))
        };
        if let Some(unread) = self.unread_for(now) {
            let left = limits.idle_timeout.saturating_sub(unread);
            return if left.is_zero() { Verdict::Unread } else { look_again_after(left) };
        }
        if !self.is_resting() {
            return look_again_after(Duration::MAX);
        }
        let (patience, overdue) = if self.in_head.load(Ordering::Relaxed) {
            (limits.header_timeout, Verdict::Slow)
        } else {
            (limits.idle_timeout, Verdict::Rested)
        };
        let left = patience.saturating_sub(self.still_for(now));
        if left.is_zero() {
            return overdue;
        }
        look_again_after(left)
    }

    fn read(&self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if self.nothing_read.load(Ordering::Relaxed) {
            self.nothing_read.store(false, Ordering::Relaxed);
            if bytes.starts_with(HTTP2_BEGINS) {
                self.is_http2.store(true, Ordering::Relaxed);
                self.in_head.store(false, Ordering::Relaxed);
            }
            self.stamp();
        } else if self.is_resting() && !self.is_http2() && !self.in_head.load(Ordering::Relaxed) {
            self.in_head.store(true, Ordering::Relaxed);
            self.stamp();
        }
    }

    /// Something was written. HTTP/2 answers a client's pings, which is no headway; there it is the
    /// pieces of answers that count.
    fn wrote(&self) {
        if !self.is_http2() {
            self.stamp();
        }
    }

    fn stamp(&self) -> u64 {
        let us = u64::try_from(self.opened.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.last_us.store(us, Ordering::Relaxed);
        us
    }
}

/// What a connection holds for as long as its stream is there.
#[derive(Debug)]
pub(super) struct Held {
    /// Its place among those that there may be.
    pub(super) _place: OwnedSemaphorePermit,
    /// It is waited for at the end.
    pub(super) _tracked: TaskTrackerToken,
}

/// A stream that tells what goes on on it.
#[derive(Debug)]
pub(super) struct Watched<S> {
    pub(super) stream: S,
    pub(super) activity: Arc<Activity>,
    pub(super) _held: Held,
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        this.activity.read(buffer.filled().get(before..).unwrap_or_default());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.stream).poll_write(context, bytes))?;
        this.activity.wrote();
        Poll::Ready(Ok(written))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.stream).poll_write_vectored(context, slices))?;
        this.activity.wrote();
        Poll::Ready(Ok(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: ConnectionLimits = ConnectionLimits {
        connections_max: 1,
        header_timeout: Duration::from_secs(10),
        idle_timeout: Duration::from_secs(75),
        head_bytes_max: 8_192,
        streams_max: 1,
    };

    fn after(activity: &Activity, seconds: u64) -> Verdict {
        let now = activity.opened.checked_add(Duration::from_secs(seconds)).unwrap();
        activity.verdict(&LIMITS, now)
    }

    #[test]
    fn a_head_has_less_time_than_a_rest() {
        let activity = Arc::new(Activity::new());
        assert_eq!(after(&activity, 10), Verdict::Slow, "the first head");
        activity.read(b"POST /gr");
        drop(activity.begin());
        activity.stamp();
        assert!(matches!(after(&activity, 74), Verdict::LookAgain(_)));
        assert_eq!(after(&activity, 76), Verdict::Rested);
        activity.read(b"P");
        assert!(matches!(after(&activity, 9), Verdict::LookAgain(_)));
        assert_eq!(after(&activity, 11), Verdict::Slow, "a head that has begun");
        let under_way = activity.begin();
        assert!(matches!(after(&activity, 1_000), Verdict::LookAgain(_)), "a request");
        activity.read(b"its body");
        drop(under_way);
        assert!(matches!(after(&activity, 11), Verdict::LookAgain(_)));
    }

    #[test]
    fn each_answer_makes_headway() {
        let activity = Arc::new(Activity::new());
        activity.read(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        let (one, other) = (activity.begin().answered(), activity.begin().answered());
        assert!(matches!(after(&activity, 74), Verdict::LookAgain(_)));
        assert_eq!(after(&activity, 76), Verdict::Unread);
        // Neither another request nor another answer takes the place of what is not read.
        let under_way = activity.begin();
        activity.wrote();
        other.moves();
        assert_eq!(after(&activity, 76), Verdict::Unread);
        drop(one);
        drop(under_way);
        activity.sending()[0].last_us = 50_000_000;
        assert!(matches!(after(&activity, 124), Verdict::LookAgain(_)));
        assert_eq!(after(&activity, 126), Verdict::Unread);
        drop(other);
        assert_eq!(after(&activity, 126), Verdict::Rested);
    }

    #[test]
    fn http2_rests_without_a_request() {
        let activity = Arc::new(Activity::new());
        activity.read(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        assert!(activity.is_http2());
        activity.read(b"some frame");
        assert!(matches!(after(&activity, 74), Verdict::LookAgain(_)));
        assert_eq!(after(&activity, 76), Verdict::Rested);
    }
}

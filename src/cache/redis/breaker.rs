//! Spares what is down: after some failures in a row nobody is sent there for a while, and then
//! one, to see.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Failures in a row that open it.
const FAILURES_MAX: u32 = 3;

/// How long it stays open before one may try.
const OPEN_FOR: Duration = Duration::from_millis(500);

/// Whether to go there at all.
#[derive(Debug)]
pub(super) struct Breaker {
    start: Instant,
    failures: AtomicU32,
    /// Microseconds since `start` before which nobody may try; 0 while it is closed.
    open_until_us: AtomicU64,
}

impl Breaker {
    /// A closed one.
    pub(super) fn new(start: Instant) -> Self {
        Self { start, failures: AtomicU32::new(0), open_until_us: AtomicU64::new(0) }
    }

    /// Whether somebody may be sent there now. Where it is open and the pause is over, that is one,
    /// and the pause begins again.
    pub(super) fn lets_through(&self, now: Instant) -> bool {
        let open_until = self.open_until_us.load(Ordering::Relaxed);
        if open_until == 0 {
            return true;
        }
        let now_us = self.micros(now);
        if now_us < open_until {
            return false;
        }
        let next = now_us.saturating_add(micros(OPEN_FOR));
        self.open_until_us
            .compare_exchange(open_until, next, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
    }

    /// Whether nobody is to rely on it, but for the one who tries.
    pub(super) fn is_open(&self) -> bool {
        self.open_until_us.load(Ordering::Relaxed) != 0
    }

    /// It answered. Tells whether it had been open.
    pub(super) fn succeeded(&self) -> bool {
        self.failures.store(0, Ordering::Relaxed);
        self.open_until_us.swap(0, Ordering::Relaxed) != 0
    }

    /// It did not. Tells whether that opened it.
    pub(super) fn failed(&self, now: Instant) -> bool {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if failures < FAILURES_MAX {
            return false;
        }
        let until = self.micros(now).saturating_add(micros(OPEN_FOR));
        self.open_until_us.swap(until, Ordering::Relaxed) == 0
    }

    fn micros(&self, now: Instant) -> u64 {
        micros(now.saturating_duration_since(self.start))
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_failures_in_a_row_one_at_a_time_may_try() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let breaker = Breaker::new(start);
        assert!(!breaker.failed(at(1)));
        assert!(!breaker.failed(at(2)));
        breaker.succeeded();
        assert!(!breaker.failed(at(3)));
        assert!(!breaker.failed(at(4)));
        assert!(breaker.lets_through(at(5)));
        assert!(breaker.failed(at(5)));
        assert!(!breaker.lets_through(at(504)));
        assert!(breaker.lets_through(at(506)));
        assert!(!breaker.lets_through(at(507)), "one tries already");
        assert!(!breaker.failed(at(508)), "it was open before");
        assert!(breaker.lets_through(at(1_010)));
        assert!(breaker.succeeded());
        assert!(breaker.lets_through(at(1_011)) && breaker.lets_through(at(1_011)));
    }
}

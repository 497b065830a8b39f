//! Spares what is down: after some failures in a row nobody is sent there, until it was seen to
//! answer again. Who looks is not somebody who waits for an answer; see `mend`. It is open at first:
//! to connect takes longer than anybody is let wait.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Failures in a row that open it.
const FAILURES_MAX: u32 = 3;

/// Whether to go there at all.
#[derive(Debug)]
pub(super) struct Breaker {
    failures: AtomicU32,
    open: AtomicBool,
}

impl Breaker {
    /// An open one.
    pub(super) fn new() -> Self {
        Self { failures: AtomicU32::new(0), open: AtomicBool::new(true) }
    }

    /// Whether nobody is to be sent there.
    pub(super) fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }

    /// It answered. Tells whether that closed it.
    pub(super) fn succeeded(&self) -> bool {
        self.failures.store(0, Ordering::Relaxed);
        self.is_open() && self.open.swap(false, Ordering::Relaxed)
    }

    /// It did not. Tells whether that opened it.
    pub(super) fn failed(&self) -> bool {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        failures >= FAILURES_MAX && !self.open.swap(true, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_in_a_row_open_it_and_an_answer_closes_it() {
        let breaker = Breaker::new();
        assert!(breaker.is_open() && breaker.succeeded());
        assert!(!breaker.failed() && !breaker.failed());
        assert!(!breaker.succeeded(), "it was closed");
        assert!(!breaker.failed() && !breaker.failed());
        assert!(!breaker.is_open());
        assert!(breaker.failed());
        assert!(breaker.is_open());
        assert!(!breaker.failed(), "it was open before");
        assert!(breaker.succeeded());
        assert!(!breaker.is_open());
        assert!(!breaker.failed() && !breaker.failed(), "the count begins anew");
    }
}

//! Spares what is down: after some failures in a row nobody is sent there, until it was seen to
//! answer again. Who looks is not somebody who waits for an answer; see `mend`. It is open at first:
//! to connect takes longer than anybody is let wait. What opens again and again, because it answers
//! a look and nothing larger, is looked at less and less often.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Failures in a row that open it.
const FAILURES_MAX: u32 = 3;

/// Answers in a row after which it counts as sound.
const SOUND_AFTER: u32 = 100;

/// The most looks that are left out between two: 250 ms become 8 s.
const LEFT_OUT_MAX: u32 = 31;

/// Whether to go there at all.
#[derive(Debug)]
pub(super) struct Breaker {
    /// In a row.
    failures: AtomicU32,
    /// In a row, since it opened.
    answers: AtomicU32,
    open: AtomicBool,
    /// Looks to be left out between two.
    pause: AtomicU32,
    /// Looks left out since the last.
    left_out: AtomicU32,
}

impl Breaker {
    /// An open one.
    pub(super) fn new() -> Self {
        Self {
            failures: AtomicU32::new(0),
            answers: AtomicU32::new(0),
            open: AtomicBool::new(true),
            pause: AtomicU32::new(0),
            left_out: AtomicU32::new(0),
        }
    }

    /// Whether nobody is to be sent there.
    pub(super) fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }

    /// It answered. Tells whether that closed it.
    pub(super) fn succeeded(&self) -> bool {
        self.failures.store(0, Ordering::Relaxed);
        if self.pause.load(Ordering::Relaxed) > 0
            && self.answers.fetch_add(1, Ordering::Relaxed) >= SOUND_AFTER
        {
            self.pause.store(0, Ordering::Relaxed);
        }
        self.is_open() && self.open.swap(false, Ordering::Relaxed)
    }

    /// It did not. Tells whether that opened it.
    pub(super) fn failed(&self) -> bool {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        let opened = failures >= FAILURES_MAX && !self.open.swap(true, Ordering::Relaxed);
        if opened {
            self.answers.store(0, Ordering::Relaxed);
            self.left_out.store(0, Ordering::Relaxed);
            let pause = self.pause.load(Ordering::Relaxed);
            let longer = pause.saturating_mul(2).saturating_add(1).min(LEFT_OUT_MAX);
            self.pause.store(longer, Ordering::Relaxed);
        }
        opened
    }

    /// Whether it is open, and to be looked at this time. The first time it opens it is looked at
    /// every other time, then every fourth, and so on.
    pub(super) fn is_to_be_looked_at(&self) -> bool {
        if !self.is_open() {
            return false;
        }
        let left_out = self.left_out.fetch_add(1, Ordering::Relaxed);
        let due = left_out >= self.pause.load(Ordering::Relaxed);
        if due {
            self.left_out.store(0, Ordering::Relaxed);
        }
        due
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

    #[test]
    fn what_opens_again_and_again_is_looked_at_less_often_until_it_is_sound() {
        let breaker = Breaker::new();
        let looks = |count: usize| (0..count).filter(|_look| breaker.is_to_be_looked_at()).count();
        assert_eq!(looks(8), 8, "at first each time");
        breaker.succeeded();
        assert_eq!(looks(8), 0, "it is closed");
        let open = || while !breaker.failed() {};
        open();
        assert_eq!(looks(8), 4);
        breaker.succeeded();
        open();
        assert_eq!(looks(8), 2);
        for _answer in 0..=SOUND_AFTER {
            breaker.succeeded();
        }
        open();
        assert_eq!(looks(8), 4);
    }
}

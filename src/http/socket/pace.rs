//! How fast a client may send messages over its socket.
//!
//! An operation is a request of its caller, and taken from their bucket. What is none, pings and the
//! like, costs little and is in no bucket: a client that sends nothing else is bounded here, coarsely,
//! far beyond what any has reason to send.

use std::time::Duration;

use tokio::time::Instant;

/// For how long a message counts: 1,000 of them are a second.
const EACH: Duration = Duration::from_millis(1);

/// How much time messages may count for together: as many at once, after a rest.
const ALL_MAX: Duration = Duration::from_secs(1);

/// How fast one client sends.
#[derive(Debug)]
pub(super) struct Pace {
    /// When all messages so far have counted.
    counted_by: Instant,
}

impl Pace {
    /// Of a client who has sent nothing.
    pub(super) fn new(now: Instant) -> Self {
        Self { counted_by: now }
    }

    /// Counts a message; tells whether it may be.
    pub(super) fn takes(&mut self, now: Instant) -> bool {
        let begins = self.counted_by.max(now);
        self.counted_by = begins.checked_add(EACH).unwrap_or(begins);
        self.counted_by.saturating_duration_since(now) <= ALL_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_a_second_may_be() {
        let began = Instant::now();
        let mut pace = Pace::new(began);
        assert_eq!((0..2_000).filter(|_message| pace.takes(began)).count(), 1_000);
        let mut pace = Pace::new(began);
        for second in 0..5 {
            let now = began.checked_add(Duration::from_secs(second)).unwrap();
            assert!((0..1_000).all(|_message| pace.takes(now)), "second {second}");
        }
    }
}

//! The clock of the primary, by which the age of copies is told.
//!
//! Servers, replicas and caches each have a clock, and any of them may be wrong. So there is one
//! that counts: the primary's. A server asks for it now and then, and knows between what bounds it
//! was when it was asked and answered; from there on it counts by its own monotonic clock. An age
//! that is computed here is never less than the true one, by whatever the clocks of the servers
//! say, as long as the primary's own does not jump.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// An estimate of the primary's clock, from below and from above. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct BooksClock(Arc<RwLock<Option<Reading>>>);

/// What the primary told once: at some instant from `asked` to `answered` its clock showed
/// `told_us`.
#[derive(Clone, Copy, Debug)]
struct Reading {
    asked: Instant,
    answered: Instant,
    told_us: i64,
}

impl BooksClock {
    /// The primary, asked at `asked`, told `told_us`, in microseconds since 1970, and that arrived
    /// at `answered`. From now on this is what counts.
    pub fn measured(&self, asked: Instant, answered: Instant, told_us: i64) {
        let mut reading = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *reading = Some(Reading { asked, answered, told_us });
    }

    /// What the clock showed at `instant`, at the least, in microseconds since 1970; `None` while
    /// it was never asked.
    pub fn earliest_us(&self, instant: Instant) -> Option<i64> {
        let reading = self.reading()?;
        Some(moved(reading.told_us, reading.answered, instant))
    }

    /// The instant at which the clock showed `told_us`, or somewhat earlier, so that what was true
    /// then is never taken for younger than it is; `None` while the clock was never asked, or where
    /// that instant lies beyond what the machine can count.
    pub fn instant_of(&self, told_us: i64) -> Option<Instant> {
        let reading = self.reading()?;
        let micros = told_us.checked_sub(reading.told_us)?;
        let distance = Duration::from_micros(micros.unsigned_abs());
        if micros < 0 {
            reading.asked.checked_sub(distance)
        } else {
            reading.asked.checked_add(distance)
        }
    }

    fn reading(&self) -> Option<Reading> {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `told_us`, which was shown at `then`, as it is at `instant`.
fn moved(told_us: i64, then: Instant, instant: Instant) -> i64 {
    let micros = |distance: Duration| i64::try_from(distance.as_micros()).unwrap_or(i64::MAX);
    if instant < then {
        told_us.saturating_sub(micros(then.duration_since(instant)))
    } else {
        told_us.saturating_add(micros(instant.duration_since(then)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_never_less_than_the_true_one() {
        let clock = BooksClock::default();
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        assert_eq!(clock.earliest_us(start), None);
        assert_eq!(clock.instant_of(0), None);
        // Asked at 100 ms and answered at 110 ms: the primary showed 5 s somewhere between.
        clock.measured(at(100), at(110), 5_000_000);
        assert_eq!(clock.earliest_us(at(110)), Some(5_000_000));
        assert_eq!(clock.earliest_us(at(60)), Some(4_950_000));
        assert_eq!(clock.earliest_us(at(1_110)), Some(6_000_000));
        assert_eq!(clock.instant_of(5_000_000), Some(at(100)));
        assert_eq!(clock.instant_of(6_000_000), Some(at(1_100)));
        // There and back makes it older by the time that the answer took, and never younger.
        let stamp = clock.earliest_us(at(700)).unwrap();
        assert_eq!(clock.instant_of(stamp), Some(at(690)));
    }

    #[test]
    fn no_time_that_somebody_made_up_is_beyond_it() {
        let clock = BooksClock::default();
        let now = Instant::now();
        clock.measured(now, now, 1_000_000);
        for told_us in [i64::MIN, i64::MAX, 0] {
            clock.instant_of(told_us);
        }
        assert_eq!(clock.instant_of(i64::MIN), None);
    }
}

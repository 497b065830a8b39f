//! More than so many within a span of time: when that begins.

use chrono::{DateTime, TimeDelta, Utc};

use super::follows;

/// Whether with the last of some events, in their order, it begins that there are more than `max` of
/// them within `window`: the last exceeds that, and none of the `max` events before it did. So a crowd
/// is told once, for as long as it lasts, and another can only begin once as many events have passed
/// that did not exceed.
///
/// `at` tells when the event of a place was, from 0 to `last`. It is asked for the last `2 * max + 1`.
pub(super) fn begins(
    last: usize,
    at: impl Fn(usize) -> Option<DateTime<Utc>>,
    max: usize,
    window: TimeDelta,
) -> bool {
    let exceeds = |place: usize| {
        let first = place.checked_sub(max).and_then(&at);
        at(place).zip(first).is_some_and(|(at, first)| follows(at, first, window))
    };
    exceeds(last) && !(last.saturating_sub(max)..last).rev().any(exceeds)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places at which it begins, of events at these seconds.
    fn beginnings(seconds: &[i64], max: usize, window: i64) -> Vec<usize> {
        let at = |place: usize| DateTime::from_timestamp(*seconds.get(place)?, 0);
        let places = 0..seconds.len();
        places.filter(|place| begins(*place, at, max, TimeDelta::seconds(window))).collect()
    }

    #[test]
    fn it_begins_with_the_one_too_many() {
        assert_eq!(beginnings(&[0, 1, 2, 3], 3, 10), [3]);
        assert_eq!(beginnings(&[0, 1, 2], 3, 10), [0; 0]);
        assert_eq!(beginnings(&[0, 1, 2, 10], 3, 10), [0; 0], "the window is over");
        assert_eq!(beginnings(&[0, 1, 2, 9], 3, 10), [3]);
    }

    #[test]
    fn it_is_told_once_for_as_long_as_it_lasts() {
        let seconds: Vec<i64> = (0..100).collect();
        assert_eq!(beginnings(&seconds, 3, 10), [3]);
        // A pause of less than `max` events is none.
        assert_eq!(beginnings(&[0, 1, 2, 3, 11, 12, 12], 3, 10), [3]);
        assert_eq!(beginnings(&[0, 1, 2, 3, 20, 40, 60, 61, 62, 63], 3, 10), [3, 9]);
    }

    #[test]
    fn a_clock_that_runs_backwards_makes_no_crowd() {
        assert_eq!(beginnings(&[100, 50, 20, 0], 3, 10), [0; 0]);
    }
}

//! Demand that was refused for want of stock: counted by SKU and minute.
//!
//! A refusal writes nothing into the books, so this is no part of them: it is counted by each server in
//! its memory, and written behind.

use chrono::{DateTime, Utc};

use super::clock::keepable;
use super::{Calendar, SkuId};

/// Seconds of a minute.
const SECONDS: i64 = 60;

/// A minute of UTC: so many since 1970 began before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minute(pub i64);

impl Minute {
    /// The minute that an instant lies in.
    pub fn of(instant: DateTime<Utc>) -> Self {
        Self(instant.timestamp().div_euclid(SECONDS))
    }

    /// The first minute that does not begin before an instant.
    pub fn from(instant: DateTime<Utc>) -> Self {
        let of = Self::of(instant);
        if of.begins_at().is_some_and(|begins_at| begins_at < instant) { of.next() } else { of }
    }

    /// When it begins; `None` where no database keeps that instant.
    pub fn begins_at(self) -> Option<DateTime<Utc>> {
        let seconds = self.0.checked_mul(SECONDS)?;
        DateTime::from_timestamp(seconds, 0).and_then(keepable)
    }

    /// The one behind it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// What refusals add up to. No count of a process comes near the end of 64 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RefusalSums {
    /// Lines of requests that fell short.
    pub refusal_count: i64,
    /// Units that they asked for.
    pub units_requested: i64,
    /// Units that were missing for them.
    pub units_missing: i64,
}

impl RefusalSums {
    /// Counts a line that asked for more than there was.
    pub fn count(&mut self, requested: i32, available: i32) {
        let missing = i64::from(requested).saturating_sub(available.into());
        self.add(Self {
            refusal_count: 1,
            units_requested: requested.into(),
            units_missing: missing.max(0),
        });
    }

    /// Adds others.
    pub fn add(&mut self, other: Self) {
        self.refusal_count = self.refusal_count.saturating_add(other.refusal_count);
        self.units_requested = self.units_requested.saturating_add(other.units_requested);
        self.units_missing = self.units_missing.saturating_add(other.units_missing);
    }
}

/// Minutes that follow each other: the first is included, the last is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MinuteSpan {
    /// The first minute.
    pub start: Minute,
    /// The first minute that is outside.
    pub end: Minute,
}

/// A stretch of time by which refusals are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalPeriod {
    /// A minute, as they are kept.
    Minute,
    /// A period of a calendar.
    Calendar(Calendar),
}

/// By what refusals are added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RefusalGrouping {
    /// By their SKU.
    pub by_sku: bool,
    /// By the period that they lie in, if by one.
    pub period: Option<RefusalPeriod>,
}

/// Refusals that were added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusalGroup {
    /// Their SKU, where they are grouped by it.
    pub sku_id: Option<SkuId>,
    /// Their period, where they are grouped by one.
    pub period: Option<MinuteSpan>,
    /// What they add up to.
    pub sums: RefusalSums,
    /// The first minute that has one of them.
    pub first_minute: Minute,
    /// The last minute that has one of them.
    pub last_minute: Minute,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_minute_has_its_first_instant_and_not_the_next_one_s() {
        let minute = Minute::of(instant("2026-11-26T09:50:00Z"));
        assert_eq!(Minute::of(instant("2026-11-26T09:50:59.999999Z")), minute);
        assert_eq!(Minute::of(instant("2026-11-26T09:51:00Z")), minute.next());
        assert_eq!(minute.begins_at(), Some(instant("2026-11-26T09:50:00Z")));
        assert_eq!(Minute::of(instant("1969-12-31T23:59:59Z")), Minute(-1));
    }

    #[test]
    fn a_span_has_the_minutes_that_begin_in_it() {
        let minute = Minute::of(instant("2026-11-26T09:50:00Z"));
        assert_eq!(Minute::from(instant("2026-11-26T09:50:00Z")), minute);
        assert_eq!(Minute::from(instant("2026-11-26T09:50:00.000001Z")), minute.next());
        assert_eq!(Minute::from(instant("2026-11-26T09:51:00Z")), minute.next());
    }

    #[test]
    fn a_minute_that_nobody_can_have_begins_never() {
        for minute in [i64::MIN, i64::MAX, 8_000_000_000] {
            assert_eq!(Minute(minute).begins_at(), None);
        }
    }

    #[test]
    fn what_is_missing_is_what_was_not_there() {
        let mut sums = RefusalSums::default();
        sums.count(5, 2);
        sums.count(1, 0);
        let expected = RefusalSums { refusal_count: 2, units_requested: 6, units_missing: 4 };
        assert_eq!(sums, expected);
    }
}

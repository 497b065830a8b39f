//! Hours, days and months as they begin and end where a merchant is.
//!
//! A day is 23 or 25 hours long where clocks are set that day, and begins later than at midnight where
//! they are set forward then. An hour that the clock shows twice is two hours; one in which the clock is
//! set by half an hour is cut there. So every instant lies in exactly one hour, day and month.

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, Datelike as _, Days, LocalResult, Months, NaiveDate, NaiveDateTime, NaiveTime,
    Offset as _, TimeDelta, TimeZone as _, Timelike as _, Utc,
};
use chrono_tz::{GapInfo, Tz};

/// Why a text names no time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a time zone of the IANA database, as Europe/Berlin")]
pub struct InvalidZone;

/// A time zone of the IANA database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);
}

impl FromStr for Zone {
    type Err = InvalidZone;

    fn from_str(text: &str) -> Result<Self, InvalidZone> {
        text.parse().map(Self).map_err(|_unknown| InvalidZone)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.name())
    }
}

/// A stretch of time that a calendar knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// From one full hour to the next.
    Hour,
    /// A date.
    Day,
    /// A month of a year.
    Month,
}

/// The periods of one kind in one zone, which follow each other without gap or overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Calendar {
    /// Where it is.
    pub zone: Zone,
    /// Of what it consists.
    pub period: Period,
}

impl Calendar {
    /// The first instant of the period that an instant lies in.
    pub fn start_of(self, instant: DateTime<Utc>) -> DateTime<Utc> {
        match self.period {
            Period::Hour => self.zone.hour_of(instant),
            Period::Day | Period::Month => {
                let mut first = self.first_date(self.zone.local(instant).date());
                let mut start = self.zone.begin(first);
                // Where the clock was set back over midnight, it shows the old date once more.
                while let Some(next) = self.next_date(first)
                    && let next_start = self.zone.begin(next)
                    && next_start <= instant
                {
                    (first, start) = (next, next_start);
                }
                start
            }
        }
    }

    /// The first instant behind the period that begins at `start`.
    pub fn end_of(self, start: DateTime<Utc>) -> DateTime<Utc> {
        match self.period {
            Period::Hour => self.zone.next_hour(start),
            Period::Day | Period::Month => {
                let mut date = self.first_date(self.zone.local(start).date());
                let mut end = start;
                // Some dates were left out, as the 30th of December 2011 in Samoa.
                while end <= start {
                    let Some(next) = self.next_date(date) else { break };
                    (date, end) = (next, self.zone.begin(next));
                }
                end
            }
        }
    }

    /// The first instants of so many periods, from that of an instant on, and the first instant behind
    /// them all.
    pub fn starts_from(self, instant: DateTime<Utc>, periods: usize) -> Vec<DateTime<Utc>> {
        let mut starts = Vec::with_capacity(periods.saturating_add(1));
        let mut start = self.start_of(instant);
        starts.push(start);
        for _period in 0..periods {
            start = self.end_of(start);
            starts.push(start);
        }
        starts
    }

    fn first_date(self, date: NaiveDate) -> NaiveDate {
        match self.period {
            Period::Hour | Period::Day => date,
            Period::Month => date.with_day(1).unwrap_or(date),
        }
    }

    fn next_date(self, date: NaiveDate) -> Option<NaiveDate> {
        match self.period {
            Period::Hour | Period::Day => date.checked_add_days(Days::new(1)),
            Period::Month => date.checked_add_months(Months::new(1)),
        }
    }
}

impl Zone {
    /// What the clocks show.
    fn local(self, instant: DateTime<Utc>) -> NaiveDateTime {
        self.0.from_utc_datetime(&instant.naive_utc()).naive_local()
    }

    /// How far the clocks are ahead of UTC, in seconds.
    fn offset(self, instant: DateTime<Utc>) -> i32 {
        self.0.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc()
    }

    /// When a date begins: the first instant at which the clocks show its midnight, or, where they are
    /// set forward over that, a later time.
    fn begin(self, date: NaiveDate) -> DateTime<Utc> {
        let midnight = date.and_time(NaiveTime::MIN);
        match self.0.from_local_datetime(&midnight) {
            LocalResult::Single(begin) | LocalResult::Ambiguous(begin, _) => begin.to_utc(),
            LocalResult::None => {
                let end = GapInfo::new(&midnight, &self.0).and_then(|gap| gap.end);
                end.map_or_else(|| midnight.and_utc(), |end| end.to_utc())
            }
        }
    }

    /// When the hour began that an instant lies in.
    fn hour_of(self, instant: DateTime<Utc>) -> DateTime<Utc> {
        let local = self.local(instant);
        let into = TimeDelta::seconds(i64::from(local.num_seconds_from_midnight() % 3_600));
        let whole = instant.with_nanosecond(0).unwrap_or(instant);
        let full = whole.checked_sub_signed(into).unwrap_or(whole);
        if self.offset(full) == self.offset(instant) { full } else { self.set_in(full, whole) }
    }

    fn next_hour(self, start: DateTime<Utc>) -> DateTime<Utc> {
        let into = i64::from(self.local(start).num_seconds_from_midnight() % 3_600);
        let left = TimeDelta::seconds(3_600_i64.saturating_sub(into));
        let full = start.checked_add_signed(left).unwrap_or(start);
        if self.offset(full) == self.offset(start) { full } else { self.set_in(start, full) }
    }

    /// When the clocks were set that show another offset after `before` than after `behind`: the first
    /// second of the new one.
    fn set_in(self, before: DateTime<Utc>, behind: DateTime<Utc>) -> DateTime<Utc> {
        let old = self.offset(before);
        let (mut before, mut behind) = (before.timestamp(), behind.timestamp());
        let at = |second: i64| DateTime::from_timestamp(second, 0).unwrap_or_default();
        while behind.saturating_sub(before) > 1 {
            let middle = before.midpoint(behind);
            if self.offset(at(middle)) == old {
                before = middle;
            } else {
                behind = middle;
            }
        }
        at(behind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(zone: &str, period: Period) -> Calendar {
        Calendar { zone: zone.parse().unwrap(), period }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// The first instants of the periods from one instant on, in short.
    fn starts(zone: &str, period: Period, from: &str, periods: usize) -> Vec<String> {
        let starts = calendar(zone, period).starts_from(at(from), periods);
        starts.iter().map(|start| start.format("%m-%dT%H:%M").to_string()).collect()
    }

    #[test]
    fn days_are_as_long_as_the_clocks_make_them() {
        // 23 hours, and 25.
        assert_eq!(
            starts("Europe/Berlin", Period::Day, "2026-03-28T23:30:00Z", 2),
            ["03-28T23:00", "03-29T22:00", "03-30T22:00"]
        );
        assert_eq!(
            starts("Europe/Berlin", Period::Day, "2026-10-25T12:00:00Z", 2),
            ["10-24T22:00", "10-25T23:00", "10-26T23:00"]
        );
        assert_eq!(
            starts("Asia/Kolkata", Period::Day, "2026-10-25T18:29:59Z", 1),
            ["10-24T18:30", "10-25T18:30"]
        );
        // Forward at midnight: the day begins at one o'clock. Back at midnight: the day before is longer.
        assert_eq!(
            starts("America/Sao_Paulo", Period::Day, "2018-11-04T12:00:00Z", 1),
            ["11-04T03:00", "11-05T02:00"]
        );
        assert_eq!(
            starts("America/Sao_Paulo", Period::Day, "2019-02-17T02:30:00Z", 1),
            ["02-16T02:00", "02-17T03:00"]
        );
        // Back at a minute past midnight: what was begun is not left again.
        assert_eq!(
            starts("America/St_Johns", Period::Day, "2010-11-07T03:00:00Z", 1),
            ["11-07T02:30", "11-08T03:30"]
        );
        // A date that never was.
        assert_eq!(
            starts("Pacific/Apia", Period::Day, "2011-12-30T09:59:59Z", 2),
            ["12-29T10:00", "12-30T10:00", "12-31T10:00"]
        );
    }

    #[test]
    fn an_hour_that_is_shown_twice_is_two() {
        assert_eq!(
            starts("Europe/Berlin", Period::Hour, "2026-10-25T00:59:59Z", 2),
            ["10-25T00:00", "10-25T01:00", "10-25T02:00"]
        );
        // Half an hour: one o'clock, then half past one once more, to two o'clock.
        assert_eq!(
            starts("Australia/Lord_Howe", Period::Hour, "2026-04-04T14:59:00Z", 2),
            ["04-04T14:00", "04-04T15:00", "04-04T15:30"]
        );
        // And half past two, straight from two o'clock.
        assert_eq!(
            starts("Australia/Lord_Howe", Period::Hour, "2026-10-03T15:00:00Z", 2),
            ["10-03T14:30", "10-03T15:30", "10-03T16:00"]
        );
        assert_eq!(
            starts("Asia/Kolkata", Period::Hour, "2026-04-04T14:59:00Z", 1),
            ["04-04T14:30", "04-04T15:30"]
        );
    }

    #[test]
    fn months_begin_with_their_first_day() {
        assert_eq!(
            starts("Europe/Berlin", Period::Month, "2026-03-31T21:59:59.999999Z", 2),
            ["02-28T23:00", "03-31T22:00", "04-30T22:00"]
        );
        assert_eq!(
            starts("UTC", Period::Month, "2024-02-29T00:00:00Z", 1),
            ["02-01T00:00", "03-01T00:00"]
        );
    }

    #[test]
    fn a_zone_is_one_of_the_database() {
        for text in ["", "utc+1", "Mars/Olympus", "europe/berlin ", "+01:00"] {
            assert_eq!(text.parse::<Zone>(), Err(InvalidZone), "{text}");
        }
        assert_eq!("Asia/Kolkata".parse::<Zone>().unwrap().to_string(), "Asia/Kolkata");
        assert_eq!(Zone::UTC.to_string(), "UTC");
    }

    /// Whatever the zone and the instant: it lies in its period, which is one for all that lies in it, and
    /// the next begins where it ends.
    #[test]
    fn an_instant_lies_in_one_period() {
        let mut number = 1_u64;
        for zone in chrono_tz::TZ_VARIANTS {
            for period in [Period::Hour, Period::Day, Period::Month].repeat(40) {
                // Seconds of the years 1890 to 2100, about, in no order.
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let second = i64::try_from((number >> 33) % 6_627_000_000).unwrap();
                let second = second.checked_sub(2_524_600_000).unwrap();
                let instant = DateTime::from_timestamp(second, 999_999_000).unwrap();
                let calendar = Calendar { zone: Zone(zone), period };
                let start = calendar.start_of(instant);
                let end = calendar.end_of(start);
                let told = format!("{calendar:?}: {start} {instant} {end}");
                assert!(start <= instant && instant < end, "{told}");
                assert_eq!(calendar.start_of(start), start, "{told}");
                assert_eq!(calendar.start_of(end), end, "{told}");
                let last = end.checked_sub_signed(TimeDelta::microseconds(1)).unwrap();
                assert_eq!(calendar.start_of(last), start, "{told}");
                let hours = end.signed_duration_since(start).num_hours();
                let longest = match period {
                    Period::Hour => 1,
                    Period::Day => 50,
                    Period::Month => 33 * 24,
                };
                assert!(hours <= longest, "{hours} hours: {told}");
            }
        }
    }
}

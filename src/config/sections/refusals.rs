//! Section `refusals`: how demand that was refused for want of stock is kept.

use std::time::Duration;

use crate::config::reader::Reader;

/// The shortest pause between two writes, unless nothing is kept at all.
const WRITE_INTERVAL_MS_MIN: u64 = 100;

/// Longer, and what waits in memory would be too much to lose.
const WRITE_INTERVAL_MS_MAX: i64 = 60_000;

/// A hundred years.
const RETENTION_DAYS_MAX: i64 = 36_525;

/// How demand that was refused for want of stock is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusalsSection {
    /// How long what was counted may wait to be written; `None` if nothing is counted.
    pub write_interval: Option<Duration>,
    /// After how many days it is deleted; 0 for never.
    pub retention_days: u32,
}

impl RefusalsSection {
    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let key = "refusals.write_interval_ms";
        let interval = reader.duration(key, 0..=WRITE_INTERVAL_MS_MAX);
        let least = Duration::from_millis(WRITE_INTERVAL_MS_MIN);
        if interval.is_some_and(|interval| !interval.is_zero() && interval < least) {
            reader.fault(key, format!("must be 0, or {WRITE_INTERVAL_MS_MIN} or more"));
        }
        let retention_days = reader.number("refusals.retention_days", 0..=RETENTION_DAYS_MAX);
        Some(Self {
            write_interval: interval.map(|interval| (!interval.is_zero()).then_some(interval))?,
            retention_days: retention_days?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Flags, Sources, load};

    fn read(interval_ms: &str, days: &str) -> Result<RefusalsSection, Vec<String>> {
        let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let environment = vec![
            variable("STOCKFLOW_REFUSALS__WRITE_INTERVAL_MS", interval_ms),
            variable("STOCKFLOW_REFUSALS__RETENTION_DAYS", days),
        ];
        let sources = Sources { environment, file: None, flags: Flags::default() };
        load(&sources)
            .map(|settings| settings.refusals)
            .map_err(|invalid| invalid.0.into_iter().map(|fault| fault.subject).collect())
    }

    #[test]
    fn refusals_are_kept_unless_it_is_said_that_they_are_not() {
        let refusals = load(&Sources::default()).unwrap().refusals;
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        let expected = RefusalsSection { write_interval: seconds(5), retention_days: 400 };
        assert_eq!(refusals, expected);
        let expected = RefusalsSection { write_interval: None, retention_days: 0 };
        assert_eq!(read("0", "0"), Ok(expected));
        for wrong in ["1", "99", "-1", "60001"] {
            assert_eq!(read(wrong, "1").unwrap_err(), ["refusals.write_interval_ms"], "{wrong}");
        }
        for wrong in ["-1", "36526", "1.5"] {
            assert_eq!(read("100", wrong).unwrap_err(), ["refusals.retention_days"], "{wrong}");
        }
    }
}

//! Section `anomalies`: what looks unusual enough in the history to be told.

use chrono::TimeDelta;

use crate::config::reader::Reader;
use crate::domain::AnomalyRules;
use crate::domain::anomaly::{
    ACTOR_ENTRIES_MAX, Burst, ClockBackwards, DuplicateOrderDetail, LargeAdjustment, OddHours,
    QuickRefunds,
};
use crate::domain::limits::IDENTIFIER_CHARS_MAX;

/// Ten years of 366 days.
const WITHIN_MS_MAX: i64 = 316_224_000_000;

/// A day.
const WINDOW_MS_MAX: i64 = 86_400_000;

/// Quick refunds that may be usual. Among a thousand entries of an actor there are hardly more.
const REFUNDS_MAX: i64 = 250;

/// What looks unusual enough in the history to be told.
#[derive(Clone, Debug, PartialEq)]
pub struct AnomaliesSection {
    /// The rules with their bounds; those that are switched off are `None`.
    pub rules: AnomalyRules,
}

impl AnomaliesSection {
    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let span = |reader: &mut Reader<'_>, key: &str, bounds| {
            reader.number::<i64>(key, bounds).map(TimeDelta::milliseconds)
        };
        let duplicate =
            span(reader, "anomalies.duplicate_order_detail_within_ms", 0..=WITHIN_MS_MAX);
        let refunds_max = reader.number("anomalies.quick_refunds_max", 0..=REFUNDS_MAX);
        let refund_within = span(reader, "anomalies.quick_refund_within_ms", 1..=WINDOW_MS_MAX);
        let refunds_window = span(reader, "anomalies.quick_refunds_window_ms", 1..=WINDOW_MS_MAX);
        let entries_max = i64::try_from(Burst::ENTRIES_MAX).unwrap_or(i64::MAX);
        let burst_max = reader.number("anomalies.burst_entries_max", 0..=entries_max);
        let burst_window = span(reader, "anomalies.burst_window_ms", 1..=WINDOW_MS_MAX);
        let units_min =
            reader.number("anomalies.large_adjustment_units_min", 0..=i64::from(i32::MAX));
        let adjusted_max = reader.fraction("anomalies.large_adjustment_share_max");
        let known_max = i64::try_from(ACTOR_ENTRIES_MAX).unwrap_or(i64::MAX);
        let known_min = reader.number("anomalies.odd_hours_entries_min", 0..=known_max);
        let odd_max = reader.fraction("anomalies.odd_hours_share_max");
        let days = reader.number::<i64>("anomalies.odd_hours_days", 5..=OddHours::DAYS_MAX);
        let tolerance = span(reader, "anomalies.clock_backwards_ms_max", 0..=WINDOW_MS_MAX);
        let actors = reader.list(
            "anomalies.actors_passed_over",
            |actor| (1..=IDENTIFIER_CHARS_MAX).contains(&actor.chars().count()),
            "must be actors, of 1 to 128 characters each",
        );
        let on = |number: &usize| *number > 0;
        let rules = AnomalyRules {
            duplicate_order_detail: duplicate
                .map(|within| (!within.is_zero()).then_some(DuplicateOrderDetail { within }))?,
            quick_refunds: Some(refunds_max?)
                .filter(on)
                .zip(refund_within.zip(refunds_window))
                .map(|(refunds_max, (within, window))| QuickRefunds {
                    refunds_max,
                    within,
                    window,
                }),
            burst: Some(burst_max?)
                .filter(on)
                .zip(burst_window)
                .map(|(entries_max, window)| Burst { entries_max, window }),
            large_adjustment: Some(units_min?)
                .filter(|units_min: &i32| *units_min > 0)
                .zip(adjusted_max)
                .map(|(units_min, share_max)| LargeAdjustment { units_min, share_max }),
            odd_hours: Some(known_min?).filter(on).zip(odd_max.zip(days)).map(
                |(entries_min, (share_max, days))| OddHours {
                    entries_min,
                    share_max,
                    span: TimeDelta::days(days),
                },
            ),
            clock_backwards: tolerance
                .map(|tolerance| (!tolerance.is_zero()).then_some(ClockBackwards { tolerance }))?,
            actors_passed_over: actors?.into_iter().collect(),
        };
        Some(Self { rules })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Sources, load};
    use crate::domain::AnomalyRule;

    fn read(key: &str, value: &str) -> Result<AnomalyRules, Vec<String>> {
        let name = format!("STOCKFLOW_ANOMALIES__{}", key.to_uppercase());
        let sources = Sources { environment: vec![(name, value.to_owned())], ..Sources::default() };
        load(&sources)
            .map(|settings| settings.anomalies.rules)
            .map_err(|invalid| invalid.0.into_iter().map(|fault| fault.subject).collect())
    }

    #[test]
    fn the_defaults_are_those_of_the_rules() {
        assert_eq!(load(&Sources::default()).unwrap().anomalies.rules, AnomalyRules::default());
    }

    #[test]
    fn a_zero_switches_a_rule_off() {
        for (key, off) in [
            ("duplicate_order_detail_within_ms", AnomalyRule::DuplicateOrderDetail),
            ("quick_refunds_max", AnomalyRule::QuickRefunds),
            ("burst_entries_max", AnomalyRule::Burst),
            ("large_adjustment_units_min", AnomalyRule::LargeAdjustment),
            ("odd_hours_entries_min", AnomalyRule::OddHours),
            ("clock_backwards_ms_max", AnomalyRule::ClockBackwards),
        ] {
            let rules = read(key, "0").unwrap();
            let left: Vec<_> = AnomalyRule::ALL.into_iter().filter(|rule| *rule != off).collect();
            assert_eq!(rules.on().collect::<Vec<_>>(), left, "{key}");
        }
    }

    #[test]
    fn each_bound_holds_within_its_own() {
        for (key, wrong) in [
            ("duplicate_order_detail_within_ms", "-1"),
            ("duplicate_order_detail_within_ms", "316224000001"),
            ("quick_refunds_max", "251"),
            ("quick_refund_within_ms", "0"),
            ("quick_refunds_window_ms", "86400001"),
            ("burst_entries_max", "500"),
            ("burst_window_ms", "0"),
            ("large_adjustment_units_min", "-1"),
            ("large_adjustment_share_max", "1.1"),
            ("odd_hours_entries_min", "1001"),
            ("odd_hours_share_max", "-0.1"),
            ("odd_hours_days", "4"),
            ("odd_hours_days", "61"),
            ("clock_backwards_ms_max", "86400001"),
            ("actors_passed_over", "a,,b"),
        ] {
            assert_eq!(read(key, wrong).unwrap_err(), [format!("anomalies.{key}")], "{wrong}");
        }
    }

    #[test]
    fn actors_are_named_with_commas() {
        assert_eq!(read("burst_entries_max", "7").unwrap().actors_passed_over.len(), 0);
        let rules = read("actors_passed_over", "key:storefront, user:robot").unwrap();
        assert!(rules.passes_over("user:robot") && !rules.passes_over("user:ada"));
    }
}

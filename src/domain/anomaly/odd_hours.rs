//! Rule `ODD_HOURS`: an actor acted at an hour at which they never do.
//!
//! What is compared is the time of day of an entry with those of the same actor's entries of the days
//! before. So no time zone is needed, and what works round the clock has no hour that is odd.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Activity, Anomaly, AnomalyRule};
use crate::domain::Flow;

/// Times of day that are no further apart are the same hour to the rule: an hour on either side, and
/// one more for the day on which clocks are changed.
const NEAR: TimeDelta = TimeDelta::hours(2);

/// What an actor did within this time belongs to the same outing.
const OUTING: TimeDelta = TimeDelta::hours(12);

/// Days on which an actor must have acted for their hours to be known.
const DAYS_MIN: u32 = 5;

const DAY: TimeDelta = TimeDelta::days(1);

/// The bounds of rule `ODD_HOURS`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OddHours {
    /// Entries that must be known of an actor; 1 to 1,000.
    pub entries_min: usize,
    /// The part of them that may be near such an hour, 0 to 1.
    pub share_max: f64,
    /// For how long before an entry they count; [`OddHours::DAYS_MAX`] days at the most.
    pub span: TimeDelta,
}

impl OddHours {
    /// The most days that may count.
    pub const DAYS_MAX: i64 = 60;

    /// Judges an entry by the entries of its actor before it, in the order of their ids. An outing is
    /// told once, at its first entry at an odd hour.
    pub fn find(&self, before: &[Activity], entry: &Flow) -> Option<Anomaly> {
        let share = self.odd_share(before, entry.created_at)?;
        if let Some((last, earlier)) = before.split_last() {
            let since = entry.created_at.signed_duration_since(last.created_at);
            if since < OUTING && self.odd_share(earlier, last.created_at).is_some() {
                return None;
            }
        }
        Some(Anomaly::of(AnomalyRule::OddHours, entry, (share, self.share_max), &[]))
    }

    /// The part of an actor's entries of the days before that are near an hour, if that is odd.
    fn odd_share(&self, before: &[Activity], at: DateTime<Utc>) -> Option<f64> {
        let age = |activity: &Activity| at.signed_duration_since(activity.created_at);
        // What so many entries of a busy actor tell is less than a week: no need to count them.
        if before.first().map(age)?
            < DAY.checked_mul(DAYS_MIN.saturating_sub(1).try_into().ok()?)?
        {
            return None;
        }
        let (mut known, mut near, mut days) = (0_u32, 0_u32, 0_u64);
        for age in before.iter().map(age).filter(|age| *age >= OUTING && *age <= self.span) {
            known = known.saturating_add(1);
            let time_apart =
                TimeDelta::milliseconds(age.num_milliseconds().rem_euclid(DAY.num_milliseconds()));
            if time_apart <= NEAR || time_apart >= DAY.checked_sub(&NEAR)? {
                near = near.saturating_add(1);
            }
            days |= u32::try_from(age.num_days())
                .ok()
                .and_then(|day| 1_u64.checked_shl(day))
                .unwrap_or_default();
        }
        let enough = usize::try_from(known).is_ok_and(|known| known >= self.entries_min.max(1));
        if !enough || days.count_ones() < DAYS_MIN {
            return None;
        }
        let share = f64::from(near) / f64::from(known);
        (share <= self.share_max).then_some(share)
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "of small numbers, in a test")]
mod tests {
    use super::*;
    use crate::domain::flow::sample;
    use crate::domain::{FlowId, SkuId};

    const RULE: OddHours = OddHours { entries_min: 20, share_max: 0.05, span: TimeDelta::days(30) };

    /// The entries, among those of an actor at these hours since a midnight, that complete one.
    fn found(hours: &[i64]) -> Vec<i64> {
        let midnight = DateTime::from_timestamp(1_764_028_800, 0).unwrap();
        let flows: Vec<Flow> = (1..)
            .zip(hours)
            .map(|(id, hour)| Flow {
                id: FlowId(id),
                created_at: midnight + TimeDelta::hours(*hour),
                ..sample(SkuId(1), id)
            })
            .collect();
        let activities: Vec<Activity> = flows.iter().map(Activity::from).collect();
        let each = flows.iter().enumerate();
        let found = each.filter_map(|(place, flow)| RULE.find(&activities[..place], flow));
        found.map(|anomaly| hours[usize::try_from(anomaly.flow_id.0).unwrap() - 1]).collect()
    }

    /// Ten days of work from 9 to 17 o'clock.
    fn office() -> Vec<i64> {
        (0..10).flat_map(|day| (9..17).map(move |hour| day * 24 + hour)).collect()
    }

    #[test]
    fn an_outing_at_an_odd_hour_is_told_once() {
        let mut hours = office();
        assert_eq!(found(&hours), [0; 0]);
        // Three o'clock in the night of the next day, and the two hours behind it.
        hours.extend([243, 244, 245]);
        assert_eq!(found(&hours), [243]);
        // Another night is another outing.
        hours.extend([249, 250, 251, 267, 268]);
        assert_eq!(found(&hours), [243, 267]);
    }

    #[test]
    fn an_hour_near_the_usual_ones_is_not_odd() {
        let mut hours = office();
        hours.extend([240 + 7, 240 + 18]);
        assert_eq!(found(&hours), [0; 0]);
    }

    #[test]
    fn nothing_is_odd_for_who_works_round_the_clock() {
        assert_eq!(found(&(0..500).collect::<Vec<_>>()), [0; 0]);
    }

    #[test]
    fn who_is_hardly_known_has_no_hours() {
        let few = [9, 33, 57, 81, 105, 129, 153, 171];
        assert_eq!(found(&few), [0; 0], "too few entries");
        let mut short: Vec<i64> = (0..4).flat_map(|day| [day * 24 + 9; 50]).collect();
        short.push(96 + 3);
        assert_eq!(found(&short), [0; 0], "too few days");
        let mut past = office();
        past.push(24 * 60 + 3);
        assert_eq!(found(&past), [0; 0], "too long ago");
    }
}

//! Rule `BURST`: an actor made more entries within a window than they should.

use chrono::TimeDelta;

use super::{Activity, Anomaly, AnomalyRule, crowd, number};
use crate::domain::Flow;

/// The bounds of rule `BURST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burst {
    /// Entries of an actor within the window; 1 to [`Burst::ENTRIES_MAX`].
    pub entries_max: usize,
    /// How long the window is.
    pub window: TimeDelta,
}

impl Burst {
    /// The most that `entries_max` may be: twice as many must be known of an actor.
    pub const ENTRIES_MAX: usize = 499;

    /// Judges an entry by the entries of its actor before it, in the order of their ids. One burst is
    /// told once, at the entry with which it begins.
    pub fn find(&self, before: &[Activity], entry: &Flow) -> Option<Anomaly> {
        let last = before.len();
        let at = |place: usize| {
            if place == last {
                Some(entry.created_at)
            } else {
                before.get(place).map(|activity| activity.created_at)
            }
        };
        if !crowd::begins(last, at, self.entries_max, self.window) {
            return None;
        }
        let first = last.saturating_sub(self.entries_max);
        let within: Vec<_> =
            before.iter().skip(first).map(|activity| (activity.id, activity.created_at)).collect();
        let measured = number(within.len().saturating_add(1));
        Some(Anomaly::of(AnomalyRule::Burst, entry, (measured, number(self.entries_max)), &within))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::flow::sample;
    use crate::domain::{FlowId, SkuId};

    #[test]
    fn the_entry_that_is_one_too_many_completes_it() {
        let burst = Burst { entries_max: 3, window: TimeDelta::seconds(10) };
        let entry = |n: i64| {
            let flow = sample(SkuId(n), 1);
            Flow { id: FlowId(n), created_at: flow.created_at + TimeDelta::seconds(n), ..flow }
        };
        let entries: Vec<Flow> = (1..=20).map(entry).collect();
        let activities: Vec<Activity> = entries.iter().map(Activity::from).collect();
        let mut found = Vec::new();
        for (place, entry) in entries.iter().enumerate() {
            found.extend(burst.find(&activities[..place], entry));
        }
        let [found] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(found.flow_ids, [1, 2, 3, 4].map(FlowId));
        assert_eq!((found.measured, found.bound), (4.0, 3.0));
        assert_eq!((found.flow_id, found.sku_id), (FlowId(4), None));
    }
}

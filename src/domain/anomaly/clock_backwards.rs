//! Rule `CLOCK_BACKWARDS`: by the clock an entry is older than the SKU's entry before it.
//!
//! The order of a SKU's entries is that of their sequence, and no clock is asked for it. But whoever
//! looks for a span of time goes by the clocks, and a clock that is wrong hides entries from them.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Anomaly, AnomalyRule};
use crate::domain::{Flow, FlowId};

/// The bounds of rule `CLOCK_BACKWARDS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockBackwards {
    /// By how much the clocks of servers may differ.
    pub tolerance: TimeDelta,
}

/// The SKU's entry before one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Predecessor {
    /// Which it is.
    pub id: FlowId,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

impl ClockBackwards {
    /// Judges an entry by the SKU's entry before it.
    pub fn find(&self, predecessor: &Predecessor, entry: &Flow) -> Option<Anomaly> {
        let back = predecessor.created_at.signed_duration_since(entry.created_at);
        if back <= self.tolerance {
            return None;
        }
        let bounds = (milliseconds(back), milliseconds(self.tolerance));
        let before = [(predecessor.id, predecessor.created_at)];
        Some(Anomaly::of(AnomalyRule::ClockBackwards, entry, bounds, &before))
    }
}

fn milliseconds(span: TimeDelta) -> f64 {
    (span.to_std().unwrap_or_default().as_secs_f64() * 1_000.0).round()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SkuId;
    use crate::domain::flow::sample;

    #[test]
    fn only_what_is_older_than_clocks_may_differ() {
        let rule = ClockBackwards { tolerance: TimeDelta::milliseconds(1_000) };
        let entry = sample(SkuId(1), 2);
        for (ahead_ms, found) in [(-5, false), (0, false), (1_000, false), (1_001, true)] {
            let created_at = entry.created_at + TimeDelta::milliseconds(ahead_ms);
            let predecessor = Predecessor { id: FlowId(1), created_at };
            assert_eq!(rule.find(&predecessor, &entry).is_some(), found, "{ahead_ms}");
        }
        let created_at = entry.created_at + TimeDelta::days(1);
        let found = rule.find(&Predecessor { id: FlowId(1), created_at }, &entry).unwrap();
        assert_eq!((found.measured, found.bound), (86_400_000.0, 1_000.0));
        assert_eq!((found.from, found.to), (entry.created_at, created_at));
        assert_eq!(found.flow_ids, [FlowId(1), entry.id]);
    }
}

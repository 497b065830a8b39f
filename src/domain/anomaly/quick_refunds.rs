//! Rule `QUICK_REFUNDS`: an actor gave back many of their own deductions soon after.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Activity, Anomaly, AnomalyRule, crowd, follows, number};
use crate::domain::{Flow, FlowId, FlowKind};

/// The bounds of rule `QUICK_REFUNDS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuickRefunds {
    /// Quick refunds of an actor within the window; 1 and more.
    pub refunds_max: usize,
    /// How soon after its deduction a refund is quick.
    pub within: TimeDelta,
    /// How long the window is.
    pub window: TimeDelta,
}

impl QuickRefunds {
    /// Judges an entry by the entries of its actor before it, in the order of their ids. A refund
    /// whose deduction is not among these is somebody else's, or not quick.
    pub fn find(&self, before: &[Activity], entry: &Flow) -> Option<Anomaly> {
        let own = Activity::from(entry);
        if !self.is_quick(before, &own) {
            return None;
        }
        let quick = before.iter().filter(|activity| self.is_quick(before, activity));
        let quick: Vec<(FlowId, DateTime<Utc>)> =
            quick.chain([&own]).map(|activity| (activity.id, activity.created_at)).collect();
        let last = quick.len().saturating_sub(1);
        let at = |place: usize| quick.get(place).map(|(_id, at)| *at);
        if !crowd::begins(last, at, self.refunds_max, self.window) {
            return None;
        }
        let first = last.saturating_sub(self.refunds_max);
        let within = quick.get(first..last)?;
        let measured = number(within.len().saturating_add(1));
        let bounds = (measured, number(self.refunds_max));
        Some(Anomaly::of(AnomalyRule::QuickRefunds, entry, bounds, within))
    }

    /// Whether it gives back what the same actor took shortly before.
    fn is_quick(&self, before: &[Activity], refund: &Activity) -> bool {
        let Some(deduction_id) = refund.deduction_id.filter(|_| refund.kind == FlowKind::Refund)
        else {
            return false;
        };
        let place = before.binary_search_by_key(&deduction_id, |activity| activity.id);
        let deduction = place.ok().and_then(|place| before.get(place));
        deduction.is_some_and(|it| follows(refund.created_at, it.created_at, self.within))
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "of small numbers, in a test")]
mod tests {
    use super::*;
    use crate::domain::SkuId;
    use crate::domain::flow::sample;

    const RULE: QuickRefunds = QuickRefunds {
        refunds_max: 2,
        within: TimeDelta::seconds(10),
        window: TimeDelta::seconds(1_000),
    };

    /// An actor's entries, at seconds: deductions, and refunds of the deduction of an id.
    fn found(entries: &[(i64, Option<i64>)]) -> Vec<Anomaly> {
        let flows: Vec<Flow> = (1..)
            .zip(entries)
            .map(|(id, (seconds, deduction_id))| {
                let flow = sample(SkuId(1), id);
                let kind = deduction_id.map_or(FlowKind::Deduction, |_| FlowKind::Refund);
                let created_at = flow.created_at + TimeDelta::seconds(*seconds);
                let deduction_id = deduction_id.map(FlowId);
                Flow { id: FlowId(id), kind, deduction_id, created_at, ..flow }
            })
            .collect();
        let activities: Vec<Activity> = flows.iter().map(Activity::from).collect();
        let each = flows.iter().enumerate();
        each.filter_map(|(place, flow)| RULE.find(&activities[..place], flow)).collect()
    }

    #[test]
    fn the_refund_that_is_one_too_many_completes_it() {
        let mut entries = Vec::new();
        for n in 0..4 {
            entries.extend([(n * 20, None), (n * 20 + 5, Some(n * 2 + 1))]);
        }
        let found = found(&entries);
        let [found] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(found.flow_ids, [2, 4, 6].map(FlowId));
        assert_eq!((found.measured, found.bound), (3.0, 2.0));
    }

    #[test]
    fn late_refunds_and_refunds_of_others_deductions_do_not_count() {
        let late = [(0, None), (1, None), (2, None), (20, Some(1)), (21, Some(2)), (22, Some(3))];
        assert_eq!(found(&late), []);
        let others = [(0, Some(-1)), (1, Some(-2)), (2, Some(-3)), (3, Some(-4))];
        assert_eq!(found(&others), []);
    }

    #[test]
    fn quick_refunds_far_apart_are_few() {
        let rarely: Vec<_> = (0..6_i64)
            .flat_map(|n| [(n * 2_000, None), (n * 2_000 + 1, Some(n * 2 + 1))])
            .collect();
        assert_eq!(found(&rarely), []);
    }
}

//! The rules with their bounds, as an operator tunes them.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::{
    Activity, Anomaly, AnomalyRule, Burst, ClockBackwards, DuplicateOrderDetail, LargeAdjustment,
    OddHours, Predecessor, QuickRefunds,
};
use crate::domain::{Flow, FlowKind};

/// The rules with their bounds. One that is `None` finds nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct AnomalyRules {
    /// Rule `DUPLICATE_ORDER_DETAIL`.
    pub duplicate_order_detail: Option<DuplicateOrderDetail>,
    /// Rule `QUICK_REFUNDS`.
    pub quick_refunds: Option<QuickRefunds>,
    /// Rule `BURST`.
    pub burst: Option<Burst>,
    /// Rule `LARGE_ADJUSTMENT`.
    pub large_adjustment: Option<LargeAdjustment>,
    /// Rule `ODD_HOURS`.
    pub odd_hours: Option<OddHours>,
    /// Rule `CLOCK_BACKWARDS`.
    pub clock_backwards: Option<ClockBackwards>,
    /// Actors that the rules about actors pass over.
    pub actors_passed_over: BTreeSet<String>,
}

/// What was before an entry, as far as the rules ask for it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings<'a> {
    /// The entries of its order line, the newest first; up to
    /// [`ORDER_LINE_ENTRIES_MAX`](super::ORDER_LINE_ENTRIES_MAX).
    pub order_line: &'a [Flow],
    /// The entries of its actor, in the order of their ids; the last
    /// [`ACTOR_ENTRIES_MAX`](super::ACTOR_ENTRIES_MAX).
    pub activities: &'a [Activity],
    /// The SKU's entry before it.
    pub predecessor: Option<Predecessor>,
}

/// What the settings say by default.
impl Default for AnomalyRules {
    fn default() -> Self {
        Self {
            duplicate_order_detail: Some(DuplicateOrderDetail { within: TimeDelta::days(30) }),
            quick_refunds: Some(QuickRefunds {
                refunds_max: 5,
                within: TimeDelta::minutes(10),
                window: TimeDelta::hours(1),
            }),
            burst: Some(Burst { entries_max: 300, window: TimeDelta::minutes(1) }),
            large_adjustment: Some(LargeAdjustment { units_min: 10, share_max: 0.5 }),
            odd_hours: Some(OddHours {
                entries_min: 100,
                share_max: 0.01,
                span: TimeDelta::days(30),
            }),
            clock_backwards: Some(ClockBackwards { tolerance: TimeDelta::seconds(1) }),
            actors_passed_over: BTreeSet::new(),
        }
    }
}

impl AnomalyRules {
    /// The same, but that rules that are not `wanted` find nothing.
    #[must_use]
    pub fn only(&self, wanted: impl Fn(AnomalyRule) -> bool) -> Self {
        let all = self.clone();
        Self {
            duplicate_order_detail: all
                .duplicate_order_detail
                .filter(|_| wanted(AnomalyRule::DuplicateOrderDetail)),
            quick_refunds: all.quick_refunds.filter(|_| wanted(AnomalyRule::QuickRefunds)),
            burst: all.burst.filter(|_| wanted(AnomalyRule::Burst)),
            large_adjustment: all.large_adjustment.filter(|_| wanted(AnomalyRule::LargeAdjustment)),
            odd_hours: all.odd_hours.filter(|_| wanted(AnomalyRule::OddHours)),
            clock_backwards: all.clock_backwards.filter(|_| wanted(AnomalyRule::ClockBackwards)),
            actors_passed_over: all.actors_passed_over,
        }
    }

    /// The rules that find something, in their order.
    pub fn on(&self) -> impl Iterator<Item = AnomalyRule> {
        AnomalyRule::ALL.into_iter().filter(|rule| match rule {
            AnomalyRule::DuplicateOrderDetail => self.duplicate_order_detail.is_some(),
            AnomalyRule::QuickRefunds => self.quick_refunds.is_some(),
            AnomalyRule::Burst => self.burst.is_some(),
            AnomalyRule::LargeAdjustment => self.large_adjustment.is_some(),
            AnomalyRule::OddHours => self.odd_hours.is_some(),
            AnomalyRule::ClockBackwards => self.clock_backwards.is_some(),
        })
    }

    /// What an entry completes, in the order of the rules.
    pub fn judge(&self, entry: &Flow, before: Surroundings<'_>) -> Vec<Anomaly> {
        let Surroundings { order_line, activities, predecessor } = before;
        let of_actor = !self.passes_over(&entry.actor);
        let found = [
            self.duplicate_order_detail.as_ref().and_then(|rule| rule.find(order_line, entry)),
            self.quick_refunds
                .as_ref()
                .filter(|_| of_actor)
                .and_then(|rule| rule.find(activities, entry)),
            self.burst.as_ref().filter(|_| of_actor).and_then(|rule| rule.find(activities, entry)),
            self.large_adjustment.as_ref().and_then(|rule| rule.find(entry)),
            self.odd_hours
                .as_ref()
                .filter(|_| of_actor)
                .and_then(|rule| rule.find(activities, entry)),
            self.clock_backwards
                .as_ref()
                .zip(predecessor.as_ref())
                .and_then(|(rule, predecessor)| rule.find(predecessor, entry)),
        ];
        found.into_iter().flatten().collect()
    }

    /// Whether the rules about actors pass over this one.
    pub fn passes_over(&self, actor: &str) -> bool {
        self.actors_passed_over.contains(actor)
    }

    /// Whether any of them is about what an actor did.
    pub fn concern_actors(&self) -> bool {
        self.on().any(AnomalyRule::concerns_actor)
    }

    /// The kinds of entries that they have to be shown, each once; `None` if all of them.
    pub fn kinds(&self) -> Option<Vec<FlowKind>> {
        self.on().map(AnomalyRule::only_kind).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_are_not_wanted_are_off() {
        let rules = AnomalyRules::default();
        assert_eq!(rules.on().collect::<Vec<_>>(), AnomalyRule::ALL);
        assert_eq!(rules.kinds(), None);
        let few = rules.only(|rule| rule.only_kind().is_some());
        assert_eq!(
            few.on().collect::<Vec<_>>(),
            [AnomalyRule::DuplicateOrderDetail, AnomalyRule::LargeAdjustment]
        );
        assert_eq!(few.kinds(), Some(vec![FlowKind::Deduction, FlowKind::Adjustment]));
        assert!(!few.concern_actors());
        assert_eq!(rules.only(|_rule| false).on().count(), 0);
    }
}

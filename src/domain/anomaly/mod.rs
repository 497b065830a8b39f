//! What looks unusual in a history that adds up: a purchase that was taken twice, refunds in a row,
//! an actor at an hour that is none of theirs.
//!
//! A rule is a pure function of one entry and of a bounded number of entries before it, in the order
//! of their ids. So an anomaly belongs to the entry that completes it, and is found there and nowhere
//! else, whatever part of the history is looked at. What is before an entry never changes.
//!
//! None of this says that somebody did wrong. Each rule names its numbers, so that a person can tell.

mod burst;
mod clock_backwards;
mod crowd;
mod duplicate_order_detail;
mod filter;
mod large_adjustment;
mod message;
mod odd_hours;
mod quick_refunds;
mod rules;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Flow, FlowId, FlowKind, SkuId};

pub use burst::Burst;
pub use clock_backwards::{ClockBackwards, Predecessor};
pub use duplicate_order_detail::DuplicateOrderDetail;
pub use filter::AnomalyFilter;
pub use large_adjustment::LargeAdjustment;
pub use odd_hours::OddHours;
pub use quick_refunds::QuickRefunds;
pub use rules::{AnomalyRules, Surroundings};

/// Entries of an actor before one that the rules about actors look at.
pub const ACTOR_ENTRIES_MAX: usize = 1_000;

/// Entries of an order line before one that the rule about order lines looks at.
pub const ORDER_LINE_ENTRIES_MAX: usize = 50;

/// Entries that an anomaly names; of more the last.
pub const ANOMALY_FLOWS_MAX: usize = 50;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnomalyRule {
    /// An order line was deducted again, under another key.
    DuplicateOrderDetail,
    /// An actor gave back many of their own deductions soon after.
    QuickRefunds,
    /// An actor made many entries at once.
    Burst,
    /// An adjustment removed a large part of the amount.
    LargeAdjustment,
    /// An actor acted at an hour at which they never do.
    OddHours,
    /// An entry was written before the SKU's entry before it, by the clock.
    ClockBackwards,
}

impl AnomalyRule {
    /// Every rule, in the order in which anomalies of one entry are told.
    pub const ALL: [Self; 6] = [
        Self::DuplicateOrderDetail,
        Self::QuickRefunds,
        Self::Burst,
        Self::LargeAdjustment,
        Self::OddHours,
        Self::ClockBackwards,
    ];

    /// Whether it is about what an actor did, of whatever SKU; the others are about one SKU each.
    pub fn concerns_actor(self) -> bool {
        matches!(self, Self::QuickRefunds | Self::Burst | Self::OddHours)
    }

    /// The only kind of entry that it has to be shown; `None` if all of them.
    pub fn only_kind(self) -> Option<FlowKind> {
        match self {
            Self::DuplicateOrderDetail => Some(FlowKind::Deduction),
            Self::LargeAdjustment => Some(FlowKind::Adjustment),
            Self::QuickRefunds | Self::Burst | Self::OddHours | Self::ClockBackwards => None,
        }
    }
}

/// What the rules about actors know of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activity {
    /// The entry.
    pub id: FlowId,
    /// Why stock changed.
    pub kind: FlowKind,
    /// For a refund, the deduction that it gives back.
    pub deduction_id: Option<FlowId>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

impl From<&Flow> for Activity {
    fn from(flow: &Flow) -> Self {
        Self {
            id: flow.id,
            kind: flow.kind,
            deduction_id: flow.deduction_id,
            created_at: flow.created_at,
        }
    }
}

/// Something that looks unusual.
#[derive(Clone, Debug, PartialEq)]
pub struct Anomaly {
    /// By which rule.
    pub rule: AnomalyRule,
    /// The entry that completes it.
    pub flow_id: FlowId,
    /// The SKU, where it is about one.
    pub sku_id: Option<SkuId>,
    /// Who did what completes it.
    pub actor: String,
    /// The order line, where it is about one.
    pub order_detail_id: Option<String>,
    /// What was measured, in the unit of the rule.
    pub measured: f64,
    /// What it would have had to hold to.
    pub bound: f64,
    /// The earliest instant of its entries.
    pub from: DateTime<Utc>,
    /// The latest instant of its entries.
    pub to: DateTime<Utc>,
    /// Its entries in the order of their ids; of many the last [`ANOMALY_FLOWS_MAX`].
    pub flow_ids: Vec<FlowId>,
    /// How many entries it has.
    pub flow_count: usize,
}

impl Anomaly {
    /// One that `entry` completes, with what was measured and what the bound is, made of `entries`
    /// (their ids and instants, in the order of their ids) and of it.
    fn of(
        rule: AnomalyRule,
        entry: &Flow,
        (measured, bound): (f64, f64),
        entries: &[(FlowId, DateTime<Utc>)],
    ) -> Self {
        let instants = entries.iter().map(|(_id, at)| *at);
        let (from, to) = instants.fold((entry.created_at, entry.created_at), |(from, to), at| {
            (from.min(at), to.max(at))
        });
        let named = entries.len().saturating_add(1).saturating_sub(ANOMALY_FLOWS_MAX);
        let flow_ids = entries.iter().skip(named).map(|(id, _at)| *id).chain([entry.id]).collect();
        Self {
            rule,
            flow_id: entry.id,
            sku_id: (!rule.concerns_actor()).then_some(entry.sku_id),
            actor: entry.actor.clone(),
            order_detail_id: None,
            measured,
            bound,
            from,
            to,
            flow_ids,
            flow_count: entries.len().saturating_add(1),
        }
    }
}

/// Whether `at` is less than `span` behind `since`, and not ahead of it.
fn follows(at: DateTime<Utc>, since: DateTime<Utc>, span: TimeDelta) -> bool {
    let behind = at.signed_duration_since(since);
    behind >= TimeDelta::zero() && behind < span
}

/// A count as what was measured.
fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::flow::sample;

    #[test]
    fn an_anomaly_names_its_last_entries_and_their_span() {
        let entry = Flow { id: FlowId(1_000), ..sample(SkuId(1), 1) };
        let at = |seconds| entry.created_at - TimeDelta::seconds(seconds);
        let entries: Vec<_> = (1..=60).map(|n| (FlowId(n), at(60 - n))).collect();
        let anomaly = Anomaly::of(AnomalyRule::Burst, &entry, (61.0, 60.0), &entries);
        assert_eq!(anomaly.flow_count, 61);
        assert_eq!(anomaly.flow_ids.len(), ANOMALY_FLOWS_MAX);
        assert_eq!(anomaly.flow_ids.first(), Some(&FlowId(12)));
        assert_eq!(anomaly.flow_ids.last(), Some(&entry.id));
        assert_eq!((anomaly.from, anomaly.to), (at(59), entry.created_at));
        assert_eq!(anomaly.sku_id, None);
    }

    #[test]
    fn rules_about_actors_have_to_be_shown_everything() {
        for rule in AnomalyRule::ALL.into_iter().filter(|rule| rule.concerns_actor()) {
            assert_eq!(rule.only_kind(), None, "{rule:?}");
        }
    }
}

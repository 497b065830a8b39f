//! The rules once more, over a whole history in memory: as slow and as plain as can be.

use chrono::{DateTime, TimeDelta, Timelike as _, Utc};
use stockflow::domain::{AnomalyRule, AnomalyRules, Flow, FlowKind};

/// A rule, the entry that completes what it finds, and the entries of that.
pub type Told = (i64, AnomalyRule, Vec<i64>);

/// What the rules find in a history, in the order in which it is told.
pub fn find(rules: &AnomalyRules, flows: &[Flow]) -> Vec<Told> {
    let mut told = Vec::new();
    for (place, flow) in flows.iter().enumerate() {
        let before = &flows[..place];
        let own: Vec<&Flow> = flows[..=place].iter().filter(|it| it.actor == flow.actor).collect();
        let own = if rules.passes_over(&flow.actor) { Vec::new() } else { own };
        let found = [
            duplicate(rules, before, flow),
            quick_refunds(rules, &own),
            burst(rules, &own),
            large(rules, flow),
            odd_hours(rules, &own),
            backwards(rules, before, flow),
        ];
        for (rule, ids) in AnomalyRule::ALL.into_iter().zip(found) {
            told.extend(ids.map(|ids| (flow.id.0, rule, ids)));
        }
    }
    told
}

fn duplicate(rules: &AnomalyRules, before: &[Flow], flow: &Flow) -> Option<Vec<i64>> {
    let rule = rules.duplicate_order_detail?;
    flow.order_detail_id.as_ref().filter(|_| flow.kind == FlowKind::Deduction)?;
    let earlier = before.iter().rev().find(|it| {
        let refunds = before.iter().filter(|refund| refund.deduction_id == Some(it.id));
        let refunded: i32 = refunds.map(|refund| -refund.quantity_trade).sum();
        let age = flow.created_at - it.created_at;
        it.kind == FlowKind::Deduction
            && it.sku_id == flow.sku_id
            && it.order_detail_id == flow.order_detail_id
            && it.idempotency_key != flow.idempotency_key
            && age >= TimeDelta::zero()
            && age < rule.within
            && refunded < it.quantity_trade
    })?;
    Some(vec![earlier.id.0, flow.id.0])
}

fn large(rules: &AnomalyRules, flow: &Flow) -> Option<Vec<i64>> {
    let rule = rules.large_adjustment?;
    let before = flow.leaved_after + flow.quantity_trade;
    let share = f64::from(flow.quantity_trade) / f64::from(before);
    let large = flow.kind == FlowKind::Adjustment
        && flow.quantity_trade >= rule.units_min
        && share > rule.share_max;
    large.then(|| vec![flow.id.0])
}

fn backwards(rules: &AnomalyRules, before: &[Flow], flow: &Flow) -> Option<Vec<i64>> {
    let rule = rules.clock_backwards?;
    let last = before.iter().rfind(|it| it.sku_id == flow.sku_id)?;
    let back = last.created_at - flow.created_at;
    (back > rule.tolerance).then(|| vec![last.id.0, flow.id.0])
}

fn burst(rules: &AnomalyRules, own: &[&Flow]) -> Option<Vec<i64>> {
    let rule = rules.burst?;
    crowd(own, rule.entries_max, rule.window)
}

fn quick_refunds(rules: &AnomalyRules, own: &[&Flow]) -> Option<Vec<i64>> {
    let rule = rules.quick_refunds?;
    let quick: Vec<&Flow> = own
        .iter()
        .copied()
        .filter(|refund| {
            let deduction = own.iter().find(|it| Some(it.id) == refund.deduction_id);
            deduction.is_some_and(|it| {
                let age = refund.created_at - it.created_at;
                age >= TimeDelta::zero() && age < rule.within
            })
        })
        .collect();
    let last = own.last()?;
    quick.last().filter(|it| it.id == last.id)?;
    crowd(&quick, rule.refunds_max, rule.window)
}

/// The last so many and one, if with the last of them it begins that they are within the window.
fn crowd(flows: &[&Flow], max: usize, window: TimeDelta) -> Option<Vec<i64>> {
    let exceeds = |end: usize| {
        end > max && {
            let span = flows[end - 1].created_at - flows[end - 1 - max].created_at;
            span >= TimeDelta::zero() && span < window
        }
    };
    let end = flows.len();
    let begins = exceeds(end) && (1..=max).all(|back| end < back || !exceeds(end - back));
    begins.then(|| flows[end - 1 - max..].iter().map(|flow| flow.id.0).collect())
}

fn odd_hours(rules: &AnomalyRules, own: &[&Flow]) -> Option<Vec<i64>> {
    let rule = rules.odd_hours?;
    let outing = TimeDelta::hours(12);
    let is_odd = |own: &[&Flow]| {
        let Some((flow, before)) = own.split_last() else { return false };
        let age = |it: &&&Flow| flow.created_at - it.created_at;
        let known = before.iter().filter(|it| age(it) >= outing && age(it) <= rule.span);
        let known: Vec<&&Flow> = known.collect();
        let days: std::collections::BTreeSet<i64> =
            known.iter().map(|it| (flow.created_at - it.created_at).num_days()).collect();
        let near = known.iter().filter(|it| {
            let apart = (second_of_day(it.created_at) - second_of_day(flow.created_at)).abs();
            apart.min(86_400 - apart) <= 7_200
        });
        #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "a few entries")]
        let share = near.count() as f64 / known.len() as f64;
        let is_old = before.first().is_some_and(|it| age(&it) >= TimeDelta::days(4));
        is_old && known.len() >= rule.entries_min && days.len() >= 5 && share <= rule.share_max
    };
    let (flow, before) = own.split_last()?;
    let goes_on = before
        .last()
        .is_some_and(|last| flow.created_at - last.created_at < outing && is_odd(before));
    (is_odd(own) && !goes_on).then(|| vec![flow.id.0])
}

fn second_of_day(at: DateTime<Utc>) -> i64 {
    i64::from(at.num_seconds_from_midnight())
}

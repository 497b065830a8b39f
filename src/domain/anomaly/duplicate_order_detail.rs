//! Rule `DUPLICATE_ORDER_DETAIL`: an order line was deducted again, under another key.
//!
//! A client that repeats a request under its key takes nothing twice. One that makes a new key for
//! each attempt does, and the books cannot tell that from two purchases but by the order line.

use chrono::TimeDelta;

use super::{Anomaly, AnomalyRule, follows};
use crate::domain::{Flow, FlowKind};

/// The bounds of rule `DUPLICATE_ORDER_DETAIL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DuplicateOrderDetail {
    /// For how long after a deduction another of the same order line is one too many.
    pub within: TimeDelta,
}

impl DuplicateOrderDetail {
    /// Judges an entry by the entries of its order line before it, the newest first. A deduction that
    /// was wholly given back by then was replaced, lines of one request belong together, and several
    /// SKUs may be sold as one order line.
    pub fn find(&self, before: &[Flow], entry: &Flow) -> Option<Anomaly> {
        if entry.kind != FlowKind::Deduction || entry.order_detail_id.is_none() {
            return None;
        }
        let key = |flow: &Flow| (flow.idempotency_scope.clone(), flow.idempotency_key.clone());
        let own = key(entry);
        let same = |flow: &&Flow| {
            flow.kind == FlowKind::Deduction
                && flow.sku_id == entry.sku_id
                && key(flow) != own
                && follows(entry.created_at, flow.created_at, self.within)
        };
        // The refunds of a deduction stand behind it, under the same order line.
        let left = |deduction: &Flow| {
            let refunds = before.iter().filter(|flow| flow.deduction_id == Some(deduction.id));
            refunds.fold(deduction.quantity_trade, |left, flow| {
                left.saturating_add(flow.quantity_trade)
            })
        };
        let earlier = before.iter().filter(same).find(|deduction| left(deduction) > 0)?;
        let entries = [(earlier.id, earlier.created_at)];
        let bounds = (f64::from(left(earlier)), 0.0);
        let anomaly = Anomaly::of(AnomalyRule::DuplicateOrderDetail, entry, bounds, &entries);
        Some(Anomaly { order_detail_id: entry.order_detail_id.clone(), ..anomaly })
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "of small numbers, in a test")]
mod tests {
    use super::*;
    use crate::domain::flow::sample;
    use crate::domain::{FlowId, SkuId};

    const RULE: DuplicateOrderDetail = DuplicateOrderDetail { within: TimeDelta::days(30) };

    fn deduction(id: i64, quantity: i32) -> Flow {
        let flow = sample(SkuId(1), id);
        Flow {
            id: FlowId(id),
            kind: FlowKind::Deduction,
            quantity_trade: quantity,
            order_detail_id: Some("line".to_owned()),
            created_at: flow.created_at + TimeDelta::seconds(id),
            ..flow
        }
    }

    fn refund(id: i64, of: i64, quantity: i32) -> Flow {
        let deduction_id = Some(FlowId(of));
        Flow { kind: FlowKind::Refund, deduction_id, ..deduction(id, -quantity) }
    }

    #[test]
    fn a_second_deduction_under_another_key_is_found() {
        let found = RULE.find(&[deduction(1, 3)], &deduction(2, 3)).unwrap();
        assert_eq!((found.measured, found.bound), (3.0, 0.0));
        assert_eq!(found.flow_ids, [FlowId(1), FlowId(2)]);
        assert_eq!(found.order_detail_id.as_deref(), Some("line"));
        // Part of it was given back.
        let partly = [refund(2, 1, 1), deduction(1, 3)];
        let found = RULE.find(&partly, &deduction(3, 3)).unwrap();
        assert_eq!((found.measured, found.bound), (2.0, 0.0));
        // The newest of several that still hold.
        let several = [refund(3, 2, 3), deduction(2, 3), deduction(1, 3)];
        assert_eq!(RULE.find(&several, &deduction(4, 3)).unwrap().flow_ids[0], FlowId(1));
    }

    #[test]
    fn what_is_no_repetition_is_not() {
        let last = deduction(9, 3);
        for (what, before) in [
            ("a replacement after a refund", vec![refund(2, 1, 3), deduction(1, 3)]),
            ("another SKU of the order line", vec![Flow { sku_id: SkuId(2), ..deduction(1, 3) }]),
            (
                "another line of the request",
                vec![Flow { idempotency_key: last.idempotency_key.clone(), ..deduction(1, 3) }],
            ),
            (
                "long ago",
                vec![Flow { created_at: last.created_at - TimeDelta::days(30), ..deduction(1, 3) }],
            ),
            ("nothing before", Vec::new()),
        ] {
            assert_eq!(RULE.find(&before, &last), None, "{what}");
        }
        assert_eq!(RULE.find(&[deduction(1, 3)], &refund(2, 1, 3)), None);
    }
}

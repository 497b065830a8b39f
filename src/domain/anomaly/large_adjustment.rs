//! Rule `LARGE_ADJUSTMENT`: an adjustment removed a large part of the amount.

use super::{Anomaly, AnomalyRule};
use crate::domain::{Flow, FlowKind};

/// The bounds of rule `LARGE_ADJUSTMENT`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LargeAdjustment {
    /// Units that it must remove at the least; 1 and more.
    pub units_min: i32,
    /// The part of the amount before that it may remove, 0 to 1.
    pub share_max: f64,
}

impl LargeAdjustment {
    /// Judges an entry by itself.
    pub fn find(&self, entry: &Flow) -> Option<Anomaly> {
        let removed = entry.quantity_trade;
        if entry.kind != FlowKind::Adjustment || removed < self.units_min {
            return None;
        }
        let share = f64::from(removed) / f64::from(entry.quantity_before());
        let bounds = (share, self.share_max);
        (share > self.share_max)
            .then(|| Anomaly::of(AnomalyRule::LargeAdjustment, entry, bounds, &[]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SkuId;
    use crate::domain::flow::sample;

    #[test]
    fn only_what_removes_more_than_the_share_and_enough_units() {
        let rule = LargeAdjustment { units_min: 10, share_max: 0.5 };
        for (before, after, found) in [
            (100, 49, true),
            (100, 50, false),
            (100, 200, false),
            (10, 0, true),
            (9, 0, false),
            (1_000_000, 999_990, false),
        ] {
            let entry =
                Flow { quantity_trade: before - after, leaved_after: after, ..sample(SkuId(1), 2) };
            assert_eq!(rule.find(&entry).is_some(), found, "{before} to {after}");
            let sale = Flow { kind: FlowKind::Deduction, ..entry };
            assert_eq!(rule.find(&sale), None);
        }
    }
}

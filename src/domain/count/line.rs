//! What one SKU's count comes to.

use chrono::{DateTime, Utc};

use crate::domain::{FlowId, SkuId};

/// The observation of a SKU that counts, as the ledger is given it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountLine {
    /// The SKU.
    pub sku_id: SkuId,
    /// Units on the shelf, 0 to 1,000,000.
    pub quantity: i32,
    /// The sequence of the entry that was the newest when the shelf was counted.
    pub version: i64,
    /// Units that this entry had left.
    pub leaved_after: i32,
}

impl CountLine {
    /// Units that the shelf should have had, by the books as they are: those that the entry had left,
    /// and those that adjustments behind it brought in, `adjusted` of them, for these set right what
    /// was wrong before.
    pub fn expected(&self, adjusted: i64) -> i64 {
        i64::from(self.leaved_after).saturating_add(adjusted)
    }

    /// Units more than expected; negative when some are missing. So many are to be put on the books.
    pub fn variance(&self, adjusted: i64) -> i64 {
        i64::from(self.quantity).saturating_sub(self.expected(adjusted))
    }
}

/// What a SKU's count comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// What was seen.
    pub line: CountLine,
    /// When the shelf was counted.
    pub counted_at: DateTime<Utc>,
    /// Units that the shelf should have had.
    pub expected: i64,
    /// Units that the SKU has once the variance is on the books; below 0 if more went out since the
    /// shelf was counted than it had, so that the two cannot both be true.
    pub leaves: i64,
    /// The entry that put the variance on the books; `None` before that.
    pub flow_id: Option<FlowId>,
}

impl Counted {
    /// What it comes to before it is completed: `adjusted` is what adjustments brought in since, and
    /// `leaved_amount` what is left now.
    pub fn open(
        line: CountLine,
        counted_at: DateTime<Utc>,
        adjusted: i64,
        leaved_amount: i32,
    ) -> Self {
        let leaves = i64::from(leaved_amount).saturating_add(line.variance(adjusted));
        Self { line, counted_at, expected: line.expected(adjusted), leaves, flow_id: None }
    }

    /// What it came to, by the entry that put it on the books.
    pub fn completed(
        line: CountLine,
        counted_at: DateTime<Utc>,
        (flow_id, quantity_trade, leaved_after): (FlowId, i32, i32),
    ) -> Self {
        // The variance is minus what the entry traded.
        let expected = i64::from(line.quantity).saturating_add(i64::from(quantity_trade));
        let leaves = i64::from(leaved_after);
        Self { line, counted_at, expected, leaves, flow_id: Some(flow_id) }
    }

    /// Units more than expected; negative when some are missing.
    pub fn variance(&self) -> i64 {
        i64::from(self.line.quantity).saturating_sub(self.expected)
    }

    /// Units that came in since the shelf was counted, less those that went out.
    pub fn moved(&self) -> i64 {
        self.leaves.saturating_sub(i64::from(self.line.quantity))
    }
}

/// A SKU of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountResult {
    /// The SKU.
    pub sku_id: SkuId,
    /// Its version now.
    pub version: i64,
    /// How often it was counted.
    pub observation_count: i64,
    /// What that comes to; `None` if it was not counted.
    pub counted: Option<Counted>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(quantity: i32, leaved_after: i32) -> CountLine {
        CountLine { sku_id: SkuId(1), quantity, version: 5, leaved_after }
    }

    #[test]
    fn what_is_sold_behind_the_count_is_no_variance() {
        let at = DateTime::from_timestamp(1_764_000_000, 0).unwrap();
        // Ten were expected, eight were there, and three were sold since.
        let counted = Counted::open(line(8, 10), at, 0, 7);
        assert_eq!((counted.expected, counted.variance()), (10, -2));
        assert_eq!((counted.moved(), counted.leaves), (-3, 5));
        // Somebody else has found the same two missing, and put that on the books.
        let counted = Counted::open(line(8, 10), at, -2, 5);
        assert_eq!((counted.expected, counted.variance()), (8, 0));
        assert_eq!((counted.moved(), counted.leaves), (-3, 5));
        // Nine were sold of eight.
        assert_eq!(Counted::open(line(8, 10), at, 0, 1).leaves, -1);
    }

    #[test]
    fn what_was_written_is_told_as_it_was_reviewed() {
        let at = DateTime::from_timestamp(1_764_000_000, 0).unwrap();
        let reviewed = Counted::open(line(8, 10), at, 0, 7);
        let written = Counted::completed(line(8, 10), at, (FlowId(9), 2, 5));
        assert_eq!(Counted { flow_id: None, ..written }, reviewed);
    }
}

//! Decides the completion of a stocktake.

use std::collections::HashMap;

use super::{Draft, Movement};
use crate::domain::{
    Argument, CountId, CountLine, CountStatus, CountViolation, Field, FlowKind, SkuId, Violation,
};

impl Draft<'_> {
    /// Adjusts what was found, all of it or nothing.
    ///
    /// What was sold or came in behind the entry up to which a shelf was counted stays as it is: the
    /// amount changes by the variance. What other adjustments set right meanwhile is left out of that.
    pub(super) fn count(&mut self, count_id: CountId, revision: i64, lines: &[CountLine]) {
        if let Err(violation) = self.may_close(count_id, revision) {
            return self.refuse(Field::of(Argument::CountId), violation.into());
        }
        let adjusted = self.adjusted_in_batch();
        for (place, line) in lines.iter().enumerate() {
            let sku_id = line.sku_id;
            let Some(stock) = self.stock(sku_id) else {
                let field = Field::of_line(Some(place), Argument::SkuId);
                self.refuse(field, Violation::SkuNotFound { sku_id });
                continue;
            };
            let read = self.batch.books.adjusted.get(&(sku_id, line.version)).copied();
            let here = adjusted.get(&sku_id).copied();
            let since = read.unwrap_or_default().saturating_add(here.unwrap_or_default());
            let variance = line.variance(since);
            let left = i64::from(stock.leaved_amount).saturating_add(variance);
            let (Ok(left), Ok(trade)) =
                (i32::try_from(left), i32::try_from(variance.saturating_neg()))
            else {
                self.refuse_overflow(place, line, stock.leaved_amount);
                continue;
            };
            if left < 0 {
                let field = Field::of_line(Some(place), Argument::Quantity);
                let available = stock.leaved_amount;
                let stale = CountViolation::Stale { sku_id, missing: trade, available };
                self.refuse(field, stale.into());
                continue;
            }
            self.enter(stock, left, Movement::of(FlowKind::Adjustment, trade));
        }
    }

    fn may_close(&self, count_id: CountId, revision: i64) -> Result<(), CountViolation> {
        let state = self.batch.books.counts.get(&count_id);
        let state = state
            .filter(|state| self.command.visibility.shows(state.merchant_id))
            .ok_or(CountViolation::NotFound(count_id))?;
        if state.status != CountStatus::Open {
            return Err(CountViolation::NotOpen { count_id, status: state.status });
        }
        if state.revision != revision {
            return Err(CountViolation::Changed { count_id, revision: state.revision });
        }
        Ok(())
    }

    /// Units that the batch's own adjustments so far bring in. All of them lie behind what was read,
    /// and so behind what was counted.
    fn adjusted_in_batch(&self) -> HashMap<SkuId, i64> {
        let mut adjusted: HashMap<SkuId, i64> = HashMap::new();
        let entries = self.batch.plan.entries.iter().map(|entry| &entry.flow);
        for flow in entries.filter(|flow| flow.kind == FlowKind::Adjustment) {
            let units = adjusted.entry(flow.sku_id).or_default();
            *units = units.saturating_sub(i64::from(flow.quantity_trade));
        }
        adjusted
    }

    fn refuse_overflow(&mut self, place: usize, line: &CountLine, leaved_amount: i32) {
        let CountLine { sku_id, quantity, .. } = *line;
        let violation = Violation::QuantityOverflow { sku_id, quantity, leaved_amount };
        self.refuse(Field::of_line(Some(place), Argument::Quantity), violation);
    }
}

#[cfg(test)]
#[path = "decide_count_tests.rs"]
mod tests;

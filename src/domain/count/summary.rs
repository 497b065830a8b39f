//! What a count comes to over all its SKUs.

use super::CountResult;

/// What a count comes to over all its SKUs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountSummary {
    /// SKUs to be counted.
    pub sku_count: i64,
    /// Of these, those that were.
    pub counted_count: i64,
    /// Of these, those of which more or fewer units were found than expected.
    pub variance_count: i64,
    /// Units found that were not expected, over all SKUs.
    pub units_over: i64,
    /// Units expected that were not found, over all SKUs.
    pub units_short: i64,
    /// SKUs that must be counted again, for more went out since than there was.
    pub stale_count: i64,
}

impl CountSummary {
    /// The sums over all SKUs of a count.
    pub fn of(results: &[CountResult]) -> Self {
        let mut summary = Self::default();
        for result in results {
            summary.add(result);
        }
        summary
    }

    fn add(&mut self, result: &CountResult) {
        let count = |number: &mut i64, whether: bool| {
            *number = number.saturating_add(i64::from(whether));
        };
        count(&mut self.sku_count, true);
        let Some(counted) = &result.counted else { return };
        let variance = counted.variance();
        count(&mut self.counted_count, true);
        count(&mut self.variance_count, variance != 0);
        count(&mut self.stale_count, counted.leaves < 0);
        self.units_over = self.units_over.saturating_add(variance.max(0));
        self.units_short = self.units_short.saturating_add(variance.saturating_neg().max(0));
    }

    /// SKUs that nobody has counted.
    pub fn missing_count(&self) -> i64 {
        self.sku_count.saturating_sub(self.counted_count)
    }

    /// Units found that were not expected, and those that were missing, together.
    pub fn variance_units(&self) -> i64 {
        self.units_over.saturating_add(self.units_short)
    }
}

//! What is counted of the refusals that are kept.

use prometheus_client::metrics::counter::Counter;

use crate::telemetry::Metrics;

/// The numbers of refusals. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct RefusalMetrics {
    rows_written: Counter,
    write_failures: Counter,
    left_out: Counter,
    rows_deleted: Counter,
}

impl RefusalMetrics {
    /// Nothing counted yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers the numbers under `stockflow_refusals_…`.
    pub fn register(&self, metrics: &mut Metrics) {
        let room = metrics.room("refusals");
        room.register(
            "rows_written",
            "Sums of a SKU's refusals in a minute that were written, each as often as it was",
            self.rows_written.clone(),
        );
        room.register(
            "write_failures",
            "Attempts to write sums of refusals, or to delete old ones, that failed",
            self.write_failures.clone(),
        );
        room.register(
            "left_out",
            "Lines refused for want of stock that were not counted, because too many sums waited",
            self.left_out.clone(),
        );
        room.register(
            "rows_deleted",
            "Sums of refusals that were deleted because they were too old",
            self.rows_deleted.clone(),
        );
    }

    pub(super) fn written(&self, rows: usize) {
        self.rows_written.inc_by(u64::try_from(rows).unwrap_or(u64::MAX));
    }

    pub(super) fn failed(&self) {
        self.write_failures.inc();
    }

    pub(super) fn left_out(&self) {
        self.left_out.inc();
    }

    pub(super) fn deleted(&self, rows: u64) {
        self.rows_deleted.inc_by(rows);
    }
}

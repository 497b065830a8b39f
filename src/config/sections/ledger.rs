//! Section `ledger`: bounds of the writer.

use std::time::Duration;

use crate::config::reader::Reader;

/// Bounds of the writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerSection {
    /// Commands of one transaction.
    pub batch_max: usize,
    /// Transactions under way at once.
    pub lanes: usize,
    /// Commands that may wait.
    pub queue_max: usize,
    /// How long one may wait before it is begun.
    pub deadline: Duration,
    /// How old a copy may be by which one is refused early; zero for none to be.
    pub early_refusal_age_max: Duration,
}

impl LedgerSection {
    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let batch_max = reader.number("ledger.batch_max", 1..=2_500);
        let lanes = reader.number("ledger.lanes", 1..=64);
        let queue_max = reader.number("ledger.queue_max", 1..=1_000_000);
        let deadline = reader.duration("ledger.deadline_ms", 1..=600_000);
        let early_refusal_age_max = reader.duration("ledger.early_refusal_age_ms_max", 0..=10_000);
        Some(Self {
            batch_max: batch_max?,
            lanes: lanes?,
            queue_max: queue_max?,
            deadline: deadline?,
            early_refusal_age_max: early_refusal_age_max?,
        })
    }
}

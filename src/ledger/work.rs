//! What every lane works with.

use super::metrics::BatchMetrics;
use crate::cache::StockCache;
use crate::db::Database;
use crate::domain::Clock;

/// What the lanes need for their work.
#[derive(Clone, Debug)]
pub(super) struct Work {
    pub(super) database: Database,
    pub(super) cache: StockCache,
    pub(super) clock: Clock,
    pub(super) metrics: BatchMetrics,
}

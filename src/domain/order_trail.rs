//! What became of an order line: what was taken for it, and what came back.

use chrono::{DateTime, Utc};

use super::SkuId;

/// SKUs of one order line that are told one by one. Most order lines have one.
pub const TRAIL_SKUS_MAX: u32 = 100;

/// Order lines of one question.
pub const TRAILS_MAX: usize = 50;

/// What was taken for an order line, and what came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrailSums {
    /// Deductions.
    pub deductions: i64,
    /// Refunds of them.
    pub refunds: i64,
    /// Units taken.
    pub deducted: i64,
    /// Units that came back.
    pub refunded: i64,
    /// When the first of these entries was written.
    pub first_at: DateTime<Utc>,
    /// When the last was.
    pub last_at: DateTime<Utc>,
}

impl TrailSums {
    /// Units that may still be given back.
    pub fn refundable(&self) -> i64 {
        self.deducted.saturating_sub(self.refunded).max(0)
    }
}

/// An order line's entries, added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderTrail {
    /// The order line.
    pub order_detail_id: String,
    /// Over all its SKUs.
    pub sums: TrailSums,
    /// How many SKUs it has.
    pub sku_count: i64,
    /// For each SKU, in the order of their ids; the first [`TRAIL_SKUS_MAX`] of them.
    pub skus: Vec<(SkuId, TrailSums)>,
}
